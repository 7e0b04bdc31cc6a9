"""Two models one after the other: what the first one writes is what the second one reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import Broken
from hf_nb.infer.call import Call, Chunk, Parts, Target, Terms
from hf_nb.infer.policies import compose

if TYPE_CHECKING:
    from hf_nb.infer.choose import Choice
    from hf_nb.plumbing.session import Session


class Pivot:
    """A backend of two steps, each with its own targets. What is said of it is said of the second."""

    name = "pivot"
    remote = False

    def __init__(self, before: Choice, then: Choice, session: Session) -> None:
        self._before = before
        self._first = compose(before.targets, session)
        self._second = compose(then.targets, session)

    @property
    def served(self) -> Target | None:
        """Who wrote the answer."""
        found: Target | None = getattr(self._second, "served", None)
        return found

    @property
    def device(self) -> str | None:
        """That of the second."""
        return self._second.device

    def can(self, call: Call) -> bool:
        """Both can."""
        return self._first.can(self._step(call)) and self._second.can(call)

    def stream(self, call: Call, terms: Terms) -> Parts:
        """The first one's answer is not shown: its parts cannot be said twice."""
        middle: list[str] = []
        seconds, finish, moved = 0.0, None, None
        for chunk in self._first.stream(self._step(call), replace(terms, seen=False)):
            middle.append(chunk.text)
            seconds += chunk.seconds
            finish = chunk.finish or finish
            moved = chunk.moved or moved
        text = "".join(middle)
        if finish is None or not text.strip():
            raise Broken("The first of two models wrote nothing that the second could read.")
        yield Chunk(seconds=seconds, note=f"first by {self._before.targets[0].model}", moved=moved)
        yield from self._second.stream(replace(call, input=text), terms)

    def _step(self, call: Call) -> Call:
        target = self._before.targets[0]
        params: Mapping[str, Any] = {**call.params, **self._before.params}
        return replace(call, model=target.model, revision=target.revision, params=params)
