"""What another client wrote, read by this one, and something written for another one to read."""

from __future__ import annotations

import hashlib
import os

from tests.clients.writing.client import api, folder_of, paths, read, repository


def digest(content: bytes) -> str:
    """What two ends compare."""
    return hashlib.sha256(content).hexdigest()


def files(repo: str, revision: str = "main", repo_type: str = "model") -> dict[str, str]:
    """The sha256 of every file's bytes: answers go through JSON."""
    return {
        path: digest(read(repo, path, revision=revision, repo_type=repo_type))
        for path in paths(repo, revision=revision, repo_type=repo_type)
    }


def written_twice() -> tuple[str, dict[str, dict[str, str]], list[str]]:
    """A repository of two commits, the first one tagged: its id, what each commit holds, and the commits."""
    repo, held = repository("twice"), {}
    for number in range(2):
        given = {"a.txt": str(number).encode(), "deep/w.bin": os.urandom(50_000)}
        commit = api.upload_folder(folder_path=folder_of(given), repo_id=repo).oid
        held[commit] = {path: digest(content) for path, content in given.items()}
    api.create_tag(repo, tag="v1", revision=next(iter(held)))
    return repo, held, list(held)
