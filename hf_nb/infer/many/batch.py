"""The verb: many inputs, each with its answer or with why there is none.

batch(frame["text"], model="owner/name")                     a Batch
batch(frame, column="text", model="owner/name", into="mood")  the frame with a new column
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput, Lasting, Stopped
from hf_nb.infer.call import NEVER, NO_PARAMETERS, Target
from hf_nb.infer.choose import Wish
from hf_nb.infer.many.choice import Chosen, Targets, chosen
from hf_nb.infer.many.inputs import Column, Inputs
from hf_nb.infer.many.inputs import inputs as read
from hf_nb.infer.many.journal import Journal, called
from hf_nb.infer.many.made import Made
from hf_nb.infer.many.rows import Row, checked
from hf_nb.infer.many.work import Work
from hf_nb.plumbing import columns, progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.answers import Source
from hf_nb.values.batches import Batch, FailedRow

if TYPE_CHECKING:
    import pandas

columns.here()
HEAD = 64  # rows looked at before anything is chosen; a journal is found by them
JOURNAL_AFTER = 5.0  # seconds


def batch(
    inputs: Any,
    *,
    model: Any = None,
    task: str | None = None,
    column: Column = None,
    into: str | None = None,
    provider: str = "auto",
    revision: str | None = None,
    params: Mapping[str, Any] | None = None,
    journal: bool | str | os.PathLike[str] | None = None,
    fallback: Sequence[str] = (),
    targets: Targets = None,
    policy: str | None = None,
    limit: int | None = None,
    timeout: float | None = None,
    mask: bool = False,
    trust: str | None = None,
    fresh: bool = False,
    session: Session | None = None,
) -> Batch | pandas.DataFrame:
    """Answer every row of `inputs`: texts or mappings, a column of a table, files ("notes/*.txt"), any iterator.

    `column`: of a table; for a task with several fields {"text": "body", "candidate_labels": […]}. `into`: of a frame
    (pandas or polars) a new frame with the answers in this column. `targets`: places that work side by side, "all" for
    every equal one.
    `journal`: a file, or True, in which finished rows are written down: the same call goes on where one was killed.
    Where nothing is said it is begun in `.hf_nb/batches` once a batch has taken five seconds, and found there again;
    False for none. `timeout`: seconds for one row, where rows are asked one by one. Stopped, it returns what is done.
    `mask`: addresses, telephone and card numbers go to another machine as [EMAIL_1], and stand in the answers again.
    `trust`: "owner/name@COMMIT", a repository whose own code may run in this process. `fresh`: every row is asked, also
    where its answer is kept; a `journal` of the same fresh run is gone on with until it has come to its end.

    >>> batch(["I love it", None], model="hfnb-demo/sentiment-en").values
    ['positive', None]
    """
    session = session or current()
    session.settings.require("inference")
    wish = Wish(
        model,
        task,
        provider,
        revision,
        None,
        tuple(fallback),
        policy,
        params or NO_PARAMETERS,
        mask=mask,
        trust=trust,
        fresh=fresh,
    )
    asked = Asked(read(inputs, column, limit), wish, targets, journal, timeout, session, into or "")
    with session.span("infer.batch") as span, progress.shown():
        made = asked.run(None)
        span.set(rows=made.rows, ok=made.ok, failed=made.failed)
    if into is None or made.table is None:
        return made
    return made.with_answers()


class Asked:
    """What a batch was asked for, so that its failed rows can be asked again."""

    def __init__(
        self,
        given: Inputs,
        wish: Wish,
        targets: Targets,
        journal: Any,
        timeout: float | None,
        session: Session,
        into: str,
    ) -> None:
        self.given, self.wish, self.targets = given, wish, targets
        self.journal, self.timeout, self.session, self.into = journal, timeout, session, into
        self.seen: list[Any] = []

    def run(self, before: Batch | None) -> Batch:
        """All rows; after `before` only those that it left."""
        rows = self._collected() if before is None else iter(self.given.kept or self.seen)
        head = [*itertools.islice(rows, HEAD)]
        self.wish = self._wished(head)
        chosen_ = chosen(self.wish, self.targets, self.session)
        jobs, total = self.session.jobs, self.given.total
        with jobs.doing(
            "batch", task=chosen_.task.name, model=chosen_.tiers[0][0].model, unit="rows", total=total,
            again=lambda: self.run(None) if self.given.kept is not None else None,
        ) as job:  # fmt: skip
            work = Work(
                chosen_, self.wish, self.session, job, itertools.chain(head, rows), total, self.timeout
            )
            self._write_down(work, chosen_, head)
            if before is not None:
                work.known = _known(before)
                work.anew = True
            made = work.run()
            if made.stopped:
                jobs.end(job, Stopped())
            elif self.wish.fresh and work.journal is not None:
                work.journal.forget()
        return self._value(chosen_, made)

    def _collected(self) -> Iterator[Any]:
        if self.given.kept is not None:
            return iter(self.given.kept)
        return map(self._saw, self.given.rows)

    def _saw(self, given: Any) -> Any:
        self.seen.append(given)
        return given

    def _wished(self, head: Sequence[Any]) -> Wish:
        """With the first row that can be asked about as its input: a language may decide about the model."""
        task = tasks.TASKS.get(tasks.ALSO.get(self.wish.task or "", self.wish.task or ""))
        for one in head:
            if task is None:
                if isinstance(one, (str, dict)) and one:
                    return replace(self.wish, input=one)
                continue
            row = checked(0, one, task)
            if isinstance(row, Row):
                return replace(self.wish, input=row.input)
        return self.wish

    def _write_down(self, work: Work, chosen_: Chosen, head: Sequence[Any]) -> None:
        if self.journal is False:
            return
        if self.journal not in (None, True):
            work.journal = Journal(Path(self.journal).expanduser(), chosen_.of, ours=False)
            return
        # Of its own name: what an earlier run wrote down is no fresh answer.
        path = called(
            f"{chosen_.of} fresh" if self.wish.fresh else chosen_.of, [_mark(one, chosen_) for one in head]
        )
        work.journal = Journal(path, chosen_.of, ours=True)
        work.journal_after = NEVER if self.journal or path.exists() else JOURNAL_AFTER
        work.must_write = bool(self.journal)

    def _value(self, chosen_: Chosen, made: Made) -> Batch:
        first = chosen_.tiers[0][0]
        found: Batch
        if made.there:
            made.notes.insert(0, f"{made.there:,} of {len(made.outputs):,} rows were there.")
        if made.substituted:
            made.notes.append(
                f"{made.substituted:,} rows were answered by another model than the one asked for."
            )
        made.notes += _by_copies(made, str(first.model))
        given = self.given.kept if self.given.kept is not None else self.seen
        failures = tuple(
            FailedRow(
                row, type(wrong).__name__, wrong.problem, wrong.next_step, not isinstance(wrong, Lasting)
            )
            for row, wrong in sorted(made.failures.items())
        )
        found = Batch(
            chosen_.task.name,
            chosen_.task.output.value,
            _source(chosen_, first, made),
            given,
            tuple(made.outputs),
            failures,
            made.seconds,
            made.there,
            made.kept,
            made.twice,
            made.split,
            dict(made.served),
            made.stopped,
            tuple(made.notes),
            self.into,
            self.given.table,
            lambda: self._again(found),
        )
        return found

    def _again(self, before: Batch) -> Batch:
        if self.given.kept is None and before.stopped:
            raise BadInput(
                "What was not read yet cannot be read again: it came from something that is walked through once.",
                "A list, a table or files can; .failures and .values hold what was done.",
            )
        with progress.shown():
            return self.run(before)


def _by_copies(made: Made, model: str) -> list[str]:
    """Which quicker copy of the model answered, and what it left to the model itself."""
    if not made.copies:
        return []
    which = " and ".join(f"{count:,} rows by its {name} copy" for name, count in made.copies.items())
    again = f", {made.doubted:,} that it was not sure of by the model itself" if made.doubted else ""
    return [f"Quicker on this machine: {which}{again}. Side by side: %hf parity {model}"]


def _mark(one: Any, chosen_: Chosen) -> str:
    row = checked(0, one, chosen_.task)
    return row.mark if isinstance(row, Row) else type(row).__name__


def _known(before: Batch) -> dict[int, Any]:
    return {at: one for at, one in enumerate(before.outputs) if one is not None}


def _source(chosen_: Chosen, first: Target, made: Made) -> Source:
    named = " + ".join(made.served) or first.method
    return Source(
        str(first.model),
        first.revision,
        named,
        chosen_.choice.reason,
        made.seconds,
        task=chosen_.task.name,
        finish="stopped" if made.stopped else "stop",
        substitute=made.substituted > 0 or not first.equal,
    )
