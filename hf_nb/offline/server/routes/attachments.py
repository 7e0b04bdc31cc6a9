"""Pictures, films and sounds for discussions: sent here, and shown from here."""

from hf_nb.offline import attachments
from hf_nb.offline.server import bodies
from hf_nb.offline.server.answers import Answer, as_text
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.refusals import Refusal, not_found
from hf_nb.offline.server.routes.files import HARMLESS


def send(ask: Ask) -> Answer:
    """`POST /uploads`: raw bytes; the address they can be seen at."""
    name = ask.participant()
    kind = ask.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in attachments.KINDS:
        raise Refusal(415, f"Supported kinds: {', '.join(attachments.KINDS)}", "UnsupportedMediaType")
    most = attachments.largest(kind)
    content = ask.file.read(most + 1) if ask.file else ask.body
    if len(content) > most:
        raise Refusal(413, f"A file of this kind has at most {most >> 20} MB", "PayloadTooLarge")
    with ask.database.writing() as sql:
        kept = attachments.keep(sql, ask.site.store.blobs, content, kind, name, ask.now())
    return as_text(f"{ask.site.url}/uploads/{kept}")


def show(ask: Ask) -> Answer:
    """`GET /uploads/{file}`: whoever knows its name sees it; it never acts as a page of this origin."""
    row = attachments.find(ask.sql, ask.names["file"])
    if row is None:
        raise not_found()
    headers = {
        "content-type": row["kind"],
        "content-disposition": f'inline; filename="{row["name"]}"',
        "etag": f'"{row["sha256"]}"',
        "cache-control": "public, max-age=31536000, immutable",
        **HARMLESS,
    }
    return bodies.file(ask.site.store.blobs.path("sha256", row["sha256"]), row["bytes"], headers, ask.headers)
