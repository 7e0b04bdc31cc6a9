"""Answers that come whole: what goes through the model for them, for one question or for thousands together.

Work      what a question needs: pieces that fit the window, what is kept of each, and what becomes of it all
one       a question alone
several   many at once, their pieces together and by length: each answer as soon as its last piece is through
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import HfNbError, OutOfMemory, Stopped
from hf_nb.infer.backends.local import accel
from hf_nb.infer.backends.local.line import Line
from hf_nb.infer.backends.local.model import Loaded, said
from hf_nb.infer.call import Call, Chunk, Parts, Terms

BY, AGAIN = "by its", "by the model itself"  # how the notes begin that say who answered
ALIKE = 3  # pieces that fail alone with the same words and none is through: it is the model, not they


@dataclass
class Work:
    """What a question needs of a model.

    `seen(said, lengths)` makes of one pass what is kept of it, once for all its rows, and takes it off the device;
    `kept(seen, at, number)` is what piece `number`, row `at` of the pass, leaves behind; `made` makes the answer, and
    a note about it, of what all pieces left. Questions of one batch are alike, so the first one's `seen` does for all.
    """

    pieces: list[Any]
    seen: Callable[[Any, list[int]], Any]
    kept: Callable[[Any, int, int], Any]
    made: Callable[[list[Any]], tuple[Any, str]]
    alone: bool = False  # the model knows no padding: one piece at a time


Read = Callable[[Loaded, Call], Work]


@dataclass
class Waiting:
    """A question whose pieces are not all through."""

    work: Work
    left: int
    rows: list[Any] = field(default_factory=list)
    seconds: float = 0.0
    by: str = ""  # the quicker copy that answered some of it
    doubted: str = ""  # the one that was not sure of some of it


def one(read: Read) -> Callable[[Loaded, Call, Terms], Parts]:
    """Answering a question alone, by what `read` makes of it."""

    def answer(loaded: Loaded, call: Call, terms: Terms) -> Parts:
        began = time.perf_counter()
        work = read(loaded, call)
        if len(work.pieces) == 1:  # what `Through` does for many has nothing to do here
            terms.check()
            seen = work.seen(loaded.passed(work.pieces), [len(work.pieces[0].ids)])
            output, note = work.made([work.kept(seen, 0, 0)])
            yield Chunk(output=output, seconds=time.perf_counter() - began, finish="stop", note=note)
            return
        for _, made in several(loaded, [call], terms, lambda *_: work):
            if isinstance(made, HfNbError):
                raise made
            yield made

    return answer


def several(
    loaded: Loaded,
    calls: Sequence[Call],
    terms: Terms,
    read: Read,
    *,
    faster: bool = False,
    copy: accel.Copy | None = None,
) -> Iterator[tuple[int, Chunk | HfNbError]]:
    """Each call's number with its answer, or with why there is none. What stops one stops all.

    `faster`: by a quicker copy of the model (`accel`), where one was measured to give the same answers; `copy`: by this
    one, whatever it gives.
    """
    waiting: dict[int, Waiting] = {}
    pieces: list[tuple[int, int]] = []  # (call, piece of it)
    with loaded.reader.ahead([one.input for one in calls if isinstance(one.input, str)]):
        for number, call in enumerate(calls):
            began = time.perf_counter()
            try:
                work = read(loaded, call)
            except Stopped:
                raise
            except Exception as wrong:  # noqa: BLE001 -- whatever a tokenizer raises
                yield number, said(loaded.name, wrong)
                continue
            waiting[number] = Waiting(work, len(work.pieces), [None] * len(work.pieces))
            waiting[number].seconds = time.perf_counter() - began
            pieces += [(number, piece) for piece in range(len(work.pieces))]
    if pieces:
        through = Through(loaded, waiting, pieces, terms, calls[0].task, faster=faster)
        through.copy = copy or through.copy
        yield from through.answers()


class Through:
    """Pieces on their way through the model."""

    def __init__(
        self,
        loaded: Loaded,
        waiting: dict[int, Waiting],
        pieces: list[tuple[int, int]],
        terms: Terms,
        task: str,
        *,
        faster: bool,
    ) -> None:
        self.loaded, self.waiting, self.terms = loaded, waiting, terms
        if len(pieces) > 1:
            pieces.sort(key=lambda one: -len(self._piece(*one).ids))
        self.pieces = pieces
        first = waiting[pieces[0][0]].work
        self.line = Line(loaded, [len(self._piece(*one).ids) for one in pieces], alone=first.alone)
        self.copy: accel.Copy | None = None
        if faster and not first.alone:
            self.copy = accel.chosen(loaded, task, [self._piece(*one) for one in pieces], terms)
        self.doubtful: list[int] = []  # by the quicker copy; the model itself has the word
        self.left = len(pieces)
        self.failed: list[str] = []

    def _piece(self, number: int, piece: int) -> Any:
        return self.waiting[number].work.pieces[piece]

    def answers(self) -> Iterator[tuple[int, Chunk | HfNbError]]:
        """As they are made."""
        yield from self._through(self.line, self.copy)
        if self.doubtful:
            again, self.doubtful = sorted(self.doubtful), []
            line = Line(self.loaded, [self.line.lengths[one] for one in again], alone=False)
            self.pieces = [self.pieces[one] for one in again]
            yield from self._through(line, None)

    def _through(self, line: Line, copy: accel.Copy | None) -> Iterator[tuple[int, Chunk | HfNbError]]:
        while group := line.next():
            self.terms.check()
            began = time.perf_counter()
            try:
                rows = self._rows(group, line, copy)
            except (Stopped, OutOfMemory):
                raise
            except Exception as wrong:  # noqa: BLE001 -- whatever torch raises
                ours = said(self.loaded.name, wrong)
            else:
                line.done(group)
                yield from self._kept(group, rows, time.perf_counter() - began, copy.name if copy else "")
                continue
            # Out of the block above: what was raised there holds tensors.
            if copy is not None:
                copy = None
                self.loaded.kept["copy"] = None
                line.too_much(group, memory=False)
            elif len(group) > 1:
                line.too_much(group, memory=isinstance(ours, OutOfMemory))
            else:
                yield self._gave_up(group[0], ours, line)

    def _rows(self, group: list[int], line: Line, copy: accel.Copy | None) -> list[Any]:
        """What is kept of each; of one that the quicker copy is not sure of, `accel.DOUBTFUL`."""
        chosen = [self._piece(*self.pieces[one]) for one in group]
        lengths = [line.lengths[one] for one in group]
        work = self.waiting[self.pieces[group[0]][0]].work
        answered = self.loaded.passed(chosen) if copy is None else copy.passed(self.loaded, chosen)
        unsure = copy.unsure(answered, lengths) if copy is not None else ()
        seen = work.seen(answered, lengths)
        rows = []
        for at, one in enumerate(group):
            number, piece = self.pieces[one]
            rows.append(
                accel.DOUBTFUL if unsure and unsure[at] else self.waiting[number].work.kept(seen, at, piece)
            )
        return rows

    def _kept(
        self, group: list[int], rows: list[Any], seconds: float, by: str
    ) -> Iterator[tuple[int, Chunk | HfNbError]]:
        share = seconds / len(group)
        unsure = [one for one, row in zip(group, rows, strict=True) if row is accel.DOUBTFUL]
        self.doubtful += unsure
        self.left -= len(group) - len(unsure)
        if self.terms.watch is not None:
            self.terms.watch.rows(1 - self.left / len(self.line.lengths))
        for one, row in zip(group, rows, strict=True):
            number, piece = self.pieces[one]
            mine = self.waiting[number]
            mine.seconds += share
            if row is accel.DOUBTFUL:
                mine.doubted = by
                continue
            mine.rows[piece] = row
            mine.by = by or mine.by
            mine.left -= 1
            if not mine.left:
                del self.waiting[number]
                yield number, _made(mine)

    def _gave_up(self, one: int, wrong: HfNbError, line: Line) -> tuple[int, HfNbError]:
        """A question that cannot be answered; raises where no other fares better."""
        if isinstance(wrong, OutOfMemory):
            raise wrong
        self.failed.append(wrong.problem)
        if self.left == len(self.line.lengths) and self.failed == [wrong.problem] * ALIKE:
            raise wrong
        number = self.pieces[one][0]
        del self.waiting[number]
        line.without([at for at, (whose, _) in enumerate(self.pieces) if whose == number])
        self.doubtful = [at for at in self.doubtful if self.pieces[at][0] != number]
        return number, wrong


def _made(mine: Waiting) -> Chunk | HfNbError:
    began = time.perf_counter()
    try:
        output, note = mine.work.made(mine.rows)
        if mine.by:
            note = _with(note, f"{BY} {mine.by} copy")
        elif mine.doubted:
            note = _with(note, f"{AGAIN}: its {mine.doubted} copy was not sure")
    except HfNbError as wrong:
        return wrong
    seconds = mine.seconds + time.perf_counter() - began
    return Chunk(output=output, seconds=seconds, finish="stop", note=note)


def _with(note: str, more: str) -> str:
    return f"{note}; {more}" if note else more
