"""Which model answers, and why."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput, NotFound, Passing, Unauthorized
from hf_nb.hub.client import api
from hf_nb.hub.ids import nearest
from hf_nb.hub.reading import licence
from hf_nb.hub.translate import translated
from hf_nb.infer.call import Target

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

# task -> (on huggingface.co, on the offline Hub)
DEFAULTS: dict[str, tuple[str, str]] = {
    "text-classification": (
        "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
        "hfnb-demo/sentiment-en",
    ),
}
# The last part of an architecture's name says what the model was made for.
ARCHITECTURES: dict[str, str] = {
    "ForSequenceClassification": "text-classification",
    "ForCausalLM": "text-generation",
    "ForTokenClassification": "token-classification",
    "ForMaskedLM": "fill-mask",
    "ForQuestionAnswering": "question-answering",
    "ForConditionalGeneration": "text2text-generation",
    "ForImageClassification": "image-classification",
    "ForSpeechSeq2Seq": "automatic-speech-recognition",
}


@dataclass(frozen=True)
class Wish:
    """What the caller said; None where nothing was."""

    model: str | None = None
    task: str | None = None
    provider: str = "auto"
    revision: str | None = None
    input: Any = None
    fallback: tuple[str, ...] = ()
    policy: str | None = None


@dataclass(frozen=True)
class Choice:
    """The task, who is to be asked one after the other, and the reason in a few words.

    `params`: parameters that follow from the choice (the language of a text, for example).
    """

    task: str
    targets: tuple[Target, ...]
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)


def choose(wish: Wish, session: Session) -> Choice:
    """An explicit model wins; else the default of the task."""
    model, revision = wish.model, wish.revision
    task = None if wish.task is None else _checked_task(wish.task)
    if model is None:
        if task is None:
            raise BadInput(
                "Which task, or which model?",
                "%%hf infer --task text-classification, or %%hf infer -m owner/name",
            )
        own = session.settings.default_models.get(task)
        model = own or DEFAULTS[task][session.settings.endpoint_is_local]
        reason = f"your default for {task}" if own else f"the default for {task}"
    else:
        reason = "the model you named"
    if Path(model).is_dir():
        task = _agreed(task, _task_of_config(Path(model) / "config.json"), model)
        return Choice(task, (Target("local", model),), reason)
    commit, own_task, note = _look_up(model, revision, session)
    task = _agreed(task, own_task, model)
    return Choice(task, (Target("local", model, commit),), f"{reason}{note}")


def _look_up(model: str, revision: str | None, session: Session) -> tuple[str | None, str | None, str]:
    """Commit and task as the Hub says; from the cache when it cannot be asked."""
    name, revision = revision, session.ledger.pinned("model", model, revision) or revision
    try:
        with translated(f"model {model}", session.settings):
            found = api(session).model_info(
                model, revision=revision, expand=["pipeline_tag", "sha", "cardData", "gated", "tags"]
            )
    except NotFound as missing:
        if "revision" in missing.problem:
            raise
        near = nearest(model, "model", session)
        step = (
            f"Nearest: {', '.join(near)}\nTry: %%hf infer -m {near[0]}" if near else "Try: %hf search models"
        )
        raise NotFound(f'No model "{model}".', step, nearest=near) from None
    except Passing as passing:
        cached = _cached_config(model, revision)
        if cached is None:
            raise
        session.ledger.used("model", model, cached.parent.name, asked=name or "main", folder=cached.parent)
        licence.check(model, known=licence.cached(model, "model", revision), session=session)
        return (
            cached.parent.name,
            _task_of_config(cached),
            f"; from the cache ({type(passing).__name__.lower()})",
        )
    except Unauthorized:
        cached = _cached_config(model, revision)
        if cached is None:
            raise
        session.ledger.used("model", model, cached.parent.name, asked=name or "main", folder=cached.parent)
        licence.check(model, known=licence.cached(model, "model", revision), session=session)
        return cached.parent.name, _task_of_config(cached), "; from the cache (no access now)"
    licence.check(model, found=found, session=session)
    if found.sha:
        session.ledger.used("model", model, found.sha, asked=name or "main")
    return found.sha, found.pipeline_tag, ""


def _cached_config(model: str, revision: str | None) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(model, "config.json", revision=revision)
    return Path(found) if isinstance(found, str) else None


def _task_of_config(config: Path) -> str | None:
    try:
        architectures = json.loads(config.read_text(encoding="utf-8")).get("architectures") or []
    except (OSError, ValueError):
        return None
    return next(
        (task for ending, task in ARCHITECTURES.items() for name in architectures if name.endswith(ending)),
        None,
    )


def _agreed(asked: str | None, own: str | None, model: str) -> str:
    own = tasks.ALSO.get(own or "", own)
    task = asked or own
    if task is None:
        raise BadInput(f"The Hub does not say what {model} is for.", "Name it: --task text-classification")
    if asked and not tasks.TASKS[asked].fits(own):
        raise BadInput(f"{model} is a model for {own}, not for {asked}.", f"%hf search models --task {asked}")
    if task not in tasks.TASKS:
        raise BadInput(
            f"{model} is for {task}, which cannot be run from here yet.",
            f"Runs now: {', '.join(tasks.TASKS)}",
        )
    return task


def _checked_task(task: str) -> str:
    task = tasks.ALSO.get(task, task)
    if task in tasks.TASKS:
        return task
    if task in tasks.HUB_TASKS:
        raise BadInput(f"The task {task} cannot be run from here yet.", f"Runs now: {', '.join(tasks.TASKS)}")
    close = difflib.get_close_matches(task, [*tasks.HUB_TASKS, *tasks.ALSO], n=3, cutoff=0.4)
    raise BadInput(f"There is no task called {task!r}.", f"Nearest: {', '.join(close)}" if close else "")
