"""What may not be evicted now: what this session works with, and what any process is pulling.

A pull holds a lock of its own among those the official library takes for single contents; who evicts tries them all,
behind a gate that keeps new pulls of the repository waiting. A killed process holds nothing.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.hub.disk.listing import cache_folder, storage

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from hf_nb.hub.disk.arrive import Place
    from hf_nb.plumbing.session import Session

GATE = "hf_nb.gate"
# A part this young is being written, perhaps by a library that has just taken another file's lock.
FRESH = 60.0
PATIENCE = 0.2


def kept(session: Session) -> frozenset[tuple[str, str, str]]:
    """Kind, id and commit of what this session works with, whoever loaded it."""
    return frozenset((use.kind, use.id, use.commit) for use in session.ledger.uses() if use.files)


@contextlib.contextmanager
def pulling(place: Place) -> Iterator[None]:
    """Nobody evicts the repository while this block runs."""
    if place.folder is not None:
        yield
        return
    locks = _locks(storage(place.address))
    own = _lock(locks / f"hf_nb-{os.getpid()}-{uuid.uuid4().hex[:8]}.lock")
    try:
        locks.mkdir(parents=True, exist_ok=True)
        with _lock(locks / f"{GATE}.lock"):
            own.acquire()
    except OSError:  # a cache one may only read: nothing is evicted from it either
        yield
        return
    try:
        yield
    finally:
        own.release()
        with contextlib.suppress(OSError):
            Path(own.lock_file).unlink()


@contextlib.contextmanager
def alone(repo: Path) -> Iterator[bool]:
    """Whether nobody is pulling into this folder of the cache; and while the block runs nobody begins."""
    from filelock import Timeout

    locks = _locks(repo)
    locks.mkdir(parents=True, exist_ok=True)
    gate = _lock(locks / f"{GATE}.lock")
    try:
        gate.acquire(timeout=PATIENCE)
    except Timeout:
        yield False
        return
    try:
        yield not (_held(locks, tidy=True) or _fresh(repo))
    finally:
        gate.release()


@contextlib.contextmanager
def settled(repo: Path) -> Iterator[None]:
    """A moment in which nobody evicts from this folder of the cache."""
    locks = _locks(repo)
    with contextlib.ExitStack() as gate:
        with contextlib.suppress(OSError):  # a cache one may only read
            locks.mkdir(parents=True, exist_ok=True)
            gate.enter_context(_lock(locks / f"{GATE}.lock"))
        yield


def busy(repo: Path) -> bool:
    """Whether somebody is pulling into this folder of the cache now."""
    return _held(_locks(repo))


def _locks(repo: Path) -> Path:
    return cache_folder() / ".locks" / repo.name


def _held(locks: Path, *, tidy: bool = False) -> bool:
    """Whether one of them is taken; those that killed processes left are removed behind the gate only."""
    from filelock import Timeout

    for path in locks.glob("*.lock"):
        if path.name == f"{GATE}.lock":
            continue
        try:
            with _lock(path).acquire(timeout=0):
                pass
        except Timeout:
            return True
        except OSError:
            continue
        if tidy and path.name.startswith("hf_nb-"):
            path.unlink(missing_ok=True)
    return False


def _fresh(repo: Path) -> bool:
    """Whether a part was written to a moment ago."""
    now = time.time()
    for part in (repo / "blobs").glob("*.incomplete"):
        with contextlib.suppress(OSError):
            if now - part.stat().st_mtime < FRESH:
                return True
    return False


def _lock(path: Path) -> BaseFileLock:
    from filelock import FileLock

    return FileLock(path, mode=0o664, thread_local=False)
