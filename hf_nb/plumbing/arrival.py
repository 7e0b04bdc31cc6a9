"""Our HTTP client in the official library from the moment anybody imports it, and nothing imported before.

A notebook that loads a model before it uses a verb of ours is held to its lock file all the same.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

_MODULE = "huggingface_hub.utils._http"


class Arrival:
    """A finder that finds nothing itself; it looks over the shoulder of the one who does."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        if name != _MODULE:
            return None
        stop()
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            _after(spec.loader, _install)
        return spec


def watch() -> None:
    """From now on; at once where the library is there already."""
    if _MODULE in sys.modules:
        _install(sys.modules[_MODULE])
    elif not any(isinstance(one, Arrival) for one in sys.meta_path):
        sys.meta_path.insert(0, Arrival())


def stop() -> None:
    """No longer."""
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, Arrival)]


def _after(loader: Any, then: Any) -> None:
    run = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        run(module)
        then(module)

    loader.exec_module = exec_module


def _install(module: Any) -> None:
    from hf_nb.plumbing import http
    from hf_nb.plumbing.session import current

    # the session is asked for when a client is made: a settings file that cannot be read must not break an import
    module.set_client_factory(lambda: http.client(current()))
