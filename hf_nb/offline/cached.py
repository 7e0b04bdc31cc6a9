"""The user's own cache, shown on a Hub as the repositories it came from: nothing is copied, contents are read in place.

bring(store, cache_folder)      -> ids of what is there now

A cache knows a repository as far as it was fetched: its files of each revision, under the commits' real ids. Ids from
before namespaces (`gpt2`) become `cached/gpt2`, to which the old id leads.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput, HfNbError
from hf_nb.offline import changes, history, repos
from hf_nb.offline.blobs import Blob, Blobs
from hf_nb.offline.store import Store

if TYPE_CHECKING:
    from huggingface_hub import CachedRepoInfo, CachedRevisionInfo

NAMELESS = "cached"
_NAMES = {40: "sha1", 64: "sha256"}
_HEX = re.compile(r"[0-9a-f]+")


def bring(store: Store, folder: Path | None = None) -> list[str]:
    """Every model, dataset and Space of a cache; ids that this Hub has already stay as they are."""
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        found = scan_cache_dir(folder)
    except CacheNotFound:
        return []
    return [id for repo in sorted(found.repos, key=lambda repo: repo.repo_id) if (id := _bring(store, repo))]


def _bring(store: Store, repo: "CachedRepoInfo") -> str | None:
    id = repo.repo_id if "/" in repo.repo_id else f"{NAMELESS}/{repo.repo_id}"
    if repo.repo_type not in repos.TYPES or store.repo_exists(repo.repo_type, id):
        return None
    revisions = [(one, files) for one in _oldest_first(repo.revisions) if (files := _files(store.blobs, one))]
    if not revisions:
        return None
    try:
        with store.database.writing():
            _write(store, repo, id, revisions)
    except HfNbError:
        return None  # an id or a path that no Hub would take: the cache may hold anything
    return id


def _write(
    store: Store,
    repo: "CachedRepoInfo",
    id: str,
    revisions: list[tuple["CachedRevisionInfo", dict[str, Blob]]],
) -> None:
    if repo.repo_type not in repos.TYPES:
        raise BadInput(f"{repo.repo_type!r} is no type of a repository.")
    began = datetime.fromtimestamp(min(one.last_modified for one, _ in revisions), UTC)
    rid = store.create_repo(repo.repo_type, id, created_at=began)
    with store.database.writing() as sql:
        sql.execute("DELETE FROM refs WHERE rid = ?", (rid,))
        for one, files in revisions:
            _commit(store, rid, id, one, files)
        for one, _ in revisions:
            for name in one.refs - {"main"}:
                ref = name if name.startswith("refs/") else f"refs/heads/{name}"
                history.set_ref(sql, rid, ref, one.commit_hash)
        store.describe(rid)
    if "/" not in repo.repo_id:
        store.alias(repo.repo_type, repo.repo_id, id)


def _commit(store: Store, rid: int, id: str, revision: "CachedRevisionInfo", files: dict[str, Blob]) -> None:
    with store.database.writing() as sql:
        changes.remember(sql, files.values())
        when = datetime.fromtimestamp(revision.last_modified, UTC)
        changes.register(sql, rid, files.values(), when)
        history.add(
            sql,
            rid,
            {history.checked_path(path): blob.oid for path, blob in files.items()},
            message="As cached",
            author=id.partition("/")[0],
            date=when,
            oid=revision.commit_hash,
        )


def _oldest_first(revisions: Iterable["CachedRevisionInfo"]) -> list["CachedRevisionInfo"]:
    """The newest is what `main` shows; a revision that the cache calls `main` is it, whatever its date."""
    return sorted(revisions, key=lambda one: ("main" in one.refs, one.last_modified, one.commit_hash))


def _files(blobs: Blobs, revision: "CachedRevisionInfo") -> dict[str, Blob]:
    found = {}
    for file in revision.files:
        path = file.file_path.relative_to(revision.snapshot_path).as_posix()
        if blob := _borrowed(blobs, file.blob_path):
            found[path] = blob
    return found


def _borrowed(blobs: Blobs, path: Path) -> Blob | None:
    """A cached content under the name the Hub gave it, which is its digest; the few with other names are read."""
    path = path.resolve()
    kind = _NAMES.get(len(path.name)) if _HEX.fullmatch(path.name) else None
    size = path.stat().st_size
    if kind == "sha256":
        blobs.borrow("sha256", path.name, path)
        return blobs.large(path.name, size)
    if kind == "sha1":
        blobs.borrow("sha1", path.name, path)
        return Blob(path.name, size)
    return blobs.put(path, lfs=size > 0 and size > (1 << 20))
