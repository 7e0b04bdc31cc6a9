"""What a task reads, checked before anybody is asked; a wrong input is told what was expected, with an example."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.tasks import FIELDS, In, Task

# What every text model takes besides the parameters of its task.
_GENERATION = frozenset(
    "max_new_tokens min_new_tokens max_length temperature top_k top_p do_sample num_beams repetition_penalty"
    " no_repeat_ngram_size stop seed early_stopping length_penalty".split()
)


def checked(task: Task, value: Any) -> Any:
    """The input in the form a Call holds."""
    if task.input is In.TEXT:
        if task.name == "feature-extraction" and isinstance(value, (list, tuple)):
            return [_text(one, task) for one in value] or _wrong(task, "at least one text")
        return _text(value, task)
    fields = FIELDS[task.input]
    if task.input is In.CHAT:
        return {"messages": _messages(value, task)}
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = _json(value, task)
    if isinstance(value, str):
        first, *others = fields
        raise _reads(
            task, f"{' and '.join(others)} {'is' if len(others) == 1 else 'are'} missing beside the {first}"
        )
    if not isinstance(value, Mapping):
        raise _reads(task, f"not {_what(value)}")
    value = {_field(name, task): one for name, one in value.items()}
    if missing := [name for name in fields if name not in value]:
        raise _reads(task, f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    if extra := sorted(set(value) - set(fields)):
        raise _reads(task, f"{', '.join(extra)} is not among them")
    return {name: _CHECKS[name](value[name], task, name) for name in fields}


def parameters(task: Task, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same parameters, when the task knows all of them."""
    if given and (unknown := sorted(set(given) - known(task.name))):
        import difflib

        close = difflib.get_close_matches(unknown[0], sorted(known(task.name)), n=3, cutoff=0.5)
        hint = f"Nearest: {', '.join(close)}" if close else f"It knows {', '.join(sorted(known(task.name)))}"
        raise BadInput(f"{task.name} has no parameter {unknown[0]}.", hint)
    return given


@cache
def known(name: str) -> frozenset[str]:
    """The names of a task's parameters, as huggingface_hub lists them."""
    import dataclasses

    import huggingface_hub

    task = tasks.TASKS[name]
    fields = {one.name for one in dataclasses.fields(getattr(huggingface_hub, task.parameters))}
    fields -= {
        "inputs",
        "messages",
        "model",
        "stream",
        "stream_options",
        "generate_parameters",
        *FIELDS[task.input],
    }
    return frozenset(fields) | (_GENERATION if task.streams else frozenset())


def _text(value: Any, task: Task) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{task.name} reads a text, not {_what(value)}.", _example(task))
    if not value.strip():
        raise BadInput(f"{task.name} needs a text, and this one is empty.", _example(task))
    return value


def _messages(value: Any, task: Task) -> list[dict[str, Any]]:
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            value = json.loads(value)
        except ValueError:  # a message may begin like that
            value = str(value)
    if isinstance(value, str):
        return [{"role": "user", "content": _text(value, task)}]
    if isinstance(value, Mapping):
        value = value.get("messages", [value])
    if not isinstance(value, Sequence) or not value:
        raise _reads(task, f"not {_what(value)}")
    for one in value:
        if not isinstance(one, Mapping) or "role" not in one or not ({"content", "tool_calls"} & set(one)):
            raise BadInput('A message is {"role": "user", "content": "…"}.', _example(task))
    return [dict(one) for one in value]


def _string(value: Any, task: Task, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{task.name}: {name} is a text that is not empty.", _example(task))
    return value


def _strings(value: Any, task: Task, name: str) -> list[str]:
    if isinstance(value, str):
        value = [one.strip() for one in value.split(",")]
    if (
        not isinstance(value, Sequence)
        or not value
        or not all(isinstance(one, str) and one.strip() for one in value)
    ):
        raise BadInput(f"{task.name}: {name} is a list of texts.", _example(task))
    return list(value)


def _table(value: Any, task: Task, name: str) -> dict[str, list[str]]:
    if hasattr(value, "to_dict") and hasattr(value, "columns"):  # a DataFrame
        value = value.astype(str).to_dict("list")
    if not isinstance(value, Mapping) or not value:
        raise BadInput(
            f"{task.name}: {name} is a table: a list of cells for each column's name.", _example(task)
        )
    table = {str(column): [str(cell) for cell in cells] for column, cells in value.items()}
    if len({len(cells) for cells in table.values()}) != 1 or not next(iter(table.values())):
        raise BadInput(
            f"{task.name}: every column of {name} has as many cells, and one at least.", _example(task)
        )
    return table


_CHECKS = {
    "text": _string,
    "question": _string,
    "context": _string,
    "source_sentence": _string,
    "query": _string,
    "candidate_labels": _strings,
    "sentences": _strings,
    "table": _table,
}
_OPTIONS = {
    "candidate_labels": '--labels "sport, cooking"',
    "context": '--context "the text"',
    "sentences": '--sentences "one" --sentences "two"',
    "table": "--table $table",
}
# What people write instead.
_FIELD_NAMES = {"inputs": "text", "input": "text", "labels": "candidate_labels", "source": "source_sentence"}


def _field(name: str, task: Task) -> str:
    other = _FIELD_NAMES.get(name, name)
    return other if other in FIELDS[task.input] else name


def _json(value: str, task: Task) -> Any:
    try:
        return json.loads(value)
    except ValueError as wrong:
        raise BadInput(f"{task.name} reads JSON here, and this is none: {wrong}.", _example(task)) from None


def _reads(task: Task, but: str) -> BadInput:
    option = _OPTIONS.get(FIELDS[task.input][-1])
    step = (
        f"{_example(task)}\nIn a cell the text stands below, and the rest is an option: {option}"
        if option
        else _example(task)
    )
    return BadInput(f"{task.name} reads {' and '.join(FIELDS[task.input])}; {but}.", step)


def _wrong(task: Task, needs: str) -> Any:
    raise BadInput(f"{task.name} needs {needs}.", _example(task))


def _example(task: Task) -> str:
    return f"For example: {json.dumps(task.example, ensure_ascii=False)}"


def _what(value: Any) -> str:
    return "nothing" if value is None else type(value).__name__
