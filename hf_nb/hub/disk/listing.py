"""What a repository holds at one commit: asked of the Hub, or read from the cache where nobody answers.

The revision is decided here, once: a caller's, the lock's, or the branch a repository is shown at.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import Busy, Passing
from hf_nb.hub.address import Address, asked
from hf_nb.hub.client import api
from hf_nb.hub.ids import ORDER, which
from hf_nb.hub.translate import translated

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session
    from hf_nb.values import Kind

DEFAULT = "main"
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Listed:
    """One file, with git's name of it; `sha256` where it is a large one."""

    path: str
    size: int
    oid: str
    sha256: str | None = None
    xet: str | None = None

    @property
    def etag(self) -> str:
        """What its content is called in the cache: a checksum, either way."""
        return self.sha256 or self.oid


@dataclass(frozen=True)
class Listing:
    """A repository at a commit; `found` is what the Hub says of it, None where it was not asked."""

    address: Address
    revision: str
    commit: str
    files: tuple[Listed, ...]
    found: Any = None
    note: str = ""


def listed(
    repo: str, kind: str | None, revision: str | None, session: Session, folder: Path | None
) -> Listing:
    """The files of `repo`; a commit that is known here costs no request."""
    meant = which(repo, kind, revision, session)
    bare, only, revision = meant.id, meant.kind, meant.revision
    if only and (locked := session.ledger.pinned(only, bare, revision)):
        revision = locked
    if revision and COMMIT.fullmatch(revision) and (known := _known(bare, only, revision, folder)):
        return known
    try:
        address, found = asked(
            repo, kind, session, lambda hub, one: hub.repo_info(one.id, repo_type=one.kind, revision=revision)
        )
        commit = found.sha or ""
        if not COMMIT.fullmatch(commit):  # it becomes the name of a folder
            raise Busy(f"The Hub names no commit of {address}.", "Try again in a minute.")
        files = _cached_tree(address, commit, folder) or _tree(address, commit, session)
    except Passing as silence:
        if known := _known(bare, only, revision or DEFAULT, folder):
            return replace(known, note=f"{silence.problem} What is here was taken.")
        raise
    return Listing(address, revision or DEFAULT, commit, files, found)


def remember(listing: Listing, folder: Path | None) -> None:
    """Leave the listing where the official library looks for it."""
    # Private, and held to in tests/hub/test_pull.py: without it every pull would list twice.
    from huggingface_hub._tree_cache import TreeCacheEntry, write_tree_cache

    home = _home(listing.address, folder)
    if not (home / "trees" / f"{listing.commit}.json").is_file():
        entries = {
            one.path: TreeCacheEntry(
                size=one.size,
                blob_id=one.oid,
                lfs_sha256=one.sha256,
                lfs_size=one.size if one.sha256 else None,
                xet_hash=one.xet,
            )
            for one in listing.files
        }
        write_tree_cache(str(home), listing.commit, entries)


def refer(listing: Listing, folder: Path | None) -> None:
    """Let the branch lead to its commit, once something of that commit is here: the library calls less damaged."""
    from huggingface_hub.file_download import _cache_commit_hash_for_specific_revision

    if folder is None and listing.found is not None:
        home = str(storage(listing.address))
        with contextlib.suppress(OSError):  # a cache one may only read
            _cache_commit_hash_for_specific_revision(home, listing.revision, listing.commit)


def storage(address: Address) -> Path:
    """A repository's folder in the cache."""
    from huggingface_hub.file_download import repo_folder_name

    return cache_folder() / repo_folder_name(repo_id=address.id, repo_type=address.kind)


def cache_folder() -> Path:
    """The official library's cache: hf_nb has none of its own."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE).expanduser().resolve()


def _home(address: Address, folder: Path | None) -> Path:
    return storage(address) if folder is None else folder / ".cache" / "huggingface"


def _known(bare: str, only: Kind | None, revision: str, folder: Path | None) -> Listing | None:
    for kind in (only,) if only else ORDER:
        address = Address(kind, bare)
        commit = revision if COMMIT.fullmatch(revision) else _ref(address, revision)
        if commit and (files := _cached_tree(address, commit, folder)):
            return Listing(address, revision, commit, files)
    return None


def _ref(address: Address, revision: str) -> str | None:
    try:
        home = storage(address)
        path = (home / "refs" / revision).resolve()
        return path.read_text(encoding="utf-8").strip() if home.resolve() in path.parents else None
    except (OSError, ValueError):
        return None


def _cached_tree(address: Address, commit: str, folder: Path | None) -> tuple[Listed, ...]:
    # The public reader of this file leaves the checksums of large files out.
    from huggingface_hub._tree_cache import read_tree_cache

    known = read_tree_cache(str(_home(address, folder)), commit) or {}
    return tuple(
        Listed(path, one.lfs_size or one.size, one.blob_id, one.lfs_sha256, one.xet_hash)
        for path, one in known.items()
    )


def _tree(address: Address, commit: str, session: Session) -> tuple[Listed, ...]:
    from huggingface_hub.hf_api import RepoFile

    with translated(str(address), session.settings):
        tree = api(session).list_repo_tree(
            address.id, repo_type=address.kind, revision=commit, recursive=True
        )
        return tuple(_one(entry) for entry in tree if isinstance(entry, RepoFile))


def _one(entry: Any) -> Listed:
    large = entry.lfs
    return Listed(
        entry.path,
        large.size if large else entry.size,
        entry.blob_id,
        large.sha256 if large else None,
        entry.xet_hash,
    )
