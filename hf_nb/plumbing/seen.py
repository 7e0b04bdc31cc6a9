"""Ids of repositories this session has met, and those in the official cache: what TAB offers, asking no Hub.

seen.note("model", ["owner/name"])        the newest first; the oldest go when there are many
seen.ids("model")                         met, then cached
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

MOST = 2000  # of a kind
MOST_FOLDERS = 5000  # looked at in the cache
KINDS = ("model", "dataset", "space")

_met: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
_lock = threading.Lock()
_cached: dict[Path, tuple[int, dict[str, list[str]]]] = {}


def note(kind: str, ids: Iterable[str]) -> None:
    """These exist: an answer of the Hub has named them."""
    if kind not in _met:
        return
    with _lock:
        kept = _met[kind]
        for id in ids:
            if "/" in id and id.isprintable():
                kept.pop(id, None)
                kept[id] = None
        for id in list(kept)[: max(0, len(kept) - MOST)]:
            del kept[id]


def forget() -> None:
    """As at the start."""
    with _lock:
        for kept in _met.values():
            kept.clear()


def ids(kind: str) -> Iterator[str]:
    """Each once, the newest met first."""
    with _lock:
        met = list(reversed(_met.get(kind, {})))
    yield from dict.fromkeys((*met, *_in_cache().get(kind, ())))


def revisions(kind: str, id: str) -> list[str]:
    """Branches, tags and pull requests of a cached repository."""
    refs = hub_cache() / f"{kind}s--{id.replace('/', '--')}" / "refs"
    try:
        found = sorted(path.relative_to(refs).as_posix() for path in refs.rglob("*") if path.is_file())
    except OSError:
        return []
    return found[:MOST]


def hub_cache() -> Path:
    """Where the official client keeps what it downloaded, without importing it."""
    named = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE")
    if named:
        return Path(os.path.expandvars(named)).expanduser()
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    home = os.environ.get("HF_HOME") or Path(caches) / "huggingface"
    return Path(os.path.expandvars(home)).expanduser() / "hub"


def _in_cache() -> dict[str, list[str]]:
    """By kind; looked at again when the folder has changed."""
    folder = hub_cache()
    try:
        changed = folder.stat().st_mtime_ns
        before = _cached.get(folder)
        if before is None or before[0] != changed:
            before = _cached[folder] = (changed, _read(folder))
    except OSError:
        return {}
    return before[1]


def _read(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    with os.scandir(folder) as entries:
        for entry, _ in zip(entries, range(MOST_FOLDERS), strict=False):
            kind, _, name = entry.name.partition("--")
            if kind.removesuffix("s") in found and name.isprintable():
                found[kind.removesuffix("s")].append(name.replace("--", "/", 1))
    return {kind: sorted(names) for kind, names in found.items()}
