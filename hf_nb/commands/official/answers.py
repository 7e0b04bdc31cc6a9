"""What a command said, as a value: rows with their types, one record, what was done, or text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from hf_nb.commands.official.said import Event, Note, Printed, Record, Result, Rows, Said, Text, bare
from hf_nb.commands.official.wrong import spoken
from hf_nb.plumbing import redact
from hf_nb.values.official import (
    Official,
    OfficialParts,
    OfficialRecord,
    OfficialResult,
    OfficialRows,
    OfficialText,
)

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_MASKED = re.compile(r"\b(hf_\*{4})\w{1,8}")
# Advice for a terminal: the one warns of a history file there is not, the other of a width there is not.
_NOT_HERE = ("`--token <value>` leaves", "Use `--no-truncate`", "set HF_DEBUG=1")


def answer(said: Said, command: str, name: str) -> Official:
    """The value of a call that went well."""
    notes = _notes(said, command, name)
    parts = _parts(said.events)
    if not parts:
        lines = [note.text for note in said.events if isinstance(note, Note) and note.kind == "log"]
        return OfficialText(text=spoken("\n".join(lines), name) or "Done.", **notes)
    if isinstance(parts[0], str) and parts[0].startswith(f"Usage: {name}"):
        parts[0] = spoken(parts[0], name)
    if len(parts) == 1:
        return _value(parts[0], said, notes)
    data = [part for part in parts if not isinstance(part, str)]
    if len(data) == 1:
        text = "\n".join(redact.tokens(part).strip() for part in parts if isinstance(part, str))
        return _value(data[0], said, notes | {"text": text})
    inner = tuple(_value(part, said, {"command": command}) for part in parts)
    return OfficialParts(parts=inner, **notes)


def native(value: Any) -> Any:
    """Dates as dates, lists as lists; nothing of the official client's own classes, and no Hub token."""
    match value:
        case Enum():
            return native(value.value)
        case None | bool() | int() | float() | datetime():
            return value
        case str():
            # a commit's address is an object of theirs that is also a text
            return _date(value) if _DATE.fullmatch(value) else redact.tokens(str.__str__(value))
        case Mapping():
            return {str(key): native(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [native(item) for item in value]
        case _:
            return native(value.to_dict()) if hasattr(value, "to_dict") else redact.tokens(str(value))


def _notes(said: Said, command: str, name: str) -> dict[str, Any]:
    def of(*kinds: str) -> tuple[str, ...]:
        found = (event.text for event in said.events if isinstance(event, Note) and event.kind in kinds)
        return tuple(dict.fromkeys(redact.text(spoken(text, name)) for text in found if not _not_here(text)))

    hints = tuple(hint.removeprefix("Hint: ") for hint in of("hint"))
    return {"command": command, "hints": hints, "warnings": of("warning", "error")}


def _not_here(text: str) -> bool:
    return text.startswith(_NOT_HERE)


def _parts(events: Sequence[Event]) -> list[str | Rows | Record | Result]:
    """Lines that follow one another become one text."""
    parts: list[str | Rows | Record | Result] = []
    for event in events:
        match event:
            case Note():
                continue
            case Text(human=human, agent=agent):
                shown = human if human is not None else agent
                piece: Any = None if shown is None else f"{bare(shown)}\n"
            case Printed(text=text):
                piece = text
            case _:
                piece = event
        if isinstance(piece, str) and parts and isinstance(parts[-1], str):
            parts[-1] += piece
        elif piece is not None and (not isinstance(piece, str) or piece.strip()):
            parts.append(piece)
    return [_listing(part) if isinstance(part, str) else part for part in parts]


def _listing(text: str) -> str | Rows:
    """Files of a repository are printed as JSON where JSON is asked for: rows, again."""
    if not text.startswith("[\n  {"):
        return text
    try:
        items = json.loads(text)
    except ValueError:
        return text
    for one in items:
        one["date"] = (one.get("last_commit") or {}).get("date")
    return Rows(items, headers=["path", "size", "date"], id="path")


def _value(part: str | Rows | Record | Result, said: Said, notes: Mapping[str, Any]) -> Official:
    match part:
        case str():
            text = _MASKED.sub(r"\1", redact.tokens(part)).strip("\n")
            return OfficialText(text=text, streamed=said.live, **notes)
        case Rows():
            rows = tuple(native(item) for item in part.items)
            return OfficialRows(columns=_columns(part, rows), rows=rows, id=part.id, **notes)
        case Record():
            return OfficialRecord(data=native(_as_dict(part.data)), id=part.id, **notes)
        case Result():
            return OfficialResult(message=redact.tokens(part.message), data=native(part.data), **notes)


def _columns(part: Rows, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    if part.headers:
        return tuple(part.headers)
    names = dict.fromkeys(name for row in rows for name in row)
    return tuple(name for name in names if any(row.get(name) is not None for row in rows))


def _as_dict(data: Any) -> Any:
    import dataclasses

    from huggingface_hub.cli._output import _dataclass_to_dict

    return _dataclass_to_dict(data) if dataclasses.is_dataclass(data) else data


def _date(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
