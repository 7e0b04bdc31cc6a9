"""No request waits for ever. Much of the official client passes `timeout=None`, which overrides the client's own."""

from __future__ import annotations

import time
from typing import Any

from hf_nb.plumbing.settings import Settings
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

# When (by time.monotonic) the answer must be complete; Retry sets it where there is such a time.
ENDS = "hf_nb.ends"
_SHORTEST = 0.05


class Timeouts(Wrapper):
    """Fills in the waits a caller left open; shorter ones stand, and none goes beyond the answer's end."""

    def __init__(self, inner: Transport, settings: Settings) -> None:
        super().__init__(inner)
        self.settings = settings

    def handle_request(self, request: Any) -> Any:
        settings = self.settings
        waits = {
            "connect": settings.connect_timeout,
            "read": settings.read_timeout,
            "write": settings.read_timeout,
            "pool": settings.read_timeout,
        }
        asked = request.extensions.get("timeout") or {}
        waits |= {name: wait for name, wait in asked.items() if wait is not None}
        ends = request.extensions.get(ENDS)
        if ends is not None:
            left = max(_SHORTEST, ends - time.monotonic())
            waits = {name: min(wait, left) for name, wait in waits.items()}
        # a new dictionary: a second try starts from what the caller asked for
        request.extensions = {**request.extensions, "timeout": waits}
        return self.inner.handle_request(request)
