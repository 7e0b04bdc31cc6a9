"""What an official `hf` command said, as values.

Official
├── OfficialRows    a table: rows are dicts with numbers, dates and lists as such
├── OfficialRecord  one thing, as a dict
├── OfficialResult  what was done: created, uploaded, deleted
├── OfficialText    a card, a log, a file, a help page
└── OfficialParts   several of these
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False, kw_only=True)
class Official(Value):
    """`as_asked` is the text in the format the line asked for (`--json`, `-q` …), None when it asked for none."""

    command: str
    hints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    as_asked: str | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the text it was shown as."""
        return {name: item for name, item in super().to_dict().items() if name != "as_asked"}


@dataclass(frozen=True, repr=False, kw_only=True)
class OfficialRows(Official, Listing[dict[str, Any]]):
    """A table. `columns` are those it is shown with; a row may hold more."""

    columns: tuple[str, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    id: str | None = None
    text: str = ""

    def _items(self) -> tuple[dict[str, Any], ...]:
        return self.rows

    @property
    def ids(self) -> list[str]:
        """What names each row: its id, or its first column."""
        name = self.id or next(iter(self.columns), "")
        return [str(row.get(name, "")) for row in self.rows]

    def brief(self) -> list[str]:
        return self.ids


@dataclass(frozen=True, repr=False, kw_only=True)
class OfficialRecord(Official, Mapping[str, Any]):
    """One thing and what is known of it: `record["downloads"]`."""

    data: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    text: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def brief(self) -> list[str]:
        if self.id:
            return [str(self.data.get(self.id, ""))]
        return [json.dumps(self.to_dict()["data"], ensure_ascii=False)]


@dataclass(frozen=True, repr=False, kw_only=True)
class OfficialResult(Official):
    """What was done, and what came of it: `result.data["url"]`."""

    message: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    text: str = ""

    def brief(self) -> list[str]:
        return [str(next(iter(self.data.values()), self.message))]


@dataclass(frozen=True, repr=False, kw_only=True)
class OfficialText(Official):
    """Lines. `streamed`: they were shown while they came."""

    text: str = ""
    streamed: bool = False

    def brief(self) -> list[str]:
        return self.text.splitlines()


@dataclass(frozen=True, repr=False, kw_only=True)
class OfficialParts(Official, Listing[Official]):
    """Several answers of one command, in its order."""

    parts: tuple[Official, ...] = ()

    def _items(self) -> tuple[Official, ...]:
        return self.parts

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {"parts": [part.to_dict() for part in self.parts]}

    def brief(self) -> list[str]:
        return [line for part in self.parts for line in part.brief()]
