"""An input between the page and the engine.

They are the same but for tables: the engine takes a list of cells for each column's name, and a browser would put a
column called 2020 before one called city. So a page holds {"columns": […], "rows": [[…], …]}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.panels.models import example
from hf_nb.tasks import In, Task


def task(name: str) -> Task:
    """A task by any of its names."""
    row = example.row_of(name)
    if row is None:
        raise BadInput(f"{name!r:.60} cannot be run from here yet.", f"Runs now: {', '.join(tasks.TASKS)}")
    return row


def taken(row: Task, given: Any) -> Any:
    """As the engine takes it."""
    if row.input is In.TABLE and isinstance(given, Mapping) and isinstance(given.get("table"), Mapping):
        return {**given, "table": _by_column(given["table"])}
    if row.input is In.CHAT and isinstance(given, Mapping):
        return {**given, "messages": [one for one in given.get("messages") or () if _says(one)]}
    return given


def shown(row: Task, value: Any) -> Any:
    """As the page writes it."""
    if row.input is In.TABLE and isinstance(value, Mapping) and isinstance(value.get("table"), Mapping):
        return {**value, "table": _by_row(value["table"])}
    if row.input is In.CHAT and isinstance(value, str):
        return {"messages": [{"role": "user", "content": value}]}
    return value


def words(value: Any) -> str:
    """The words of an input that a reader would call it by."""
    if not isinstance(value, Mapping):
        return str(value)
    if messages := value.get("messages"):
        last = messages[-1]
        return str(last.get("content", "")) if isinstance(last, Mapping) else str(last)
    return next((one for one in value.values() if isinstance(one, str)), "")


def _says(message: Any) -> bool:
    """A message that was begun and left empty is none; the last one, where it is empty, is told of by the engine."""
    return not isinstance(message, Mapping) or bool(message.get("content")) or message.get("role") == "user"


def _by_column(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """Two columns of one name would be one: the later gets a number."""
    if "columns" not in table or not isinstance(table.get("rows"), list):
        return table
    made: dict[str, list[Any]] = {}
    for place, name in enumerate(map(str, table["columns"])):
        called, more = name, 2
        while called in made:
            called, more = f"{name} {more}", more + 1
        made[called] = [row[place] if place < len(row) else "" for row in table["rows"]]
    return made


def _by_row(table: Mapping[str, Any]) -> dict[str, Any]:
    if "columns" in table and "rows" in table:
        return dict(table)
    return {
        "columns": [str(one) for one in table],
        "rows": [list(map(str, cells)) for cells in zip(*table.values(), strict=False)],
    }
