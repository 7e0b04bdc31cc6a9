"""The files themselves: from the Hub where they are small, by redirect to the other origin where they are large."""

import hashlib
import hmac
import mimetypes
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, unquote

from hf_nb.offline import history, trees
from hf_nb.offline.blobs import Blob
from hf_nb.offline.server import bodies, refusals
from hf_nb.offline.server.answers import Answer, as_text
from hf_nb.offline.server.ask import FOLDERS, Ask, Site

LINK_LIFE = 3600
# A file of a stranger must never act as a page of this origin.
HARMLESS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
}


def resolve(ask: Ask) -> Answer:
    """`GET|HEAD /[datasets/|spaces/]{id}/resolve/{rev}/{path}`."""
    commit, path, blob = _named(ask)
    headers = _headers(path) | {"x-repo-commit": commit.oid}
    if blob.sha256 is None:
        return bodies.file(
            ask.site.store.blobs.path_of(blob), blob.length, {**headers, "etag": f'"{blob.oid}"'}, ask.headers
        )
    if (
        ask.database.one("SELECT 1 FROM uploads WHERE rid = ? AND sha256 = ?", ask.repo["rid"], blob.sha256)
        is None
    ):  # taken out for good, its pointer left
        raise refusals.entry_not_found(path, commit.oid)
    location = signed_link(
        ask.site, f"/{FOLDERS[ask.type]}{ask.repo['id']}/resolve/{commit.oid}/{quote(path)}", blob.sha256
    )
    moved = {
        "location": location,
        "x-linked-etag": f'"{blob.sha256}"',
        "x-linked-size": str(blob.bytes),
        "x-repo-commit": commit.oid,
    }
    return as_text(
        f"Found. Redirecting to {location}",
        status=302,
        headers={**moved, "accept-ranges": "bytes", "etag": f'"{blob.oid}"'},
    )


def raw(ask: Ask) -> Answer:
    """`GET /{id}/raw/{rev}/{path}`: what git keeps, which for LFS is the pointer."""
    commit, path, blob = _named(ask)
    headers = _headers(path) | {
        "x-repo-commit": commit.oid,
        "etag": f'"{blob.oid}"',
        "content-type": "text/plain; charset=utf-8",
    }
    return bodies.file(ask.site.store.blobs.path("sha1", blob.oid), blob.size, headers, ask.headers)


def signed_link(site: Site, path: str, sha256: str, *, now: float | None = None) -> str:
    """An address on the other origin that needs no token for an hour."""
    until = str(int((now or site.clock.time()) + LINK_LIFE))
    return (
        f"{site.cdn_url}{path}?Expires={until}&Oid={sha256}&Signature={_signature(site, path, sha256, until)}"
    )


def signed(site: Site, path: str, fields: Mapping[str, str]) -> bool:
    """Whether an address on the other origin is one of ours whose time is not over."""
    sha256, until = fields.get("Oid", ""), fields.get("Expires", "")
    right = _signature(site, path, sha256, until)
    return (
        hmac.compare_digest(right.encode(), fields.get("Signature", "").encode())
        and until.isdecimal()
        and int(until) >= site.clock.time()
    )


def from_other_origin(
    site: Site, method: str, path: str, query_string: str, headers: dict[str, str]
) -> Answer:
    """`GET|HEAD` on the second port: whoever holds a signed link gets the file."""
    if method not in ("GET", "HEAD"):
        raise refusals.Refusal(405, "Method Not Allowed", headers={"allow": "GET, HEAD"})
    fields = {name: values[-1] for name, values in parse_qs(query_string, max_num_fields=50).items()}
    if not signed(site, path, fields):
        raise refusals.not_allowed("Access denied: the link is not signed, or its time is over")
    sha256 = fields["Oid"]
    file = site.store.blobs.path("sha256", sha256)
    if not file.is_file():
        raise refusals.not_found("No such object")
    name = unquote(path.rpartition("/")[2])
    return bodies.file(file, file.stat().st_size, {**_headers(name), "etag": f'"{sha256}"'}, headers)


def _named(ask: Ask) -> tuple[history.Commit, str, Blob]:
    row = ask.readable()
    commit = ask.commit(row)
    path = ask.names["path"]
    entry = trees.find(ask.sql, commit.tree, path) if path and not path.endswith("/") else None
    if entry is None or entry.folder:
        raise refusals.entry_not_found(path, commit.oid)
    return commit, path, history.blob(ask.sql, entry.oid)


def _headers(path: str) -> dict[str, str]:
    name = path.rpartition("/")[2]
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_"
        for letter in name
    )
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind in ("application/json", "application/javascript", "application/xml"):
        kind = (
            "application/json; charset=utf-8" if kind == "application/json" else "text/plain; charset=utf-8"
        )
    return {
        "content-type": kind,
        "content-disposition": f"inline; filename*=UTF-8''{quote(name)}; filename=\"{plain}\";",
        **HARMLESS,
    }


def _signature(site: Site, path: str, sha256: str, until: str) -> str:
    return hmac.new(site.secret, f"{path}\n{sha256}\n{until}".encode(), hashlib.sha256).hexdigest()
