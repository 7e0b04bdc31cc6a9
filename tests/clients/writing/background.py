"""Writes that happen while the caller does something else."""

from __future__ import annotations

import json

from huggingface_hub import CommitScheduler

from tests.clients.writing.client import api, folder_of, paths, read, repository, unused


def scheduler() -> None:
    where = folder_of({"log/first.jsonl": b'{"n": 1}\n'})
    repo = unused("scheduled")
    with CommitScheduler(
        repo_id=repo, folder_path=where, every=60, repo_type="dataset", path_in_repo="data", private=True
    ) as writing:
        writing.trigger().result(30)
        assert read(repo, "data/log/first.jsonl", repo_type="dataset") == b'{"n": 1}\n'
        with writing.lock, (where / "log/first.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"n": 2}) + "\n")
    # leaving pushed what was new
    assert read(repo, "data/log/first.jsonl", repo_type="dataset") == b'{"n": 1}\n{"n": 2}\n'


def future() -> None:
    repo = repository("future")
    soon = [
        api.upload_file(
            path_or_fileobj=str(number).encode(),
            path_in_repo=f"{number}.txt",
            repo_id=repo,
            run_as_future=True,
        )
        for number in range(3)
    ]
    soon.append(api.upload_folder(folder_path=folder_of({"x.bin": b"\0x"}), repo_id=repo, run_as_future=True))
    ids = [one.result(30).oid for one in soon]
    assert [commit.commit_id for commit in api.list_repo_commits(repo)][:4] == ids[::-1]
    assert paths(repo) == {"0.txt", "1.txt", "2.txt", "x.bin"}
    assert api.run_as_future(api.model_info, repo).result(30).sha == ids[-1]
