"""Where models stand on this machine: on its disk, on their way to it, in the kernel's memory.

cached     everything that loading needs is there
partial    something of it is, or has begun to arrive
available  nothing is; a card that was only read does not count
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hf_nb.errors import HfNbError
from hf_nb.hub.address import Address
from hf_nb.hub.disk import shelf
from hf_nb.hub.disk.listing import storage
from hf_nb.hub.disk.selection import Asked, choose
from hf_nb.hub.reading import weights
from hf_nb.plumbing.session import Session
from hf_nb.values.info import File

MAIN = "main"
# What a model is loaded with beside its weights, where it has it.
_NEEDED = frozenset({"config.json", "model_index.json", "tokenizer_config.json", "preprocessor_config.json"})
_WORDS = (
    "tokenizer.json",
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
    "vocab.json",
    "vocab.txt",
)
# What reading about a model leaves behind.
_READ = frozenset({"README.md", ".gitattributes", "config.json"})
LARGEST_INDEX = 20_000_000

_guard = threading.Lock()
_coming: Counter[str] = Counter()
_failed: dict[str, str] = {}
# Folder of a repository -> when its folders last changed, and what was found then.
_looked: dict[Path, tuple[tuple[int, ...], Stand]] = {}
FAILURES = 200


class Stand(NamedTuple):
    """One model; `bytes` of it are on the disk."""

    status: str
    bytes: int | None = None


@contextlib.contextmanager
def coming(id: str) -> Iterator[None]:
    """While the block runs the model is on its way; what goes wrong in it is remembered."""
    with _guard:
        _coming[id] += 1
    try:
        yield
    except HfNbError as wrong:
        with _guard:
            _failed[id] = wrong.problem
            while len(_failed) > FAILURES:
                del _failed[next(iter(_failed))]
        raise
    else:
        with _guard:
            _failed.pop(id, None)
    finally:
        with _guard:
            _coming[id] -= 1
            if not _coming[id]:
                del _coming[id]


def stands(ids: Iterable[str], session: Session) -> dict[str, Stand]:
    """Each model as it stands now: a look at a few folders, nothing is asked."""
    wanted = list(dict.fromkeys(ids))
    memory, states = _loaded(session), shelf.states(wanted)
    on_their_way, failed = told()
    found = {}
    for id in wanted:
        stand = on_disk(id, states[id])
        if id in on_their_way or states[id] == "loading":
            stand = stand._replace(status="loading")
        elif id in memory:
            stand = stand._replace(status="loaded")
        elif stand.status != "cached" and id in failed:
            stand = stand._replace(status="error")
        found[id] = stand
    return found


def told() -> tuple[set[str], set[str]]:
    """What is on its way because of `coming`, and what failed on it."""
    with _guard:
        return set(_coming), set(_failed)


def _loaded(session: Session) -> set[str]:
    """What the engine holds in memory; a process that never ran a model holds nothing."""
    from hf_nb.infer import loaded

    return {one.model for one in loaded(session=session)}


def on_disk(id: str, state: str = "cached") -> Stand:
    """What the disk alone says. `state`: what is known of it from its folders' names and times."""
    if state == "available":
        return Stand("available")
    repo = folder_of(id)
    when = changed(repo)
    before = _looked.get(repo)
    if state == "cached" and before and before[0] == when:
        return before[1]
    snapshot = commit_of(repo)
    there = files(snapshot) if snapshot else set()
    if state == "cached" and snapshot and _whole(repo, snapshot, there):
        status = "cached"
    else:
        status = "partial" if state == "partial" or there - _READ else "available"
    stand = Stand(status, size(repo / "blobs") if status != "available" else None)
    if state == "cached":
        with _guard:
            _looked[repo] = when, stand
    return stand


def changed(repo: Path) -> tuple[int, ...]:
    """When something came or went."""
    snapshot = commit_of(repo)
    times = []
    for folder in (repo / "blobs", repo / "trees", *((snapshot,) if snapshot else ())):
        try:
            times.append(folder.stat().st_mtime_ns)
        except OSError:
            times.append(0)
    return tuple(times)


def folder_of(id: str) -> Path:
    """A model's folder in the cache."""
    return storage(Address("model", id))


def commit_of(repo: Path) -> Path | None:
    """The folder of the commit that is loaded where none is named: that of main, else the newest."""
    with contextlib.suppress(OSError):
        named = repo / "snapshots" / (repo / "refs" / MAIN).read_text(encoding="utf-8").strip()
        if named.parent == repo / "snapshots" and named.is_dir():
            return named
    with contextlib.suppress(OSError):
        return max((repo / "snapshots").iterdir(), key=lambda one: one.stat().st_mtime, default=None)
    return None


def files(snapshot: Path) -> set[str]:
    """Files of a commit whose bytes are here."""
    return {
        path.relative_to(snapshot).as_posix()
        for path in snapshot.rglob("*")
        if path.exists() and not path.is_dir()
    }


def _whole(repo: Path, snapshot: Path, there: set[str]) -> bool:
    """Whether a loader would find everything; what the commit holds is known where its listing was kept."""
    listed = listing_of(repo, snapshot.name)
    return (
        bool(there) and needed(listed or there) <= there and (bool(listed) or _has_weights(snapshot, there))
    )


def needed(paths: set[str]) -> set[str]:
    """Of a model's files those that loading it takes."""
    variants = weights.variants(File(path, 0) for path in sorted(paths))
    root = [one for one in variants if "/" not in one.paths[0]]
    if "model_index.json" in paths or not root:  # its parts lie in folders
        with contextlib.suppress(HfNbError):
            return set(choose(sorted(paths), Asked())[0]) - {"README.md", ".gitattributes"}
    of_words = next((name for name in _WORDS if name in paths), None)
    return {
        *(_NEEDED & paths),
        *([of_words] if of_words else []),
        *(path for one in root[:1] for path in one.paths),
    }


def _has_weights(snapshot: Path, there: set[str]) -> bool:
    """Without a listing: some are there, and all that an index names."""
    if not weights.variants(File(path, 0) for path in there):
        return False
    for path in there:
        if path.endswith(".index.json"):
            parts = _read(snapshot / path).get("weight_map")
            folder = path.rpartition("/")[0]
            if (
                isinstance(parts, dict)
                and not {f"{folder}/{one}" if folder else str(one) for one in parts.values()} <= there
            ):
                return False
    return True


def listing_of(repo: Path, commit: str) -> set[str]:
    """What a commit holds, where that was kept."""
    files = _read(repo / "trees" / f"{commit}.json").get("files")
    return set(files) if isinstance(files, dict) else set()


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_INDEX:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def size(blobs: Path) -> int:
    """Bytes in a folder."""
    total = 0
    with contextlib.suppress(OSError), os.scandir(blobs) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                total += entry.stat().st_size
    return total
