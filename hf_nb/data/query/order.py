"""Rows in the order of a column: the first ones alone at once, all of them when somebody goes that far.

What is missing comes last; equal ones stay as they stand. DuckDB sorts, and goes to the disk where memory ends.
"""

# ruff: noqa: S608 -- SQL is made here: names are quoted by `query.names`, conditions parsed by `query.tree`
from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from hf_nb.data.query import engine, handing, scan, wanted
from hf_nb.data.query.coming import Coming, settled
from hf_nb.data.query.names import quoted
from hf_nb.data.query.numbers import FEW

if TYPE_CHECKING:
    import numpy
    import pyarrow

    from hf_nb.data.parts import Block
    from hf_nb.data.query.wanted import Wanted
    from hf_nb.data.source import Source


NEAR = 65_000  # between the lowest and the highest


def ordered(
    source: Source, asked: Wanted, within: numpy.ndarray | None = None, limit: int | None = None
) -> numpy.ndarray:
    """Numbers of the source's rows (of those `within`) as they are sorted; the first `limit` where one is given."""
    return settled([source], lambda: _ordered(source, asked, within, limit))


def _ordered(source: Source, asked: Wanted, within: numpy.ndarray | None, limit: int | None) -> numpy.ndarray:
    assert asked.sort is not None
    name = asked.sort[0]
    if limit is None and (counted := _counted(source, asked, within)) is not None:
        return counted
    key = wanted.order(asked, source.schema)
    first = f" LIMIT {limit}" if limit is not None else ""
    ids = quoted(handing.id_name(wanted.names(source.schema)))
    with contextlib.ExitStack() as around:
        duck = around.enter_context(engine.cursor(alone=limit is None))
        if scan.held(source):
            duck.register("t", _whole(source, name, within))
        else:
            coming = _coming(source, name, within)
            around.enter_context(coming.watched())
            duck.register("t", coming.reader())
        told = duck.sql(f"SELECT {ids} AS id FROM t ORDER BY {key}, {ids}{first}")
        rows: numpy.ndarray = told.fetchnumpy()["id"]
    engine.give_back()
    return rows


def _counted(source: Source, asked: Wanted, within: numpy.ndarray | None) -> numpy.ndarray | None:
    """Whole numbers near each other, as labels and years are: counted, which is tens of times quicker than sorting."""
    import pyarrow
    import pyarrow.compute
    from pyarrow import types

    assert asked.sort is not None
    name, descending = asked.sort
    if not scan.held(source) or not types.is_integer(source.schema.field(name).type):
        return None
    total = source.count()
    column = source.read(0, total, [name]).column(0)
    ends = pyarrow.compute.min_max(column).as_py()
    if ends["min"] is None or ends["max"] - ends["min"] > NEAR:
        return None
    if within is not None:
        column = column.take(pyarrow.array(within))
    way = "descending" if descending else "ascending"
    places = pyarrow.compute.array_sort_indices(column.combine_chunks(), order=way).to_numpy()
    found: numpy.ndarray = places.astype(_numbers(0, 0, total).dtype) if within is None else within[places]
    return found


def _numbers(begin: int, end: int, total: int) -> numpy.ndarray:
    import numpy

    return numpy.arange(begin, end, dtype=numpy.uint32 if total < FEW else numpy.uint64)


def _whole(source: Source, name: str, within: numpy.ndarray | None) -> pyarrow.Table:
    import pyarrow

    total = source.count()
    column = source.read(0, total, [name])
    if within is not None:
        column = column.take(pyarrow.array(within))
    ids = _numbers(0, total, total) if within is None else within
    return handing.numbered(column, wanted.names(source.schema), ids)


def _coming(source: Source, name: str, within: numpy.ndarray | None) -> Coming:
    """As a stream, so that no column need fit into memory."""
    import pyarrow

    called = wanted.names(source.schema)
    total = source.rows if source.rows is not None else FEW
    over = scan.spans(source, [name], None if within is None else _holding(within))

    def tables() -> Iterator[pyarrow.Table]:
        for span, rows in scan.scan(source, [name], over, "Sorting"):
            ids = _numbers(span.first, span.first + rows.num_rows, total)
            if within is not None:
                begin, end = within.searchsorted([span.first, span.first + rows.num_rows])
                ids = within[begin:end]
                rows = rows.take(pyarrow.array(ids.astype("int64") - span.first))  # noqa: PLW2901
            yield handing.numbered(rows, called, ids)

    return Coming(tables(), handing.numbered(source.read(0, 0, [name]), called, _numbers(0, 0, total)))


def _holding(within: numpy.ndarray) -> Callable[[int, Block], bool]:
    def some(at: int, block: Block) -> bool:
        begin, end = within.searchsorted([block.first, block.first + block.rows])
        return bool(end > begin)

    return some
