"""The servers of the settings, as far as choosing needs them: are they here, which models have they."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from hf_nb.errors import BadInput, HfNbError
from hf_nb.infer import backends
from hf_nb.infer.call import Call, Terms
from hf_nb.plumbing import reading
from hf_nb.plumbing.settings import LOOPBACK

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

TRY_AGAIN = 60.0
SECONDS = 3.0

_kept: WeakKeyDictionary[Session, dict[tuple[str, str], tuple[float, tuple[str, ...]]]] = WeakKeyDictionary()


def names(session: Session) -> Collection[str]:
    """What they are called."""
    servers: dict[str, str] = session.settings.servers
    return servers.keys()


def is_here(name: str, session: Session) -> bool:
    """It runs on this machine, so nothing leaves it."""
    return urlsplit(session.settings.servers[name]).hostname in LOOPBACK


def serves(name: str, model: str, task: str, session: Session) -> bool:
    """It does the task, and lists a model of this id."""
    can = backends.find(name, session).can(Call(task, model, None, ""))
    return can and model in models(name, session)


def models(name: str, session: Session) -> tuple[str, ...]:
    """What it lists; nothing where it does not say. Kept for as long as the Hub's answers are."""
    kept = _kept.setdefault(session, {})
    key = (name, session.settings.servers[name])
    if key in kept and kept[key][0] >= session.clock.now() and not reading.asks_anew():
        return kept[key][1]
    keep = session.settings.response_cache_minutes * 60
    try:
        terms = Terms(session.clock, ends=session.clock.now() + SECONDS)
        listed = tuple(backends.find(name, session).models(terms))  # type: ignore[attr-defined]  # a server's own
    except HfNbError:
        listed, keep = (), TRY_AGAIN
    kept[key] = (session.clock.now() + keep, listed)
    return listed


def only_model(name: str, session: Session) -> str:
    """The one it has, where none was named."""
    listed = models(name, session)
    if len(listed) == 1:
        return listed[0]
    has = f"{name} has {', '.join(listed[:5])}" if listed else f"{name} lists no models"
    raise BadInput(f"Which model of {name}?", f"{has}. Name it: -m {listed[0] if listed else 'MODEL'}")
