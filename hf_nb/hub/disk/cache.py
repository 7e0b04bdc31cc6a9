"""The local cache: what is there, what stays, what goes. It is the official library's; `hf cache` sees the same.

hf_nb.cache.status()                       by commit: size, last used, pinned, whole or not
hf_nb.cache.pin("owner/name")              stays, whatever the budget says
hf_nb.cache.trim("20GB", dry_run=True)     the longest unused goes until this much is left
hf_nb.cache.verify("owner/name")           every file against its checksum, without a network
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput, NotFound
from hf_nb.hub.address import Address
from hf_nb.hub.disk import checksum, in_use, pins, shelf
from hf_nb.hub.ids import ORDER, which
from hf_nb.plumbing.session import Session, current
from hf_nb.values import CachedRevision, CacheStatus, Trimmed

if TYPE_CHECKING:
    from hf_nb.hub.disk.shelf import Shelf

states = shelf.states
_SIZE = re.compile(r"(?i)([\d_.,]+)\s*([kmgt]?)i?b?")
_STEPS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def status(
    repo: str | None = None, *, kind: str | None = None, verify: bool = False, session: Session | None = None
) -> CacheStatus:
    """What is in the cache, the last used first; with `verify` every file is compared with its checksum."""
    session = session or current()
    with session.span("cache.status", verify=verify):
        found = shelf.scan(session)
        rows = _matching(found, repo, kind)
        if verify:
            rows = [_verified(row) for row in rows]
        return CacheStatus(
            revisions=tuple(rows),
            folder=str(found.folder),
            size=sum(row.size for row in rows) if repo else found.size,
            free=_room(found.folder),
            budget=session.settings.cache_budget,
            parts=found.parts,
            of=rows[0].id if repo else "",
            verified=sum(row.files for row in rows) if verify else None,
        )


def verify(
    repo: str | None = None, *, kind: str | None = None, session: Session | None = None
) -> CacheStatus:
    """Compare files with their checksums, which are their names in the cache: nothing is asked of the Hub."""
    return status(repo, kind=kind, verify=True, session=session)


def pin(
    repo: str, *, kind: str | None = None, revision: str | None = None, session: Session | None = None
) -> CacheStatus:
    """Let a repository, or one revision of it, stay in the cache whatever the budget says."""
    session = session or current()
    for row in _there(repo, kind, revision, session):
        pins.add(pins.name(Address(row.kind, row.repo), row.commit if revision else None))
    return status(repo, kind=kind, session=session)


def unpin(
    repo: str, *, kind: str | None = None, revision: str | None = None, session: Session | None = None
) -> CacheStatus:
    """Let it go again when room is needed. Without a revision every pin of the repository is taken out."""
    session = session or current()
    meant = which(repo, kind, revision, session)
    names = {f"{one}/{meant.id}" for one in ((meant.kind,) if meant.kind else ORDER)}
    gone = [one for one in pins.read() if one.partition("@")[0] in names and _is_of(one, meant.revision)]
    if not gone:
        raise NotFound(f"{repo} is not pinned.", "Pinned ones: %hf cache status")
    pins.remove(*gone)
    return status(repo, kind=kind, session=session)


def trim(to: str | int | None = None, *, dry_run: bool = False, session: Session | None = None) -> Trimmed:
    """Remove what was used longest ago, until the cache is this small ("20GB"; without a size: the setting's)."""
    session = session or current()
    budget = size_in(to) if to is not None else session.settings.cache_budget
    if to is None and not budget:
        raise BadInput("Down to which size?", "%hf cache trim 20GB, or set hf_nb.settings().cache_budget")
    with session.span("cache.trim", dry_run=dry_run) as span:
        trimmed = _trim(shelf.scan(session), budget, dry_run=dry_run)
        span.set(freed=trimmed.freed, revisions=len(trimmed))
        return trimmed


def keep_to_budget(session: Session) -> str:
    """After a pull: inside the setting's budget again; a sentence about what went, if something did."""
    budget = session.settings.cache_budget
    if not budget:
        return ""
    from hf_nb.render import units

    trimmed = trim(budget, session=session)
    said = []
    if trimmed.freed:
        said.append(f"{units.size(trimmed.freed)} unused longest were removed (cache_budget).")
    if not trimmed.enough:
        over = f"The cache is {units.size(trimmed.size)}, over its budget of {units.size(budget)}:"
        said.append(f"{over} the rest is pinned or in use.")
    return " ".join(said)


def size_of() -> int:
    """Bytes in the cache."""
    return shelf.scan(current()).size


def size_in(words: str | int) -> int:
    """Bytes: 20GB, 500 MB, 1_000_000."""
    if isinstance(words, int) and not isinstance(words, bool) and words >= 0:
        return words
    found = _SIZE.fullmatch(str(words).strip())
    try:
        assert found
        return int(float(found[1].replace(",", ".").replace("_", "")) * _STEPS[found[2].lower()])
    except (AssertionError, ValueError):
        raise BadInput(f"{words!r} is not a size.", "Sizes: 20GB, 500MB") from None


def _trim(found: Shelf, budget: int, *, dry_run: bool) -> Trimmed:
    """The longest unused first. A content that several commits share goes with the last of them."""
    size, gone, kept = found.size, [], []
    holders = Counter(path for contents in found.contents.values() for path in contents)
    for row in sorted(found.rows, key=lambda row: row.used.timestamp() if row.used else 0.0):
        if size <= budget:
            break
        if row.pinned or row.in_use or row.state in ("loading", "damaged"):
            kept.append(_with_reason(row))
            continue
        repo = found.repo(row)
        if not dry_run and not _remove(repo, row):
            kept.append(replace(row, in_use=True, note="being pulled, or just changed"))
            continue
        contents = found.contents[repo, row.commit]
        holders.subtract(contents.keys())
        alone = sum(bytes_ for path, bytes_ in contents.items() if not holders[path])
        size -= alone if row.commit else row.size
        gone.append(row)
    return Trimmed(
        revisions=tuple(gone),
        freed=found.size - size,
        size=size,
        budget=budget,
        dry_run=dry_run,
        kept=tuple(kept) if size > budget else (),
    )


def _remove(repo: Path, row: CachedRevision) -> bool:
    """Delete one commit, or what a broken-off download left; False where somebody is at it."""
    with in_use.alone(repo) as free:
        if not free:
            return False
        if not row.commit:
            for part in (repo / "blobs").glob(f"*{shelf.PART}"):
                part.unlink(missing_ok=True)
            return True
        now = shelf.one(repo)
        commits = {revision.commit_hash for one in now.repos for revision in one.revisions} if now else set()
        if now and row.commit in commits:
            now.delete_revisions(row.commit).execute()
        return True


def _with_reason(row: CachedRevision) -> CachedRevision:
    if row.pinned:
        return replace(row, note="pinned")
    return replace(row, note=row.note or "this session works with it") if row.in_use else row


def _verified(row: CachedRevision) -> CachedRevision:
    if row.state == "damaged" or not row.commit:
        return row
    root = Path(row.path)
    broken = [path for path in _all_of(root) if _is_broken(path)]
    if broken:
        with in_use.settled(root.parent.parent):  # what is being evicted looks broken on its way out
            broken = [path for path in broken if _is_broken(path)]
    if not broken:
        return row
    names = ", ".join(path.relative_to(root).as_posix() for path in broken)
    heal = f"%hf pull {row.id} --revision {row.commit} --verify"
    return replace(row, state="damaged", note=f"{names}. To heal it: {heal}")


def _is_broken(path: Path) -> bool:
    try:
        return path.is_symlink() and not checksum.sound(path, _content(path).name)
    except FileNotFoundError:  # gone meanwhile
        return False


def _all_of(root: Path) -> list[Path]:
    try:
        return sorted(root.rglob("*"))
    except FileNotFoundError:  # gone meanwhile
        return []


def _content(path: Path) -> Path:
    """Its first link: a content of the cache, named by its checksum, may itself lead on to a shared store."""
    return path.parent / path.readlink()


def _matching(found: Shelf, repo: str | None, kind: str | None) -> list[CachedRevision]:
    if repo is None:
        return [row for row in found.rows if kind is None or row.kind == kind]
    meant = which(repo, kind)
    rows = [row for row in found.rows if row.repo == meant.id and meant.kind in (None, row.kind)]
    if not rows:
        raise NotFound(f"Nothing of {repo} is in the cache.", f"%hf pull {repo}")
    return rows


def _there(repo: str, kind: str | None, revision: str | None, session: Session) -> Iterable[CachedRevision]:
    revision = which(repo, kind, revision, session).revision
    rows = _matching(shelf.scan(session), repo, kind)
    chosen = [
        row
        for row in rows
        if revision is None
        or revision in row.refs
        or (len(revision) >= 7 and row.commit.startswith(revision))
    ]
    if not chosen:
        here = ", ".join(sorted({ref for row in rows for ref in row.refs} | {row.commit[:7] for row in rows}))
        raise NotFound(f"{repo} is not in the cache at {revision}.", f"Here: {here}")
    return chosen


def _is_of(pin_: str, revision: str | None) -> bool:
    commit = pin_.partition("@")[2]
    return revision is None or (len(revision) >= 7 and commit.startswith(revision))


def _room(folder: Path) -> int | None:
    import shutil

    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
