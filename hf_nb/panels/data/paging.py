"""Rows of a table, as many as can be seen; and which they are, where it is not looked at as it stands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hf_nb.data import cells
from hf_nb.panels.data import asked, packing, tables
from hf_nb.panels.data.counted import counted
from hf_nb.render.stored import digits

if TYPE_CHECKING:
    from hf_nb.data.cells import Cell
    from hf_nb.data.query.view import Found
    from hf_nb.panels.desk import Ask
    from hf_nb.values.data import Column

STEPS = 0.1  # seconds between two events
FLOATS = ("double", "float", "halffloat")


def view(
    ask: Ask, *, of: dict[str, Any], view: dict[str, Any] | None = None, allow: int | None = None
) -> dict[str, Any]:
    """`data.view`: the table looked through; how far, on the way."""
    meant = asked.of(of)
    asked.wanted(view)
    with counted(ask, allow) as spent:
        looked = tables.view(ask, meant, view)
        told = -1.0

        def tell(found: Found) -> None:
            nonlocal told
            if time.monotonic() - told >= STEPS:
                told = time.monotonic()
                ask.tell(
                    {
                        "scanned": found.scanned,
                        "of": found.of,
                        "found": found.rows,
                        "moved": spent.bytes,
                    }
                )

        found = looked.find(tell)
        return {
            "rows": found.rows,
            "of": found.of,
            "scanned": found.scanned,
            "exact": found.exact,
            "sql": found.sql,
            "moved": spent.bytes,
            "seconds": found.seconds,
            **({"by": found.by} if found.by else {}),
        }


def page(
    ask: Ask,
    *,
    of: dict[str, Any],
    offset: int,
    limit: int,
    columns: list[dict[str, Any]],
    view: dict[str, Any] | None = None,
    packed: bool = False,
    allow: int | None = None,
) -> dict[str, Any]:
    """`data.page`."""
    meant, shown = asked.of(of), asked.shown(columns)
    asked.stretch(offset, limit)
    with counted(ask, allow) as spent:
        looked = tables.view(ask, meant, view)
        source, plain = looked.source, looked.wanted.all and looked.wanted.sort is None
        names = [one.name for one in shown]
        source.check(names)
        kinds = tables.columns(source)
        if plain:
            table = source.read(offset, limit, names)
            rows = list(range(offset, offset + table.num_rows))
        else:
            rows = looked.positions(offset, limit)
            table = looked.read(offset, limit, names)
        known = {
            "offset": offset,
            "rows": rows,
            "total": source.rows if plain else (looked.found.rows if looked.found.exact else None),
            "moved": spent.bytes,
        }

        def made(part: float = 1.0) -> dict[str, Any]:
            said = [
                _cells(table.column(at), kinds[one.name], one.chars, part) for at, one in enumerate(shown)
            ]
            return known | {"cells": said}

        return packing.packed(ask, made) if packed else made()


def is_float(kind: str, stored: str) -> bool:
    """Whether a column's numbers may have more digits than anybody looks at."""
    return kind == "number" and stored.startswith(FLOATS)


def _cells(array: Any, column: Column, chars: int, part: float) -> list[Cell]:
    """A column's cells; numbers have the room they need, whatever part of it texts must do with."""
    if column.kind != "number":
        return cells.shown_column(array, column, max(1, int(chars * part)))
    said = cells.shown_column(array, column, chars)
    if not is_float(column.kind, column.stored):
        return said
    return [digits.shortened(one, chars) if isinstance(one, str) else one for one in said]
