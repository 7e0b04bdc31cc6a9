"""What a session used of the Hub, and what its lock file allows.

    ledger.used("model", "owner/name", commit, asked="main", folder=snapshot)    a load that asked the Hub nothing
    ledger.pinned("model", "owner/name", "main")                                 the commit to ask for instead
    with ledger.looking(): ...                                                   reading about one is no use of it

The wrapper around HTTP (transports/ledger.py) tells it of everything that is asked, whoever asks.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hf_nb.errors import Refused
from hf_nb.plumbing import lockfile
from hf_nb.plumbing.lockfile import COMMIT, Asset, Lockfile, Mark
from hf_nb.plumbing.settings import Settings

MAIN = "main"
_MOST_LEADS = 1_000
_looking: ContextVar[bool] = ContextVar("hf_nb_looking", default=False)


@dataclass
class Use:
    """One repository at one commit, as far as it was used."""

    kind: str
    id: str
    commit: str
    asked: set[str] = field(default_factory=set)
    files: dict[str, Mark] = field(default_factory=dict)


class Ledger:
    """Told by many threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._uses: dict[tuple[str, str, str], Use] = {}
        self._guard = threading.Lock()
        self._path: Path | None = None
        self._leads: dict[str, Any] = {}
        self._verified: dict[tuple[str, str, str], object] = {}
        self._read: tuple[tuple[Path, int, int], Lockfile] | None = None

    # -- what was used

    def used(
        self, kind: str, repo_id: str, commit: str, *, asked: str | None = None, folder: Path | None = None
    ) -> None:
        """A repository is in use at `commit`; `folder` is its snapshot in the cache, with the files that count."""
        if _looking.get() or not COMMIT.fullmatch(commit):
            return
        self.confirm(kind, repo_id, commit)
        files = cached(folder) if folder else {}
        for path, mark in files.items():
            self.verify(kind, repo_id, commit, path, mark)
        self._note(kind, repo_id, commit, asked, files)

    def saw(
        self,
        kind: str,
        repo_id: str,
        commit: str,
        asked: str | None = None,
        path: str = "",
        mark: Mark | None = None,
    ) -> None:
        """The Hub answered about a commit, or about one of its files; or a file was taken from the cache."""
        if not _looking.get():
            self._note(kind, repo_id, commit, asked, {path: mark} if mark else {})

    def uses(self) -> tuple[Use, ...]:
        """Everything used so far."""
        with self._guard:
            return tuple(self._uses.values())

    def drop(self, kind: str, repo_id: str) -> None:
        """Forget a repository: it is used anew from here on."""
        with self._guard:
            for key in [key for key in self._uses if key[0] == kind and key[1].lower() == repo_id.lower()]:
                del self._uses[key]

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """Reading about repositories: nothing is noted as used, nothing is held to the lock file."""
        token = _looking.set(True)
        try:
            yield
        finally:
            _looking.reset(token)

    @property
    def is_looking(self) -> bool:
        """Whether this code only reads about repositories."""
        return _looking.get()

    def _note(self, kind: str, repo_id: str, commit: str, asked: str | None, files: dict[str, Mark]) -> None:
        with self._guard:
            # what was used last comes last
            use = self._uses.pop((kind, repo_id, commit), None) or Use(kind, repo_id, commit)
            self._uses[kind, repo_id, commit] = use
            if asked and asked not in use.asked and not COMMIT.fullmatch(asked):
                use.asked.add(asked)
            for path, mark in files.items():
                before = use.files.get(path)
                use.files[path] = mark if before is None or mark.digest else before

    def lead(self, address: str, sent: Any) -> None:
        """The Hub sends whoever wants a file elsewhere: what lies there."""
        with self._guard:
            self._leads[address] = sent
            while len(self._leads) > _MOST_LEADS:
                del self._leads[next(iter(self._leads))]

    def led(self, address: str) -> Any:
        """What lies at an address the Hub has sent somebody to."""
        with self._guard:
            return self._leads.get(address)

    # -- what the lock file says

    @property
    def path(self) -> Path | None:
        """The lock file in force: found once, then watched."""
        if self._path is None or not self._path.is_file():
            try:
                self._path = lockfile.find(os.getcwd())  # noqa: PTH109 -- asked with every answer
            except OSError:  # the working folder is gone
                self._path = None
        return self._path

    @path.setter
    def path(self, path: Path | None) -> None:
        self._path, self._read = path, None

    @property
    def lock(self) -> Lockfile | None:
        """What it says, read again when it changed; None without one, or when the setting `lock` is off."""
        if not self.settings.lock or (path := self.path) is None:
            return None
        try:
            stat = path.stat()
        except OSError:
            return None
        key = (path, stat.st_mtime_ns, stat.st_size)
        held = self._read
        if held is None or held[0] != key:
            held = self._read = (key, lockfile.read(path))
        return held[1]

    def pinned(self, kind: str, repo_id: str, revision: str | None) -> str | None:
        """The locked commit where a moving name was asked for; refused where another commit was asked for."""
        if _looking.get() or (lock := self.lock) is None:
            return None
        assets = lock.of(kind, repo_id)
        if not assets:
            if lock.strict:
                raise Refused(
                    f"{_full(kind, repo_id)} is not in {lockfile.NAME}, which is strict.",
                    f"%hf lock --update {_full(kind, repo_id)}",
                )
            return None
        name = revision if revision and revision != "HEAD" else MAIN
        if COMMIT.fullmatch(name):
            self.confirm(kind, repo_id, name)
            return None
        by_name = next((one for one in assets if name in one.asked), None)
        if by_name is None and name == MAIN and len(assets) == 1:
            by_name = assets[0]
        return by_name.revision if by_name else None

    def confirm(self, kind: str, repo_id: str, commit: str) -> None:
        """Refuse a commit that is not the locked one."""
        assets = self._locked(kind, repo_id)
        if assets and all(one.revision != commit for one in assets):
            locked = ", ".join(one.revision[:12] for one in assets)
            raise Refused(
                f"{lockfile.NAME} holds {assets[0].full} at {locked}, not at {commit[:12]}.",
                f"To move it: %hf lock --update {assets[0].full}",
            )

    def verify(self, kind: str, repo_id: str, commit: str, path: str, mark: Mark) -> None:
        """Refuse a file whose checksum is not the locked one."""
        locked = self.locked_mark(kind, repo_id, commit, path)
        if locked and locked.digest and mark.digest and locked.digest != mark.digest:
            raise self.differs(kind, repo_id, path)

    def revisions(self, kind: str, repo_id: str) -> set[str]:
        """The commits at which the lock file holds a repository."""
        return {one.revision for one in self._locked(kind, repo_id)}

    def locked_mark(self, kind: str, repo_id: str, commit: str, path: str) -> Mark | None:
        """What the lock file says of a file."""
        asset = next((one for one in self._locked(kind, repo_id) if one.revision == commit), None)
        return asset.files.get(path) if asset else None

    def unverified(self, kind: str, repo_id: str, commit: str) -> tuple[str, ...]:
        """Locked files whose copies on this machine nobody has looked at since the lock file last changed."""
        asset = next((one for one in self._locked(kind, repo_id) if one.revision == commit), None)
        seen = self._verified.get((kind, repo_id.lower(), commit))
        return tuple(asset.files) if asset and (seen is None or seen != self._read) else ()

    def verified(self, kind: str, repo_id: str, commit: str) -> None:
        """They have been looked at."""
        self._verified[kind, repo_id.lower(), commit] = self._read

    @staticmethod
    def differs(kind: str, repo_id: str, path: str) -> Refused:
        """The error for a file that is not what was locked."""
        return Refused(
            f"{path} of {_full(kind, repo_id)} is not the file that {lockfile.NAME} holds: its checksum differs.",
            f"It was not used. To see what is wrong: %hf lock check --online; to accept it: "
            f"%hf lock --update {_full(kind, repo_id)}",
        )

    def _locked(self, kind: str, repo_id: str) -> tuple[Asset, ...]:
        if _looking.get() or (lock := self.lock) is None:
            return ()
        return lock.of(kind, repo_id)


def digest_of(etag: str) -> str | None:
    """An ETag of the Hub as a digest: 64 digits are a sha256, 40 git's own name."""
    bare = etag.removeprefix("W/").strip('"')
    kind = {64: "sha256", 40: "git"}.get(len(bare))
    return f"{kind}:{bare}" if kind and all(char in "0123456789abcdef" for char in bare) else None


def _full(kind: str, repo_id: str) -> str:
    return repo_id if kind == "model" else f"{kind}s/{repo_id}"


def cached(folder: Path) -> dict[str, Mark]:
    """The files of a snapshot in the cache; a link's target is named by its content."""
    found = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)  # noqa: PTH118 -- some thousand of them, four times as fast
            with contextlib.suppress(FileNotFoundError):  # another process may clear the cache meanwhile
                where = os.path.relpath(path, folder).replace(os.sep, "/")
                found[where] = Mark(_linked(path), os.stat(path).st_size)  # noqa: PTH116 -- the same
    return dict(sorted(found.items()))


def _linked(path: str) -> str | None:
    try:
        target = os.readlink(path)  # noqa: PTH115 -- the same
    except OSError:
        return None  # a file of its own, where links are not to be had
    return digest_of(target.replace("\\", "/").rpartition("/")[2])
