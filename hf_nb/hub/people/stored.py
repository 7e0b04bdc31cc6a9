"""The official client's two files of tokens: the named ones, and the one in use.

Its functions read them; they are written here, because the official writer empties a file before it fills it, and a
full disk between the two loses every token.
"""

from __future__ import annotations

import configparser
import contextlib
import hashlib
import io
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from hf_nb.errors import BadInput, NotFound, Refused, TooLarge
from hf_nb.plumbing import redact
from hf_nb.plumbing import token as named

LOGIN = "%hf login"
_LONGEST = 100
_PATIENCE = 30.0
_FULL = (27, 28)  # EFBIG, ENOSPC
# What whoami said of a token, by its digest: shown in a list, asked for by nobody.
_roles: dict[str, str] = {}


def value_of(name: str) -> str:
    """The token of that name. Goes to the Hub and into the official files, nowhere else."""
    stored = read()
    if name not in stored:
        known = ", ".join(stored) or "none"
        raise NotFound(f"There is no stored token {name!r}.", f"Stored: {known}\nAdd one: {LOGIN} {name}")
    return stored[name].get("hf_token", "").strip()


def read() -> dict[str, dict[str, str]]:
    """The official client's file of named tokens."""
    from huggingface_hub.utils._auth import _read_stored_tokens_full

    return _read_stored_tokens_full()


def active() -> str | None:
    """The stored token in use."""
    from huggingface_hub.utils._auth import _get_token_from_file

    return _get_token_from_file()


def from_environment() -> str | None:
    """The token of the environment, which comes before every stored one."""
    from huggingface_hub.utils._auth import _get_token_from_environment

    return _get_token_from_environment()


def keep(
    name: str, value: str, *, refresh: str | None = None, expires: int | None = None, in_use: bool = True
) -> None:
    """Store a token that has been checked, under a name; and put it to use."""
    fields = {"hf_token": value}
    if refresh:
        fields["refresh_token"] = refresh
    if expires:
        fields["expires_at"] = str(expires)
    with _locked():
        _save(read() | {name: fields})
        if in_use:
            _write(_active_file(), value)


def remove(names: Iterable[str], *, unnamed: bool = False) -> None:
    """Take stored tokens away; the one in use too, if it is among them or stands in no list."""
    with _locked():
        stored = read()
        gone = {stored.pop(name).get("hf_token") for name in names if name in stored}
        _save(stored)
        if unnamed or active() in gone:
            _active_file().unlink(missing_ok=True)
    for value in gone:
        forget(value or "")


def taken_over() -> str | None:
    """Let the stored token count in this process, over a variable; the sentence that says so."""
    dropped = named.drop()
    after_change()
    if not dropped:
        return None
    return f"{' and '.join(dropped)} no longer counts in this process; a new one has it again."


def forget(value: str) -> None:
    """Leave a token that was replaced nowhere in this process."""
    from huggingface_hub import hf_api

    for variable in named.SECRETS:
        if value and os.environ.get(variable, "").strip() == value:
            del os.environ[variable]
    hf_api.api._whoami_cache.pop(value, None)  # noqa: SLF001 -- the official client keeps whole tokens as keys
    _roles.pop(_digest(value), None)
    after_change()


def after_change() -> None:
    """Tell whoever remembers a token or what it could see."""
    from huggingface_hub.utils import _auth

    named.forget()
    _auth._OAUTH_REFRESH_CACHE = None  # noqa: SLF001 -- it holds the token it last looked at
    if files := sys.modules.get("huggingface_hub.hf_file_system"):
        files.HfFileSystem.clear_instance_cache()  # listings of what the last token could see


def learn(value: str, role: str | None) -> None:
    """Remember what a token may do."""
    if role:
        _roles[_digest(value)] = role


def named_well(name: str) -> str:
    """A name the official file can hold: it is a section's heading there."""
    wrong = not name.strip() or len(name) > _LONGEST or not name.isprintable() or name == "DEFAULT"
    if wrong or any(sign in name for sign in "[]") or name.startswith("-"):
        raise BadInput("That is no name for a token.", f"For example: {LOGIN} work")
    if redact.has_hub_token(name):
        raise BadInput(
            "That is a token, not a name for one; a line is saved and shared.",
            f"Delete it here, then: {LOGIN} --paste",
        )
    return name.strip()


def expiry(fields: dict[str, str]) -> datetime | None:
    """When a stored token ends."""
    try:
        return datetime.fromtimestamp(int(fields["expires_at"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def role_of(value: str) -> str | None:
    """What it may do, if this process has asked."""
    return _roles.get(_digest(value))


def put_to_use(value: str) -> None:
    """Make it the stored token in use."""
    with _locked():
        _write(_active_file(), value)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _active_file() -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_TOKEN_PATH)


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """The lock the official client takes when it renews a token, so that two processes do not undo each other."""
    from huggingface_hub import constants
    from huggingface_hub.utils import WeakFileLock

    path = Path(constants.HF_STORED_TOKENS_PATH)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with WeakFileLock(f"{path}.lock", timeout=_PATIENCE):
            yield
    except OSError as wrong:
        raise _unwritten(wrong, path.parent) from None
    finally:
        named.forget()


def _save(stored: dict[str, dict[str, str]]) -> None:
    from huggingface_hub import constants

    config = configparser.ConfigParser(interpolation=None)
    config.read_dict({name: stored[name] for name in sorted(stored)})
    text = io.StringIO()
    config.write(text)
    _write(Path(constants.HF_STORED_TOKENS_PATH), text.getvalue())


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and for nobody else to read."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _unwritten(wrong: OSError, folder: Path) -> Exception:
    if wrong.errno in _FULL:
        return TooLarge("The disk is full; the stored tokens are as they were.", "%hf cache status")
    return Refused(f"Tokens cannot be stored in {folder}: {wrong.strerror}.", f"See: !ls -ld {folder}")
