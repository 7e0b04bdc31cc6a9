"""The one door to the network: `local_only` closes it, and the Hub's token passes it only towards the Hub."""

import functools
import re
from typing import Any
from urllib.parse import urlsplit

from hf_nb.errors import Refused
from hf_nb.plumbing import redact
from hf_nb.plumbing.settings import LOOPBACK, Settings
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

# Hosts of Hugging Face that the official client sends the user's token to, besides the endpoint in use.
HUGGING_FACE = re.compile(r"(^|\.)(huggingface\.co|hf\.co|hf\.space|huggingface\.cloud)$")
_BEARER = re.compile(r"(?i)^bearer\s+hf_")


class Gate(Wrapper):
    """Refuses before anything leaves the machine. Sees every hop of a redirect."""

    def __init__(self, inner: Transport, settings: Settings) -> None:
        super().__init__(inner)
        self.settings = settings

    def handle_request(self, request: Any) -> Any:
        check(request, self.settings)
        return self.inner.handle_request(request)


def check(request: Any, settings: Settings) -> None:
    """Refuse a request that may not leave, or may not leave as it is."""
    host = request.url.host
    if settings.local_only and host not in LOOPBACK:
        raise _closed()(
            f"The setting local_only refused a request to {host}.",
            "To allow it: %hf settings local_only=false",
        )
    if redact.has_hub_token(str(request.url)):
        raise Refused(
            "A Hub token stands in the address of a request, and addresses are written down everywhere.",
            "A token is used by being logged in: %hf login",
        )
    if _carries_hub_token(request) and not is_hub_origin(str(request.url), settings.endpoint):
        raise Refused(
            f"Your Hub token was about to be sent to {host}, which is not your Hub.",
            'Give that server a key of its own (api_key="..." or "-").',
        )


@functools.cache
def _closed() -> type[Refused]:
    """A refusal that the official libraries take for their own offline mode: then they look into their cache."""
    from huggingface_hub.errors import OfflineModeIsEnabled

    return type("Refused", (Refused, OfflineModeIsEnabled), {"__module__": Refused.__module__})


def is_hub_origin(address: str, endpoint: str) -> bool:
    """Whether the Hub's token may go there: the endpoint in use, and Hugging Face's own hosts over https."""
    url, hub = urlsplit(address), urlsplit(endpoint)
    if (url.scheme, url.hostname, url.port) == (hub.scheme, hub.hostname, hub.port):
        return True
    return url.scheme == "https" and HUGGING_FACE.search(url.hostname or "") is not None


def _carries_hub_token(request: Any) -> bool:
    """In a header."""
    if _BEARER.match(request.headers.get("authorization", "")):
        return True
    return redact.has_hub_token("\n".join(request.headers.values()))
