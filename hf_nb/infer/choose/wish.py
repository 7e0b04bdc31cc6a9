"""What was wished for, and what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hf_nb.infer.call import NO_PARAMETERS, Target
from hf_nb.infer.own import objects


@dataclass(frozen=True)
class Wish:
    """What the caller said; None where nothing was.

    A model object of the kernel goes by its name from here on; `held` keeps it alive for as long as it is asked.
    `trust`: a repository whose own code may run, with its commit. `fresh`: an answer that is kept does not count.
    """

    model: str | None = None
    task: str | None = None
    provider: str = "auto"
    revision: str | None = None
    input: Any = None
    fallback: tuple[str, ...] = ()
    policy: str | None = None
    params: Mapping[str, Any] = field(default_factory=lambda: NO_PARAMETERS)
    mask: bool = False
    trust: str | None = None
    fresh: bool = False
    held: Any = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.model is None or type(self.model) is str:
            return
        given: Any = self.model
        object.__setattr__(self, "held", given)
        object.__setattr__(self, "model", objects.named(given))


@dataclass(frozen=True)
class Choice:
    """The task, who is to be asked one after the other, and the reason in a few words.

    `params`: parameters that follow from the choice (the language of a text, for example), stronger than the caller's.
    `input`: what is asked instead of what was typed ("translate to French: …"). `before`: a step whose answer is this
    one's input: a translation by way of a language both models know.
    """

    task: str
    targets: tuple[Target, ...]
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)
    input: Any = None
    before: Choice | None = None
