"""One question as a job: who is at it, what has come of it, and whether it should stop.

A question inside other work (a turn of a conversation, a repeated job) is a part of that job: what it reports counts
there, and its end is not the job's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hf_nb.errors import Stopped
from hf_nb.plumbing import jobs
from hf_nb.plumbing.jobs import Job

if TYPE_CHECKING:
    from hf_nb.infer.call import Call, Chunk, Target, Terms
    from hf_nb.infer.choose import Wish
    from hf_nb.plumbing.session import Session
    from hf_nb.tasks import Task


class Followed:
    """Listens to one call (`call.Watch`). `again` asks the same once more; `later`: nobody reads it yet."""

    __slots__ = ("_before", "_entered", "_jobs", "_own", "_texts", "_wrong", "job", "target")

    def __init__(self, wish: Wish, session: Session, again: Callable[[], Any], *, later: bool) -> None:
        outer = jobs.here()
        self._jobs, self._own, self._entered = session.jobs, outer is None, False
        self.job: Job = outer or self._jobs.prepare("infer", task=wish.task, model=wish.model, again=again)
        if not later:
            self.enter()
        self.target: Target | None = None
        self._before = self.job.done  # what earlier questions of the same job had made
        self._texts = False
        self._wrong: BaseException | None = None

    def enter(self) -> None:
        """From now on it is seen: an answer in parts begins when somebody reads it."""
        if self._own and not self._entered:
            self._entered = True
            self._jobs.enter(self.job)

    def begin(self, call: Call, task: Task, terms: Terms) -> None:
        """It is known what is asked."""
        job = self.job
        terms.watch, job.tried = self, terms.trail
        job.task, job.model = call.task, call.model
        self._texts = task.streams
        if task.streams:
            job.unit = "tokens"
        elif (rows := _rows(call)) is not None:
            job.unit, job.total = "rows", rows
        else:
            job.total = 1

    def asked(self, target: Target) -> None:
        self.target = target
        if self._texts:
            self.job.anew(self._before)
        self.job.running(target.method, target.model)

    def part(self, chunk: Chunk) -> None:
        job = self.job
        if chunk.provider and self.target is not None and self.target.method == "hf":
            job.method = f"hf/{chunk.provider}"
        if not self._texts:
            return
        if chunk.text or chunk.calls:
            job.wrote(chunk.text, job.done + 1)  # about a token; who counts them says so at the end
        if chunk.usage is not None and chunk.usage.written is not None:
            job.at(self._before + chunk.usage.written)

    def rows(self, share: float) -> None:
        if self.job.unit == "rows" and self.job.total is not None:
            self.job.at(int(share * self.job.total))

    def went(self, wrong: BaseException) -> None:
        """Not well; the work still has to end."""
        self._wrong = jobs.bare(wrong)

    def over(self) -> None:
        """It has ended, and so has its work."""
        if self._wrong is None and not self._texts:
            self.job.done = self.job.total or 1
        if self._own:
            self._jobs.end(self.job, self._wrong)

    def __del__(self) -> None:
        """An answer that nobody has read to its end, and nobody will."""
        if self._own and self._entered and not self.job.over:
            self._jobs.end(self.job, Stopped())


def _rows(call: Call) -> int | None:
    """How many texts there are, where there can be many."""
    if isinstance(call.input, (list, tuple)):
        return len(call.input)
    if isinstance(call.input, dict) and isinstance(sentences := call.input.get("sentences"), (list, tuple)):
        return len(sentences)
    return None
