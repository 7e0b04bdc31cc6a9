"""What an answer says there is: its ids are offered by TAB from then on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hf_nb.plumbing import seen

_NOUNS = {"models": "model", "datasets": "dataset", "spaces": "space"}
_MOST = 500


def note(value: Any) -> None:
    """One answer's ids, if it has some; whatever it is, this never fails."""
    for kind, id in _ids(value):
        seen.note(kind, [id])


def _ids(value: Any) -> Iterable[tuple[str, str]]:
    kind = getattr(value, "kind", None)
    if isinstance(kind, str) and kind in seen.KINDS:
        for one in (*_listed(value), value):
            id = one if isinstance(one, str) else getattr(one, "id", None)
            if isinstance(id, str):
                yield kind, id
    origin: Any = getattr(value, "origin", None)  # of a table's rows
    if getattr(origin, "place", None) == "hub" and isinstance(origin.name, str):
        yield "dataset", origin.name
    command = getattr(value, "command", "")
    words = command.split() if isinstance(command, str) else []
    noun = _NOUNS.get(words[1]) if len(words) > 1 else None
    if noun is None:
        return
    for row in _listed(value):
        if isinstance(row, dict) and isinstance(row.get("id"), str):
            yield noun, row["id"]
    data = getattr(value, "data", None)
    if isinstance(data, dict) and isinstance(data.get("id"), str):
        yield noun, data["id"]


def _listed(value: Any) -> tuple[Any, ...]:
    rows = getattr(value, "rows", None)
    return tuple(reversed(rows[:_MOST])) if isinstance(rows, tuple) else ()
