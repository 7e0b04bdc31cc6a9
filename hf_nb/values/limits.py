"""How often the Hub may be asked, and how many answers are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hf_nb.values.base import Value


@dataclass(frozen=True, repr=False)
class Allowance(Value):
    """One of the Hub's counters. `left` is None where nothing was asked yet; `resets` in seconds."""

    what: str
    token: bool
    left: int | None = None
    limit: int | None = None
    window: int | None = None
    resets: float | None = None

    @property
    def used(self) -> int | None:
        """Requests of this window, by everybody this counter counts."""
        return None if self.left is None or self.limit is None else self.limit - self.left

    def brief(self) -> list[str]:
        return [f"{self.what}\t{'?' if self.left is None else self.left}"]


@dataclass(frozen=True, repr=False)
class Limits(Value):
    """The Hub's counters and one's own. `month_limit` and `minute_limit` are 0 where none is set."""

    hub: str
    token: str | None
    windows: tuple[Allowance, ...]
    minute_limit: int
    minute_left: int | None
    month: str
    month_used: int
    month_limit: int
    note: str | None = None

    @property
    def month_left(self) -> int | None:
        """Requests left of one's own budget; None without one."""
        return max(0, self.month_limit - self.month_used) if self.month_limit else None

    def brief(self) -> list[str]:
        return [line for window in self.windows for line in window.brief()]


@dataclass(frozen=True, repr=False)
class ResponseCache(Value):
    """The copies of the Hub's answers on this disk."""

    folder: str
    entries: int
    bytes: int
    oldest: datetime | None
    minutes: float
    cleared: bool = False

    def brief(self) -> list[str]:
        return [str(self.entries)]
