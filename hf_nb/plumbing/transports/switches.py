"""What is switched off stays off, whoever asks: a verb of ours, an official word, a library in the kernel."""

import re
from typing import Any
from urllib.parse import urlsplit

from hf_nb.plumbing.settings import Settings
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

_KIND = re.compile(r"^/(?:api/(?:resolve-cache/)?)?(datasets|spaces)(?:/|$)")
# Asked with POST and changing nothing: descriptions of paths, a search, a card's check, logging in.
_READS = re.compile(
    r"/paths-info/|^/api/(?:quicksearch|validate-yaml|telemetry)\b|^/oauth/|\.git/info/lfs/objects/batch$"
)
_REMOTE = re.compile(
    r"^(?:router|api-inference)\.(?:huggingface\.co|hf\.co)$|\.endpoints\.huggingface\.cloud$"
)


class Switches(Wrapper):
    """Stands before the copies too: what is switched off is not answered from one either."""

    def __init__(self, inner: Transport, settings: Settings) -> None:
        super().__init__(inner)
        self.settings = settings

    def handle_request(self, request: Any) -> Any:
        self.settings.check()
        check(request, self.settings)
        return self.inner.handle_request(request)


def check(request: Any, settings: Settings) -> None:
    """Refuse a request that a switch of the settings forbids."""
    url = request.url
    if _REMOTE.search(url.host):
        settings.require("inference")
        settings.require("remote")
    if url.host.endswith(".hf.space"):
        settings.require("spaces")
    if str(url).startswith(f"{settings.router_address}/"):
        settings.require("inference")
        settings.require("remote")
        return
    hub = urlsplit(settings.endpoint)
    if (url.host, url.port) != (hub.hostname, hub.port):
        return
    if kind := _KIND.match(url.path):
        settings.require(kind[1])
    if "/xet-write-token/" in url.path or (
        request.method not in ("GET", "HEAD", "OPTIONS") and not _READS.search(url.path)
    ):
        settings.require("upload")
