"""A repository's files at one commit as a folder of links: nothing is copied, and nobody is asked for them."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

from hf_nb.offline import history, trees
from hf_nb.offline.server.ask import Ask

_lock = threading.Lock()
KEPT = 32  # folders; the models in them are far fewer


def folder(ask: Ask, root: Path, rid: int, commit: history.Commit) -> Path:
    """Where they are."""
    place = root / "models" / f"{rid}-{commit.oid}"
    with _lock:
        if not place.exists():
            beside = place.with_suffix(".new")
            shutil.rmtree(beside, ignore_errors=True)
            for path, oid in trees.files(ask.sql, commit.tree).items():
                link = beside / path
                link.parent.mkdir(parents=True, exist_ok=True)
                source = ask.site.store.blobs.path_of(history.blob(ask.sql, oid)).resolve()
                try:
                    link.symlink_to(source)
                except OSError:  # where links are not allowed
                    shutil.copyfile(source, link)
            beside.mkdir(parents=True, exist_ok=True)
            beside.rename(place)
        os.utime(place)
        _clear(place.parent)
    return place


def _clear(root: Path) -> None:
    """What was asked longest ago goes first; a model that is loaded needs its files no more."""
    kept = sorted((one for one in root.iterdir() if one.is_dir()), key=lambda one: -one.stat().st_mtime)
    for old in kept[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
