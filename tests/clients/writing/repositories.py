"""Repositories made, moved, changed, copied and deleted."""

from __future__ import annotations

from huggingface_hub.errors import RepositoryNotFoundError

from tests.clients.people import LAB, ME, YOU, YOU_TOKEN
from tests.clients.writing.client import api, paths, read, refused, repository, unused


def create() -> None:
    wanted = unused("create")
    made = api.create_repo(wanted)
    assert made.repo_id == wanted
    assert api.model_info(wanted).author == ME
    assert api.list_repo_files(wanted) == [".gitattributes"]
    with refused(409):
        api.create_repo(wanted)
    assert str(api.create_repo(wanted, exist_ok=True)) == str(made)
    with refused(409):
        api.create_repo(wanted.upper().replace("ME/", "me/"))
    # a name alone is the caller's own; an organisation's members may create there
    assert api.create_repo(wanted.partition("/")[2] + "-x").repo_id == f"{wanted}-x"
    assert api.create_repo(unused("create", LAB), token=YOU_TOKEN).repo_id.startswith(f"{LAB}/")


def create_private() -> None:
    mine = repository("private", private=True)
    assert api.model_info(mine).private
    assert mine in {one.id for one in api.list_models(author=ME)}
    assert mine not in {one.id for one in api.list_models(author=ME, token=YOU_TOKEN)}
    with refused(404, RepositoryNotFoundError):
        api.model_info(mine, token=YOU_TOKEN)


def create_space() -> None:
    for sdk in ("gradio", "static", "docker"):
        space = repository("space", "space", space_sdk=sdk)
        assert api.space_info(space).sdk == sdk
        assert f"sdk: {sdk}\n".encode() in read(space, "README.md", repo_type="space")
    assert api.get_space_runtime(space).stage == "NO_APP_FILE"


def create_dataset() -> None:
    rows = repository("rows", "dataset")
    assert api.dataset_info(rows).id == rows
    assert not api.repo_exists(rows)
    assert api.create_repo(rows).repo_id == rows  # a model and a dataset may have the same name
    assert b"*.wav filter=lfs" in read(rows, ".gitattributes", repo_type="dataset")


def delete() -> None:
    gone = repository("delete")
    api.upload_file(path_or_fileobj=b"soon gone", path_in_repo="a.txt", repo_id=gone)
    api.delete_repo(gone)
    assert not api.repo_exists(gone)
    with refused(404, RepositoryNotFoundError):
        api.delete_repo(gone)
    api.delete_repo(gone, missing_ok=True)
    api.create_repo(gone)
    assert paths(gone) == set()


def move() -> None:
    old, new = repository("old"), unused("new", LAB)
    api.upload_file(path_or_fileobj=b"came along", path_in_repo="a.txt", repo_id=old)
    api.move_repo(old, new)
    assert api.model_info(old).id == new
    assert read(old, "a.txt") == read(new, "a.txt") == b"came along"
    api.upload_file(path_or_fileobj=b"by its old name", path_in_repo="b.txt", repo_id=old)
    assert read(new, "b.txt") == b"by its old name"
    taken = repository("taken")
    with refused(409):
        api.move_repo(new, taken)
    with refused(403):
        api.move_repo(new, unused("new", YOU))


def settings() -> None:
    one = repository("settings")
    api.update_repo_settings(one, gated="manual")
    assert api.model_info(one).gated == "manual"
    api.update_repo_settings(one, gated=False, private=True)
    info = api.model_info(one)
    assert (info.gated, info.private) == (False, True)
    api.update_repo_settings(one, visibility="public")
    assert api.model_info(one, token=False).private is False


def duplicate() -> None:
    one = repository("original")
    api.upload_file(path_or_fileobj=b"\0large" * 1000, path_in_repo="w.bin", repo_id=one)
    copy = api.duplicate_repo(one, unused("copy", YOU), token=YOU_TOKEN).repo_id
    assert read(copy, "w.bin") == read(one, "w.bin") == b"\0large" * 1000
    api.upload_file(path_or_fileobj=b"of its own", path_in_repo="w.bin", repo_id=copy, token=YOU_TOKEN)
    assert read(copy, "w.bin") == b"of its own"
    assert read(one, "w.bin") == b"\0large" * 1000
    with refused(409):
        api.duplicate_repo(one, copy, token=YOU_TOKEN)
    assert api.duplicate_repo(one, copy, token=YOU_TOKEN, exist_ok=True).repo_id == copy
