"""A run: what loads and how far it is, the answer while it comes, then the whole of it with its numbers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hf_nb import infer
from hf_nb.panels.playground import coding, given
from hf_nb.panels.telling import PARTS, STEPS, Telling, drawn
from hf_nb.plumbing import progress
from hf_nb.values import Source, Value

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.progress import Progress

# A local model's answer costs nothing, and that is known.
FREE = frozenset({"local", "hashing"})
LONGEST_SAID = 20_000


class Trying(Telling):
    """A listener: steps on the way to an answer, and the answer as far as it is."""

    draws_parts = True
    _parted = -1.0  # when the answer was told of last

    def say(self, line: str) -> None:
        """Work before the answer, such as loading."""
        self._ask.tell({"step": {**self._last, "what": line}})

    def show(self, progress: Progress) -> None:
        """How far a download is."""
        now, before = time.monotonic(), self._last["done"]
        self._last = _step(progress)
        if now - self._told >= STEPS or progress.done == progress.total != before:
            self._told = now
            self._ask.tell({"step": self._last})

    def part(self, value: Any, *, last: bool = False) -> None:
        """The answer as far as it has come, and how quick that was; its first words at once."""
        now = time.monotonic()
        if last or now - self._parted >= PARTS:
            self._parted = now
            said = getattr(value, "source", None)
            self._ask.tell({**_shown(value), "first": said.first if said else None})


def run(
    ask: Ask,
    *,
    task: str,
    model: str | None = None,
    provider: str = "auto",
    input: Any = None,
    params: Mapping[str, Any] | None = None,
    fresh: bool = False,
) -> dict[str, Any]:
    """`playground.run`: by the engine, as a cell would; a stop stops the model.

    First it says what was asked, as it may be kept with a notebook: without a token that somebody pasted.
    """
    ask.official()
    row = given.task(task)
    ask.tell({"asked": {"input": input, "params": dict(params or {})}})
    began = time.monotonic()
    with progress.to(Trying(ask)):
        value = infer.run(
            given.taken(row, input),
            model=model or None,
            task=row.name,
            provider=provider,
            params=params,
            fresh=fresh,
            session=ask.session,
        )
    said: Source | None = getattr(value, "source", None)
    return {
        **_shown(value),
        **(_numbers(said) if said else {**_NOTHING, "seconds": time.monotonic() - began}),
        "code": coding.written(row, model, provider, input, params),
    }


def kept(value: Value) -> dict[str, Any]:
    """What a history keeps of a result."""
    said: Source | None = getattr(value, "source", None)
    return {**_shown(value), "numbers": _numbers(said) if said else None}


def _shown(value: Value) -> dict[str, str]:
    """Drawn, and in the fewest words."""
    return {"html": drawn(value)["html"], "said": "\n".join(value.brief())[:LONGEST_SAID]}


def _numbers(said: Source) -> dict[str, Any]:
    """Who answered and how it went."""
    cost = 0.0 if said.method in FREE else said.cost
    return {
        "model": said.model,
        "method": said.method,
        "device": said.device,
        "reason": said.reason,
        "seconds": said.seconds,
        "first": said.first,
        "read": said.read,
        "written": said.written,
        "rate": said.rate,
        "cost": cost,
        "finish": said.finish,
        "kept": said.kept.isoformat() if isinstance(said.kept, datetime) else None,
        "substitute": said.substitute,
    }


_NOTHING: dict[str, Any] = {
    "model": "",
    "method": "",
    "device": None,
    "reason": "",
    "first": None,
    "read": None,
    "written": None,
    "rate": None,
    "cost": None,
    "finish": "stop",
    "kept": None,
    "substitute": False,
}


def _step(progress: Progress) -> dict[str, Any]:
    return {
        "what": progress.what,
        "done": progress.done,
        "total": progress.total,
        "rate": progress.speed,
        "left": progress.left,
    }
