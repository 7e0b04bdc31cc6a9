"""Finding tables: what is meant, which configurations and splits it has, and its rows.

open("owner/name", split="test")     a Source
layout("owner/name")                 its configurations and splits, nothing of their rows

A Hub id, an address, a path, a pattern, or anything in memory that is a table.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.plumbing.extras import require
from hf_nb.plumbing.session import Session, current

if TYPE_CHECKING:
    from hf_nb.data.finding.configs import Config
    from hf_nb.data.finding.places import Place
    from hf_nb.data.source import Source

FIRST = ("train", "validation", "test")


@dataclass(frozen=True)
class Layout:
    """Configurations and their splits, with the rows of each where somebody says; which are meant by default."""

    configs: Mapping[str, Mapping[str, int | None]]
    config: str | None
    split: str | None
    notes: tuple[str, ...] = ()


def open(  # noqa: A001 -- what a table's owner would say
    what: Any,
    *,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    session: Session | None = None,
) -> Source:
    """A table. Of a dataset with several configurations or splits the default ones, unless they are named."""
    from hf_nb.data.finding import copies
    from hf_nb.data.finding.gathered import parts
    from hf_nb.data.source import Source

    require("pyarrow", "data", "Looking at tables")
    if not isinstance(what, (str, os.PathLike)):
        return _in_memory(what, config, split, revision)
    place, config, split = _place(what, config, split, revision, session or current())
    chosen = _config(place, config)
    name = _split(place, chosen, split)
    said = place.rows(chosen, name)
    viewer = copies.viewer(place, chosen, name)
    notes = place.notes if config is None else ()
    found = parts(chosen, name, place.file, place.sizes)
    source = Source(
        place.origin(chosen, name), found, features=chosen.features, rows=said, notes=notes, viewer=viewer
    )
    return copies.instead(source, place, chosen, name)


def layout(
    what: Any,
    *,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    session: Session | None = None,
) -> Layout:
    """What there is to choose from, and what is chosen."""
    if not isinstance(what, (str, os.PathLike)):
        splits = _splits(what)
        if splits is None:
            return Layout({}, None, None)
        return Layout(
            {"default": {name: len(one) for name, one in splits.items()}}, "default", _first(splits, split)
        )
    place, config, split = _place(what, config, split, revision, session or current())
    chosen = _config(place, config)
    return Layout(
        {
            name: {split: one.rows.get(split) for split in one.splits}
            for name, one in place.configs.all.items()
        },
        chosen.name,
        _split(place, chosen, split),
        place.notes,
    )


def _place(
    what: str | os.PathLike[str],
    config: str | None,
    split: str | None,
    revision: str | None,
    session: Session,
) -> tuple[Place, str | None, str | None]:
    from hf_nb.data.finding import places
    from hf_nb.data.finding.meant import Disk, Hub, meant

    found = meant(what, session)
    if isinstance(found, Hub):
        if revision and found.revision and revision != found.revision:
            raise BadInput(f"Two revisions are named: {found.revision} and {revision}.", "Leave one out.")
        asked = Hub(found.id, revision or found.revision, found.path)
        return places.OnHub(asked, session), config or found.config, split or found.split
    if revision:
        raise BadInput("Only a dataset of the Hub has revisions.", "Leave --revision out.")
    there: Place = places.OnDisk(found) if isinstance(found, Disk) else places.AtUrl(found, session)
    return there, config, split


def _config(place: Place, wanted: str | None) -> Config:
    every = place.configs.all
    name = wanted or place.configs.default
    if name not in every:
        raise _none_such("configuration", name, place.name, every)
    return every[name]


def _split(place: Place, config: Config, wanted: str | None) -> str:
    if not config.splits:
        raise NotFound(
            f"Configuration {config.name!r} of {place.name} has no files that are read here.",
            config.problem or "Others may: see its configurations.",
        )
    if wanted is not None and wanted not in config.splits:
        raise _none_such("split", wanted, place.name, config.splits)
    return _first(config.splits, wanted)


def _first(splits: Iterable[str], wanted: str | None) -> str:
    names = list(splits)
    if wanted is not None and wanted in names:
        return wanted
    return next((name for name in FIRST if name in names), names[0])


def _none_such(kind: str, wanted: str, name: str, known: Iterable[str]) -> NotFound:
    names = list(known)
    near = difflib.get_close_matches(wanted, names, 3, 0.4) or names[:5]
    step = f"{'Nearest' if len(near) < len(names) else 'There are'}: {', '.join(near)}"
    return NotFound(f"{name} has no {kind} {wanted!r}.", step, nearest=near)


def _in_memory(what: Any, config: str | None, split: str | None, revision: str | None) -> Source:
    from hf_nb.data.formats import held
    from hf_nb.data.source import Source
    from hf_nb.values.data import Origin

    if revision or config:
        raise BadInput("Something in memory has no configurations and no revisions.", "Leave them out.")
    splits = _splits(what)
    name = type(what).__name__
    if splits is not None:
        if not splits:
            raise NotFound(f"The {name} holds no splits.")
        if split is not None and split not in splits:
            raise _none_such("split", split, f"The {name}", splits)
        split = _first(splits, split)
        what = splits[split]
    elif split is not None:
        raise BadInput(f"A {name} has no splits.", "Leave --split out.")
    return Source(Origin("memory", name, split=split, form="memory"), [held.part(what, name)])


def _splits(what: Any) -> Mapping[str, Any] | None:
    """Of a `datasets.DatasetDict`."""
    kind = f"{type(what).__module__.partition('.')[0]}.{type(what).__name__}"
    return {str(name): one for name, one in what.items()} if kind == "datasets.DatasetDict" else None
