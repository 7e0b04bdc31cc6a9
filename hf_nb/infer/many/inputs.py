"""What can be asked about, as rows one after another: walked through once, never copied as a whole."""

from __future__ import annotations

import glob
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.plumbing import redact

AT_ONCE = 2_000  # rows read of a stored table at a time
MOST_BYTES = 20_000_000  # of one file
Column = str | Mapping[str, Any] | None


@dataclass
class Inputs:
    """`rows` one after another; `total` where it is known; `table`: the frame a new column goes beside.

    `kept`: what was given, where it stays as it is; else it is collected while it is walked through.
    """

    rows: Iterator[Any]
    total: int | None = None
    table: Any = None
    kept: Sequence[Any] | None = None


def inputs(given: Any, column: Column, limit: int | None = None) -> Inputs:
    """Texts, a column of a frame or a stored table, files by a pattern, mappings, or anything that comes in turn."""
    if limit is not None and limit < 0:
        raise BadInput("limit is a number of rows.", "limit=100")
    if is_polars(given) and hasattr(given, "collect"):
        given = (given if limit is None else given.head(limit)).collect()
    made = _inputs(given, column)
    if limit is None:
        return made
    total = limit if made.total is None else min(limit, made.total)
    table = None if made.table is None else made.table.head(limit)
    unknown = made.total is None
    return Inputs(itertools.islice(made.rows, limit), None if unknown else total, table)


def is_polars(given: Any) -> bool:
    """A frame or a column of polars, which need not be here."""
    return type(given).__module__.partition(".")[0] == "polars"


def _inputs(given: Any, column: Column) -> Inputs:
    if isinstance(given, (str, Path)):
        return _files(str(given))
    if isinstance(given, Mapping):
        return _table(
            lambda name: given[name], list(given), column, len(next(iter(given.values()), ())), None
        )
    if hasattr(given, "read") and hasattr(given, "schema"):  # a table that stands on a disk or on the Hub
        return _stored(given, column)
    if hasattr(given, "column_names") and hasattr(given, "column"):  # pyarrow
        return _table(
            lambda name: given.column(name).to_pylist(), given.column_names, column, given.num_rows, None
        )
    if hasattr(given, "columns") and not hasattr(given, "to_list"):
        return _frame(given, column)
    if isinstance(column, Mapping):
        raise BadInput(
            "Columns are named of a table, and this is none.", "A DataFrame, or a list of mappings"
        )
    return _sequence(given, column)


def _sequence(given: Any, column: str | None) -> Inputs:
    for name in ("to_pylist", "to_list", "tolist"):  # pyarrow, pandas and polars, numpy
        if hasattr(given, name) and not isinstance(given, (list, tuple)):
            table = given.to_frame() if hasattr(given, "iloc") or is_polars(given) else None
            if table is not None and (not isinstance(table.columns[0], str) or not table.columns[0]):
                table.columns = ["input"]
            given = getattr(given, name)()
            return Inputs(iter(given), len(given), table, given)
    if isinstance(given, (list, tuple)):
        given = [_member(one, column) for one in given] if column is not None else given
        return Inputs(iter(given), len(given), None, given)
    if not isinstance(given, Iterable):
        raise BadInput(
            f"Nothing can be asked about {type(given).__name__}.",
            "A list of texts, a column, a table or files",
        )
    total = len(given) if isinstance(given, Sized) else None
    return Inputs((_member(one, column) for one in given), total)


def _member(one: Any, column: str | None) -> Any:
    if column is None:
        return one
    return one.get(column) if isinstance(one, Mapping) else None


def _frame(frame: Any, column: Column) -> Inputs:
    """pandas, or what is like it."""
    names = list(frame.columns)
    table = frame if hasattr(frame, "iloc") or is_polars(frame) else None

    def cells(name: Any) -> Any:
        found = frame[name]
        if hasattr(found, "columns"):
            raise BadInput(
                f"There are several columns {str(name)!r}.", "Give one of them another name first."
            )
        return found.to_list() if hasattr(found, "to_list") else list(found)

    return _table(cells, names, column, len(frame), table)


def _table(cells: Any, names: list[Any], column: Column, total: int, table: Any) -> Inputs:
    wanted = _wanted(column, names)
    if isinstance(wanted, dict):
        parts = {
            field: cells(name) if _is_column(name, names) else itertools.repeat(name, total)
            for field, name in wanted.items()
        }
        rows: Any = [dict(zip(parts, row, strict=True)) for row in zip(*parts.values(), strict=True)]
        return Inputs(iter(rows), total, table, rows)
    rows = list(cells(wanted))
    return Inputs(iter(rows), total, table, rows)


def _is_column(name: Any, names: Sequence[Any]) -> bool:
    return isinstance(name, str) and name in names


def _wanted(column: Column, names: Sequence[Any]) -> Any:
    """The one column; or fields by name, each a column, or what is the same in every row."""
    if column is None:
        if len(names) == 1:
            return names[0]
        listed = ", ".join(str(one) for one in list(names)[:8])
        raise BadInput(f"Which column? There are {listed}{' …' if len(names) > 8 else ''}.", 'column="text"')
    if isinstance(column, Mapping):
        if not column or not any(_is_column(one, names) for one in column.values()):
            raise BadInput("None of these is a column.", 'column={"text": "body", "candidate_labels": […]}')
        return dict(column)
    if column not in names:
        import difflib

        near = difflib.get_close_matches(str(column), [str(one) for one in names], n=1, cutoff=0.0)
        raise BadInput(
            f"There is no column {column!r}.", f"Did you mean {near[0]}?" if near else "The table has none."
        )
    return column


def _stored(source: Any, column: Column) -> Inputs:
    """A table read piece by piece, only the columns that are asked about."""
    names = list(source.schema.names)
    wanted = _wanted(column, names)
    used = [wanted] if not isinstance(wanted, dict) else [v for v in wanted.values() if _is_column(v, names)]

    def rows() -> Iterator[Any]:
        for offset in itertools.count(0, AT_ONCE):
            piece = source.read(offset, AT_ONCE, list(dict.fromkeys(used)))
            inner = _table(
                lambda name, piece=piece: piece.column(name).to_pylist(), names, wanted, piece.num_rows, None
            )
            yield from inner.rows
            if piece.num_rows < AT_ONCE:
                return

    return Inputs(rows(), source.rows)


def _files(pattern: str) -> Inputs:
    """The text of every file that the pattern fits, by name."""
    found = glob.glob(str(Path(pattern).expanduser()), recursive=True)  # noqa: PTH207 -- Path.glob knows no absolute pattern
    names = sorted(one for one in found if Path(one).is_file())
    if not names:
        raise BadInput(f"No file is called {pattern}.", 'A list of texts, a table, or files: "notes/*.txt"')
    return Inputs(map(_file, names), len(names), None)


def _file(name: str) -> Any:
    """Its text; of one that is none, what is wrong with it."""
    try:
        if Path(name).stat().st_size > MOST_BYTES:
            return BadInput(f"{name} is too large to be read at once.")
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else "it is no text"
        return BadInput(f"{name} cannot be read: {why}.")
    if redact.has_hub_token(text):
        return BadInput(f"{name} holds a Hub token, which is no model's business.", "Take it out first.")
    return text
