"""Which rows of a table are wanted, and in which order; checked against its columns, and as SQL.

Wanted(filters=(Filter("label", "in", ("cat", "dog")), Filter("score", "between", (0.5, None))))
Wanted(search='refund "credit card"')          words and phrases that must all stand somewhere in a row's texts
Wanted(where="length(text) > 100", sort=("score", True))
"""

# ruff: noqa: S608 -- SQL is made here: names are quoted by `query.names`, conditions parsed by `query.tree`
from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.data.query import texts, tree
from hf_nb.data.query.names import moment, nearest, number, quoted, text, told_apart
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    import pyarrow

Test = Literal["between", "in", "has", "null", "filled"]
MOST = 10_000  # values of one filter
_WORD = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True)
class Filter:
    """One condition.

    `between`: [low, high), None where open, the high end included where `closed`; of a text or a list with numbers: its
    length. `in`: values. `has`: a text, any case. `null` and `filled`: no values. Times are milliseconds since 1970, or
    texts as ISO writes them.
    """

    column: str
    test: Test
    values: Sequence[Any] = ()
    closed: bool = False


@dataclass(frozen=True)
class Wanted:
    """All rows as they stand, where nothing is said. `sort`: a column, and whether the largest comes first."""

    filters: Sequence[Filter] = ()
    search: str = ""
    where: str = ""
    sort: tuple[str, bool] | None = None

    @property
    def all(self) -> bool:
        """Whether every row is wanted."""
        return not (self.filters or self.search.strip() or self.where.strip())


@dataclass(frozen=True)
class Condition:
    """A wanted's conditions as SQL, and the columns they look at."""

    sql: str
    columns: tuple[str, ...]


def names(schema: pyarrow.Schema) -> dict[str, str]:
    """The table's columns as SQL names them; of two with one name the first."""
    called: dict[str, str] = {}
    for name, sql_name in zip(schema.names, told_apart(schema.names), strict=True):
        called.setdefault(name, sql_name)
    return called


def column(name: str, schema: pyarrow.Schema) -> pyarrow.Field:
    """A column by its name; refuses with the nearest names."""
    if schema.names.count(name) != 1:
        if name in schema.names:
            raise BadInput(f"Two columns are called {name!r}.", "Rename one of them.")
        near = nearest(name, schema.names)
        raise BadInput(
            f"There is no column {name!r}.",
            f"Did you mean {near[0]!r}?" if near else f"Columns: {', '.join(schema.names[:20])}",
        )
    return schema.field(name)


def condition(wanted: Wanted, schema: pyarrow.Schema) -> Condition:
    """What a row must fulfil. Everything is checked here, before anything is read."""
    called = names(schema)
    parts, used = [], dict[str, None]()
    for filter in wanted.filters:  # noqa: A001 - the word of this house
        field = column(filter.column, schema)
        parts.append(_filter(filter, field.type, quoted(called[field.name])))
        used[field.name] = None
    parts += [_search(word, schema, called, used) for word in words(wanted.search)]
    if wanted.where.strip():
        parts.append(f"({wanted.where.strip()}\n)" if "--" in wanted.where else f"({wanted.where.strip()})")
        touched = _touched(wanted.where, dict(zip(told_apart(schema.names), schema.names, strict=True)))
        used.update((column(name, schema).name, None) for name in touched)
    return Condition(" AND ".join(parts), tuple(used))


def order(wanted: Wanted, schema: pyarrow.Schema) -> str:
    """How rows are sorted, as SQL: what is missing (or is no number) comes last."""
    if wanted.sort is None:
        return ""
    field = column(wanted.sort[0], schema)
    from pyarrow import types

    if not sortable(field.type):
        raise BadInput(
            f"Rows cannot be sorted by {field.name!r}.", "Sort by a column of numbers, texts or times."
        )
    name = quoted(names(schema)[field.name])
    # over Parquet DuckDB takes nullif(x, 'NaN') for x: the files' own highest and lowest know of no NaN
    key = f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END" if types.is_floating(field.type) else name
    return f"{key} {'DESC' if wanted.sort[1] else 'ASC'} NULLS LAST"


def sql(wanted: Wanted, schema: pyarrow.Schema, table: str = "t") -> str:
    """The whole, as a query over `table`."""
    met = condition(wanted, schema).sql
    by = order(wanted, schema)
    return (
        f"SELECT * FROM {quoted(table) if not table.isidentifier() else table}"
        + (f" WHERE {met}" if met else "")
        + (f" ORDER BY {by}" if by else "")
    )


def words(search: str) -> list[str]:
    """Words and "quoted phrases"."""
    return [phrase or word for phrase, word in _WORD.findall(search)]


def sortable(kind: pyarrow.DataType) -> bool:
    """Whether a column of this type has an order."""
    from pyarrow import types

    return not types.is_nested(kind) or types.is_dictionary(kind)


def _search(word: str, schema: pyarrow.Schema, called: Mapping[str, str], used: dict[str, None]) -> str:
    hits = []
    for field in schema:
        if schema.names.count(field.name) == 1 and (
            value := texts.said(field.type, quoted(called[field.name]))
        ):
            hits.append(f"contains(lower({value}), {text(word.lower())})")
            used[field.name] = None
    if not hits:
        raise BadInput("No column holds text.", "Filter by a column instead.")
    return hits[0] if len(hits) == 1 else f"({' OR '.join(f'coalesce({hit}, false)' for hit in hits)})"


def _touched(where: str, named: Mapping[str, str]) -> list[str]:
    """Columns a condition looks at. `named`: the table's, by their names in SQL."""
    try:
        parsed = tree.condition(where)
    except BadInput as wrong:
        odd = (name for name in named.values() if not name.isidentifier())
        bare = next((name for name in odd if name in where and quoted(name) not in where), None)
        if bare is None:
            raise
        raise BadInput(wrong.problem, f"Such a name stands in double quotes: {quoted(bare)}") from None
    said = tree.columns(parsed)
    if said is None:
        return list(named.values())
    by = {sql.lower(): name for sql, name in named.items()}
    found = []
    for parts in said:
        hit = next((by[part.lower()] for part in parts[:2] if part.lower() in by), None)
        if hit is not None:
            found.append(hit)
        elif not tree.lambdas(parsed):
            raise BadInput(f"There is no column {parts[0]!r}.", _instead(parts[0], named, where))
    return found


def _instead(name: str, named: Mapping[str, str], where: str) -> str:
    """What may have been meant: another column, or a text in the quotes that SQL has for names."""
    if near := nearest(name, named):
        return f"Did you mean {near[0] if near[0].isidentifier() else quoted(near[0])}?"
    columns = f"Columns: {', '.join(list(named)[:20])}"
    return f"A text stands in single quotes: {text(name)}. {columns}" if quoted(name) in where else columns


def _filter(filter: Filter, kind: pyarrow.DataType, name: str) -> str:  # noqa: A002 - the word of this house
    if len(filter.values) > MOST:
        raise BadInput(f"A filter takes at most {MOST:,} values.", "Use a condition or SQL.")
    match filter.test:
        case "null":
            return f"{name} IS NULL"
        case "filled":
            return f"{name} IS NOT NULL"
        case "has":
            word = str(filter.values[0]) if filter.values else ""
            return f"contains(lower({texts.said(kind, name) or f'{name}::VARCHAR'}), {text(word.lower())})"
        case "in":
            return _among(filter, kind, name)
        case "between":
            return _between(filter, kind, name)
    raise BadInput(f"A filter cannot be {filter.test!r}.", "between, in, has, null or filled")


def _among(filter: Filter, kind: pyarrow.DataType, name: str) -> str:  # noqa: A002
    listed = [_value(value, kind, name) for value in filter.values if value is not None]
    met = [f"{name} IN ({', '.join(listed)})"] if listed else []
    if None in filter.values:
        met.append(f"{name} IS NULL")
    return f"({' OR '.join(met)})" if len(met) > 1 else met[0] if met else "false"


def _between(filter: Filter, kind: pyarrow.DataType, name: str) -> str:  # noqa: A002
    if len(filter.values) != 2:
        raise BadInput("A range has two ends.", "Leave an end open with None.")
    low, high = filter.values
    name, kind = _measured(kind, name, low, high)
    low = _beside(kind, low, math.ceil)
    high = _beside(kind, high, math.floor if filter.closed else math.ceil)
    ends = []
    if low is not None:
        ends.append(f"{name} >= {_value(low, kind, name)}")
    if high is not None:
        ends.append(f"{name} {'<=' if filter.closed else '<'} {_value(high, kind, name)}")
    from pyarrow import types

    if high is None and types.is_floating(kind):
        ends.append(f"NOT isnan({name})")  # for DuckDB it is larger than every number
    return " AND ".join(ends) or f"{name} IS NOT NULL"


def _value(value: Any, kind: pyarrow.DataType, name: str) -> str:
    """A value as SQL compares it with a column of this type."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    try:
        if types.is_boolean(kind):
            return "true" if str(value).lower() in {"true", "1"} else "false"
        if types.is_timestamp(kind) or types.is_date(kind):
            return moment(value)
        if types.is_time(kind):
            return (
                f"{text(value)}::TIME"
                if isinstance(value, str)
                else f"make_time(0, 0, 0) + to_milliseconds({int(value)})"
            )
        if types.is_duration(kind):
            return f"to_microseconds({round(float(value) * 1000)})"
        if types.is_integer(kind):
            return _whole(value)
        if types.is_floating(kind):
            return number(_real(value))
        if types.is_decimal(kind):
            return number(_real(value))
    except (TypeError, ValueError):
        raise BadInput(f"{str(value)[:40]!r} is no value of {name}.", f"{name} holds {kind}.") from None
    return text(str(value))


def _whole(value: Any) -> str:
    """Beside whole numbers: exact where it is one, else a number with a fraction."""
    exact = int(value) if isinstance(value, (int, str)) else value
    if isinstance(exact, float) and exact.is_integer():
        exact = int(exact)
    return number(exact) if abs(exact) < 10**38 else number(_real(exact))


def _real(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond all floats
        return math.inf if value > 0 else -math.inf


def _beside(kind: pyarrow.DataType, end: Any, rounded: Callable[[float], int]) -> Any:
    """An end of a range as a whole number beside whole numbers: the same rows, and no number of 38 digits."""
    from pyarrow import types

    fraction = types.is_integer(kind) and isinstance(end, float) and math.isfinite(end)
    return rounded(end) if fraction else end


def _measured(kind: pyarrow.DataType, name: str, low: Any, high: Any) -> tuple[str, pyarrow.DataType]:
    """What a range is about: of a text, a list or bytes between numbers it is the length."""
    import pyarrow
    from pyarrow import types

    if any(isinstance(end, str) for end in (low, high)) or (low is None and high is None):
        return name, kind
    stored = kind.value_type if types.is_dictionary(kind) else kind
    if types.is_string(stored) or types.is_large_string(stored) or types.is_string_view(stored):
        return f"length({name})", pyarrow.int64()
    if types.is_binary(stored) or types.is_large_binary(stored) or types.is_fixed_size_binary(stored):
        return f"octet_length({name})", pyarrow.int64()
    if types.is_map(stored):
        return f"cardinality({name})::BIGINT", pyarrow.int64()
    if types.is_nested(stored) and not types.is_struct(stored) and not types.is_union(stored):
        return f"len({name})", pyarrow.int64()
    return name, kind
