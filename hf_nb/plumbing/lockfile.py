"""The lock file: which commits, files and licences of models, datasets and Spaces a notebook stands on.

{"format": 1, "strict": false,
 "assets": [{"kind", "id", "revision", "asked", "licence", "files": {path: {digest, size}}}]}

Sorted JSON without times or addresses, so that the same uses give the same bytes. It comes with a cloned project,
so everything in it is checked before it is believed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from hf_nb.errors import BadInput, TooLarge

T = TypeVar("T")
NAME = "hf.lock"
FORMAT = 1
MOST_BYTES = 20_000_000
KINDS = ("model", "dataset", "space")
COMMIT = re.compile(r"[0-9a-f]{40}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|git:[0-9a-f]{40}")
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
# What ends the search upwards for a lock file: a project does not reach into the folder it was cloned into.
_ROOTS = (".git", "pyproject.toml")
MOMENT = 1.0  # seconds
MOST_FOLDERS = 64
_looked: dict[str, tuple[float, tuple[str, ...]]] = {}


@dataclass(frozen=True)
class Mark:
    """What a file's content is known by: `sha256:…` where the Hub keeps it as a large file, `git:…` elsewhere."""

    digest: str | None
    size: int | None


@dataclass(frozen=True)
class Asset:
    """One repository at one commit. `asked`: the moving names that led to it (`main`, `v1`)."""

    kind: str
    id: str
    revision: str
    asked: tuple[str, ...] = ()
    licence: str | None = None
    files: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def full(self) -> str:
        """As a command takes it."""
        return self.id if self.kind == "model" else f"{self.kind}s/{self.id}"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the file."""
        files = {
            path: {"digest": mark.digest, "size": mark.size} for path, mark in sorted(self.files.items())
        }
        plain = {"kind": self.kind, "id": self.id, "revision": self.revision, "asked": sorted(self.asked)}
        return {**plain, "licence": self.licence, "files": files}


@dataclass(frozen=True)
class Lockfile:
    """Every asset; `strict`: no repository but these."""

    assets: tuple[Asset, ...] = ()
    strict: bool = False

    def of(self, kind: str, repo_id: str) -> tuple[Asset, ...]:
        """A repository's entries; ids are compared as the Hub does, without regard to case."""
        return tuple(one for one in self.assets if one.kind == kind and one.id.lower() == repo_id.lower())

    def text(self) -> str:
        """The bytes of the file: the same for the same content."""
        assets = sorted(self.assets, key=lambda one: (one.kind, one.id, one.revision))
        whole = {"format": FORMAT, "strict": self.strict, "assets": [one.to_dict() for one in assets]}
        return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def find(start: Path | str) -> Path | None:
    """The lock file of a folder or of the nearest one above it, up to the root of the project."""
    for path in _candidates(str(start)):
        # Text, not paths, and no error where there is none: it is looked for with every answer of a model.
        if os.access(path, os.F_OK) and os.path.isfile(path):  # noqa: PTH113
            return Path(path)
    return None


def _candidates(start: str) -> tuple[str, ...]:
    """Where it may be. Which folder is a project's root is believed for a moment: to look costs more than the rest."""
    now = time.monotonic()
    until, found = _looked.get(start, (0.0, ()))
    if now > until:
        if len(_looked) > MOST_FOLDERS:
            _looked.clear()
        _looked[start] = (now + MOMENT, found := tuple(_upwards(start)))
    return found


def _upwards(folder: str) -> Iterator[str]:
    above = ""
    while folder != above:
        yield os.path.join(folder, NAME)  # noqa: PTH118 -- text, as above
        if any(os.path.exists(os.path.join(folder, root)) for root in _ROOTS):  # noqa: PTH110, PTH118 -- the same
            return
        folder, above = os.path.dirname(folder), folder  # noqa: PTH120 -- the same


def read(path: Path) -> Lockfile:
    """The file at `path`; whatever is wrong with it is said with its name."""
    try:
        if not path.is_file():
            raise BadInput(f"There is no lock file {path}.", "%hf lock")
        if path.stat().st_size > MOST_BYTES:
            raise _wrong(path, f"is larger than {MOST_BYTES:,} bytes")
        return parse(json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant))
    except (ValueError, RecursionError) as wrong:
        raise _wrong(path, f"is not what hf_nb wrote: {str(wrong) or type(wrong).__name__}") from None
    except OSError as wrong:
        raise _wrong(path, f"cannot be read: {wrong.strerror}") from None


def write(path: Path, lock: Lockfile) -> bool:
    """Whole or not at all; whether anything changed."""
    text = lock.text()
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return False
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".hf.lock-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as wrong:
        kind = TooLarge if wrong.errno == errno.ENOSPC else BadInput
        raise kind(
            f"{path} cannot be written: {wrong.strerror}.", "Free some room or choose: %hf lock --file PATH"
        ) from None
    return True


def parse(raw: Any) -> Lockfile:
    """What a JSON text says, or a ValueError that names what is wrong."""
    whole = _only(raw, dict, "the file")
    if whole.get("format") != FORMAT or isinstance(whole.get("format"), bool):
        raise ValueError(f"format {_short(whole.get('format'))} is not {FORMAT}")
    assets = tuple(_asset(one) for one in _only(whole.get("assets"), list, "assets"))
    names = [(one.kind, one.id.lower(), one.revision) for one in assets]
    if len(set(names)) != len(names):
        raise ValueError("an asset stands in it twice")
    moving = [(one.kind, one.id.lower(), name) for one in assets for name in one.asked]
    if len(set(moving)) != len(moving):
        raise ValueError("one name of a repository stands for two commits")
    return Lockfile(assets, _only(whole.get("strict", False), bool, "strict"))


def _asset(raw: Any) -> Asset:
    one = _only(raw, dict, "an asset")
    kind, repo_id, revision = one.get("kind"), one.get("id"), one.get("revision")
    if kind not in KINDS:
        raise ValueError(f"kind {_short(kind)} is none of {', '.join(KINDS)}")
    if not isinstance(repo_id, str) or not _ID.fullmatch(repo_id) or ".." in repo_id:
        raise ValueError(f"id {_short(repo_id)} is no repository's")
    if not isinstance(revision, str) or not COMMIT.fullmatch(revision):
        raise ValueError(f"revision {_short(revision)} of {repo_id} is no commit")
    asked = tuple(_only(name, str, "a name in asked") for name in _only(one.get("asked", []), list, "asked"))
    licence = one.get("licence")
    if licence is not None:
        _only(licence, str, "licence")
    files = _only(one.get("files", {}), dict, "files")
    return Asset(
        kind, repo_id, revision, asked, licence, {path: _mark(path, mark) for path, mark in files.items()}
    )


def _mark(path: str, raw: Any) -> Mark:
    parts = PurePosixPath(path).parts
    if not path or path.startswith("/") or ".." in parts or "\\" in path or not path.isprintable():
        raise ValueError(f"{_short(path)} is no path in a repository")
    one = _only(raw, dict, f"the entry of {_short(path)}")
    digest, size = one.get("digest"), one.get("size")
    if digest is not None and not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
        raise ValueError(f"the digest of {_short(path)} is none")
    if size is not None and not (type(size) is int and 0 <= size < 1 << 53):
        raise ValueError(f"the size of {_short(path)} is none")
    return Mark(digest, size)


def _only(value: Any, kind: type[T], what: str) -> T:
    if not isinstance(value, kind):
        raise ValueError(f"{what} is {_short(value)}, not a {kind.__name__}")  # noqa: TRY004 -- the reader expects one kind
    return value


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _wrong(path: Path, what: str) -> BadInput:
    return BadInput(
        f"The lock file {path} {what}.", "Mend it, delete it, or write it again: %hf lock --fresh"
    )
