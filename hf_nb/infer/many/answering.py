"""A group of rows at one place: together through the model on this machine, or one by one as single questions.

One by one they go the way of any question (`run.Asking`), with its checks, counts and marks; only that it is tried once
here, since another place may be free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, Broken, HfNbError, OutOfMemory, TooLarge
from hf_nb.infer import backends
from hf_nb.infer.call import Backend, Call, Target, Terms
from hf_nb.infer.choose import Choice, Wish
from hf_nb.infer.many.places import Place
from hf_nb.infer.many.rows import Row
from hf_nb.infer.policies import breaker
from hf_nb.infer.policies.attempt import Tried
from hf_nb.infer.policies.breaker import Breaking
from hf_nb.infer.run import Asking
from hf_nb.infer.shapes import Tally
from hf_nb.tasks import Task

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

# What is said of a whole group may be the doing of one row in it.
OF_A_ROW = (BadInput, Broken, OutOfMemory, TooLarge)
ALIKE = 3  # rows that meet the same, before it is nobody's row
Told = Callable[[Row, Tally | HfNbError], None]


class Single(Asking):
    """One row at one place, tried once; where the choice is two models in turn, the way of any question."""

    def __init__(self, wish: Wish, choice: Choice, timeout: float | None, session: Session) -> None:
        self._given = choice
        super().__init__(wish, timeout, session, seen=False)

    def _chosen(self, wish: Wish) -> Choice:
        return self._given

    def _asked(self) -> Backend:
        if self._given.before is not None:
            return super()._asked()
        target = self._given.targets[0]
        return Breaking(Tried(target, self.session), breaker.of(target.method, target.model, self.session))

    def tally_of_it(self) -> Tally:
        """The whole answer, in parts."""
        for _ in self.parts():
            pass
        self.tally.kept = self.kept is not None
        return self.tally


def one_by_one(
    row: Row, place: Place, choice: Choice, wish: Wish, timeout: float | None, session: Session
) -> Tally:
    """A row as a question of its own."""
    target = place.target
    targets = choice.targets if choice.before is not None else (target,)
    own = replace(choice, targets=targets, input=None)
    asked = replace(wish, input=row.input, task=choice.task, model=target.model, fallback=())
    return Single(asked, own, timeout, session).tally_of_it()


def in_one(
    rows: Sequence[Row], place: Place, choice: Choice, wish: Wish, timeout: float | None, session: Session
) -> list[Tally]:
    """Several texts as one question, where what comes back is a vector for each."""
    several = Row(rows[0].number, [one.input for one in rows], "")
    said = one_by_one(several, place, choice, wish, timeout, session)
    if len(said.output) != len(rows):
        raise Broken(f"{place.target.method} gave {len(said.output)} vectors for {len(rows)} texts.")
    return [replace(said, output=[one], seconds=said.seconds / len(rows)) for one in said.output]


def can_together(task: Task, target: Target, session: Session) -> bool:
    """Whether rows go through this place's model side by side."""
    if target.method != "local":
        return False
    backend = backends.find("local", session)
    if not hasattr(backend, "several"):
        return False
    from hf_nb.infer.backends.local import WAYS

    way = WAYS.get(task.name)
    return way is not None and (way.read is not None or getattr(way, "several", None) is not None)


def together(
    rows: Sequence[Row],
    place: Place,
    task: Task,
    params: dict[str, Any],
    terms: Terms,
    session: Session,
    told: Told,
) -> None:
    """Each row's answer as it is done; raises what is wrong with the place.

    Where something goes wrong in a pass, the group is halved until the row that provokes it stands alone. Where nothing
    was answered yet, a few stand alone at once: what all of them meet is the place's doing.
    """
    proved, held = place.answered > 0, []
    groups = [[*rows]]
    while groups:
        group = groups.pop()
        rest, wrong = _through(group, place.target, task, params, terms, session, told)
        proved = proved or len(rest) < len(group)
        if wrong is None:
            continue
        if len(group) == 1:
            held.append((group[0], wrong))
            if not proved and len(held) == ALIKE and len({one.problem for _, one in held}) == 1:
                raise wrong
        elif proved:
            half = (len(rest) + 1) // 2
            groups += [part for part in (rest[half:], rest[:half]) if part]
        else:
            groups += [part for part in (rest[ALIKE:], *([one] for one in reversed(rest[:ALIKE]))) if part]
    for row, why in held:
        told(row, why)


def _through(
    rows: Sequence[Row],
    target: Target,
    task: Task,
    params: dict[str, Any],
    terms: Terms,
    session: Session,
    told: Told,
) -> tuple[list[Row], HfNbError | None]:
    """One go: the rows it left, and why."""
    backend: Any = backends.find("local", session)
    left = dict(enumerate(rows))
    calls = [Call(task.name, target.model, target.revision, one.input, params) for one in rows]
    try:
        for number, said in backend.several(calls, terms):
            row = left.pop(number)
            told(row, said if isinstance(said, HfNbError) else _tallied(said))
    except OF_A_ROW as wrong:
        return [*left.values()], wrong
    for row in left.values():  # a backend that forgets one
        told(row, Broken("The model gave no answer for this row."))
    return [], None


def _tallied(chunk: Any) -> Tally:
    tally = Tally()
    tally.add(chunk)
    return tally
