"""What is meant: a dataset of the Hub, a file of one, a path, an address.

owner/name   datasets/owner/name   owner/name@v1   hf://datasets/owner/name@v1/path
https://huggingface.co/datasets/owner/name/viewer/config/split   …/blob/main/path   https://example.org/table.csv
data.csv   folder   data/*.parquet   ~/saved
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hf_nb.data import formats
from hf_nb.errors import BadInput
from hf_nb.hub import ids
from hf_nb.plumbing.session import Session

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_FILES = frozenset({"blob", "resolve", "raw", "tree"})


@dataclass(frozen=True)
class Hub:
    """A dataset of the Hub, and which part of it."""

    id: str
    revision: str | None = None
    path: str | None = None
    config: str | None = None
    split: str | None = None


@dataclass(frozen=True)
class Disk:
    """A file or folder here, or a pattern."""

    path: str


@dataclass(frozen=True)
class Url:
    """A file behind an address."""

    url: str


def meant(what: str | os.PathLike[str], session: Session) -> Hub | Disk | Url:
    """What words mean."""
    if isinstance(what, os.PathLike):
        return Disk(os.fspath(what))
    given = what.strip()
    if not given:
        raise BadInput("Which table?", "An id, a path or an address: %hf preview owner/name")
    if given.startswith("hf://"):
        return _uri(given)
    if "://" in given:
        return _address(given, session)
    if _looks_like_path(given):
        return Disk(given)
    id = ids.which(given, "dataset", None, session)
    return Hub(id.id, id.revision)


def _uri(given: str) -> Hub:
    """hf://datasets/owner/name@revision/path."""
    parts = given.removeprefix("hf://").strip("/").split("/")
    if parts[0] in ids.FOLDERS and parts[0] != "datasets":
        raise BadInput(f"{given} is none of the Hub's datasets.", "Datasets: hf://datasets/owner/name")
    rest = parts[1:] if parts[0] == "datasets" else parts
    # revisions may hold a slash: refs/convert/parquet, refs/pr/1, written with %2F or as they are
    joined = "/".join(rest)
    found = re.match(r"([^/@]+(?:/[^/@]+)?)(?:@(refs/(?:convert|pr)/[^/]+|[^/]+))?(?:/(.*))?\Z", joined)
    if found is None:
        raise BadInput(f"{given} names no dataset.", "As in hf://datasets/owner/name@main/data.csv")
    return Hub(found[1], unquote(found[2]) if found[2] else None, found[3] or None)


def _address(given: str, session: Session) -> Hub | Url:
    parts = urlsplit(given)
    hubs = ids.HUBS | {urlsplit(session.settings.endpoint).hostname}
    local = parts.hostname in LOOPBACK
    same = not local or parts.netloc == urlsplit(session.settings.endpoint).netloc
    if parts.scheme in ("http", "https") and parts.hostname in hubs and same:
        if found := _page(unquote(parts.path), session):
            return found
        raise BadInput(
            f"{given} is no dataset's address.", "As in https://huggingface.co/datasets/owner/name"
        )
    if parts.scheme == "https" or (parts.scheme == "http" and local):
        return Url(given)
    if parts.scheme == "http":
        raise BadInput("An address must begin with https://: what comes over http can be changed on its way.")
    raise BadInput(f"{parts.scheme}:// is not read here.", "What is read: https://, hf://datasets/…, paths")


def _page(path: str, session: Session) -> Hub | None:
    """A page of the Hub: a dataset's, a file's, a row's."""
    parts = [part for part in path.split("/") if part]
    if parts[:1] != ["datasets"] or len(parts) < 2:
        return None
    views = _FILES | {"viewer", "embed", "sql-console", "discussions", "commits", "settings"}
    at = 2 if len(parts) == 2 or parts[2] in views else 3
    id, rest = "/".join(parts[1:at]), parts[at:]
    if rest[:2] == ["embed", "viewer"]:
        rest = rest[1:]
    if rest[:1] == ["viewer"]:
        return Hub(id, None, None, *[*rest[1:3], None, None][:2])
    if rest and rest[0] in _FILES and len(rest) > 1:
        long = 4 if rest[1] == "refs" else 2
        return Hub(id, "/".join(rest[1:long]), "/".join(rest[long:]) or None)
    return Hub(id)


def _looks_like_path(given: str) -> bool:
    """What exists here, what is written as a path, and what has the ending of a file that is read."""
    if given.startswith(("./", "../", "/", "~", ".\\")) or any(mark in given for mark in "*?["):
        return True
    if re.match(r"[A-Za-z]:[\\/]", given) or given in (".", ".."):
        return True
    if "@" not in given and Path(given).exists():
        return True
    return formats.family(given) is not None and given.count("/") != 1
