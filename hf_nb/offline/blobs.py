"""File contents on disk, named by what they hold: git's sha1 for regular files, sha256 for LFS.

A content is whole on disk before any table speaks of it: written beside, flushed, then renamed into place. Nothing is
ever changed in place, so a copy of a Hub (see `overlay` in store.py) can read its original's contents and only write
its own.
"""

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from hf_nb.offline.lfs import pointer
from hf_nb.offline.room import Room

Content = Path | bytes
Kind = Literal["sha1", "sha256"]
CHUNK = 1 << 20
ASIDE = "aside"  # damaged contents, out of the way


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
        self.room = Room()
        self._gathered = threading.local()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Many contents for the price of few: they are in place when the block ends, waiting for the disk once."""
        pending: dict[Path, Path] = {}
        self._gathered.pending = pending
        try:
            yield
            _place_all(pending)
        finally:
            self._gathered.pending = None
            for path in pending.values():
                path.unlink(missing_ok=True)

    def put(self, content: Content, *, lfs: bool) -> Blob:
        """Keep a content; the same one twice is kept once."""
        if isinstance(content, bytes):
            return self._put_lfs(content) if lfs else self.put_regular(content)
        return self._put_lfs(content) if lfs else self.put_regular(content.read_bytes())

    def put_regular(self, content: bytes) -> Blob:
        """A file git itself keeps."""
        oid = git_oid("blob", content)
        if not self.keeps("sha1", oid):
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

    def keeps(self, kind: Kind, oid: str) -> bool:
        """Whether a content is here already; if so it counts as new, and is not cleared away before it is used."""
        path = self.path(kind, oid)
        if not path.exists():
            return False
        if path.is_relative_to(self.folder):
            try:
                # what is lent by others (a link) is not ours to touch
                os.utime(path, follow_symlinks=os.utime not in os.supports_follow_symlinks)
            except FileNotFoundError:  # cleared away this very moment
                return False
            except OSError:  # nothing may be written here, so nothing is cleared either
                return True
        return True

    def holds(self, blob: Blob) -> bool:
        """Whether a blob can be read: the content, and what git keeps of it."""
        return self.path("sha1", blob.oid).exists() and self.path_of(blob).exists()

    def read(self, blob: Blob) -> bytes:
        """The whole content."""
        return self.path_of(blob).read_bytes()

    def adopt(self, path: Path, sha256: str) -> None:
        """Take over a finished file of `incoming` whose digest has been checked."""
        if self.keeps("sha256", sha256):
            path.unlink()
            return
        _place_all({self.path("sha256", sha256): path})

    def borrow(self, kind: Kind, oid: str, path: Path) -> None:
        """Read a content where it lies, outside of this folder; it is trusted to be what its name says."""
        target = self.folder / kind / oid[:2] / oid
        if not self.path(kind, oid).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            target.symlink_to(path)

    def large(self, sha256: str, length: int) -> Blob:
        """The blob of a large content that is here already: what git keeps is a pointer."""
        text = pointer(sha256, length)
        return Blob(self.put_regular(text).oid, len(text), sha256, length)

    def _put_lfs(self, content: Content) -> Blob:
        digest, length = _sha256(content)
        if not self.keeps("sha256", digest):
            if isinstance(content, bytes):
                self._write("sha256", digest, [content])
            else:
                with content.open("rb") as source:
                    self._write("sha256", digest, _chunks(source))
        return self.large(digest, length)

    def _write(self, kind: Kind, oid: str, parts: object) -> None:
        target = self.folder / kind / oid[:2] / oid
        pending: dict[Path, Path] | None = getattr(self._gathered, "pending", None)
        if pending is not None and target in pending:
            return
        handle, name = tempfile.mkstemp(dir=self.incoming)
        try:
            with os.fdopen(handle, "wb") as out:
                for part in parts:  # type: ignore[attr-defined]
                    self.room.take(len(part))
                    out.write(part)
            if pending is None:
                _place_all({target: Path(name)})
            else:
                pending[target] = Path(name)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _place_all(paths: Mapping[Path, Path]) -> None:
    """Rename whole files to their targets, and see to it that contents and names are on disk.

    All contents first, then all names: the disk writes what is pending at the first and has little left to do after.
    """
    for path in paths.values():
        _flush(path)
    folders = {target.parent for target in paths}
    for folder in folders:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folders = folders | {folder.parent, folder.parent.parent}
    for target, path in paths.items():
        path.replace(target)
    for folder in folders:
        _flush(folder)


def _flush(path: Path) -> None:
    if os.name == "posix" or path.is_file():
        opened = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


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
