"""The lock: what this session used, written down with commits, checksums and licences, and held to from then on.

lock.write()                       hf.lock beside the notebook; from now on it is held to
lock.update("owner/name")          move one repository (or all) to where the Hub is now
lock.check(online=True)            whether everything is still there, as it was

What holds to it: plumbing/transports/ledger.py, for everything that asks the Hub in this kernel.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hf_nb.errors import BadInput, NotFound, Unauthorized
from hf_nb.hub import ids
from hf_nb.hub.address import Address, about
from hf_nb.hub.client import api
from hf_nb.hub.versions import history
from hf_nb.hub.versions.contents import TEXT_BYTES, Revision, card, text
from hf_nb.plumbing import lockfile, progress
from hf_nb.plumbing.ledger import MAIN, Use, cached, digest_of
from hf_nb.plumbing.lockfile import Asset, Lockfile, Mark
from hf_nb.plumbing.session import Session, current
from hf_nb.values.lock import CheckedRepo, Finding, Level, Lock, LockCheck, LockedRepo

if TYPE_CHECKING:
    from hf_nb.values import Kind

_PATHS_AT_ONCE = 500
_COUNTED = 100


def write(
    *,
    file: str | None = None,
    fresh: bool = False,
    strict: bool | None = None,
    session: Session | None = None,
) -> Lock:
    """Write down what this session used. What the file holds already stays, unless `fresh`."""
    session = session or current()
    with session.span("hub.lock.write") as span, session.ledger.looking():
        path = _path(file, session)
        old = lockfile.read(path) if path.is_file() and not fresh else Lockfile()
        uses = [one for one in map(_whole, session.ledger.uses()) if one.files]
        if not uses and not old.assets:
            raise BadInput(
                "This session has used nothing of the Hub yet, so there is nothing to lock.",
                "Run the cells that load models and datasets, then: %hf lock",
            )
        assets = _merged(old, [_asset(use, old, session) for use in uses])
        new = Lockfile(assets, old.strict if strict is None else strict)
        span.set(assets=len(assets))
        return _written(path, old, new, session)


def update(repo: str | None = None, *, file: str | None = None, session: Session | None = None) -> Lock:
    """Move every repository of the lock, or one, to the commit its name stands for now; a new one is taken in."""
    session = session or current()
    with session.span("hub.lock.update", repo=repo or "all"), session.ledger.looking():
        path = _path(file, session)
        old = lockfile.read(path) if path.is_file() else Lockfile()
        chosen = _chosen(old, repo, session)
        moved: list[Asset] = []
        for one in chosen:
            progress.say(f"Asking the Hub about {one.full} …")
            moved += _moved(one, session)
            session.ledger.drop(one.kind, one.id)
        kept = tuple(one for one in old.assets if one not in chosen)
        return _written(path, old, dataclasses.replace(old, assets=(*kept, *moved)), session)


def read(file: str | None = None, *, session: Session | None = None) -> Lock:
    """What the lock file says."""
    session = session or current()
    path = _path(file, session)
    return _shown(path, lockfile.read(path))


def check(
    *files: str,
    online: bool = False,
    contents: bool = False,
    strict: bool = False,
    session: Session | None = None,
) -> LockCheck:
    """Whether the cached files are the locked ones; `contents`: by their bytes; `online`: also what the Hub has now.

    That the Hub has moved on, or a licence changed, is information; with `strict` it is a failure.
    """
    session = session or current()
    paths = [Path(one) for one in files] or [_path(None, session)]
    checked: list[CheckedRepo] = []
    with session.span("hub.lock.check", files=len(paths)), session.ledger.looking():
        for path in paths:
            for asset in lockfile.read(path / lockfile.NAME if path.is_dir() else path).assets:
                checked.append(_checked(asset, session, online=online, contents=contents, strict=strict))  # noqa: PERF401 -- two loops deep
    return LockCheck(tuple(_name(path) for path in paths), tuple(checked), online)


# -- writing


def _path(file: str | None, session: Session) -> Path:
    if file:
        path = Path(file).expanduser()
        return path / lockfile.NAME if path.is_dir() else path
    return session.ledger.path or Path.cwd() / lockfile.NAME


def _whole(use: Use) -> Use:
    """With what lies in the cache: a file that is there already is loaded without a question that could be noted."""
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.file_download import repo_folder_name

    folder = (
        Path(HF_HUB_CACHE) / repo_folder_name(repo_id=use.id, repo_type=use.kind) / "snapshots" / use.commit
    )
    return dataclasses.replace(use, files={**cached(folder), **use.files})


def _asset(use: Use, old: Lockfile, session: Session) -> Asset:
    """What was used, with what only the Hub can tell: the licence, and checksums nobody has seen."""
    known = next((one for one in old.of(use.kind, use.id) if one.revision == use.commit), None)
    address = Address(_kind(use.kind), use.id)
    files = dict(use.files)
    if known:
        files = {**known.files, **{path: mark for path, mark in files.items() if mark.digest}}
    unseen = [path for path, mark in files.items() if mark.digest is None]
    if unseen:
        files |= _marks(address, use.commit, unseen, session)
    licence = known.licence if known else _licence(address, use.commit, session)
    asked = {*use.asked, *(known.asked if known else ())}
    return Asset(use.kind, known.id if known else use.id, use.commit, tuple(sorted(asked)), licence, files)


def _merged(old: Lockfile, used: Iterable[Asset]) -> tuple[Asset, ...]:
    """The old ones and the used ones; a name that has moved belongs to the one used last."""
    merged: dict[tuple[str, str, str], Asset] = {
        (one.kind, one.id.lower(), one.revision): one for one in old.assets
    }
    for one in used:
        for key, other in list(merged.items()):
            same_repo = key[:2] == (one.kind, one.id.lower()) and other.revision != one.revision
            if same_repo and set(other.asked) & set(one.asked):
                names = tuple(name for name in other.asked if name not in one.asked)
                merged[key] = dataclasses.replace(other, asked=names)
                if not names:
                    del merged[key]
        merged[one.kind, one.id.lower(), one.revision] = one
    return tuple(merged.values())


def _written(path: Path, old: Lockfile, new: Lockfile, session: Session) -> Lock:
    written = lockfile.write(path, new)
    session.ledger.path = path
    return dataclasses.replace(_shown(path, new), written=written, changes=tuple(_changes(old, new)))


def _shown(path: Path, lock: Lockfile) -> Lock:
    repos = tuple(
        LockedRepo(
            _kind(one.kind),
            one.id,
            one.revision,
            one.asked,
            one.licence,
            len(one.files),
            sum(mark.size or 0 for mark in one.files.values()),
        )
        for one in sorted(lock.assets, key=lambda one: (one.kind, one.id, one.revision))
    )
    return Lock(_name(path), repos, lock.strict)


def _changes(old: Lockfile, new: Lockfile) -> Iterator[str]:
    before = {(one.kind, one.id.lower()): one for one in old.assets}
    after = {(one.kind, one.id.lower()): one for one in new.assets}
    for key, one in after.items():
        was = before.get(key)
        if was is None:
            yield f"{one.full}: new, at {one.revision[:12]}"
            continue
        if was.revision != one.revision:
            yield f"{one.full}: {was.revision[:12]} → {one.revision[:12]}"
        if was.licence != one.licence:
            yield f"{one.full}: the licence changed from {was.licence or 'none'} to {one.licence or 'none'}"
        gone = sorted(was.files.keys() - one.files.keys())
        if gone:
            yield f"{one.full}: no longer there: {', '.join(gone[:5])}{' …' if len(gone) > 5 else ''}"
    yield from (f"{one.full}: no longer locked" for key, one in before.items() if key not in after)
    if old.assets and old.strict != new.strict:
        yield "strict: nothing but these" if new.strict else "no longer strict"


# -- moving


def _chosen(old: Lockfile, repo: str | None, session: Session) -> tuple[Asset, ...]:
    if repo is None:
        if not old.assets:
            raise BadInput("There is no lock to update.", "Write one: %hf lock")
        return old.assets
    bare, kind, _ = ids.which(repo, None, None, session)
    found = tuple(
        one for one in old.assets if one.id.lower() == bare.lower() and (kind is None or one.kind == kind)
    )
    return found or (Asset(kind or "model", bare, "0" * 40),)


def _moved(asset: Asset, session: Session) -> list[Asset]:
    """Where the names of an asset stand now; two names may have parted."""
    address = Address(_kind(asset.kind), asset.id)
    by_commit: dict[str, list[str]] = {}
    for name in asset.asked or (MAIN,):
        with about(address, session):
            found = api(session).repo_info(address.id, repo_type=address.kind, revision=name)
        by_commit.setdefault(str(found.sha), []).append(name)
    return [
        Asset(
            asset.kind,
            asset.id,
            commit,
            tuple(sorted(names)),
            _licence(address, commit, session),
            _marks(address, commit, list(asset.files), session),
        )
        for commit, names in by_commit.items()
    ]


def _licence(address: Address, commit: str, session: Session) -> str | None:
    """As the card of that very commit states it: what the Hub says of a repository is said of its main branch."""
    try:
        with about(address, session):
            raw = Revision(address, commit, session).read("README.md", 0, TEXT_BYTES)
    except NotFound as missing:
        if missing.problem.endswith("no such file."):
            return None
        raise
    metadata, _ = card(text(raw) or "")
    stated, name = metadata.get("license"), metadata.get("license_name")
    if stated == "other" and isinstance(name, str):
        return f"other: {name}"
    return ", ".join(map(str, stated)) if isinstance(stated, list) else str(stated) if stated else None


def _marks(address: Address, commit: str, paths: list[str], session: Session) -> dict[str, Mark]:
    """Checksums and sizes as the Hub knows them; what is not there is left out."""
    found: dict[str, Mark] = {}
    for begin in range(0, len(paths), _PATHS_AT_ONCE):
        some = paths[begin : begin + _PATHS_AT_ONCE]
        with about(address, session):
            told = api(session).get_paths_info(address.id, some, revision=commit, repo_type=address.kind)
        for one in told:
            lfs = getattr(one, "lfs", None)
            digest = f"sha256:{lfs.sha256}" if lfs else digest_of(getattr(one, "blob_id", ""))
            found[one.path] = Mark(digest, lfs.size if lfs else getattr(one, "size", None))
    return found


# -- checking


def _checked(asset: Asset, session: Session, *, online: bool, contents: bool, strict: bool) -> CheckedRepo:
    findings: list[Finding] = []
    kind = _kind(asset.kind)
    moving: Level = "failure" if strict else "information"

    def find(what: str, path: str | None = None, level: Level = "failure") -> None:
        findings.append(Finding(level, kind, asset.id, path, what))

    progress.say(f"Checking {asset.full} …")
    cached = 0
    for path, mark in asset.files.items():
        here = _cached(asset, path)
        if here is None:
            continue
        cached += 1
        if wrong := _wrong(here, mark, contents=contents):
            find(wrong, path)
    if online:
        for what, where, is_moving in _online(asset, session):
            find(what, where, moving if is_moving else "failure")
    return CheckedRepo(kind, asset.id, asset.revision, len(asset.files), cached, tuple(findings))


def _online(asset: Asset, session: Session) -> Iterator[tuple[str, str | None, bool]]:
    address = Address(_kind(asset.kind), asset.id)
    try:
        marks = _marks(address, asset.revision, list(asset.files), session)
        licence = _licence(address, asset.revision, session)
    except (NotFound, Unauthorized) as wrong:
        yield wrong.problem, None, False
        return
    for path, mark in asset.files.items():
        if path not in marks:
            yield "is not on the Hub any more", path, False
        elif mark.digest and marks[path].digest != mark.digest:
            yield "has another checksum on the Hub", path, False
    if licence != asset.licence:
        yield f"the licence is {licence or 'none'}, locked was {asset.licence or 'none'}", None, True
    yield from ((what, None, True) for what in _moved_on(address, asset, session))


def _moved_on(address: Address, asset: Asset, session: Session) -> Iterator[str]:
    for name in asset.asked or (MAIN,):
        try:
            with about(address, session):
                newer = list(islice(history.commits(address, name, _COUNTED, session), _COUNTED))
        except NotFound:
            yield f"{name} is gone"
            continue
        ids = [one.id for one in newer]
        if not ids or ids[0] == asset.revision:
            continue
        behind = ids.index(asset.revision) if asset.revision in ids else None
        count = f"{behind} commit{'s' * (behind != 1)}" if behind is not None else "another history"
        yield f"{name} has moved on: {count}, to {ids[0][:12]} ({newer[0].title})"
        with about(address, session):
            now = _licence(address, ids[0], session)
        if now != asset.licence:
            yield f"the licence there is {now or 'none'}, locked was {asset.licence or 'none'}"


def _cached(asset: Asset, path: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(asset.id, path, revision=asset.revision, repo_type=asset.kind)
    return Path(found) if isinstance(found, str) else None


def _wrong(here: Path, mark: Mark, *, contents: bool) -> str | None:
    size = here.stat().st_size
    if mark.size is not None and size != mark.size:
        return f"in the cache it has {size:,} bytes, locked were {mark.size:,}"
    if mark.digest is None:
        return None
    known = digest_of(here.resolve().name)
    if known and known.partition(":")[0] == mark.digest.partition(":")[0] and known != mark.digest:
        return "in the cache it is another file"
    if contents and _digest(here, mark.digest, size) != mark.digest:
        return "in the cache it is damaged: its checksum differs"
    return None


def _digest(path: Path, like: str, size: int) -> str:
    kind = like.partition(":")[0]
    hashing = (
        hashlib.sha256() if kind == "sha256" else hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    )
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            hashing.update(piece)
    return f"{kind}:{hashing.hexdigest()}"


def _kind(word: str) -> Kind:
    return cast("Kind", word)


def _name(path: Path) -> str:
    """As short as it can be: an output should not hold where somebody keeps their projects."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.name
