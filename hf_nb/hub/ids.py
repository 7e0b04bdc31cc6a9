"""Which repository a word, an address or a URI means; and the nearest real ids when there is none.

owner/name   datasets/owner/name   owner/name@v1   hf://datasets/owner/name   https://huggingface.co/owner/name/tree/v1
"""

from __future__ import annotations

import contextvars
import difflib
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from hf_nb.errors import BadInput, NotFound
from hf_nb.hub.client import api, kind_of
from hf_nb.hub.headers import headers
from hf_nb.hub.translate import translated
from hf_nb.plumbing import reading
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Kind

FOLDERS: dict[str, Kind] = {"models": "model", "datasets": "dataset", "spaces": "space"}
ORDER: tuple[Kind, ...] = ("model", "dataset", "space")
# Other things the Hub shows, and the official words that read them.
ELSEWHERE = {"collections": "collections info", "papers": "papers info"}
HUBS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
# Parts of an address after the id; a revision follows those that are True.
_VIEWS = {"tree": True, "blob": True, "resolve": True, "raw": True, "commit": True, "commits": True}
_VIEWS |= {"discussions": False, "edit": False, "settings": False, "viewer": False, "community": False}

SECONDS = 2.0  # asking for the nearest ids ends then, with what has come
MOST_ASKED = 3
# Without a word of its kind, an id is more often a model's than a dataset's, and that more often than a Space's.
_NAMES: dict[Kind, str] = {"model": "model", "dataset": "dataset", "space": "Space"}
LATER = 0.02
CLOSE = 0.45  # less alike than this is no help


class Which(NamedTuple):
    """What was meant; None where the words do not say."""

    id: str
    kind: Kind | None
    revision: str | None


def which(
    repo: str, kind: str | None = None, revision: str | None = None, session: Session | None = None
) -> Which:
    """The repository meant by an id, with or without its kind and revision, or by an address of the Hub."""
    given = repo.strip()
    asked = kind_of(kind) if kind else None
    parts, at = _parts(given, session or current())
    if parts and parts[0] in ELSEWHERE and len(parts) > 1:
        raise BadInput(
            f"That is one of the Hub's {parts[0]}.", f"%hf {ELSEWHERE[parts[0]]} {'/'.join(parts[1:])}"
        )
    named = FOLDERS.get(parts[0]) if len(parts) > 1 else None
    id = "/".join(parts[1:] if named else parts)
    if not id:
        raise BadInput("Which repository?", "%hf info owner/name")
    if named and asked and named != asked:
        raise BadInput(f"{given} is a {named}, and a {asked} was asked for.", f"%hf info {given}")
    if at and revision and at != revision:
        raise BadInput(f"Two revisions are named: {at} and {revision}.", f"%hf info {id} --revision {at}")
    return Which(id, named or asked, revision or at)


def _parts(given: str, session: Session) -> tuple[list[str], str | None]:
    """The path of an id or address, and the revision in it."""
    address = urlsplit(given) if re.match(r"https?://", given) else None
    if address is None:
        bare, _, at = given.removeprefix("hf://").partition("@")
        if given.startswith("hf://"):  # hf://datasets/owner/name@rev/path/in/it
            parts, at = bare.strip("/").split("/"), unquote(at.partition("/")[0])
            return parts[: 3 if parts[0] in FOLDERS else 2], at or None
        return bare.strip("/").split("/"), at or None
    if address.hostname not in HUBS | {urlsplit(session.settings.endpoint).hostname}:
        raise BadInput(
            f"{address.hostname} is not the Hub in use.", "Name the repository: %hf info owner/name"
        )
    parts = [unquote(part) for part in address.path.strip("/").split("/") if part]
    if parts and parts[0] in ELSEWHERE:
        return parts, None
    long = 3 if parts[:1] and parts[0] in FOLDERS else 2
    id, rest = parts[:long], parts[long:]
    # an old id has no owner: its view stands where the name would
    for place, part in enumerate(parts[1:long], 1):
        if part in _VIEWS and place == long - 1 and len(parts) > place:
            id, rest = parts[:place], parts[place:]
    if not rest or not _VIEWS.get(rest[0]) or len(rest) < 2:
        return id, None
    return id, "/".join(rest[1:4]) if rest[1:3] == ["refs", "pr"] else rest[1]


def missing(repo_id: str, kind: Kind | None, session: Session) -> NotFound:
    """The error of a wrong id, with the nearest real ones; or with what it is, where it is something else."""
    found = list(_remote(repo_id, session))
    if other := next((one for one, id in found if id == repo_id and kind not in (None, one)), None):
        full = repo_id if other == "model" else f"{other}s/{repo_id}"
        return NotFound(
            f"{repo_id} is a {_NAMES[other]}, not a {_NAMES[kind or 'model']}.", f"Try: %hf info {full}"
        )
    near = _nearest(repo_id, kind, found, 3)
    problem = f'No {kind or "model, dataset or Space"} "{repo_id}".'
    if near and all(f"/{id}".split("/")[-2] == repo_id for id in near):
        problem = f'"{repo_id}" owns repositories, and is none.'
        step = (
            f"For example: {', '.join(near)}\nAll of them: %hf search {kind or 'model'}s --author {repo_id}"
        )
        return NotFound(problem, step, nearest=near)
    if near:
        return NotFound(problem, f"Nearest: {', '.join(near)}\nTry: %hf info {near[0]}", nearest=near)
    word = max(re.split(r"[-_./\s]+", repo_id.rpartition("/")[2]), key=len) or repo_id
    return NotFound(problem, f"Try: %hf search {kind or 'model'}s {word}")


def nearest(
    repo_id: str, kind: Kind | None = None, session: Session | None = None, most: int = 3
) -> list[str]:
    """Real ids that look like `repo_id`, best first: the Hub's, or else those downloaded before."""
    return _nearest(repo_id, kind, list(_remote(repo_id, session or current())), most)


def _nearest(repo_id: str, kind: Kind | None, found: list[tuple[Kind, str]], most: int) -> list[str]:
    return _best(repo_id, kind, found, most) or _best(repo_id, kind, _cached(), most)


def _best(repo_id: str, kind: Kind | None, candidates: Iterable[tuple[Kind, str]], most: int) -> list[str]:
    found: dict[str, float] = {}
    for one, id in candidates:
        if kind in (None, one):
            likeness = _likeness(repo_id, id) - (0 if kind else LATER * ORDER.index(one))
            found[id if one == "model" else f"{one}s/{id}"] = likeness
    good = [id for id, likeness in found.items() if likeness >= CLOSE]
    return sorted(good, key=lambda id: -found[id])[:most]


def _remote(repo_id: str, session: Session) -> Iterator[tuple[Kind, str]]:
    """Ids the Hub finds for parts of the wrong one, all parts at once."""
    api(session)
    pool = ThreadPoolExecutor(MOST_ASKED, thread_name_prefix="hf-nb-nearest")
    try:
        asked = [
            pool.submit(contextvars.copy_context().run, _quick, word, session) for word in _words(repo_id)
        ]
        wait(asked, timeout=SECONDS)
    finally:  # neither a Hub that hangs nor the stop button is waited for
        pool.shutdown(wait=False, cancel_futures=True)
    for one in asked:
        if one.done() and not one.cancelled():
            yield from one.result()


def _quick(word: str, session: Session) -> list[tuple[Kind, str]]:
    """A few of every kind for one word, in one request."""
    from huggingface_hub.utils import get_session, hf_raise_for_status

    url = f"{session.settings.endpoint}/api/quicksearch"
    asked: dict[str, str | int] = {"q": word, "limit": 20}
    try:
        with translated(word, session.settings), reading.scope(SECONDS):
            answer = get_session().get(url, params=asked, headers=headers(), timeout=SECONDS)
            hf_raise_for_status(answer)
            given = answer.json()
            return [(one, str(hit["id"])) for one in ORDER for hit in given.get(f"{one}s") or ()]
    except Exception:  # noqa: BLE001 -- a hint is not worth an error
        return []


def _words(repo_id: str) -> list[str]:
    """What to search for: a typo is at one end of a name, and the other end is found, with its owner or without."""
    owner, _, name = repo_id.rpartition("/")
    half = max(3, len(name) * 2 // 5)
    start, end = name[:half], name[-half:]
    words = [f"{owner}/{start}" if owner else name, start, end]
    if owner and len(name) < 6:  # too short to halve: whatever this owner has, and the name elsewhere
        words = [f"{owner}/", name, start]
    return list(dict.fromkeys(word.strip("-_. ") for word in words if len(word.strip("-_. ")) > 1))[
        :MOST_ASKED
    ]


def _cached() -> Iterator[tuple[Kind, str]]:
    """Ids that were downloaded before."""
    from huggingface_hub import constants

    folder = Path(constants.HF_HUB_CACHE)
    for path in folder.glob("*s--*") if folder.is_dir() else ():
        kind, _, id = path.name.partition("--")
        if kind in FOLDERS:
            yield FOLDERS[kind], id.replace("--", "/", 1)


def _likeness(wanted: str, candidate: str) -> float:
    """0 to 1: how alike the names are, or the whole ids, whichever is more."""
    wanted, bare = _plain(wanted), _plain(candidate)
    whole = difflib.SequenceMatcher(None, wanted, bare).ratio()
    names = difflib.SequenceMatcher(None, wanted.rpartition("/")[2], bare.rpartition("/")[2]).ratio()
    return (max(whole, names) + 0.3 * whole) / 1.3


def _plain(id: str) -> str:
    """Hyphens, underscores and dots are written for each other."""
    return re.sub(r"[-_.\s]+", "-", id.lower())
