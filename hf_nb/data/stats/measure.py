"""A column measured by DuckDB. It stands as `v` in a table `t`, or in a part of one."""

# ruff: noqa: S608 -- SQL is made here: names are quoted by `query.names`, conditions parsed by `query.tree`
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.data.query.names import number
from hf_nb.data.stats import edges, words
from hf_nb.data.stats.shape import Stretches, Tops, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from hf_nb.data.stats.way import Way

COUNTED = 1_000_000  # rows up to which different values are counted one by one where nobody asks for more
TOPS = 10
FEW = 200  # different texts, at most, that are shown by themselves however many rows there are
LONGEST = 120  # characters of a text, on the average, that stands for itself beside a bar
LOOKED = 50_000  # rows that say where nearly all numbers lie


@dataclass(frozen=True)
class Measured:
    """The plain figures. `low`, `high`: of the column's number; `odd`: rows whose number is none, or is endless."""

    rows: int
    filled: int
    odd: int
    endless: int
    low: Any
    high: Any
    mean: float | None
    distinct: int | None
    about: bool


def figures(duck: duckdb.DuckDBPyConnection, way: Way, *, exact: bool) -> Measured:
    """One pass; a second for different values where they are counted exactly."""
    if way.sort == "none":
        rows, filled = duck.execute("SELECT count(*), count(v) FROM t").fetchall()[0]
        return Measured(rows, filled, 0, 0, None, None, None, None, about=False)
    real = way.sort == "real"
    of = way.number or "NULL::BIGINT"
    good = f" FILTER (isfinite({of}))" if real else ""
    odd = f"count(*) FILTER (isnan({of})), count(*) FILTER (isinf({of}))" if real else "0, 0"
    rows, filled, nan, endless, low, high, mean = duck.execute(
        f"SELECT count(*), count(v), {odd}, min({of}){good}, max({of}){good}, avg({of}){good} FROM t"
    ).fetchall()[0]
    distinct, about = None, False
    if way.value:
        about = not exact and rows > COUNTED
        how = f"approx_count_distinct({way.same})" if about else f"count(DISTINCT {way.same})"
        told = f" FILTER (NOT isnan({of}))" if real else ""
        distinct = duck.execute(f"SELECT {how}{told} FROM t").fetchall()[0][0]
        if about:
            distinct = min(distinct, filled)
    return Measured(rows, filled, nan, endless, low, high, mean, distinct, about)


def shaped(
    duck: duckdb.DuckDBPyConnection, way: Way, known: Measured, labels: Sequence[str]
) -> Stretches | Tops | None:
    """The bars that suit what was measured."""
    if not way.bars or not known.filled:
        return None
    if way.top and _by_value(way, known):
        tops = _tops(duck, way, labels)
        if tops is not None:
            return tops
    if way.sort == "value" or known.low is None:
        return None
    return stretches(way, known.low, known.high, _inner(duck, way, known))


def counted(duck: duckdb.DuckDBPyConnection, way: Way, shape: Stretches | Tops) -> list[int]:
    """How many rows are in each bar."""
    if isinstance(shape, Tops):
        found = dict(
            duck.execute(
                f"SELECT {way.value}, count(*) FROM t WHERE {way.value} IN (SELECT unnest(?)) GROUP BY 1",
                [list(shape.values)],
            ).fetchall()
        )
        return [int(found.get(value, 0)) for value in shape.values]
    ends = ", ".join(number(end) for end in shape.ends)
    good = f" WHERE isfinite({way.number})" if way.sort == "real" else ""
    found = (
        duck.execute(
            f"SELECT histogram({way.number}::{way.kind}, [{ends}]::{way.kind}[]) FROM t{good}"
        ).fetchall()[0][0]
        or {}
    )
    return [int(found.get(end, 0)) for end in shape.ends]


def _by_value(way: Way, known: Measured) -> bool:
    if way.sort == "value":
        return True
    distinct = known.distinct or 0
    if known.mean is None or known.mean > LONGEST:
        return False
    return distinct <= FEW or (known.rows <= COUNTED and distinct <= known.filled // 2)


def _tops(duck: duckdb.DuckDBPyConnection, way: Way, labels: Sequence[str]) -> Tops | None:
    most = max(TOPS, min(len(labels), edges.MOST))
    found = duck.execute(
        f"SELECT {way.value} AS a, count(*) AS n FROM t WHERE a IS NOT NULL GROUP BY a ORDER BY n DESC, a LIMIT {most}"
    ).fetchall()
    if not found or (found[0][1] == 1 and len(found) > 1 and way.sort != "value"):
        return None  # each stands once: nothing to compare
    values = tuple(value for value, _ in found)
    return Tops(values, tuple(_label(value, labels) for value in values))


def _label(value: Any, labels: Sequence[str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and labels:
        return labels[value] if 0 <= value < len(labels) else str(value)
    return str(value)


def _inner(duck: duckdb.DuckDBPyConnection, way: Way, known: Measured) -> tuple[Any, Any] | None:
    """Where 99 of 100 rows lie, if far ones would leave them one bar only."""
    if way.sort not in {"whole", "real", "length"} or known.high - known.low <= edges.MOST * (
        way.sort != "real"
    ):
        return None
    part = max(0.5, min(100.0, 100 * LOOKED / max(1, known.rows)))
    good = f" WHERE isfinite({way.number})" if way.sort == "real" else ""
    found = duck.execute(
        f"SELECT quantile_disc({way.number}, [0.005, 0.995]) "
        f"FROM (SELECT * FROM t USING SAMPLE {part} PERCENT (system, 7)){good}"
    ).fetchall()[0][0]
    if not found or None in found or not edges.outliers(known.low, known.high, found):
        return None
    return found[0], found[1]


def worded(way: Way, value: Any) -> str | None:
    """A figure as people read it."""
    if value is None:
        return None
    match way.sort:
        case "moment":
            said = words.moment(value / 1000, edges.DAY if way.unit == "day" else 1)
            return f"{said} UTC" if way.unit == "UTC" else said
        case "stretch":
            return words.stretch(value / 1000)
        case "size":
            return words.size(value)
        case "length":
            said = words.number(round(value, 1) if isinstance(value, float) else value)
            return f"{said} {way.unit}{'' if said == '1' else 's'}"
    return words.number(value)
