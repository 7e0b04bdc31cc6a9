"""Which Hub token is in use, by name alone; read from the official client's files, without importing that client."""

import configparser
import os
from pathlib import Path

VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


def name() -> str | None:
    """`token from HF_TOKEN`, `token "work"`, `stored token`, or None. Never the token."""
    variable = next((one for one in VARIABLES if os.environ.get(one)), None)
    if variable:
        return f"token from {variable}"
    home = _home()
    active = _read(Path(os.environ.get("HF_TOKEN_PATH") or home / "token"))
    if not active:
        return None
    stored = configparser.ConfigParser()
    try:
        stored.read(Path(os.environ.get("HF_STORED_TOKENS_PATH") or home / "stored_tokens"), encoding="utf-8")
    except (OSError, configparser.Error):
        return "stored token"
    named = next(
        (section for section in stored.sections() if stored[section].get("hf_token") == active), None
    )
    return f'token "{named}"' if named else "stored token"


def _home() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("HF_HOME") or base / "huggingface").expanduser()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
