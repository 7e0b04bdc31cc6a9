"""The client that writes, and what every operation needs: repositories of its own, and the bytes read back."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError

from tests.clients.people import ME

api = HfApi()


def unused(word: str, owner: str = ME) -> str:
    """An id nobody has: several clients do the same things on one Hub."""
    return f"{owner}/{word}-{uuid.uuid4().hex[:8]}"


def repository(word: str, repo_type: str = "model", **more: Any) -> str:
    """A new repository's id."""
    return str(api.create_repo(unused(word), repo_type=repo_type, **more).repo_id)


def read(repo_id: str, path: str, **more: Any) -> bytes:
    """A file's bytes, downloaded anew."""
    where = tempfile.mkdtemp(dir=os.environ["HF_HOME"])
    return Path(hf_hub_download(repo_id, path, cache_dir=where, **more)).read_bytes()


def paths(repo_id: str, **more: Any) -> set[str]:
    """Every file but the one that every repository begins with."""
    return set(api.list_repo_files(repo_id, **more)) - {".gitattributes"}


def tip(repo_id: str, revision: str = "main") -> str:
    """The last commit of a branch."""
    return str(api.list_repo_commits(repo_id, revision=revision)[0].commit_id)


def folder_of(files: dict[str, bytes]) -> Path:
    """A folder on this disk that holds these files."""
    folder = Path(tempfile.mkdtemp(dir=os.environ["HF_HOME"]))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@contextmanager
def refused(status: int, kind: type[HfHubHTTPError] = HfHubHTTPError) -> Iterator[None]:
    """The Hub says no, and in this way."""
    with pytest.raises(kind) as no:
        yield
    assert no.value.response.status_code == status, no.value
