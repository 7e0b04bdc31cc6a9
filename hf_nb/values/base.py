"""What every value can do, and the plainest one."""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")

Kind = Literal["model", "dataset", "space"]


class Value:
    """Shown as HTML in a notebook, as text elsewhere, as a dict to a program."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from hf_nb import render

        return render.bundle(self)

    def __str__(self) -> str:
        from hf_nb import render

        return render.text(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON knows."""
        plain: dict[str, Any] = _plain(self)
        return plain

    def brief(self) -> list[str]:
        """The least that is still an answer: ids, a label. What `-q` prints, one a line."""
        return [str(self)]


class Listing(Value, Sequence[T]):
    """A value made of items, which can be counted, indexed and walked through."""

    def _items(self) -> tuple[T, ...]:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._items())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self._items()[index]

    def __iter__(self) -> Iterator[T]:
        return iter(self._items())

    def to_pandas(self) -> pandas.DataFrame:
        """One row per item."""
        return frame([one.to_dict() if isinstance(one, Value) else one for one in self._items()])


def frame(rows: Any) -> pandas.DataFrame:
    """Rows as a DataFrame."""
    from hf_nb.plumbing.extras import require

    made: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(rows)
    return made


@dataclass(frozen=True, repr=False)
class Text(Value):
    """Lines as they are."""

    text: str

    def brief(self) -> list[str]:
        return self.text.splitlines()


@dataclass(frozen=True, repr=False)
class Table(Value):
    """Rows of plain cells under headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        return {"rows": [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self.rows]}

    def brief(self) -> list[str]:
        return [str(row[0]) for row in self.rows]


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple, array)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
