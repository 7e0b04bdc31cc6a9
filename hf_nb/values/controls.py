"""What can be set of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Control(Value):
    """One parameter: how it is set.

    `kind`: slider, number, whole, choice, switch, words, text or json; `first`: among the few that matter most;
    `least`, `most`: what is let through, `low`, `high`: where a slider ends; `unused`: why it changes nothing, by who
    answers ("local" this machine, "remote" anybody else).
    """

    name: str
    kind: str
    label: str
    help: str = ""
    first: bool = False
    least: float | None = None
    most: float | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    unused: Mapping[str, str] = field(default_factory=dict)

    def brief(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True, repr=False)
class Controls(Listing[Control]):
    """Every parameter of a task, those that matter first."""

    task: str
    controls: tuple[Control, ...] = ()

    def _items(self) -> tuple[Control, ...]:
        return self.controls

    def brief(self) -> list[str]:
        return [one.name for one in self.controls]
