"""How a model is tried: for which task, with which text, in which words of code; and why it cannot be."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput, HfNbError
from hf_nb.infer.choose.places import Out, possible
from hf_nb.infer.lookup import Known
from hf_nb.panels import in_code
from hf_nb.panels.models.rows import own_task
from hf_nb.tasks import In

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session
    from hf_nb.values import RepoInfo


def code(ask: Ask, *, id: str, task: str | None = None, input: str | None = None) -> dict[str, str]:
    """`models.code`: what `models.run` does, as a cell and as Python."""
    return written(id, task, input)


def written(id: str, task: str | None, given: str | None) -> dict[str, str]:
    """One model asked one thing; without a text, the example of its task."""
    id, row, said = in_code.checked(id), row_of(task), named(id, task)
    given = text(row) if given is None and row else given or ""
    words = ["infer", "-m", id, *(["--task", said] if said else [])]
    call = {"model": id} | ({"task": said} if said else {})
    return in_code.cell(
        *words, body=given, python=in_code.python("hf_nb.infer.run", [asked(row, given)], call)
    )


def text(row: tasks.Task) -> str:
    """The example of a task, as one would type it; several fields are JSON."""
    if row.input is In.CHAT:
        return str(row.example["messages"][-1]["content"])
    return row.example if isinstance(row.example, str) else json.dumps(row.example, ensure_ascii=False)


def asked(row: tasks.Task | None, given: str) -> Any:
    """What was typed, as the engine takes it: fields, where a task has some and they were written as JSON."""
    if row is not None and row.input not in (In.TEXT, In.CHAT) and given.lstrip().startswith("{"):
        try:
            return json.loads(given)
        except ValueError as wrong:
            raise BadInput(
                f"{row.name} reads JSON here, and this is none: {wrong}.", f"For example: {text(row)}"
            ) from None
    return given


def row_of(name: str | None) -> tasks.Task | None:
    """A task as the engine knows it; None for one it does not."""
    return tasks.TASKS.get(tasks.ALSO.get(name or "", name or ""))


def named(id: str, task: str | None) -> str | None:
    """The task to name beside a model; none where it is its own: the engine knows that a chat model chats."""
    if not task or task == own_task(id):
        return None
    row = row_of(task)
    if row is None:
        raise BadInput(f"{task!r:.60} cannot be run from here yet.", f"Runs now: {', '.join(tasks.TASKS)}")
    return row.name


def task_of(repo: RepoInfo) -> str | None:
    """What a model is tried for: one with a chat template chats, whatever it is filed under."""
    own = tasks.ALSO.get(repo.task or "", repo.task)
    if "conversational" in repo.tags and own and tasks.TASKS["chat"].fits(own):
        return "chat"
    return own


def obstacle(repo: RepoInfo, providers: Sequence[str], session: Session) -> str | None:
    """Why nobody here can run it; None where somebody can."""
    task = task_of(repo)
    if task is None:
        return "The Hub does not say what this model is for."
    if task not in tasks.TASKS:
        return f"{task} cannot be run from here yet."
    if repo.disabled:
        return "The Hub has disabled this repository."
    if repo.access is not None and repo.access.granted is False:
        return "It is gated: its owner has to let you in first."
    return _nobody(repo, task, providers, session)


def _nobody(repo: RepoInfo, task: str, providers: Sequence[str], session: Session) -> str | None:
    known = Known(
        repo.id,
        repo.commit,
        repo.task,
        frozenset(repo.tags),
        sum(repo.parameters.values()) or None,
        repo.memory.get("stored"),
        tuple(providers),
    )
    try:
        found = possible(known, task, session, policy=session.settings.policy, revision=None, named=True)
    except HfNbError as wrong:
        return wrong.problem
    places = [one for one in found if not isinstance(one, Out)]
    formats = {one.format for one in repo.weights}
    if formats and "safetensors" not in formats:
        places = [one for one in places if one.target.method != "local"]
        if not places:
            return f"Its weights are there as {_listed(formats)} only; what is loaded here is safetensors."
    if places:
        return None
    return _sentence([one for one in found if isinstance(one, Out)])


def _sentence(out: Sequence[Out]) -> str:
    return "; ".join(f"{one.method}: {one.why}" for one in out) or "No method of the settings can run it."


def _listed(words: Collection[str]) -> str:
    return " and ".join(sorted(words))
