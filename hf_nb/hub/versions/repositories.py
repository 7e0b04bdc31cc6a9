"""Repositories made, named, shown, gated and copied. None is deleted here: `hf repos delete` asks before it does.

repositories.create("me/new")                       repositories.show("me/new", private=True)
repositories.rename("me/old", "me/new")             repositories.gate("me/new", "manual")
repositories.duplicate("them/theirs", "me/mine")
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Literal

from hf_nb.errors import BadInput, Passing
from hf_nb.hub import ids
from hf_nb.hub.address import Address, about, asked
from hf_nb.hub.client import api
from hf_nb.plumbing.session import Session, current
from hf_nb.values.repositories import Repository

GATES = ("auto", "manual", "off")


def create(
    repo: str,
    *,
    kind: str | None = None,
    private: bool = False,
    sdk: str | None = None,
    exist_ok: bool = False,
    session: Session | None = None,
) -> Repository:
    """A new, empty repository: a model unless the id says `datasets/…` or `spaces/…`."""
    session = session or current()
    address = _new(repo, kind, session)
    if address.kind == "space" and not sdk:
        raise BadInput(
            "A Space needs an SDK.", f'hf_nb.repositories.create("spaces/{address.id}", sdk="gradio")'
        )
    with session.span("hub.repositories.create", repo=repo), _doing(address, session):
        made = api(session).create_repo(
            address.id,
            repo_type=address.kind,
            visibility="private" if private else "public",
            space_sdk=sdk,
            exist_ok=exist_ok,
        )
    return _done(address, made.repo_id, "created, private" if private else "created, public", session)


def rename(repo: str, to: str, *, kind: str | None = None, session: Session | None = None) -> Repository:
    """Another name, or another owner; the old address leads to the new one."""
    session = session or current()
    target = ids.which(to).id
    with session.span("hub.repositories.rename", repo=repo), session.ledger.looking():
        address = _existing(repo, kind, session)
        if "/" not in target:
            target = f"{address.id.partition('/')[0]}/{target}"
        with _doing(address, session):
            api(session).move_repo(address.id, target, repo_type=address.kind)
    return _done(address, target, f"renamed from {address.id}", session)


def show(repo: str, *, private: bool, kind: str | None = None, session: Session | None = None) -> Repository:
    """Show it to everybody, or (`private=True`) to nobody else."""
    session = session or current()
    with session.span("hub.repositories.show", repo=repo), session.ledger.looking():
        address = _existing(repo, kind, session)
        with _doing(address, session):
            visibility: Literal["private", "public"] = "private" if private else "public"
            api(session).update_repo_settings(address.id, visibility=visibility, repo_type=address.kind)
    return _done(address, address.id, "is private now" if private else "is public now", session)


def gate(repo: str, how: str, *, kind: str | None = None, session: Session | None = None) -> Repository:
    """Who may enter: everybody who asks (`auto`), whom you let in (`manual`), or anybody (`off`)."""
    if how not in GATES:
        raise BadInput(f"There is no gate {how!r}.", f"Gates: {', '.join(GATES)}")
    session = session or current()
    with session.span("hub.repositories.gate", repo=repo), session.ledger.looking():
        address = _existing(repo, kind, session)
        gated: Literal["auto", "manual", False] = (
            False if how == "off" else "auto" if how == "auto" else "manual"
        )
        with _doing(address, session):
            api(session).update_repo_settings(address.id, gated=gated, repo_type=address.kind)
    words = {
        "auto": "is gated: everybody who asks is let in",
        "manual": "is gated: you let people in",
        "off": "is not gated any more",
    }
    return _done(address, address.id, words[how], session)


def duplicate(
    repo: str,
    to: str | None = None,
    *,
    private: bool = True,
    kind: str | None = None,
    session: Session | None = None,
) -> Repository:
    """A copy with its history, under your own name unless `to` names another; private unless you say otherwise."""
    session = session or current()
    with session.span("hub.repositories.duplicate", repo=repo), session.ledger.looking():
        address = _existing(repo, kind, session)
        with _doing(address, session):
            visibility: Literal["private", "public"] = "private" if private else "public"
            made = api(session).duplicate_repo(
                address.id, ids.which(to).id if to else None, repo_type=address.kind, visibility=visibility
            )
    return _done(address, made.repo_id, f"copied from {address.id}", session)


def _new(repo: str, kind: str | None, session: Session) -> Address:
    bare, only, _ = ids.which(repo, kind, None, session)
    return Address(only or "model", bare)


def _existing(repo: str, kind: str | None, session: Session) -> Address:
    bare, only, _ = ids.which(repo, kind, None, session)
    if only:
        return Address(only, bare)
    return asked(repo, None, session, lambda hub, at: hub.repo_info(at.id, repo_type=at.kind))[0]


@contextlib.contextmanager
def _doing(address: Address, session: Session) -> Iterator[None]:
    try:
        with session.ledger.looking(), about(address, session):
            yield
    except Passing as passing:
        passing.next_step = f"It may have been done: look before trying again: %hf info {address.full}"
        raise


def _done(address: Address, repo_id: str, done: str, session: Session) -> Repository:
    full = Address(address.kind, repo_id).full
    return Repository(address.kind, repo_id, done, f"{session.settings.endpoint}/{full}")
