"""An adapter (PEFT): small weights that change a base model, in a folder or as a repository of the Hub.

Both are loaded, the base as any other model is, and the adapter is worked into it: afterwards it is one plain model.
"""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, NotFound, Refused
from hf_nb.hub.translate import translated
from hf_nb.infer.own import folders
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    from hf_nb.infer.call import Call
    from hf_nb.plumbing.session import Session

TAG = "peft"
WEIGHTS = "adapter_model.safetensors"
MOST = 1_000_000  # bytes of its settings
_ID = re.compile(r"[\w.-]+/[\w.-]+|[\w.-]+")
# How the layer is called that says how many classes there are.
_HEADS = re.compile(r"(?:^|\.)(?:classifier|score|out_proj|qa_outputs)(?:\.\w+)*\.weight$")


def task(model: str, commit: str | None, session: Session) -> str | None:
    """What a repository's adapter was made for."""
    try:
        said = _read(_fetched(model, folders.ADAPTER, commit, session))
    except (NotFound, BadInput):
        return None
    return folders.ADAPTED.get(str(said.get("task_type")))


def find(call: Call, tags: frozenset[str], session: Session) -> Path | None:
    """The folder of the adapter that a call means; None where it means a whole model. `tags`: what the Hub says."""
    if Path(call.model).is_dir():
        return Path(call.model) if folders.is_adapter(Path(call.model)) else None
    if TAG not in tags:
        return None
    try:
        settings = _fetched(call.model, folders.ADAPTER, call.revision, session)
        _fetched(call.model, WEIGHTS, call.revision, session)
    except NotFound as missing:
        if WEIGHTS in str(missing.problem) or _has_settings(call):
            raise Refused(
                f"{call.model} has no safetensors adapter; pickled ones can run code and are refused."
            ) from None
        return None  # filed as one, and a whole model
    return settings.parent


def base_of(folder: Path, model: str) -> tuple[str, str | None]:
    """The model it changes, and the revision of it that it names."""
    said = _read(folder / folders.ADAPTER)
    base, revision = said.get("base_model_name_or_path"), said.get("revision")
    if not isinstance(base, str) or not base:
        raise BadInput(
            f"{model} does not name the model it changes.", f"In {folders.ADAPTER}: base_model_name_or_path"
        )
    # A stranger's adapter names a repository, never a place on this disk.
    if not Path(model).is_dir() and not _ID.fullmatch(base):
        raise Refused(f"{model} names a folder of its author's as the model it changes: {base[:80]}.")
    return base, revision if isinstance(revision, str) and revision else None


def classes(folder: Path) -> int | None:
    """How many classes its own head has, if it has one."""
    from hf_nb.infer import weighing

    for name, one in weighing.header(folder / WEIGHTS).items():
        if _HEADS.search(name) and "lora_" not in name and len(one.get("shape") or ()) == 2:
            return int(one["shape"][0])
    return None


def worked_in(model: Any, folder: Path, name: str) -> Any:
    """The base with the adapter in it."""
    peft = require("peft", "local", "An adapter")
    try:
        with warnings.catch_warnings():
            # peft asks transformers by a name that will change
            warnings.simplefilter("ignore", FutureWarning)
            changed = peft.PeftModel.from_pretrained(model, str(folder))
        return changed.merge_and_unload() if hasattr(changed, "merge_and_unload") else changed
    except (ValueError, RuntimeError, KeyError, TypeError, AttributeError) as wrong:
        lines = str(wrong).strip().splitlines() or [type(wrong).__name__]
        raise BadInput(f"{name} does not fit the model it names: {lines[0][:160]}") from wrong


def _fetched(model: str, name: str, commit: str | None, session: Session) -> Path:
    from huggingface_hub import hf_hub_download

    from hf_nb.plumbing import http

    http.install(session)
    with translated(f"{name} of {model}", session.settings):
        return Path(hf_hub_download(model, name, revision=commit))


def _has_settings(call: Call) -> bool:
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(call.model, folders.ADAPTER, revision=call.revision), str)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST:
            raise BadInput(f"{path.name} is too large to be an adapter's settings.")
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise BadInput(f"{path.name} cannot be read.") from None
    return read if isinstance(read, dict) else {}
