"""Who may not write, and how they are told."""

from __future__ import annotations

from typing import Any

from huggingface_hub.errors import RepositoryNotFoundError

from tests.clients.people import LAB, ME_TOKEN, READER, READER_TOKEN, YOU_TOKEN
from tests.clients.writing.client import api, paths, refused, repository, unused


def put(repo: str, token: Any, **more: Any) -> None:
    """The smallest write."""
    api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=repo, token=token, **more)


def read_token() -> None:
    with refused(403):
        api.create_repo(unused("roles", READER), token=READER_TOKEN)
    mine = repository("roles")
    with refused(403):
        put(mine, READER_TOKEN)
    with refused(403):
        put(mine, READER_TOKEN, create_pr=True)
    for token in (False, "hf_nobody_has_this"):
        with refused(401):
            put(mine, token)
        with refused(401):
            api.create_repo(unused("roles"), token=token)
    assert paths(mine) == set()


def another_persons() -> None:
    mine = repository("roles")
    with refused(403):
        put(mine, YOU_TOKEN)
    for what in (
        lambda: api.delete_repo(mine, token=YOU_TOKEN),
        lambda: api.update_repo_settings(mine, private=True, token=YOU_TOKEN),
        lambda: api.create_branch(mine, branch="b", token=YOU_TOKEN),
        lambda: api.create_tag(mine, tag="t", token=YOU_TOKEN),
        lambda: api.super_squash_history(mine, token=YOU_TOKEN),
        lambda: api.create_repo(unused("roles"), token=YOU_TOKEN),
    ):
        with refused(403):
            what()
    put(mine, YOU_TOKEN, create_pr=True)
    assert paths(mine) == set()


def private() -> None:
    mine = repository("roles", private=True)
    with refused(404, RepositoryNotFoundError):
        put(mine, YOU_TOKEN)
    with refused(404, RepositoryNotFoundError):
        api.delete_repo(mine, token=YOU_TOKEN)
    with refused(401, RepositoryNotFoundError):
        put(mine, False)
    assert paths(mine) == set()


def organisation() -> None:
    """A contributor changes what they made, an admin everything, a reader nothing."""
    theirs = api.create_repo(unused("roles", LAB), token=YOU_TOKEN).repo_id
    ours = api.create_repo(unused("roles", LAB), token=ME_TOKEN, private=True).repo_id
    put(theirs, YOU_TOKEN)
    put(theirs, ME_TOKEN)
    assert paths(ours, token=YOU_TOKEN) == paths(ours, token=READER_TOKEN) == set()
    with refused(403):
        put(ours, YOU_TOKEN)
    with refused(403):
        put(ours, READER_TOKEN)
