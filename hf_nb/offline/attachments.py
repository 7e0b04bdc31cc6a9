"""Pictures, films and sounds that people drag into a discussion."""

import secrets
import sqlite3
from datetime import datetime

from hf_nb.errors import BadInput, TooLarge
from hf_nb.offline.blobs import Blobs
from hf_nb.offline.repos import stamp

# kind -> (ending, largest, what its bytes begin with and where)
KINDS: dict[str, tuple[str, int, tuple[tuple[int, bytes], ...]]] = {
    "image/png": ("png", 10 << 20, ((0, b"\x89PNG\r\n\x1a\n"),)),
    "image/jpeg": ("jpg", 10 << 20, ((0, b"\xff\xd8\xff"),)),
    "image/gif": ("gif", 10 << 20, ((0, b"GIF8"),)),
    "image/webp": ("webp", 10 << 20, ((8, b"WEBP"),)),
    "audio/mpeg": ("mp3", 10 << 20, ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2"))),
    "audio/wav": ("wav", 10 << 20, ((8, b"WAVE"),)),
    "video/mp4": ("mp4", 50 << 20, ((4, b"ftyp"),)),
    "video/quicktime": ("mov", 50 << 20, ((4, b"ftyp"), (4, b"moov"), (4, b"mdat"), (4, b"wide"))),
    "video/webm": ("webm", 50 << 20, ((0, b"\x1aE\xdf\xa3"),)),
}


def largest(kind: str) -> int:
    """Bytes an attachment of a kind may have."""
    if kind not in KINDS:
        raise BadInput(f"{kind or 'This'} cannot be attached.", f"Kinds: {', '.join(KINDS)}")
    return KINDS[kind][1]


def keep(
    sql: sqlite3.Connection, blobs: Blobs, content: bytes, kind: str, author: str, date: datetime
) -> str:
    """Keep one; the name it can be asked for by, which nobody can guess."""
    if len(content) > largest(kind):
        raise TooLarge(f"An attachment of this kind has at most {largest(kind) >> 20} MB.")
    ending, _, starts = KINDS[kind]
    if not any(content[at : at + len(start)] == start for at, start in starts):
        raise BadInput(f"These bytes are no {kind}.")
    blob = blobs.put(content, lfs=True)
    name = f"{secrets.token_urlsafe(16)}.{ending}"
    sql.execute(
        "INSERT INTO attachments VALUES (?, ?, ?, ?, ?, ?)",
        (name, blob.sha256, kind, len(content), author, stamp(date)),
    )
    return name


def find(sql: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    """What is known of one."""
    row: sqlite3.Row | None = sql.execute("SELECT * FROM attachments WHERE name = ?", (name,)).fetchone()
    return row
