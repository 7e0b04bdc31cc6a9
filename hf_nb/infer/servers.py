"""The servers a model can be run on besides this machine and the Hub: named once, kept in the user's settings.

add("ollama", "http://127.0.0.1:11434/v1")    list()    models("ollama")    remove("ollama")
"""

from __future__ import annotations

from difflib import get_close_matches
from urllib.parse import urlsplit

from hf_nb.errors import BadInput
from hf_nb.hub import config
from hf_nb.infer import keys
from hf_nb.plumbing.session import Session, current
from hf_nb.plumbing.settings import LOOPBACK
from hf_nb.values import Table, Text


def add(
    name: str, address: str, *, key: str | None = None, save: bool = True, session: Session | None = None
) -> Text:
    """Name a server that speaks as OpenAI does. `key`: its own, kept apart from the settings; never a Hub token.

    `save`: for good, in the user's config.toml; else for this notebook.
    """
    session = session or current()
    settings = session.settings
    config.change("servers", {**settings.servers, name: address}, save=save, session=session)
    session.backends.pop(name, None)
    where = f"; its key is in {keys.store(name, key)}" if key is not None else ""
    kept = "saved" if save else "for this notebook"
    return Text(f"{name}: {settings.servers[name]} ({kept}){where}")


def remove(name: str, *, save: bool = True, session: Session | None = None) -> Text:
    """Name it no longer, and forget its key."""
    session = session or current()
    servers = dict(session.settings.servers)
    if servers.pop(name, None) is None:
        raise _unknown(name, session)
    config.change("servers", servers, save=save, session=session)
    session.backends.pop(name, None)
    keys.forget(name)
    return Text(f"{name} is gone.")


def list(*, session: Session | None = None) -> Table:  # noqa: A001 -- servers.list() is what one types
    """Every server: where it is, where its key is from, whether texts leave this machine."""
    settings = (session or current()).settings
    rows = (
        (name, address, keys.origin(name, address), urlsplit(address).hostname not in LOOPBACK)
        for name, address in sorted(settings.servers.items())
    )
    return Table(("server", "address", "key", "leaves this machine"), tuple(rows))


def models(name: str, *, session: Session | None = None) -> Table:
    """What a server serves, as it says itself."""
    from hf_nb.infer.backends.openai_like import Server

    session = session or current()
    if name not in session.settings.servers:
        raise _unknown(name, session)
    found = Server(session, name).models()
    return Table(("model", "server"), tuple((one, name) for one in sorted(found)))


def _unknown(name: str, session: Session) -> BadInput:
    near = get_close_matches(name, [*session.settings.servers], n=3, cutoff=0.5)
    step = f"Nearest: {', '.join(near)}" if near else "hf_nb.infer.servers.list()"
    return BadInput(f"There is no server called {name!r}.", step)
