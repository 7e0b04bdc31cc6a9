"""Who is logged in, with what, and a login under way. None of these ever holds a token."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Self

from hf_nb.values.base import Listing, Value

State = Literal["waiting", "silent", "allowed", "denied", "expired", "stopped", "failed"]


@dataclass(frozen=True, repr=False)
class Panel(Value):
    """A login with a browser as it goes on: what to open, what to enter, how long there is."""

    code: str
    page: str
    link: str
    hub: str
    left: float
    state: State = "waiting"

    def now(self, state: State, left: float | None = None) -> Self:
        """The same login, later."""
        return replace(self, state=state, left=self.left if left is None else left)


@dataclass(frozen=True, repr=False)
class Membership(Value):
    """An organisation, and what one is there."""

    name: str
    role: str | None = None


@dataclass(frozen=True, repr=False)
class Who(Value):
    """The person a token belongs to, and what the token may do."""

    name: str
    fullname: str
    hub: str
    token: str
    source: str
    role: str | None = None
    scopes: tuple[str, ...] = ()
    orgs: tuple[Membership, ...] = ()
    expires: datetime | None = None
    renewed: bool = False
    kind: str = "user"
    note: str | None = None

    def brief(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True, repr=False)
class Token(Value):
    """One token by its name. `role`: what it may do, where this process has asked."""

    name: str
    source: str
    active: bool = False
    role: str | None = None
    expires: datetime | None = None
    renewed: bool = False

    @property
    def expired(self) -> bool:
        """Its time is over."""
        return self.expires is not None and self.expires <= datetime.now(UTC)

    def brief(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True, repr=False)
class Tokens(Listing[Token]):
    """The tokens of this machine and this process."""

    tokens: tuple[Token, ...]
    note: str | None = None

    def _items(self) -> tuple[Token, ...]:
        return self.tokens

    def brief(self) -> list[str]:
        return [token.name for token in self.tokens]


@dataclass(frozen=True, repr=False)
class LoggedOut(Value):
    """What was forgotten, and what is still there."""

    forgotten: tuple[str, ...]
    left: tuple[str, ...] = ()
    note: str | None = None

    def brief(self) -> list[str]:
        return list(self.forgotten)
