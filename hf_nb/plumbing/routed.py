"""The official client's inference, sent to the router of the Hub in use when that Hub is on this machine.

Its addresses are written into `huggingface_hub`, some of them kept in objects when it is imported; these functions
change them right after that (see arrival.py). For any other Hub nothing is changed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from hf_nb.plumbing.settings import LOOPBACK, REAL_ROUTER


def addresses(constants: Any) -> None:
    """`huggingface_hub.constants`: where a provider is asked."""
    if router := _here(constants.ENDPOINT):
        constants.INFERENCE_PROXY_TEMPLATE = f"{router}/{{provider}}"


def helpers(providers: Any) -> None:
    """`huggingface_hub.inference._providers`: the objects that kept an address."""
    from huggingface_hub import constants

    router = _here(constants.ENDPOINT)
    if router is None:
        return
    kept: list[Any] = [getattr(providers, "CONVERSATIONAL_AUTO_ROUTER", None)]
    kept += getattr(providers, "PROVIDERS", {}).get("hf-inference", {}).values()
    for one in kept:
        address = getattr(one, "base_url", None)
        if isinstance(address, str) and address.startswith(REAL_ROUTER):
            one.base_url = router + address.removeprefix(REAL_ROUTER)


def _here(endpoint: str) -> str | None:
    return f"{endpoint.rstrip('/')}/router" if urlsplit(endpoint).hostname in LOOPBACK else None
