"""A Hub with a repository worth pulling, a cache of its own, and pulls in other processes.

with serving(folder) as (hub, digests):
    process = begin(hub, cache); process.kill(); finish(hub, cache)
    whole(cache, digests)
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store

if TYPE_CHECKING:
    import pytest

REPO = "lab/many"
PARTS = 5
PART_BYTES = 3_000_000
_DAY = datetime(2025, 3, 1, tzinfo=UTC)
_FOLDER = "models--lab--many"


def files(part_bytes: int = PART_BYTES, parts: int = PARTS, seed: int = 0) -> dict[str, bytes]:
    """Weights in parts, a few small files, one in a folder."""
    dice = random.Random(seed)  # noqa: S311 -- a die
    weights = {
        f"model-{number:05}-of-{parts:05}.safetensors": dice.randbytes(part_bytes + number)
        for number in range(1, parts + 1)
    }
    small = {
        "README.md": b"---\nlicense: mit\n---\n# Many\n",
        "config.json": b"{}",
        "sub/vocab.txt": b"a\nb\n",
    }
    return weights | small


@contextlib.contextmanager
def serving(
    folder: Path, content: Mapping[str, bytes] | None = None, *, more: int = 0
) -> Iterator[tuple[Running, dict[str, str]]]:
    """A Hub that holds one model, and `more` of other bytes; and what the files of the first must be."""
    held = files() if content is None else dict(content)
    store = Store.open(folder / "store")
    store.organisation("lab", "Lab")
    store.user("teacher", "hf_teacher_offline", orgs={"lab": "admin"})
    others = {f"{REPO}-{number}": files(100_000, seed=number + 1) for number in range(more)}
    for repo, content_of in {REPO: held, **others}.items():
        store.create_repo("model", repo, created_at=_DAY)
        store.commit("model", repo, content_of, title="files", author="teacher", date=_DAY)
    store.close()
    with start(folder / "store") as hub:
        yield hub, {path: hashlib.sha256(content).hexdigest() for path, content in held.items()}


def own_cache(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Let this process use a cache of its own; the library keeps the name of it in two places."""
    from huggingface_hub.utils import _cache_manager

    patch.setattr(_cache_manager, "HF_HUB_CACHE", str(folder))
    patch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder))
    patch.setenv("HF_NB_DATA_DIR", str(folder.parent / "data"))
    return folder


def begin(hub: Running, cache: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
    """A pull in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "hf_nb", "pull", *(words or (REPO,)), "--json"],
        env=environment(hub, cache) | variables,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def environment(hub: Running, cache: Path) -> dict[str, str]:
    """For a process that sees this Hub and this cache."""
    ours = {"HF_HUB_CACHE": str(cache), "HF_NB_DATA_DIR": str(cache.parent / "data")}
    return hub.environment_for(os.environ) | ours


def finish(hub: Running, cache: Path, *words: str, **variables: str) -> dict[str, Any]:
    """A pull that must go through: what it says."""
    with begin(hub, cache, *words, **variables) as process:
        said, wrong = process.communicate(timeout=120)
    assert process.returncode == 0, wrong
    answer: dict[str, Any] = json.loads(said)
    return answer


def contents(cache: Path, folder: str = _FOLDER) -> set[str]:
    """Names of what has arrived whole."""
    blobs = cache / folder / "blobs"
    if not blobs.is_dir():
        return set()
    return {path.name for path in blobs.iterdir() if not path.name.endswith((".incomplete", ".tmp"))}


def parts(cache: Path, folder: str = _FOLDER) -> dict[str, int]:
    """What has begun to arrive, and how far it is."""
    blobs = cache / folder / "blobs"
    found = {}
    for path in blobs.glob("*.incomplete") if blobs.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):  # it has become whole since
            found[path.name.partition(".")[0]] = path.stat().st_size
    return found


def whole(cache: Path, digests: Mapping[str, str], folder: str = _FOLDER) -> None:
    """Every file is there under its name, with every byte, and nothing half is left."""
    (snapshot,) = (cache / folder / "snapshots").iterdir()
    found = {
        str(path.relative_to(snapshot)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in snapshot.rglob("*")
        if path.is_file()
    }
    assert found.keys() - {".gitattributes"} == digests.keys(), "every file, and no other"
    assert {path: found[path] for path in digests} == dict(digests), "every byte"
    assert parts(cache, folder) == {}, "no part is left"


def hashes(cache: Path) -> bool:
    """Whether every content is what its name says, and every name leads to a content."""
    from hf_nb.hub.disk import checksum

    blobs = [path for path in cache.glob("models--*/blobs/*") if not path.name.endswith(".incomplete")]
    names = [path for path in cache.glob("models--*/snapshots/**/*") if path.is_symlink()]
    return all(checksum.sound(path, path.name) for path in blobs) and all(path.exists() for path in names)


def fetched(hub: Running, since: int = 0) -> dict[str, list[str | None]]:
    """The contents that were sent, by the last part of their address, with the ranges asked for."""
    sent: dict[str, list[str | None]] = {}
    for line in hub.requests()[since:]:
        if line["method"] == "GET" and line["status"] in (200, 206) and not line["path"].startswith("/api/"):
            sent.setdefault(line["path"].rpartition("/")[2], []).append(line["range"])
    return sent
