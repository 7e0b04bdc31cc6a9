"""An answer in short, and when two of them are alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.tasks import Out

if TYPE_CHECKING:
    from hf_nb.values import Value

LONGEST = 200  # characters of an answer that are shown
# Numbers that are the same but for the order in which a processor adds.
CLOSE = 1e-4
NUMBERS = frozenset({Out.VECTORS, Out.SCORES})

Alike = Callable[["Value", "Value"], bool]


def named(task: str | None, model: str) -> str:
    """A task that can be run, by any of its names."""
    found = tasks.ALSO.get(task or "", task or "")
    if found in tasks.TASKS:
        return found
    said = f"{task} cannot be run from here." if task else f"{model} does not say what it is for."
    raise BadInput(said, f"Name a task: {', '.join(tasks.TASKS)}")


def steady(task: str, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters with which the same model says the same twice: what is drawn, is drawn from one seed."""
    row = tasks.TASKS.get(task)
    if row is None or not row.streams or params.get("seed") is not None or params.get("do_sample") is False:
        return params
    return {**params, "seed": 0}


def short(value: Value) -> str:
    """In one line."""
    said = " ".join(" ".join(value.brief()).split())
    score = getattr(value, "score", None)
    if isinstance(score, float):
        said += f" ({score:.3f})"
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def alike(task: str, expect: Any, tolerance: float | None) -> Alike:
    """By what is decided or written; with `tolerance` the scores count too; vectors and scores within `CLOSE`."""
    if tolerance is not None and tolerance < 0:
        raise BadInput("tolerance is a difference of scores, 0 or more.", "tolerance=0.05")
    if expect is not None:
        return lambda one, other: fits(one, expect) == fits(other, expect)
    if tasks.TASKS[task].output in NUMBERS:
        return lambda one, other: _near(numbers(one), numbers(other), tolerance or CLOSE)
    if tolerance is None:
        return lambda one, other: one.brief() == other.brief()
    return lambda one, other: one.brief() == other.brief() and _near(numbers(one), numbers(other), tolerance)


def fits(value: Value, expect: Any) -> bool:
    """Whether it is the answer that was expected: a text, or a function that looks at it."""
    if callable(expect):
        return bool(expect(value))
    return str(expect).strip().lower() in {one.strip().lower() for one in value.brief()}


def numbers(value: Any) -> list[float]:
    """The score, scores or vectors of an answer; none of one that was written."""
    if hasattr(value, "vectors"):
        return [float(number) for one in value.vectors for number in one]
    score = getattr(value, "score", None)
    if isinstance(score, float):
        return [score]
    rows = value if hasattr(value, "__iter__") else ()
    return [float(one.score) for one in rows if hasattr(one, "score")]


def _near(one: list[float], other: list[float], within: float) -> bool:
    return len(one) == len(other) and all(
        math.isclose(a, b, rel_tol=0, abs_tol=within) for a, b in zip(one, other, strict=True)
    )
