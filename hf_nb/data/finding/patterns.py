"""Which files are which split: by what a card says, or by their names, as `datasets` does it.

The rules are `datasets.data_files`, and the tests hold them against it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hf_nb.errors import BadInput

SHARDED = re.compile(r"data/(.+)-[0-9]{5}-of-[0-9]{5}[^/]*\.[^/]*\Z")
WORDS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "dev", "val"),
    "test": ("test", "testing", "eval", "evaluation"),
}
IGNORED = frozenset(
    {"README.md", "config.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json"}
)
IGNORED |= {"dummy_data.zip"}
SPLIT = re.compile(r"\w+(\.\w+)*\Z")
_EDGE = "[-._ 0-9]"
BY_FOLDER = ("**/{word}/**", "**/{word}{edge}*/**", "**/*{edge}{word}/**", "**/*{edge}{word}{edge}*/**")
BY_NAME = ("**/{word}{edge}*", "**/*{edge}{word}{edge}*")
BASE = "/base"


def by_name(paths: Sequence[str]) -> dict[str, list[str]]:
    """Splits of files nobody described."""
    seen = [path for path in paths if not _passed_over(path, "")]
    sharded: dict[str, list[str]] = {}
    for path in seen:
        if name := SHARDED.match(path):
            sharded.setdefault(name[1], []).append(path)
    if sharded and all(SPLIT.match(name) for name in sharded):
        return {
            name: sharded[name]
            for name in [*(n for n in WORDS if n in sharded), *sorted(set(sharded) - set(WORDS))]
        }
    for forms in (BY_FOLDER, BY_NAME):
        splits = {split: found for split, words in WORDS.items() if (found := _worded(words, forms, seen))}
        if splits:
            return splits
    return {"train": list(seen)} if seen else {}


def _worded(words: Sequence[str], forms: Sequence[str], paths: Sequence[str]) -> list[str]:
    """Files with one of the words in their names; most have none, and are not held against any form."""
    found: dict[str, None] = {}
    for word in words:
        some = [path for path in paths if word in path]
        for form in forms if some else ():
            found.update(dict.fromkeys(_like(form.format(word=word, edge=_EDGE), some)))
    return list(found)


def said(data_files: Any) -> dict[str, list[str]]:
    """`data_files:` of a card: a pattern, several, or some for each split."""
    if isinstance(data_files, str):
        return {"train": [data_files]}
    if isinstance(data_files, Mapping):
        return {str(split): _listed(given) for split, given in data_files.items()}
    if not isinstance(data_files, list):
        raise BadInput(
            "The card's data_files make no sense.", "They are a pattern, or a list of split and path."
        )
    if not any(isinstance(one, Mapping) for one in data_files):
        return {"train": _listed(data_files)}
    splits: dict[str, list[str]] = {}
    for one in data_files:
        if not isinstance(one, Mapping) or "split" not in one or "path" not in one:
            raise BadInput("The card's data_files make no sense.", "Each has a split and a path.")
        splits.setdefault(str(one["split"]), []).extend(_listed(one["path"]))
    return splits


def matching(patterns: Iterable[str], paths: Sequence[str], base: str = "") -> list[str]:
    """The files that patterns mean, pattern by pattern, each once."""
    found: dict[str, None] = {}
    for given in patterns:
        pattern = posixpath.normpath(posixpath.join(base, given)) if base else given.removeprefix("./")
        if not re.search(r"[*?\[]", pattern):
            hits = [path for path in paths if path == pattern]
        else:
            hits = _hits(pattern, paths)
        found.update(dict.fromkeys(hits))
    return list(found)


def _hits(pattern: str, paths: Sequence[str]) -> list[str]:
    return [path for path in _like(pattern, paths) if not _passed_over(path, pattern)]


def _like(pattern: str, paths: Sequence[str]) -> list[str]:
    from fsspec.utils import glob_translate  # type: ignore[import-untyped]

    try:
        form = re.compile(glob_translate(f"{BASE}/{pattern}"))
    except (ValueError, re.error):
        return []
    return [path for path in paths if form.match(f"{BASE}/{path}")]


def _passed_over(path: str, pattern: str) -> bool:
    """Hidden files, those in folders like __pycache__, and what describes a repository: unless the pattern says so."""
    name = posixpath.basename(path)
    if name in IGNORED and name != posixpath.basename(pattern):
        return True
    return _marked(path, ".") != _marked(pattern, ".") or _special(path) != _special(pattern)


def _marked(path: str, mark: str) -> int:
    return sum(part.startswith(mark) and bool(part.strip(".")) for part in path.split("/"))


def _special(path: str) -> int:
    return sum(part.startswith("__") for part in path.split("/")[:-1])


def _listed(value: Any) -> list[str]:
    return (
        [value] if isinstance(value, str) else [str(one) for one in value] if isinstance(value, list) else []
    )
