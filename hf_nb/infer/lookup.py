"""What the Hub says of a model: its commit, its task, its size, who serves it. Asked once, then kept for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hf_nb.errors import HfNbError, NotFound, Passing, Refused, Unauthorized
from hf_nb.hub.client import api
from hf_nb.hub.ids import nearest
from hf_nb.hub.reading import licence, weights
from hf_nb.hub.translate import translated
from hf_nb.infer.architectures import task_of_config
from hf_nb.infer.own import adapters
from hf_nb.plumbing import reading

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

EXPAND = [
    "pipeline_tag",
    "sha",
    "cardData",
    "gated",
    "tags",
    "safetensors",
    "inferenceProviderMapping",
]
# Why the cache had to do, where an error's name does not say it.
_WHY = {"Unauthorized": "no access now", "Refused": "local only"}
# What could not be asked of the Hub is tried again after so many seconds.
TRY_AGAIN = 30.0


@dataclass(frozen=True)
class Known:
    """A model, as far as it is known. `providers`: None where nobody said; `held`: hf.lock names its commit."""

    id: str
    commit: str | None = None
    task: str | None = None
    tags: frozenset[str] = frozenset()
    parameters: int | None = None
    bytes: int | None = None
    providers: tuple[str, ...] | None = None
    note: str = ""
    held: bool = False

    @property
    def chats(self) -> bool:
        """It has a chat template, by its tags."""
        return "conversational" in self.tags


_kept: WeakKeyDictionary[Session, dict[tuple[str, ...], tuple[float, Known]]] = WeakKeyDictionary()


def look_up(model: str, revision: str | None, session: Session) -> Known:
    """What is known of a model. Every use of it is noted for the lock, and held to the team's list of licences."""
    locked = session.ledger.lock is not None
    pinned = session.ledger.pinned("model", model, revision) if locked else None
    key = (session.settings.endpoint, model, pinned or revision or "main")
    kept = _kept.get(session)
    if kept is None:
        kept = _kept.setdefault(session, {})
    held = kept.get(key)
    if held is None or held[0] < session.clock.now() or reading.asks_anew():
        found = _ask(model, pinned or revision, revision or "main", session)
        minutes = session.settings.response_cache_minutes
        keep = min(TRY_AGAIN, minutes * 60) if found.note else minutes * 60
        kept[key] = (session.clock.now() + keep, found)
    else:
        found = held[1]
        licence.check(model, session=session)
        if found.commit:
            if locked:
                session.ledger.used("model", model, found.commit, asked=revision or "main")
            else:
                session.ledger.saw("model", model, found.commit, asked=revision or "main")
    return replace(found, held=True) if pinned else found


def unchanged(known: Known, revision: str | None, session: Session) -> bool:
    """Whether this is what would be found now, without a lock file; where it is, its use is noted."""
    held = (_kept.get(session) or {}).get((session.settings.endpoint, known.id, revision or "main"))
    if held is None or held[1] is not known or held[0] < session.clock.now() or reading.asks_anew():
        return False
    if known.commit:
        session.ledger.saw("model", known.id, known.commit, asked=revision or "main")
    return True


def kept(model: str, revision: str | None, session: Session) -> Known | None:
    """What was found of it a while ago; nobody is asked."""
    for (endpoint, id, _), (_, known) in list((_kept.get(session) or {}).items()):
        if endpoint == session.settings.endpoint and id == model and revision in (None, known.commit):
            return known
    return None


def _ask(model: str, revision: str | None, asked: str, session: Session) -> Known:
    """Asked of the Hub; from the cache when it cannot be asked."""
    try:
        with translated(f"model {model}", session.settings):
            found = api(session).model_info(model, revision=revision, expand=EXPAND)  # type: ignore[arg-type]
    except NotFound as missing:
        if "revision" in missing.problem:
            raise
        near = nearest(model, "model", session)
        step = (
            f"Nearest: {', '.join(near)}\nTry: %%hf infer -m {near[0]}" if near else "Try: %hf search models"
        )
        raise NotFound(f'No model "{model}".', step, nearest=near) from None
    except (Passing, Unauthorized, Refused) as wrong:
        if isinstance(wrong, Refused) and not session.settings.local_only:
            raise
        cached = _cached_config(model, revision)
        if cached is None and isinstance(wrong, Refused):
            problem = f"The setting local_only refused to ask for {model}, which is not on this machine."
            raise Refused(problem, wrong.next_step) from None
        if cached is None:
            raise
        return _from_cache(model, revision, asked, cached, wrong, session)
    licence.check(model, found=found, session=session)
    if found.sha:
        session.ledger.used("model", model, found.sha, asked=asked)
    numbers = weights.parameters(found)
    tags = frozenset(found.tags or ())
    serving = getattr(found, "inference_provider_mapping", None)
    return Known(
        model,
        found.sha,
        found.pipeline_tag or (adapters.task(model, found.sha, session) if adapters.TAG in tags else None),
        tags,
        sum(numbers.values()) or None,
        weights.memory(numbers).get("stored"),
        None if serving is None else tuple(one.provider for one in serving if _works(one)),
    )


def _from_cache(
    model: str, revision: str | None, asked: str, config: Path, wrong: HfNbError, session: Session
) -> Known:
    commit = config.parent.name
    session.ledger.used("model", model, commit, asked=asked, folder=config.parent)
    licence.check(model, known=licence.cached(model, "model", revision), session=session)
    why = _WHY.get(type(wrong).__name__, type(wrong).__name__.lower())
    return Known(model, commit, task_of_config(config), note=f"from the cache ({why})")


def is_cached(known: Known) -> bool:
    """Its weights lie on this disk, at its commit."""
    config = _cached_config(known.id, known.commit)
    return config is not None and any(config.parent.glob("*.safetensors"))


def _works(mapping: Any) -> bool:
    return getattr(mapping, "status", "live") != "error"


def _cached_config(model: str, revision: str | None) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(model, "config.json", revision=revision)
    if isinstance(found, str):
        return Path(found)
    return _cached_last(model) if revision is None else None


def _cached_last(model: str) -> Path | None:
    """Of the commit that came last: what is fetched by its commit, as we do, names no branch in the cache."""
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.file_download import repo_folder_name

    folder = Path(HF_HUB_CACHE) / repo_folder_name(repo_id=model, repo_type="model")
    if (folder / "refs" / "main").exists():
        return None
    there = (folder / "snapshots").glob("*/config.json")
    return max(there, key=lambda one: one.parent.stat().st_mtime, default=None)
