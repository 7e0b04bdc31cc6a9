"""One answer: a status, headers, and bytes, part of a file, or events as they come."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Part:
    """Bytes `start` to `end` (not included) of a file."""

    path: Path
    start: int
    end: int


@dataclass
class Answer:
    """What goes back. `later`: the rest of it, which takes its time, and is asked for in the loop."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Part | AsyncGenerator[bytes, None] = b""
    later: Callable[[], Awaitable[Answer]] | None = None

    @property
    def length(self) -> int | None:
        """Bytes of the body; None of events, which nobody can count."""
        if isinstance(self.body, AsyncGenerator):
            return None
        return self.body.end - self.body.start if isinstance(self.body, Part) else len(self.body)


def as_json(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A JSON answer with a weak ETag, as the Hub's API gives."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    tag = hashlib.sha1(body, usedforsecurity=False).hexdigest()[:27]
    return Answer(
        status,
        {
            "content-type": "application/json; charset=utf-8",
            "etag": f'W/"{len(body):x}-{tag}"',
            **(headers or {}),
        },
        body,
    )


def as_text(
    value: str, *, status: int = 200, headers: dict[str, str] | None = None, kind: str = "text/plain"
) -> Answer:
    """A text answer."""
    return Answer(status, {"content-type": f"{kind}; charset=utf-8", **(headers or {})}, value.encode())
