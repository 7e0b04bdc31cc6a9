"""How texts are cut into rows: at line ends, at line ends outside of quotes, after whole JSON values."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hf_nb.errors import Broken

if TYPE_CHECKING:
    import numpy

LF, CR = 10, 13


class LineEnds:
    """At every line's end. Blank lines are rows only where `blank` says so."""

    def __init__(self, *, blank: bool = False, end: int = LF) -> None:
        self._blank, self._end = blank, end

    def __call__(self, piece: bytes, *, last: bool) -> numpy.ndarray[Any, Any]:
        import numpy

        bytes_ = numpy.frombuffer(piece, numpy.uint8)
        return self.filled(bytes_, numpy.flatnonzero(bytes_ == self._end) + 1, last=last)

    def filled(
        self, bytes_: numpy.ndarray[Any, Any], ends: numpy.ndarray[Any, Any], *, last: bool
    ) -> numpy.ndarray[Any, Any]:
        """Without blank lines, and with a last line that nothing ends."""
        import numpy

        if last and len(bytes_) and (not len(ends) or ends[-1] < len(bytes_)):
            ends = numpy.append(ends, len(bytes_))
        if self._blank or not len(ends):
            return ends
        lengths = numpy.diff(ends, prepend=0)
        said = (bytes_[ends - 1] == LF).astype(int) + (bytes_[ends - 1] == CR)
        carriage = (lengths > 1) & (bytes_[numpy.maximum(ends - 2, 0)] == CR) & (bytes_[ends - 1] == LF)
        found: numpy.ndarray[Any, Any] = ends[lengths > said + carriage]
        return found


class QuotedEnds(LineEnds):
    """At line ends outside of quotes; a quote in the middle of a cell is a letter like others."""

    def __init__(self, delimiter: str, quote: str, *, end: int = LF) -> None:
        super().__init__(end=end)
        self._quote, self._before = ord(quote), {ord(delimiter), LF, CR, ord(quote)}
        self._marks = re.compile(b"[%s%c]" % (re.escape(quote.encode()), end))

    def __call__(self, piece: bytes, *, last: bool) -> numpy.ndarray[Any, Any]:
        import numpy

        bytes_ = numpy.frombuffer(piece, numpy.uint8)
        quotes = bytes_ == self._quote
        if not quotes.any():
            return super().__call__(piece, last=last)
        inside = numpy.cumsum(quotes, dtype=numpy.uint8) & 1
        opening = numpy.flatnonzero(quotes & (inside == 1))
        before = bytes_[numpy.maximum(opening - 1, 0)]
        if (numpy.isin(before, list(self._before)) | (opening == 0)).all():
            ends = numpy.flatnonzero((bytes_ == self._end) & (inside == 0)) + 1
        else:
            ends = numpy.array(self._one_by_one(piece), dtype=numpy.int64)
        return self.filled(bytes_, ends, last=last)

    def _one_by_one(self, piece: bytes) -> list[int]:
        ends, inside, skip = [], False, -1
        for found in self._marks.finditer(piece):
            at = found.start()
            if at == skip:
                continue
            if piece[at] == self._end:
                if not inside:
                    ends.append(at + 1)
            elif inside:
                if piece[at + 1 : at + 2] == found[0]:  # doubled: a letter
                    skip = at + 1
                else:
                    inside = False
            else:
                inside = at == 0 or piece[at - 1] in self._before - {self._quote}
        return ends


class ValueEnds:
    """After each value of a JSON array, or of values one after another over many lines."""

    _space = re.compile(r"[\s,]*")

    def __init__(self, *, array: bool = False) -> None:
        self._decoder, self._array = json.JSONDecoder(), array

    def __call__(self, piece: bytes, *, last: bool) -> numpy.ndarray[Any, Any]:
        import numpy

        text = piece.decode("utf-8", "ignore" if not last else "replace")
        ends: list[int] = []
        at = done = counted = 0
        while True:
            space = self._space.match(text, at)
            at = space.end() if space else at
            if at >= len(text) and last and self._array:
                raise Broken("The JSON array has no end.", "Is the file whole?")
            if at >= len(text) or text[at] == "]":
                break
            try:
                _, end = self._decoder.raw_decode(text, at)
            except (ValueError, RecursionError):
                if last:
                    raise Broken(
                        f"The JSON ends or makes no sense at: {text[at : at + 30]!r}", "Is the file whole?"
                    ) from None
                break
            if end >= len(text) and not last:  # a number may go on
                break
            counted += len(text[done:end].encode("utf-8", "replace"))
            ends.append(counted)
            at = done = end
        return numpy.array(ends, dtype=numpy.int64)
