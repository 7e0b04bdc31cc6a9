"""The official library's other client, for `async` code: the switches and the gate, asked at every hop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hf_nb.plumbing.transports import gate, switches

if TYPE_CHECKING:
    from hf_nb.plumbing.settings import Settings


def gated(make: Callable[[], Any], settings: Callable[[], Settings]) -> Callable[[], Any]:
    """The same client, with one question more before a request leaves."""

    async def ask(request: Any) -> None:
        here = settings()
        here.check()
        switches.check(request, here)
        gate.check(request, here)

    def made() -> Any:
        client = make()
        hooks = client.event_hooks
        client.event_hooks = {**hooks, "request": [ask, *hooks.get("request", ())]}
        return client

    return made
