"""Secrets taken out of anything that is stored or shown.

text(s)      everything that looks like a credential: spans, errors, logs
tokens(s)    Hub tokens alone: what is shown to the person, where a card may well say password="…"

A Hub token is known by its shape, and the ones in use also by their value: a company's may look like anything.
"""

import functools
import logging
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from hf_nb import errors
from hf_nb.plumbing import token

MARK = "[redacted]"

# Hub tokens as they are issued (and the offline Hub's); words such as hf_hub_download are none. What stands before one
# does not matter: in a\nhf_…, as JSON writes it, and in token%3Dhf_… that is a letter.
HUB_TOKEN = re.compile(
    r"hf_(?:[A-Za-z0-9]{20,}|(?:oauth|jwt|refresh|app)_[\w.-]{10,}|[a-z]+_offline(?![A-Za-z0-9_]))|api_org_[A-Za-z0-9]{6,}"
)
_HINTS = ("hf_", "api_org_")

# (what must stand in the text, in small letters, the pattern, its mark): keys in OpenAI's style, bearer headers,
# `token=…` in addresses and headers, credentials in addresses.
_SECRETS: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = (
    (("sk-",), re.compile(r"\bsk-[A-Za-z0-9_-]{12,}"), MARK),
    (
        ("bearer", "basic"),
        # a figure or a sign in it: "a basic question" is no credential
        re.compile(r"(?i)\b(bearer|basic)\s+(?!\[|hf_\[)(?=[A-Za-z._~+/-]*[0-9=])[A-Za-z0-9._~+/=-]{6,}"),
        rf"\1 {MARK}",
    ),
    (
        ("key", "token", "password", "secret", "signature"),
        re.compile(
            r"(?i)\b((?:api[_-]?key|access[_-]?token|token|password|secret|signature)[\"']?\s*[=:]\s*[\"']?)"
            r"(?!\[|hf_\[)[^\s\"'&,;}\]]{4,}"
        ),
        rf"\1{MARK}",
    ),
    (
        ("://",),
        re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}://)[^\s/@:]{1,256}:[^\s/@]{1,1024}@"),
        rf"\1{MARK}@",
    ),
)
_PLAIN = (int, float, bool)
SHORT = 64
_SECRET_NAMES = re.compile(
    r"(?i)^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|api[_-]?key|token|hf_token|password|secret)$"
)


def has_hub_token(value: str) -> bool:
    """Whether a Hub token stands in this text, or one that is in use."""
    shaped = any(hint in value for hint in _HINTS) and HUB_TOKEN.search(value) is not None
    return shaped or any(secret in value for secret in token.secrets())


def tokens(value: str, secrets: Collection[str] | None = None) -> str:
    """The same text without a Hub token; `secrets`: those in use, where they were just looked up."""
    for secret in token.hidden() if secrets is None else secrets:
        if secret in value:
            value = value.replace(secret, f"hf_{MARK}" if secret.startswith("hf_") else MARK)
    if any(hint in value for hint in _HINTS):
        value = HUB_TOKEN.sub(_marked, value)
    return value


def text(value: str, secrets: Collection[str] | None = None) -> str:
    """The same text without anything that looks like a credential."""
    value = tokens(value, secrets)
    return _short(value) if len(value) <= SHORT else _masked(value)


def _masked(value: str) -> str:
    small = value.lower()
    for hints, pattern, mark in _SECRETS:
        if any(hint in small for hint in hints):
            value = pattern.sub(mark, value)
    return value


# The names and short values of spans are the same ones again and again.
_short = functools.lru_cache(maxsize=1024)(_masked)


def tree(value: Any, secrets: Collection[str] | None = None) -> Any:
    """`text` on every string of a nested value, and whole values under names that are secret by nature."""
    secrets = token.hidden() if secrets is None else secrets
    if value is None or type(value) in _PLAIN:  # most of what a span holds: no pattern has to be tried
        return value
    match value:
        case str():
            return text(value, secrets)
        case Mapping():
            cleaned = functools.partial(text, secrets=secrets)
            return {
                each(key, cleaned): MARK if _is_secret(str(key)) else tree(item, secrets)
                for key, item in value.items()
            }
        case list() | tuple() | set() | frozenset():
            return [tree(item, secrets) for item in value]
        case _:
            return value


@functools.lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    """By its name alone; spans have the same names again and again."""
    return _SECRET_NAMES.match(name) is not None


def each(value: Any, cleaned: Callable[[str], str] = tokens) -> Any:
    """`tokens` on every string of plain data, keys too; nothing is left out for its name."""
    match value:
        case str():
            return cleaned(value)
        case dict():
            return {each(key, cleaned): each(item, cleaned) for key, item in value.items()}
        case list() | tuple():
            return [each(item, cleaned) for item in value]
        case _:
            return value


class Logs(logging.Filter):
    """Takes Hub tokens out of a logger's lines: the official client writes whole addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes, cleaned."""
        said = record.getMessage()
        cleaned = tokens(said)
        if cleaned != said:
            record.msg, record.args = cleaned, None
        return True


def _marked(found: re.Match[str]) -> str:
    return f"hf_{MARK}" if found[0].startswith("hf_") else MARK


# What an error quotes came from outside; `errors` stands below this module and cannot ask for it.
errors.clean = text
