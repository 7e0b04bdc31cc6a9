"""A model's quicker copies beside the model itself: what each gains on this machine, and whether it says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Way(Value):
    """One copy. `speed`: times the model's pace, asking the model again where the copy was not sure counted in.

    `same`: share of the rows where it decides the same; `difference`: the largest of a score; `cosine`: the least of
    two vectors; `again`: share of the rows that the model itself is asked again. `why`: it is not taken.
    """

    name: str
    speed: float = 0.0
    same: float = 0.0
    difference: float = 0.0
    cosine: float = 0.0
    again: float = 0.0
    taken: bool = False
    why: str = ""

    def brief(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True, repr=False)
class Parity(Listing[Way]):
    """All of them, measured on `rows` texts."""

    model: str
    task: str
    rows: int
    processor: str
    ways: tuple[Way, ...] = ()
    revision: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def _items(self) -> tuple[Way, ...]:
        return self.ways

    @property
    def taken(self) -> Way | None:
        """The one that answers where `accel` is auto; None: the model itself."""
        return next((one for one in self.ways if one.taken), None)

    def brief(self) -> list[str]:
        return [one.name for one in self.ways]
