"""Settings as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Set(Value):
    """One setting: its value, where that came from, and how to set it."""

    name: str
    value: Any
    source: str
    help: str
    default: Any = None
    locked: bool = False
    variables: tuple[str, ...] = ()
    note: str | None = None

    def brief(self) -> list[str]:
        return [str(self.value)]


@dataclass(frozen=True, repr=False)
class Sets(Listing[Set]):
    """Every setting. `notes`: what was found and not used, and why."""

    settings: tuple[Set, ...]
    notes: tuple[str, ...] = ()

    def _items(self) -> tuple[Set, ...]:
        return self.settings

    def brief(self) -> list[str]:
        return [f"{one.name}={one.value}" for one in self.settings]
