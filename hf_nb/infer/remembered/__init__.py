"""Answers that were given already: the same model at the same commit, asked the same, says the same at once.

find(asking), keep(asking)          one question: what `run.Asking` does
get(session, call, target)          the same for a row of a batch, and
put(session, call, target, tally)   what came of it
answers()                           how many there are; away with them

sure     whether a call has but one answer          marks   what it is known by: all that decides about it
packed   an answer as bytes, and back               front   the latest ones, in this process
disk     all of them, under a budget, shared by the user's processes

What was asked is hashed, never written; what was answered stands in the cache folder, readable by its owner alone.
"""

from __future__ import annotations

import threading
import time
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

from hf_nb.infer.remembered import marks, packed, sure
from hf_nb.infer.remembered.disk import Disk
from hf_nb.infer.remembered.front import Front
from hf_nb.infer.remembered.packed import Kept
from hf_nb.plumbing import folders, reading, redact

if TYPE_CHECKING:
    from hf_nb.infer.call import Call, Target
    from hf_nb.infer.run import Asking
    from hf_nb.infer.shapes import Tally
    from hf_nb.plumbing.session import Session

__all__ = ["Kept", "Remembered", "find", "get", "keep", "of", "put"]

FRONT = 32_000_000  # bytes of the latest answers in this process's memory
LARGEST = 8  # an answer larger than this part of the budget is not worth the many that would go for it


class Remembered:
    """A session's answers: the latest in memory, all of them on disk."""

    def __init__(self, session: Session) -> None:
        self.settings = session.settings
        self.front = Front(FRONT)
        self.disk = Disk(folders.cache() / "answers" / "answers.sqlite3", lambda: self.budget)
        weakref.finalize(session, self.disk.close)

    @property
    def budget(self) -> int:
        """Bytes; 0: nothing is kept."""
        return int(self.settings.answers_cache)

    def find(self, mark: bytes, *, lasting: bool) -> Kept | None:
        """What was answered; `lasting`: it may have been in another session."""
        body = self.front.get(mark)
        if body is not None:
            if lasting:
                self.disk.used(mark)
        elif not lasting or (body := self.disk.get(mark)) is None:
            return None
        try:
            found = packed.read(body)
        except (ValueError, KeyError, TypeError, AttributeError):  # not as we write them
            self.front.drop(mark)
            self.disk.drop(mark)
            return None
        self.front.put(mark, body)
        return found

    def keep(self, mark: bytes, kept: Kept, *, lasting: bool) -> None:
        """For the next time."""
        body = packed.written(kept)
        if body is None or len(body) > self.budget // LARGEST:
            return
        self.front.put(mark, body, most=min(FRONT, self.budget))
        if lasting:
            self.disk.put(mark, body)


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

    A row of a batch has no place for the mark, so it is asked; who counts such rows asks `get`.
    """
    if asking.fresh or reading.asks_anew() or asking.followed.job.kind == "batch":
        return None
    target = asking.choice.targets[0]
    return get(asking.session, asking.call, target, mask=asking.terms.mask, also=_before(asking))


def keep(asking: Asking) -> None:
    """A whole answer, for whoever gave it."""
    served = getattr(asking.backend, "served", None) or asking.choice.targets[0]
    session, call, mask = asking.session, asking.call, asking.terms.mask
    if session.settings.answers_cache:
        dollars = asking.cost(served) if served.read is not None or asking.tally.provider else None
        put(session, call, served, asking.tally, mask=mask, also=_before(asking), dollars=dollars)


def get(session: Session, call: Call, target: Target, *, mask: bool = False, also: str = "") -> Kept | None:
    """What `target` has said to this call; None: it has to be asked. `also`: what else decides about the answer."""
    if not session.settings.answers_cache or not sure.alike(call, target, session, mask=mask):
        return None
    began = time.perf_counter()
    mark = marks.mark(call, target, session, also)
    if mark is None:
        return None
    found = of(session).find(mark, lasting=sure.lasting(target))
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
) -> None:
    """Keep what it said, where the same question will have the same answer."""
    if not session.settings.answers_cache or not sure.alike(call, target, session, mask=mask):
        return
    if not sure.worth(tally) or not sure.greedy(call, target):
        return
    mark = marks.mark(call, target, session, also)
    kept = packed.of(tally, dollars)
    if mark is not None and not _tells_a_token(kept):
        of(session).keep(mark, kept, lasting=sure.lasting(target))


def _before(asking: Asking) -> str:
    """A step whose answer was this one's input decides as well."""
    before = asking.choice.before
    if before is None:
        return ""
    first = before.targets[0]
    return repr((first.method, first.model, first.revision, sorted(before.params.items())))


def _tells_a_token(kept: Kept) -> bool:
    said = [kept.text, *(one.arguments for one in kept.calls)]
    if not packed.are_vectors(kept.output):
        _gather(kept.output, said)
    whole = "\n".join(said)
    return redact.tokens(whole) != whole


def _gather(output: object, said: list[str]) -> None:
    """Every text in an answer."""
    if isinstance(output, str):
        said.append(output)
    elif isinstance(output, dict):
        _gather([*output.values()], said)
    elif isinstance(output, (list, tuple)):
        for one in output:
            if not isinstance(one, float):
                _gather(one, said)
