"""hf_nb: the Hugging Face ecosystem inside a notebook.

    %load_ext hf_nb                                    import hf_nb
    %hf search models sentiment                        hf_nb.search("sentiment")
    %hf info owner/name                                hf_nb.info("owner/name")
    %%hf infer -m owner/name                           hf_nb.infer.run("…", model="owner/name")

Names load when they are first used; importing this package imports nothing else.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from hf_nb import compare as compare
    from hf_nb import data as data
    from hf_nb import errors as errors
    from hf_nb import infer as infer
    from hf_nb import sklearn as sklearn
    from hf_nb import widgets as widgets
    from hf_nb.hub import config as config
    from hf_nb.hub.checkup.doctor import doctor as doctor
    from hf_nb.hub.checkup.limits import limits as limits
    from hf_nb.hub.disk import cache as cache
    from hf_nb.hub.disk.pull import pull as pull
    from hf_nb.hub.disk.responses import responses as responses
    from hf_nb.hub.finding.search import search as search
    from hf_nb.hub.finding.search import search_more as search_more
    from hf_nb.hub.people import access as access
    from hf_nb.hub.people import discuss as discuss
    from hf_nb.hub.people import tokens as tokens
    from hf_nb.hub.people.login import login as login
    from hf_nb.hub.people.login import logout as logout
    from hf_nb.hub.people.login import whoami as whoami
    from hf_nb.hub.pushing.push import push as push
    from hf_nb.hub.reading import licence as licence
    from hf_nb.hub.reading.info import info as info
    from hf_nb.hub.versions import lock as lock
    from hf_nb.hub.versions import repositories as repositories
    from hf_nb.hub.versions.diff import diff as diff
    from hf_nb.hub.versions.history import log as log
    from hf_nb.hub.versions.history import refs as refs
    from hf_nb.infer import bisect as bisect
    from hf_nb.infer.fit.judge import fit as fit
    from hf_nb.infer.pick.choosing import pick as pick
    from hf_nb.plumbing.settings import Settings
    from hf_nb.widgets import panel as panel

# name -> module:attribute (a module alone: the module itself)
_PUBLIC: dict[str, str] = {
    "search": "hf_nb.hub.finding.search:search",
    "search_more": "hf_nb.hub.finding.search:search_more",
    "info": "hf_nb.hub.reading.info:info",
    "pull": "hf_nb.hub.disk.pull:pull",
    "push": "hf_nb.hub.pushing.push:push",
    "cache": "hf_nb.hub.disk.cache",
    "login": "hf_nb.hub.people.login:login",
    "logout": "hf_nb.hub.people.login:logout",
    "whoami": "hf_nb.hub.people.login:whoami",
    "tokens": "hf_nb.hub.people.tokens",
    "config": "hf_nb.hub.config",
    "refs": "hf_nb.hub.versions.history:refs",
    "log": "hf_nb.hub.versions.history:log",
    "diff": "hf_nb.hub.versions.diff:diff",
    "discuss": "hf_nb.hub.people.discuss",
    "access": "hf_nb.hub.people.access",
    "repositories": "hf_nb.hub.versions.repositories",
    "licence": "hf_nb.hub.reading.licence",
    "lock": "hf_nb.hub.versions.lock",
    "limits": "hf_nb.hub.checkup.limits:limits",
    "responses": "hf_nb.hub.disk.responses:responses",
    "doctor": "hf_nb.hub.checkup.doctor:doctor",
    "fit": "hf_nb.infer.fit.judge:fit",
    "pick": "hf_nb.infer.pick.choosing:pick",
    "infer": "hf_nb.infer",
    "bisect": "hf_nb.infer.bisect",
    "compare": "hf_nb.compare",
    "sklearn": "hf_nb.sklearn",
    "data": "hf_nb.data",
    "panel": "hf_nb.widgets:panel",
    "widgets": "hf_nb.widgets",
    "errors": "hf_nb.errors",
}
__all__ = [
    "__version__",
    "access",
    "bisect",
    "cache",
    "compare",
    "config",
    "data",
    "diff",
    "discuss",
    "doctor",
    "errors",
    "fit",
    "infer",
    "info",
    "licence",
    "limits",
    "load_ipython_extension",
    "lock",
    "log",
    "login",
    "logout",
    "panel",
    "pick",
    "pull",
    "push",
    "refs",
    "repositories",
    "responses",
    "search",
    "search_more",
    "settings",
    "sklearn",
    "tokens",
    "unload_ipython_extension",
    "whoami",
    "widgets",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'hf_nb' has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].partition(":")
    loaded = importlib.import_module(module)
    return getattr(loaded, attribute) if attribute else loaded


def __dir__() -> list[str]:
    return __all__


def settings() -> Settings:
    """The settings in force; assign to change one: `hf_nb.settings().local_only = True`."""
    from hf_nb.plumbing import session

    return session.current().settings


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext hf_nb`."""
    from hf_nb import magics
    from hf_nb.lab import comm
    from hf_nb.plumbing import arrival

    magics.load(shell)
    comm.load(shell)
    arrival.watch()


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext hf_nb`."""
    from hf_nb import magics
    from hf_nb.lab import comm
    from hf_nb.plumbing import arrival

    magics.unload(shell)
    comm.unload(shell)
    arrival.stop()
