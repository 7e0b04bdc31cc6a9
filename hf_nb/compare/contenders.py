"""Who takes part: an id, a folder, a model object, a mapping of a Contender's fields, or any of these by a name.

contenders(["owner/a", "owner/b"])                                 called a and b
contenders({"plain": "owner/a", "int8": {"model": "owner/a", "copy": "int8"}})
contenders([{"model": "owner/a", "params": {"temperature": 0}}, {"model": "owner/a", "params": {"temperature": 1}}])
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.infer.own import objects
from hf_nb.values.comparisons import Contender

FIELDS = tuple(one.name for one in dataclasses.fields(Contender) if one.name != "held")
COPIES = ("", "bf16", "int8", "onnx")
MOST = 16  # contenders: with more, nothing side by side is readable
LONGEST = 60  # characters of a name
WANTED = (
    'Two or more: ["owner/a", "owner/b"], or {"a": "owner/a", "b": {"model": "owner/b", "provider": "hf"}}'
)


def contenders(
    given: Any,
    *,
    task: str | None = None,
    params: Mapping[str, Any] | None = None,
    template: str | None = None,
    least: int = 2,
) -> tuple[Contender, ...]:
    """All of them, each by a name of its own; `task`, `params` and `template` are for those that say none."""
    made = [_one(name, one) for name, one in _listed(given)]
    if len(made) < least:
        raise BadInput(f"{_count(len(made))} cannot be compared.", WANTED)
    if len(made) > MOST:
        raise BadInput(f"{len(made)} contenders are too many.", f"{MOST} at most.")
    made = [_with(one, task, params, template) for one in made]
    return tuple(_named(made))


def _count(many: int) -> str:
    return {0: "No contender", 1: "One contender"}.get(many, f"{many} contenders")


def _listed(given: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(given, Mapping):
        if "model" in given and set(given) <= set(FIELDS):
            return [("", given)]
        return [(str(name), one) for name, one in given.items()]
    if isinstance(given, (str, Contender)) or not isinstance(given, (list, tuple, set, frozenset)):
        return [("", given)]
    return [("", one) for one in given]


def _one(name: str, given: Any) -> Contender:
    if isinstance(given, Contender):
        return replace(given, name=name) if name else given
    if isinstance(given, Mapping):
        return _of_fields(name, given)
    named = objects.named(given)
    if not named:
        raise BadInput("A contender needs a model.", WANTED)
    return Contender(name, str(named), held=None if isinstance(given, str) else given)


def _of_fields(name: str, given: Mapping[str, Any]) -> Contender:
    if unknown := sorted(set(given) - set(FIELDS)):
        raise BadInput(f"A contender has no {unknown[0]}.", f"It has {', '.join(FIELDS)}")
    if not given.get("model"):
        raise BadInput("A contender needs a model.", WANTED)
    rest = {key: value for key, value in given.items() if key not in ("name", "model") and value is not None}
    if rest.get("copy", "") not in COPIES:
        raise BadInput(f"There is no copy called {rest['copy']}.", f"Copies: {', '.join(COPIES[1:])}")
    for key in ("params",):
        if key in rest and not isinstance(rest[key], Mapping):
            raise BadInput(f"{key} is a mapping of names to values.", 'params={"temperature": 0}')
    held = given["model"]
    return Contender(
        name or str(given.get("name") or ""),
        str(objects.named(held)),
        held=None if isinstance(held, str) else held,
        **rest,
    )


def _with(
    one: Contender, task: str | None, params: Mapping[str, Any] | None, template: str | None
) -> Contender:
    task = one.task or task or ("chat" if one.system else "")
    known = tasks.ALSO.get(task, task)
    if known and known not in tasks.TASKS:
        raise BadInput(f"There is no task called {known}.", f"Tasks: {', '.join(tasks.TASKS)}")
    if one.system and known != "chat":
        raise BadInput(f"A system prompt is for a conversation, and the task is {known}.", 'task="chat"')
    return replace(
        one, task=known, params={**(params or {}), **one.params}, template=one.template or template or ""
    )


def _named(made: Sequence[Contender]) -> list[Contender]:
    """Short and unique: the model's own name, then what sets it apart from those of the same name."""
    given = [one.name for one in made if one.name]
    if double := [name for name, times in Counter(given).items() if times > 1]:
        raise BadInput(f"Two contenders are called {double[0]}.", "Give each a name of its own.")
    short = [one.name or _short(one.model) for one in made]
    if len(set(short)) < len(short):
        short = [one.name or _apart(one, made) for one in made]
    return [replace(one, name=name) for one, name in zip(made, _unique(short), strict=True)]


def _short(model: str) -> str:
    """Without its owner, or its folder."""
    return model.rstrip("/").rpartition("/")[2][:LONGEST] or model


def _apart(one: Contender, among: Sequence[Contender]) -> str:
    """With whatever is not the same for all who have this model's name."""
    same = [other for other in among if _short(other.model) == _short(one.model) and not other.name]
    parts = [one.model if len({other.model for other in same}) > 1 else _short(one.model)]
    if len(same) > 1:
        for said, key in (
            (one.provider, "provider"),
            (one.revision or "main", "revision"),
            (one.copy or "full", "copy"),
        ):
            if len({getattr(other, key) for other in same}) > 1:
                parts.append(str(said)[:12])
        parts += [
            f"{key} {one.params[key]}"
            for key in sorted({key for other in same for key in other.params})
            if key in one.params and len({str(other.params.get(key)) for other in same}) > 1
        ]
    return " ".join(parts)[:LONGEST]


def _unique(names: Sequence[str]) -> list[str]:
    made: list[str] = []
    for name in names:
        number, free = 2, name
        while free in made or (free != name and free in names):
            free, number = f"{name} {number}", number + 1
        made.append(free)
    return made
