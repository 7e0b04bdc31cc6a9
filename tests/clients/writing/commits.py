"""Commits of several operations, and what points at them: branches, tags, pull requests."""

from __future__ import annotations

import os
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete
from huggingface_hub.errors import HfHubHTTPError, RemoteEntryNotFoundError, RevisionNotFoundError

from tests.clients.people import YOU, YOU_TOKEN
from tests.clients.writing.client import api, paths, read, refused, repository, tip


def add(repo: str, files: dict[str, bytes], **more: Any) -> str:
    """A commit that adds files; its id."""
    operations = [CommitOperationAdd(path, content) for path, content in files.items()]
    return str(api.create_commit(repo, operations, commit_message="add", **more).oid)


def many_operations() -> None:
    repo = repository("many")
    weights = os.urandom(5000)
    first = add(
        repo, {"a.txt": b"a", "w.bin": weights, "old/1.txt": b"1", "old/deep/2.bin": b"2", "b.txt": b"b"}
    )
    api.create_commit(
        repo,
        [
            CommitOperationAdd("new.txt", b"new"),
            CommitOperationDelete("a.txt"),
            CommitOperationDelete("old/"),
            CommitOperationCopy("w.bin", "copy/w.bin"),
            CommitOperationCopy("b.txt", "copy/b.txt"),
            CommitOperationCopy("a.txt", "back.txt", src_revision=first),
        ],
        commit_message="all at once",
    )
    assert paths(repo) == {"w.bin", "b.txt", "new.txt", "copy/w.bin", "copy/b.txt", "back.txt"}
    assert read(repo, "copy/w.bin") == weights
    assert read(repo, "copy/b.txt") == b"b"
    assert read(repo, "back.txt") == b"a"
    assert read(repo, "old/1.txt", revision=first) == b"1"


def all_or_nothing() -> None:
    repo = repository("atomic")
    before = add(repo, {"a.txt": b"a"})
    with refused(404, RemoteEntryNotFoundError):
        api.create_commit(
            repo,
            [CommitOperationAdd("b.txt", b"b"), CommitOperationDelete("no-such-file")],
            commit_message="half",
        )
    assert tip(repo) == before
    assert paths(repo) == {"a.txt"}
    with refused(404, RevisionNotFoundError):
        add(repo, {"c.txt": b"c"}, revision="no-such-branch")


def deletions() -> None:
    repo = repository("deletions")
    add(repo, {"a.txt": b"a", "b.txt": b"b", "d/c.txt": b"c", "d/e.txt": b"e", "f/g.log": b"g"})
    api.delete_file("a.txt", repo)
    api.delete_folder("d", repo)
    assert paths(repo) == {"b.txt", "f/g.log"}
    api.delete_files(repo, ["*.log"])
    assert paths(repo) == {"b.txt"}


def parent() -> None:
    repo = repository("parent")
    before = tip(repo)
    after = add(repo, {"a.txt": b"a"}, parent_commit=before)
    with refused(412):
        add(repo, {"b.txt": b"b"}, parent_commit=before)
    assert tip(repo) == after
    assert add(repo, {"b.txt": b"b"}, parent_commit=after) == tip(repo)


def branches() -> None:
    repo = repository("branches")
    first = add(repo, {"a.txt": b"main"})
    api.create_branch(repo, branch="dev")
    api.create_branch(repo, branch="feature/x", revision=first)
    with refused(409):
        api.create_branch(repo, branch="dev")
    api.create_branch(repo, branch="dev", exist_ok=True)
    add(repo, {"a.txt": b"dev"}, revision="dev")
    add(repo, {"a.txt": b"slash"}, revision="feature/x")
    assert [read(repo, "a.txt", revision=name) for name in ("main", "dev", "feature/x")] == [
        b"main",
        b"dev",
        b"slash",
    ]
    assert {ref.name for ref in api.list_repo_refs(repo).branches} == {"main", "dev", "feature/x"}
    api.delete_branch(repo, branch="dev")
    with pytest.raises(RevisionNotFoundError):
        api.model_info(repo, revision="dev")
    with pytest.raises(HfHubHTTPError):
        api.delete_branch(repo, branch="main")


def tags() -> None:
    repo = repository("tags")
    first = add(repo, {"a.txt": b"1"})
    api.create_tag(repo, tag="v1", tag_message="the first")
    add(repo, {"a.txt": b"2"})
    api.create_tag(repo, tag="v1.1", revision="main")
    assert {ref.name: ref.target_commit for ref in api.list_repo_refs(repo).tags}["v1"] == first
    assert (read(repo, "a.txt", revision="v1"), read(repo, "a.txt", revision="v1.1")) == (b"1", b"2")
    with refused(409):
        api.create_tag(repo, tag="v1")
    api.create_tag(repo, tag="v1", exist_ok=True)
    with refused(404):
        api.create_tag(repo, tag="v2", revision="no-such-branch")
    api.delete_tag(repo, tag="v1")
    assert {ref.name for ref in api.list_repo_refs(repo).tags} == {"v1.1"}


def squash() -> None:
    repo = repository("squash")
    for number in range(3):
        add(repo, {f"{number}.bin": bytes([number]) * 100})
    assert len(api.list_repo_commits(repo)) == 4
    api.super_squash_history(repo, commit_message="one for all")
    (only,) = api.list_repo_commits(repo)
    assert only.title == "one for all"
    assert [read(repo, f"{number}.bin") for number in range(3)] == [
        bytes([number]) * 100 for number in range(3)
    ]


def pull_request() -> None:
    """A stranger's proposal: two commits, seen at their ref and not on main until the owner merges it."""
    repo = repository("pull")
    weights = os.urandom(3000)
    theirs = api.upload_file(
        path_or_fileobj=weights,
        path_in_repo="w.bin",
        repo_id=repo,
        create_pr=True,
        commit_message="weights",
        token=YOU_TOKEN,
    )
    assert theirs.pr_num is not None
    ref = theirs.pr_revision
    assert ref == f"refs/pr/{theirs.pr_num}"
    add(repo, {"b.txt": b"b"}, revision=ref, token=YOU_TOKEN)
    assert paths(repo) == set()
    assert paths(repo, revision=ref) == {"w.bin", "b.txt"}
    assert read(repo, "w.bin", revision=ref) == weights
    request = api.get_discussion_details(repo, theirs.pr_num)
    assert (request.title, request.status, request.author, request.is_pull_request) == (
        "weights",
        "open",
        YOU,
        True,
    )
    assert [event.type for event in request.events].count("commit") == 2
    assert ref in {
        one.ref for one in api.list_repo_refs(repo, include_pull_requests=True).pull_requests or []
    }


def merge() -> None:
    repo = repository("merge")
    opened = api.create_pull_request(repo, "from the outside", description="please", token=YOU_TOKEN)
    assert opened.status == "draft"
    ref = f"refs/pr/{opened.num}"
    add(repo, {"theirs.txt": b"t"}, revision=ref, token=YOU_TOKEN)
    add(repo, {"ours.txt": b"o"})
    with refused(403):
        api.merge_pull_request(repo, opened.num, token=YOU_TOKEN)
    if api.get_discussion_details(repo, opened.num).status == "draft":
        api.change_discussion_status(repo, opened.num, "open")
    api.merge_pull_request(repo, opened.num, comment="thanks")
    assert api.get_discussion_details(repo, opened.num).status == "merged"
    assert {path: read(repo, path) for path in paths(repo)} == {"theirs.txt": b"t", "ours.txt": b"o"}
    with refused(403):
        add(repo, {"late.txt": b"l"}, revision=ref, token=YOU_TOKEN)
