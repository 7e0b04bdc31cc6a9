"""The latest answers, in this process's memory: bytes, under a limit, the longest unused let go first."""

from __future__ import annotations

import threading
from collections import OrderedDict

BESIDE = 200  # bytes that an entry takes beside what it holds


class Front:
    """By their mark."""

    def __init__(self, most: int) -> None:
        self.most, self.bytes = most, 0
        self._bodies: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._bodies)

    def get(self, mark: bytes) -> bytes | None:
        """What is there, now the last used."""
        with self._lock:
            body = self._bodies.get(mark)
            if body is not None:
                self._bodies.move_to_end(mark)
            return body

    def put(self, mark: bytes, body: bytes, most: int | None = None) -> None:
        """And out with the oldest. `most`: the limit from now on."""
        with self._lock:
            self.most = self.most if most is None else most
            self._drop(mark)
            self._bodies[mark] = body
            self.bytes += len(body) + BESIDE
            while self.bytes > self.most and self._bodies:
                self._drop(next(iter(self._bodies)))

    def drop(self, mark: bytes) -> None:
        """Away with one."""
        with self._lock:
            self._drop(mark)

    def clear(self) -> int:
        """Away with all of them; how many there were."""
        with self._lock:
            number = len(self._bodies)
            self._bodies.clear()
            self.bytes = 0
            return number

    def _drop(self, mark: bytes) -> None:
        body = self._bodies.pop(mark, None)
        if body is not None:
            self.bytes -= len(body) + BESIDE
