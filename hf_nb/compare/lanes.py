"""One contender at work: rows asked alone, one at a time, and all the others as a batch goes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hf_nb.compare import asking
from hf_nb.compare.journal import AFTER, Wanted, Written
from hf_nb.compare.material import Material
from hf_nb.compare.purse import Purse
from hf_nb.errors import BadInput, HfNbError, Lasting, Stopped, Unreachable
from hf_nb.infer import kept, numbers
from hf_nb.infer.call import NEVER, Target
from hf_nb.infer.choose import Wish, prices
from hf_nb.infer.many import answers
from hf_nb.infer.many.choice import Chosen, chosen
from hf_nb.infer.many.made import Made
from hf_nb.infer.many.places import of_a_row, patience
from hf_nb.infer.many.rows import Row, checked
from hf_nb.infer.many.work import Work
from hf_nb.infer.policies import rules
from hf_nb.infer.policies.rules import Then
from hf_nb.infer.run import Asking
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing import jobs, progress
from hf_nb.values.answers import Source
from hf_nb.values.batches import FailedRow
from hf_nb.values.comparisons import Contender, Showing

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

HEAD = 64  # inputs that a journal is found by
IN_A_ROW = 3  # rows that fail one after the other, before nobody is asked alone any more
WAITED = 10.0  # seconds that a server which never answered is waited for when all others are done
WAVE = 32  # rows between two looks into the purse


@dataclass
class Lane:
    """`alone`: how it went with the rows that were asked alone; `known`: what they gave."""

    contender: Contender
    material: Material
    session: Session
    purse: Purse
    fresh: bool = False
    mask: bool = False
    timeout: float | None = None
    journal: Wanted = None
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.made = Made()
        self.alone: dict[int, Source] = {}
        self.known: dict[int, Any] = {}
        self.failed: dict[int, HfNbError] = {}
        self.wrong: HfNbError | None = None
        self.chosen: Chosen | None = None
        self.cost: float | None = None
        self.memory: int | None = None
        self.there = 0
        self.ended: float | None = None
        self.over = False
        self.beside: Sequence[Lane] = ()
        self._failing = 0
        self._away = False  # its server failed, however often it was asked
        self._at_work: Work | None = None
        self._finding = threading.RLock()
        self._written: Written | None = None
        self.job = self.session.jobs.prepare("batch", model=self.contender.model)
        self.stop: threading.Event = self.job.stopping

    @property
    def rows(self) -> int:
        return len(self.material.inputs)

    @property
    def out(self) -> bool:
        """It takes no further part."""
        return self.over or self.wrong is not None or self.stop.is_set()

    @property
    def here(self) -> bool:
        """Its model runs on this machine."""
        return self.chosen is None or self.chosen.tiers[0][0].method in ("local", "hashing")

    @property
    def done(self) -> int:
        """Rows with an answer or a failure."""
        return max(len(self.known) + len(self.failed), self.made.done)

    def ready(self) -> Chosen:
        """Who answers for it; raises why nobody does."""
        with self._finding:
            if self.chosen is None:
                found = chosen(self._wish(self._first()), None, self.session)
                self.job.task, self.job.model = found.task.name, str(found.tiers[0][0].model)
                self._written = self._journal(found)
                self.chosen = found
            return self.chosen

    def _journal(self, found: Chosen) -> Written:
        head = [checked(at, self._question(at), found.task) for at in range(min(HEAD, self.rows))]
        marks = [one.mark if isinstance(one, Row) else type(one).__name__ for one in head]
        one = self.contender
        of = f"{found.of} {one.template!r} {one.system!r} {one.copy} {one.provider} {self.mask}"
        return Written(self.journal, of, [str(self.rows), *marks], fresh=self.fresh, began=self.began)

    def prepare(self) -> None:
        """Who answers, looked up; why nobody does is remembered."""
        with jobs.inside(self.job), progress.to(progress.Silent()):
            try:
                self.ready()
            except HfNbError as wrong:
                self.wrong = wrong

    def ask(self, at: int) -> None:
        """A row alone; what goes wrong is remembered, and never raised."""
        with jobs.inside(self.job), progress.to(progress.Silent()):
            try:
                self.ready()
                row = self._row(at)
                if isinstance(row, HfNbError):
                    self.failed[at] = row
                else:
                    self._ask(row)
            except HfNbError as wrong:
                self._went(at, wrong)
            except KeyboardInterrupt:
                if not self.stop.is_set():
                    raise
            except Exception as wrong:  # noqa: BLE001 -- a stranger's model or tokenizer
                self._went(at, Unreachable(f"{type(wrong).__name__}: {wrong}"))

    def rest(self) -> None:
        """All rows that have no answer yet, in a thread of its own."""
        with jobs.inside(self.job), progress.to(progress.Silent()):
            try:
                self.ready()
                for start, end in self._waves():
                    self._work(start, end)
            except HfNbError as wrong:
                self._cut(wrong)
            except KeyboardInterrupt:
                self.stop.set()
            except Exception as wrong:  # noqa: BLE001 -- one contender's bug is no matter of the others
                self.wrong = self.wrong or Unreachable(f"{type(wrong).__name__}: {wrong}")
        self.end()

    def _cut(self, wrong: HfNbError) -> None:
        """Nobody answers any more. Where some rows have answers, it is the others' failure; else that of all."""
        if not self.known:
            self.wrong = self.wrong or wrong
            return
        done = self.known.keys() | self.made.failures.keys()
        done |= {at for at, one in enumerate(self.made.outputs) if one is not None}
        self.failed.update((at, wrong) for at in range(self.rows) if at not in done)

    def end(self) -> None:
        """Nothing more is asked."""
        self.over, self.ended = True, self.ended or time.monotonic()
        if self._written is not None:
            self._written.close()
        self.weigh()

    def weigh(self) -> None:
        """What its model takes in memory here, while it is there."""
        if self.chosen is None or not self.here:
            return
        model, revision = self.chosen.tiers[0][0].model, self.chosen.tiers[0][0].revision
        mine = [
            one.bytes for one in kept.loaded(session=self.session)
            if one.model == model and (revision is None or one.revision == revision)
        ]  # fmt: skip
        self.memory = max(mine, default=self.memory)

    def showing(self) -> Showing:
        """What has become of it so far."""
        outputs = [*self.made.outputs]
        outputs += [None] * (self.rows - len(outputs))
        for at, one in [*self.known.items()]:
            outputs[at] = one
        wrong = {**self.failed, **self.made.failures}
        return Showing(
            self._served(),
            tuple(outputs),
            tuple(_failed(at, one) for at, one in sorted(wrong.items()) if outputs[at] is None),
            {at: one for at, one in sorted(self.alone.items()) if one.kept is None},
            self._source(),
            self.memory,
            self.cost,
            (self.ended or time.monotonic()) - self.began,
            self.there + self.made.there,
            any(one is None and at not in wrong for at, one in enumerate(outputs))
            and self.wrong is None
            and self.over,
            None if self.wrong is None else _failed(-1, self.wrong),
            tuple(self._notes()),
        )

    # -- one row

    def _ask(self, row: Row) -> None:
        written, task = self._written, self.ready().task
        assert written is not None
        if (found := written.find(row.number, row.mark, task)) is not None:
            self.known[row.number], self.alone[row.number] = found
            self.there += 1
            return
        if not (held := self.purse.hold(self.contender.name, 1)).rows:
            self.over = True
            return
        try:
            answer, source = self._answer(row)
        finally:
            self.purse.back(held)
        self.take(row.number, answer, source)
        written.note(row.number, row.mark, task, answer, source)

    def take(self, at: int, answer: Any, source: Source) -> None:
        """A row was answered, asked alone."""
        self.known[at], self.alone[at] = answer, source
        self._failing = 0
        self.failed.pop(at, None)
        self._paid(source.cost)

    def _answer(self, row: Row) -> tuple[Any, Source]:
        # A kept answer has no seconds of its own; what costs nothing is asked once more for them.
        wish = replace(self._wish(row.input), task=self.ready().task.name, fresh=self.fresh or self.here)
        asked = Asking(wish, self.timeout, self.session, seen=False)
        for _ in asked.parts():
            pass
        return answers.short(asked.task, asked.tally), asked.source()

    def _went(self, at: int, wrong: HfNbError) -> None:
        """Not well: with this row, or with all of them."""
        self.failed[at] = wrong
        self._failing += 1
        never = not self.known and not of_a_row(wrong)
        if self.chosen is None or (never and (isinstance(wrong, Lasting) or self._failing >= IN_A_ROW)):
            self.wrong = wrong
        self._away = not self.here and rules.then(wrong) is Then.AGAIN

    @property
    def struggling(self) -> bool:
        """Asked alone it fails again and again: the rest will show whether that lasts, with nobody waiting for it."""
        return self._away or self._failing >= IN_A_ROW

    @property
    def hangs(self) -> bool:
        """It has rows left, and nobody answers them now."""
        return self._at_work is not None and self._at_work.hands.failing

    def _patience(self) -> float:
        """Seconds that its server may fail: those beside it, while they get anywhere, lose nothing by it.

        One that has answered is there, and busy: our own pauses are longer than a little while, and its rows are paid.
        """
        answered = bool(self.known) or any(one is not None for one in self.made.outputs)
        busy = any(one.done < one.rows and not (one.out or one.hangs) for one in self.beside)
        return patience() if busy or answered else min(patience(), WAITED)

    # -- many rows

    def _waves(self) -> Iterator[tuple[int, int]]:
        """All at once; where there is a budget and a price, no more than can be paid."""
        if self.purse.limit is None or not self.cost:
            yield 0, self.rows
            return
        start = 0
        while start < self.rows and not self.stop.is_set():
            asked = [at for at in range(start, self.rows) if at not in self.known][:WAVE]
            held = self.purse.hold(self.contender.name, len(asked))
            if asked and not held.rows:
                return
            end = self.rows if held.rows == len(asked) < WAVE else asked[held.rows - 1] + 1
            try:
                yield start, end
            finally:
                self.purse.back(held)
            start = end

    def _work(self, start: int, end: int) -> None:
        chosen_ = self.ready()
        assert self._written is not None
        rows = (self._question(at) for at in range(start, end))
        work = Work(
            chosen_,
            self._wish(self._first()),
            self.session,
            self.job,
            rows,
            self.rows,
            self.timeout,
            made=self.made,
            lasting=self._patience,
        )
        # Those behind the known ones are not read twice: a wave begins where the last one ended.
        work.known = {at: self.known[at] for at in range(start, end) if at in self.known}
        work.heard = self._heard
        work.must_write = self._written.wanted not in (None, False)
        if (journal := self._written.journal()) is not None:
            work.journal = journal
            waits = self.journal is None and not self._written.rows.exists()
            work.journal_after = max(0.01, AFTER - (time.monotonic() - self.began)) if waits else NEVER
        self.failed.clear()
        self._at_work = work
        work.run()

    def _heard(self, target: Target, tally: Tally) -> None:
        if tally.kept:
            return
        if target.read is None and tally.provider and tally.read is not None:
            target = prices.priced(target, tally.provider, self.session)
        self._paid(numbers.cost(target, tally))

    def _paid(self, dollars: float | None) -> None:
        if dollars is not None:
            self.cost = (self.cost or 0.0) + dollars
            self.purse.paid(self.contender.name, dollars)

    # -- what is asked

    def _question(self, at: int) -> Any:
        """A template may want what a row does not have; that is the row's failure."""
        try:
            return self.material.question(self.contender, at)
        except HfNbError as wrong:
            return wrong

    def _row(self, at: int) -> Row | HfNbError:
        assert self.chosen is not None
        return checked(at, self._question(at), self.chosen.task)

    def _first(self) -> Any:
        """An input that can be asked about: a language may decide who answers."""
        some = (self._question(at) for at in range(min(HEAD, self.rows)))
        return next((one for one in some if isinstance(one, (str, dict, list)) and one), None)

    def _wish(self, question: Any) -> Wish:
        how = asking.how(self.contender)
        return Wish(
            how["model"], how["task"], how["provider"], how["revision"], question, (), None, how["params"],
            mask=self.mask, fresh=self.fresh,
        )  # fmt: skip

    # -- what is said of it

    def _served(self) -> Contender:
        """With the task and the commit that were found."""
        if self.chosen is None:
            return self.contender
        first = self.chosen.tiers[0][0]
        return replace(
            self.contender, task=self.chosen.task.name, revision=first.revision or self.contender.revision
        )

    def _source(self) -> Source | None:
        if self.alone:
            return replace(next(iter([*self.alone.values()])), attempts=())
        if self.chosen is None:
            return None
        first = self.chosen.tiers[0][0]
        named = " + ".join(self.made.served) or first.method
        return Source(
            str(first.model),
            first.revision,
            named,
            self.chosen.choice.reason,
            0.0,
            task=self.chosen.task.name,
        )

    def _notes(self) -> Iterator[str]:
        yield from self.made.notes
        if self._written is not None and self._written.problem:
            yield self._written.problem
        if self.contender.name in self.purse.short:
            yield f"Stopped before the budget of ${self.purse.limit:g} was exceeded."
        if self.made.substituted:
            yield f"{self.made.substituted:,} rows were answered by another model than the one asked for."


def _failed(row: int, wrong: HfNbError) -> FailedRow:
    return FailedRow(
        row, type(wrong).__name__, wrong.problem, wrong.next_step, not isinstance(wrong, Lasting)
    )


__all__ = ["BadInput", "Lane", "Stopped"]
