"""What a query over a table costs, and what is known of its answer before all of it was read."""

from __future__ import annotations

from dataclasses import dataclass

from hf_nb.values.base import Value


@dataclass(frozen=True, repr=False)
class Quote(Value):
    """The bytes a query moves when it is run to its end, or where it is not `exact`, moves at most.

    `why`: what stands against answering it from a part.
    """

    bytes: int
    columns: tuple[str, ...]
    progressive: bool
    why: str = ""
    exact: bool = True


@dataclass(frozen=True)
class Bound:
    """A number that lies between `low` and `high` with 95 % confidence; equal where it is exact, None where unknown."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Group:
    """One line of the answer. `key`: what it is grouped by, none where there are no groups."""

    key: tuple[str, ...]
    values: tuple[Bound, ...]


@dataclass(frozen=True, repr=False)
class Estimate(Value):
    """An answer from `share` of the bytes. `columns`: those grouped by, then those of `values`.

    `moved` of `of` bytes were read; `note` says what the numbers do not; `over`: the table, in words.
    """

    columns: tuple[str, ...]
    rows: tuple[Group, ...]
    share: float
    moved: int
    of: int
    exact: bool
    note: str = ""
    over: str = ""
