"""Who may enter a gated repository, and who would like to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hf_nb.values.base import Kind, Listing, Value


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
class AccessRequests(Listing[AccessRequest]):
    """Requests for one repository, pending ones first. `done`: what was just changed."""

    kind: Kind
    id: str
    requests: tuple[AccessRequest, ...]
    done: str | None = None
    hub: str = ""

    def _items(self) -> tuple[AccessRequest, ...]:
        return self.requests

    def brief(self) -> list[str]:
        return [one.user for one in self.requests]


@dataclass(frozen=True, repr=False)
class Asked(Value):
    """A request made in one's own name."""

    kind: Kind
    id: str
    status: str
    url: str

    def brief(self) -> list[str]:
        return [self.status]
