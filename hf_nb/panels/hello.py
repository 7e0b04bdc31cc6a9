"""Who is here: the first thing a panel asks."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from hf_nb.panels.wire import PROTOCOL
from hf_nb.plumbing import token

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask


def hello(ask: Ask, *, version: str | None = None) -> dict[str, Any]:
    """This side's version, its Hub, whose token is in use (by name) and what it can run."""
    from hf_nb import __version__

    settings = ask.session.settings
    return {
        "protocol": PROTOCOL,
        "version": __version__,
        "hub": "offline Hub" if settings.endpoint_is_local else settings.endpoint.partition("://")[2],
        "endpoint": settings.endpoint,
        "token": token.name(),
        "kernel": ask.kernel,
        "local": importlib.util.find_spec("torch") is not None,
    }
