"""What must stay in the cache: a list in hf_nb's own data folder, so that clearing a cache does not forget it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from hf_nb.hub.address import Address
from hf_nb.plumbing import folders

FILE = "pins.json"


def pinned(address: Address, commit: str, pins: frozenset[str] | None = None) -> bool:
    """Whether this commit must stay."""
    known = read() if pins is None else pins
    return name(address) in known or name(address, commit) in known


def read() -> frozenset[str]:
    """Every pin: kind/owner/name, or kind/owner/name@commit."""
    try:
        said = json.loads(_file().read_text(encoding="utf-8"))
        return frozenset(one for one in said["pins"] if isinstance(one, str))
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def add(one: str) -> None:
    """From now on it stays."""
    _change(lambda pins: pins | {one})


def remove(*ones: str) -> None:
    """It may go."""
    _change(lambda pins: pins - set(ones))


def name(address: Address, commit: str | None = None) -> str:
    """How a pin is written."""
    whole = f"{address.kind}/{address.id}"
    return f"{whole}@{commit}" if commit else whole


def _change(change: Callable[[frozenset[str]], frozenset[str]]) -> None:
    from filelock import FileLock

    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(path.with_suffix(".lock")):
        pins = change(read())
        written = path.with_suffix(f".{os.getpid()}.tmp")
        written.write_text(json.dumps({"pins": sorted(pins)}, indent=1) + "\n", encoding="utf-8")
        written.replace(path)


def _file() -> Path:
    return folders.data() / FILE
