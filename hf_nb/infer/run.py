"""The verb: choose a model and who runs it, let it answer, say who it was.

run("I love it")                         the whole answer
for part in stream("Once upon a time"):  the same, as it comes
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import Broken, HfNbError, Stopped
from hf_nb.infer import asked, numbers, remembered
from hf_nb.infer.call import NO_PARAMETERS, Backend, Call, Parts, Target, Terms
from hf_nb.infer.choose import Choice, Wish, choose, prices
from hf_nb.infer.followed import Followed
from hf_nb.infer.pivot import Pivot
from hf_nb.infer.policies import compose
from hf_nb.infer.shapes import Tally, shaped
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Source, Value

if TYPE_CHECKING:
    from hf_nb.plumbing.spans import Span

# Seconds between two drawings of an answer that is coming.
BETWEEN_DRAWINGS = 0.05


def run(
    input: Any,
    *,
    model: Any = None,
    task: str | None = None,
    provider: str = "auto",
    revision: str | None = None,
    params: Mapping[str, Any] | None = None,
    fallback: Sequence[str] = (),
    policy: str | None = None,
    timeout: float | None = None,
    mask: bool = False,
    trust: str | None = None,
    fresh: bool = False,
    session: Session | None = None,
) -> Value:
    """Answer `input` with a model.

    `provider`: auto, local, hf, one of its providers, or a server of the settings; `fallback`: other models that may
    answer where this one cannot; `policy`: how to choose (`settings.POLICIES`); `timeout`: seconds for all of it;
    `mask`: addresses, telephone and card numbers go to another machine as [EMAIL_1], and stand in the answer again.
    `model`: an id, a folder, or a model object of yours, alone or as (model, tokenizer); `trust`: "owner/name@COMMIT",
    a repository whose own code may run in this process. `fresh`: the model is asked even where its answer is kept.

    >>> run("I love it", model="hfnb-demo/sentiment-en").label
    'positive'
    """
    session = session or current()
    with session.span("infer.run") as span:
        parameters = params or NO_PARAMETERS
        wish = Wish(
            model, task, provider, revision, input, tuple(fallback), policy, parameters, mask, trust, fresh
        )
        asking = Asking(wish, timeout, session, seen=progress.draws_parts())
        asking.describe(span)
        made = asking.drawn() if asking.terms.seen and asking.task.streams else asking.all()
        if asking.kept is not None:
            span.set(**{"hfnb.cache.hit": True})
        return made


class Stream(Iterator[str]):
    """An answer as it comes. `value`: what has come of it, or when it is over the whole; closing it stops the work."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._parts = asking.parts()

    def __next__(self) -> str:
        while True:
            chunk = next(self._parts)
            if chunk.text:
                return chunk.text

    def close(self) -> None:
        """Stop the work."""
        self._parts.close()

    def stop(self) -> None:
        """The same from another thread: whoever reads it meets the end."""
        self._asking.terms.stop.set()

    @property
    def target(self) -> Target:
        """Who is asked first."""
        return self._asking.choice.targets[0]

    @property
    def partial(self) -> Value | None:
        """What has come, if anything has."""
        return self._asking.partial()

    @property
    def value(self) -> Value:
        """The answer, as far as it is there."""
        return self._asking.value()


def stream(
    input: Any,
    *,
    model: Any = None,
    task: str | None = None,
    provider: str = "auto",
    revision: str | None = None,
    params: Mapping[str, Any] | None = None,
    fallback: Sequence[str] = (),
    policy: str | None = None,
    timeout: float | None = None,
    mask: bool = False,
    trust: str | None = None,
    fresh: bool = False,
    session: Session | None = None,
) -> Stream:
    """The same as `run`, part by part; `.value` holds the result."""
    session = session or current()
    parameters = params or NO_PARAMETERS
    wish = Wish(
        model, task, provider, revision, input, tuple(fallback), policy, parameters, mask, trust, fresh
    )
    return Stream(Asking(wish, timeout, session, seen=True, later=True))


class Asking:
    """One question on its way."""

    def __init__(
        self, wish: Wish, timeout: float | None, session: Session, *, seen: bool, later: bool = False
    ) -> None:
        session.settings.require("inference")
        self.session, self.fresh, self.named = session, wish.fresh, wish.provider != "auto"
        self.kept: remembered.Kept | None = None  # the same question's earlier answer
        self.marked: tuple[Target, bytes | None] | None = None  # what it is known by at its first place
        self.followed = Followed(
            wish, session, lambda: Asking(wish, timeout, session, seen=False).all(), later=later
        )
        try:
            self._prepare(wish, timeout, seen=seen)
        except BaseException as wrong:
            self.followed.went(wrong)
            self.followed.over()
            raise

    def _prepare(self, wish: Wish, timeout: float | None, *, seen: bool) -> None:
        """Choose who is asked, and what exactly."""
        session = self.session
        self.choice = self._chosen(wish)
        self.task = tasks.TASKS[self.choice.task]
        first = self.choice.targets[0]
        self.call = Call(
            self.choice.task,
            first.model,
            first.revision,
            asked.checked(self.task, wish.input if self.choice.input is None else self.choice.input),
            {**asked.parameters(self.task, wish.params), **self.choice.params},
        )
        self.terms = terms(session, timeout, self.followed.job.stopping, seen=seen)
        self.terms.mask = wish.mask
        self.followed.begin(self.call, self.task, self.terms)
        before = self.choice.before
        self.backend: Backend = self._asked() if before is None else Pivot(before, self.choice, session)
        self.tally = Tally()
        self._finish: str | None = None

    def _chosen(self, wish: Wish) -> Choice:
        """Who is asked; a row of a batch has its place already."""
        return choose(wish, self.session)

    def _asked(self) -> Backend:
        """Them as one backend."""
        return compose(self.choice.targets, self.session)

    def describe(self, span: Span) -> None:
        """What the span of this operation should say."""
        span.set(**{"gen_ai.request.model": self.call.model, "gen_ai.operation.name": self.call.task})

    def parts(self) -> Parts:
        """The answer as it comes; afterwards `value()` is whole."""
        self.followed.enter()
        began = self.terms.clock.now()
        parts = self._asked_or_kept()
        try:
            for chunk in parts:
                self.tally.add(chunk)
                yield chunk
            self._ended()
        except (GeneratorExit, KeyboardInterrupt) as stopped:
            self._finish = "stopped"
            self.followed.went(stopped)
            numbers.note(self, Stopped(), self.terms.clock.now() - began)
            if isinstance(stopped, KeyboardInterrupt):
                raise Stopped("Stopped.", partial=self.partial()) from None
            raise
        except HfNbError as wrong:
            self._finish = "cut"
            self.followed.went(wrong)
            numbers.note(self, wrong, self.terms.clock.now() - began)
            if isinstance(wrong, Broken) and wrong.partial is None:
                wrong.partial = self.partial()
            raise
        except BaseException as wrong:
            self.followed.went(wrong)
            raise
        else:
            numbers.note(self, None, self.terms.clock.now() - began)
            if self.kept is None:
                remembered.keep(self)
        finally:
            parts.close()
            self.followed.over()

    def _asked_or_kept(self) -> Parts:
        """What was answered before, where the answer cannot be another one; else whoever is asked."""
        self.kept = remembered.find(self)
        if self.kept is None:
            return self.backend.stream(self.call, self.terms)
        if self.terms.watch is not None:
            self.terms.watch.asked(self.choice.targets[0])
        return self.kept.parts()

    def _ended(self) -> None:
        if self.tally.finish is None:
            raise Broken("The answer ended without its end mark.")

    def all(self) -> Value:
        """The whole answer."""
        for _ in self.parts():
            pass
        return self.value()

    def drawn(self) -> Value:
        """The same, shown while it comes."""
        clock, drawn = self.terms.clock, -1.0
        parts = self.parts()
        try:
            for chunk in parts:
                now = clock.now()
                if chunk.text and now - drawn >= BETWEEN_DRAWINGS:
                    drawn = now
                    progress.part(self.value())
        except (HfNbError, KeyboardInterrupt) as wrong:
            parts.close()  # where the stop button met the drawing, the work still goes on
            if not self.tally.empty:
                progress.part(self.value(), last=True)
            if isinstance(wrong, KeyboardInterrupt) and not isinstance(wrong, Stopped):
                raise Stopped("Stopped.", partial=self.partial()) from None
            raise
        return self.value()

    def partial(self) -> Value | None:
        """What had come, if anything had."""
        return None if self.tally.empty else self.value()

    def value(self) -> Value:
        """The answer, as far as it is there."""
        return shaped(self.call, self.tally, self.source())

    def cost(self, served: Target) -> float | None:
        """Dollars, where who answered has a price; nothing is paid twice."""
        if self.kept is not None:
            return None if self.kept.dollars is None else 0.0
        if served.read is None and self.tally.provider and self.tally.read is not None:
            served = prices.priced(served, self.tally.provider, self.session)
        return numbers.cost(served, self.tally)

    def source(self) -> Source:
        """Who answered, and how it went."""
        tally, served = self.tally, getattr(self.backend, "served", None) or self.choice.targets[0]
        reason = "; ".join(filter(None, (self.choice.reason, served.reason, *tally.notes)))
        return Source(
            served.model,
            served.revision,
            f"hf/{tally.provider}" if tally.provider and served.method == "hf" else served.method,
            reason,
            tally.seconds,
            tally.device or self.backend.device,
            self.call.task,
            tally.first if self.task.streams and self.kept is None else None,
            tally.read,
            tally.written,
            self.cost(served),
            tally.finish or self._finish or "stopped",
            not served.equal,
            tuple(self.terms.trail),
            None if self.kept is None else self.kept.when,
        )


def terms(session: Session, timeout: float | None, stop: threading.Event, *, seen: bool) -> Terms:
    """The settings' waits, and an end that counts from now."""
    settings = session.settings
    made = Terms(
        session.clock,
        first=settings.first_part_timeout,
        idle=settings.idle_timeout,
        seen=seen,
        stop=stop,
    )
    made.ends = made.clock.now() + (settings.inference_deadline if timeout is None else timeout)
    return made
