"""The tasks there are, and the form of one: its controls and its examples. From tables of our own; nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb import tasks as known
from hf_nb.infer.choose import defaults
from hf_nb.infer.controls import controls
from hf_nb.panels.models import names
from hf_nb.panels.playground import given
from hf_nb.tasks import Out

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

# The heading a task stands under, by what comes out of it.
GROUPS = {
    Out.LABELS: "Classify",
    Out.SPANS: "Find in a text",
    Out.EXTRACT: "Find in a text",
    Out.CELLS: "Find in a text",
    Out.FILLS: "Write",
    Out.TEXT: "Write",
    Out.CHAT: "Write",
    Out.VECTORS: "Compare",
    Out.SCORES: "Compare",
}
# What the Hub has no name for.
LABELS = {"chat": "Chat", "code-generation": "Code generation"}
# A second example of each task, beside the one of its table, so that there is something to change to.
MORE: dict[str, tuple[Any, ...]] = {
    "text-classification": ("I waited an hour, and the soup was cold.",),
    "zero-shot-classification": (
        {
            "text": "Stir the rice and let it rest.",
            "candidate_labels": ["sport", "cooking", "money", "travel"],
        },
    ),
    "token-classification": ("Police in Oslo are looking for Martin.",),
    "question-answering": (
        {
            "question": "What colour is the bicycle?",
            "context": "Nora lives in Oslo. On Monday she bought a red bicycle.",
        },
    ),
    "text-generation": ("If the file does not exist,",),
    "translation": ("the children do not sleep",),
    "chat": (
        {
            "messages": [
                {"role": "system", "content": "Answer in one short sentence."},
                {"role": "user", "content": "What is the capital of Italy?"},
            ]
        },
    ),
}
ORDER = tuple(dict.fromkeys(GROUPS.values()))


def tasks(ask: Ask) -> dict[str, Any]:
    """`playground.tasks`: what can be tried, by what comes out of it."""
    layers = defaults.layers(ask.session)
    rows = sorted(known.TASKS.values(), key=lambda row: ORDER.index(GROUPS[row.output]))
    made = []
    for row in rows:
        default = defaults.find([row.name], layers)
        made.append(
            {
                "value": row.name,
                "label": LABELS.get(row.name) or names.task(row.name),
                "group": GROUPS[row.output],
                "input": str(row.input),
                "streams": row.streams,
                "model": default.model if default else None,
            }
        )
    return {"tasks": made}


def form(ask: Ask, *, task: str) -> dict[str, Any]:
    """`playground.form`: what can be set, and inputs to begin with."""
    row = given.task(task)
    made = [given.shown(row, one) for one in (row.example, *MORE.get(row.name, ()))]
    return {
        "controls": [one.to_dict() for one in controls(row.name)],
        "examples": [{"label": label(one), "input": one} for one in made],
    }


def label(value: Any) -> str:
    """An example by its first words."""
    words = " ".join(given.words(value).split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


LONGEST = 60
