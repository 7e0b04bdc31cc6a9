"""What may come next in a text that repeats itself: what came after the same words before, and whether trying pays.

Guess     follows an earlier place in the text, and counts how often it said the next token right
Paying    whether a pass over several guessed tokens is worth its time, by what passes took and how guesses fared
"""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Sequence

SIZES = (3, 2)  # tokens that must be alike
WIDTHS = (3, 7, 15)  # tokens tried in one pass
MEMORY = 0.93  # how much of what is known about guesses stays with each new one
DOUBT = 2.0  # guesses that count as wrong before there were any
WORTH = 1.15  # tokens for the time of one, before it is tried
RISK = 0.01  # of the time so far may be lost by trying
TAKES = 2.2  # steps that a pass over several tokens is taken for, until one was measured
LAST = 9  # passes that are remembered of each width


class Guess:
    """`told` every token, it knows which may be next. `before`: text it may come from, other than the answer."""

    def __init__(self, before: Sequence[int]) -> None:
        self._text: list[int] = []
        self._seen: dict[tuple[int, ...], int] = {}  # some tokens: where what follows them stands
        self._at: int | None = None
        self._right = self._all = 0.0
        for token in before:
            self._add(token)

    @property
    def chance(self) -> float:
        """How often the next token was guessed, lately."""
        return self._right / (self._all + DOUBT)

    def told(self, token: int) -> None:
        """The next token was this one."""
        if self._at is not None:
            right = self._text[self._at] == token
            self._right = self._right * MEMORY + right
            self._all = self._all * MEMORY + 1
            self._at = self._at + 1 if right else None
        found = self._add(token)
        if self._at is None:
            self._at = found

    def next(self, count: int) -> list[int]:
        """So many tokens that may follow; none where nothing like this was said before."""
        if self._at is None:
            return []
        text, period = self._text, len(self._text) - self._at
        return [text[self._at + number % period] for number in range(count)]

    def _add(self, token: int) -> int | None:
        self._text.append(token)
        found = None
        for size in SIZES:
            if len(self._text) < size:
                continue
            key = tuple(self._text[-size:])
            if found is None:
                found = self._seen.get(key)
            self._seen[key] = len(self._text)
        return found


class Paying:
    """Times in steps of one token. One for each model: what a pass takes stays known from text to text."""

    def __init__(self) -> None:
        self._took: dict[int, deque[float]] = {}

    def took(self, width: int, seconds: float) -> None:
        """A pass over one token and `width` guessed ones."""
        self._took.setdefault(width, deque(maxlen=LAST)).append(seconds)

    def cost(self, width: int) -> float:
        """Of such a pass."""
        times, one = self._took.get(width), self._took.get(0)
        if not times or not one:
            return max([TAKES, *(self.cost(other) for other in WIDTHS if other < width)])
        return statistics.median(times) / max(statistics.median(one), 1e-9)


class Ledger:
    """Of one text: the time that trying has saved or lost."""

    def __init__(self, paying: Paying) -> None:
        self.paying = paying
        self.steps, self.saved = 0.0, 0.0

    def width(self, chance: float, most: int) -> int:
        """How many guessed tokens are worth a try now; 0: none."""
        best, width = WORTH, 0
        for one in WIDTHS:
            cost = self.paying.cost(one)
            held = 1 + sum(chance**number for number in range(1, one + 1))
            if one <= most and held / cost > best and self.saved - cost + 1 >= -RISK * self.steps:
                best, width = held / cost, one
        return width

    def tried(self, width: int, held: int, seconds: float) -> None:
        """`held` of them were right."""
        self.paying.took(width, seconds)
        cost = self.paying.cost(width)
        self.steps += cost
        self.saved += held + 1 - cost

    def stepped(self, seconds: float) -> None:
        """One token, alone."""
        self.paying.took(0, seconds)
        self.steps += 1

    def lost(self, steps: int) -> None:
        """So many steps were made again."""
        self.steps += steps
        self.saved -= steps
