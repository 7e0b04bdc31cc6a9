"""What a page means by a table and by a way of looking at it: plain JSON, checked."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hf_nb.data.query.wanted import Filter, Wanted
from hf_nb.errors import BadInput

# Rows of one page, columns of one question, characters of one cell.
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_000, 2_000, 10_000
LONGEST = 100_000  # characters of a name, an address, a query
TESTS = ("between", "in", "has", "null", "filled")


@dataclass(frozen=True)
class Of:
    """Which table."""

    what: str
    config: str | None = None
    split: str | None = None
    revision: str | None = None
    sql: str | None = None

    @property
    def in_memory(self) -> bool:
        """Whether it is an object of the notebook."""
        return self.what.startswith("$")

    def plain(self) -> dict[str, Any]:
        """As the page says it."""
        return dict(self.__dict__)


def of(said: Mapping[str, Any]) -> Of:
    """A table as a page names it."""
    given = {name: said.get(name) for name in Of.__dataclass_fields__}
    unknown = sorted(set(said) - set(given))
    wrong = [name for name, one in given.items() if one is not None and not isinstance(one, str)]
    if unknown or wrong or not given["what"]:
        named = ", ".join(f"{name:.40}" for name in [*unknown, *wrong]) or "what"
        raise BadInput(f"No table is named that way: {named}.", "Known: what, config, split, revision, sql.")
    if any(len(one) > LONGEST for one in given.values() if one):
        raise BadInput("The name of the table is too long.")
    return Of(**{name: one or None for name, one in given.items() if name != "what"}, what=str(given["what"]))


def wanted(view: Mapping[str, Any] | None) -> Wanted:
    """A view as a page says it; nothing is all rows as they stand."""
    view = view or {}
    if unknown := sorted(set(view) - {"filters", "search", "where", "sort"}):
        raise BadInput(f"A view has no {unknown[0]:.40}.", "Known: filters, search, where, sort.")
    filters, sort = view.get("filters") or (), view.get("sort")
    search, where = view.get("search") or "", view.get("where") or ""
    if not isinstance(filters, (list, tuple)) or not isinstance(search, str) or not isinstance(where, str):
        raise BadInput("filters is a list, search and where are texts.")
    if len(search) > LONGEST or len(where) > LONGEST:
        raise BadInput("The condition is too long.")
    return Wanted(tuple(_filter(one) for one in filters), search, where, _sort(sort))


def _filter(one: Any) -> Filter:
    fits = (
        isinstance(one, Mapping)
        and isinstance(one.get("column"), str)
        and one.get("is") in TESTS
        and isinstance(one.get("values", []), list)
        and all(_plain(value) for value in one.get("values", []))
    )
    if not fits:
        raise BadInput(
            f"A filter cannot be {one!r:.80}.", f"It has a column, is ({', '.join(TESTS)}), values."
        )
    return Filter(one["column"], one["is"], tuple(one.get("values", ())), bool(one.get("closed")))


def _sort(sort: Any) -> tuple[str, bool] | None:
    if sort is None:
        return None
    if not isinstance(sort, Mapping) or not isinstance(sort.get("column"), str):
        raise BadInput(f"Rows cannot be sorted by {sort!r:.80}.", "A sort has a column, and descending.")
    return sort["column"], bool(sort.get("descending"))


def _plain(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, (str, bool, int))


def key(view: Mapping[str, Any] | None) -> str:
    """The same for the same view."""
    return json.dumps(view or {}, sort_keys=True)


@dataclass(frozen=True)
class Shown:
    """A column of a page, and how many characters of a cell there is room for."""

    name: str
    chars: int


def shown(columns: list[dict[str, Any]]) -> list[Shown]:
    """The columns of a page."""
    if len(columns) > MOST_COLUMNS:
        raise BadInput(f"At most {MOST_COLUMNS:,} columns at once.", "Ask for those that can be seen.")
    found = []
    for one in columns:
        name, chars = one.get("name"), one.get("chars", 80)
        if not isinstance(name, str) or not isinstance(chars, int) or isinstance(chars, bool) or chars < 1:
            raise BadInput(f"A column cannot be {one!r:.80}.", "It has a name, and chars from 1.")
        found.append(Shown(name, min(chars, MOST_CHARACTERS)))
    return found


def stretch(offset: int, limit: int) -> None:
    """Refuses rows that no page can show."""
    if offset < 0 or not 0 <= limit <= MOST_ROWS:
        raise BadInput(f"A page has from 0 to {MOST_ROWS:,} rows, counted from 0.")


def first_last(rows: list[int] | None) -> tuple[int, int | None]:
    """[first, last] of the view as (first, how many); (0, None) for all of it."""
    if rows is None:
        return 0, None
    if len(rows) != 2 or not 0 <= rows[0] <= rows[1]:
        raise BadInput("Rows are named by the first and the last one.")
    return rows[0], rows[1] - rows[0] + 1
