"""The folders: may they be written, is there room, is anything left of transfers that broke off."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from hf_nb.hub.disk.listing import cache_folder
from hf_nb.plumbing import folders
from hf_nb.plumbing.session import Session
from hf_nb.values.doctor import State, Symptom

# Below these a model of ordinary size does not fit.
LITTLE, NONE_LEFT = 5_000_000_000, 200_000_000
_LOOKING = 1.5
_OLD = 3600.0
_PROBE = 64 << 10


def caches(session: Session) -> Iterator[Symptom]:
    """The cache all Hugging Face libraries share, and our own folders."""
    yield from _cache(cache_folder())
    for name, folder in (
        ("settings", folders.config()),
        ("traces", folders.data()),
        ("answers", folders.cache()),
    ):
        wrong = _writable(folder)
        if wrong is not None:
            state: State = "warn" if name != "settings" else "note"
            yield Symptom(
                "disk", f"folder of {name}", state, f"{_short(folder)}: {_why(wrong)}", _step(wrong, folder)
            )


def _cache(folder: Path) -> Iterator[Symptom]:
    wrong = _writable(folder)
    if wrong is not None:
        yield Symptom("disk", "cache", "problem", f"{_short(folder)}: {_why(wrong)}", _step(wrong, folder))
    else:
        links = _has_links(folder)
        yield Symptom("disk", "cache", "ok", f"{_short(folder)}, writable")
        if not links:
            detail = "no symbolic links here: every revision keeps copies, and takes more room"
            yield Symptom("disk", "links", "note", detail)
    yield from _room(folder)
    yield from _contents(folder)


def _room(folder: Path) -> Iterator[Symptom]:
    try:
        free = shutil.disk_usage(_existing(folder)).free
    except OSError as wrong:
        yield Symptom("disk", "room", "warn", f"cannot be told: {wrong.strerror}")
        return
    shown = f"{free / 1e9:.1f} GB free"
    if free < NONE_LEFT:
        yield Symptom(
            "disk", "room", "problem", f"{shown}: the disk is full", "%hf cache status, then %hf cache trim"
        )
    elif free < LITTLE:
        yield Symptom("disk", "room", "warn", f"{shown}: little room for models", "%hf cache status")
    else:
        yield Symptom("disk", "room", "ok", shown)


def _contents(folder: Path) -> Iterator[Symptom]:
    """Size, and parts of downloads that nobody goes on with; a large cache is not counted to its end."""
    until, size, parts, part_bytes, whole = time.monotonic() + _LOOKING, 0, 0, 0, True
    for path in _blobs(folder):
        with contextlib.suppress(OSError):
            facts = path.stat()
            size += facts.st_size
            if path.name.endswith(".incomplete") and facts.st_mtime < time.time() - _OLD:
                parts, part_bytes = parts + 1, part_bytes + facts.st_size
        if time.monotonic() > until:
            whole = False
            break
    yield Symptom("disk", "cache size", "ok", f"{'' if whole else 'more than '}{size / 1e9:.1f} GB")
    if parts:
        detail = f"{parts} unfinished downloads, {part_bytes / 1e6:.0f} MB; a pull of the same files goes on with them"
        yield Symptom("disk", "parts", "note", detail, "%hf cache prune")


def _blobs(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        for repo in folder.iterdir():
            with contextlib.suppress(OSError):
                yield from (repo / "blobs").iterdir()


def _writable(folder: Path) -> OSError | None:
    """What goes wrong when something is written there, found out by doing it."""
    probe = folder / f".hf-nb-probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            probe.write_bytes(b"\0" * _PROBE)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as wrong:
        return wrong
    return None


def _has_links(folder: Path) -> bool:
    link = folder / f".hf-nb-link-{os.getpid()}"
    try:
        link.symlink_to("nowhere")
        link.unlink()
    except OSError:
        return False
    return True


def _why(wrong: OSError) -> str:
    match wrong.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "may not be written"
        case errno.ENOTDIR | errno.EEXIST:
            return "is a file, not a folder"
        case _:
            return wrong.strerror or type(wrong).__name__


def _step(wrong: OSError, folder: Path) -> str:
    if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
        return "%hf cache status, then %hf cache trim"
    if wrong.errno in (errno.EACCES, errno.EPERM):
        return f"!chmod u+rwx {_short(folder)}   # or before the kernel starts: HF_HOME=/another/folder"
    return "Before the kernel starts: HF_HOME=/another/folder"


def _existing(folder: Path) -> Path:
    """The nearest folder there is."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _short(folder: Path) -> str:
    with contextlib.suppress(ValueError):
        return f"~/{folder.relative_to(Path.home())}"
    return str(folder)
