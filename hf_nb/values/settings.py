"""Settings as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from hf_nb.values.base import Value


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
class Sets(Value, Sequence[Set]):
    """Every setting. `notes`: what was found and not used, and why."""

    settings: tuple[Set, ...]
    notes: tuple[str, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Set: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Set, ...]: ...
    def __getitem__(self, index: int | slice) -> Set | tuple[Set, ...]:
        return self.settings[index]

    def __len__(self) -> int:
        return len(self.settings)

    def brief(self) -> list[str]:
        return [f"{one.name}={one.value}" for one in self.settings]

    def to_pandas(self) -> Any:
        """One row per setting."""
        from hf_nb.plumbing.extras import require

        rows = [one.to_dict() for one in self.settings]
        return require("pandas", "data", "to_pandas()").DataFrame(rows)
