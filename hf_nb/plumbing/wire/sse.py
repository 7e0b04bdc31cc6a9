"""Server-sent events, read and written: how an answer comes word by word.

for event in events(chunks): ...      bytes as they arrive, cut anywhere
event(json.dumps(part))               the bytes of one
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hf_nb.errors import Broken

DONE = "[DONE]"  # the data of the last event, by OpenAI's custom
TYPE = "text/event-stream"
LONGEST = 16 * 1024 * 1024  # bytes of one event; what goes on longer is no event
_BOM = b"\xef\xbb\xbf"
_ENDS = re.compile(r"\r\n|\r|\n")


class Event(NamedTuple):
    """One event. `name` is "message" where the sender gave none."""

    data: str
    name: str = "message"
    id: str = ""


def events(chunks: Iterable[bytes], longest: int = LONGEST) -> Iterator[Event]:
    """The events in these bytes. One whose empty line is missing at the end counts: some servers leave it out."""
    data: list[bytes] = []
    size, name, last = 0, b"", b""
    for line in _lines(chunks, longest):
        if not line:
            if data and data != [b""]:
                yield _event(data, name, last)
            data, size, name = [], 0, b""
            continue
        if line.startswith(b":"):  # a comment: the other side is still there
            continue
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            data.append(value)
            size += len(value)
            _check(size, longest)
        elif field == b"event":
            name = value
        elif field == b"id" and b"\0" not in value:
            last = value
    if data and data != [b""]:
        yield _event(data, name, last)


def event(data: str, name: str | None = None) -> bytes:
    """One event as bytes; data of several lines becomes several fields, as the format wants it."""
    lines = [f"event: {name}"] if name else []
    lines += [f"data: {line}" for line in _ENDS.split(data)]
    return ("\n".join(lines) + "\n\n").encode()


def comment(text: str = "") -> bytes:
    """A line every reader passes over; it keeps a connection open."""
    return f": {_ENDS.sub(' ', text)}\n\n".encode()


def _event(data: list[bytes], name: bytes, last: bytes) -> Event:
    whole = b"\n".join(data).decode(errors="replace")
    return Event(whole, name.decode(errors="replace") or "message", last.decode(errors="replace"))


def _lines(chunks: Iterable[bytes], longest: int) -> Iterator[bytes]:
    r"""Lines ended by \r\n, \n or \r, without the ends; still bytes, so that no character is cut in two."""
    line, first, after_return = bytearray(), True, False
    for chunk in chunks:
        if after_return and chunk:
            chunk = chunk.removeprefix(b"\n")  # noqa: PLW2901 -- the rest of a \r\n that was cut in two
            after_return = False
        if b"\r" in chunk:
            after_return = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # noqa: PLW2901 -- the same chunk
        head, *others = chunk.split(b"\n")
        line += head
        for other in others:
            yield bytes(line.removeprefix(_BOM) if first else line)
            line, first = bytearray(other), False
        _check(len(line), longest)
    if line:
        yield bytes(line.removeprefix(_BOM) if first else line)


def _check(size: int, longest: int) -> None:
    if size > longest:
        raise Broken(f"A part of the answer is longer than {longest:,} bytes, which no part should be.")
