"""A model whose answers are written down beforehand: what is tried is everything around it.

talk = Scripted("Paris.", call("weather", city="Bern"), TooLarge("…"))     an answer each, in this order
talk.asked                                                                 the calls it was given
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.infer.call import Call, Chunk, Parts, Terms, Usage
from hf_nb.infer.parts import Put, parts
from hf_nb.plumbing.session import Session
from hf_nb.values import ToolCall

Step = str | ToolCall | HfNbError | Callable[[Call], Any]


class Scripted:
    """A backend in place of this machine's."""

    name = "local"
    remote = False
    device = "script"

    def __init__(self, *steps: Step, pause: float = 0.0) -> None:
        self.steps, self.pause = list(steps), pause
        self.asked: list[Call] = []

    def can(self, call: Call) -> bool:
        """Anything."""
        return True

    def stream(self, call: Call, terms: Terms) -> Parts:
        """The next answer, word by word."""
        self.asked.append(call)
        step: Any = self.steps.pop(0)
        if callable(step) and not isinstance(step, ToolCall):
            step = step(call)
        if isinstance(step, BaseException):
            raise step
        if isinstance(step, ToolCall):
            yield Chunk(calls=(step,), seconds=0.1)
            yield Chunk(finish="tool_calls", usage=Usage(5, 7))
            return
        yield from parts(lambda put: self._say(step, put, terms), terms)

    def _say(self, text: str, put: Put, terms: Terms) -> None:
        for number, word in enumerate(text.split(" ")):
            put(Chunk(text=f" {word}" if number else word, seconds=0.1))
            terms.clock.sleep(self.pause, terms.stop)
        put(Chunk(finish="stop", usage=Usage(5, len(text.split()))))

    @property
    def said(self) -> list[list[tuple[str, str]]]:
        """The messages of each call, as (role, words)."""
        return [
            [(one["role"], one.get("content") or "") for one in call.input["messages"]] for call in self.asked
        ]


def call(name: str, id: str = "1", **arguments: Any) -> ToolCall:
    """A model asks for a tool."""
    return ToolCall(name, json.dumps(arguments), id)


def session(folder: Path, *steps: Step) -> tuple[Session, Scripted, str]:
    """A session in which the model in `folder` answers so."""
    made, talk = Session(), Scripted(*steps)
    made.backends["local"] = talk
    return made, talk, str(folder)
