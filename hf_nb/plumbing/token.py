"""Which Hub token is in use, by name alone; read from the official client's files, without importing that client.

`values` is for `redact` and for the gate: what must not be shown, stored or sent elsewhere, whatever it looks like.
"""

import functools
import os
import time
from pathlib import Path

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


def values() -> frozenset[str]:
    """Every token this process could send: of the environment and of the official client's files."""
    variables = {os.environ.get(one, "").strip() for one in SECRETS}
    return frozenset(one for one in variables | _filed() if len(one) >= SHORTEST)


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


def hidden() -> list[str]:
    """What must not be shown, of the Hub and of other servers."""
    return sorted({*secrets(), *_keys}, key=len, reverse=True) if _keys else secrets()


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
    return os.environ.get("HF_TOKEN_PATH") or _beside("token")


def stored_file() -> str:
    """Where the named ones lie."""
    return os.environ.get("HF_STORED_TOKENS_PATH") or _beside("stored_tokens")


def _filed() -> frozenset[str]:
    where = (active_file(), stored_file())
    looked, found = _seen.get(where, (0.0, frozenset()))
    if time.monotonic() - looked > _FRESH or not looked:
        secret = ("hf_token", "refresh_token")
        kept = {fields[key] for fields in stored().values() for key in secret if fields.get(key)}
        found = frozenset(kept | {_read(where[0])})
        _seen[where] = (time.monotonic(), found)
    return found


def _beside(name: str) -> str:
    return _lies(name, *(os.environ.get(one, "") for one in ("HF_HOME", "XDG_CACHE_HOME", "HOME")))


@functools.lru_cache(maxsize=16)
def _lies(name: str, home: str, caches: str, user: str) -> str:
    """Kept, since it is asked some twenty times a request; `user` stands here because `Path.home()` depends on it."""
    base = Path(caches or Path.home() / ".cache")
    return str(Path(home or base / "huggingface").expanduser() / name)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
