"""The settings as verbs: `table`, `about`, `change`, `trust`. They work where nothing else does."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput, Refused, TooLarge
from hf_nb.plumbing import redact, sources
from hf_nb.plumbing.session import Session, current
from hf_nb.plumbing.settings import ENVIRONMENT, Setting
from hf_nb.values.settings import Set, Sets


def table(*, session: Session | None = None) -> Sets:
    """Every setting with its value, where it came from and what it does."""
    settings = (session or current()).settings
    return Sets(tuple(_set(one) for one in settings.table()), settings.warnings())


def about(name: str, *, session: Session | None = None) -> Set:
    """One setting, explained."""
    return _set((session or current()).settings.about(name))


def change(name: str, value: Any, *, save: bool = False, session: Session | None = None) -> Set:
    """Set one for this notebook; `save`: for good, in the user's config.toml. Texts are read as the setting's kind."""
    settings = (session or current()).settings
    before = settings.about(name)
    setattr(settings, name, settings.read(name, value) if isinstance(value, str) else value)
    note = "For this notebook; for good with --save."
    if save:
        try:
            note = f"Saved in {_save(name, getattr(settings, name))}"
        except BaseException:
            setattr(settings, name, before.value)
            raise
    if name == "endpoint":
        note += " The official libraries turn to it when the kernel is restarted."
    return _set(settings.about(name), note)


def trust(folder: str | Path = ".", *, session: Session | None = None) -> Set:
    """Let the `.env` of a folder count from the next start on; saved in the user's config.toml."""
    settings = (session or current()).settings
    path = str(Path(folder).expanduser().resolve())
    if not Path(path).is_dir():
        raise BadInput(f"There is no folder {path}.", "%hf settings --trust-here")
    return change("trusted_folders", sorted({*settings.trusted_folders, path}), save=True, session=session)


def _set(one: Setting, note: str | None = None) -> Set:
    value, default = redact.each(one.value), one.default
    variables = ENVIRONMENT.get(one.name, ())
    return Set(one.name, value, redact.text(one.source), one.help, default, one.locked, variables, note)


def _save(name: str, value: Any) -> Path:
    """Write one line of the file; what else stands there, comments too, stays as it is."""
    path = sources.user_file()
    before = sources.user()
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    after = _with_line(text, name, f"{name} = {_toml(value)}")
    try:
        understood = tomllib.loads(after) == before | {name: value}
    except ValueError:
        understood = False
    if not understood:
        raise Refused(f"{name} stands in {path.name} in a way that only a person can change.", f"Edit {path}")
    _replace(path, after)
    return path


def _with_line(text: str, name: str, line: str) -> str:
    """In the place of the old line, else before the first table."""
    lines = text.splitlines()
    tables = [number for number, one in enumerate(lines) if re.match(r"\s*\[", one)]
    top = tables[0] if tables else len(lines)
    for number in range(top):
        if re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", lines[number]):
            comment = re.search(r"\s+#[^\"']*$", lines[number])
            lines[number] = line + (comment[0] if comment else "")
            return "\n".join(lines) + "\n"
    lines.insert(top, line)
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():
            return _quoted(value)
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{_quoted(str(key))} = {_toml(one)}' for key, one in value.items())}}}"
        case _:
            raise BadInput(f"{value!r} cannot be saved.", "%hf settings NAME=VALUE")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in escaped) + '"'


def _replace(path: Path, text: str) -> None:
    """Whole or not at all."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path.resolve())
    except OSError as wrong:
        raise TooLarge(
            f"{path} cannot be written: {wrong.strerror}. It is as it was.", "%hf cache status"
        ) from None
    finally:
        beside.unlink(missing_ok=True)
