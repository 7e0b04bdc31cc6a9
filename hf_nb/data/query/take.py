"""Rows from anywhere in a source, in the order they are asked for: near ones are read together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

from hf_nb.data.files import meter
from hf_nb.data.query import scan

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.source import Source

NEAR = 256  # rows in between that are read along, in files
AT_ONCE = 8  # stretches that are fetched at the same time


def take(source: Source, rows: Sequence[int], columns: Sequence[str] | None = None) -> pyarrow.Table:
    """The rows with these numbers."""
    import numpy
    import pyarrow

    if not len(rows):
        return source.read(0, 0, columns)
    asked = numpy.asarray(rows, dtype=numpy.int64)
    quick = getattr(source.parts[0], "take", None) if len(source.parts) == 1 else None
    if quick is not None and (found := quick(asked, columns)) is not None:
        return found
    distinct, back = numpy.unique(asked, return_inverse=True)
    runs = _runs(distinct.tolist(), 0 if scan.held(source) else NEAR)
    tables = _read(source, runs, columns)
    starts = numpy.cumsum([0] + [table.num_rows for table in tables[:-1]])
    firsts = numpy.asarray([first for first, _ in runs])
    of = numpy.searchsorted(firsts, distinct, side="right") - 1
    places = (starts[of] + distinct - firsts[of])[back]
    whole = tables[0] if len(tables) == 1 else pyarrow.concat_tables(tables, promote_options="permissive")
    if len(places) == whole.num_rows and (numpy.diff(places) == 1).all():
        return whole
    return whole.take(pyarrow.array(places))


def _runs(rows: Sequence[int], near: int) -> list[tuple[int, int]]:
    """(first, count) of stretches that hold them."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row - sum(runs[-1]) <= near:
            runs[-1] = (runs[-1][0], row - runs[-1][0] + 1)
        else:
            runs.append((row, 1))
    return runs


def _read(
    source: Source, runs: Sequence[tuple[int, int]], columns: Sequence[str] | None
) -> list[pyarrow.Table]:
    if not scan.remote(source) or len(runs) == 1:
        return [source.read(first, count, columns) for first, count in runs]
    names = list(columns) if columns is not None else source.schema.names
    meter.may(scan.cost(source, names, [scan.Span(*run) for run in runs]), "This page")
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hf-nb-take") as pool:
        coming = [
            pool.submit(copy_context().run, source.read, first, count, columns) for first, count in runs
        ]
        return [one.result() for one in coming]
