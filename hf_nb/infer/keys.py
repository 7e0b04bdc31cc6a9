"""The keys of servers: one each, never the Hub's token.

HF_NB_KEY_<NAME>        the environment
stored                  the system's keyring where that package is installed, else a file of the user's alone
OPENAI_API_KEY          for api.openai.com and nobody else
-                       none of these: what a server without keys expects
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hf_nb.errors import BadInput, TooLarge
from hf_nb.plumbing import folders, redact, token

NONE = "-"
OPENAI = "api.openai.com"
FILE = "keys.json"
SERVICE = "hf-nb"


def find(name: str, address: str) -> str:
    """The key to send to the server of that name, at that address; from now on it is shown nowhere."""
    found = _find(name, address)
    if found != NONE:
        token.hide(found)
    return found


def _find(name: str, address: str) -> str:
    if given := os.environ.get(variable(name), "").strip():
        if not _is_a_word(given):
            raise BadInput(
                f"{variable(name)} holds no key: a key is one word of plain letters, figures and signs."
            )
        return given
    if kept := _stored(name):
        return kept
    at = urlsplit(address)
    if at.scheme == "https" and at.hostname == OPENAI:
        return os.environ.get("OPENAI_API_KEY", "").strip() or NONE
    return NONE


def origin(name: str, address: str) -> str:
    """Where that key is from, in words; never the key."""
    if os.environ.get(variable(name), "").strip():
        return f"from {variable(name)}"
    if _stored(name):
        return "stored"
    return "from OPENAI_API_KEY" if find(name, address) != NONE else "none"


def variable(name: str) -> str:
    """The name of the variable that holds a server's key."""
    return f"HF_NB_KEY_{name.upper().replace('-', '_')}"


def store(name: str, key: str) -> str:
    """Keep a key; where, in words."""
    key = key.strip()
    if not _is_a_word(key):
        raise BadInput("A key is one word of plain letters, figures and signs.")
    if redact.has_hub_token(key):
        raise BadInput(
            "This is a Hub token, and those go to the Hub alone.",
            f"A key of the server's own: {variable(name)}=…",
        )
    ring = _keyring()
    if ring is not None:
        with contextlib.suppress(
            Exception
        ):  # a keyring without a store behind it raises errors of many kinds
            ring.set_password(SERVICE, name, key)
            return "the system's keyring"
    kept = _filed()
    _write({**kept, name: key})
    return str(_file())


def _is_a_word(key: str) -> bool:
    return bool(key) and key.isascii() and key.isprintable() and " " not in key


def forget(name: str) -> None:
    """Keep it no longer."""
    ring = _keyring()
    if ring is not None:
        with contextlib.suppress(Exception):
            ring.delete_password(SERVICE, name)
    kept = _filed()
    if kept.pop(name, None) is not None:
        _write(kept)


def _stored(name: str) -> str | None:
    ring = _keyring()
    if ring is not None:
        with contextlib.suppress(Exception):
            if found := ring.get_password(SERVICE, name):
                return str(found)
    return _filed().get(name)


def _keyring() -> Any:
    try:
        return importlib.import_module("keyring")
    except ImportError:
        return None


def _file() -> Path:
    return folders.config() / FILE


def _filed() -> dict[str, str]:
    try:
        raw = _file().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    try:
        found = json.loads(raw)
    except ValueError:
        raise BadInput(f"{FILE} cannot be read.", f"Mend or delete {_file()}") from None
    return {str(name): str(key) for name, key in found.items()} if isinstance(found, dict) else {}


def _write(kept: dict[str, str]) -> None:
    """Whole or not at all, and readable for the user alone from its first moment."""
    path = _file()
    beside = path.with_name(f".{FILE}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        beside.replace(path)
    except OSError as wrong:
        raise TooLarge(f"{path} cannot be written: {wrong.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)
