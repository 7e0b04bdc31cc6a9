"""Rows of a table, as many as can be seen; and which they are, where it is not looked at as it stands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hf_nb.data import cells
from hf_nb.panels.data import asked, tables
from hf_nb.panels.data.counted import counted

if TYPE_CHECKING:
    from hf_nb.data.query.view import Found
    from hf_nb.panels.desk import Ask

STEPS = 0.1  # seconds between two events


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
        }


def page(
    ask: Ask,
    *,
    of: dict[str, Any],
    offset: int,
    limit: int,
    columns: list[dict[str, Any]],
    view: dict[str, Any] | None = None,
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
        return {
            "offset": offset,
            "rows": rows,
            "cells": [
                cells.shown_column(table.column(at), kinds[one.name], one.chars)
                for at, one in enumerate(shown)
            ],
            "total": source.rows if plain else (looked.found.rows if looked.found.exact else None),
            "moved": spent.bytes,
        }
