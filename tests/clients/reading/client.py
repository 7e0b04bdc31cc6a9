"""The client under test, and three small questions that every operation asks it or itself."""

from __future__ import annotations

import hashlib
import os
import tempfile
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.hf_api import RepoFile

api = HfApi()


def git_sha1(content: bytes) -> str:
    """A blob's name in git."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def fresh() -> str:
    """A cache folder nothing is in."""
    return tempfile.mkdtemp(dir=os.environ["HF_HOME"])


def files(repo_id: str, repo_type: str = "model", **more: Any) -> dict[str, RepoFile]:
    """Every file of a repository by its path."""
    listed = api.list_repo_tree(repo_id, recursive=True, repo_type=repo_type, **more)
    return {entry.path: entry for entry in listed if isinstance(entry, RepoFile)}
