"""Whether a call has but one answer: only then may an earlier one stand for it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.infer.own import objects
from hf_nb.infer.privacy import looking

if TYPE_CHECKING:
    from hf_nb.infer.call import Call, Target
    from hf_nb.infer.shapes import Tally
    from hf_nb.plumbing.session import Session

# Whoever says one of these wants a token drawn, not the likeliest taken.
DRAWING = ("temperature", "top_p", "top_k", "typical_p")
# Tasks in which nobody but the model says whether it draws.
FREE = frozenset({"chat", "text-generation", "code-generation"})
WHOLE = frozenset({"stop", "length", "tool_calls"})


def alike(call: Call, target: Target, session: Session, *, mask: bool) -> bool:
    """As far as it can be seen from outside: a model that stays what it is, and no drawing without a seed.

    A server of the user's own may serve another model under the same name tomorrow; an object of the kernel changes
    while it is trained; what was masked is never put down in clear.
    """
    if target.method == "local":
        if target.revision is None or objects.find(target.model) is not None:
            return False
    else:
        masks = mask or session.settings.personal == "mask"
        if target.method.partition("/")[0] != "hf" or (masks and _is_masked(call)):
            return False
    if not tasks.TASKS[call.task].streams:
        return True
    return _said(call) is not False


def lasting(target: Target) -> bool:
    """Whether the commit is known that answers: else it may be another one tomorrow."""
    return target.revision is not None


def worth(tally: Tally) -> bool:
    """Whole, not empty, and by the model itself: a quicker copy's answer may differ in its last digits."""
    return (
        tally.finish in WHOLE
        and not tally.empty
        and not any(one.endswith(" copy") for note in tally.notes for one in note.split("; "))
    )


def greedy(call: Call, target: Target) -> bool:
    """Whether the likeliest is taken, or what is drawn is always the same."""
    if not tasks.TASKS[call.task].streams:
        return True
    said = _said(call)
    if said is not None:
        return said
    if target.method != "local":
        return call.task not in FREE
    return _never_draws(target.model, target.revision or "")


def _said(call: Call) -> bool | None:
    """What the caller has said of it; None: nothing, so it is as the model's own settings are."""
    params = call.params
    if params.get("seed") is not None or params.get("temperature") == 0:
        return True
    if params.get("do_sample") is not None:
        return not params["do_sample"]
    return False if any(params.get(name) is not None for name in DRAWING) else None


@functools.lru_cache(maxsize=256)
def _never_draws(model: str, revision: str) -> bool:
    """By its own settings; where they are not on this disk, or are another model's, nobody can say."""
    files = dict(_settings(model, revision))
    if "config.json" not in files or "adapter_config.json" in files:
        return False
    return not any(one.get("do_sample") for one in files.values())


def _settings(model: str, revision: str) -> Iterator[tuple[str, dict[str, Any]]]:
    from huggingface_hub import try_to_load_from_cache

    folder = Path(model).expanduser()
    for name in ("config.json", "generation_config.json", "adapter_config.json"):
        if folder.is_dir():
            path: Any = folder / name
        else:
            path = try_to_load_from_cache(model, name, revision=revision)
        if isinstance(path, (str, Path)) and Path(path).is_file():
            try:
                found = json.loads(Path(path).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                found = {"do_sample": True}
            yield name, found if isinstance(found, dict) else {"do_sample": True}


def _is_masked(call: Call) -> bool:
    return bool(looking.kinds(looking.texts(call)))
