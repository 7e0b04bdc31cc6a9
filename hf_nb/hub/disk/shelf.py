"""The cache as it lies on the disk: the official library's scan, and what that leaves out.

scan     every commit of every repository, as rows       states   of single repositories, without a scan
one      one repository, again, under a lock
"""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.hub.address import Address
from hf_nb.hub.disk import in_use, pins
from hf_nb.hub.disk.listing import cache_folder
from hf_nb.values import CachedRevision

if TYPE_CHECKING:
    from huggingface_hub import CachedRepoInfo, CachedRevisionInfo, HFCacheInfo

    from hf_nb.plumbing.session import Session
    from hf_nb.values import CacheState, Kind

_FOLDERS: dict[str, Kind] = {"models": "model", "datasets": "dataset", "spaces": "space"}
PART = ".incomplete"
TRIES = 10


@dataclass
class Shelf:
    """A scan. `contents` are the paths of each commit's bytes with their sizes: commits share some."""

    folder: Path
    rows: list[CachedRevision] = field(default_factory=list)
    contents: dict[tuple[Path, str], dict[Path, int]] = field(default_factory=dict)
    repos: dict[int, Path] = field(default_factory=dict)
    size: int = 0
    parts: int = 0

    def add(self, row: CachedRevision, repo: Path, contents: dict[Path, int] | None = None) -> None:
        """One more row."""
        self.contents[repo, row.commit] = contents or {}
        self.repos[id(row)] = repo
        self.rows.append(row)

    def repo(self, row: CachedRevision) -> Path:
        """The folder of the row's repository."""
        return self.repos[id(row)]


def scan(session: Session) -> Shelf:
    """Everything there is, the last used first."""
    folder = cache_folder()
    shelf = Shelf(folder)
    info = _scanned(folder)
    if info is None:
        return shelf
    known, kept = pins.read(), in_use.kept(session)
    parts, read = _parts(info), {repo.repo_path for repo in info.repos}
    for repo in info.repos:
        if address := _address(repo.repo_path):
            _rows(shelf, repo, address, parts.pop(repo.repo_path, {}), known, kept)
    for path in sorted(folder.iterdir()):
        if (address := _address(path)) and path not in read:
            begun = parts.pop(path, {})
            again = _read_again(path)
            if again:
                _rows(shelf, again, address, begun, known, kept)
            elif path.is_dir():
                _unread(shelf, path, address, info, begun)
    shelf.parts = info.incomplete_size_on_disk
    shelf.size = info.size_on_disk + shelf.parts
    shelf.rows.sort(key=lambda row: (-(row.used.timestamp() if row.used else 0), row.id, row.commit))
    return shelf


def _scanned(folder: Path) -> HFCacheInfo | None:
    """The library's scan, which stumbles over what another process removes under it."""
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    for left in reversed(range(TRIES)):
        try:
            return scan_cache_dir(folder)
        except CacheNotFound:
            return None
        except FileNotFoundError:
            if not left:
                raise
    return None


def _read_again(path: Path) -> CachedRepoInfo | None:
    """What is being evicted or begun looks damaged for a moment."""
    if not (path / "snapshots").is_dir():
        return None
    with in_use.settled(path):
        found = one(path)
    return next(iter(found.repos)) if found else None


def one(repo: Path) -> HFCacheInfo | None:
    """One repository as it is now, in the form that the library deletes from; None where it cannot be read."""
    from huggingface_hub import HFCacheInfo
    from huggingface_hub.errors import CorruptedCacheException

    # The public scan reads the whole cache, and the lock on a repository should be short.
    from huggingface_hub.utils._cache_manager import _scan_cached_repo

    try:
        found = _scan_cached_repo(repo)
    except (CorruptedCacheException, OSError):
        return None
    return HFCacheInfo(found.size_on_disk, frozenset({found}), frozenset(), [], repo.parent)


def states(ids: Iterable[str], kind: Kind = "model") -> dict[str, CacheState]:
    """How each repository stands, for a list of search results: a look at two folders each, remembered."""
    from huggingface_hub.file_download import repo_folder_name

    folder = cache_folder()
    return {id: _state(folder / repo_folder_name(repo_id=id, repo_type=kind)) for id in ids}


_seen: dict[Path, tuple[tuple[int, int], CacheState]] = {}


def _state(repo: Path) -> CacheState:
    try:
        when = (repo / "snapshots").stat().st_mtime_ns, (repo / "blobs").stat().st_mtime_ns
    except OSError:
        when = (0, 0)
    if when == (0, 0):
        return _going_on(repo) if _has_parts(repo) else "available"
    before = _seen.get(repo)
    if before and before[0] == when and before[1] == "cached":
        return "cached"
    found: CacheState = _going_on(repo) if _has_parts(repo) else "cached"
    if found == "cached" and not any((repo / "snapshots").iterdir()):
        found = "available"
    _seen[repo] = when, found
    return found


def _has_parts(repo: Path) -> bool:
    with contextlib.suppress(OSError):
        return any(path.name.endswith(PART) for path in (repo / "blobs").iterdir())
    return False


def _going_on(repo: Path) -> CacheState:
    return "loading" if in_use.busy(repo) else "partial"


def _address(path: Path) -> Address | None:
    prefix, _, rest = path.name.partition("--")
    kind = _FOLDERS.get(prefix)
    return Address(kind, rest.replace("--", "/")) if kind and rest and path.is_dir() else None


def _parts(info: HFCacheInfo) -> dict[Path, dict[str, int]]:
    """What broken-off downloads left, by repository and content."""
    found: dict[Path, dict[str, int]] = defaultdict(dict)
    for part in info.incomplete_files:
        etag = part.file_path.name.partition(".")[0]
        found[part.file_path.parent.parent][etag] = part.size_on_disk
    return found


def _rows(
    shelf: Shelf,
    repo: CachedRepoInfo,
    address: Address,
    parts: dict[str, int],
    known: frozenset[str],
    kept: frozenset[tuple[str, str, str]],
) -> None:
    going_on = _going_on(repo.repo_path) if parts else "cached"
    for revision in repo.revisions:
        mine = _etags(repo.repo_path, revision.commit_hash) & parts.keys() if parts else set()
        row = CachedRevision(
            kind=address.kind,
            repo=address.id,
            commit=revision.commit_hash,
            refs=tuple(sorted(revision.refs)),
            size=revision.size_on_disk,
            files=revision.nb_files,
            used=_used(revision),
            state=going_on if mine else "cached",
            pinned=pins.pinned(address, revision.commit_hash, known),
            in_use=(address.kind, address.id, revision.commit_hash) in kept or going_on == "loading",
            note=f"{len(mine)} files on their way" if mine else "",
            path=str(revision.snapshot_path),
        )
        for etag in mine:
            parts.pop(etag)
        shelf.add(row, repo.repo_path, {file.blob_path: file.size_on_disk for file in revision.files})
    if parts:
        shelf.add(_broken_off(repo.repo_path, address, parts), repo.repo_path)


def _unread(shelf: Shelf, path: Path, address: Address, info: HFCacheInfo, parts: dict[str, int]) -> None:
    """What the library would not list: begun and broken off, or damaged."""
    if not (path / "snapshots").is_dir():
        if parts:
            shelf.add(_broken_off(path, address, parts), path)
        return
    why = next((str(one) for one in info.warnings if str(path) in str(one)), "it cannot be read")
    size, used = 0, None
    with contextlib.suppress(FileNotFoundError):
        used = _time(path.stat().st_mtime)
        size = sum(file.stat().st_size for file in (path / "blobs").glob("*") if file.is_file())
    row = CachedRevision(
        kind=address.kind,
        repo=address.id,
        commit="",
        refs=(),
        size=size,
        files=0,
        used=used,
        state="damaged",
        note=why.partition(": ")[0].rstrip("."),
        path=str(path),
    )
    shelf.add(row, path)


def _broken_off(path: Path, address: Address, parts: dict[str, int]) -> CachedRevision:
    state = _going_on(path)
    return CachedRevision(
        kind=address.kind,
        repo=address.id,
        commit="",
        refs=(),
        size=sum(parts.values()),
        files=len(parts),
        used=_time(max(_written(path), default=0.0)),
        state=state,
        in_use=state == "loading",
        note="begun, not finished",
        path=str(path),
    )


def _written(path: Path) -> Iterator[float]:
    for part in (path / "blobs").glob(f"*{PART}"):
        with contextlib.suppress(OSError):
            yield part.stat().st_mtime


def _used(revision: CachedRevisionInfo) -> datetime | None:
    times = [max(file.blob_last_accessed, file.blob_last_modified) for file in revision.files]
    return _time(max(times, default=revision.last_modified))


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _etags(repo: Path, commit: str) -> set[str]:
    """What the contents of a commit are called, if its listing is kept."""
    try:
        files: dict[str, Any] = json.loads((repo / "trees" / f"{commit}.json").read_text("utf-8"))["files"]
        return {str(one.get("lfs_sha256") or one["blob_id"]) for one in files.values()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()
