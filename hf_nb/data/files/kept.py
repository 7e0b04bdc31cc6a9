"""What was fetched lately, in memory: bounded by bytes, the last used stays, and nothing is fetched twice at a time.

Footers and dictionary pages are dear: every jump within a row group needs them again, so pages go before they do.
"""

from __future__ import annotations

import bisect
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable

from hf_nb.data.files import giving
from hf_nb.data.files.file import Range

# After two hundred jumps in ten gigabytes twice as much is 40 MB more of memory, and a twelfth fewer bytes moved.
MOST = 32_000_000
# Of these, what is dear: of twenty columns of numbers that are all different, a megabyte each.
DEAR = 3 / 4
# Larger than this is not kept: it would push out everything else.
LARGEST = 8_000_000
# After so many bytes were let go of, the C library is asked to let go of them too.
GONE = 8_000_000

# Ranges before a place that are looked at for one that holds it: they seldom lie within each other.
NEAR = 8

Key = tuple[Hashable, Range]


class Kept:
    """Ranges of files, by the file's identity. Thread-safe."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.bytes = most, 0
        self._lock = threading.Lock()
        self._plain: OrderedDict[Key, bytes] = OrderedDict()
        self._dear: OrderedDict[Key, bytes] = OrderedDict()
        self._dear_bytes = self._gone = 0
        self._spans: dict[Hashable, list[Range]] = {}  # what is here of each file, in order
        self._coming: dict[Key, threading.Event] = {}

    def get(self, file: Hashable, span: Range) -> bytes | None:
        """These bytes, if they are here."""
        key = (file, span)
        with self._lock:
            for shelf in (self._plain, self._dear):
                if key in shelf:
                    shelf.move_to_end(key)
                    return shelf[key]
        return None

    def put(self, file: Hashable, span: Range, content: bytes) -> None:
        """Keep them, and let go of what was not used for longest."""
        key = (file, span)
        with self._lock:
            if len(content) > min(LARGEST, self.most) or key in self._plain or key in self._dear:
                return
            self._plain[key] = content
            self.bytes += len(content)
            spans = self._spans.setdefault(file, [])
            bisect.insort(spans, span)
            behind = spans[
                bisect.bisect_left(spans, Range(span.begin, 0)) : bisect.bisect_left(
                    spans, Range(span.end, 0)
                )
            ]
            for one in behind:  # what lies within it need not be here twice
                if one != span and one.end <= span.end and (file, one) in self._plain:
                    self._drop((file, one))
            self._shrink()
            gone = self._gone >= GONE
            self._gone = 0 if gone else self._gone
        if gone:
            giving.give_back()

    def within(self, file: Hashable, span: Range) -> list[tuple[Range, bytes]]:
        """What is here of these bytes, whatever was asked for when it came: parts of the span, in order."""
        found: list[tuple[Range, bytes]] = []
        with self._lock:
            spans, at = self._spans.get(file, []), span.begin
            while at < span.end:
                behind = bisect.bisect_right(spans, at, key=lambda one: one.begin)
                held = max(spans[max(0, behind - NEAR) : behind], key=lambda one: one.end, default=None)
                if held is not None and held.end > at:
                    part = Range(at, min(held.end, span.end))
                    raw = self._plain.get((file, held)) or self._dear[file, held]
                    found.append((part, raw[part.begin - held.begin : part.end - held.begin]))
                    at = part.end
                elif behind < len(spans):
                    at = spans[behind].begin
                else:
                    break
        return found

    def prefer(self, file: Hashable, ranges: Iterable[Range]) -> None:
        """These will be wanted again."""
        with self._lock:
            for one in ranges:
                content = self._plain.pop((file, one), None)
                if content is not None:
                    self._dear[file, one] = content
                    self._dear_bytes += len(content)
            self._shrink()

    def forget(self, file: Hashable) -> None:
        """The file has changed, or is not what it should be."""
        with self._lock:
            for span in [*self._spans.get(file, ())]:
                self._drop((file, span))

    def claim(self, file: Hashable, span: Range) -> threading.Event | None:
        """None: it is the caller's to fetch, who calls `arrived`. Otherwise somebody fetches it: wait for this."""
        with self._lock:
            coming = self._coming.get((file, span))
            if coming is None:
                self._coming[file, span] = threading.Event()
            return coming

    def arrived(self, file: Hashable, span: Range) -> None:
        """It is here, or will not come: whoever waits looks for himself."""
        with self._lock:
            coming = self._coming.pop((file, span), None)
        if coming is not None:
            coming.set()

    def _shrink(self) -> None:
        while self._dear_bytes > self.most * DEAR:
            self._drop(next(iter(self._dear)))
        while self.bytes > self.most and self._plain:
            self._drop(next(iter(self._plain)))

    def _drop(self, key: Key) -> None:
        content = self._dear.pop(key, None)
        if content is None:
            content = self._plain.pop(key)
        else:
            self._dear_bytes -= len(content)
        self.bytes -= len(content)
        self._gone += len(content)
        spans = self._spans[key[0]]
        del spans[bisect.bisect_left(spans, key[1])]
        if not spans:
            del self._spans[key[0]]


kept = Kept()
