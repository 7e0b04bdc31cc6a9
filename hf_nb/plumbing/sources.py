"""Files that settings are read from, and how far each is trusted.

team        HF_NB_TEAM_CONFIG, and config.toml in the machine's own config folder      may lock
user        config.toml in the user's config folder                                   trusted
.env        of the working folder                          only where the user's config.toml trusts that folder
project     [tool.hf_nb] of the nearest pyproject.toml                                may only tighten
"""

import os
import stat
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from hf_nb.errors import BadInput
from hf_nb.plumbing import folders

FILE = "config.toml"
TEAM = "HF_NB_TEAM_CONFIG"
LOCK = "locked"  # in a team file: the names nobody below may change, or true for all it sets
_MOST = 1_000_000  # bytes; more is no configuration


class Team(NamedTuple):
    """A team file: what it suggests, and what it decides."""

    path: Path
    values: dict[str, Any]
    locked: frozenset[str]


class Project(NamedTuple):
    """What a project asks for."""

    path: Path
    values: dict[str, Any]


def user_file() -> Path:
    """The user's own."""
    return folders.config() / FILE


def user() -> dict[str, Any]:
    """What the user set for good."""
    return _toml(user_file())


def teams() -> list[Team]:
    """The machine's file before the variable's: the latter can be unset by whoever sits there."""
    named = os.environ.get(TEAM)
    found = [_team(folders.site() / FILE)]
    if named:
        if not Path(named).is_file():
            raise BadInput(f"{TEAM} names a file that is not there: {named}", f"Mend or unset {TEAM}.")
        found.append(_team(Path(named)))
    return [team for team in found if team.values or team.locked]


def project(start: Path) -> Project | None:
    """The nearest one that says anything to hf_nb. A file that is broken is another tool's to complain of."""
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        raw = _bytes(path)
        if b"hf_nb" not in raw:
            continue
        try:
            values = tomllib.loads(raw.decode()).get("tool", {}).get("hf_nb")
        except (ValueError, AttributeError):
            continue
        if isinstance(values, dict) and values:
            return Project(path, values)
    return None


def dotenv(folder: Path) -> dict[str, str]:
    """The lines NAME=value of a `.env`; quotes and `export` as shells have them, nothing is expanded."""
    found = {}
    for line in _bytes(folder / ".env").decode(errors="replace").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name or name.startswith("#"):
            continue
        if value[:1] in ("'", '"') and value.find(value[0], 1) > 0:
            value = value[1 : value.find(value[0], 1)]
        else:
            value = value.partition(" #")[0].strip()
        found[name] = value
    return found


def _team(path: Path) -> Team:
    values = _toml(path)
    lock = values.pop(LOCK, [])
    locked = (
        frozenset(values) if lock is True else frozenset(map(str, lock if isinstance(lock, list) else [lock]))
    )
    return Team(path, values, locked - {"False"})


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as wrong:
        raise BadInput(f"{path.name} cannot be read: {wrong}", f"Mend or delete {path}") from None


def _bytes(path: Path) -> bytes:
    """A file somebody else may have made: no pipe is waited for, and no endless one is read."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST:
            return b""
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError:
        return b""
