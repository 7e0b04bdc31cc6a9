"""The next target, where the one before could not answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hf_nb.errors import HfNbError, Passing
from hf_nb.infer import backends
from hf_nb.infer.call import Call, Parts, Target, Terms
from hf_nb.values import Attempt

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session


class Fallback:
    """Asks one target after the other. `served` is the one that answered."""

    name = "fallback"
    remote = False

    def __init__(self, targets: Sequence[Target], session: Session) -> None:
        self.targets, self.session = targets, session
        self.served: Target | None = None

    @property
    def device(self) -> str | None:
        """That of whoever answered."""
        return None if self.served is None else backends.find(self.served.method, self.session).device

    def can(self, call: Call) -> bool:
        """One of them can."""
        return any(backends.find(one.method, self.session).can(call) for one in self.targets)

    def stream(self, call: Call, terms: Terms) -> Parts:
        """The first whole answer; what has been shown is not said again."""
        *others, _ = self.targets
        for index, target in enumerate(self.targets):
            self.served, said = target, False
            began = terms.clock.now()
            try:
                backend = backends.find(target.method, self.session)
                for chunk in backend.stream(
                    replace(call, model=target.model, revision=target.revision), terms
                ):
                    said = True
                    yield chunk
            except HfNbError as wrong:
                took = terms.clock.now() - began
                terms.trail.append(
                    Attempt(target.method, target.model, type(wrong).__name__, wrong.problem, took)
                )
                if index == len(others) or not isinstance(wrong, Passing) or said:
                    raise
            else:
                terms.trail.append(Attempt(target.method, target.model, seconds=terms.clock.now() - began))
                return
