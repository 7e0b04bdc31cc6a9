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

from hf_nb.errors import HfNbError
from hf_nb.infer.backends.local.model import Loaded
from hf_nb.infer.call import Call, Chunk, Parts, Terms


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


def one(read: Read) -> Callable[[Loaded, Call, Terms], Parts]:
    """Answering a question alone, by what `read` makes of it."""

    def answer(loaded: Loaded, call: Call, terms: Terms) -> Parts:
        for _, said in several(loaded, [call], terms, read):
            if isinstance(said, HfNbError):
                raise said
            yield said

    return answer


def several(
    loaded: Loaded, calls: Sequence[Call], terms: Terms, read: Read
) -> Iterator[tuple[int, Chunk | HfNbError]]:
    """Each call's number with its answer, or with why there is none. What stops one stops all."""
    waiting: dict[int, Waiting] = {}
    pieces: list[tuple[int, int]] = []  # (call, piece of it)
    for number, call in enumerate(calls):
        began = time.perf_counter()
        try:
            work = read(loaded, call)
        except HfNbError as wrong:
            yield number, wrong
            continue
        waiting[number] = Waiting(work, len(work.pieces), [None] * len(work.pieces))
        waiting[number].seconds = time.perf_counter() - began
        pieces += [(number, piece) for piece in range(len(work.pieces))]
    # The longest first: padding is least among neighbours, and what does not fit into memory shows at once.
    pieces.sort(key=lambda one: -len(waiting[one[0]].work.pieces[one[1]].ids))
    through = 0
    for group in _groups(loaded, pieces, waiting):
        terms.check()
        began = time.perf_counter()
        chosen = [waiting[number].work.pieces[piece] for number, piece in group]
        lengths = [len(one.ids) for one in chosen]
        seen = waiting[group[0][0]].work.seen(loaded.passed(chosen), lengths)
        share = (time.perf_counter() - began) / len(group)
        through += len(group)
        if terms.watch is not None:
            terms.watch.rows(through / len(pieces))
        for at, (number, piece) in enumerate(group):
            mine = waiting[number]
            mine.rows[piece] = mine.work.kept(seen, at, piece)
            mine.left -= 1
            mine.seconds += share
            if not mine.left:
                del waiting[number]
                yield number, _made(mine)


def _groups(
    loaded: Loaded, pieces: list[tuple[int, int]], waiting: dict[int, Waiting]
) -> Iterator[list[tuple[int, int]]]:
    """Neighbours that go through the model together."""
    group: list[tuple[int, int]] = []
    widest = 0  # they are sorted, so the first of a group is
    for one in pieces:
        work = waiting[one[0]].work
        if group and (work.alone or widest * (len(group) + 1) > loaded.at_once):
            yield group
            group = []
        if not group:
            widest = len(work.pieces[one[1]].ids)
        group.append(one)
    if group:
        yield group


def _made(mine: Waiting) -> Chunk | HfNbError:
    began = time.perf_counter()
    try:
        output, note = mine.work.made(mine.rows)
    except HfNbError as wrong:
        return wrong
    seconds = mine.seconds + time.perf_counter() - began
    return Chunk(output=output, seconds=seconds, finish="stop", note=note)
