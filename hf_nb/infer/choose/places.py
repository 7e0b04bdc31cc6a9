"""Where a model can be run: this machine, the Hub's providers, servers of the settings; and why some cannot run it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput, HfNbError, MissingExtra, NotFound, Refused, TooLarge, Unauthorized
from hf_nb.infer.call import Target
from hf_nb.infer.choose import prices, servers
from hf_nb.infer.lookup import Known, is_cached
from hf_nb.plumbing import token
from hf_nb.plumbing.settings import LOCAL_ONLY
from hf_nb.render import units

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

LOGIN = "%hf login"
# The Hub's own provider, and the tasks that others do as well.
OWN = "hf-inference"
WRITTEN = frozenset({"chat", "text-generation", "code-generation"})
# Nobody but the provider knows which commit answers.
UNPINNED = "its commit is the provider's"


@dataclass(frozen=True)
class Place:
    """A target, and whether what is asked leaves this machine."""

    target: Target
    remote: bool


@dataclass(frozen=True)
class Out:
    """A method that cannot run it, why, and what makes the error that says so where none can."""

    method: str
    why: str
    error: Callable[[], HfNbError]

    def __str__(self) -> str:
        return f"{self.method} left out: {self.why}"


def possible(
    known: Known, task: str, session: Session, *, policy: str, revision: str | None, named: bool
) -> list[Place | Out]:
    """Every method in the settings' order, as a place or as left out. `named`: the user chose this model."""
    settings = session.settings
    methods = list(settings.methods)
    extra = [one for one in servers.names(session) if one not in methods]
    near = [one for one in extra if servers.is_here(one, session)]
    far = [one for one in extra if one not in near]
    if near or far:
        at = methods.index("local") + 1 if "local" in methods else 0
        methods = [*methods[:at], *near, *methods[at:], *far]
    found: list[Place | Out] = []
    for method in methods:
        if method == "local":
            found.append(_local(known, session, named=named))
        elif method == "hf":
            found.append(_hf(known, task, session, policy, revision))
        elif method in servers.names(session):
            found += _server(method, known, task, session, policy)
        elif method != "hashing":
            found.append(_provider(method, known, task, session, policy, revision))
    return found


def installed(package: str) -> bool:
    """Whether it could be imported; nothing is."""
    if package in sys.modules:
        return sys.modules[package] is not None
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _local(known: Known, session: Session, *, named: bool) -> Place | Out:
    if missing := next((one for one in ("torch", "transformers") if not installed(one)), None):
        needs = f"Running a model here needs the package {missing}."
        return Out(
            "local",
            f"{missing} is not installed",
            lambda: MissingExtra(needs, '%pip install "hf-nb[local]"'),
        )
    limit = session.settings.local_download_limit
    if known.bytes and known.bytes > limit and not is_cached(known):
        size = f"{units.count(known.parameters)} parameters, {units.size(known.bytes)}"
        step = f"To fetch it all the same: --provider local -m {known.id}" if named else LOGIN
        problem = f"{known.id}: {size}, more than the {units.size(limit)} fetched unasked."
        return Out("local", f"{size}: too large to fetch here", lambda: TooLarge(problem, step))
    return Place(Target("local", known.id, known.commit), remote=False)


def _hf(known: Known, task: str, session: Session, policy: str, revision: str | None) -> Place | Out:
    if out := _may_leave("hf", session, policy):
        return out
    if known.held or revision:
        why = "hf.lock holds it to a commit" if known.held else f"providers cannot be held to {revision}"
        problem = f"{known.id} is wanted at one commit, and {why}."
        return Out("hf", why, lambda: Refused(problem, "--provider local"))
    if not _served(known, task):
        return Out("hf", "no provider serves it", lambda: NotFound(f"No provider serves {known.id}."))
    if not has_token():
        return Out(
            "hf", "no token", lambda: Unauthorized("The Hub's inference providers need a token.", LOGIN)
        )
    window = prices.window(known.id, None, session)
    return Place(Target("hf", known.id, reason=UNPINNED, window=window), remote=True)


def has_token() -> bool:
    """Whether the Hub can be asked as somebody."""
    return token.there()


def _served(known: Known, task: str) -> bool:
    """Somebody does the task with this model: texts many, everything else the Hub's own provider."""
    if known.providers is None:
        return True
    return bool(known.providers) if task in WRITTEN else OWN in known.providers


def _provider(
    method: str, known: Known, task: str, session: Session, policy: str, revision: str | None
) -> Place | Out:
    """A method that names one provider: hf/NAME, or NAME."""
    name = method.removeprefix("hf/")
    place = _hf(known, task, session, policy, revision)
    if isinstance(place, Out):
        return Out(method, place.why, place.error)
    if task not in WRITTEN and name != OWN:
        return Out(method, f"it does not do {task}", lambda: BadInput(f"{name} does not do {task}."))
    if known.providers is not None and name not in known.providers:
        return Out(
            method, "it does not serve this model", lambda: NotFound(f"{name} does not serve {known.id}.")
        )
    window = prices.window(known.id, name, session)
    return Place(Target(f"hf/{name}", known.id, reason=UNPINNED, window=window), remote=True)


def _server(name: str, known: Known, task: str, session: Session, policy: str) -> list[Place | Out]:
    """Nothing where it has other models: nobody would expect it to answer."""
    here = servers.is_here(name, session)
    out = None if here else _may_leave(name, session, policy)
    if out:
        return [out]
    if not servers.serves(name, known.id, task, session):
        return []
    return [Place(Target(name, known.id, reason=f"{name} has the same model"), remote=not here)]


def _may_leave(method: str, session: Session, policy: str) -> Out | None:
    settings = session.settings
    if policy == LOCAL_ONLY:
        why = "the policy is local only"
    elif settings.local_only:
        why = "local_only is set"
    elif not settings.allow_remote:
        why = "allow_remote is false"
    else:
        return None
    return Out(method, why, lambda: Refused(f"Nothing may leave this machine: {why}.", "%hf settings"))
