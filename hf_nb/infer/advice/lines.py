"""What is typed for a change that is one of code; and the same as a cell that runs as it is, with what was asked."""

from __future__ import annotations

import json
from typing import Any

SPARE, STEP = 1.25, 16  # of a bound, beside the longest answer


def bound(longest: int) -> int:
    """Tokens that hold an answer of such a length, and somewhat longer ones."""
    return -(-int(SPARE * longest) // STEP) * STEP


def one(model: str, task: str, **more: Any) -> tuple[str, str]:
    """A question, as a line about `text`, and as a cell."""
    line = f"hf_nb.infer.run(text, {_asked(model, task, more)})"
    return line, _cell(f"text = {_questions(model, task)}[-1]  # the last one: put your own here", line)


def many(model: str, task: str, **more: Any) -> tuple[str, str]:
    """A batch, as a line about `texts`, and as a cell."""
    line = f"hf_nb.infer.batch(texts, {_asked(model, task, more)})"
    return line, _cell(f"texts = {_questions(model, task)}  # the last ones: put your own here", line)


def _asked(model: str, task: str, more: dict[str, Any]) -> str:
    given = {"model": json.dumps(model), "task": json.dumps(task)}
    given |= {name: json.dumps(value) for name, value in more.items()}
    return ", ".join(f"{name}={said}" for name, said in given.items())


def _questions(model: str, task: str) -> str:
    return f"hf_nb.infer.questions({json.dumps(model)}, {json.dumps(task)})"


def _cell(first: str, line: str) -> str:
    return f"import hf_nb\n\n{first}\n{line}"
