"""What is asked through a mirror, which knows repositories and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError

from tests.clients.demo import DIGITS, PUBLIC, TEXT
from tests.clients.reading.client import api, files, fresh


def info() -> None:
    model = api.model_info(TEXT)
    assert model.id == TEXT
    assert model.sha is not None
    assert api.model_info(TEXT, revision=model.sha).sha == model.sha
    assert api.dataset_info(DIGITS).id == DIGITS


def tree() -> None:
    siblings = api.model_info(TEXT).siblings or []
    assert set(files(TEXT)) == {one.rfilename for one in siblings}
    assert files(DIGITS, "dataset")


def paths_info() -> None:
    # without `expand`: the mirror does not pass it on
    found: list[Any] = api.get_paths_info(TEXT, ["README.md", "no-such-file"])
    assert [(entry.path, entry.size) for entry in found] == [("README.md", files(TEXT)["README.md"].size)]


def missing() -> None:
    with pytest.raises(RepositoryNotFoundError):
        api.model_info(f"{PUBLIC}/no-such-model")
    with pytest.raises(EntryNotFoundError):
        hf_hub_download(TEXT, "no-such-file", cache_dir=fresh())
