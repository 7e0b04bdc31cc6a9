"""A question's parameters, checked as the real viewer checks them."""

from __future__ import annotations

import re

from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.viewer import refused

PAGE = 100
_FORBIDDEN = re.compile(r";|--|/\*|\*/")


def required(ask: Ask, name: str) -> str:
    """A parameter that must be there and not be empty."""
    value = ask.one(name)
    if not value:
        raise refused.missing(name)
    return value


def dataset(ask: Ask) -> str:
    """The dataset's id, as the address of its own page would name it."""
    id = required(ask, "dataset")
    owner, slash, name = id.partition("/")
    if not slash or not owner or not name or "/" in name:
        raise refused.no_dataset(ask.who)
    ask.names |= {"types": "datasets", "ns": owner, "name": name}
    return id


def offset(ask: Ask) -> int:
    """Where to begin."""
    return _number(ask, "offset", 0)


def length(ask: Ask) -> int:
    """How many rows."""
    found = _number(ask, "length", PAGE)
    if found > PAGE:
        raise refused.invalid(f"Parameter 'length' must not be greater than {PAGE}")
    return found


def sql(ask: Ask, name: str) -> str:
    """A piece of SQL; one statement, and no comment to hide behind."""
    value = ask.one(name) or ""
    if _FORBIDDEN.search(value):
        raise refused.invalid(f"Parameter '{name}' contains invalid symbols")
    return value


def _number(ask: Ask, name: str, default: int) -> int:
    value = ask.one(name)
    if value is None:
        return default
    try:
        found = int(value)
    except ValueError:
        raise refused.invalid(f"Parameter '{name}' must be integer") from None
    if found < 0:
        raise refused.invalid(f"Parameter '{name}' must be positive")
    return min(found, 2**62)
