"""Xorbs on disk, and files put together from them.

A xorb is kept under its hash once it is shown to be what its name says. A shard is not kept at all: its files are put
together at once, their sha256 worked out, and they become ordinary LFS contents; all of them or none.
"""

import contextlib
import hashlib
import mmap
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from hf_nb.errors import BadInput, TooLarge
from hf_nb.offline.arriving import Arriving
from hf_nb.offline.blobs import Blobs
from hf_nb.offline.xet import hashes, xorb
from hf_nb.offline.xet.shard import File, Shard, Term

LARGEST = 50 * 10**9  # the Hub's own limit for one file
SPARE = 256 << 20  # bytes of disk left to others
_BUFFER = 128 << 10
_AGAIN = "Upload again: all of it will be sent."


class Kept(NamedTuple):
    """A file that is a content of the Hub now."""

    sha256: str
    size: int


class Long(TooLarge):
    """More than can be put together while somebody waits without a word."""


class Cas:
    """The xorbs under `folder`; what is put together from them goes into `blobs`."""

    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self.folder = folder
        self.blobs = blobs
        self.incoming = folder / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        for left in self.incoming.iterdir():
            left.unlink()
        self._id = ""
        self._naming = threading.Lock()

    @property
    def id(self) -> str:
        """This storage's own name: part of its address, by which clients remember what they sent where.

        Another Hub on the same port must not be taken for this one, nor this one for what it was before a loss.
        """
        with self._naming:
            file = self.folder / "id"
            if not self._id:
                self._id = file.read_text(encoding="ascii") if file.exists() else self._renamed()
            return self._id

    def path(self, name: str) -> Path:
        """Where a xorb is, or would be kept."""
        return self.folder / "xorbs" / name[:2] / name

    def arriving(self) -> Arriving:
        """Where a body may come to, on the same disk."""
        return Arriving(self.incoming, self.blobs.room)

    def keep(self, arrived: Path, name: str) -> bool:
        """Take over the body of a xorb; False when it is here already."""
        target = self.path(name)
        if target.exists():
            os.utime(target)
            return False
        with arrived.open("r+b") as body:
            found = xorb.check(body)
            if found.name != name:
                raise BadInput(f"The xorb sent as {name} is {found.name}.")
            body.truncate(found.end)
            os.fsync(body.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        arrived.replace(target)
        return True

    def accept(self, arrived: Path, most: int | None = None) -> list[Kept]:
        """Put together every file of a shard; all of them are contents of the Hub then, or none is.

        `Long` when they are of more than `most` bytes.
        """
        kept: list[tuple[Kept, Arriving | None]] = []
        with _mapped(arrived) as content, contextlib.ExitStack() as made:
            shard = Shard(content)
            self._check_room(shard, most)
            for file in shard.files():
                # one that is here already is put together all the same: who uploads it must show that they have it
                here = self.blobs.path("sha256", file.sha256).exists()
                out = None if here else made.enter_context(Arriving(self.blobs.incoming, self.blobs.room))
                kept.append((self._make(shard, file, out), out))
            for one, out in kept:
                if out:
                    self.blobs.adopt(out.path, one.sha256)
        return [one for one, _ in kept]

    def clear(self, since: float, *, dry_run: bool = False) -> int:
        """Forget the xorbs nobody sent since then; the bytes that are free now, or would be.

        No file needs them: they only spare clients from sending again what they sent before.
        """
        old = [path for path in self.folder.glob("xorbs/*/*") if path.stat().st_mtime < since]
        freed = sum(path.stat().st_size for path in old)
        if old and not dry_run:
            self._rename()
            for path in old:
                path.unlink()
        return freed

    def _check_room(self, shard: Shard, most: int | None) -> None:
        """Before anything is written: a few records can stand for a very long file."""
        total = 0
        for file in shard.files():
            size = 0
            for term in shard.terms(file):
                if not self.path(term.xorb).exists():
                    self._rename()
                    raise BadInput(f"The xorb {term.xorb} is not here (any more). {_AGAIN}")
                size += term.length
            if size > LARGEST:
                raise TooLarge(f"A file of {size} bytes is too large: {LARGEST} are the most.")
            total += size
        if most is not None and total > most:
            raise Long(f"These {total} bytes take longer than a caller waits.")
        if total > shutil.disk_usage(self.blobs.incoming).free - SPARE:
            raise TooLarge(f"There is no room for {total} bytes on this disk.")

    def _make(self, shard: Shard, file: File, out: Arriving | None) -> Kept:
        digest, size = hashlib.sha256(), 0
        for term in shard.terms(file):
            for piece in self._pieces(term):
                digest.update(piece)
                size += len(piece)
                if out:
                    out.write(piece)
        if digest.hexdigest() != file.sha256:
            raise BadInput(f"A file sent as {file.sha256} is {digest.hexdigest()}.")
        if out:
            out.close()
        return Kept(file.sha256, size)

    def _pieces(self, term: Term) -> Iterator[bytes]:
        try:
            yield from self._read(term)
        except (BadInput, FileNotFoundError):
            self._check_kept(term.xorb)
            raise

    def _read(self, term: Term) -> Iterator[bytes]:
        path = self.path(term.xorb)
        starts = xorb.starts(path)
        if not term.first < term.end < len(starts):
            raise BadInput(f"The xorb {term.xorb} has no chunks {term.first} to {term.end}.")
        found, length = bytearray(), 0
        with path.open("rb", buffering=_BUFFER) as source:
            source.seek(starts[term.first])
            for chunk in islice(xorb.chunks(source), term.end - term.first):
                piece = chunk.unpacked()
                found += hashes.of_chunk(piece)
                length += len(piece)
                yield piece
        if length != term.length or hashes.of_range(bytes(found)) != term.proof:
            raise BadInput(
                f"The shard is wrong about chunks {term.first} to {term.end} of the xorb {term.xorb}."
            )

    def _check_kept(self, name: str) -> None:
        """Whether it is the xorb that is wrong, not who spoke of it. Then it goes, so that it can be sent again."""
        path = self.path(name)
        with contextlib.suppress(BadInput, FileNotFoundError), path.open("rb") as source:
            if xorb.check(source).name == name:
                return
        path.unlink(missing_ok=True)
        self._rename()
        raise BadInput(f"The xorb {name} was damaged on the Hub's disk. {_AGAIN}")

    def _rename(self) -> None:
        with self._naming:
            self._id = self._renamed()

    def _renamed(self) -> str:
        name = secrets.token_hex(8)
        # on a full disk it is the name until the end of this process, which costs a client no more than sending again
        with contextlib.suppress(OSError), self.arriving() as file:
            file.write(name.encode())
            file.close()
            file.path.replace(self.folder / "id")
        return name


@contextlib.contextmanager
def _mapped(path: Path) -> Iterator[bytes | mmap.mmap]:
    with path.open("rb") as source:
        if not os.fstat(source.fileno()).st_size:
            yield b""
            return
        with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield content
