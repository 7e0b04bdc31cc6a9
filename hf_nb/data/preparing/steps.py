"""What is done with rows: some are left out, columns are made. Expressions in SQL, or functions of the notebook.

Filter("length(text) > 20")   Filter(lambda row: row["stars"] > 2)
Map({"length": "length(text)", "short": lambda row: row["text"][:20]})   Map(lambda row: {"text": row["text"].lower()})
Tokens("text", pieces, 128)
"""

from __future__ import annotations

import hashlib
import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hf_nb.data.preparing import expressions, texts
from hf_nb.data.preparing.pieces import Pieces
from hf_nb.errors import BadInput
from hf_nb.values.rows import python

if TYPE_CHECKING:
    import pyarrow

Function = Callable[[dict[str, Any]], Any]
AT_ONCE = 1_000  # texts


class Step(Protocol):
    """Rows in, rows out; the same for the same."""

    def said(self) -> str:
        """What it does, to be compared with what a run that broke off did."""

    def needs(self, schema: pyarrow.Schema) -> set[str] | None:
        """The columns it looks at; None: maybe all."""

    def after(self, schema: pyarrow.Schema) -> pyarrow.Schema | None:
        """The columns behind it; None where only a run tells. Refuses what cannot be."""

    def __call__(self, table: pyarrow.Table, first: int) -> pyarrow.Table:
        """Some rows, of which the first was row `first` of the table where none were left out before."""


@dataclass(frozen=True)
class Filter:
    """Only rows that meet it."""

    test: str | Function

    def said(self) -> str:
        return f"filter {_said(self.test)}"

    def needs(self, schema: pyarrow.Schema) -> set[str] | None:
        return expressions.touched(self.test, schema) if isinstance(self.test, str) else None

    def after(self, schema: pyarrow.Schema) -> pyarrow.Schema | None:
        if isinstance(self.test, str):
            expressions.checked(self.test, schema)
        return schema

    def __call__(self, table: pyarrow.Table, first: int) -> pyarrow.Table:
        import pyarrow
        from pyarrow import compute

        if isinstance(self.test, str):
            (kept,) = expressions.evaluated([f"CAST(({self.test}\n) AS BOOLEAN)"], table)
            return table.filter(compute.fill_null(kept, False))
        return table.filter(
            pyarrow.array([bool(one) for one in _called(self.test, table, first)], pyarrow.bool_())
        )


@dataclass(frozen=True)
class Map:
    """Columns made from others, in their place where there was one of this name."""

    made: Mapping[str, str | Function] | Function

    @property
    def names(self) -> list[str]:
        """The columns it makes, where it says so."""
        return [] if callable(self.made) else list(self.made)

    def said(self) -> str:
        if callable(self.made):
            return f"map {_said(self.made)}"
        return "map " + ", ".join(f"{name}={_said(one)}" for name, one in self.made.items())

    def needs(self, schema: pyarrow.Schema) -> set[str] | None:
        if callable(self.made) or not all(isinstance(one, str) for one in self.made.values()):
            return None
        return {name for one in self.made.values() for name in expressions.touched(str(one), schema)}

    def after(self, schema: pyarrow.Schema) -> pyarrow.Schema | None:
        if callable(self.made):
            return None
        if not self.made:
            raise BadInput("Which columns are made?", 'map={"length": "length(text)"}')
        for one in self.made.values():
            if isinstance(one, str):
                expressions.checked(one, schema)
        return (
            self(schema.empty_table(), 0).schema
            if all(isinstance(one, str) for one in self.made.values())
            else None
        )

    def __call__(self, table: pyarrow.Table, first: int) -> pyarrow.Table:
        if callable(self.made):
            return _placed(table, _gathered(list(_called(self.made, table, first)), table))
        asked = {name: one for name, one in self.made.items() if isinstance(one, str)}
        found: dict[str, Any] = (
            dict(zip(asked, expressions.evaluated(list(asked.values()), table), strict=True)) if asked else {}
        )
        for name, one in self.made.items():
            if not isinstance(one, str):
                found[name] = _array(list(_called(one, table, first)), name)
        return _placed(table, {name: found[name] for name in self.made})


@dataclass(frozen=True)
class Tokens:
    """A column of texts as numbers, in `input_ids`."""

    column: str
    pieces: Pieces
    longest: int | None = None

    def said(self) -> str:
        return f"tokens {self.column} {self.pieces.digest} {self.longest}"

    def needs(self, schema: pyarrow.Schema) -> set[str] | None:
        return {self.column}

    def after(self, schema: pyarrow.Schema) -> pyarrow.Schema | None:
        at = schema.get_field_index(self.column)
        if at < 0 or not texts.holds_text(schema.field(at).type):
            raise BadInput(
                f"There is no column of texts {self.column!r}.", f"Columns: {', '.join(schema.names[:20])}"
            )
        return self(schema.empty_table(), 0).schema

    def __call__(self, table: pyarrow.Table, first: int) -> pyarrow.Table:
        import pyarrow

        cells = texts.cells(table.column(self.column))
        made: list[list[int] | None] = [None] * len(cells)
        there = [at for at, one in enumerate(cells) if one is not None]
        for begin in range(0, len(there), AT_ONCE):
            some = there[begin : begin + AT_ONCE]
            for at, ids in zip(
                some, self.pieces.ids([cells[at] or "" for at in some], self.longest), strict=True
            ):
                made[at] = ids
        return _placed(table, {"input_ids": pyarrow.array(made, pyarrow.list_(pyarrow.int32()))})


def _called(function: Function, table: pyarrow.Table, first: int) -> Iterator[Any]:
    """What a function says of each row."""
    for at, row in enumerate(zip(*map(python, table.columns), strict=True)):
        try:
            yield function(dict(zip(table.column_names, row, strict=True)))
        except Exception as wrong:
            raise BadInput(
                f"The function failed near row {first + at:,}: {type(wrong).__name__}: {str(wrong)[:200]}",
                "The rows before it are kept; mended, it begins anew with replace=True.",
            ) from wrong


def _gathered(rows: list[Any], table: pyarrow.Table) -> dict[str, Any]:
    """Columns of what a function returned for each row; what it did not name stays."""
    names: dict[str, None] = {}
    for one in rows:
        if not isinstance(one, Mapping):
            raise BadInput(
                f"The function returned a {type(one).__name__}.", 'A dict: {"text": row["text"].lower()}'
            )
        names.update(dict.fromkeys(map(str, one)))
    found = {}
    for name in names:
        old = python(table.column(name)) if name in table.column_names else [None] * len(rows)
        found[name] = _array([row.get(name, was) for row, was in zip(rows, old, strict=True)], name)
    return found


def _array(values: list[Any], name: str) -> Any:
    import pyarrow

    try:
        return pyarrow.array(values)
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as wrong:
        raise BadInput(
            f"The values made for {name!r} are of several kinds: {str(wrong)[:120]}", "One kind per column"
        ) from None


def _placed(table: pyarrow.Table, made: Mapping[str, Any]) -> pyarrow.Table:
    """With these columns, each where it was or at the end; one whose type stays keeps what is known of it."""
    import pyarrow

    for name, column in made.items():
        at = table.schema.get_field_index(name)
        if at < 0:
            table = table.append_column(name, column)
            continue
        known = table.schema.field(at)
        if column.type != known.type:
            try:
                column = column.cast(known.type)  # noqa: PLW2901 -- the same in the type it had
            except (pyarrow.ArrowException, ValueError):
                known = pyarrow.field(name, column.type)
        table = table.set_column(at, known, column)
    return table


def _said(one: str | Function) -> str:
    return one if isinstance(one, str) else hashlib.sha256(_code(one, 0).encode()).hexdigest()


def _code(function: Any, deep: int) -> str:
    """What a function does: its code, and the plain values it takes from around it."""
    code = getattr(function, "__code__", None)
    if code is None:
        inner = getattr(function, "func", None)  # functools.partial
        if inner is not None:
            return f"{_code(inner, deep)} {function.args!r} {function.keywords!r}"
        return f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', type(function).__qualname__)}"
    parts = [_bytes(code), repr(function.__defaults__), repr(function.__kwdefaults__)]
    around = [cell.cell_contents for cell in function.__closure__ or ()]
    around += [function.__globals__[name] for name in code.co_names if name in function.__globals__]
    for one in around:
        if isinstance(one, types.FunctionType) and deep < 5:
            parts.append(_code(one, deep + 1))
        elif isinstance(one, (str, bytes, int, float, bool, tuple, frozenset, list, dict, type(None))):
            parts.append(re.sub(r" at 0x[0-9a-f]+", "", repr(one)[:10_000]))  # another one in every process
    return "\n".join(parts)


def _bytes(code: types.CodeType) -> str:
    consts = [_bytes(one) if isinstance(one, types.CodeType) else repr(one) for one in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {consts}"
