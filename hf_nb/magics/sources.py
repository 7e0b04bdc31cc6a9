"""Where what TAB offers comes from: ids, files, names of the notebook, tokens' names. No Hub is asked."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from hf_nb.plumbing import seen

MOST = 100  # offered at once
MOST_FILES = 2000  # of a folder looked at
NOUNS = {"models": "model", "datasets": "dataset", "spaces": "space"}
PLACES = ("local", "hf", "hashing")  # infer.backends.BACKENDS, which takes a tenth of a second to import
_HIDDEN = frozenset({"In", "Out", "exit", "quit", "open", "get_ipython"})


class Offer(NamedTuple):
    """What may be put in, and what it is."""

    text: str
    kind: str


def repos(word: str, kind: str | None) -> Iterator[Offer]:
    """Of one kind, or of every kind with its word in front; by the whole id, else by the name after the slash."""
    found = list(starting(word, _ids(kind), "repository"))
    if not found and len(word) > 1 and "/" not in word:
        found = [
            Offer(id, "repository")
            for id in _ids(kind)
            if id.rpartition("/")[2].lower().startswith(word.lower())
        ]
    yield from found


def _ids(kind: str | None) -> Iterator[str]:
    if kind is not None:
        yield from seen.ids(kind)
        return
    yield from seen.ids("model")
    yield from (f"datasets/{id}" for id in seen.ids("dataset"))
    yield from (f"spaces/{id}" for id in seen.ids("space"))


def addresses(word: str) -> Iterator[Offer]:
    """As `hf://owner/name`."""
    yield from starting(word, (f"hf://{id}" for id in _ids(None)), "repository")


def tokens(word: str) -> Iterator[Offer]:
    """Their names."""
    from hf_nb.plumbing import token

    yield from starting(word, token.stored(), "token")


def revisions(word: str, kind: str | None, left: Sequence[str]) -> Iterator[Offer]:
    """Those on this disk of the repository the line is about."""
    repo = next((one for one in left if "/" in one and not one.startswith("-")), "")
    noun, _, rest = repo.partition("/")
    if noun in NOUNS and "/" in rest:
        kind, repo = NOUNS[noun], rest
    yield from starting(word, seen.revisions(kind or "model", repo), "revision")


def owners() -> list[str]:
    """Whose repositories were met or cached."""
    return list(
        dict.fromkeys(id.partition("/")[0] for kind in seen.KINDS for id in seen.ids(kind) if "/" in id)
    )


def tasks(*, run: bool) -> list[str]:
    """What this package can run, or what a search can ask for."""
    from hf_nb.tasks import HUB_TASKS, TASKS

    return sorted(TASKS if run else HUB_TASKS)


def places() -> list[str]:
    """Where a model can be run: this machine, the Hub's providers, servers of the settings."""
    from hf_nb.plumbing import session

    return ["auto", *PLACES, *sorted(session.current().settings.servers)]


def policies() -> Sequence[str]:
    """How such a place is chosen."""
    from hf_nb.plumbing.settings import POLICIES

    return POLICIES


def languages() -> list[str]:
    """Their codes of two letters."""
    from hf_nb.tasks import LANGUAGES

    return sorted(code for code in LANGUAGES if len(code) == 2)


def conversations() -> list[str]:
    """Those of this session."""
    from hf_nb.plumbing import session

    return list(session.current().conversations)


@functools.cache
def sorts() -> list[str]:
    """The orders of a search."""
    from hf_nb.hub.finding.search import SORTS

    return list(SORTS)


def settings() -> list[str]:
    """Their names."""
    from hf_nb.plumbing import session

    return sorted(name for name in session.current().settings.trait_names() if not name.startswith("_"))


def files(word: str) -> Iterator[Offer]:
    """Names in the folder the word is in; folders end with a slash."""
    folder, _, start = word.rpartition("/")
    where = Path(f"{folder}/" if "/" in word else ".")
    try:
        with os.scandir(where.expanduser()) as entries:
            found = sorted(islice(entries, MOST_FILES), key=lambda entry: entry.name)
    except (OSError, RuntimeError):  # no such folder, or no such user
        return
    for entry in found:
        if entry.name.startswith(start) and (start or not entry.name.startswith(".")):
            slash = "/" if _is_folder(entry) else ""
            before = f"{folder}/" if "/" in word else ""
            yield Offer(f"{before}{entry.name}{slash}", "path")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def names(word: str, here: Mapping[str, Any]) -> list[Offer]:
    """The notebook's own: no modules of it, nothing hidden. After a dot, what the object has."""
    owner, dot, start = word.rpartition(".")
    if dot:
        return _attributes(owner, start, here)
    found = [
        Offer(name, "variable")
        for name, value in list(here.items())
        if name.startswith(word) and _is_shown(name, value, word)
    ]
    return sorted(found)[:MOST]


def _is_shown(name: str, value: Any, word: str) -> bool:
    hidden = name.startswith("_") and not (word.startswith("_") and name == "_hf")
    return not hidden and name not in _HIDDEN and type(value).__name__ != "module"


def _attributes(owner: str, start: str, here: Mapping[str, Any]) -> list[Offer]:
    """Of a variable alone: to go further would run the properties of the user's objects."""
    if "." in owner or owner not in here:
        return []
    try:
        has = dir(here[owner])
    except Exception:  # noqa: BLE001 -- the user's object may do anything
        return []
    found = [one for one in has if one.startswith(start) and not one.startswith("_")]
    return [Offer(f"{owner}.{one}", "variable") for one in found[:MOST]]


def starting(word: str, among: Iterable[str], kind: str) -> Iterator[Offer]:
    """Those that begin as the word does."""
    return (Offer(one, kind) for one in among if one.startswith(word))
