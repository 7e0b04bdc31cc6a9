"""A Hub that takes what is pushed, and folders to push."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hf_nb.offline import running
from hf_nb.offline.running import Running

ADA, BOB, RITA = "hf_ada_offline", "hf_bob_offline", "hf_rita_offline"


@contextmanager
def serving(folder: Path, limits: str = "roomy") -> Iterator[Running]:
    """An empty Hub with two who write and one who only reads."""
    users = [f"ada:{ADA}", f"bob:{BOB}", f"rita:{RITA}:read"]
    with running.start(folder / "store", users=users, home=folder / "home", limits=limits) as hub:
        yield hub


def folder_of(where: Path, **files: bytes) -> Path:
    """A folder with these files; `__` stands for a slash, `_dot_` for a dot."""
    for name, content in files.items():
        path = where / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return where


def weights(megabytes: float = 0.3) -> bytes:
    """Bytes that are like no others."""
    return os.urandom(int(megabytes * 1_000_000))
