"""A task's parameters as typed controls: what a form needs to ask for each of them.

kinds      from huggingface_hub's dataclass of the task, and for what every text model takes from a table here
bounds     what the local backend lets through; a slider ends sooner, where the useful part does
unused     what changes nothing for whoever answers: said beside the control, so that nobody wonders
"""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.infer import asked
from hf_nb.plumbing.wire import asking
from hf_nb.tasks import Out, Task
from hf_nb.values import Control, Controls

# The few that matter, by kind of output, in the order in which they stand.
FIRST: Mapping[Out, tuple[str, ...]] = {
    Out.TEXT: ("tgt_lang", "src_lang", "temperature", "max_new_tokens", "top_p", "num_beams"),
    Out.CHAT: ("temperature", "max_tokens", "top_p", "seed"),
    Out.LABELS: ("top_k", "function_to_apply", "multi_label", "hypothesis_template"),
    Out.SPANS: ("aggregation_strategy", "ignore_labels", "stride"),
    Out.EXTRACT: ("top_k", "max_answer_len", "handle_impossible_answer"),
    Out.FILLS: ("top_k", "targets"),
    Out.VECTORS: ("normalize", "truncate", "prompt_name"),
}
MOST_FIRST = 4
# A slider's ends and its step; what may be typed beside it goes as far as the backend lets it.
SLIDERS: Mapping[str, tuple[float, float, float]] = {
    "temperature": (0, 2, 0.05),
    "top_p": (0, 1, 0.01),
    "typical_p": (0, 1, 0.01),
    "repetition_penalty": (0.5, 2, 0.05),
    "frequency_penalty": (-2, 2, 0.1),
    "presence_penalty": (-2, 2, 0.1),
    "length_penalty": (-2, 4, 0.1),
}
# What every text model takes, and the class of its task does not list.
GENERATION: Mapping[str, tuple[Any, str]] = {
    "max_new_tokens": (int, "The most tokens to write."),
    "min_new_tokens": (int, "The fewest tokens to write."),
    "max_length": (int, "The most tokens, what is read included."),
    "temperature": (float, "Higher is more varied; 0 always takes the likeliest token."),
    "top_k": (int, "Tokens are drawn from so many of the likeliest."),
    "top_p": (float, "Tokens are drawn from the likeliest that add up to this share."),
    "do_sample": (bool, "Draw tokens instead of taking the likeliest."),
    "num_beams": (int, "So many ways to go on are followed side by side, and the best is kept."),
    "repetition_penalty": (float, "Above 1, what was said already becomes less likely."),
    "no_repeat_ngram_size": (int, "No group of so many tokens comes twice."),
    "stop": (list[str], "The answer ends where one of these is written."),
    "seed": (int, "The same seed draws the same tokens."),
    "early_stopping": (bool, "Beams end as soon as there are enough whole answers."),
    "length_penalty": (float, "Above 0, beams prefer long answers, below 0 short ones."),
}
# Help for what huggingface_hub's classes leave without a word.
HELP: Mapping[str, str] = {
    "seed": "The same seed draws the same tokens.",
    "temperature": "Higher is more varied; 0 always takes the likeliest token.",
    "grammar": "Only answers of this form: a JSON schema, or a regular expression.",
    "response_format": "Only answers of this form: a JSON schema.",
    "tool_choice": 'Which tool must be called: "auto", "none", "required", or one by its name.',
    "normalize": "Vectors of length 1, so that a product of two is their cosine.",
    "truncate": "Text beyond the model's window is cut off.",
    "truncation_direction": "At which end it is cut.",
    "prompt_name": "Which of the model's own prompts is set before the text.",
}
# What models on this machine read nothing of, beside what they refuse.
SILENT: Mapping[str, frozenset[str]] = {
    "table-question-answering": frozenset({"padding", "sequential", "truncation"}),
    "sentence-similarity": frozenset({"parameters"}),
    "text-generation": frozenset({"details"}),
    "code-generation": frozenset({"details"}),
    "chat": frozenset({"tool_prompt"}),
}
HERE = "Models on this machine do not know it."
THERE = "The router's chat route does not know it."
LONGEST_HELP = 240
_PLAIN: Mapping[Any, str] = {bool: "switch", int: "whole", float: "number", str: "text", list[str]: "words"}


@cache
def controls(task: str) -> Controls:
    """A control for each parameter of a task, those that matter most first."""
    row = tasks.TASKS.get(tasks.ALSO.get(task, task))
    if row is None:
        raise BadInput(f"There is no task called {task!r:.60}.", f"Runs now: {', '.join(tasks.TASKS)}")
    hints, helps = _types(row), _help(row)
    known = asked.known(row.name)
    first = [name for name in FIRST.get(row.output, ()) if name in known][:MOST_FIRST]
    order = [*first, *sorted(known - set(first))]
    made = [_control(row, name, hints.get(name), helps.get(name, ""), first=name in first) for name in order]
    return Controls(row.name, tuple(made))


def _control(task: Task, name: str, hint: Any, told: str, *, first: bool) -> Control:
    own, said = GENERATION.get(name, (None, ""))
    kind, choices = _kind(name, hint if hint is not None else own)
    least, most = _bounds(name, kind)
    low, high, step = SLIDERS[name] if kind == "slider" else (None, None, None)
    return Control(
        name,
        kind,
        name.replace("_", " "),
        HELP.get(name) or told or said,
        first,
        least,
        most,
        low,
        high,
        step,
        choices,
        _unused(task, name),
    )


def _kind(name: str, hint: Any) -> tuple[str, tuple[str, ...]]:
    """How a value of this type is asked for; what is built of parts is written as JSON."""
    parts = [one for one in typing.get_args(hint) if one is not types.NoneType]
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = parts[0] if len(parts) == 1 else hint
    if typing.get_origin(hint) is Literal:
        return "choice", tuple(map(str, typing.get_args(hint)))
    kind = _PLAIN.get(hint, "json") if _hashable(hint) else "json"
    return ("slider" if kind == "number" and name in SLIDERS else kind), ()


def _hashable(hint: Any) -> bool:
    try:
        hash(hint)
    except TypeError:
        return False
    return True


def _bounds(name: str, kind: str) -> tuple[float | None, float | None]:
    """What the local backend lets through; a number of things is never below 0."""
    from hf_nb.infer.backends.local.options import NUMBERS

    if name in NUMBERS:
        return NUMBERS[name]
    if kind != "whole" or name == "seed":
        return None, None
    return (0 if name in ("top_k", "min_new_tokens", "no_repeat_ngram_size", "stride") else 1), None


@cache
def _refused() -> frozenset[str]:
    from hf_nb.infer.backends.local.options import NOT_HERE

    return frozenset(NOT_HERE)


def _unused(task: Task, name: str) -> Mapping[str, str]:
    found = {}
    if name in SILENT.get(task.name, ()) or (task.streams and name in _refused()):
        found["local"] = HERE
    if task.output is Out.CHAT and not _goes_out(name):
        found["remote"] = THERE
    return found


def _goes_out(name: str) -> bool:
    """Whether a chat's body can hold it: asked of what makes those bodies."""
    try:
        asking.chat("", [], {name: 1})
    except BadInput:
        return False
    return True


def _types(task: Task) -> Mapping[str, Any]:
    import sys

    import huggingface_hub

    made = getattr(huggingface_hub, task.parameters)
    return typing.get_type_hints(made, vars(sys.modules[made.__module__]))


def _help(task: Task) -> dict[str, str]:
    """The texts that stand below the fields, as editors show them: Python itself forgets them."""
    import huggingface_hub

    tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(huggingface_hub, task.parameters))))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found = {}
    for field, after in itertools.pairwise(body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        match after:
            case ast.Expr(value=ast.Constant(value=str() as text)):
                found[field.target.id] = _short(text)
    return found


def _short(text: str) -> str:
    """Whole sentences, as many as a tip may hold, without marks for those who write clients."""
    text = re.sub(r"\[?\bUNUSED\b\]?|\[([^\]]*)\]\([^)]*\)", lambda found: found[1] or "", text)
    kept = ""
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", " ".join(text.split())):
        if kept and len(kept) + len(sentence) > LONGEST_HELP:
            break
        kept = f"{kept} {sentence}".strip()
    return kept
