"""The dollars of a comparison: nobody is asked what it could no longer pay."""

from __future__ import annotations

import threading
from typing import NamedTuple

SPARE = 1.5  # times the dearest answer so far: the next one may be dearer


class Held(NamedTuple):
    """Rows that can be paid, and what is held back for them."""

    rows: int
    dollars: float


class Purse:
    """Told and asked by many threads. `limit` None: no end."""

    def __init__(self, limit: float | None) -> None:
        self.limit = limit
        self.spent = self._held = 0.0
        self.short: set[str] = set()  # whose rows could not be paid
        self._dearest: dict[str, float] = {}
        self._guard = threading.RLock()

    def hold(self, who: str, rows: int) -> Held:
        """As many of these rows as can be paid; one that costs nothing, as far as is known, always can."""
        with self._guard:
            each = SPARE * self._dearest.get(who, 0.0)
            if self.limit is None or not each:
                return Held(rows, 0.0)
            paid = max(0, min(rows, int((self.limit - self.spent - self._held) / each + 1e-9)))
            if paid < rows:
                self.short.add(who)
            self._held += paid * each
            return Held(paid, paid * each)

    def back(self, held: Held) -> None:
        """They were asked: what they cost is spent, the rest is free again."""
        with self._guard:
            self._held = max(0.0, self._held - held.dollars)

    def paid(self, who: str, dollars: float) -> None:
        """An answer's price."""
        with self._guard:
            self.spent += dollars
            self._dearest[who] = max(self._dearest.get(who, 0.0), dollars)
