"""A place by its name: exactly that one, or the nearest names."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput
from hf_nb.infer.call import Target
from hf_nb.infer.choose import prices, servers
from hf_nb.infer.choose.places import UNPINNED, Out, Place, possible
from hf_nb.infer.lookup import Known
from hf_nb.plumbing.settings import LOCAL_ONLY

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

BUILT_IN = ("auto", "local", "hf", "hashing")


def place(provider: str, known: Known, task: str, session: Session, *, named: bool) -> Place | Out:
    """Where `provider` runs a model. What the user did not name is fetched only up to the limit."""
    if provider == "local":
        if named:
            return Place(Target("local", known.id, known.commit), remote=False)
        return next(
            one
            for one in possible(known, task, session, policy=LOCAL_ONLY, revision=None, named=False)
            if (one.method if isinstance(one, Out) else one.target.method) == "local"
        )
    if provider == "hf":
        window = prices.window(known.id, None, session)
        return Place(Target("hf", known.id, reason=UNPINNED, window=window), remote=True)
    name = provider.removeprefix("hf/")
    if name not in (known.providers or ()) and name not in (others := _others(known, session)):
        every = [*BUILT_IN, *servers.names(session), *(known.providers or ()), *others]
        near = difflib.get_close_matches(name, dict.fromkeys(every), n=3, cutoff=0.5)
        raise BadInput(
            f"There is no provider or server called {provider!r}.",
            f"Nearest: {', '.join(near)}"
            if near
            else f"There are {', '.join(dict.fromkeys(every[:8]))} …\n"
            f"To add a server of yours: hf_nb.infer.servers.add({name!r}, ADDRESS)",
        )
    offer = prices.offer(known.id, name, session)
    target = Target(f"hf/{name}", known.id, reason=UNPINNED)
    if offer:
        target = replace(target, read=offer.read, written=offer.written, window=offer.window)
    return Place(target, remote=True)


def _others(known: Known, session: Session) -> tuple[str, ...]:
    """Providers that the official client or the router knows."""
    from huggingface_hub.inference._providers import PROVIDERS

    return (*PROVIDERS, *(one.provider for one in prices.offers(known.id, session)))
