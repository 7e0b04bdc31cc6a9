"""The official client's own look at every request: its offline mode, its request id, its log."""

from collections.abc import Callable
from typing import Any

from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

# This request goes to a server of the user's, which the official client's offline mode does not mean.
OWN = "hf_nb.own"


class Official(Wrapper):
    """What would be an event hook of the client; here, since a copy may answer although nothing may be asked."""

    def __init__(self, inner: Transport, hook: Callable[[Any], Any]) -> None:
        super().__init__(inner)
        self.hook = hook

    def handle_request(self, request: Any) -> Any:
        if not request.extensions.get(OWN):
            self.hook(request)
        return self.inner.handle_request(request)
