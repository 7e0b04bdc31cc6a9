"""The bars of a column: where they begin and end, or which values they stand for. Chosen once, of all rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.data.stats import edges, words
from hf_nb.values.summaries import Ranges, Values

if TYPE_CHECKING:
    from hf_nb.data.stats.way import Way

BIGGEST = {"BIGINT": 2**63 - 1, "UBIGINT": 2**64 - 1}
INNER = edges.MOST - 2  # bars, where the outermost two hold the far ones


@dataclass(frozen=True)
class Stretches:
    """`ends`: the last number of each bar, as the column keeps it."""

    edges: tuple[float, ...]
    labels: tuple[str, ...]
    ends: tuple[Any, ...]
    wide: bool = False  # the outermost bars are wider than the others

    def bars(self, counts: Sequence[int], everything: Sequence[int] | None) -> Ranges:
        """With how many rows are in each."""
        return Ranges(
            self.edges, self.labels, tuple(counts), tuple(everything) if everything is not None else None
        )


@dataclass(frozen=True)
class Tops:
    """The most frequent values."""

    values: tuple[Any, ...]
    labels: tuple[str, ...]

    def bars(self, counts: Sequence[int], everything: Sequence[int] | None, others: int) -> Values:
        """With how many rows have each."""
        known = tuple(everything) if everything is not None else None
        return Values(self.values, self.labels, tuple(counts), known, others)


def stretches(way: Way, low: Any, high: Any, inner: tuple[Any, Any] | None) -> Stretches:
    """Bars from `low` to `high`; `inner`: where nearly all are, if the others would leave them one bar only."""
    first, last = inner or (low, high)
    most = edges.MOST if inner is None else INNER
    match way.sort:
        case "real":
            made: list[Any] = list(edges.real(first, last, most))
        case "moment":
            made = [edge * 1000 for edge in edges.times(first // 1000, last // 1000)]
        case "stretch":
            made = [edge * 1000 for edge in edges.spread(first // 1000, last // 1000)]
        case _:
            made = list(edges.whole(first, last, most))
    wide = False
    if inner is not None:
        beyond = high if way.sort == "real" else high + 1
        before, after = low < made[0], beyond > made[-1]
        made = [*([low] if before else []), *made, *([beyond] if after else [])]
        wide = before or after
    return Stretches(
        tuple(_shown(way, made)), tuple(_labels(way, made, low == high)), _ends(way, made, high), wide
    )


def _ends(way: Way, made: Sequence[Any], high: Any) -> tuple[Any, ...]:
    if way.sort == "real":
        return (*(math.nextafter(edge, -math.inf) for edge in made[1:-1]), made[-1])
    most = BIGGEST[way.kind]
    return (*(min(int(edge) - 1, most) for edge in made[1:-1]), min(max(int(made[-1]) - 1, int(high)), most))


def _shown(way: Way, made: Sequence[Any]) -> list[float]:
    """As the page gets them: times in milliseconds."""
    return (
        [edge / 1000 if edge % 1000 else edge // 1000 for edge in made]
        if way.sort in {"moment", "stretch"}
        else list(made)
    )


def moments(way: Way, edges: Sequence[float]) -> tuple[str, ...]:
    """Where each bar begins, in milliseconds since 1970; said to be UTC where the column has a zone."""
    zone = " UTC" if way.unit == "UTC" else ""
    return tuple(f"{said}{zone}" for said in words.moments(edges))


def _labels(way: Way, made: Sequence[Any], alone: bool) -> list[str]:  # noqa: FBT001 - one value for all rows
    match way.sort:
        case "moment":
            return list(moments(way, [edge / 1000 for edge in made]))
        case "stretch":
            return words.stretches([edge / 1000 for edge in made])
        case "real":
            return [words.number(made[0])] if alone else words.ranges(made)
    return words.whole_ranges(made)
