"""Objects of a notebook, written as the files their library reads again. Nothing here is a pickle."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput, HfNbError, Refused
from hf_nb.hub.pushing import tables
from hf_nb.hub.pushing.parcel import How, Parcel, comes_from
from hf_nb.plumbing import progress
from hf_nb.plumbing.extras import require


def pack(value: Any, folder: Path, how: How) -> Parcel:
    """By what it is; libraries that are not imported are not imported for asking."""
    folder.mkdir(parents=True)
    for is_one, write in _KINDS:
        if is_one(value):
            progress.say(f"Writing {type(value).__name__} …")
            return write(value, folder, how)
    if tables.is_one(value):
        progress.say(f"Writing {type(value).__name__} …")
        return tables.pack(value, folder, how)
    raise _unknown(value)


def _unknown(value: Any) -> HfNbError:
    name = type(value).__name__
    if comes_from(value, "sklearn") or (hasattr(value, "fit") and hasattr(value, "get_params")):
        return Refused(
            f"A {name} is stored as a pickle, which runs code when it is loaded.",
            'Store it without: %pip install skops, then skops.io.dump(model, "model.skops") and push that file.',
        )
    return BadInput(
        f"There is no way to push this: {name}.",
        "It can be a path, a notebook, a DataFrame, a Dataset, a model, or a dict of arrays.",
    )


def _saves_itself(value: Any) -> bool:
    return callable(getattr(value, "save_pretrained", None)) and not isinstance(value, type)


def _save_pretrained(value: Any, folder: Path, how: How) -> Parcel:
    """transformers, peft, diffusers, sentence-transformers, and whatever else saves itself."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        value.save_pretrained(str(folder))
    name = type(value).__name__
    library = type(value).__module__.partition(".")[0]
    library = {"sentence_transformers": "sentence-transformers"}.get(library, library)
    config = getattr(getattr(value, "model", value), "config", None)
    known = library in {"transformers", "sentence-transformers", "peft", "diffusers"}
    parcel = Parcel(name, "model", library=library if known else None)
    parcel.files = _files(folder, how)
    parcel.task = getattr(value, "task", None) if isinstance(getattr(value, "task", None), str) else None
    parcel.base_model = _base(getattr(config, "_name_or_path", None) or getattr(value, "name_or_path", None))
    parcel.load = _loading(name, library, parcel.task)
    parcel.facts = tuple(_parameters(value))
    return parcel


def _loading(name: str, library: str, task: str | None) -> str:
    if task and library == "transformers":
        return f'from transformers import pipeline\n\nmodel = pipeline("{task}", model="{{repo}}")'
    if library in {"transformers", "diffusers"}:
        return f'from {library} import {name}\n\nloaded = {name}.from_pretrained("{{repo}}")'
    if library == "sentence-transformers":
        return (
            'from sentence_transformers import SentenceTransformer\n\nmodel = SentenceTransformer("{repo}")'
        )
    return f'loaded = {name}.from_pretrained("{{repo}}")'


def _base(told: Any) -> str | None:
    """The id it was made from; a path on this machine is nobody else's business."""
    if not isinstance(told, str) or told.count("/") != 1 or told.startswith((".", "/", "~")):
        return None
    return None if Path(told).exists() else told


def _parameters(value: Any) -> list[str]:
    model = getattr(value, "model", value)
    if not callable(getattr(model, "parameters", None)):
        return []
    try:
        return [f"{sum(one.numel() for one in model.parameters()):,} parameters"]
    except (AttributeError, TypeError):
        return []


def _module(value: Any, folder: Path, how: How) -> Parcel:
    """A torch module: its weights, and the little that is known of how to build it again."""
    saving = require("safetensors.torch", "local", "Pushing a torch module")
    saving.save_model(value, str(folder / "model.safetensors"))
    name = type(value).__name__
    own = type(value).__module__
    config = {"architectures": [name], "library": "pytorch", "defined_in": own}
    own_config = getattr(value, "config", None)
    kept = dict(own_config) if isinstance(own_config, Mapping) else {}
    (folder / "config.json").write_text(
        json.dumps(kept | config, indent=2, default=str) + "\n", encoding="utf-8"
    )
    parcel = Parcel(name, "model", library="pytorch", tags=("safetensors",))
    parcel.files = _files(folder, how)
    parcel.facts = tuple(_parameters(value))
    parcel.load = (
        "from huggingface_hub import hf_hub_download\nfrom safetensors.torch import load_model\n\n"
        f"model = {name}(...)  # its class and its arguments are not stored here\n"
        'load_model(model, hf_hub_download("{repo}", "model.safetensors"))'
    )
    parcel.notes.append(f"The weights are stored, the Python class {name} is not.")
    return parcel


def _is_module(value: Any) -> bool:
    return comes_from(value, "torch", "Module") and callable(getattr(value, "state_dict", None))


def _is_arrays(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(isinstance(key, str) for key in value)
        and all(_is_tensor(one) or comes_from(one, "numpy", "ndarray") for one in value.values())
    )


def _is_tensor(value: Any) -> bool:
    return comes_from(value, "torch", "Tensor")


def _arrays(value: Any, folder: Path, how: How) -> Parcel:
    path = folder / "model.safetensors"
    if any(_is_tensor(one) for one in value.values()):
        torch = require("torch", "local", "Pushing tensors")
        saving = require("safetensors.torch", "local", "Pushing tensors")
        # a copy each: safetensors refuses tensors that share their memory
        tensors = {
            key: torch.as_tensor(one).detach().cpu().clone().contiguous() for key, one in value.items()
        }
        saving.save_file(tensors, str(path), metadata={"format": "pt"})
        module = "torch"
    else:
        numpy = require("numpy", "local", "Pushing arrays")
        saving = require("safetensors.numpy", "local", "Pushing arrays")
        if odd := [key for key, one in value.items() if one.dtype.kind not in "biufc"]:
            raise BadInput(
                f"The array {odd[0]!r} holds no numbers ({value[odd[0]].dtype}).",
                "Leave it out, or push a DataFrame.",
            )
        saving.save_file({key: numpy.ascontiguousarray(one) for key, one in value.items()}, str(path))
        module = "numpy"
    parcel = Parcel(f"{len(value)} arrays", "model", tags=("safetensors",))
    parcel.files = _files(folder, how)
    parcel.load = (
        f"from huggingface_hub import hf_hub_download\nfrom safetensors.{module} import load_file\n\n"
        'arrays = load_file(hf_hub_download("{repo}", "model.safetensors"))'
    )
    parcel.facts = (f"{len(value)} arrays",)
    return parcel


def _files(folder: Path, how: How) -> dict[str, Path | bytes]:
    prefix = f"{how.path_in_repo.strip('/')}/" if how.path_in_repo else ""
    return {
        prefix + path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# what it is -> how it is written; the first that fits
_KINDS: tuple[tuple[Callable[[Any], bool], Callable[[Any, Path, How], Parcel]], ...] = (
    (_saves_itself, _save_pretrained),
    (_is_module, _module),
    (_is_arrays, _arrays),
)
