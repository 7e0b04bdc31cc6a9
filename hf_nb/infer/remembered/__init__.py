"""Answers that were given already: the same model at the same commit, asked the same, says the same at once.

find(asking), keep(asking)          one question: what `run.Asking` does
get(session, call, target)          what a place has said to a call, and
put(session, call, target, tally)   what came of it; for the rows of a batch see `many.before`
answers()                           how many there are; away with them

sure     whether a call has but one answer          marks   what it is known by: all that decides about it
packed   an answer as bytes, and back               front   the latest ones, in this process
disk     all of them, under a budget, shared by the user's processes

What was asked is hashed, never written; what was answered stands in the cache folder, readable by its owner alone.
"""

from __future__ import annotations

import json
import threading
import time
import weakref
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from hf_nb.infer.remembered import marks, packed, sure
from hf_nb.infer.remembered.disk import Disk
from hf_nb.infer.remembered.front import Front
from hf_nb.infer.remembered.packed import Kept
from hf_nb.plumbing import folders, reading, redact, token

if TYPE_CHECKING:
    from hf_nb.infer.call import Call, Target
    from hf_nb.infer.choose import Choice
    from hf_nb.infer.run import Asking
    from hf_nb.infer.shapes import Tally
    from hf_nb.plumbing.session import Session

__all__ = ["Kept", "Remembered", "Room", "find", "get", "keep", "of", "put", "step"]

FRONT = 32_000_000  # bytes of the latest answers in this process's memory
MOST_FRESH = 512  # answers that wait to be packed
EACH = 100  # bytes of the file that an answer takes beside its own
LARGEST = 8  # an answer larger than this part of the budget is not worth the many that would go for it


class Fresh(NamedTuple):
    """An answer of a moment ago, not yet packed: that is done for many at a time, and not by whoever waits."""

    tally: Tally
    dollars: float | None
    at: float
    secrets: tuple[str, ...]  # what must not stand in it, as far as it was known then
    lasting: bool


@dataclass
class Room:
    """Bytes that one batch may still fill."""

    left: int


class Remembered:
    """A session's answers: the latest in memory, all of them on disk."""

    def __init__(self, session: Session) -> None:
        self.settings = session.settings
        self.front = Front(FRONT)
        self._fresh: dict[bytes, Fresh] = {}
        self._guard = threading.RLock()
        self.disk = Disk(folders.cache() / "answers" / "answers.sqlite3", lambda: self.budget, self.settle)
        weakref.finalize(session, self.disk.close)

    @property
    def budget(self) -> int:
        """Bytes; 0: nothing is kept."""
        return int(self.settings.answers_cache)

    def find(self, mark: bytes, *, lasting: bool) -> Kept | None:
        """What was answered; `lasting`: it may have been in another session."""
        if mark in self._fresh:
            self._settle(mark)
        body = self.front.get(mark)
        if body is not None:
            if lasting:
                self.disk.used(mark)
        elif not lasting or (body := self.disk.get(mark)) is None:
            return None
        found = self._read(mark, body)
        if found is not None:
            self.front.put(mark, body)
        return found

    def find_many(self, marks: Collection[bytes], *, lasting: bool) -> dict[bytes, Kept]:
        """The same for many. Those in memory stay what they are: a batch leaves it to single questions."""
        bodies: dict[bytes, bytes] = {}
        for mark in marks:
            if mark in self._fresh:
                self._settle(mark)
            if (body := self.front.get(mark)) is not None:
                bodies[mark] = body
        if lasting:
            bodies |= self.disk.get_many([one for one in marks if one not in bodies])
            self.disk.use(bodies)
        found = {mark: self._read(mark, body) for mark, body in bodies.items()}
        return {mark: one for mark, one in found.items() if one is not None}

    def _read(self, mark: bytes, body: bytes) -> Kept | None:
        try:
            return packed.read(body)
        except (ValueError, KeyError, TypeError, AttributeError):  # not as we write them
            self.front.drop(mark)
            self.disk.drop(mark)
            return None

    def keep_many(
        self, answers: Sequence[tuple[bytes, Tally, float | None]], *, lasting: bool, room: Room
    ) -> None:
        """Those of a batch, packed and looked through together, as long as it has room."""
        at, secrets, bodies = time.time(), token.hidden(), {}
        for mark, tally, dollars in answers:
            body = packed.plainly(tally, dollars, at)
            if body is None or len(body) > self.budget // LARGEST:
                continue
            room.left -= len(body) + EACH
            if room.left < 0:
                break
            bodies[mark] = body
        if _tells_a_token(b"\n".join(bodies.values()), secrets):
            bodies = {mark: body for mark, body in bodies.items() if not _tells_a_token(body, secrets)}
        if lasting:
            self.disk.put_many(bodies)
            return
        for mark, body in bodies.items():
            self.front.put(mark, body, most=min(FRONT, self.budget))

    def keep(self, mark: bytes, tally: Tally, dollars: float | None, *, lasting: bool) -> None:
        """For the next time."""
        fresh = Fresh(tally, dollars, time.time(), token.hidden(), lasting)
        with self._guard:
            self._fresh[mark] = fresh
        if len(self._fresh) >= MOST_FRESH:
            self.settle()
        else:
            self.disk.soon()

    def settle(self) -> bool:
        """Pack what is fresh; whether there was anything."""
        marks = [*self._fresh]
        for mark in marks:
            self._settle(mark)
        return bool(marks)

    def _settle(self, mark: bytes) -> None:
        with self._guard:  # until it is elsewhere it is found here
            if (one := self._fresh.get(mark)) is not None:
                self._pack(mark, one)
                del self._fresh[mark]

    def _pack(self, mark: bytes, one: Fresh) -> None:
        body = packed.written(packed.of(one.tally, one.dollars, one.at))
        if body is None or len(body) > self.budget // LARGEST or _tells_a_token(body, one.secrets):
            return
        self.front.put(mark, body, most=min(FRONT, self.budget))
        if one.lasting:
            self.disk.put(mark, body)

    def forget(self) -> int:
        """Away with those in memory; how many there were."""
        self.settle()
        return self.front.clear()


_kept: weakref.WeakKeyDictionary[Session, Remembered] = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def of(session: Session) -> Remembered:
    """A session's."""
    found = _kept.get(session)
    if found is None:
        with _guard:
            found = _kept.get(session) or _kept.setdefault(session, Remembered(session))
    return found


def find(asking: Asking) -> Kept | None:
    """What the place that would be asked first has said to the same question, unless it is asked anew.

    A row of a batch was looked for before it was asked, among all others (`many.before`).
    """
    if asking.fresh or reading.asks_anew() or asking.followed.job.kind == "batch":
        return None
    target, session = asking.choice.targets[0], asking.session
    if not session.settings.answers_cache or not sure.alike(
        asking.call, target, session, mask=asking.terms.mask
    ):
        return None
    began = time.perf_counter()
    asking.marked = (target, marks.mark(asking.call, target, session, step(asking.choice)))
    return _found(asking.marked[1], target, session, began)


def keep(asking: Asking) -> None:
    """A whole answer, for whoever gave it; the rows of a batch are kept by it, many at once."""
    served = getattr(asking.backend, "served", None) or asking.choice.targets[0]
    session, call, mask = asking.session, asking.call, asking.terms.mask
    if session.settings.answers_cache and asking.followed.job.kind != "batch":
        dollars = asking.cost(served) if served.read is not None or asking.tally.provider else None
        known = asking.marked[1] if asking.marked is not None and asking.marked[0] is served else None
        also = "" if known else step(asking.choice)
        put(session, call, served, asking.tally, mask=mask, also=also, dollars=dollars, known=known)


def get(session: Session, call: Call, target: Target, *, mask: bool = False, also: str = "") -> Kept | None:
    """What `target` has said to this call; None: it has to be asked. `also`: what else decides about the answer."""
    if not session.settings.answers_cache or not sure.alike(call, target, session, mask=mask):
        return None
    began = time.perf_counter()
    return _found(marks.mark(call, target, session, also), target, session, began)


def _found(mark: bytes | None, target: Target, session: Session, began: float) -> Kept | None:
    found = None if mark is None else of(session).find(mark, lasting=sure.lasting(target))
    return found and replace(found, found_in=time.perf_counter() - began)


def put(
    session: Session,
    call: Call,
    target: Target,
    tally: Tally,
    *,
    mask: bool = False,
    also: str = "",
    dollars: float | None = None,
    known: bytes | None = None,
) -> None:
    """Keep what it said, where the same question will have the same answer. `known`: the call's mark, if it is."""
    if not session.settings.answers_cache:
        return
    if known is None and not sure.alike(call, target, session, mask=mask):
        return
    if not sure.worth(tally) or not sure.greedy(call, target):
        return
    made = known or marks.mark(call, target, session, also)
    if made is not None:
        of(session).keep(made, tally, dollars, lasting=sure.lasting(target))


def step(choice: Choice) -> str:
    """A step whose answer was this one's input decides as well."""
    before = choice.before
    if before is None:
        return ""
    first = before.targets[0]
    return repr((first.method, first.model, first.revision, sorted(before.params.items())))


def _tells_a_token(body: bytes, secrets: tuple[str, ...]) -> bool:
    """Looked for in what would be written: one pass, whatever kind of answer it is."""
    now = token.hidden()
    whole = body.decode("utf-8", "surrogatepass")
    known = now if secrets is now else {*now, *secrets}
    quoted = [inner for one in known if (inner := json.dumps(one, ensure_ascii=False)[1:-1]) != one]
    return redact.tokens(whole, [*known, *quoted]) != whole
