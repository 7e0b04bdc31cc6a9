"""Every way out of this machine, and what closes it while the setting `local_only` is on.

follow(settings)     from now on as these settings say, whenever they change; for the process's session
closed()             whether they are closed now
environment(…)       what a child gets that is started while they are
DOORS                the list; a test walks through every line of it

What a notebook's own cell asks for with another library (`requests.get(…)`), and what native code asks for by itself
(a DuckDB or polars of the user's own) is the user's affair: `local_only` does not stop that.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from hf_nb.plumbing.doors import sockets, variables

if TYPE_CHECKING:
    from hf_nb.plumbing.settings import Settings


class Door(NamedTuple):
    """One way out."""

    name: str
    who: str
    how: str


DOORS: tuple[Door, ...] = (
    Door(
        "client", "hf_nb, huggingface_hub, InferenceClient, transformers", "transports/gate.py, at every hop"
    ),
    Door(
        "async client", "AsyncInferenceClient", "the same gate, asked by a hook: transports/asynchronous.py"
    ),
    Door("Xet", "hf_xet, in Rust", "HF_HUB_DISABLE_XET: files take the client's way"),
    Door("DuckDB", "%%hf sql; its own downloads", "data/query/engine.py: it reads through our files alone"),
    Door("official sql", "%hf datasets sql", "refused: commands/official/refused.py"),
    Door("telemetry", "huggingface_hub, datasets, gradio, wandb", "their switches: doors/variables.py"),
    Door("conversion", "a thread of transformers that asks for safetensors", "offline mode; else the gate"),
    Door(
        "sockets",
        "requests, urllib, aiohttp, fsspec under a library",
        "refused by name or number: doors/sockets.py",
    ),
    Door("threads", "whatever no cell began", "the same"),
    Door(
        "programs",
        "git, curl, pip, npx asked for by a library",
        "refused before they start: doors/sockets.py",
    ),
    Door("children", "what hf_nb starts", "the same variables, and a proxy that is not there: environment()"),
)
# Nobody listens on port 9 (RFC 863), and what asks it is told so at once.
_NOWHERE = "http://127.0.0.1:9"
_HERE = "localhost,127.0.0.1,::1"
_PROGRAMS = {
    "GIT_ALLOW_PROTOCOL": "file",
    "PIP_NO_INDEX": "1",
    "UV_OFFLINE": "1",
    "npm_config_offline": "true",
}

_lock = threading.RLock()
_followed: list[Settings] = []


def follow(settings: Settings | None) -> None:
    """Be as closed as these settings say, and as they will; None: as those of nobody."""
    with _lock:
        for before in _followed:
            before.unobserve(_changed, ["local_only", "endpoint"])
        _followed[:] = [settings] if settings is not None else []
        if settings is not None:
            settings.observe(_changed, ["local_only", "endpoint"])
        _changed()


def closed() -> bool:
    """Nothing may leave."""
    return sockets.closed()


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The same for a child that may not leave either: libraries' switches, and proxies where nobody is."""
    if not closed():
        return dict(given)
    proxies = {
        name: _NOWHERE for one in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (one, one.lower())
    }
    return {
        **given,
        **proxies,
        **_PROGRAMS,
        "NO_PROXY": _HERE,
        "no_proxy": _HERE,
        **variables.told(elsewhere=False),
    }


def _changed(change: Any = None) -> None:
    with _lock:
        settings = _followed[0] if _followed else None
        if settings is not None and settings.local_only:
            variables.put(elsewhere=not settings.endpoint_is_local)
            sockets.close()
        else:
            sockets.open_again()
            variables.take_back()


if hasattr(os, "register_at_fork"):
    # a child that was forked while another thread held it would wait for ever
    os.register_at_fork(after_in_child=lambda: globals().update(_lock=threading.RLock()))
