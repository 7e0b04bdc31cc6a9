"""What is asked, and the one verb that answers it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from hf_nb.values import Source, Value

NO_PARAMETERS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Call:
    """A question to a model, complete: the same call has the same answer."""

    task: str
    model: str
    revision: str | None
    input: Any
    params: Mapping[str, Any] = field(default_factory=lambda: NO_PARAMETERS)


@dataclass(frozen=True)
class Chunk:
    """A part of an answer, and the seconds it took to make (loading a model is not answering).

    A backend that cannot stream yields one, whole.
    """

    output: Any
    seconds: float
    note: str = ""


class Backend(Protocol):
    """Somewhere a call can be answered."""

    name: str
    remote: bool
    device: str

    def can(self, call: Call) -> bool:
        """Whether this backend can answer such a call at all."""
        ...

    def stream(self, call: Call) -> Iterator[Chunk]:
        """The answer, in parts."""
        ...


class Shape(Protocol):
    """How the chunks of one kind of output become a value."""

    def __call__(self, chunks: list[Chunk], call: Call, source: Source) -> Value: ...
