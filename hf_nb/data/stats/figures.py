"""One column's figures as the Hub's viewer writes them, checked, as a summary of ours.

Untrue: they do not fit the column, or each other. None: they fit, and are none that we show (how wide pictures are).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hf_nb.data.stats import edges, words
from hf_nb.data.stats.footer import number
from hf_nb.data.stats.measure import TOPS, worded
from hf_nb.data.stats.shape import moments
from hf_nb.values.summaries import VIEWER, Ranges, Summary, Values

if TYPE_CHECKING:
    from hf_nb.data.parts import Facts
    from hf_nb.data.stats.way import Way
    from hf_nb.values.data import Column

MOST_BARS = 50
ROUNDED = 5e-6  # numbers with fractions come with five digits behind the point
NARROW = 1e-3  # bars that are narrower than this are rounded too far
# What the viewer calls a column, and how we measure such a one.
FITS = {
    "int": ("whole",),
    "float": ("real",),
    "datetime": ("moment",),
    "bool": ("value",),
    "class_label": ("value",),
    "list": ("length",),
    "string_text": ("length",),
    "string_label": ("length",),
}


class Untrue(ValueError):
    """What it says cannot be: in a few words, what of it."""


@dataclass(frozen=True)
class Figures:
    """A column of so many rows, and what the files say of it, where they do."""

    name: str
    way: Way
    column: Column
    rows: int
    facts: Sequence[Facts | None] = ()

    def told(self, kind: str, said: Mapping[str, Any]) -> Summary | None:
        """The summary."""
        fits = FITS.get(kind)
        if fits is None:
            return None
        text = bool(self.way.value) and self.way.sort == "length"
        if self.way.sort not in fits or text != kind.startswith("string_"):
            raise Untrue(f"what {self.name} holds")
        nulls = self._nulls(said, real=kind == "float")
        if kind in ("bool", "class_label", "string_label"):
            return self._values(kind, said, nulls)
        if nulls == self.rows:
            return self._summary(nulls)
        low, high, mean = (self._moment(said.get(one)) if kind == "datetime" else self._number(said.get(one), kind)
                           for one in ("min", "max", "mean"))  # fmt: skip
        if not low <= mean <= high and not math.isclose(low, high, abs_tol=2 * ROUNDED):
            raise Untrue(f"the mean of {self.name}")
        self._ends(low, high, kind)
        bars = self._bars(said.get("histogram"), kind, low, high, self.rows - nulls)
        if bars is None:
            return None
        shown = (low * 1000, high * 1000, mean * 1000) if kind == "datetime" else (low, high, mean)
        note = {
            "float": "the ends of the bars are rounded to five digits",
            "datetime": "the ends of the bars are whole seconds",
        }.get(kind, "")
        least, most, middle = (worded(self.way, one) for one in shown)
        return self._summary(nulls, bars, note, least, most, middle)

    def _summary(
        self, nulls: int, bars: Ranges | Values | None = None, note: str = "", low: str | None = None,
        high: str | None = None, mean: str | None = None, distinct: int | None = None,
    ) -> Summary:  # fmt: skip
        if nulls and self.way.sort == "real":
            note = "; ".join(filter(None, ("NaN is counted as missing", note)))
        return Summary(
            self.name,
            "all",
            self.rows,
            self.rows,
            nulls,
            distinct,
            low,
            high,
            mean,
            bars,
            note=note,
            by=VIEWER,
        )

    def _nulls(self, said: Mapping[str, Any], *, real: bool) -> int:
        nulls = self._count(said.get("nan_count"))
        known = [one.nulls if one is not None else None for one in self.facts]
        least = sum(one or 0 for one in known)
        if (
            nulls > self.rows
            or least > nulls
            or (known and None not in known and not real and least != nulls)
        ):
            raise Untrue(f"what is missing in {self.name}")
        return nulls

    def _count(self, said: Any) -> int:
        if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= self.rows:
            raise Untrue(f"a count of {self.name}")
        return said

    def _number(self, said: Any, kind: str) -> Any:
        if isinstance(said, bool) or not isinstance(said, (int, float)) or not math.isfinite(said):
            raise Untrue(f"a figure of {self.name}")
        return said

    def _moment(self, said: Any) -> int:
        """Milliseconds since 1970."""
        try:
            when = datetime.datetime.fromisoformat(said)
            since = when.replace(tzinfo=None) - (when.utcoffset() or datetime.timedelta()) - edges.EPOCH
        except (TypeError, ValueError, OverflowError):
            raise Untrue(f"a time of {self.name}") from None
        return since // datetime.timedelta(seconds=1) * 1000

    def _ends(self, low: Any, high: Any, kind: str) -> None:
        """Beside what the files say."""
        if kind in ("list", "string_text"):
            if low < 0:
                raise Untrue(f"a length in {self.name}")
            return
        there = [
            one for one in self.facts if one is not None and one.low is not None and one.high is not None
        ]
        if not there or len(there) != len(self.facts):
            return
        lows, highs = [number(one.low) for one in there], [number(one.high) for one in there]
        if None in lows or None in highs:
            return
        slack = {"float": 2 * ROUNDED, "datetime": 1_000}.get(kind, 0)
        scale = 1000 if kind == "datetime" else 1
        for theirs, ours in ((low, min(lows)), (high, max(highs))):
            if abs(theirs - ours / scale if scale > 1 else theirs - ours) > slack:
                raise Untrue(f"the lowest or highest of {self.name}")

    def _bars(self, said: Any, kind: str, low: Any, high: Any, filled: int) -> Ranges | None:
        hist = said.get("hist") if isinstance(said, Mapping) else None
        ends = said.get("bin_edges") if isinstance(said, Mapping) else None
        if (
            not isinstance(hist, list)
            or not isinstance(ends, list)
            or not 0 < len(hist) == len(ends) - 1 <= MOST_BARS
        ):
            raise Untrue(f"the bars of {self.name}")
        counts = tuple(self._count(one) for one in hist)
        at = [self._moment(one) if kind == "datetime" else self._number(one, kind) for one in ends]
        if (
            sum(counts) != filled
            or any(one > behind for one, behind in pairwise(at))
            or (at[0], at[-1]) != (low, high)
        ):
            raise Untrue(f"the bars of {self.name}")
        if kind == "float":
            return self._real(at, counts)
        if kind == "datetime":
            at[-1] += 1000  # whole seconds leave out what lies behind them
            return Ranges(tuple(at), moments(self.way, at), counts) if _rising(at) else None
        if not all(isinstance(one, int) for one in at):
            raise Untrue(f"the bars of {self.name}")
        at[-1] += 1
        return Ranges(tuple(at), tuple(words.whole_ranges(at)), counts) if _rising(at) else None

    def _real(self, at: list[float], counts: tuple[int, ...]) -> Ranges | None:
        """A bar narrower than its ends are rounded says nothing."""
        alone = len(counts) == 1 and at[0] == at[1]
        if not alone and min(high - low for low, high in pairwise(at)) < NARROW:
            return None
        labels = [words.number(at[0])] if alone else words.ranges(at)
        first, last = at[0] - ROUNDED, at[-1] + ROUNDED
        if alone and not first < last:
            first, last = math.nextafter(first, -math.inf), math.nextafter(last, math.inf)
        return Ranges((first, *at[1:-1], last), tuple(labels), counts)

    def _values(self, kind: str, said: Mapping[str, Any], nulls: int) -> Summary:
        listed = said.get("frequencies")
        if not isinstance(listed, Mapping):
            raise Untrue(f"the values of {self.name}")
        counts = {self._value(kind, name): self._count(count) for name, count in listed.items()}
        none = self._count(said.get("no_label_count", 0))
        if none and kind == "class_label":
            counts[-1] = none
        if sum(counts.values()) != self.rows - nulls or len(counts) < len(listed):
            raise Untrue(f"the values of {self.name}")
        met = {value: count for value, count in counts.items() if count}
        most = max(TOPS, min(len(self.column.labels), edges.MOST))
        top = sorted(met.items(), key=lambda one: (-one[1], one[0]))[:most]
        others = sum(met.values()) - sum(count for _, count in top)
        bars = Values(
            tuple(value for value, _ in top), tuple(self._label(value) for value, _ in top),
            tuple(count for _, count in top), None, others,
        ) if top else None  # fmt: skip
        return self._summary(nulls, bars, distinct=len(met))

    def _value(self, kind: str, name: str) -> Any:
        if kind == "string_label":
            return name
        known: list[str] = ["False", "True"] if kind == "bool" else list(self.column.labels)
        if name not in known:
            raise Untrue(f"the values of {self.name}")
        return name == "True" if kind == "bool" else known.index(name)

    def _label(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return self.column.labels[value] if 0 <= value < len(self.column.labels) else str(value)
        return str(value)


def _rising(at: Sequence[float]) -> bool:
    return all(low < high for low, high in pairwise(at))
