"""The same choice again: what was chosen a moment ago, where nothing that decided about it has changed since.

A model of the Hub that was named, asked a plain text, is run by the same places every time. What could make that
otherwise is looked at with every question: the settings, a token, hf.lock, what is known of the model, the router's
prices, a folder of that name. What costs more to look at (servers of the user's own, prices and paces that decide the
order, a model too large to fetch unasked) is chosen anew.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hf_nb.infer import lookup
from hf_nb.infer.choose import prices
from hf_nb.plumbing import token
from hf_nb.plumbing.settings import LOCAL_ONLY

if TYPE_CHECKING:
    from hf_nb.infer.choose.wish import Choice, Wish
    from hf_nb.infer.lookup import Known
    from hf_nb.plumbing.session import Session
    from hf_nb.plumbing.settings import Settings

MOST = 256  # choices of a session
LISTED = frozenset({"as listed", LOCAL_ONLY})  # policies that ask nobody how quick or dear a place is


Stood = tuple[Any, ...]


@dataclass
class Changes:
    """How often these settings were changed."""

    settings: Settings
    count: int = 0

    def told(self, _: Any) -> None:
        """They were, once more."""
        self.count += 1


@dataclass(frozen=True)
class Made:
    """A choice, what was known of its model, and how everything else stood."""

    choice: Choice
    known: Known
    stood: Stood


_kept: WeakKeyDictionary[Session, tuple[Changes, dict[tuple[Any, ...], Made]]] = WeakKeyDictionary()


def stands(wish: Wish, session: Session) -> Stood | None:
    """What decides now, beside the wish; None where a choice would depend on more. Asked before anything is chosen."""
    asked = wish.input
    if (
        wish.model is None
        or wish.provider not in ("auto", "local")
        or wish.fallback
        or wish.trust is not None
        or type(asked) is not str
        or asked.lstrip().startswith("{")  # it may be several fields
    ):
        return None
    settings = session.settings
    return (
        _of(session)[0].count,
        token.hidden(),  # another one where a token came or went
        prices.listed(session),
        # A list can be changed in place, which nobody is told.
        *settings.methods,
        *settings.allowed_licences,
    )


def find(wish: Wish, stood: Stood | None, session: Session) -> Choice | None:
    """What was chosen for the same wish, if it would be chosen again; its use is noted as that of any choice."""
    one = None if stood is None else _of(session)[1].get(_key(wish))
    if one is None or one.stood != stood or session.ledger.lock is not None:
        return None
    if os.access(one.known.id, os.F_OK) and os.path.isdir(one.known.id):  # noqa: PTH112 -- a text, asked every time
        return None
    return one.choice if lookup.unchanged(one.known, wish.revision, session) else None


def keep(
    wish: Wish, stood: Stood | None, choice: Choice, known: Known, policy: str, session: Session
) -> None:
    """Remember it, where it can be seen whether it still holds."""
    settings = session.settings
    if (
        stood is None
        or policy not in LISTED
        or settings.servers
        or known.held
        or choice.targets[0].method != "local"
        or (known.bytes or 0) > settings.local_download_limit
    ):
        return
    made = _of(session)[1]
    while len(made) >= MOST:
        made.pop(next(iter(made)), None)
    made[_key(wish)] = Made(choice, known, stood)


def _key(wish: Wish) -> tuple[Any, ...]:
    return (wish.model, wish.task, wish.provider, wish.revision, wish.policy)


def _of(session: Session) -> tuple[Changes, dict[tuple[Any, ...], Made]]:
    found = _kept.get(session)
    if found is None or found[0].settings is not session.settings:
        changes = Changes(session.settings)
        session.settings.observe(changes.told)
        found = _kept[session] = (changes, {})
    return found
