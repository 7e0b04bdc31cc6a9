"""Which Hub token is in use, by name alone; read from the official client's files, without importing that client.

`values` is for `redact` and for the gate: what must not be shown, stored or sent elsewhere, whatever it looks like.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
# Others whose value is a secret of the Hub's; the first serves as a token where none of VARIABLES is set.
API_KEY = "HUGGINGFACE_API_KEY"
SECRETS = (*VARIABLES, API_KEY, "HF_OIDC_ID_TOKEN")
_LONG = 24  # so much, and the part behind the prefix is found in no ordinary word
SHORTEST = 8  # a shorter value would be found in ordinary words

# Where a variable's value came from, when it was not the environment this process was started with.
origin: dict[str, str] = {}
SHORTEST_KEY = 16
_FRESH = 1.0  # seconds the files are not looked at again: this is asked for every line that is written
_seen: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}
_keys: set[str] = set()  # those of other servers


@dataclass(frozen=True)
class _Stands:
    """What the environment says, worked out once for as long as it stays the same."""

    environment: dict[Any, Any]
    named: bool  # one of VARIABLES is set
    variables: frozenset[str]
    active: str
    stored: str


# What was found last, one at most: of the environment; and of all that must be hidden, with what it followed from.
_stood: list[_Stands] = []
_hidden: list[tuple[_Stands, frozenset[str], int, tuple[str, ...]]] = []


def name() -> str | None:
    """`token from HF_TOKEN`, `token "work"`, `stored token`, or None. Never the token."""
    variable = next((one for one in VARIABLES if os.environ.get(one)), None)
    if variable:
        return f"token from {origin.get(variable, variable)}"
    active = _read(active_file())
    if not active:
        return None
    named = next((name for name, fields in stored().items() if fields.get("hf_token") == active), None)
    return f'token "{named}"' if named else "stored token"


def there() -> bool:
    """Whether there seems to be one. Asked with every answer, so no file is read."""
    stands = _stands()
    return stands.named or os.path.exists(stands.active)  # noqa: PTH110 -- a text, as it is kept


def values() -> frozenset[str]:
    """Every token this process could send: of the environment and of the official client's files."""
    stands = _stands()
    return frozenset(one for one in stands.variables | _filed(stands) if len(one) >= SHORTEST)


def secrets() -> list[str]:
    """What must not be shown, longest first: those, and what follows `hf_` in one, which is all that is secret of it.

    A token taken for an id and cut at its signs would show that part alone.
    """
    whole = values()
    return sorted(
        whole | {one.removeprefix("hf_") for one in whole if len(one) >= _LONG}, key=len, reverse=True
    )


def hide(key: str) -> None:
    """A key of some other server is in use: it must be shown as little as a token of the Hub.

    Short ones are words that people type where any will do ("ollama"), and would be missing from every output.
    """
    if len(key) >= SHORTEST_KEY:
        _keys.add(key)


def hidden() -> tuple[str, ...]:
    """What must not be shown, of the Hub and of other servers; the same object for as long as nothing has changed."""
    stands = _stands()
    filed, keys = _filed(stands), len(_keys)  # keys are never taken out
    for one in _hidden:
        if one[0] is stands and one[1] is filed and one[2] == keys:
            return one[3]
    found = tuple(sorted({*secrets(), *_keys}, key=len, reverse=True))
    _hidden[:] = [(stands, filed, keys, found)]
    return found


def take(value: str, source: str) -> None:
    """Make this the token of the process; the official libraries read the variable with every request."""
    os.environ[VARIABLES[0]] = value
    origin[VARIABLES[0]] = source


def drop() -> tuple[str, ...]:
    """Take the variables out of this process, so that a stored token counts; the names of those that were set."""
    dropped = tuple(one for one in VARIABLES if os.environ.pop(one, None))
    for one in dropped:
        origin.pop(one, None)
    return dropped


def forget() -> None:
    """Look at the files again, now: they were just written."""
    _seen.clear()


def stored() -> dict[str, dict[str, str]]:
    """The official client's named tokens, with all their fields."""
    import configparser

    found = configparser.ConfigParser(interpolation=None)
    try:
        found.read(stored_file(), encoding="utf-8")
    except (OSError, UnicodeDecodeError, configparser.Error):
        return {}
    return {section: dict(found[section]) for section in found.sections()}


def active_file() -> str:
    """Where the token in use lies."""
    return _stands().active


def stored_file() -> str:
    """Where the named ones lie."""
    return _stands().stored


def _filed(stands: _Stands) -> frozenset[str]:
    """What stands in the files; the same object for as long as that does."""
    where = (stands.active, stands.stored)
    looked, found = _seen.get(where, (0.0, frozenset()))
    if time.monotonic() - looked > _FRESH or not looked:
        secret = ("hf_token", "refresh_token")
        kept = {fields[key] for fields in stored().values() for key in secret if fields.get(key)}
        now = frozenset(kept | {_read(where[0])})
        found = found if found == now else now
        _seen[where] = (time.monotonic(), found)
    return found


def _stands() -> _Stands:
    """Asked some ten times an answer: comparing the whole environment costs less than looking three names up."""
    now: Mapping[Any, Any] = getattr(os.environ, "_data", os.environ)
    for one in _stood:
        if one.environment == now:
            return one
    found = _Stands(
        dict(now),
        any(map(os.environ.get, VARIABLES)),
        frozenset(os.environ.get(one, "").strip() for one in SECRETS),
        os.environ.get("HF_TOKEN_PATH") or _beside("token"),
        os.environ.get("HF_STORED_TOKENS_PATH") or _beside("stored_tokens"),
    )
    _stood[:] = [found]
    return found


def _beside(name: str) -> str:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return str(Path(os.environ.get("HF_HOME") or base / "huggingface").expanduser() / name)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
