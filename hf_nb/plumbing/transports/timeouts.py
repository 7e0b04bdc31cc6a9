"""No request waits for ever. Much of the official client passes `timeout=None`, which overrides the client's own."""

from typing import Any

from hf_nb.plumbing.settings import Settings
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper


class Timeouts(Wrapper):
    """Fills in the waits a caller left open; shorter ones stand."""

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
        request.extensions["timeout"] = waits | {
            name: wait for name, wait in asked.items() if wait is not None
        }
        return self.inner.handle_request(request)
