"""What the verbs return: frozen, without HTML. `render` shows them, one file per kind, when somebody looks.

Value
├── SearchResult  of Row            a search
├── RepoInfo      with File, Score  one repository
├── Labels        of Label          an answer: classes with scores
└── Table                           rows of anything else
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    import pandas

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


@dataclass(frozen=True, repr=False)
class Row(Value):
    """One repository in a list."""

    kind: Kind
    id: str
    task: str | None = None
    library: str | None = None
    licence: str | None = None
    languages: tuple[str, ...] = ()
    parameters: int | None = None
    downloads: int | None = None
    likes: int | None = None
    updated: datetime | None = None
    gated: str | None = None
    private: bool = False
    size: str | None = None
    sdk: str | None = None
    stage: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class SearchResult(Value, Sequence[Row]):
    """Rows of one kind, in the order asked for. `more`: the Hub has further ones."""

    kind: Kind
    query: dict[str, Any]
    rows: tuple[Row, ...]
    more: bool
    hub: str

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self.rows[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def ids(self) -> list[str]:
        """The ids alone."""
        return [row.id for row in self.rows]

    def brief(self) -> list[str]:
        return self.ids

    def to_pandas(self) -> pandas.DataFrame:
        """One row per repository."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [row.to_dict() for row in self.rows]
        )
        return frame


@dataclass(frozen=True, repr=False)
class File(Value):
    """One file of a repository."""

    path: str
    size: int | None


@dataclass(frozen=True, repr=False)
class Score(Value):
    """One evaluation result a card states."""

    task: str
    dataset: str
    metric: str
    value: float | str


@dataclass(frozen=True, repr=False)
class RepoInfo(Value):
    """One repository: what its card and its files say."""

    kind: Kind
    id: str
    hub: str
    commit: str | None = None
    author: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    downloads: int | None = None
    likes: int | None = None
    gated: str | None = None
    private: bool = False
    disabled: bool = False
    task: str | None = None
    library: str | None = None
    licence: str | None = None
    languages: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    parameters: dict[str, int] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    scores: tuple[Score, ...] = ()
    sdk: str | None = None
    stage: str | None = None
    hardware: str | None = None
    card: str = ""
    note: str | None = None

    def brief(self) -> list[str]:
        return [self.id]

    @property
    def bytes(self) -> int:
        """All files together."""
        return sum(file.size or 0 for file in self.files)


@dataclass(frozen=True, repr=False)
class Label(Value):
    """One class and how sure the model is."""

    label: str
    score: float


@dataclass(frozen=True, repr=False)
class Source(Value):
    """Who answered, why that one, and how long it took."""

    model: str
    revision: str | None
    method: str
    reason: str
    seconds: float
    device: str | None = None


@dataclass(frozen=True, repr=False)
class Labels(Value, Sequence[Label]):
    """Classes, the most likely first."""

    labels: tuple[Label, ...]
    source: Source
    input: str = ""

    @property
    def label(self) -> str:
        """The most likely class."""
        return self.labels[0].label

    @property
    def score(self) -> float:
        """How sure the model is of it, 0 to 1."""
        return self.labels[0].score

    def brief(self) -> list[str]:
        return [self.label]

    def __len__(self) -> int:
        return len(self.labels)

    @overload
    def __getitem__(self, index: int) -> Label: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Label, ...]: ...
    def __getitem__(self, index: int | slice) -> Label | tuple[Label, ...]:
        return self.labels[index]

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def to_pandas(self) -> pandas.DataFrame:
        """One row per class."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [one.to_dict() for one in self.labels]
        )
        return frame


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
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
