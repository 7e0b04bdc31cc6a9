"""What is pushed, as files: a path as it lies, a notebook, or an object written into a temporary folder.

pack(what, folder, how) -> Parcel(files, kind, …)
"""

from __future__ import annotations

import fnmatch
import json
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.hub.pushing import objects
from hf_nb.hub.pushing.parcel import How, Parcel
from hf_nb.values import Kind

# Left out of a folder wherever they lie, and said.
LEFT_OUT = (
    ".git",
    "__pycache__",
    ".ipynb_checkpoints",
    ".env",
    ".venv",
    ".DS_Store",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
)
CACHES = (".cache/huggingface", ".huggingface")
DATA = frozenset({".csv", ".tsv", ".parquet", ".jsonl", ".arrow", ".ndjson"})


def pack(what: Sequence[Any], folder: Path, how: How) -> Parcel:
    """One parcel of everything named."""
    packed = [
        _path(Path(one).expanduser(), folder / str(number), how)
        if isinstance(one, (str, os.PathLike))
        else objects.pack(one, folder / str(number), how)
        for number, one in enumerate(what)
    ]
    first, *rest = packed
    for other in rest:
        _join(first, other)
    if not first.files:
        raise BadInput(
            f"Nothing to push: {first.what} holds no file that would go.",
            f"Left out: {', '.join(first.left_out[:4])}" if first.left_out else "",
        )
    return first


def _join(first: Parcel, other: Parcel) -> None:
    if twice := sorted(set(first.files) & set(other.files) - {"README.md"}):
        raise BadInput(
            f"Two of the things named would become {twice[0]} in the repository.", "Push them one by one."
        )
    if first.kind and other.kind and first.kind != other.kind:
        raise BadInput(
            f"A {first.kind} and a {other.kind} do not go into one repository.", "Push them one by one."
        )
    first.files = other.files | first.files
    first.what = f"{first.what} and {other.what}"
    first.kind = first.kind or other.kind
    first.library, first.load = first.library or other.library, first.load or other.load
    first.task, first.base_model = first.task or other.task, first.base_model or other.base_model
    first.tags, first.facts = (*first.tags, *other.tags), (*first.facts, *other.facts)
    first.left_out += other.left_out
    first.notes += other.notes


def _path(path: Path, folder: Path, how: How) -> Parcel:
    if path.is_dir():
        return _folder(path, how)
    if not path.is_file():
        raise NotFound(
            f"There is no file or folder {str(path)!r} here.",
            f"An object of the notebook has a dollar before its name: ${path.name}"
            if path.name.isidentifier()
            else f"Here is {Path.cwd()}",
        )
    inside = how.path_in_repo or path.name
    if inside.endswith("/"):
        inside += path.name
    parcel = Parcel(f"file {path.name}", "dataset" if path.suffix in DATA else None)
    parcel.files[inside] = path
    if path.suffix == ".ipynb":
        parcel.what, parcel.tags = f"notebook {path.name}", ("notebook",)
        if how.strip_outputs:
            parcel.files[inside] = stripped(path)
            parcel.what += ", without its outputs"
    return parcel


def stripped(path: Path) -> bytes:
    """A notebook without outputs and execution counts."""
    try:
        told = json.loads(path.read_bytes())
        for cell in told["cells"]:
            if cell.get("cell_type") == "code":
                cell["outputs"], cell["execution_count"] = [], None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{path.name} is not a notebook that can be read.") from None
    told.get("metadata", {}).pop("widgets", None)
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def current_notebook() -> Path:
    """The notebook this kernel runs, as its server or editor tells."""
    main = sys.modules.get("__main__")
    told = os.environ.get("JPY_SESSION_NAME") or getattr(main, "__vsc_ipynb_file__", None)
    path = Path(told) if told else None
    if path is None or path.suffix != ".ipynb" or not path.is_file():
        raise BadInput(
            "It cannot be told which notebook this is.", "Name it: %hf push owner/name my-notebook.ipynb"
        )
    return path


def _folder(path: Path, how: How) -> Parcel:
    parcel = Parcel(f"folder {path.resolve().name}", None)
    prefix = f"{how.path_in_repo.strip('/')}/" if how.path_in_repo and how.path_in_repo != "." else ""
    for relative, found in _walk(path, parcel):
        if _wanted(relative, how):
            parcel.files[prefix + relative] = found
    parcel.kind = _kind(parcel.files, prefix)
    return parcel


def _walk(root: Path, parcel: Parcel) -> list[tuple[str, Path]]:
    """Files below, sorted; what never goes is noted."""
    found: list[tuple[str, Path]] = []
    for folder, names, files in os.walk(root):
        here = Path(folder)
        for name in sorted(names):
            relative = (here / name).relative_to(root).as_posix()
            if name in LEFT_OUT or relative.endswith(CACHES) or (here / name).is_symlink():
                names.remove(name)
                why = " (a link to a folder)" if (here / name).is_symlink() else ""
                parcel.left_out.append(f"{relative}/{why}")
        names.sort()
        for name in sorted(files):
            path = here / name
            relative = path.relative_to(root).as_posix()
            if name in LEFT_OUT:
                parcel.left_out.append(relative)
            elif not _regular(path):
                parcel.left_out.append(f"{relative} (no file)")
            else:
                found.append((relative, path))
    return sorted(found)


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:  # a link that leads nowhere
        return False


def _wanted(relative: str, how: How) -> bool:
    def matches(patterns: Sequence[str]) -> bool:
        return any(fnmatch.fnmatch(relative, f"{one}*" if one.endswith("/") else one) for one in patterns)

    return (not how.include or matches(how.include)) and not matches(how.exclude)


def _kind(files: dict[str, Path | bytes], prefix: str) -> Kind | None:
    """A Space by its card; a dataset where everything but the card is data."""
    card = files.get(f"{prefix}README.md")
    if isinstance(card, Path) and "\nsdk:" in card.read_text(encoding="utf-8", errors="replace")[:4000]:
        return "space"
    others = [
        Path(name) for name in files if Path(name).name not in {"README.md", ".gitattributes", "LICENSE"}
    ]
    return "dataset" if others and all(one.suffix in DATA for one in others) else None
