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
    from hf_nb import errors as errors
    from hf_nb import infer as infer
    from hf_nb.hub.info import info as info
    from hf_nb.hub.search import search as search
    from hf_nb.plumbing.settings import Settings

# name -> module:attribute (a module alone: the module itself)
_PUBLIC: dict[str, str] = {
    "search": "hf_nb.hub.search:search",
    "info": "hf_nb.hub.info:info",
    "infer": "hf_nb.infer",
    "errors": "hf_nb.errors",
}
__all__ = [
    "__version__",
    "errors",
    "infer",
    "info",
    "load_ipython_extension",
    "search",
    "settings",
    "unload_ipython_extension",
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

    magics.load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext hf_nb`."""
    from hf_nb import magics

    magics.unload(shell)
