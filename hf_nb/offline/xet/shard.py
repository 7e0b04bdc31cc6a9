"""A shard: records of 48 bytes that say which chunks of which xorbs, in what order, make up each file.

    header · (file · its terms · a proof for each term · its sha256)… · bookend · (xorb · its chunks)… · bookend

Records are read where they lie, as they are needed: a count that lies costs nothing.
"""

import struct
from collections.abc import Iterator
from mmap import mmap
from typing import Any, NamedTuple

from hf_nb.errors import BadInput
from hf_nb.offline.xet import hashes

MOST_BYTES = 64 << 20
RECORD = 48
_TAG = b"HFRepoMetaData\0" + bytes.fromhex("556967456a7b815783a5bdd95ccdd14aa9")
_VERSION = 2
_HEADER = struct.Struct("<32sQQ")
_COUNTED = struct.Struct("<32sII8x")  # a file: its hash, flags, terms
_TERM = struct.Struct("<32s4xIII")
_HASH = struct.Struct("<32s16x")  # a proof, a sha256
_BOOKEND = b"\xff" * hashes.SIZE
_PROVED, _NAMED = 1 << 31, 1 << 30

Content = bytes | mmap


class File(NamedTuple):
    """One file; its terms are read by `Shard.terms`."""

    sha256: str
    at: int
    terms: int


class Term(NamedTuple):
    """Chunks `first` to `end` (not included) of a xorb, `length` bytes of content."""

    xorb: str
    length: int
    first: int
    end: int
    proof: bytes


class Shard:
    """A shard's records; making one checks that they are all there."""

    def __init__(self, content: Content) -> None:
        self._content = content
        tag, version, _ = self._record(_HEADER, 0)
        if tag != _TAG or version != _VERSION:
            raise BadInput("This is no shard, or one of another version.")
        at = RECORD
        for file in self.files():
            at = file.at + RECORD * (2 * file.terms + 1)
        self._check_xorbs(at + RECORD)

    def files(self) -> Iterator[File]:
        """The files, in the shard's order."""
        at = RECORD
        while True:
            name, flags, count = self._record(_COUNTED, at)
            if name == _BOOKEND:
                return
            at += RECORD
            if not flags & _PROVED or not flags & _NAMED:
                raise BadInput("The shard has a file without proofs, or without its sha256.")
            sha256 = self._record(_HASH, at + RECORD * 2 * count)[0]
            yield File(hashes.text(sha256), at, count)
            at += RECORD * (2 * count + 1)

    def terms(self, file: File) -> Iterator[Term]:
        """What a file is put together from."""
        for at in range(file.at, file.at + RECORD * file.terms, RECORD):
            xorb, length, first, end = self._record(_TERM, at)
            proof = self._record(_HASH, at + RECORD * file.terms)[0]
            yield Term(hashes.text(xorb), length, first, end, proof)

    def _check_xorbs(self, at: int) -> None:
        while True:
            name, _, count = self._record(_COUNTED, at)
            if name == _BOOKEND:
                return
            at += RECORD * (count + 1)

    def _record(self, form: struct.Struct, at: int) -> tuple[Any, ...]:
        if at + RECORD > len(self._content):
            raise BadInput("The shard ends before its records do.")
        return form.unpack_from(self._content, at)
