"""Who may answer a batch: one choice for all its rows, equals side by side, substitutes behind them.

Without `targets` nothing leaves this machine that one question would not send: the first choice answers, and beside it
the user's own servers on this machine that have the same model; the others stand by. With `targets` all that are named
work side by side: "local", a server of the settings, "hf", "hf/NAME"; "all": every equal one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.infer import asked
from hf_nb.infer.call import Target
from hf_nb.infer.choose import Choice, Wish, choose, servers
from hf_nb.tasks import Out, Task

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

Targets = Sequence[str] | Mapping[str, str] | str | None


@dataclass(frozen=True)
class Chosen:
    """`tiers`: those who work side by side; when all of them are out, those of the next."""

    choice: Choice
    task: Task
    params: dict[str, Any]
    tiers: tuple[tuple[Target, ...], ...]

    @property
    def of(self) -> str:
        """What decides about an answer, beside its input: whoever has the same may go on with a journal."""
        first = self.tiers[0][0]
        params = sorted((name, repr(value)) for name, value in self.params.items())
        steps = self.choice.before
        before = "" if steps is None else str(steps.targets[0].model)
        others = sorted({str(one.model) for one in self.tiers[0]} - {str(first.model)})
        return repr((self.task.name, str(first.model), first.revision, params, before, *others))


def chosen(wish: Wish, targets: Targets, session: Session) -> Chosen:
    """By the first row that can be asked about; what it says of its task counts for all."""
    if wish.model is None and wish.task is None:
        raise BadInput("Which task, or which model?", 'task="text-classification", or model="owner/name"')
    choice = choose(wish, session)
    task = tasks.TASKS[choice.task]
    params = {**asked.parameters(task, wish.params), **choice.params}
    if task.output is Out.VECTORS and wish.fallback:
        raise BadInput(
            "Vectors of two models must not meet, so no other model may stand in.", "Leave fallback out."
        )
    if targets is None:
        return Chosen(choice, task, params, _by_itself(choice, session))
    if targets == "all":
        equal = tuple(one for one in choice.targets if one.equal)
        return Chosen(choice, task, params, _tiers(equal or choice.targets, choice))
    return Chosen(choice, task, params, _tiers(_named(wish, choice, targets, session), choice))


def _by_itself(choice: Choice, session: Session) -> tuple[tuple[Target, ...], ...]:
    first, *others = choice.targets
    beside = [
        one
        for one in others
        if one.equal and one.method in servers.names(session) and servers.is_here(one.method, session)
    ]
    spare = [one for one in others if one.equal and one not in beside]
    after = tuple(one for one in others if not one.equal)
    if not first.equal:
        return ((first,), *((one,) for one in others))
    return tuple(tier for tier in ((first, *beside), *((one,) for one in spare), after) if tier)


def _named(wish: Wish, choice: Choice, targets: Targets, session: Session) -> tuple[Target, ...]:
    models = (
        targets
        if isinstance(targets, Mapping)
        else dict.fromkeys([targets] if isinstance(targets, str) else targets or ())
    )
    if not models:
        raise BadInput("targets names nobody.", 'targets=["local", "hf"]')
    found: list[Target] = []
    for method, model in models.items():
        known = next((one for one in choice.targets if one.method == method and one.equal), None)
        if known is not None and model is None:
            found.append(known)
            continue
        named = replace(
            wish, provider=method, model=model or wish.model or choice.targets[0].model, fallback=()
        )
        other = choose(replace(named, task=choice.task), session)
        found.append(replace(other.targets[0], equal=True))
    return tuple(found)


def _tiers(equal: tuple[Target, ...], choice: Choice) -> tuple[tuple[Target, ...], ...]:
    after = tuple(one for one in choice.targets if not one.equal and one not in equal)
    return tuple(tier for tier in (equal, after) if tier)


def same_again(chosen: Chosen, first: Target) -> bool:
    """Whether the same input has the same answer, so that it need not be asked twice."""
    if not chosen.task.streams:
        return True
    params = chosen.params
    greedy = params.get("do_sample") is False or params.get("temperature") == 0
    return first.method == "local" and (greedy or params.get("seed") is not None)
