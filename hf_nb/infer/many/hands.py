"""The threads that answer a batch's rows: they take them from the line, and tell what became of them."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from hf_nb.errors import HfNbError, Unreachable
from hf_nb.infer import numbers
from hf_nb.infer.call import Target, Terms
from hf_nb.infer.choose import Wish
from hf_nb.infer.many import answering, places
from hf_nb.infer.many.before import Before
from hf_nb.infer.many.choice import Chosen
from hf_nb.infer.many.line import Line
from hf_nb.infer.many.places import TRIES, Place
from hf_nb.infer.many.rows import Row
from hf_nb.infer.policies.breaker import Open
from hf_nb.infer.policies.rules import Then
from hf_nb.infer.remembered import Kept
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing import jobs
from hf_nb.plumbing.jobs import Job
from hf_nb.tasks import Out

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

LOOK = 0.05
JOIN = 3.0  # seconds that a place is waited for when all is over


@dataclass
class Hands:
    """All that work for one batch. `came` is what they tell: who, which row, and its answer or its error."""

    chosen: Chosen
    wish: Wish
    session: Session
    timeout: float | None
    line: Line
    before: Before
    lasting: Callable[[], float] = places.patience  # seconds that a place may fail with nobody beside it
    came: queue.SimpleQueue[tuple[Place, Row, Tally | Kept | HfNbError]] = field(
        default_factory=queue.SimpleQueue
    )
    stop: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    places: list[Place] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.task = self.chosen.task

    def begin(self, targets: Iterable[Target], job: Job) -> None:
        """These places take part from now on."""
        begun: list[Place] = []
        for target in targets:
            together = answering.can_together(self.task, target, self.session) and (
                self.chosen.choice.before is None
            )
            remote = target.method not in ("local", "hashing")
            slots = self.session.settings.batch_at_once if remote else 1
            grouped = self.task.output is Out.VECTORS and not together
            place = Place(target, self.session.clock, slots, together, grouped, lasting=self.lasting)
            begun.append(place)
            job.running(target.method, target.model)
        self.places += begun  # all of them, before one has refused anything: it looks who is beside it
        for place in begun:
            for _ in range(place.slots):
                self._start(place)

    def _start(self, place: Place) -> None:
        context = contextvars.copy_context()
        thread = threading.Thread(
            target=context.run, args=(self._serve, place), daemon=True, name=f"hf_nb {place.target.method}"
        )
        self.threads.append(thread)
        thread.start()

    def _serve(self, place: Place) -> None:
        """Rows to this place, until there are none or it is out."""
        quiet = self.session.jobs.prepare("batch", task=self.task.name, model=place.target.model)
        quiet.stopping = self.stop
        with jobs.inside(quiet):
            while not self.over.is_set() and place.out is None:
                if wait := place.wait:
                    place.clock.sleep(min(wait, LOOK), self.over)
                    if not self._shared(place):
                        place.look()
                    continue
                self.line.there.wait(LOOK)
                group = self.line.take(place.size(shared=self._shared(place)), partial(self._fits, place))
                if group:
                    self._ask(place, self._new(place, group))
                elif len(self.line):  # what waits is for the others
                    self.over.wait(LOOK)

    def _new(self, place: Place, group: list[Row]) -> list[Row]:
        """Without those whose answer is kept from before."""
        kept = self.before.find(group)
        for row in group:
            if row.number in kept:
                self.came.put((place, row, kept[row.number]))
        return [one for one in group if one.number not in kept]

    def _shared(self, place: Place) -> bool:
        return any(one is not place and one.out is None for one in self.places)

    def _fits(self, place: Place, row: Row) -> bool:
        """Whether it may take the row: not again, while somebody else may."""
        return id(place) not in row.refused or not self._elsewhere(place, row)

    def _elsewhere(self, place: Place, row: Row) -> bool:
        """Somebody beside it is at work who has not refused the row."""
        return any(one is not place and one.out is None and id(one) not in row.refused for one in self.places)

    def _goes_on(self, place: Place, row: Row, wrong: HfNbError) -> bool:
        """A refused row that another place is asked about, since it may be this one's doing."""
        if place.suspect(wrong):
            row.refused.add(id(place))
            return self._elsewhere(place, row)
        return False

    def _ask(self, place: Place, group: list[Row]) -> None:
        """A group; what is neither answered nor refused goes back to the line."""
        if not group:
            return
        left = {one.number: one for one in group}

        def told(row: Row, said: Tally | HfNbError) -> None:
            if isinstance(said, HfNbError):
                if place.refused(said) or self._goes_on(place, row, said):
                    return  # it says so to all of them, or may: the row goes back
            else:
                place.worked()
            del left[row.number]
            self.came.put((place, row, said))

        began, before = time.monotonic(), place.answered
        try:
            if place.together:
                terms = Terms(self.session.clock, stop=self.stop)
                answering.together(group, place, self.task, self.chosen.params, terms, self.session, told)
            else:
                self._ask_each(place, group, left, told)
        except HfNbError as wrong:
            self._failed(place, [*left.values()], left, wrong)
        except BaseException as wrong:  # noqa: BLE001 -- a thread of ours must not vanish with its rows
            if not self.stop.is_set():
                place.out = Unreachable(f"{place.target.method} failed: {type(wrong).__name__}: {wrong}")
        finally:
            seconds, answered = time.monotonic() - began, place.answered - before
            place.seconds += seconds
            if place.together and answered:
                numbers.note_many(self.session, place.target, self.task.name, answered, seconds)
            self.line.back(left.values(), last=place.out is None)

    def _ask_each(self, place: Place, group: list[Row], left: dict[int, Row], told: answering.Told) -> None:
        """Several in one question where that can be; else, or where one of them spoils it, one by one."""
        asked = (place, self.chosen.choice, self.wish, self.timeout, self.session)
        if len(group) > 1:
            try:
                said = answering.in_one(group, *asked)
            except HfNbError as wrong:
                if not places.of_a_row(wrong):
                    raise
            else:
                for row, one in zip(group, said, strict=True):
                    told(row, one)
                return
        for row in group:
            if place.out is not None or place.wait:
                return
            try:
                told(row, answering.one_by_one(row, *asked))
            except HfNbError as wrong:
                self._failed(place, [row], left, wrong)

    def _failed(self, place: Place, rows: list[Row], left: dict[int, Row], wrong: HfNbError) -> None:
        what = place.failed(wrong, alone=not self._shared(place))
        if place.together and what in (Then.STOP, Then.WIDER):
            place.out = wrong  # what is wrong with a row is told of the row
        if place.together or place.out is not None:
            return
        for row in rows:
            row.tries += not isinstance(wrong, Open)
            row.wrong = wrong
            if what in (Then.STOP, Then.WIDER):
                if place.refused(wrong) or self._goes_on(place, row, wrong):
                    continue
            elif row.tries < TRIES:
                continue
            del left[row.number]
            self.came.put((place, row, wrong))

    @property
    def failing(self) -> bool:
        """Nobody answers: all are out, or pause since they fail."""
        return all(one.out is not None or one.since is not None for one in self.places)

    def busy(self) -> bool:
        """Somebody is at work."""
        return any(one.is_alive() for one in self.threads)

    def out(self) -> list[HfNbError]:
        """Why those that are out are."""
        return [one.out for one in self.places if one.out is not None]

    def end(self, *, at_once: bool) -> None:
        """Nobody goes on; `at_once`: nor to the end of what is being asked."""
        if at_once:
            self.stop.set()
        self.over.set()
        self.line.there.set()
        until = time.monotonic() + JOIN
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))
