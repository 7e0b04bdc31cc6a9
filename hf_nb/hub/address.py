"""A repository of a known kind, and asking about one when nobody said whether it is a model, a dataset or a Space."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from hf_nb.errors import NotFound
from hf_nb.hub import ids
from hf_nb.hub.client import api
from hf_nb.hub.headers import headers
from hf_nb.hub.translate import translated

if TYPE_CHECKING:
    from huggingface_hub import HfApi

    from hf_nb.plumbing.reading import Reading
    from hf_nb.plumbing.session import Session
    from hf_nb.values import Kind

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Address:
    """One repository of a known kind."""

    kind: Kind
    id: str

    @property
    def full(self) -> str:
        """As a command takes it: owner/name, datasets/owner/name."""
        return self.id if self.kind == "model" else f"{self.kind}s/{self.id}"

    @property
    def api(self) -> str:
        """Its part of the Hub's API."""
        return f"/api/{self.kind}s/{self.id}"

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


def asked(
    repo: str, kind: str | None, session: Session, ask: Callable[[HfApi, Address], Answer]
) -> tuple[Address, Answer]:
    """What `ask` answers about the repository; without a kind, models, datasets and Spaces are tried in turn."""
    meant = ids.which(repo, kind, None, session)
    hub = api(session)
    for one in (meant.kind,) if meant.kind else ids.ORDER:
        address = Address(one, meant.id)
        try:
            with about(address, session):
                return address, ask(hub, address)
        except NotFound as missing:
            if not _no_repository(missing):
                raise
    raise ids.missing(meant.id, meant.kind, session)


def shown(read: Reading) -> str | None:
    """What is said of answers that came from copies."""
    return f"Shown {read.note}." if read.note else None


@contextlib.contextmanager
def about(address: Address, session: Session) -> Iterator[None]:
    """Official calls about one repository; a wrong revision leads to the right ones."""
    try:
        with translated(str(address), session.settings):
            yield
    except NotFound as missing:
        if missing.problem.endswith("no such revision."):
            raise NotFound(missing.problem, f"Its branches and tags: %hf refs {address.full}") from None
        raise


def get(address: Address, rest: str, session: Session, **params: Any) -> Any:
    """One answer of the Hub's API about a repository, read as JSON."""
    from huggingface_hub.utils import get_session, hf_raise_for_status

    url = f"{session.settings.endpoint}{address.api}{rest}"
    response = get_session().get(url, headers=headers(), params=params)
    hf_raise_for_status(response)
    return response.json()


def quoted(revision: str) -> str:
    """A revision as one segment of an address."""
    return quote(revision, safe="")


def _no_repository(missing: NotFound) -> bool:
    """A wrong revision or file is told apart from a wrong id by what the Hub said."""
    return missing.problem.startswith("There is no ")
