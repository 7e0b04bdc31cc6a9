"""What was fetched lately, in memory: bounded by bytes, the last used stays, and nothing is fetched twice at a time.

Footers and dictionary pages are dear: every jump within a row group needs them again, so pages go before they do.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable

from hf_nb.data.files.file import Range

MOST = 64_000_000
# Larger than this is not kept: it would push out everything else.
LARGEST = MOST // 8

Key = tuple[Hashable, Range]


class Kept:
    """Ranges of files, by the file's identity. Thread-safe."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.bytes = most, 0
        self._lock = threading.Lock()
        self._plain: OrderedDict[Key, bytes] = OrderedDict()
        self._dear: OrderedDict[Key, bytes] = OrderedDict()
        self._dear_bytes = 0
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
            self._shrink()

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
        """The file has changed."""
        with self._lock:
            for key in [key for key in self._plain if key[0] == file]:
                self.bytes -= len(self._plain.pop(key))
            for key in [key for key in self._dear if key[0] == file]:
                content = self._dear.pop(key)
                self.bytes -= len(content)
                self._dear_bytes -= len(content)

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
        while self._dear_bytes > self.most // 2:
            content = self._dear.popitem(last=False)[1]
            self._dear_bytes -= len(content)
            self.bytes -= len(content)
        while self.bytes > self.most and self._plain:
            self.bytes -= len(self._plain.popitem(last=False)[1])


kept = Kept()
