"""A dataset of the Hub at one commit: its files and its card, by one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.errors import Broken
from hf_nb.hub import address as addresses
from hf_nb.plumbing import http

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

CONVERTED = "refs/convert/parquet"


@dataclass(frozen=True)
class Repo:
    """What lies in it. `files`: sizes by path."""

    id: str
    commit: str
    files: Mapping[str, int | None]
    card: Mapping[str, Any]
    note: str | None = None
    gated: bool = False


def look(id: str, revision: str | None, session: Session) -> Repo:
    """Files and card of a revision, pinned to the commit it is now."""
    rest = f"/revision/{addresses.quoted(revision)}" if revision else ""
    http.install(session)
    with http.verb(session) as read, session.ledger.looking():
        _, said = addresses.asked(
            id, "dataset", session, lambda _, where: addresses.get(where, rest, session, blobs=True)
        )
        note = addresses.shown(read)
    if not isinstance(said, Mapping) or not isinstance(said.get("sha"), str):
        raise Broken(f"The Hub's answer about dataset {id} makes no sense.", "Try again in a minute.")
    files: dict[str, int | None] = {}
    for one in said.get("siblings") or ():
        if isinstance(one, Mapping) and isinstance(one.get("rfilename"), str):
            size = one.get("size")
            files[one["rfilename"]] = size if isinstance(size, int) and not isinstance(size, bool) else None
    card = said.get("cardData")
    return Repo(
        str(said.get("id") or id),
        said["sha"],
        dict(sorted(files.items())),
        card if isinstance(card, Mapping) else {},
        note,
        bool(said.get("gated")),
    )
