"""One repository: its card, files, numbers; and the nearest real ids when there is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, HfNbError, NotFound
from hf_nb.hub.client import api, kind_of
from hf_nb.hub.search import Tags
from hf_nb.hub.translate import translated
from hf_nb.plumbing.session import Session, current
from hf_nb.values import File, Kind, RepoInfo, Score

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_PREFIXES: dict[str, Kind] = {"models": "model", "datasets": "dataset", "spaces": "space"}
_ORDER: tuple[Kind, ...] = ("model", "dataset", "space")
CARD_BYTES = 400_000
# A candidate this alike ends the search for better ones: each word costs a request per kind.
SURE = 0.85
# Without a word of its kind, an id is more often a model's than a dataset's, and that more often than a Space's.
LATER = 0.1


def info(
    repo: str, *, kind: str | None = None, revision: str | None = None, session: Session | None = None
) -> RepoInfo:
    """What the Hub knows of `owner/name` (`datasets/owner/name`, `spaces/owner/name`, or kind=…)."""
    session = session or current()
    repo_id, only = _which(repo, kind)
    hub = api(session)
    with session.span("hub.info", repo=repo_id):
        for one in (only,) if only else _ORDER:
            try:
                with translated(f"{one} {repo_id}", session.settings):
                    found = getattr(hub, f"{one}_info")(repo_id, revision=revision, files_metadata=True)
            except NotFound as missing:
                if "revision" in missing.problem:
                    raise
                continue
            return _info(hub, session, one, found, revision)
        near = nearest(repo_id, only, session)
    raise _missing(repo_id, only, near)


def nearest(
    repo_id: str, kind: Kind | None = None, session: Session | None = None, most: int = 3
) -> list[str]:
    """Real ids that look like `repo_id`; empty when the Hub cannot be asked."""
    session = session or current()
    hub = api(session)
    found: dict[str, float] = {}
    try:
        for word in _words(repo_id):
            for one in (kind,) if kind else _ORDER:
                with translated(repo_id, session.settings):
                    for hit in _hits(hub, one, word):
                        full = hit.id if one == "model" else f"{one}s/{hit.id}"
                        found[full] = _likeness(repo_id, hit.id) - LATER * _ORDER.index(one)
            if max(found.values(), default=0) > SURE:
                break
    except HfNbError:
        return []
    return sorted(found, key=lambda candidate: -found[candidate])[:most]


def _hits(hub: HfApi, kind: Kind, word: str) -> Iterator[Any]:
    yield from getattr(hub, f"list_{kind}s")(search=word, limit=50, sort="likes")


def _words(repo_id: str) -> list[str]:
    """Searches to try: the name, its parts, their first letters (a typo is rarely at the start)."""
    name = repo_id.rpartition("/")[2]
    parts = sorted(filter(lambda part: len(part) > 2, re.split(r"[-_.\s]+", name)), key=len, reverse=True)[:3]
    starts = [part[: max(3, len(part) // 2)] for part in parts]
    return list(dict.fromkeys(word for word in (name, *parts, *starts) if word))


def _likeness(wanted: str, candidate: str) -> float:
    wanted, bare = wanted.lower(), candidate.lower()
    whole = difflib.SequenceMatcher(None, wanted, bare).ratio()
    names = difflib.SequenceMatcher(None, wanted.rpartition("/")[2], bare.rpartition("/")[2]).ratio()
    return max(whole, names) + 0.01 * whole


def _missing(repo_id: str, kind: Kind | None, near: list[str]) -> NotFound:
    problem = f'No {kind or "model, dataset or Space"} "{repo_id}".'
    if near:
        return NotFound(problem, f"Nearest: {', '.join(near)}\nTry: %hf info {near[0]}", nearest=near)
    word = max(re.split(r"[-_./\s]+", repo_id.rpartition("/")[2]), key=len) or repo_id
    return NotFound(problem, f"Try: %hf search {kind or 'model'}s {word}")


def _which(repo: str, kind: str | None) -> tuple[str, Kind | None]:
    first, _, rest = repo.strip().strip("/").partition("/")
    if first in _PREFIXES and rest:
        return rest, _PREFIXES[first]
    if not repo.strip():
        raise BadInput("Which repository?", "%hf info owner/name")
    return repo.strip().strip("/"), kind_of(kind) if kind else None


def _info(hub: HfApi, session: Session, kind: Kind, found: Any, revision: str | None) -> RepoInfo:
    tagged = Tags(found.tags or ())
    card = found.card_data.to_dict() if found.card_data else {}
    text, note = _card(hub, session, kind, found, revision)
    runtime = getattr(found, "runtime", None)
    return RepoInfo(
        kind=kind,
        id=found.id,
        hub=session.settings.endpoint,
        commit=found.sha,
        author=found.author,
        created=found.created_at,
        updated=found.last_modified,
        downloads=getattr(found, "downloads", None),
        likes=found.likes,
        gated=getattr(found, "gated", None) or None,
        private=bool(found.private),
        disabled=bool(found.disabled),
        task=getattr(found, "pipeline_tag", None) or tagged.first("task_categories"),
        library=getattr(found, "library_name", None),
        licence=card.get("license") or tagged.first("license"),
        languages=tagged.languages(kind) or _listed(card.get("language")),
        datasets=_listed(card.get("datasets")) or tagged.all("dataset"),
        tags=tuple(found.tags or ()),
        parameters=dict(found.safetensors.parameters) if getattr(found, "safetensors", None) else {},
        files=tuple(File(one.rfilename, one.size) for one in found.siblings or ()),
        scores=tuple(_scores(found)),
        sdk=getattr(found, "sdk", None),
        stage=getattr(runtime, "stage", None),
        hardware=getattr(runtime, "hardware", None),
        card=text,
        note=note,
    )


def _card(
    hub: HfApi, session: Session, kind: Kind, found: Any, revision: str | None
) -> tuple[str, str | None]:
    """The card's text without its YAML; a card that cannot be had does not spoil the rest."""
    if not any(one.rfilename == "README.md" for one in found.siblings or ()):
        return "", "This repository has no card."
    try:
        with translated(f"{kind} {found.id}", session.settings):
            path = hub.hf_hub_download(
                found.id, "README.md", repo_type=kind, revision=revision or found.sha, tqdm_class=_no_bar()
            )
    except HfNbError as wrong:
        return "", f"The card could not be read: {wrong.problem}"
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        text = file.read(CARD_BYTES)
    return re.sub(r"\A---\r?\n.*?\r?\n---\r?\n?", "", text, flags=re.DOTALL).strip(), None


def _no_bar() -> type:
    """A card is a few kilobytes: a bar that fills at once is noise."""
    from tqdm import tqdm

    class NoBar(tqdm):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(
                *args, **{key: value for key, value in kwargs.items() if key != "name"} | {"disable": True}
            )

    return NoBar


def _scores(found: Any) -> Iterator[Score]:
    for result in getattr(found.card_data, "eval_results", None) or ():
        yield Score(
            result.task_type,
            result.dataset_name,
            result.metric_name or result.metric_type,
            result.metric_value,
        )


def _listed(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)
