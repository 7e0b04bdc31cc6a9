"""Tables: where one comes from, its columns, and a stretch of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hf_nb.values.base import Value

# What a cell of a column holds, as far as showing it goes.
CellKind = Literal[
    "number",
    "text",
    "bool",
    "time",
    "label",
    "list",
    "struct",
    "chat",
    "image",
    "audio",
    "video",
    "binary",
    "null",
]
Place = Literal["hub", "disk", "url", "memory", "query"]


@dataclass(frozen=True, repr=False)
class Origin(Value):
    """Where a table comes from. `revision` is a commit; `url` where a person can look at it."""

    place: Place
    name: str
    revision: str | None = None
    config: str | None = None
    split: str | None = None
    url: str | None = None
    files: int = 1
    form: str = "parquet"  # csv, jsonl, arrow, webdataset, folder, memory …


@dataclass(frozen=True, repr=False)
class Column(Value):
    """One column. `type` in words ("list of text"), `stored` as Arrow names it; `labels`: names of its numbers."""

    name: str
    type: str
    kind: CellKind
    stored: str
    labels: tuple[str, ...] = ()
