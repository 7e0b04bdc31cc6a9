"""Secrets taken out of anything that is stored or shown."""

import re
from collections.abc import Mapping
from typing import Any

MARK = "[redacted]"

# Hub tokens as they are issued (and the offline Hub's); words such as hf_hub_download are none.
HUB_TOKEN = re.compile(r"\bhf_(?:[A-Za-z0-9]{20,}|(?:oauth|jwt)_[\w.-]{10,}|[a-z]+_offline\b)")

# Hub tokens, OpenAI-style keys, bearer headers, `token=…` in addresses and headers, credentials in addresses.
_SECRETS = (
    (HUB_TOKEN, f"hf_{MARK}"),
    (re.compile(r"\bapi_org_[A-Za-z0-9]{6,}"), MARK),
    (re.compile(r"\bsk-[A-Za-z0-9_-]{12,}"), MARK),
    (re.compile(r"(?i)\b(bearer|basic)\s+(?!\[)[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {MARK}"),
    (
        re.compile(
            r"(?i)\b((?:api[_-]?key|access[_-]?token|token|password|secret|signature)[\"']?\s*[=:]\s*[\"']?)"
            r"(?!\[|hf_\[)[^\s\"'&,;}\]]{4,}"
        ),
        rf"\1{MARK}",
    ),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}://)[^\s/@:]{1,256}:[^\s/@]{1,1024}@"), rf"\1{MARK}@"),
)
_SECRET_NAMES = re.compile(
    r"(?i)^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|api[_-]?key|token|hf_token|password|secret)$"
)


def has_hub_token(value: str) -> bool:
    """Whether a Hub token stands in this text."""
    return HUB_TOKEN.search(value) is not None


def text(value: str) -> str:
    """The same text without anything that looks like a credential."""
    for pattern, mark in _SECRETS:
        value = pattern.sub(mark, value)
    return value


def tree(value: Any) -> Any:
    """`text` on every string of a nested value, and whole values under names that are secret by nature."""
    match value:
        case str():
            return text(value)
        case Mapping():
            return {key: MARK if _SECRET_NAMES.match(str(key)) else tree(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [tree(item) for item in value]
        case _:
            return value
