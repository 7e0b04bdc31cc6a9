"""Large files that are there already: copied to another repository, taken out of a history."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import Any

import pytest
from huggingface_hub import CommitOperationCopy
from huggingface_hub.errors import HfHubHTTPError

from tests.clients.writing.client import api, paths, read, repository


def copy() -> None:
    source, target = repository("source"), repository("target")
    weights = os.urandom(60_000)
    api.upload_file(path_or_fileobj=weights, path_in_repo="sub/w.bin", repo_id=source)
    api.upload_file(path_or_fileobj=b"small", path_in_repo="sub/a.txt", repo_id=source)
    from_there: dict[str, Any] = {"src_repo_id": source, "src_repo_type": "model"}
    api.create_commit(
        target, [CommitOperationCopy("sub/a.txt", "copy.txt", **from_there)], commit_message="from there"
    )
    assert read(target, "copy.txt") == b"small"
    # the client asks for a large file's Xet hash, which a Hub that serves files over plain HTTP does not tell
    with pytest.raises(ValueError, match="file has no xet hash"):
        api.create_commit(
            target, [CommitOperationCopy("sub/w.bin", "copy.bin", **from_there)], commit_message="from there"
        )
    assert paths(target) == {"copy.txt"}


def erase() -> None:
    repo = repository("erase")
    old, kept = os.urandom(5000), os.urandom(5000)
    for content in (old, kept):
        api.upload_file(path_or_fileobj=content, path_in_repo="w.bin", repo_id=repo)
    api.upload_file(path_or_fileobj=b"a", path_in_repo="a.txt", repo_id=repo)
    first = api.list_repo_commits(repo)[2].commit_id
    assert read(repo, "w.bin", revision=first) == old
    sha256 = hashlib.sha256(old).hexdigest()
    both = list(api.list_lfs_files(repo))
    assert len(both) == 2
    api.permanently_delete_lfs_files(repo, [one for one in both if sha256 in (one.file_oid, one.oid)])
    assert len(list(api.list_lfs_files(repo))) == 1
    assert read(repo, "w.bin") == kept
    assert read(repo, "a.txt") == b"a"
    for commit in api.list_repo_commits(repo):
        with suppress(HfHubHTTPError):
            assert read(repo, "w.bin", revision=commit.commit_id) == kept
    with pytest.raises(HfHubHTTPError):
        read(repo, "w.bin", revision=first)
