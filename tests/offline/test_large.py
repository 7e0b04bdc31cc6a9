"""Large contents: listed, taken out of a history for good, handed on to another repository."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError

from tests.offline.small import LEARNER, TEACHER


@pytest.fixture
def teacher(mine) -> HfApi:
    return HfApi(endpoint=mine.url, token=TEACHER)


@pytest.fixture
def repo(teacher) -> Any:
    made = teacher.create_repo("demo/large").repo_id
    yield made
    teacher.delete_repo(made)


def put(api: HfApi, repo: str, path: str, content: bytes, **how: Any) -> Any:
    return api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=repo, **how)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_contents_are_taken_out_of_every_branchs_history(teacher, repo, mine, tmp_path):
    put(teacher, repo, "a.bin", b"first")
    put(teacher, repo, "keep.txt", b"text", commit_message="keep", commit_description="why")
    put(teacher, repo, "a.bin", b"second")
    teacher.create_branch(repo, branch="dev")
    put(teacher, repo, "b.bin", b"branch", revision="dev")
    put(teacher, repo, "c.bin", b"pull", create_pr=True)
    old = teacher.list_repo_commits(repo)
    files = {file.oid: file for file in teacher.list_lfs_files(repo)}
    assert {(file.filename, file.ref) for file in files.values()} == {
        ("a.bin", None),
        ("a.bin", "refs/heads/main"),
        ("b.bin", "refs/heads/dev"),
        ("c.bin", "refs/pr/1"),
    }
    gone = [files[digest(b"first")], files[digest(b"second")]]
    teacher.permanently_delete_lfs_files(repo, gone)
    assert {file.filename for file in teacher.list_lfs_files(repo)} == {"b.bin", "c.bin"}
    assert teacher.list_repo_files(repo) == [".gitattributes", "keep.txt"]
    assert sorted(teacher.list_repo_files(repo, revision="dev")) == [".gitattributes", "b.bin", "keep.txt"]
    new = teacher.list_repo_commits(repo)
    assert [(one.title, one.message, one.authors) for one in new] == [
        (one.title, one.message, one.authors) for one in old
    ]
    assert [one.created_at for one in new] == [one.created_at for one in old]
    assert new[-1].commit_id == old[-1].commit_id
    assert old[0].commit_id != new[0].commit_id == teacher.model_info(repo).sha
    for revision in (old[0].commit_id, "main"):
        with pytest.raises((EntryNotFoundError, HfHubHTTPError)):
            teacher.hf_hub_download(repo, "a.bin", revision=revision, cache_dir=tmp_path)
    assert not (mine.root / "blobs/sha256" / digest(b"first")[:2] / digest(b"first")).exists()
    assert (
        Path(teacher.hf_hub_download(repo, "b.bin", revision="dev", cache_dir=tmp_path)).read_bytes()
        == b"branch"
    )
    teacher.change_discussion_status(repo, 1, "closed")
    teacher.change_discussion_status(repo, 1, "open")
    assert "c.bin" in teacher.get_discussion_details(repo, 1).diff
    teacher.merge_pull_request(repo, 1)
    assert "c.bin" in teacher.list_repo_files(repo)


def test_without_a_rewritten_history_the_pointer_stays_and_leads_nowhere(teacher, repo, tmp_path):
    put(teacher, repo, "a.bin", b"only here")
    tip = teacher.model_info(repo).sha
    teacher.permanently_delete_lfs_files(repo, list(teacher.list_lfs_files(repo)), rewrite_history=False)
    assert teacher.model_info(repo).sha == tip
    assert "a.bin" in teacher.list_repo_files(repo)
    with pytest.raises(EntryNotFoundError):
        teacher.hf_hub_download(repo, "a.bin", cache_dir=tmp_path)


def test_what_another_repository_holds_stays_there(teacher, repo, tmp_path):
    other = teacher.create_repo("demo/other").repo_id
    for one in (repo, other):
        put(teacher, one, "shared.bin", b"shared content")
    teacher.permanently_delete_lfs_files(repo, list(teacher.list_lfs_files(repo)))
    assert (
        Path(teacher.hf_hub_download(other, "shared.bin", cache_dir=tmp_path)).read_bytes()
        == b"shared content"
    )
    teacher.delete_repo(other)


def test_only_writers_take_contents_out(teacher, repo, mine, raw_mine, bearer):
    put(teacher, repo, "a.bin", b"mine")
    files = list(teacher.list_lfs_files(repo))
    for token, status in ((LEARNER, 403), (False, 401)):
        with pytest.raises(HfHubHTTPError) as refused:
            HfApi(endpoint=mine.url, token=token).permanently_delete_lfs_files(repo, files)
        assert refused.value.response.status_code == status
    address = f"/api/models/{repo}/lfs-files"
    for body in ({}, {"deletions": 3}, {"deletions": {"sha": [3]}}):
        assert raw_mine.post(f"{address}/batch", json=body, headers=bearer["teacher"]).status_code == 400
    assert raw_mine.delete(f"{address}/{'f' * 40}", headers=bearer["teacher"]).status_code == 404
    erased = raw_mine.delete(f"{address}/{files[0].file_oid}?rewriteHistory=true", headers=bearer["teacher"])
    assert erased.status_code == 200
    assert list(teacher.list_lfs_files(repo)) == []


def test_a_content_one_may_read_can_be_named_in_another_repository(teacher, mine, raw_mine, bearer, tmp_path):
    learner = HfApi(endpoint=mine.url, token=LEARNER)
    copy = learner.create_repo("learner/copy").repo_id
    put(teacher, "demo/base", "w.bin", b"weights of demo")
    put(teacher, "lab/secret", "s.bin", b"weights of lab")
    known, secret = digest(b"weights of demo"), digest(b"weights of lab")

    def named(sha256: str, size: int) -> int:
        lines = [
            {"key": "header", "value": {"summary": "copy"}},
            {"key": "lfsFile", "value": {"path": "w.bin", "algo": "sha256", "oid": sha256, "size": size}},
        ]
        content = "\n".join(json.dumps(line) for line in lines)
        address = f"/api/models/{copy}/commit/main"
        return int(raw_mine.post(address, content=content, headers=bearer["learner"]).status_code)

    def handed(source: str, sha256: str, target: str = copy, who: str = "learner") -> Any:
        return raw_mine.post(
            f"/api/models/{source}/lfs-files/duplicate",
            json={
                "target": {"type": "model", "name": target},
                "files": [{"xetHash": "", "sha256": sha256, "filename": "w.bin"}],
            },
            headers=bearer.get(who, {}),
        )

    assert named(known, 15) == 400
    assert handed("demo/base", secret).json()["failed"][0]["sha256"] == secret
    assert handed("lab/secret", secret).status_code == 404
    assert handed("demo/base", known, "lab/secret").status_code == 404
    assert handed("demo/base", known, who="nobody").status_code == 401
    assert handed("demo/base", known, who="stranger").status_code == 403
    assert named(secret, 14) == 400
    assert handed("demo/base", known).json() == {"success": True, "failed": []}
    assert named(known, 15) == 200
    assert Path(learner.hf_hub_download(copy, "w.bin", cache_dir=tmp_path)).read_bytes() == b"weights of demo"
    learner.delete_repo(copy)
