"""One repository: what the Hub says about it, in every way it says it.

Nothing is compared with constants of the content: one answer is held against another, and against the bytes themselves.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoFile, RepoFolder

from tests.clients.demo import DIGITS, PUBLIC, TEXT, WEIGHTS
from tests.clients.reading.client import api, files, fresh


def repository_info() -> None:
    info = api.model_info(TEXT)
    assert info.id == TEXT
    assert info.author == PUBLIC
    assert info.pipeline_tag == "text-classification"
    assert info.library_name == "transformers"
    assert info.sha is not None
    assert len(info.sha) == 40
    assert info.created_at is not None
    assert info.last_modified is not None
    assert info.created_at <= info.last_modified
    assert info.card_data is not None
    assert info.config is not None
    assert info.safetensors is not None
    assert api.model_info(TEXT, revision=info.sha).sha == info.sha
    assert api.dataset_info(DIGITS).id == DIGITS
    space = next(iter(api.list_spaces(author=PUBLIC)))
    assert api.space_info(space.id).sdk == space.sdk or space.sdk is None
    assert api.repo_info(DIGITS, repo_type="dataset").sha == api.dataset_info(DIGITS).sha


def repository_info_with_files() -> None:
    listed = files(TEXT)
    info = api.model_info(TEXT, files_metadata=True)
    assert info.siblings is not None
    assert {one.rfilename for one in info.siblings} == set(listed)
    for one in info.siblings:
        entry = listed[one.rfilename]
        assert (one.size, one.blob_id) == (entry.size, entry.blob_id)
        assert (one.lfs and one.lfs["sha256"]) == (entry.lfs and entry.lfs["sha256"])
    assert any(one.lfs for one in info.siblings)


def repository_info_expanded() -> None:
    wanted = [
        "downloads",
        "likes",
        "siblings",
        "usedStorage",
        "trendingScore",
        "gated",
        "private",
        "spaces",
        "baseModels",
        "disabled",
    ]
    info = api.model_info(TEXT, expand=wanted)  # type: ignore[arg-type]
    assert info.siblings is not None
    assert info.used_storage is not None
    assert info.used_storage >= sum(entry.size for entry in files(TEXT).values() if entry.lfs)
    assert info.disabled is False
    assert info.sha is None  # not asked for


def security_status() -> None:
    info = api.model_info(TEXT, securityStatus=True)
    assert info.security_repo_status is not None
    assert info.security_repo_status["scansDone"] is True


def tree() -> None:
    flat = list(api.list_repo_tree(DIGITS, repo_type="dataset"))
    below = files(DIGITS, "dataset")
    folders = [entry.path for entry in flat if isinstance(entry, RepoFolder)]
    assert {entry.path for entry in flat if isinstance(entry, RepoFile)} == {
        path for path in below if "/" not in path
    }
    assert set(folders) == {path.split("/")[0] for path in below if "/" in path}
    for folder in folders:
        inside = files(DIGITS, "dataset", path_in_repo=folder)
        assert set(inside) == {path for path in below if path.startswith(f"{folder}/")}
    assert set(api.list_repo_files(DIGITS, repo_type="dataset")) == set(below)
    with pytest.raises(RemoteEntryNotFoundError):
        list(api.list_repo_tree(TEXT, "no-such-folder"))


def tree_expanded() -> None:
    commits = {commit.commit_id: commit for commit in api.list_repo_commits(TEXT)}
    for entry in files(TEXT, expand=True).values():
        assert entry.last_commit is not None, entry.path
        assert entry.last_commit["title"] == commits[entry.last_commit["oid"]].title
        assert entry.security is not None, entry.path


def paths_info() -> None:
    listed = files(TEXT)
    found = api.get_paths_info(TEXT, ["README.md", WEIGHTS, "no-such-file"], expand=True)
    assert [entry.path for entry in found] == ["README.md", WEIGHTS]
    for entry in found:
        assert isinstance(entry, RepoFile)
        assert (entry.size, entry.blob_id) == (listed[entry.path].size, listed[entry.path].blob_id)
        assert entry.last_commit is not None


def refs() -> None:
    found = api.list_repo_refs(TEXT, include_pull_requests=True)
    heads = {branch.name: branch.target_commit for branch in found.branches}
    assert heads["main"] == api.model_info(TEXT).sha
    for ref in [*found.branches, *found.tags]:
        assert api.model_info(TEXT, revision=ref.name).sha == ref.target_commit


def commits() -> None:
    found = api.list_repo_commits(TEXT, formatted=True)
    assert found[0].commit_id == api.model_info(TEXT).sha
    assert [commit.created_at for commit in found] == sorted(
        (commit.created_at for commit in found), reverse=True
    )
    assert all(commit.authors and commit.formatted_title for commit in found)
    first = found[-1].commit_id
    assert [commit.commit_id for commit in api.list_repo_commits(TEXT, revision=first)] == [first]
    assert set(files(TEXT, revision=first)) <= set(files(TEXT))


def existence() -> None:
    assert api.repo_exists(TEXT)
    assert not api.repo_exists(f"{PUBLIC}/no-such-model")
    assert api.repo_exists(DIGITS, repo_type="dataset")
    assert not api.repo_exists(DIGITS)
    assert api.revision_exists(TEXT, "main")
    assert not api.revision_exists(TEXT, "no-such-branch")
    assert api.file_exists(TEXT, WEIGHTS)
    assert not api.file_exists(TEXT, "no-such-file")
    assert not api.file_exists(f"{PUBLIC}/no-such-model", "config.json")


def missing_things_by_their_class() -> None:
    with pytest.raises(RepositoryNotFoundError) as nothing:
        api.model_info(f"{PUBLIC}/no-such-model")
    assert nothing.value.request_id
    with pytest.raises(RevisionNotFoundError):
        api.model_info(TEXT, revision="no-such-branch")
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download(TEXT, "config.json", revision="no-such-branch", cache_dir=fresh())
    where = Path(fresh())
    with pytest.raises(EntryNotFoundError):
        hf_hub_download(TEXT, "no-such-file", cache_dir=where)
    assert [path.name for path in where.glob("*/.no_exist/*/*")] == ["no-such-file"]
    with pytest.raises(RepositoryNotFoundError):
        hf_hub_download(f"{PUBLIC}/no-such-model", "config.json", cache_dir=fresh())
