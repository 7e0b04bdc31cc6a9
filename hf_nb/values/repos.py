"""Repositories in a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hf_nb.values.base import Kind, Listing, Value

if TYPE_CHECKING:
    import pandas

# What a DataFrame of one kind has; a column that no row of the kind can fill would only be in the way.
_ALWAYS = ("id", "licence", "likes", "created", "updated", "private", "tags")
COLUMNS: dict[Kind, frozenset[str]] = {
    "model": frozenset(
        (*_ALWAYS, "task", "library", "languages", "parameters", "downloads", "gated", "providers")
    ),
    "dataset": frozenset(
        (*_ALWAYS, "task", "languages", "downloads", "gated", "size", "rows", "columns", "bytes", "seconds")
    ),
    "space": frozenset((*_ALWAYS, "sdk", "stage", "hardware")),
}
# What stays objects: lists of words. The rest is text.
_DTYPES = {
    **dict.fromkeys(("parameters", "downloads", "likes", "rows", "bytes"), "Int64"),
    **dict.fromkeys(("created", "updated"), "datetime64[us, UTC]"),
    **dict.fromkeys(("languages", "providers", "columns", "tags"), "object"),
    "private": "bool",
    "seconds": "float64",
}


@dataclass(frozen=True, repr=False)
class Row(Value):
    """One repository in a list. `seconds`: about how long its files take to arrive.

    `bytes`: of a dataset's files, of a model's weights; `app`: where a Space itself is served.
    """

    kind: Kind
    id: str
    task: str | None = None
    library: str | None = None
    licence: str | None = None
    languages: tuple[str, ...] = ()
    parameters: int | None = None
    downloads: int | None = None
    likes: int | None = None
    created: datetime | None = None
    updated: datetime | None = None
    gated: str | None = None
    private: bool = False
    providers: tuple[str, ...] = ()
    size: str | None = None
    rows: int | None = None
    columns: tuple[str, ...] = ()
    bytes: int | None = None
    seconds: float | None = None
    sdk: str | None = None
    stage: str | None = None
    hardware: str | None = None
    title: str | None = None
    app: str | None = None
    tags: tuple[str, ...] = ()

    def brief(self) -> list[str]:
        return [self.id]


@dataclass(frozen=True, repr=False)
class SearchResult(Listing[Row]):
    """Rows of one kind, in the order asked for.

    `more`: there may be further ones: next(), or all of them by and by with pages().
    `looked`: repositories looked at for these and the rows before; `checked`: filters that had to be applied here,
    because the Hub lacks them. `stopped`: why there are fewer rows than asked for, if something went wrong.
    """

    kind: Kind
    query: dict[str, Any]
    rows: tuple[Row, ...]
    more: bool
    hub: str
    looked: int | None = None
    checked: tuple[str, ...] = ()
    before: int = 0
    stopped: str | None = None
    note: str | None = None
    mbit: float | None = None
    further: Callable[[], SearchResult] | None = field(default=None, compare=False)

    def _items(self) -> tuple[Row, ...]:
        return self.rows

    def __getstate__(self) -> dict[str, Any]:
        """Rows can be stored; the way to further ones is this process's."""
        return self.__dict__ | {"further": None}

    @property
    def ids(self) -> list[str]:
        """The ids alone."""
        return [row.id for row in self.rows]

    def next(self) -> SearchResult:
        """The rows after these; asked for again, the same ones. Empty after the last."""
        if self.further is not None and self.more:
            return self.further()
        return SearchResult(
            self.kind,
            self.query,
            (),
            more=False,
            hub=self.hub,
            looked=self.looked,
            checked=self.checked,
            before=self.before + len(self.rows),
        )

    def pages(self) -> Iterator[SearchResult]:
        """This page and every later one, each fetched when it is reached."""
        page = self
        yield page
        while page.more and page.further is not None:
            page = page.next()
            yield page

    def to_dict(self) -> dict[str, Any]:
        plain = SearchResult(**(self.__dict__ | {"further": None}))
        found = super(SearchResult, plain).to_dict()
        del found["further"]
        return found

    def brief(self) -> list[str]:
        return self.ids

    def to_pandas(self) -> pandas.DataFrame:
        """One row per repository: counts that may be missing as Int64, dates as dates."""
        from hf_nb.plumbing.extras import require

        names = [name for name in Row.__dataclass_fields__ if name in COLUMNS[self.kind]]
        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [[_cell(row, name) for name in names] for row in self.rows], columns=names
        )
        return frame.astype({name: _DTYPES.get(name, "str") for name in names})


def _cell(row: Row, name: str) -> Any:
    value = getattr(row, name)
    return list(value) if isinstance(value, tuple) else value
