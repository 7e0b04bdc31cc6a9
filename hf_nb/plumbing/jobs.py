"""What runs in this process and what has run, whoever began it: a cell, `-b`, a panel, a thread.

job = session.jobs.begin("infer", task="chat", model="owner/name", unit="tokens", again=lambda: …)
job.at(done)              how far it is: cheap enough for every token
job.stopping              an Event that whoever does the work looks at: somebody wants it to end
session.jobs.end(job, wrong)

session.jobs.seen()       running ones first, then the latest that ended
session.jobs.changed      another number whenever anything is different: whoever watches looks at it now and then
session.jobs.again(id)    the same work once more, in a thread of its own, as a job of its own

Nothing of a user's text stays but the end of an answer; what `again` holds on to goes with its job.
"""

from __future__ import annotations

import contextlib
import copy
import itertools
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, Literal

from hf_nb.errors import Busy, NotFound, Refused
from hf_nb.plumbing import redact

State = Literal["queued", "running", "done", "failed", "stopped"]
Unit = Literal["tokens", "rows", "bytes", "calls"]
ENDED = frozenset({"done", "failed", "stopped"})
KEPT = 100  # jobs that have ended
EXCERPT = 200  # characters of an answer
# Looked through for credentials before the excerpt is cut out of it: one that begins before it is still known as one.
TAIL = 4_000
TRIES = 20
# A rate is that of the last second or two.
WINDOW = 1.0
LOOK = 0.02  # how soon an end is noticed


class Job:
    """One piece of work. Its fields may be read by anybody at any time; whoever works writes them."""

    __slots__ = (
        "_at", "_begun", "_jobs", "_marks", "_tail", "again", "began", "done", "error", "excerpt", "first", "id",
        "kind", "method", "model", "retried_as", "state", "stopping", "task", "total", "tried", "unit",
    )  # fmt: skip

    def __init__(
        self,
        jobs: Jobs,
        id: str,
        kind: str,
        task: str | None,
        model: str | None,
        unit: Unit,
        total: int | None,
        again: Callable[[], Any] | None,
    ) -> None:
        self.id, self.kind, self.task, self.model, self.unit, self.total = id, kind, task, model, unit, total
        self.again = again
        self.method: str | None = None
        self.state: State = "queued"
        self.began = time.time()
        self.first: float | None = None
        self.done = 0
        self.excerpt = ""
        self.error: BaseException | None = None
        self.tried: Sequence[Any] = ()  # values.Attempt, the live list while it runs
        self.retried_as: str | None = None
        self.stopping = threading.Event()
        self._jobs = jobs
        self._tail = ""
        self._begun = time.monotonic()
        self._at: float | None = None  # when it ended
        self._marks = (self._begun, 0, self._begun, 0)

    @property
    def seconds(self) -> float:
        """Since it began, or until it ended."""
        return (time.monotonic() if self._at is None else self._at) - self._begun

    @property
    def rate(self) -> float | None:
        """Units a second: of late; once it has ended, since its first part."""
        if self.state == "running":
            then, before, _, _ = self._marks
            passed, made = time.monotonic() - then, self.done - before
        elif self.state == "done":
            passed, made = self.seconds - (self.first or 0.0), self.done - (self.first is not None)
        else:
            return None
        return made / passed if passed > 0 and made > 0 else None

    @property
    def over(self) -> bool:
        """It has ended, and nothing of it goes on."""
        return self.state in ENDED

    @property
    def may_stop(self) -> bool:
        """Whether a stop would be heard, and was not asked for yet."""
        return not self.over and not self.stopping.is_set()

    @property
    def may_repeat(self) -> bool:
        """It came to nothing, what it was asked is still known, and nobody has repeated it yet."""
        return self.state in ("failed", "stopped") and self.again is not None and self.retried_as is None

    def running(self, method: str | None = None, model: str | None = None) -> None:
        """Somebody is at it; what an earlier try had made does not count."""
        self.state = "running"
        self.method, self.model = method or self.method, model or self.model
        self._jobs.told()

    def waits(self) -> None:
        """It waits for its turn."""
        self.state = "queued"
        self._jobs.told()

    def at(self, done: int, total: int | None = None) -> None:
        """How far it is."""
        now = time.monotonic()
        _, _, then, before = self._marks
        if now - then >= WINDOW or done < before:
            self._marks = (then, before, now, done) if done >= before else (now, done, now, done)
        self.done = done
        if total is not None:
            self.total = total
        self._jobs.told()

    def wrote(self, text: str, done: int) -> None:
        """A part of an answer."""
        if self.first is None:
            self.first = time.monotonic() - self._begun
        self._tail = (self._tail + text)[-TAIL:]
        self.at(done)

    def anew(self, done: int = 0) -> None:
        """What it has written so far is not its answer."""
        self._tail = ""
        self.at(done)

    def ending(self) -> str:
        """The end of what it has written, with no credential in it."""
        return redact.text(self._tail)[-EXCERPT:] if self._tail else self.excerpt


_here: ContextVar[Job | None] = ContextVar("hf_nb_job", default=None)


def here() -> Job | None:
    """The job that what happens now is a part of."""
    return _here.get()


@contextlib.contextmanager
def inside(job: Job | None) -> Iterator[None]:
    """What the block does is a part of this job; None: of no job, it begins its own."""
    token = _here.set(job)
    try:
        yield
    finally:
        _here.reset(token)


class Jobs:
    """A session's. Told by many threads, watched by others."""

    def __init__(self) -> None:
        self._running: dict[str, Job] = {}
        self._ended: deque[Job] = deque(maxlen=KEPT)
        self._counted: Counter[str] = Counter()
        self._number = itertools.count(1)
        # Every change has a number of its own: one that two threads write at once is still another one.
        self._change = itertools.count(1)
        self.changed = 0
        # Reentrant: an answer that nobody reads any more is closed wherever the collector finds it. And no Condition:
        # the stop button may come between its lock and its block, and then nothing would ever run again.
        self._guard = threading.RLock()

    def begin(self, kind: str, **facts: Any) -> Job:
        """A new one, from now on; for its facts see `prepare`."""
        job = self.prepare(kind, **facts)
        self.enter(job)
        return job

    def prepare(
        self,
        kind: str,
        *,
        task: str | None = None,
        model: str | None = None,
        unit: Unit = "calls",
        total: int | None = None,
        again: Callable[[], Any] | None = None,
    ) -> Job:
        """One that nobody sees before it is entered. `again`: does the same work once more."""
        return Job(self, f"j{next(self._number)}", kind, task, model, unit, total, again)

    def enter(self, job: Job) -> None:
        """It begins."""
        with self._guard:
            self._running[job.id] = job
        self.told()

    def end(self, job: Job, wrong: BaseException | None = None) -> None:
        """It is over: well, by an error, or because it was stopped. Said twice it counts once."""
        with self._guard:
            if self._running.get(job.id) is not job:
                return
            job._at = time.monotonic()  # noqa: SLF001 -- one class in two halves
            job.excerpt = job.ending()
            job._tail = ""  # noqa: SLF001
            job.tried = tuple(one for one in job.tried if one.error is not None)[-TRIES:]
            if wrong is None:
                job.state, job.again = "done", None  # what it was asked is no longer needed
            elif isinstance(wrong, (KeyboardInterrupt, GeneratorExit)):
                job.state = "stopped"
            else:
                job.state, job.error = "failed", bare(wrong)
            self._ended.append(job)
            self._counted[job.state] += 1
            del self._running[job.id]
        self.told()

    @contextlib.contextmanager
    def doing(self, kind: str, **facts: Any) -> Iterator[Job]:
        """The block as a job, or as a part of the one it belongs to."""
        outer = here()
        if outer is not None:
            yield outer
            return
        job = self.begin(kind, **facts)
        over: BaseException | None = None
        try:
            with inside(job):
                yield job
        except BaseException as wrong:
            over = bare(wrong)
            raise
        finally:
            self.end(job, over)

    def find(self, id: str) -> Job:
        """One by its id, while it is kept."""
        with self._guard:
            found = self._running.get(id) or next((one for one in list(self._ended) if one.id == id), None)
        if found is None:
            raise NotFound("This job is no longer known.", "Run its cell again.")
        return found

    def stop(self, id: str, wait: float) -> Job:
        """Ask it to end, and see that it has."""
        job = self.find(id)
        job.stopping.set()
        self.told()
        until = time.monotonic() + wait
        while not job.over:
            if time.monotonic() > until:
                raise Busy(
                    "It is still ending: it stops after the step it is at.",
                    "It is shown here when it has stopped.",
                )
            time.sleep(LOOK)
        return job

    def again(self, id: str) -> Job:
        """The same work in a thread of its own; the job that does it."""
        before = self.find(id)
        with self._guard:
            work = before.again
            if work is None or not before.may_repeat:
                raise Refused(*_not_again(before))
            job = self.begin(
                before.kind, task=before.task, model=before.model, unit=before.unit, total=before.total, again=work
            )  # fmt: skip
            before.retried_as, before.again = job.id, None
        threading.Thread(target=self._repeat, args=(job, work), daemon=True, name=f"hf_nb {job.id}").start()
        return job

    def _repeat(self, job: Job, work: Callable[[], Any]) -> None:
        """Its error is the job's; there is nobody else to hear it."""
        over: BaseException | None = None
        try:
            with inside(job):
                work()
        except BaseException as wrong:  # noqa: BLE001 -- whatever it is, the job has ended with it
            over = bare(wrong)
        self.end(job, over)

    def seen(self, most: int = KEPT) -> list[Job]:
        """Those that run, the latest first, then the latest ended."""
        with self._guard:
            running, ended = list(self._running.values()), list(self._ended)
        return [*reversed(running), *reversed(ended)][:most]

    def counts(self) -> dict[State, int]:
        """How many there were of each kind, those no longer kept among them."""
        with self._guard:
            states = Counter(one.state for one in list(self._running.values()))
            return {
                "queued": states["queued"], "running": states["running"],
                "done": self._counted["done"], "failed": self._counted["failed"],
                "stopped": self._counted["stopped"],
            }  # fmt: skip

    def told(self) -> None:
        """Something is different now."""
        self.changed = next(self._change)


def _not_again(job: Job) -> tuple[str, str]:
    if not job.over:
        return "It still runs.", "Stop it first."
    if job.retried_as is not None:
        return f"It was repeated already, as {job.retried_as}.", "Look at that one."
    return "It came to its end; what it was asked is not kept.", "Run its cell again."


def bare(wrong: BaseException) -> BaseException:
    """The error without its stack and what had come: they would keep alive whatever they saw."""
    try:
        kept = copy.copy(wrong)
        for name in ("partial", "found"):
            kept.__dict__.pop(name, None)
    except Exception:  # noqa: BLE001 -- a stranger's class may want arguments of its own
        kept = RuntimeError(f"{type(wrong).__name__}: {wrong}")
    return kept
