"""What a question asks a model to write, before anything is written: for one alone, or for many side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hf_nb.infer.backends.local.generating import Job
from hf_nb.infer.backends.local.model import Loaded
from hf_nb.infer.call import Call, Chunk


@dataclass
class Said:
    """A whole text, as it was written for a job: in the parts in which it would have come."""

    parts: list[str]
    written: int
    finish: str
    seconds: float

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.parts)


@dataclass
class Plan:
    """The texts to write, and the answer they make together."""

    jobs: list[Job]
    made: Callable[[list[Said]], Chunk]


Planned = Callable[[Loaded, Call], Plan]
