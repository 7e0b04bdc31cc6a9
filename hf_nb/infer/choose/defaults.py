"""The table of defaults: which model a task gets where none is named.

setting default_models  >  models.toml in the configuration folder  >  defaults.toml beside this package

The forms of a line are explained in defaults.toml.
"""

from __future__ import annotations

import functools
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.infer.choose import languages
from hf_nb.plumbing import folders
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "models.toml"
_SHIPPED = Path(__file__).parent.parent / "defaults.toml"
_KEY = re.compile(r"([a-z0-9-]+)(?:[:@][\w*-]+)?")


class Default(NamedTuple):
    """A model, and where it is written."""

    model: str
    key: str
    source: str

    @property
    def own(self) -> bool:
        """The user wrote it."""
        return self.source != _SHIPPED.name


Layers = list[Mapping[str, Default]]


def defaults(*, session: Session | None = None) -> Table:
    """The table in force, each line with its source."""
    seen: dict[str, Default] = {}
    for layer in layers(session or current()):
        for key, one in layer.items():
            seen.setdefault(key, one)
    order = list(tasks.TASKS)
    rows = sorted(seen.values(), key=lambda one: (order.index(task_of(one.key)), one.key))
    return Table(
        ("task", "for", "model", "source"),
        tuple((task_of(one.key), _meaning(one.key), one.model, one.source) for one in rows),
    )


def find(keys: Sequence[str], layers: Layers) -> Default | None:
    """The first of `keys` the strongest layer has; a user's plain line beats what is shipped for a language."""
    return next((layer[key] for layer in layers for key in keys if key in layer), None)


def has_languages(task: str, layers: Layers) -> bool:
    """Whether the language of a text makes a difference."""
    return any(key.startswith(f"{task}:") for layer in layers for key in layer)


def pairs(layers: Layers) -> dict[tuple[str, str], Default]:
    """Translations by (from, to)."""
    found: dict[tuple[str, str], Default] = {}
    for layer in layers:
        for key, one in layer.items():
            source, dash, target = key.partition("translation:")[2].partition("-")
            if dash:
                found.setdefault((source, target), one)
    return found


def layers(session: Session) -> Layers:
    """The strongest first."""
    own = {
        key: Default(model, _checked(key, "the setting default_models"), "default_models")
        for key, model in session.settings.default_models.items()
    }
    shipped = _shipped()["demo" if session.settings.endpoint_is_local else "hub"]
    return [one for one in (own, _file(folders.config()), shipped) if one]


def task_of(key: str) -> str:
    """The task a line is about."""
    return re.split("[:@]", key)[0]


def _meaning(key: str) -> str:
    task = task_of(key)
    rest = key.removeprefix(task)
    if rest == "@local":
        return "only here"
    if rest == ":*":
        return "any language but English"
    source, dash, target = rest[1:].partition("-")
    return f"{languages.name(source)} to {languages.name(target)}" if dash else languages.name(source)


@functools.cache
def _shipped() -> dict[str, dict[str, Default]]:
    read = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    return {
        hub: {key: Default(model, key, _SHIPPED.name) for key, model in lines.items()}
        for hub, lines in read.items()
    }


def _file(folder: Path) -> Mapping[str, Default]:
    path = os.path.join(folder, FILE)  # noqa: PTH118 -- looked for with every answer
    try:
        stat = os.stat(path)  # noqa: PTH116 -- the same
    except OSError:
        return {}
    return _read(Path(path), stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Mapping[str, Default]:
    try:
        lines = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise BadInput(f"{path} cannot be read: {wrong}", f"Mend it, or move it away: {path}") from None
    for key, model in lines.items():
        if not isinstance(model, str):
            raise BadInput(f"{path}: {key} names no model.", f'{key} = "owner/name"')
    return {key: Default(model, _checked(key, str(path)), FILE) for key, model in lines.items()}


def _checked(key: str, where: str) -> str:
    if _KEY.fullmatch(key) and task_of(key) in tasks.TASKS:
        return key
    raise BadInput(f"{where}: {key!r} is no task that can be run.", f"Tasks: {', '.join(tasks.TASKS)}")
