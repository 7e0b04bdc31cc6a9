"""Targets that do what a test wrote down, in virtual time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.infer.call import Call, Chunk, Parts, Target, Terms
from hf_nb.infer.parts import late
from hf_nb.infer.policies import compose
from hf_nb.infer.policies.fallback import Fallback
from hf_nb.plumbing.session import Session
from hf_nb.testing.clock import Virtual, chance

CALL = Call("chat", "asked/for", None, {"messages": [{"role": "user", "content": "Hello"}]})
END = Chunk(finish="stop")
# One answer: texts, chunks, seconds that pass, errors.
Act = Iterable[Any]


class Scripted:
    """Plays one act a call, the last for ever. `asked`: when, for which model, with how long for the first part."""

    remote = True
    device = "cpu"

    def __init__(self, name: str, *acts: Act, window: int | None = None) -> None:
        self.name, self.window = name, window
        self.acts = deque(list(act) for act in acts)
        self.asked: list[tuple[float, str, float]] = []
        self.closed = 0
        self.does: Callable[[Call], bool] = lambda _: True

    def can(self, call: Call) -> bool:
        return self.does(call)

    def stream(self, call: Call, terms: Terms) -> Parts:
        self.asked.append((terms.clock.now(), call.model, terms.first))
        act = self.acts.popleft() if len(self.acts) > 1 else self.acts[0]
        stage = "first"
        try:
            for one in act:
                if isinstance(one, BaseException):
                    raise one
                if isinstance(one, (int, float)):
                    wait(float(one), stage, terms)
                else:
                    yield Chunk(one) if isinstance(one, str) else one
                    stage = "idle"
        finally:
            self.closed += 1


def wait(seconds: float, stage: str, terms: Terms) -> None:
    """As `parts` does it in real time: no longer than the terms allow."""
    limit = terms.first if stage == "first" else terms.idle
    terms.clock.sleep(min(seconds, limit, terms.left), terms.stop)
    if terms.stop.is_set():
        terms.check()
    if seconds >= min(limit, terms.left + seconds) or terms.left <= 0:
        late("total" if terms.left <= 0 else stage, terms)


def gathered(parts: Parts) -> tuple[list[Chunk], BaseException | None]:
    """What came, and what went wrong after it."""
    came = []
    try:
        for chunk in parts:
            came.append(chunk)  # noqa: PERF402 -- what came before the error is wanted
    except (HfNbError, KeyboardInterrupt) as wrong:
        return came, wrong
    return came, None


class Stage:
    """A session with a virtual clock, and the targets of a test."""

    def __init__(self, *backends: Scripted, session: Session | None = None, seed: int = 0) -> None:
        self.session = session or Session()
        self.clock = Virtual()
        self.session.clock = self.clock
        self.targets: list[Target] = []
        self.draw = chance(seed).uniform
        for one in backends:
            self.session.backends[one.name] = one
            equal = not one.name.startswith("other")
            self.targets.append(Target(one.name, f"model/{one.name}", equal=equal, window=one.window))

    def terms(self, **how: Any) -> Terms:
        made = Terms(self.clock, first=10.0, idle=5.0)
        made.ends = self.clock.now() + how.pop("timeout", 60.0)
        for name, value in how.items():
            setattr(made, name, value)
        return made

    def fallback(self) -> Fallback:
        made = compose(self.targets, self.session)
        made.draw = self.draw
        return made

    def ask(self, terms: Terms | None = None) -> str:
        """The text of the answer; the chunks are checked to be one whole answer."""
        self.last = self.terms() if terms is None else terms
        chunks = list(self.fallback().stream(CALL, self.last))
        assert [one.finish is not None for one in chunks] == [False] * (len(chunks) - 1) + [True]
        return "".join(one.text for one in chunks)

    @property
    def trail(self) -> list[tuple[str, str | None]]:
        """Who was asked, and what went wrong."""
        return [(one.method, one.error) for one in self.last.trail]
