"""Every error a user can meet. The class is the retry policy; the next step can be pasted.

HfNbError(problem, next_step)
├── Lasting                    trying again changes nothing
│   ├── NotFound               no such repository, file or revision  (.nearest holds real ids)
│   ├── Unauthorized           a token is missing, wrong, or has no access
│   ├── Spent                  the account's money or quota is used up
│   ├── BadInput               the call itself is wrong
│   ├── Refused                a policy of this machine said no  (.found holds what it objects to)
│   ├── Filtered               the other side will not answer such a text
│   ├── TooLarge               it does not fit a limit
│   │   ├── OutOfMemory        the model does not fit into this machine
│   │   └── Costly             it would move more bytes than was agreed  (.bytes it would take)
│   └── MissingExtra           an optional package is not installed
└── Passing                    it may go through later
    ├── Busy                   the other side is overloaded or failing  (.after seconds, where it said so)
    ├── RateLimited            asked too often  (.after seconds)
    ├── Unreachable            no connection, or it broke
    ├── Timeout                no answer in time  (.stage: connect, first, idle or total)
    └── Broken                 an answer that ended before its end, or made no sense  (.partial holds what came)

    Stopped(KeyboardInterrupt)     the stop button: no error, but shown as briefly
"""

import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any


def _as_it_is(text: str) -> str:
    return text


# `plumbing.redact` puts itself here: whatever an error quotes, no credential is left in it.
clean: Callable[[str], str] = _as_it_is


class HfNbError(Exception):
    """What happened, and what to do next."""

    def __init__(self, problem: str, next_step: str = "") -> None:
        self.problem, self.next_step = clean(problem), clean(next_step)
        super().__init__(self.problem)

    def __str__(self) -> str:
        return f"{self.problem}\n{self.next_step}" if self.next_step else self.problem

    def _render_traceback_(self) -> list[str]:
        """Lines IPython shows instead of a stack: Run-All stops, the output is typed, `except` works.

        With HF_DEBUG set, as for the official command, the whole stack is shown.
        """
        if os.environ.get("HF_DEBUG"):
            return clean("".join(traceback.format_exception(self))).splitlines()
        lines = [f"{type(self).__name__}: {self.problem}"]
        if self.next_step:
            lines.append(self.next_step)
        return [line for text in lines for line in text.splitlines()][:3]


class Lasting(HfNbError):
    """Trying again changes nothing."""


class Passing(HfNbError):
    """Trying again may help."""


class NotFound(Lasting):
    """No such repository, file or revision."""

    def __init__(self, problem: str, next_step: str = "", *, nearest: Sequence[str] = ()) -> None:
        super().__init__(problem, next_step)
        self.nearest = tuple(nearest)


class Unauthorized(Lasting):
    """A token is missing, wrong, or has no access."""


class Spent(Lasting):
    """The account's money or quota is used up."""


class BadInput(Lasting):
    """The call itself is wrong."""


class Refused(Lasting):
    """A policy of this machine said no."""

    def __init__(self, problem: str, next_step: str = "", *, found: Sequence[Any] = ()) -> None:
        super().__init__(problem, next_step)
        self.found = tuple(found)


class Filtered(Lasting):
    """The other side will not answer such a text."""


class TooLarge(Lasting):
    """It does not fit a limit."""


class OutOfMemory(TooLarge):
    """The model does not fit into this machine."""


class Costly(TooLarge):
    """It would move more bytes than was agreed. `bytes`: what it would take; `spent`: what had been moved before."""

    def __init__(
        self, problem: str, next_step: str = "", *, takes: int = 0, spent: int = 0, cap: int = 0
    ) -> None:
        super().__init__(problem, next_step)
        self.bytes, self.spent, self.cap = takes, spent, cap

    @classmethod
    def beyond(cls, cap: int, what: str, takes: int, *, spent: int = 0) -> "Costly":
        """`what` takes more than the `cap` that was agreed."""
        allow = f"{max(1, -(-(spent + takes) // 1_000_000))}MB"
        return cls(
            f"{what} takes {_megabytes(takes)}{_after(spent)}, and {_megabytes(cap)} were agreed.",
            f'Allow more: --allow {allow}, or allow="{allow}" in Python',
            takes=takes,
            spent=spent,
            cap=cap,
        )


def _after(spent: int) -> str:
    return f" more, after {_megabytes(spent)}" if spent else ""


def _megabytes(count: int) -> str:
    if count < 1_000_000:
        return f"{-(-count // 1000):,} kB"
    return f"{count / 1_000_000:,.1f} MB" if count < 10_000_000 else f"{count / 1_000_000:,.0f} MB"


class MissingExtra(Lasting):
    """An optional package is not installed."""


class Busy(Passing):
    """The other side is overloaded or failing."""

    def __init__(self, problem: str, next_step: str = "", *, after: float | None = None) -> None:
        super().__init__(problem, next_step)
        self.after = after


class RateLimited(Passing):
    """Asked too often."""

    def __init__(self, problem: str, next_step: str = "", *, after: float | None = None) -> None:
        super().__init__(problem, next_step)
        self.after = after


class Unreachable(Passing):
    """No connection, or it broke."""


class Timeout(Passing):
    """No answer in time."""

    def __init__(self, problem: str, next_step: str = "", *, stage: str = "total") -> None:
        super().__init__(problem, next_step)
        self.stage = stage


class Broken(Passing):
    """An answer that ended before its end, or made no sense. `partial`: a value with what had come, if any had."""

    def __init__(self, problem: str, next_step: str = "", *, partial: Any = None) -> None:
        super().__init__(problem, next_step)
        self.partial = partial


class Stopped(KeyboardInterrupt):
    """The stop button; what catches KeyboardInterrupt catches it. `partial`: a value with what had come by then."""

    def __init__(self, *said: object, partial: Any = None) -> None:
        super().__init__(*said)
        self.partial = partial

    def _render_traceback_(self) -> list[str]:
        return [str(self) or "Stopped."]
