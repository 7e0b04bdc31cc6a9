"""Parts of the rows, apart: where the difference is another one, and where the ranking turns over.

Many slices make many chances to be misled, so all tests of a call are corrected together (Holm). A slice "flips" only
where the whole shows one ahead, and the slice by itself shows the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.measure.intervals import LEVEL, Interval, scipy_stats
from hf_nb.measure.paired import Paired, difference, paired
from hf_nb.measure.scores import Score
from hf_nb.measure.significance import holm

LEAST = 10  # rows; a smaller slice is counted, not compared
MOST = 50  # slices of a column
REST = 500  # draws: of the rows outside a slice nothing but the spread is wanted


@dataclass(frozen=True)
class Slice:
    """One value of one column. Both corrected: `p` of a difference here, `apart` of one unlike that of other rows."""

    column: str
    value: Any
    paired: Paired
    p: float
    apart: float

    @property
    def ahead(self) -> int:
        """1 the first, -1 the second, 0 neither shown here."""
        return replace(self.paired, p=self.p).ahead

    @property
    def unlike(self) -> bool:
        """Whether the difference here is another than elsewhere."""
        return self.apart <= 1 - self.paired.difference.level


@dataclass(frozen=True)
class Slices:
    """The whole, its slices, and those too small to say anything of: (column, value, rows)."""

    whole: Paired
    all: tuple[Slice, ...]
    small: tuple[tuple[str, Any, int], ...]

    @property
    def flips(self) -> tuple[Slice, ...]:
        """Where the one that is behind on the whole is ahead."""
        return tuple(one for one in self.all if self.whole.ahead and one.ahead == -self.whole.ahead)


def slices(
    first: Score,
    second: Score,
    columns: Mapping[str, Sequence[Any]],
    *,
    least: int = LEAST,
    level: float = LEVEL,
    seed: int = 0,
) -> Slices:
    """Compare in each value of each column. Numbers with many values: `bands` first."""
    whole = paired(first, second, level=level, seed=seed)
    found: list[tuple[str, Any, Paired, float]] = []
    small = []
    for column, values in columns.items():
        if len(values) != len(first):
            raise BadInput(
                f"{column} has {len(values)} values for {len(first)} rows.", "Give one for each row."
            )
        kept = first.counted & second.counted
        groups = _groups(column, values, max(2, least))
        for value in sorted(groups, key=lambda one: (str(one), repr(one))):
            inside = groups[value]
            usable = sum(bool(kept[at]) for at in inside)
            if usable < max(2, least):
                small.append((column, value, usable))
                continue
            within = set(inside)
            outside = [at for at in range(len(first)) if at not in within]
            here = paired(of(first, inside), of(second, inside), level=level, seed=seed)
            rest = difference(of(first, outside), of(second, outside), level=level, seed=seed, draws=REST)
            found.append((column, value, here, _apart(here.difference, rest, least)))
    chances = holm([one[2].p for one in found])
    unlike = holm([one[3] for one in found])
    made = [
        Slice(column, value, here, p, apart)
        for (column, value, here, _), p, apart in zip(found, chances, unlike, strict=True)
    ]
    return Slices(whole, tuple(made), tuple(small))


def _groups(column: str, values: Sequence[Any], least: int) -> dict[Any, list[int]]:
    """The rows of each value; an empty cell is a value too."""
    groups: dict[Any, list[int]] = {}
    for at, value in enumerate(values):
        empty = isinstance(value, float) and math.isnan(value)
        try:
            groups.setdefault(None if empty else value, []).append(at)
        except TypeError as wrong:
            raise BadInput(
                f"{column} holds {str(value)[:40]}, which is no name of a slice.", "Give words or numbers."
            ) from wrong
    large = sum(len(rows) >= least for rows in groups.values())
    if large > MOST:
        raise BadInput(
            f"{column} makes {large} slices; {MOST} are compared at most.",
            f"Put its values together: slices.bands(values, 5), or least={len(values) // MOST}",
        )
    return groups


def of(score: Score, rows: Sequence[int]) -> Score:
    """The same metric over some of the rows."""
    picked = list(rows)
    return replace(score, values=tuple(score.values[at] for at in picked), parts=score.parts[picked])


def bands(values: Sequence[float | None], count: int = 3) -> list[str | None]:
    """Numbers as so many bands with about as many rows each, named by their ends; equal numbers stay together."""
    known = sorted(one for one in values if one is not None and one == one)  # noqa: PLR0124  NaN
    if count < 1 or not known:
        return [None] * len(values)
    cuts = sorted({known[len(known) * at // count] for at in range(1, count)} - {known[0]})
    ends = [known[0], *cuts]
    names = [
        _named(low, max(one for one in known if high is None or one < high))
        for low, high in zip(ends, [*cuts, None], strict=True)
    ]

    def band(one: float | None) -> str | None:
        if one is None or one != one:  # noqa: PLR0124  NaN
            return None
        return names[sum(one >= cut for cut in cuts)]

    return [band(one) for one in values]


def _named(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _apart(one: Interval, other: Interval, least: int) -> float:
    """A chance of two differences so unlike, were they the same (Welch's test, of their standard errors)."""
    if not one.error or not other.error or other.n < max(2, least):
        return 1.0
    # A spread seen in n rows is that of n - 1.
    parts = [made.error**2 * made.n / (made.n - 1) for made in (one, other) if made.error]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (made.n - 1) for part, made in zip(parts, (one, other), strict=True)
    )
    far = abs(one.value - other.value) / sum(parts) ** 0.5
    return float(2 * scipy_stats("Comparing slices").t.sf(far, freedom))
