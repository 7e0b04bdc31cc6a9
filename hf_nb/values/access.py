"""Who may enter a gated repository, and who would like to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, overload

from hf_nb.values.base import Kind, Value

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class AccessRequest(Value):
    """One person's request: pending, accepted or rejected. `fields`: what they answered to the gate's questions."""

    user: str
    status: str
    when: datetime | None
    fullname: str | None = None
    email: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    def brief(self) -> list[str]:
        return [self.user]


@dataclass(frozen=True, repr=False)
class AccessRequests(Value, Sequence[AccessRequest]):
    """Requests for one repository, pending ones first. `done`: what was just changed."""

    kind: Kind
    id: str
    requests: tuple[AccessRequest, ...]
    done: str | None = None
    hub: str = ""

    def __len__(self) -> int:
        return len(self.requests)

    @overload
    def __getitem__(self, index: int) -> AccessRequest: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[AccessRequest, ...]: ...
    def __getitem__(self, index: int | slice) -> AccessRequest | tuple[AccessRequest, ...]:
        return self.requests[index]

    def __iter__(self) -> Iterator[AccessRequest]:
        return iter(self.requests)

    def brief(self) -> list[str]:
        return [one.user for one in self.requests]

    def to_pandas(self) -> pandas.DataFrame:
        """One row per request."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [row.to_dict() for row in self.requests]
        )
        return frame


@dataclass(frozen=True, repr=False)
class Asked(Value):
    """A request made in one's own name."""

    kind: Kind
    id: str
    status: str
    url: str

    def brief(self) -> list[str]:
        return [self.status]
