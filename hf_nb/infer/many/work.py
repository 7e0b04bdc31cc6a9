"""All of a batch at once: rows are read, handed out to whoever is free, written down and counted.

One thread reads and counts (the caller's: it is stopped by the stop button, and walks through the caller's own
iterator); each place has threads of its own, which take rows from the line and tell what became of them.
"""

from __future__ import annotations

import queue
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, Busy, Filtered, HfNbError, Stopped, Unreachable
from hf_nb.infer.call import NEVER, Target
from hf_nb.infer.choose import Wish
from hf_nb.infer.many import answers, journal
from hf_nb.infer.many.before import Before
from hf_nb.infer.many.choice import Chosen, same_again
from hf_nb.infer.many.hands import LOOK, Hands
from hf_nb.infer.many.journal import Journal
from hf_nb.infer.many.line import Line
from hf_nb.infer.many.made import Made
from hf_nb.infer.many.places import MOST, Place, patience
from hf_nb.infer.many.rows import Row, checked
from hf_nb.infer.policies import rules
from hf_nb.infer.remembered import Kept
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing import progress
from hf_nb.plumbing.jobs import Job

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

READ = 256  # rows read between two looks at what has come
BETWEEN = 0.2  # seconds between two words about how far it is
OF_THE_ROW = (
    BadInput,
    Filtered,
)  # what will fail another time too; memory and keys may be another matter then
SPLIT = "longer than the model's"
BY_COPY, AGAIN = re.compile(r"by its (\w+) copy"), "by the model itself: "  # as `local.passes` says it


@dataclass
class Work:
    """One run of a batch."""

    chosen: Chosen
    wish: Wish
    session: Session
    job: Job
    rows: Iterator[Any]
    total: int | None
    timeout: float | None
    journal: Journal | None = None
    journal_after: float = NEVER  # seconds; `journal` is opened when it has taken so long
    known: dict[int, Any] = field(default_factory=dict)  # answers of an earlier run of the same rows
    made: Made = field(default_factory=Made)
    must_write: bool = True  # the journal was asked for: a run that cannot have it does not begin
    anew: bool = False  # what failed before is asked once more, also where the journal says why it did
    heard: Callable[[Target, Tally], None] | None = None  # each answer that somebody gave just now
    lasting: Callable[[], float] = patience  # seconds that who answers alone may fail

    def __post_init__(self) -> None:
        self.task = self.chosen.task
        self.line = Line()
        self.before = Before(self.chosen, self.wish, self.session)
        self.hands = Hands(
            self.chosen, self.wish, self.session, self.timeout, self.line, self.before, self.lasting
        )
        self.waiting: dict[int, Row] = {}  # read and not done
        self.firsts: dict[str, Row | int] = {}  # input -> the row that waits with it, or was answered
        self.tiers = [*self.chosen.tiers]
        self.began = time.monotonic()
        self.drawn = 0.0
        self.answered = False
        self.first: tuple[float, int] | None = None
        self.read_all = False
        self.late: list[tuple[Row, Any, HfNbError | None]] = []  # done before there was a journal
        self.nobody: HfNbError | None = None  # all who could answer are out: why
        self.again = same_again(self.chosen, self.chosen.tiers[0][0])

    def run(self) -> Made:
        """Until every row is done, or it is stopped."""
        with self._journal_open():
            try:
                self.hands.begin(self.tiers.pop(0), self.job)
                while not self._finished():
                    self._read()
                    self._come()
                    self._watch()
            except KeyboardInterrupt:
                self.made.stopped = True
            finally:
                self.hands.end(at_once=bool(self.waiting))
            self._come(block=False)
            self.before.flush()
        made = self.made
        made.seconds = time.monotonic() - self.began
        if self.journal is not None and self.journal.problem:
            made.notes.append(self.journal.problem)
        if not made.stopped:
            self._reconcile()
        self._draw()
        return made

    # -- reading

    def _read(self) -> None:
        """Some more rows, while few wait; of those that come slowly only as many as come in a moment."""
        until = time.monotonic() + LOOK
        for _ in range(READ):
            if self.read_all or len(self.line) >= 2 * MOST or time.monotonic() > until:
                return
            try:
                given = next(self.rows)
            except StopIteration:
                self.read_all = True
                return
            except HfNbError as wrong:
                self._cut(wrong.problem)
                return
            except Exception as wrong:  # noqa: BLE001 -- the caller's own iterator
                self._cut(f"{type(wrong).__name__}: {wrong}")
                return
            self._admit(given)

    def _cut(self, why: str) -> None:
        """Its rows ended in an error: what was read is answered."""
        self.read_all = True
        self.made.notes.append(f"After row {len(self.made.outputs):,} nothing could be read: {why}")

    def _admit(self, given: Any) -> None:
        number = len(self.made.outputs)
        self.made.outputs.append(None)
        if number in self.known:
            self.made.take(number, self.known.pop(number), None)
            return
        row = checked(number, given, self.task)
        if isinstance(row, HfNbError):
            self.made.take(number, None, row)
        elif self._was_there(row):
            return
        elif self.nobody is not None:
            self._done(row, None, self.nobody)
        else:
            self._wait(row)

    def _was_there(self, row: Row) -> bool:
        found = self.journal.find(row.number, row.mark) if self.journal is not None else None
        if found is None:
            return False
        if "error" in found and self.anew:
            return False
        try:
            if "error" in found:
                self.made.take(row.number, None, journal.error(found["error"]))
            else:
                self.made.take(row.number, answers.read(self.task, found["answer"]), None)
        except (KeyError, TypeError, ValueError):
            return False
        self.made.there += 1
        if self.again and row.number not in self.made.failures:
            self.firsts.setdefault(row.mark, row.number)
        return True

    def _wait(self, row: Row) -> None:
        if self.again:
            first = self.firsts.setdefault(row.mark, row)
            if isinstance(first, int):
                self._done(row, self.made.outputs[first], None)
                self.made.twice += 1
                return
            if first is not row:
                first.twins.append(row.number)
                return
        self.waiting[row.number] = row
        self.line.put(row)

    # -- what came

    def _come(self, *, block: bool = True) -> None:
        """What the places tell; waits a moment where there is nothing else to do."""
        idle = block and (self.read_all or len(self.line) >= 2 * MOST)
        try:
            item = self.hands.came.get(timeout=LOOK) if idle else self.hands.came.get_nowait()
            while True:
                self._tell(*item)
                item = self.hands.came.get_nowait()
        except queue.Empty:
            return

    def _tell(self, place: Place, row: Row, said: Tally | Kept | HfNbError) -> None:
        if self.waiting.pop(row.number, None) is None:
            return
        if isinstance(said, HfNbError):
            self._done(row, None, said)
            self._twins(row, None, said)
            return
        answer, count = answers.short(self.task, said), 1 + len(row.twins)
        self.made.split += count if any(SPLIT in one for one in said.notes) else 0
        if isinstance(said, Kept):
            self.made.kept += 1
            self._answered(row, answer, write=True)
            return
        self.answered = True
        target = place.target
        if self.heard is not None:
            self.heard(target, said)
        name = f"hf/{said.provider}" if said.provider and target.method == "hf" else target.method
        self.made.served[name if target.equal else f"{name} · {target.model}"] += count
        self.made.substituted += 0 if target.equal else count
        self._by_copy(said.notes, count)
        self.before.keep(row, said, target)
        self._answered(row, answer, write=target.equal)

    def _answered(self, row: Row, answer: Any, *, write: bool) -> None:
        """With all that have the same input."""
        self._done(row, answer, None, write=write)
        if self.again:
            self.firsts[row.mark] = row.number
        self._twins(row, answer, None, write=write)

    def _by_copy(self, notes: list[str], count: int) -> None:
        for note in (part for one in notes for part in one.split("; ")):
            if found := BY_COPY.fullmatch(note):
                self.made.copies[found[1]] += count
            elif note.startswith(AGAIN):
                self.made.doubted += count

    def _twins(self, row: Row, answer: Any, wrong: HfNbError | None, *, write: bool = True) -> None:
        """Rows with the same input."""
        if wrong is not None:
            self.firsts.pop(row.mark, None)
        for number in row.twins:
            self.made.twice += wrong is None
            self._done(replace(row, number=number, twins=[]), answer, wrong, write=write)

    def _done(self, row: Row, answer: Any, wrong: HfNbError | None, *, write: bool = True) -> None:
        """`write`: not what another model answered, which is no answer of this batch another time."""
        self.made.take(row.number, answer, wrong)
        if self.journal is None or not write or (wrong is not None and not isinstance(wrong, OF_THE_ROW)):
            return
        if self.late is not None and self.journal_after < NEVER:
            self.late.append((row, answer, wrong))
        else:
            self._write(row, answer, wrong)

    def _write(self, row: Row, answer: Any, wrong: HfNbError | None) -> None:
        assert self.journal is not None
        if wrong is None:
            self.journal.answered(row.number, row.mark, answers.written(self.task, answer))
        else:
            self.journal.failed(row.number, row.mark, wrong)

    # -- watching

    def _watch(self) -> None:
        if self.job.stopping.is_set():
            raise Stopped
        now = time.monotonic()
        if now - self.drawn >= BETWEEN:
            self._draw()
            self.before.flush()  # a kill finds what is older than a moment
        if now - self.began > self.journal_after and self.journal is not None:
            self.journal_after = NEVER
            self.open_journal()
            if self.journal is not None:
                for row, answer, wrong in self.late:
                    self._write(row, answer, wrong)
                self.journal.flush()
            self.late.clear()
        if self.waiting and all(one.out for one in self.hands.places) and not self.hands.busy():
            self._come(block=False)
            if self.waiting:
                self._nobody()

    def _draw(self) -> None:
        made, now = self.made, time.monotonic()
        self.drawn = now
        total = self.total if not self.read_all else len(made.outputs)
        fresh, seconds = made.done - made.there - made.kept, now - self.began
        if self.first is None and self.answered:
            self.first = (now, fresh)  # what came before is loading
        at, before = self.first or (now, 0)
        rate = (fresh - before) / (now - at) if now > at and fresh > before else None
        failed = f"{len(made.failures):,} failed" if made.failures else ""
        self.job.at(made.done, total)
        name = self.wish.model if isinstance(self.wish.model, str) else self.task.name
        progress.show(progress.Progress(name, made.done, total, "rows", seconds, failed, rate))

    def _nobody(self) -> None:
        """All who were asked are out: others in their place, or the rest has failed."""
        wrong = self.hands.out()
        further = self.tiers and (self.tiers[0][0].equal or rules.substitutable(wrong))
        if further:
            self.hands.begin(self.tiers.pop(0), self.job)
            return
        most = rules.most_useful(wrong)
        if not self.made.done - self.made.there - self.made.kept - self.made.twice or not any(
            one.answered for one in self.hands.places
        ):
            raise most
        self.made.notes.append(f"Not all rows were asked: {most.problem}")
        self.nobody = _unasked(most)
        for row in [*self.waiting.values()]:
            del self.waiting[row.number]
            self._done(row, None, self.nobody)
            self._twins(row, None, self.nobody)
        self.line.clear()
        if self.total is None:  # who knows whether it ends
            self.made.stopped = self.read_all = True

    def _finished(self) -> bool:
        return self.read_all and not self.waiting

    def _reconcile(self) -> None:
        """As many came out as went in."""
        ok = sum(one is not None for one in self.made.outputs)
        assert len(self.made.outputs) == ok + len(self.made.failures) == self.made.done

    def open_journal(self) -> None:
        """Where nobody asked for it and another run of this very batch has it, this one goes on without."""
        assert self.journal is not None
        try:
            self.journal.open()
        except Busy as wrong:
            if self.must_write:
                raise
            self.made.notes.append(f"Not written down: {wrong.problem}")
            self.journal, self.journal_after = None, NEVER

    def _journal_open(self) -> Any:
        return _Opened(self)


class _Opened:
    """The journal, from the first row on where it was asked for; closed whatever happens."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def __enter__(self) -> None:
        kept = self.work.journal
        if kept is not None and self.work.journal_after == NEVER:
            self.work.open_journal()

    def __exit__(self, *_: object) -> None:
        if self.work.journal is not None:
            self.work.journal.close()


def _unasked(wrong: HfNbError) -> HfNbError:
    """The failure of a row that nobody was left for: it may go better another time."""
    return Unreachable(f"Not asked: {wrong.problem}", wrong.next_step or "Once more: .again()")
