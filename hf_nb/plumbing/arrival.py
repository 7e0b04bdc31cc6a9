"""Our HTTP client in the official library from the moment anybody imports it, and nothing imported before.

A notebook that loads a model before it uses a verb of ours is held to its lock file all the same, also where it
loads from a cache (held.py); and `InferenceClient` asks the router of a Hub on this machine (routed.py).
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any


class Arrival:
    """A finder that finds nothing itself; it looks over the shoulder of the one who does."""

    def __init__(self) -> None:
        self.looking: set[tuple[str, int]] = set()  # a module, and the thread that looks for it

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        mine = name, threading.get_ident()
        if name not in WATCHED or mine in self.looking:
            return None
        self.looking.add(mine)  # the question is asked again below, of the others
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self.looking.discard(mine)
        if spec is not None and spec.loader is not None:
            _after(spec.loader, WATCHED[name])
        return spec


def watch() -> None:
    """From now on; at once what is there already."""
    for name, then in WATCHED.items():
        if name in sys.modules:
            then(sys.modules[name])
    if not any(isinstance(one, Arrival) for one in sys.meta_path):
        sys.meta_path.insert(0, Arrival())


def stop() -> None:
    """No longer."""
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, Arrival)]


def _after(loader: Any, then: Callable[[ModuleType], None]) -> None:
    run = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        run(module)
        then(module)

    loader.exec_module = exec_module


def _install(module: Any) -> None:
    from hf_nb.plumbing import http
    from hf_nb.plumbing.session import current
    from hf_nb.plumbing.transports.asynchronous import gated

    # the session is asked for when a client is made: a settings file that cannot be read must not break an import
    module.set_client_factory(lambda: http.client(current()))
    if hasattr(module, "set_async_client_factory") and hasattr(module, "default_async_client_factory"):
        made = gated(module.default_async_client_factory, lambda: current().settings)
        module.set_async_client_factory(made)


def _held(word: str) -> Callable[[ModuleType], None]:
    """A function of held.py, imported when it is needed."""

    def hold(module: ModuleType) -> None:
        from hf_nb.plumbing import held

        getattr(held, word)(module)

    return hold


def _routed(word: str) -> Callable[[ModuleType], None]:
    """A function of routed.py, imported when it is needed."""

    def route(module: ModuleType) -> None:
        from hf_nb.plumbing import routed

        getattr(routed, word)(module)

    return route


def _columns(module: ModuleType) -> None:
    """`df["text"].hf`."""
    from hf_nb.plumbing import columns

    columns.register(module)


WATCHED: dict[str, Callable[[ModuleType], None]] = {
    "huggingface_hub.constants": _routed("addresses"),
    "huggingface_hub.inference._providers": _routed("helpers"),
    "huggingface_hub.utils._http": _install,
    "huggingface_hub.file_download": _held("downloads"),
    "transformers.utils.hub": _held("lookups"),
    "transformers.dynamic_module_utils": _held("lookups"),
    "datasets.load": _held("datasets"),
    "pandas": _columns,
}
