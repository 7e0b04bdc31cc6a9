"""Contenders as a page says them, checked; and the same back for a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.panels.data import held
from hf_nb.panels.playground import given
from hf_nb.values.comparisons import Contender

MOST = 4  # columns; in Python there may be more
LONGEST = 20_000  # characters of a template or a system prompt
LONGEST_INPUT = 100_000  # characters of what is asked
FIELDS = frozenset({"name", "model", "task", "provider", "revision", "params", "template", "system", "copy"})


def contenders(said: Sequence[dict[str, Any]], task: str = "") -> tuple[Contender, ...]:
    """Two to four of them, each by a name of its own. `task`: of those that name none."""
    from hf_nb import compare

    if len(said) > MOST:
        raise BadInput(f"{len(said)} columns are too many.", f"{MOST} at most; in Python 16.")
    return compare.contenders([_one(one) for one in said], task=task or None)


def _one(said: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(said) - FIELDS):
        raise BadInput(f"A contender has no {unknown[0]:.40}.", f"It has {', '.join(sorted(FIELDS))}.")
    given = {name: one for name, one in said.items() if one not in (None, "", {})}
    texts = {name: one for name, one in given.items() if name != "params"}
    if wrong := [name for name, one in texts.items() if not isinstance(one, str) or len(one) > LONGEST]:
        raise BadInput(f"{wrong[0]} is no text, or too long a one.")
    if not isinstance(given.get("params", {}), dict):
        raise BadInput("params are names and values.")
    if not given.get("model"):
        raise BadInput("A column has no model yet.", "Choose one above it.")
    if given["model"].startswith("$"):
        given["model"] = held.held(given["model"])
    return given


def input(said: Any, task: str = "") -> Any:
    """What they are asked: a text, or the fields of a task."""
    if isinstance(said, dict) and task:
        return given.taken(given.task(task), said)
    if not isinstance(said, str) or not said.strip():
        raise BadInput("There is nothing to ask yet.", "Write something to ask them.")
    if len(said) > LONGEST_INPUT:
        raise BadInput(f"The input has {len(said):,} characters.", f"{LONGEST_INPUT:,} at most.")
    return said


def words(asked: Any) -> str:
    """An input as a text: what is written down beside a vote."""
    return asked if isinstance(asked, str) else json.dumps(asked, ensure_ascii=False)


def key(one: Contender) -> str:
    """The same for the same way of being asked, whatever it is called."""
    told = {name: part for name, part in one.to_dict().items() if name != "name"}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def keys(some: Sequence[Contender]) -> str:
    """The same for the same contenders, in whatever order."""
    return hashlib.sha256(" ".join(sorted(map(key, some))).encode()).hexdigest()[:16]
