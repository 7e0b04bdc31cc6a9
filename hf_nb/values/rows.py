"""A stretch of a table's rows, and what can be said of its columns."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hf_nb.values.base import Listing, Value

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from hf_nb.values.data import Column, Origin


@dataclass(frozen=True, repr=False, eq=False)
class Rows(Listing[dict[str, Any]]):
    """Rows from `offset` on. `total`: rows there are to see, None while nobody knows.

    Where rows were looked for, `scanned` of `of` were looked at, and `exact` says that these were all of them; where
    they were not, `least` of them meet the condition. `numbers`: the table's own numbers of these rows, counted from 0,
    where they were looked for or sorted.
    `moved` bytes of `bytes` came over the network for it. `further`: the line that shows the next ones.
    """

    origin: Origin
    columns: tuple[Column, ...]
    table: pyarrow.Table
    offset: int = 0
    total: int | None = None
    exact: bool = True
    scanned: int | None = None
    of: int | None = None
    least: int | None = None
    numbers: tuple[int, ...] | None = None
    bytes: int | None = None
    moved: int = 0
    requests: int = 0
    notes: tuple[str, ...] = ()
    sql: str = ""
    further: str = ""

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def _items(self) -> tuple[dict[str, Any], ...]:
        names = self.names
        columns = [python(one) for one in self.table.columns]
        return tuple(dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """Of its columns, each once: the second `x` is `x (2)`."""
        seen: dict[str, int] = {}
        made: list[str] = []
        for name in self.table.column_names:
            seen[name] = seen.get(name, 0) + 1
            made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return tuple(made)

    @property
    def left(self) -> int | None:
        """Rows behind these; None while nobody knows."""
        return None if self.total is None else max(0, self.total - self.offset - len(self))

    def to_arrow(self) -> pyarrow.Table:
        """The rows as they were read."""
        return self.table

    def to_pandas(self) -> pandas.DataFrame:
        """A DataFrame. Whole numbers stay whole where some are missing."""
        from hf_nb.plumbing.extras import require

        library = require("pandas", "data", "to_pandas()")
        arrow = require("pyarrow", "data", "to_pandas()")
        holes = {
            at
            for at, one in enumerate(self.table.columns)
            if arrow.types.is_integer(one.type) and one.null_count
        }
        frame: pandas.DataFrame = self.table.rename_columns(list(self.names)).to_pandas(
            date_as_object=True, timestamp_as_object=False
        )
        for at in holes:
            frame.isetitem(at, self.table.column(at).to_pandas(types_mapper=_whole(library, arrow).get))
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Everything: numbers JSON cannot say are texts, bytes are {"base64": …}."""
        return {
            "origin": self.origin.to_dict(),
            "columns": [one.to_dict() for one in self.columns],
            "offset": self.offset,
            "total": self.total,
            "exact": self.exact,
            "scanned": self.scanned,
            "of": self.of,
            "least": self.least,
            "numbers": None if self.numbers is None else list(self.numbers),
            "bytes": self.bytes,
            "moved": self.moved,
            "requests": self.requests,
            "notes": list(self.notes),
            "sql": self.sql,
            "rows": [{name: plain(one) for name, one in row.items()} for row in self],
        }

    def brief(self) -> list[str]:
        """The first column's values; what is longer than a line as JSON."""
        if not self.table.num_columns:
            return []
        found = (plain(one) for one in python(self.table.column(0)))
        return [
            one
            if isinstance(one, str) and one.isprintable()
            else ""
            if one is None
            else json.dumps(one, ensure_ascii=False)
            for one in found
        ]


@dataclass(frozen=True, repr=False)
class Cost(Value):
    """What something would move, before it does. `of`: all of it, as stored; `agreed`: what needs no asking."""

    what: str
    bytes: int
    of: int | None = None
    agreed: int | None = None
    columns: tuple[str, ...] = ()
    progressive: bool = False
    note: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, repr=False)
class Saved(Value):
    """A file that was written."""

    path: str
    rows: int
    bytes: int
    form: str
    seconds: float = 0.0

    def brief(self) -> list[str]:
        return [self.path]


def _whole(pandas: Any, arrow: Any) -> dict[Any, Any]:
    """Arrow's whole numbers -> those of pandas that may be missing."""
    return {
        getattr(arrow, f"{sign.lower()}int{bits}")(): getattr(pandas, f"{sign}Int{bits}Dtype")()
        for sign in ("", "U")
        for bits in (8, 16, 32, 64)
    }


def python(column: Any) -> list[Any]:
    """Python's values; a text where Python has none (a moment in the year 40000)."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):  # a UnicodeDecodeError is a ValueError
        return [_item(one) for one in column]


def _item(one: Any) -> Any:
    """One of a column that holds what Python cannot say."""
    try:
        return one.as_py()
    except (ValueError, OverflowError):
        pass
    if hasattr(one, "as_buffer"):
        return one.as_buffer().to_pybytes().decode("utf-8", "replace")
    try:
        return one.cast("string").as_py()
    except Exception:  # noqa: BLE001 -- pyarrow's own, of many classes
        return f"({one.type}, not readable)"


def plain(value: Any, *, finite: bool = True) -> Any:
    """What JSON can say of a value, without losing any of it; `finite`: NaN and infinity as texts."""
    if finite and isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, timedelta)):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(one, finite=finite) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one, finite=finite) for one in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
