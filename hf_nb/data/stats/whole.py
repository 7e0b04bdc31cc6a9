"""Exact summaries: every row is looked at. The bars of a column are chosen once, so brushing compares alike."""

# ruff: noqa: S608 -- SQL is made here: names are quoted by `query.names`, conditions parsed by `query.tree`
from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hf_nb.data.files import meter
from hf_nb.data.query import engine, handing, mishaps, scan
from hf_nb.data.query.coming import Coming, settled
from hf_nb.data.stats import measure
from hf_nb.data.stats.shape import Stretches, Tops
from hf_nb.data.stats.way import Way, way
from hf_nb.errors import BadInput
from hf_nb.values.summaries import Basis, Ranges, Summary, Values

if TYPE_CHECKING:
    import duckdb
    import numpy
    import pyarrow

    from hf_nb.data.query.view import View
    from hf_nb.data.source import Source
    from hf_nb.values.data import Column


@dataclass(frozen=True)
class Known:
    """The bars of a column, and how many of all rows are in each."""

    shape: Stretches | Tops | None
    counts: tuple[int, ...]


_known: weakref.WeakKeyDictionary[Source, dict[str, Known]] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def summaries(source: Source, view: View | None, names: Sequence[str], *, exact: bool) -> Iterator[Summary]:
    """Column by column; of the rows in the view, if there is one."""
    within = view.numbers() if view is not None else None
    columns = {column.name: column for column in source.columns}
    if scan.held(source):
        for name in names:
            yield _held(source, columns[name], within, exact=exact)
        engine.give_back()
        return
    if source.rows is not None:
        meter.may(scan.cost(source, names, scan.spans(source, names)), "Looking at every row")
    columnar = all(hasattr(part, "footer") for part in source.parts)
    for group in [[name] for name in names] if columnar else [list(names)]:
        looked = partial(_streamed, source, group, within, exact=exact)
        yield from settled([source], looked)


def _held(source: Source, described: Column, within: numpy.ndarray | None, *, exact: bool) -> Summary:
    import pyarrow

    name = described.name
    column = source.read(0, source.count(), [name])
    measured = way(source.schema.field(name), described).over("v")
    values = handing.known(column.column(0))
    with engine.cursor() as duck:
        known = _remembered(source, name)
        if known is None or within is None:
            duck.register("t", pyarrow.table({"v": values}))
            whole = told(duck, name, measured, described.labels, exact=exact)
            known = _remember(source, name, whole)
            if within is None:
                return whole.summary
        duck.register("t", pyarrow.table({"v": values.take(pyarrow.array(within))}))
        return told(duck, name, measured, described.labels, exact=exact, known=known).summary


def _streamed(
    source: Source, names: Sequence[str], within: numpy.ndarray | None, *, exact: bool
) -> list[Summary]:
    """Through a table of DuckDB's own, which goes to the disk where memory ends."""
    columns = {column.name: column for column in source.columns}
    ways = {name: way(source.schema.field(name), columns[name]) for name in names}
    called = {name: f"c{at}" for at, name in enumerate(names)}
    kept = ", ".join(part for name in names for part in _kept(ways[name].over(called[name]), called[name]))
    stream = Coming(_tables(source, names, called, within), _empty(source, names, called))
    made: list[Summary] = []
    with engine.cursor(alone=True) as duck, stream.watched():
        duck.register("coming", stream.reader())
        duck.execute(f"CREATE TEMP TABLE looked AS SELECT {kept}, met FROM coming")
        duck.unregister("coming")
        for name in names:
            at, labels, measured = called[name], columns[name].labels, _stored(ways[name])
            some = f"SELECT {at}v AS v, {at}n AS n, {at}h AS h FROM looked"
            duck.execute(f"CREATE OR REPLACE TEMP VIEW t AS {some}")
            whole = told(duck, name, measured, labels, exact=exact)
            known = _remember(source, name, whole)
            if within is None:
                made.append(whole.summary)
                continue
            duck.execute(f"CREATE OR REPLACE TEMP VIEW t AS {some} WHERE met")
            made.append(told(duck, name, measured, labels, exact=exact, known=known).summary)
    return made


def _kept(over: Way, column: str) -> Iterator[str]:
    """What of a cell is stored: no long text, no picture."""
    if over.sort == "length" and over.value:
        yield f"left({column}, {measure.LONGEST * 4}) AS {column}v"
        yield f"{over.number} AS {column}n, hash({column}) AS {column}h"
    elif over.value:
        yield f"{column} AS {column}v, NULL AS {column}n, NULL AS {column}h"
    else:
        number = over.number or f"CASE WHEN {column} IS NOT NULL THEN 1 END"
        yield f"{number} AS {column}v, NULL AS {column}n, NULL AS {column}h"


def _stored(measured: Way) -> Way:
    """How it is measured in the table of what is kept."""
    if measured.sort == "length" and measured.value:
        return replace(measured, number="n", value="v", same="CASE WHEN v IS NOT NULL THEN h END")
    return measured.over("v") if measured.value else replace(measured, number="v" if measured.number else "")


def _tables(
    source: Source, names: Sequence[str], called: dict[str, str], within: numpy.ndarray | None
) -> Iterator[pyarrow.Table]:
    import numpy

    for span, rows in scan.scan(source, names, scan.spans(source, names), "Looking at every row"):
        met = numpy.ones(rows.num_rows, dtype=bool)
        if within is not None:
            met[:] = False
            begin, end = within.searchsorted([span.first, span.first + rows.num_rows])
            met[within[begin:end].astype(numpy.int64) - span.first] = True
        yield _with(rows, called, met)


def _empty(source: Source, names: Sequence[str], called: dict[str, str]) -> pyarrow.Table:
    import numpy

    return _with(source.read(0, 0, names), called, numpy.ones(0, dtype=bool))


def _with(rows: pyarrow.Table, called: dict[str, str], met: numpy.ndarray) -> pyarrow.Table:
    import pyarrow

    return handing.table(rows, called).append_column("met", pyarrow.array(met))


@dataclass(frozen=True)
class Told:
    """A summary, and the bars it shows."""

    summary: Summary
    known: Known


def told(
    duck: duckdb.DuckDBPyConnection,
    name: str,
    over: Way,
    labels: Sequence[str],
    *,
    exact: bool = False,
    known: Known | None = None,
    basis: Basis = "all",
    of: int | None = None,
) -> Told:
    """The column that stands as `v` in `t`; with bars like those that are `known`, or its own."""
    try:
        with mishaps.translated():
            found = measure.figures(duck, over, exact=exact)
            shape = known.shape if known is not None else measure.shaped(duck, over, found, labels)
            counts = tuple(measure.counted(duck, over, shape)) if shape is not None else ()
    except BadInput as error:  # a value that has no number: a time beyond all calendars
        rows = duck.execute("SELECT count(*), count(v) FROM t").fetchall()[0]
        missing = rows[0] - rows[1]
        return Told(Summary(name, basis, rows[0], of, missing, note=error.problem), Known(None, ()))
    bars: Ranges | Values | None = None
    if isinstance(shape, Stretches):
        bars = shape.bars(counts, known.counts if known is not None else None)
    elif shape is not None:
        everything = known.counts if known is not None else None
        bars = shape.bars(counts, everything, found.filled - sum(counts))
    summary = Summary(
        name,
        basis,
        found.rows,
        found.rows if basis == "all" else of,
        found.rows - found.filled,
        found.distinct,
        measure.worded(over, found.low),
        measure.worded(over, found.high),
        measure.worded(over, found.mean),
        bars,
        distinct_about=found.about,
        note=_note(found, shape),
    )
    return Told(summary, Known(shape, counts))


def _note(found: measure.Measured, shape: Stretches | Tops | None) -> str:
    said = []
    if found.odd:
        said.append(f"{found.odd:,} NaN")
    if found.endless:
        said.append(f"{found.endless:,} infinite")
    left = [f"{' and '.join(said)} left out"] if said else []
    if isinstance(shape, Stretches) and shape.wide:
        left.append("the outermost bars are wider: few values lie so far out")
    return "; ".join(left)


def _remembered(source: Source, name: str) -> Known | None:
    with _lock:
        return _known.get(source, {}).get(name)


def _remember(source: Source, name: str, whole: Told) -> Known:
    with _lock:
        return _known.setdefault(source, {}).setdefault(name, whole.known)
