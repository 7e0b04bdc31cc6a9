"""Renamed, gated and private repositories, and who is asking.

Nothing is compared with constants of the content: one answer is held against another, and against the bytes themselves.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download, snapshot_download
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from tests.clients.demo import (
    DIGITS,
    GATED,
    LAB,
    LEARNER,
    LEARNER_TOKEN,
    PRIVATE,
    PUBLIC,
    RENAMED,
    TEACHER,
    TEACHER_TOKEN,
    TEXT,
    WEIGHTS,
)
from tests.clients.reading.client import api, files, fresh, git_sha1


def renamed() -> None:
    info = api.model_info(RENAMED)
    assert info.id == TEXT
    assert set(files(RENAMED)) == set(files(TEXT))
    assert [entry.path for entry in api.get_paths_info(RENAMED, "README.md")] == ["README.md"]
    small = Path(hf_hub_download(RENAMED, "config.json", cache_dir=fresh()))
    assert git_sha1(small.read_bytes()) == files(TEXT)["config.json"].blob_id
    assert (
        Path(hf_hub_download(RENAMED, WEIGHTS, cache_dir=fresh())).stat().st_size == files(TEXT)[WEIGHTS].size
    )
    assert api.model_info(TEXT.upper().replace("HFNB", "hfnb")).id == TEXT


def gated() -> None:
    assert api.model_info(GATED).gated == "manual"
    assert WEIGHTS in files(GATED)
    for token in (False, LEARNER_TOKEN):
        with pytest.raises(GatedRepoError) as closed:
            hf_hub_download(GATED, "config.json", token=token, cache_dir=fresh())
        assert closed.value.response.status_code == (403 if token else 401)
        with pytest.raises(GatedRepoError):
            snapshot_download(GATED, token=token, cache_dir=fresh())
    assert hf_hub_download(GATED, WEIGHTS, token=TEACHER_TOKEN, cache_dir=fresh())


def private() -> None:
    for token in (False, LEARNER_TOKEN):
        with pytest.raises(RepositoryNotFoundError):
            api.model_info(PRIVATE, token=token)
        with pytest.raises(RepositoryNotFoundError):
            hf_hub_download(PRIVATE, "config.json", token=token, cache_dir=fresh())
    assert api.model_info(PRIVATE, token=TEACHER_TOKEN).private is True
    assert hf_hub_download(PRIVATE, "README.md", token=TEACHER_TOKEN, cache_dir=fresh())


def auth_check() -> None:
    api.auth_check(TEXT)
    api.auth_check(DIGITS, repo_type="dataset")
    with pytest.raises(GatedRepoError):
        api.auth_check(GATED)
    with pytest.raises(GatedRepoError):
        api.auth_check(GATED, token=LEARNER_TOKEN)
    api.auth_check(GATED, token=TEACHER_TOKEN)
    with pytest.raises(RepositoryNotFoundError):
        api.auth_check(PRIVATE)
    with pytest.raises(RepositoryNotFoundError):
        api.auth_check(f"{PUBLIC}/no-such-model")


def whoami() -> None:
    me = api.whoami(token=TEACHER_TOKEN)
    assert me["name"] == TEACHER
    assert {org["name"] for org in me["orgs"]} == {PUBLIC, LAB}
    assert api.whoami(token=LEARNER_TOKEN)["name"] == LEARNER
    with pytest.raises(HfHubHTTPError) as refused:
        api.whoami(token="hf_nobody_has_this")
    assert refused.value.response.status_code == 401
    assert "Invalid user token" in str(refused.value)
