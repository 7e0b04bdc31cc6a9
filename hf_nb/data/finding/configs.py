"""A dataset's configurations: what its card says, or what its files' names say. Only paths are looked at."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hf_nb.data import formats
from hf_nb.data.columns import from_card
from hf_nb.data.finding import patterns
from hf_nb.data.formats import folder
from hf_nb.errors import BadInput

ALONE = "default"
MOST = 10_000
# Where several endings are equally frequent.
ORDER = ("parquet", "arrow", "jsonl", "json", "csv")


@dataclass(frozen=True)
class Config:
    """One of them: its splits' files, how they are read, and what the card says of their rows."""

    name: str
    splits: Mapping[str, list[str]]
    family: str | None
    how: Mapping[str, Any] = field(default_factory=dict)
    features: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True)
class Configs:
    """All of them, and the one that is meant where nobody says."""

    all: Mapping[str, Config]
    default: str
    notes: tuple[str, ...] = ()


def found(paths: Sequence[str], card: Mapping[str, Any]) -> Configs:
    """The configurations of a repository or a folder."""
    listed = [one for one in _dicts(card.get("configs"))[:MOST] if "config_name" in one]
    facts = {str(one.get("config_name") or ALONE): one for one in _dicts(card.get("dataset_info"))[:MOST]}
    if not listed:
        facts = {ALONE: next(iter(facts.values()))} if len(facts) == 1 else facts
        one = _config(ALONE, {}, paths, facts.get(ALONE, {}))
        return Configs({ALONE: one}, ALONE)
    every = {str(one["config_name"]): one for one in listed}
    # one description of one configuration means it, whatever it is called
    if len(every) == len(facts) == 1:
        facts = dict.fromkeys(every, next(iter(facts.values())))
    all_ = {name: _config(name, one, paths, facts.get(name, {})) for name, one in every.items()}
    default = next(
        (n for n, one in every.items() if len(every) == 1 or n == ALONE or one.get("default")), None
    )
    notes = () if default or len(all_) == 1 else (f"The first of {len(all_)} configurations.",)
    return Configs(all_, default or next(iter(all_)), notes)


def _config(name: str, said: Mapping[str, Any], paths: Sequence[str], facts: Mapping[str, Any]) -> Config:
    problem = None
    base = said.get("data_dir")
    base = posixpath.normpath(base).strip("/") if isinstance(base, str) else ""
    base = "" if base == "." else base
    try:
        if said.get("data_files") is not None:
            given = patterns.said(said["data_files"])
            splits = {split: patterns.matching(which, paths, base) for split, which in given.items()}
        else:
            under = (
                [path[len(base) + 1 :] for path in paths if path.startswith(f"{base}/")] if base else paths
            )
            splits = {
                split: [posixpath.join(base, path) for path in files]
                for split, files in patterns.by_name(under).items()
            }
    except BadInput as wrong:
        splits, problem = {}, wrong.problem
    kind = family([path for files in splits.values() for path in files])
    chosen = {split: kept for split, files in splits.items() if (kept := _read(files, kind))}
    how = {
        key: value
        for key, value in said.items()
        if key not in ("config_name", "data_files", "data_dir", "default")
    }
    counted = {
        str(one["name"]): one["num_examples"]
        for one in _dicts(facts.get("splits"))
        if isinstance(one.get("num_examples"), int)
        and not isinstance(one["num_examples"], bool)
        and "name" in one
    }
    features = from_card(said.get("features") or facts.get("features"))
    return Config(name, chosen, kind, how, features, counted, problem)


def family(paths: Sequence[str]) -> str | None:
    """How files are read: as most of them are; metadata beside pictures do not count."""
    endings = Counter(
        (ending.lower(), posixpath.basename(path) in folder.METADATA)
        for path in paths
        for ending in posixpath.basename(path).split(".")[1:]
    )

    def order(one: tuple[tuple[str, bool], int]) -> tuple[Any, ...]:
        (ending, metadata), count = one
        return not metadata, count, *(ending == known for known in ORDER), ending

    for (ending, _), _ in sorted(endings.items(), key=order, reverse=True):
        if kind := formats.family(f"x.{ending}"):
            return kind
    return None


def _read(paths: Sequence[str], kind: str | None) -> list[str]:
    """The files of that kind; with pictures, what is said of them."""
    if kind is None:
        return []
    beside = folder.METADATA if kind in formats.FOLDERS.values() else ()
    return [path for path in paths if formats.family(path) == kind or posixpath.basename(path) in beside]


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, Mapping)]
