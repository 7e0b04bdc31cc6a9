"""Rows that wait to be asked. Whoever is free takes the next ones; what could not be answered comes back."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable

from hf_nb.infer.many.rows import Row


class Line:
    """Told and asked by many threads."""

    def __init__(self) -> None:
        self._rows: deque[Row] = deque()
        # No Condition: the stop button may come between its lock and its block, and nothing would ever run again.
        self._guard = threading.RLock()
        self.there = threading.Event()

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, row: Row) -> None:
        """At the end."""
        with self._guard:
            self._rows.append(row)
            self.there.set()

    def back(self, rows: Iterable[Row], *, last: bool = False) -> None:
        """What was taken and not answered: next again, or behind the others."""
        with self._guard:
            if last:
                self._rows.extend(rows)
            else:
                self._rows.extendleft(reversed([*rows]))
            self.there.set()

    def take(self, most: int, fits: Callable[[Row], bool] = lambda _: True) -> list[Row]:
        """The next ones that fit; none where nothing waits. What does not fit stays where it is."""
        found: list[Row] = []
        others: list[Row] = []
        with self._guard:
            while self._rows and len(found) < most:
                row = self._rows.popleft()
                (found if fits(row) else others).append(row)
            self._rows.extendleft(reversed(others))
            if not self._rows:
                self.there.clear()
            return found

    def clear(self) -> list[Row]:
        """All of them, out."""
        return self.take(len(self._rows))
