"""A run as a cell and as Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hf_nb.panels import in_code
from hf_nb.panels.playground import given
from hf_nb.tasks import In, Task

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask


def code(
    ask: Ask,
    *,
    task: str,
    model: str | None = None,
    provider: str = "auto",
    input: Any = None,
    params: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """`playground.code`: what `playground.run` does."""
    return written(given.task(task), model, provider, input, params)


def written(
    row: Task, model: str | None, provider: str, input: Any, params: Mapping[str, Any] | None
) -> dict[str, str]:
    """One call. The task is named always: what was chosen in a panel does not hang on a guess."""
    asked = given.taken(row, input)
    called: dict[str, Any] = {"model": model} if model else {}
    called["task"] = row.name
    if provider != "auto":
        called["provider"] = provider
    if params:
        called["params"] = dict(params)
    words = ["infer", *(["-m", model] if model else []), "--task", row.name]
    words += ["--provider", provider] if provider != "auto" else []
    for name, value in (params or {}).items():
        words += ["--param", f"{name}={_typed(value)}"]
    return in_code.cell(
        *words, body=_body(row, asked), python=in_code.python("hf_nb.infer.run", [_plain(row, asked)], called)
    )


def _plain(row: Task, asked: Any) -> Any:
    """One message alone is the text of it."""
    messages = asked.get("messages") if row.input is In.CHAT and isinstance(asked, Mapping) else None
    if messages and len(messages) == 1 and messages[0].get("role") == "user":
        return messages[0].get("content", "")
    return asked


def _body(row: Task, asked: Any) -> str:
    """What stands in the cell: a text as it is, fields as JSON."""
    plain = _plain(row, asked)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _typed(value: Any) -> str:
    """A value as `--param` reads it: JSON, but for words that JSON would not take for something else."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError:
            if value.lower() not in ("true", "false", "none", "null") and value == value.strip():
                return value
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)
