"""Which files of a repository are wanted: what was named, without what nobody should get by accident.

A pickle runs code when it is loaded, so it comes only if it is named, or asked for by its suffix ("*.bin").
Where the same weights are there as safetensors, their copies in other formats stay where they are.
A name that would lead out of its folder never comes.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from hf_nb.errors import BadInput, NotFound, Refused

PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".dill"})
COPIES = frozenset({".bin", ".h5", ".msgpack", ".ot"})
SAFE = ".safetensors"
# Of weights alone: model-00001-of-00003.safetensors is a part, pytorch_model.fp16.bin a variant.
_PART = re.compile(r"-\d{5}-of-\d{5}")
# A .bin of these names is no pickle: OpenVINO, GGML, CTranslate2, fastText and tokenizers keep plain bytes in theirs.
_PLAIN = re.compile(r"^(openvino_.*|ggml.*|model|vocab.*|lid\..*|tokenizer.*|spiece.*)\.bin$")
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
# What a disk takes is 255 bytes; the library puts a few of its own behind a name.
LONGEST_NAME = 240

PICKLE = "a pickle can run code when it is loaded"
COPY = "the same weights are there as safetensors"
OUTSIDE = "its name leads out of the folder"
ODD = "no disk should have a file of that name"


@dataclass(frozen=True)
class Asked:
    """What somebody wants of a repository."""

    names: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def choose(paths: Sequence[str], asked: Asked) -> tuple[list[str], dict[str, str]]:
    """The files to have, and those left out with the reason, of everything that was asked for."""
    exact, patterns = _read(paths, asked)
    matching = exact | _matching(paths, patterns, asked)
    safe = {_variant(path) for path in paths if path.endswith(SAFE)}
    kept, left = [], {}
    for path in paths:
        if path in matching:
            named = path in exact or _by_suffix(path, patterns)
            if why := _unsafe(path) or ("" if named else _unwanted(path, safe)):
                left[path] = why
            else:
                kept.append(path)
    if not kept:
        raise _nothing(left, asked)
    return kept, left


def is_pickle(path: str) -> bool:
    """Whether its name says so."""
    name = PurePosixPath(path).name
    return PurePosixPath(name).suffix.lower() in PICKLES and not _PLAIN.match(name)


def tuple_of(patterns: str | Iterable[str]) -> tuple[str, ...]:
    """One pattern or several."""
    found = (patterns,) if isinstance(patterns, str) else tuple(patterns)
    if not all(isinstance(one, str) for one in found):
        raise BadInput("Patterns are texts.", 'include=["*.json"]')
    return found


def _read(paths: Iterable[str], asked: Asked) -> tuple[set[str], list[str]]:
    """Names of files, and patterns; a name of a folder is a pattern."""
    known, exact, patterns = set(paths), set(), list(asked.include)
    for name in asked.names:
        bare = name.rstrip("/")
        if name in known:
            exact.add(name)
        elif re.search(r"[*?\[]", name):
            patterns.append(name)
        elif any(path.startswith(f"{bare}/") for path in known):
            patterns.append(f"{bare}/*")
        else:
            raise _no_such_file(name, known)
    return exact, patterns


def _matching(paths: Sequence[str], patterns: list[str], asked: Asked) -> set[str]:
    from huggingface_hub.utils import filter_repo_objects

    if asked.names and not patterns:
        return set()
    return set(
        filter_repo_objects(paths, allow_patterns=patterns or None, ignore_patterns=list(asked.exclude))
    )


def _by_suffix(path: str, patterns: Iterable[str]) -> bool:
    suffix = PurePosixPath(path).suffix
    return bool(suffix) and any(pattern.endswith(suffix) for pattern in patterns)


def _unwanted(path: str, safe: set[tuple[str, str]]) -> str:
    bare = path.removesuffix(".index.json")
    name = PurePosixPath(bare).name
    if PurePosixPath(name).suffix.lower() in COPIES and not _PLAIN.match(name) and _variant(bare) in safe:
        return COPY
    return PICKLE if is_pickle(path) else ""


def _variant(path: str) -> tuple[str, str]:
    """Folder and variant of weights: ("", "fp16") for model.fp16-00001-of-00002.safetensors."""
    whole = PurePosixPath(path)
    return str(whole.parent), _PART.sub("", whole.stem).partition(".")[2]


def _unsafe(path: str) -> str:
    """Why no disk should have this name, if there is a reason."""
    segments = path.split("/")
    as_windows = [PureWindowsPath(one) for one in (*segments, path)]
    if ".." in path.replace("\\", "/").split("/") or any(one.drive or one.root for one in as_windows):
        return OUTSIDE
    if path.startswith((".cache/huggingface/", ".git/")) or any(one in ("", ".") for one in segments):
        return OUTSIDE
    if not path.isprintable() or any(
        len(one.encode(errors="surrogatepass")) > LONGEST_NAME for one in segments
    ):
        return ODD
    return ODD if os.name == "nt" and any(_RESERVED.match(one) for one in segments) else ""


def _no_such_file(name: str, known: set[str]) -> NotFound:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    step = f"Nearest: {', '.join(near)}" if near else "To see them all, leave the name out and add --dry-run"
    return NotFound(f'No file "{name}" in this revision.', step, nearest=near)


def _nothing(left: dict[str, str], asked: Asked) -> NotFound | Refused:
    if not left:
        said = ", ".join((*asked.names, *asked.include)) or "what is not excluded"
        return NotFound(
            f"No file matches {said}.", "To see them all, leave the patterns out and add --dry-run"
        )
    path, why = next(iter(left.items()))
    step = f"To have it all the same, name it: {path}" if why in (PICKLE, COPY) else ""
    return Refused(f"{path} was left out: {why}.", step)
