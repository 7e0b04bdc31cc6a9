"""File contents on disk, named by what they hold: git's sha1 for regular files, sha256 for LFS.

A content is whole on disk before any table speaks of it: written beside, flushed, then renamed into place. Nothing is
ever changed in place, so a copy of a Hub (see `overlay` in store.py) can read its original's contents and only write
its own.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from hf_nb.offline.lfs import pointer

Content = Path | bytes
Kind = Literal["sha1", "sha256"]
CHUNK = 1 << 20


class Blob(NamedTuple):
    """One file's content as git sees it; LFS contents have git's blob hold a pointer."""

    oid: str
    size: int
    sha256: str | None = None
    bytes: int | None = None

    @property
    def length(self) -> int:
        """Bytes a download receives."""
        return self.size if self.bytes is None else self.bytes


class Blobs:
    """Contents under `folder`; those of `base` are seen too, and never written."""

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        self.folder = folder
        self.base = base
        self.incoming = folder / "incoming"  # what is on its way, on the same disk
        self.incoming.mkdir(parents=True, exist_ok=True)

    def put(self, content: Content, *, lfs: bool) -> Blob:
        """Keep a content; the same one twice is kept once."""
        if isinstance(content, bytes):
            return self._put_lfs(content) if lfs else self.put_regular(content)
        return self._put_lfs(content) if lfs else self.put_regular(content.read_bytes())

    def put_regular(self, content: bytes) -> Blob:
        """A file git itself keeps."""
        oid = git_oid("blob", content)
        if not self.path("sha1", oid).exists():
            self._write("sha1", oid, [content])
        return Blob(oid, len(content))

    def path_of(self, blob: Blob) -> Path:
        """Where a content can be read."""
        return self.path("sha256", blob.sha256) if blob.sha256 else self.path("sha1", blob.oid)

    def path(self, kind: Kind, oid: str) -> Path:
        """Where a content is, or would be written."""
        inside = Path(kind) / oid[:2] / oid
        own = self.folder / inside
        if self.base is not None and not own.exists() and (self.base / inside).exists():
            return self.base / inside
        return own

    def read(self, blob: Blob) -> bytes:
        """The whole content."""
        return self.path_of(blob).read_bytes()

    def adopt(self, path: Path, sha256: str) -> None:
        """Take over a finished file of `incoming` whose digest has been checked."""
        target = self.path("sha256", sha256)
        if target.exists():
            path.unlink()
            return
        with path.open("rb") as written:
            os.fsync(written.fileno())
        _place(path, target)

    def large(self, sha256: str, length: int) -> Blob:
        """The blob of a large content that is here already: what git keeps is a pointer."""
        text = pointer(sha256, length)
        return Blob(self.put_regular(text).oid, len(text), sha256, length)

    def _put_lfs(self, content: Content) -> Blob:
        digest, length = _sha256(content)
        if not self.path("sha256", digest).exists():
            if isinstance(content, bytes):
                self._write("sha256", digest, [content])
            else:
                with content.open("rb") as source:
                    self._write("sha256", digest, _chunks(source))
        return self.large(digest, length)

    def _write(self, kind: Kind, oid: str, parts: object) -> None:
        handle, name = tempfile.mkstemp(dir=self.incoming)
        try:
            with os.fdopen(handle, "wb") as out:
                for part in parts:  # type: ignore[attr-defined]
                    out.write(part)
                out.flush()
                os.fsync(out.fileno())
            _place(Path(name), self.folder / kind / oid[:2] / oid)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _place(path: Path, target: Path) -> None:
    """Rename into place, and see to it that the name is on disk too."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def git_oid(kind: str, content: bytes) -> str:
    """The name git gives an object."""
    return hashlib.sha1(
        b"%s %d\0" % (kind.encode(), len(content)) + content, usedforsecurity=False
    ).hexdigest()


def _sha256(content: Content) -> tuple[str, int]:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest(), len(content)
    with content.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        return digest, source.tell()


def _chunks(source: BinaryIO) -> object:
    return iter(lambda: source.read(CHUNK), b"")
