"""Which model answers, who runs it, and why.

An explicit model and an explicit provider win. Otherwise:

    hints, languages     what the input says about the task; the language of a text
    defaults             the model a task gets where none is named
    ../lookup            what the Hub says of a model: commit, size, who serves it
    places, servers      who can run it, and why some cannot
    order, prices        in which order they are asked
    naming               a provider by name
    translating          a model for two languages, or two with one in between
    again                the same choice once more, where nothing has changed
"""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput, HfNbError, MissingExtra, Passing
from hf_nb.infer.call import Target
from hf_nb.infer.choose import again, hints, languages, naming, servers, translating
from hf_nb.infer.choose import defaults as table
from hf_nb.infer.choose.order import ordered
from hf_nb.infer.choose.places import Out, Place, possible
from hf_nb.infer.choose.wish import Choice, Wish
from hf_nb.infer.lookup import Known, look_up
from hf_nb.infer.own import digest, folders, objects, trust
from hf_nb.plumbing.settings import LOCAL_ONLY, POLICIES
from hf_nb.tasks import In

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

__all__ = ["Choice", "Wish", "choose"]

# What can be answered without any model, and by whom.
HASHED = frozenset({"feature-extraction", "sentence-similarity"})
HASHING = Target("hashing", "hashing-512")


def choose(wish: Wish, session: Session) -> Choice:
    """The task, the targets, and the reason."""
    stood = again.stands(wish, session)
    if (same := again.find(wish, stood, session)) is not None:
        return same
    task = None if wish.task is None else _checked_task(wish.task)
    policy = _policy(wish, session)
    if wish.provider == HASHING.method:
        return _hashed(wish, task)
    if wish.provider in servers.names(session):
        return _by_server(wish, task, policy, session)
    if wish.model is None:
        return _by_default(wish, task, policy, session)
    trust.trust(wish.trust, session)
    if objects.find(wish.model) is not None:
        return _object(wish, task, policy, session)
    if os.path.isdir(wish.model):  # noqa: PTH112 -- asked for every answer
        return _folder(wish, task, policy, session)
    if folders.looks_like_one(wish.model):
        home = os.path.expanduser(wish.model)  # noqa: PTH111 -- a text, as ids are
        if home != wish.model and os.path.isdir(home):  # noqa: PTH112
            return _folder(replace(wish, model=home), task, policy, session)
        raise folders.missing(wish.model)
    known = look_up(wish.model, wish.revision, session)
    task = _agreed(task, known, wish.input)
    targets, reason = _targets(known, task, wish, policy, session, named=True)
    choice = Choice(task, targets, _sentence("the model you named", known.note, reason))
    again.keep(wish, stood, choice, known, policy, session)
    return choice


def _by_default(wish: Wish, task: str | None, policy: str, session: Session) -> Choice:
    """No model was named."""
    hint = hints.hint(wish.input) if task is None or task in hints.REWRITTEN else None
    if task is None:
        if hint is None:
            raise BadInput(
                "Which task, or which model?",
                "%%hf infer --task text-classification, or %%hf infer -m owner/name",
            )
        task = hint.task
        why = f"{hint.reason}: "
    else:
        hint = hint if hint and hint.task == task else None
        why = ""
    value = wish.input if hint is None or hint.input is None else hint.input
    params = hint.params if hint else {}
    if task == "translation":
        wish = replace(wish, input=value, params={**params, **wish.params})
        found = translating.route(wish, session)
        steps = [
            _first_that_can(
                [one],
                wish,
                task,
                policy,
                session,
                ": ".join(filter(None, (found.reason, _the_default(one, task)))),
            )
            for one in found.models
        ]
        last = replace(steps[-1], params=found.params[-1], input=value)
        before = replace(steps[0], params=found.params[0]) if len(steps) == 2 else None
        return replace(last, before=before, reason=found.reason if before else last.reason)
    candidates, said = _candidates(task, value, session)
    choice = _first_that_can(
        candidates, wish, task, policy, session, f"{why}{said}{_the_default(candidates[0], task)}"
    )
    return replace(choice, params=params, input=None if value is wish.input else value)


def _candidates(task: str, value: Any, session: Session) -> tuple[list[table.Default], str]:
    """The table's models for a task, the best first; and what the text's language had to do with it."""
    layers = table.layers(session)
    keys, said = [task], ""
    if isinstance(value, str) and table.has_languages(task, layers):
        language = languages.detect(value)
        if language:
            keys = [f"{task}:{language}", *([f"{task}:*"] if language != "en" else []), task]
        first = table.find(keys, layers)
        if language and first and first.key != task:
            said = f"the text is {languages.name(language)}: "
    first = table.find(keys, layers)
    if first is None:
        raise BadInput(f"There is no default model for {task}.", "Name one: -m owner/name")
    small = None if first.own else table.find([f"{task}@local"], layers)
    return [first, *([small] if small else [])], said


def _the_default(one: table.Default, task: str) -> str:
    return f"{'your' if one.own else 'the'} default for {task}"


def _first_that_can(
    candidates: Sequence[table.Default],
    wish: Wish,
    task: str,
    policy: str,
    session: Session,
    reason: str,
) -> Choice:
    """The first model of the table that anybody here can run; texts become vectors even where none can."""
    wrong: HfNbError | None = None
    for one in candidates:
        try:
            known = look_up(one.model, wish.revision, session)
            targets, more = _targets(known, _agreed(task, known, None), wish, policy, session, named=False)
        except HfNbError as cannot:
            wrong = wrong or cannot
            continue
        if one.key.endswith("@local"):
            reason += " on this machine"
        return Choice(task, targets, _sentence(reason, known.note, more))
    assert wrong is not None
    if task in HASHED and wish.provider == "auto" and isinstance(wrong, (MissingExtra, Passing)):
        last = replace(HASHING, equal=False, reason=f"no model can be run: {_lowered(wrong.problem)}")
        return Choice(task, (last,), "")
    raise wrong


def _targets(
    known: Known, task: str, wish: Wish, policy: str, session: Session, *, named: bool
) -> tuple[tuple[Target, ...], str]:
    """Who is asked for a model, one after the other; then the substitutes the caller named."""
    if wish.provider != "auto":
        found: list[Place | Out] = [naming.place(wish.provider, known, task, session, named=named)]
    else:
        found = possible(known, task, session, policy=policy, revision=wish.revision, named=named)
    can = [one for one in found if isinstance(one, Place)]
    out = [one for one in found if isinstance(one, Out)]
    targets, why = ordered(can, task, policy, session)
    substitutes = _substitutes(known.id, task, wish, policy, session)
    if not targets and not substitutes:
        raise _nobody(known, out)
    # Who was left out matters where it would have come first, or where the order was asked for.
    if policy == LOCAL_ONLY:
        out = [one for one in out if one.method == "local"]
    elif targets and not wish.policy:
        before = found.index(next(one for one in found if isinstance(one, Place)))
        out = [one for one in found[:before] if isinstance(one, Out)]
    return (*targets, *substitutes), _sentence(why, *map(str, out))


def _substitutes(model: str, task: str, wish: Wish, policy: str, session: Session) -> tuple[Target, ...]:
    """Other models that may answer, each wherever it can be run, or at the place that was named."""
    found: list[Target] = []
    everywhere = wish.provider == "auto" or wish.provider in servers.names(session)
    for one in wish.fallback:
        other = look_up(one, None, session)
        _agreed(task, other, None)
        places = (
            possible(other, task, session, policy=policy, revision=None, named=True)
            if everywhere
            else [naming.place(wish.provider, other, task, session, named=True)]
        )
        targets, _ = ordered([one for one in places if isinstance(one, Place)], task, policy, session)
        found += [replace(target, equal=False, reason=f"in place of {model}") for target in targets]
    return tuple(found)


def _nobody(known: Known, out: Sequence[Out]) -> HfNbError:
    """The error of a model that nobody here can run: the first obstacle's, with the others named."""
    if not out:
        return BadInput(f"Nobody here can run {known.id}.", "%hf settings methods=local,hf")
    first, *others = out
    if not others:
        return first.error()
    rest = "; ".join(f"{one.method}: {one.why}" for one in others)
    error = first.error()
    return type(error)(f"{error.problem} {rest}.", error.next_step)


def _hashed(wish: Wish, task: str | None) -> Choice:
    if wish.model not in (None, HASHING.model):
        raise BadInput(f"hashing knows no model {wish.model}.", "Leave the model out: --provider hashing")
    if task is None:
        hint = hints.hint(wish.input)
        task = hint.task if hint and hint.task in HASHED else "feature-extraction"
    if task not in HASHED:
        raise BadInput(f"hashing turns texts into vectors; it cannot do {task}.", "--provider local")
    return Choice(task, (HASHING,), "the method you named")


def _by_server(wish: Wish, task: str | None, policy: str, session: Session) -> Choice:
    """A server has names of its own for models: the Hub is not asked."""
    model = wish.model or servers.only_model(wish.provider, session)
    if task is None:
        hint = hints.hint(wish.input) if not isinstance(wish.input, str) else None
        task = hint.task if hint else "chat"
    reason = "the server you named" if wish.model else f"the model of {wish.provider}"
    substitutes = _substitutes(model, task, wish, policy, session)
    return Choice(task, (Target(wish.provider, model), *substitutes), reason)


def _folder(wish: Wish, task: str | None, policy: str, session: Session) -> Choice:
    assert wish.model is not None
    if wish.provider not in ("auto", "local"):
        raise BadInput("A folder can only be run on this machine.", "--provider local")
    if task is None:
        folders.check(wish.model)  # else it says so when it is loaded
    known = _of_folder(wish.model, digest.of_folder(Path(wish.model)))
    return _here(known, wish, task, policy, session, "the folder you named")


@functools.lru_cache(maxsize=64)
def _of_folder(model: str, digest: str) -> Known:
    """What its files say, which are others where the digest is another one."""
    tags = frozenset({"conversational"} if folders.chats(model) else ())
    return Known(model, digest, folders.task(model), tags)


def _object(wish: Wish, task: str | None, policy: str, session: Session) -> Choice:
    """A model of the kernel."""
    assert wish.model is not None
    if wish.provider not in ("auto", "local"):
        raise BadInput("A model object can only be run on this machine.", "--provider local")
    own = objects.find(wish.model)
    assert own is not None
    known = Known(own.name, own.revision, own.task, frozenset({"conversational"} if own.chats else ()))
    return _here(known, wish, task, policy, session, "your model object")


def _here(known: Known, wish: Wish, task: str | None, policy: str, session: Session, reason: str) -> Choice:
    """A model the Hub does not know: on this machine alone, then the substitutes the caller named."""
    task = _agreed(task, known, wish.input)
    substitutes = _substitutes(known.id, task, wish, policy, session)
    return Choice(task, (Target("local", known.id, known.commit), *substitutes), reason)


def _agreed(asked: str | None, known: Known, value: Any) -> str:
    """The task that was asked for, if the model fits it; else the model's own, or the one its input shows."""
    own = tasks.ALSO.get(known.task or "", known.task)
    task = asked or _own(own, known, value)
    if task is None:
        who = (
            "The Hub"
            if known.providers is not None or not known.commit or "-" not in known.commit
            else "Nothing"
        )
        raise BadInput(f"{who} does not say what {known.id} is for.", "Name it: --task text-classification")
    if asked and not tasks.TASKS[asked].fits(own):
        raise BadInput(
            f"{known.id} is a model for {own}, not for {asked}.", f"%hf search models --task {asked}"
        )
    if task not in tasks.TASKS:
        raise BadInput(
            f"{known.id} is for {task}, which cannot be run from here yet.",
            f"Runs now: {', '.join(tasks.TASKS)}",
        )
    return task


def _own(own: str | None, known: Known, value: Any) -> str | None:
    """A model may be good for more than it is filed under: a chat model is filed under text-generation."""
    if tasks.TASKS["chat"].fits(own) and known.chats:
        return "chat"
    row = tasks.TASKS.get(own or "")
    if isinstance(value, str):
        if row is not None and row.input is In.SENTENCES and not value.lstrip().startswith("{"):
            return "feature-extraction"
        return own
    hint = hints.hint(value)
    return hint.task if hint and own and tasks.TASKS[hint.task].fits(own) else own


def _policy(wish: Wish, session: Session) -> str:
    """A call's own policy counts, unless the settings let nothing leave."""
    settings = session.settings
    policy = wish.policy
    if policy is None or settings.policy == LOCAL_ONLY:
        return str(settings.policy)
    if policy not in POLICIES:
        near = difflib.get_close_matches(policy, POLICIES, n=1, cutoff=0.3)
        raise BadInput(f"There is no policy {policy!r}.", f"Policies: {', '.join(near or POLICIES)}")
    return policy


def _checked_task(task: str) -> str:
    task = tasks.ALSO.get(task, task)
    if task in tasks.TASKS:
        return task
    if task in tasks.HUB_TASKS:
        raise BadInput(f"The task {task} cannot be run from here yet.", f"Runs now: {', '.join(tasks.TASKS)}")
    close = difflib.get_close_matches(task, [*tasks.HUB_TASKS, *tasks.ALSO], n=3, cutoff=0.55)
    raise BadInput(
        f"There is no task called {task!r}.",
        f"Nearest: {', '.join(close)}" if close else f"Runs now: {', '.join(tasks.TASKS)}",
    )


def _sentence(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def _lowered(problem: str) -> str:
    return problem[:1].lower() + problem[1:].rstrip(".")
