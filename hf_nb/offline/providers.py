"""Who answers behind the inference router: this machine, under three names that differ in price and pace.

Two of them are made up, and named so that nobody takes them for a company. The weights are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

OWN = "hf-inference"
CHAT = "conversational"
GENERATES = ("text-generation",)
LIBRARIES = ("transformers", "sentence-transformers")
# task asked for -> what a model may be filed under to be asked
FITS: dict[str, tuple[str, ...]] = {
    "chat": GENERATES,
    "text-generation": GENERATES,
    "code-generation": GENERATES,
    "feature-extraction": ("feature-extraction", "sentence-similarity"),
    "sentence-similarity": ("sentence-similarity", "feature-extraction"),
    "summarization": ("summarization", "text2text-generation"),
    "translation": ("translation", "text2text-generation"),
    "text2text-generation": ("text2text-generation", "summarization", "translation"),
    "text-classification": ("text-classification",),
    "zero-shot-classification": ("zero-shot-classification",),
    "token-classification": ("token-classification",),
    "question-answering": ("question-answering",),
    "table-question-answering": ("table-question-answering",),
    "fill-mask": ("fill-mask",),
}
TASKS = frozenset(FITS)


@dataclass(frozen=True)
class Provider:
    """One of them.

    `read`, `written`: dollars per million tokens; `first`: seconds until its first word; `rate`: words it says in a
    second at most.
    """

    name: str
    read: float
    written: float
    first: float
    rate: float

    def serves(self, pipeline: str) -> bool:
        """All tasks, or only texts."""
        return self.name == OWN or pipeline in GENERATES


PROVIDERS = (
    Provider(OWN, 0.20, 0.40, first=0.05, rate=100.0),
    Provider("swift-demo", 0.90, 1.80, first=0.0, rate=400.0),
    Provider("thrifty-demo", 0.02, 0.04, first=0.3, rate=30.0),
)
NAMES = tuple(one.name for one in PROVIDERS)


def of(pipeline: str) -> list[Provider]:
    """Who serves a kind of model."""
    return [one for one in PROVIDERS if one.serves(pipeline)]


def chosen(pipeline: str, wish: str) -> Provider | None:
    """The one a suffix of a model's name means: fastest, cheapest, preferred, or a provider; None for nobody."""
    there = of(pipeline)
    if wish in ("", "fastest"):
        return max(there, key=lambda one: one.rate, default=None)
    if wish == "cheapest":
        return min(there, key=lambda one: one.read + one.written, default=None)
    if wish == "preferred":
        return next(iter(there), None)
    return next((one for one in there if one.name == wish), None)


def servable(pipeline: str | None, parameters: int | None, library: str | None) -> bool:
    """Whether there is anything to answer with."""
    return bool(pipeline in FITS and parameters and library in LIBRARIES)


def mapping(id: str, pipeline: str, tags: Iterable[str]) -> Sequence[tuple[str, dict[str, Any]]]:
    """What a model's page says of who serves it."""
    task = CHAT if pipeline in GENERATES and CHAT in tags else pipeline
    said = {"status": "live", "providerId": id, "task": task, "isModelAuthor": False}
    return [(one.name, said) for one in of(pipeline)]
