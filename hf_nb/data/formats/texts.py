"""The bytes of a text, from anywhere in it, unpacked.

plain    as the file has them, by range
gzip     one after another; where unpacking can go on is kept every few megabytes
UTF-16   turned into UTF-8, in the same way
"""

from __future__ import annotations

import codecs
import threading
import zlib
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Protocol

from hf_nb.data.files import meter
from hf_nb.data.files.file import Range
from hf_nb.errors import Broken

if TYPE_CHECKING:
    from collections.abc import Callable

    from hf_nb.data.files.file import File

HEAD = 64_000  # of a remote file: the first rows, and how it is written
NEAR = 1_000_000  # the same of a file on this disk
KEEP_EVERY = 4_000_000
PIECE = 256_000  # packed bytes fetched at a time
SLICE = 16_000  # unpacked at a time: at most a thousand times as many come out
GZIP = b"\x1f\x8b"
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Text(Protocol):
    """Bytes that may be asked for from anywhere."""

    name: str
    remote: bool

    @property
    def size(self) -> int | None:
        """Bytes in all; None while nobody knows."""

    def at(self, offset: int, count: int) -> bytes:
        """`count` bytes from `offset`: fewer only at the end."""

    def cost(self, offset: int, count: int) -> int:
        """Bytes that would be moved for them."""


def opened(file: File) -> Text:
    """A file's text; its beginning is read."""
    text: Text = Plain(file)
    if text.at(0, 2) == GZIP:
        text = Unpacked(text, _gunzip)
    start = text.at(0, 2)
    if start in UTF16:
        text = Unpacked(text, lambda: _Recoded(UTF16[start]))
    return text


class Plain:
    """A file's own bytes; the first of them are kept."""

    def __init__(self, file: File) -> None:
        self.file, self.name, self.remote = file, file.name, file.remote
        self._head: bytes | None = None
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        return self.file.size

    def at(self, offset: int, count: int) -> bytes:
        end = min(offset + count, self.file.size)
        if end <= offset:
            return b""
        head = self.head()
        if end <= len(head):
            return head[offset:end]
        begin = max(offset, len(head))
        spans = self._spans(begin, end)
        rest = b"".join(self.file.read(spans))
        skip = begin - spans[0].begin
        return head[offset:] + rest[skip : skip + end - begin]

    def cost(self, offset: int, count: int) -> int:
        begin, end = max(offset, len(self._head or b"")), min(offset + count, self.file.size)
        return self.file.cost(self._spans(begin, end)) if end > begin else 0

    def _spans(self, begin: int, end: int) -> list[Range]:
        """From another machine the same bytes come in the same ranges, so that what is kept is found again."""
        if not self.remote:
            return [Range(begin, end)]
        first, size = begin // HEAD * HEAD, self.file.size
        return [Range(at, min(at + HEAD, size)) for at in range(first, end, HEAD)]

    def head(self) -> bytes:
        """The first bytes."""
        with self._lock:
            if self._head is None:
                end = min(self.file.size, HEAD if self.remote else NEAR)
                self._head = self.file.read([Range(0, end)])[0] if end else b""
            return self._head


class _Recoded:
    """Another encoding, piece by piece, as UTF-8."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def __call__(self, packed: bytes) -> bytes:
        return self._decoder.decode(packed).encode("utf-8", "replace")

    def end(self, name: str) -> None:
        """Half a character at the end is no error."""

    def copy(self) -> _Recoded:
        other = _Recoded(self._encoding)
        other._decoder.setstate(self._decoder.getstate())
        return other


class _Gunzip:
    """gzip, piece by piece; a file may be several gzips one after another."""

    def __init__(self, inner: Any = None, *, within: bool = False) -> None:
        self._inner, self._within = inner or zlib.decompressobj(31), within

    def __call__(self, packed: bytes) -> bytes:
        found = []
        while packed:
            try:
                found.append(self._inner.decompress(packed))
            except zlib.error as wrong:
                raise Broken("The gzip file is damaged.", "Download it again.") from wrong
            packed, self._within = self._inner.unused_data, not self._inner.eof
            if self._inner.eof:
                self._inner = zlib.decompressobj(31)
                packed = packed.lstrip(b"\0")  # some writers fill up to a block
        return b"".join(found)

    def end(self, name: str) -> None:
        """A gzip says where it ends."""
        if self._within:
            raise Broken(f"{name} ends in the middle of its gzip.", "Download it again.")

    def copy(self) -> _Gunzip:
        return _Gunzip(self._inner.copy(), within=self._within)


def _gunzip() -> _Gunzip:
    return _Gunzip()


class Unpacked:
    """What another text says once it is unpacked. Its length is known when its end was seen."""

    def __init__(self, packed: Text, start: Callable[[], Any]) -> None:
        self.name, self.remote, self._packed = packed.name, packed.remote, packed
        # (unpacked so far, packed so far, how to go on)
        self._kept: list[tuple[int, int, Any]] = [(0, 0, start())]
        self._latest: tuple[int, int, Any] = self._kept[0]
        self._piece: tuple[int, bytes] = (0, b"")
        self._size: int | None = None
        self._lock = threading.Lock()

    @property
    def size(self) -> int | None:
        return self._size

    def at(self, offset: int, count: int) -> bytes:
        done, packed, how = self._near(offset)
        found: list[bytes] = []
        while done < offset + count:
            part = self._slice(packed)
            if not part:
                how.end(self.name)
                self._size = done
                break
            self._keep(done, packed, how)
            text = how(part)
            packed += len(part)
            if done + len(text) > offset:
                found.append(text[max(0, offset - done) : offset + count - done])
            done += len(text)
        return b"".join(found)

    def cost(self, offset: int, count: int) -> int:
        """By how well it was packed so far."""
        done, packed, _ = self._near(offset)
        last_done, last_packed, _ = self._kept[-1]
        ratio = last_packed / last_done if last_done else 0.3
        return self._packed.cost(packed, int((offset + count - done) * ratio) + PIECE)

    def _slice(self, packed: int) -> bytes:
        begin, piece = self._piece
        if not begin <= packed < begin + len(piece):
            meter.look()
            begin, piece = self._piece = (packed, self._packed.at(packed, PIECE))
        return piece[packed - begin : packed - begin + SLICE]

    def _near(self, offset: int) -> tuple[int, int, Any]:
        """The last place at or before `offset` from which unpacking can go on."""
        with self._lock:
            at = bisect_right(self._kept, offset, key=lambda one: one[0]) - 1
            found = self._kept[at]
            if found[0] < self._latest[0] <= offset:
                found = self._latest
            return found[0], found[1], found[2].copy()

    def _keep(self, done: int, packed: int, how: Any) -> None:
        with self._lock:
            if done >= self._kept[-1][0] + KEEP_EVERY:
                self._kept.append((done, packed, how.copy()))
            self._latest = (done, packed, how.copy())
