"""One value of a table in words: exact, in one line, and no longer than asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hf_nb.render import units
from hf_nb.render.stored import media

_PLAIN_KEY = re.compile(r"[^\W\d]\w*")
_ZEROS = re.compile(r"(\.\d*?)0+(?=\D|$)")
# What the halves of a turn are called: OpenAI's words, then ShareGPT's.
ROLES, SAID = ("role", "from"), ("content", "value")
MOST = 400_000


class Said(str):
    """A value that is in words already, and needs no quotes."""

    __slots__ = ()


def one(value: Any) -> str:
    """A value that is not nested, as text; a text is itself."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(repr(value))
    if isinstance(value, Decimal):
        return number(format(value, "f"))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return media.described(media.read(bytes(value[: media.READ])), len(value))
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration(value.days, value.seconds, value.microseconds * 1000)
    return str(value)


def number(said: str) -> str:
    """NaN with its capitals; the rest as it is."""
    return "NaN" if said.lower() == "nan" else said


def moment(said: str) -> str:
    """A time as Arrow writes it, without zeros at its end, and +01:00 for +0100."""
    said = _ZEROS.sub(lambda found: "" if found[1] == "." else found[1], said, count=1)
    return f"{said[:-2]}:{said[-2:]}" if re.search(r"[+-]\d{4}$", said) and ":" in said else said


def duration(days: int, seconds: int, nanos: int = 0) -> str:
    """2 d 03:04:05.5."""
    if days < 0:
        days, seconds, nanos = -days, -seconds, -nanos
        whole = (days * 86_400 + seconds) * 1_000_000_000 + nanos
        days, left = divmod(whole, 86_400_000_000_000)
        seconds, nanos = divmod(left, 1_000_000_000)
        return f"-{duration(days, seconds, nanos)}"
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if nanos:
        clock += f".{nanos:09}".rstrip("0")
    return f"{days:,} d {clock}" if days else clock


def turns(value: Any) -> list[tuple[str, str]] | None:
    """A conversation as (who, what); None where it is something else."""
    if not isinstance(value, (list, tuple)) or not value:
        return None
    told = []
    for turn in value:
        if not isinstance(turn, Mapping):
            return None
        who = next((turn[name] for name in ROLES if isinstance(turn.get(name), str)), None)
        said = next((turn[name] for name in SAID if name in turn), None)
        if who is None:
            return None
        told.append((who, content(said)))
    return told


def content(said: Any) -> str:
    """What was said: a text, or parts of which some are texts."""
    if isinstance(said, str) or said is None:
        return said or ""
    if isinstance(said, (list, tuple)):
        return " ".join(
            part["text"]
            if isinstance(part, Mapping) and isinstance(part.get("text"), str)
            else f"[{part['type']}]"
            if isinstance(part, Mapping) and isinstance(part.get("type"), str)
            else nested(part)
            for part in said
        )
    return nested(said)


def chat(value: Any, most: int = MOST) -> str:
    """A conversation in one line, as `user: … / assistant: …`."""
    told = turns(value)
    if told is None:
        return nested(value, most)
    return _upto(most, (f"{' / ' if at else ''}{who}: {said}" for at, (who, said) in enumerate(told)))


def nested(value: Any, most: int = MOST) -> str:
    """Lists and structs nearly as JSON, as far as `most` characters; a value that is neither as itself."""
    return _upto(most, _pieces(value, top=True))


def _upto(most: int, pieces: Iterator[str]) -> str:
    made, length = [], 0
    for piece in pieces:
        made.append(piece)
        length += len(piece)
        if length > most:
            break
    return "".join(made)


def _pieces(value: Any, *, top: bool = False) -> Iterator[str]:
    if value is None:
        yield "null"
    elif isinstance(value, str):
        yield value if top or isinstance(value, Said) else json.dumps(value, ensure_ascii=False)
    elif isinstance(value, Mapping):
        if value.keys() == {"bytes", "path"}:
            yield f"[{stored_file(value)}]"
        else:
            yield from _struct(value.items())
    elif _is_map(value):
        yield from _struct(value)
    elif isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        yield "["
        for at, item in enumerate(value):
            if at:
                yield ", "
            yield from _pieces(item)
        yield "]"
    else:
        yield one(value)


def _struct(items: Any) -> Iterator[str]:
    yield "{"
    for at, (key, item) in enumerate(items):
        named = key if isinstance(key, str) else one(key)
        shown = named if _PLAIN_KEY.fullmatch(named) else json.dumps(named, ensure_ascii=False)
        yield f"{', ' if at else ''}{shown}: "
        yield from _pieces(item)
    yield "}"


def _is_map(value: Any) -> bool:
    """Arrow's maps come as lists of pairs."""
    return isinstance(value, list) and bool(value) and all(type(pair) is tuple for pair in value)


def stored_file(value: Mapping[str, Any]) -> str:
    """A picture or a sound: what its bytes say, else its name."""
    data = value.get("bytes")
    if data:
        return media.described(media.read(bytes(data[: media.READ])), len(data))
    path = value.get("path")
    return str(path).rpartition("/")[2] if path else units.NONE
