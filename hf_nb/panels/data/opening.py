"""A table opened: its columns, its rows and bytes as far as anybody knows, its other configurations and splits."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data import finding
from hf_nb.errors import HfNbError, NotFound
from hf_nb.panels.data import asked, tables
from hf_nb.panels.data.counted import counted
from hf_nb.panels.data.held import held, name_of

if TYPE_CHECKING:
    from hf_nb.data.source import Source
    from hf_nb.panels.data.asked import Of
    from hf_nb.panels.desk import Ask
    from hf_nb.values.data import Column

# Columns that are named, configurations and splits that can be chosen; a page with more would not be one.
MOST_COLUMNS, MOST_CONFIGS, MOST_SPLITS = 2_000, 500, 100
MOST_LABELS, LONGEST_TYPE = 200, 300
# Bytes of what is said of all columns.
ROOM = 340_000


def open_table(ask: Ask, *, of: dict[str, Any], allow: int | None = None) -> dict[str, Any]:
    """`data.open`."""
    meant = asked.of(of)
    with counted(ask, allow) as spent, _offering():
        meant, source = tables.opened_anew(ask, meant)
        return opened(ask, meant, source, _configs(ask, meant)) | {"moved": spent.bytes}


@contextlib.contextmanager
def _offering() -> Iterator[None]:
    """Of a wrong id the nearest is offered as the table it is, not as a repository to read about."""
    try:
        yield
    except NotFound as missing:
        missing.next_step = missing.next_step.replace("%hf info datasets/", "%hf preview ")
        raise


def opened(ask: Ask, of: Of, source: Source, configs: list[dict[str, Any]]) -> dict[str, Any]:
    """What is known of a table without reading its rows."""
    origin, columns, few = source.origin, source.columns, within(source.columns)
    notes = list(getattr(source, "notes", ()))
    if len(columns) > len(few):
        notes.append(f"The first {len(few):,} of {len(columns):,} columns.")
    if len(configs) > MOST_CONFIGS:
        notes.append(f"The first {MOST_CONFIGS:,} of {len(configs):,} configurations.")
    return {
        "of": of.plain(),
        "title": (name_of(of.what) if of.in_memory else "") or origin.name,
        "place": "query" if of.sql is not None else origin.place,
        "revision": origin.revision,
        "url": origin.url,
        "configs": configs[:MOST_CONFIGS],
        "rows": source.rows,
        "bytes": source.bytes,
        "files": origin.files,
        "form": origin.form,
        "columns": [described(one) for one in few],
        "notes": notes,
        "moved": 0,
    }


def within(columns: Sequence[Column]) -> list[Column]:
    """As many as a page can hold, however long they are called."""
    found, left = [], ROOM
    for one in columns[:MOST_COLUMNS]:
        left -= len(json.dumps(described(one)))
        if left < 0:
            break
        found.append(one)
    return found


def described(column: Column) -> dict[str, Any]:
    """A column as the page shows it."""
    return {
        "name": column.name,
        "type": column.type[:LONGEST_TYPE],
        "stored": column.stored[:LONGEST_TYPE],
        "kind": column.kind,
        "labels": list(column.labels[:MOST_LABELS]),
    }


def _configs(ask: Ask, of: Of) -> list[dict[str, Any]]:
    """What else it has. Where nobody can say, the table is shown all the same."""
    try:
        thing = held(of.what) if of.in_memory else of.what
        found = finding.layout(thing, revision=of.revision, session=ask.session)
    except HfNbError:
        return []
    return [
        {
            "name": name,
            "splits": [{"name": split, "rows": rows} for split, rows in list(splits.items())[:MOST_SPLITS]],
        }
        for name, splits in found.configs.items()
    ]
