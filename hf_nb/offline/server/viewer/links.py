"""Addresses of pictures and sounds: signed, so that whoever was shown a row gets what is in it, for an hour."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote, unquote

from hf_nb.offline.server.ask import Ask, Site
from hf_nb.offline.server.viewer.conversion import Conversion

BELOW = "/datasets-server/assets/"
LIFE = 3600


def told(site: Site, conversion: Conversion, config: str, split: str) -> dict[str, str]:
    """What the process that reads rows needs to sign an address."""
    names = (
        f"{quote(conversion.id)}/--/{conversion.revision}/--/{quote(config, safe='')}/{quote(split, safe='')}"
    )
    return {
        "base": f"{site.url}{BELOW}{names}",
        "key": _key(site),
        "until": str(int(site.clock.time()) + LIFE),
    }


def signed(ask: Ask) -> bool:
    """Whether an address is one of ours whose time is not over."""
    until, given = ask.one("Expires") or "", ask.one("Signature") or ""
    right = hmac.new(_key(ask.site).encode(), f"{ask.path}\n{until}".encode(), hashlib.sha256).hexdigest()
    return (
        hmac.compare_digest(right.encode(), given.encode("utf-8", "replace"))
        and until.isdecimal()
        and int(until) >= ask.site.clock.time()
    )


def parts(ask: Ask) -> tuple[str, str, str, int, list[str]]:
    """The revision, configuration, split, row and steps that a signed address names."""
    _owner, _name, _, revision, _, config, split, row, *steps, _file = ask.path.removeprefix(BELOW).split("/")
    return revision, unquote(config), unquote(split), int(row), [unquote(step) for step in steps]


def _key(site: Site) -> str:
    """A key of its own: who may sign these may sign nothing else."""
    return hmac.new(site.secret, b"assets", hashlib.sha256).hexdigest()
