"""Rows whose answer is kept from before, and new answers kept for the next time: both for many rows at once.

A batch may fill a part of the store and no more. Beyond that its first answers would go for its last ones, and the same
batch again, which begins with the first, would find none of them; nor would anybody else find theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hf_nb.infer import numbers, remembered
from hf_nb.infer.call import Call, Target
from hf_nb.infer.choose import Wish, prices
from hf_nb.infer.many.choice import Chosen
from hf_nb.infer.many.rows import Row
from hf_nb.infer.remembered import Kept, Room, marks, sure
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing import reading

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

TOGETHER = 256  # new answers
SHARE = 4  # a batch may take one part in so many of the budget


class Before:
    """Of one run of a batch. What counts is what the first place would say."""

    def __init__(self, chosen: Chosen, wish: Wish, session: Session) -> None:
        self.chosen, self.wish, self.session = chosen, wish, session
        self.first = chosen.tiers[0][0]
        self.also = remembered.step(chosen.choice)
        self.room = Room(int(session.settings.answers_cache) // SHARE)
        self._marks: dict[int, bytes] = {}  # of rows that are being asked
        self._new: dict[bool, list[tuple[bytes, Tally, float | None]]] = {}  # by whether they last
        self._count = 0
        self._draws: dict[Target, bool] = {}
        self.looks = self._may(self.first) and not wish.fresh and not reading.asks_anew()

    def _may(self, target: Target) -> bool:
        """Whether any answer of this place may be kept; of what is sent away masked each row is looked at."""
        if not self.session.settings.answers_cache:
            return False
        return sure.alike(self._call("", target), target, self.session, mask=False)

    def _call(self, given: object, target: Target) -> Call:
        return Call(self.chosen.task.name, target.model, target.revision, given, self.chosen.params)

    def _masked(self, given: object, target: Target) -> bool:
        """Never kept, so never found either."""
        if target.method == "local":
            return False
        return not sure.alike(self._call(given, target), target, self.session, mask=self.wish.mask)

    def find(self, rows: Sequence[Row]) -> dict[int, Kept]:
        """By number, those whose answer is there."""
        if not self.looks:
            return {}
        wanted: dict[bytes, list[int]] = {}
        begun = self._beginning(self.first)
        for row in rows:
            mark = (
                None if begun is None or self._masked(row.input, self.first) else marks.of(begun, row.input)
            )
            if mark is not None:
                self._marks[row.number] = mark
                wanted.setdefault(mark, []).append(row.number)
        kept = remembered.of(self.session).find_many(wanted, lasting=sure.lasting(self.first))
        found = {number: one for mark, one in kept.items() for number in wanted[mark]}
        for number in found:
            self._marks.pop(number, None)
        if found:
            numbers.note_kept(self.session, self.first, self.chosen.task.name, found.values())
        return found

    def keep(self, row: Row, said: Tally, target: Target) -> None:
        """A new answer, while the batch has room; put down with others (`flush`)."""
        known = self._marks.pop(row.number, None) if target is self.first else None
        if self.room.left <= 0 or not sure.worth(said) or not target.equal:
            return
        if known is None:
            known = self._mark(row, target)
        if known is not None and self._greedy(target):
            paid = None if target.method == "local" else self._dollars(said, target)
            self._new.setdefault(sure.lasting(target), []).append((known, said, paid))
            self._count += 1
            if self._count >= TOGETHER:
                self.flush()

    def flush(self) -> None:
        """What is new, where it is kept."""
        new, self._new, self._count = self._new, {}, 0
        for lasting, some in new.items():
            remembered.of(self.session).keep_many(some, lasting=lasting, room=self.room)

    def _greedy(self, target: Target) -> bool:
        draws = self._draws.get(target)
        if draws is None:
            draws = self._draws[target] = not sure.greedy(self._call("", target), target)
        return not draws

    def _mark(self, row: Row, target: Target) -> bytes | None:
        if not self._may(target) or self._masked(row.input, target):
            return None
        begun = self._beginning(target)
        return None if begun is None else marks.of(begun, row.input)

    def _beginning(self, target: Target) -> marks.Begun | None:
        return marks.beginning(self.chosen.task.name, self.chosen.params, target, self.session, self.also)

    def _dollars(self, said: Tally, target: Target) -> float | None:
        if target.read is None and said.provider and said.read is not None:
            target = prices.priced(target, said.provider, self.session)
        return numbers.cost(target, said)
