"""Secrets in what is about to leave this machine: where they stand and of what kind, never what they are.

scan(files)
├── by name            .env, id_rsa, credentials.json …
├── live               this user's own tokens, as they are, in base64, in an address: in every byte of every file
└── by pattern         text line by line · notebooks cell by cell with outputs and metadata · members of archives ·
                       text columns of Parquet · headers of safetensors and GGUF · other binaries to a bound

What was not looked at is said. A line with `pragma: allowlist secret` is passed over, as detect-secrets has it,
and so is a spot the caller names; a live token never is.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from hf_nb.hub.pushing import inside, live, patterns
from hf_nb.hub.pushing.windows import Place, Scan, is_text, lines, stream


def scan(
    files: Iterable[tuple[str, Path | bytes]],
    *,
    allow: Iterable[str] = (),
    told: Callable[[int], None] | None = None,
) -> Scan:
    """Look through files, given by their path in the repository; `told` hears of the bytes read."""
    began = time.perf_counter()
    result = Scan(frozenset(allow), live.tokens(), told=told)
    for path, source in files:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        _name(path, result)
        _content(path, source, size, result)
    result.seconds = time.perf_counter() - began
    return result


def _name(path: str, result: Scan) -> None:
    for pattern, kind in patterns.NAMES:
        if pattern.search(path):
            result.add(Place(path), ("its name", path), kind)
            return
    inside_it = Scan(own=result.own)
    apart = path.replace("-", " ").replace(
        "_hf_", " hf_"
    )  # run-hf_….txt: in a name anything is glued together
    lines(f"{path}\n{apart}", Place(path), inside_it)
    if inside_it.found:
        masked = (PurePosixPath(path).parent / "…").as_posix()
        result.hidden[path] = masked
        result.add(Place(masked), ("its name", f"{masked}#name"), inside_it.found[0].kind, always=True)


def _content(path: str, source: Path | bytes, size: int, result: Scan) -> None:
    with _opened(source) as handle:
        head = handle.read(8192)
        handle.seek(0)
        reader = inside.reader(path, head)
        if reader is None:
            stream(handle, Place(path), result, text=is_text(head), bound=None)
            return
        # what an archive or a notebook holds is read by its own rules; the bytes as they lie, for live tokens
        stream(handle, Place(path), result, text=False, bound=0)
        if size:
            handle.seek(0)
            reader(handle, path, result)


def _opened(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
