"""Pieces in a line by length, and how many of them go through the model together.

The longest go first: padding is least among neighbours, and what does not fit into memory shows at once. How many
tokens go together is measured: on a CPU among three numbers, on the first passes of a long line (256 was best for one
model, 2,048 for another), on a GPU twice as many until that is no quicker. The number found stays with the model.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from hf_nb.infer.backends.local.model import AT_ONCE, Loaded

TRIED = (256, AT_ONCE, 4096)  # on a CPU
LONG = 400  # pieces, before measuring pays
PLACES = (0.1, 0.5, 0.8)  # of the line, where each number is tried
BETTER = 0.95  # of the time: less is noise
LEAST, MOST = 32, 1 << 18


class Line:
    """Numbers of pieces, `lengths` being theirs, the longest first."""

    def __init__(self, loaded: Loaded, lengths: Sequence[int], *, alone: bool) -> None:
        self.loaded, self.lengths, self.alone = loaded, lengths, alone
        self._gone = bytearray(len(lengths))
        self._at = 0  # all before are gone
        self._parts: list[list[int]] = []  # of groups that were too much
        self._trials: list[tuple[int, int]] = []  # (where in the line, how many tokens)
        self._seconds: dict[int, float] = {}
        self._tokens: dict[int, int] = {}
        self._trying = 0
        self._rate = self._began = 0.0
        unmeasured = not alone and "at once" not in loaded.kept
        self._timed = unmeasured and (
            loaded.device == "cuda" or (loaded.device == "cpu" and len(lengths) >= LONG)
        )
        if self._timed and loaded.device == "cpu":
            self._trials = [(int(len(lengths) * at), many) for at in PLACES for many in TRIED]

    def next(self) -> list[int]:
        """Who goes now; nobody at the end."""
        if self._timed:
            self._began = self._now()
        self._trying = 0  # how many tokens this group is a trial of
        if self._parts:
            return self._parts.pop()
        while self._trials:
            start, self._trying = self._trials.pop(0)
            if group := self._take(start, self._trying):
                return group
        self._trying = 0
        self._settle()
        group = self._take(self._at, self.loaded.at_once)
        self._at = group[-1] + 1 if group else len(self.lengths)
        return group

    def _now(self) -> float:
        """Of the processor, which others' work does not count in; a GPU has no such clock."""
        return time.process_time() if self.loaded.device == "cpu" else time.perf_counter()

    def _take(self, start: int, most: int) -> list[int]:
        group: list[int] = []
        for one in range(start, len(self.lengths)):
            if self._gone[one]:
                continue
            if group and (self.alone or self.lengths[group[0]] * (len(group) + 1) > most):
                break
            group.append(one)
        for one in group:
            self._gone[one] = True
        return group

    def done(self, group: Sequence[int]) -> None:
        """They are through."""
        if not self._timed:
            return
        seconds = self._now() - self._began
        tokens = sum(self.lengths[one] for one in group)
        if self._trying:
            self._seconds[self._trying] = self._seconds.get(self._trying, 0.0) + seconds
            self._tokens[self._trying] = self._tokens.get(self._trying, 0) + tokens
        elif self.loaded.device == "cuda" and "at once" not in self.loaded.kept:
            self._widen(group, tokens / max(seconds, 1e-9))

    def too_much(self, group: Sequence[int], *, memory: bool) -> None:
        """They go again, in two halves; less at once from now on where it was the memory."""
        if memory:
            half = max(LEAST, len(group) * self.lengths[group[0]] // 2)
            self.loaded.at_once = min(self.loaded.at_once, half)
            self.loaded.kept["at once"] = True
            self._trials = []
        middle = (len(group) + 1) // 2
        self._parts += [list(group[middle:]), list(group[:middle])]

    def without(self, gone: Sequence[int]) -> None:
        """These need not go any more."""
        for one in gone:
            self._gone[one] = True
        away = set(gone)
        self._parts = [rest for part in self._parts if (rest := [one for one in part if one not in away])]

    def _settle(self) -> None:
        """What was measured decides, once."""
        if not self._tokens or "at once" in self.loaded.kept:
            return
        pace = {
            many: self._seconds[many] / self._tokens[many] for many in self._seconds if self._tokens[many]
        }
        usual = pace.get(AT_ONCE, float("inf"))
        best = min(pace, key=lambda many: pace[many], default=AT_ONCE)
        self.loaded.at_once = best if pace.get(best, 0.0) < usual * BETTER else AT_ONCE
        self.loaded.kept["at once"] = True

    def _widen(self, group: Sequence[int], rate: float) -> None:
        """Twice as many tokens, as long as that made it quicker; a group that was not full says nothing."""
        if self._at >= len(self.lengths) or len(group) * self.lengths[group[0]] * 2 < self.loaded.at_once:
            return
        if rate > self._rate * 1.1 and self.loaded.at_once < MOST:
            self._rate = rate
            self.loaded.at_once *= 2
        else:
            self.loaded.kept["at once"] = True
