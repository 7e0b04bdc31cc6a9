"""Which way a file is read: by its name, or by how it begins.

part(file)     its rows
family(path)   what `datasets` calls such files: csv, json, parquet, arrow, text, webdataset, imagefolder …
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hf_nb.data.formats import media
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    from hf_nb.data.files.file import File
    from hf_nb.data.parts import Part

FAMILIES: dict[str, str] = {
    "parquet": "parquet",
    "geoparquet": "parquet",
    "gpq": "parquet",
    "csv": "csv",
    "tsv": "csv",
    "json": "json",
    "jsonl": "json",
    "ndjson": "json",
    "arrow": "arrow",
    "feather": "arrow",
    "ipc": "arrow",
    "txt": "text",
    "tar": "webdataset",
}
FOLDERS = {"Image": "imagefolder", "Audio": "audiofolder", "Video": "videofolder"}
READ = "Parquet, CSV, TSV, JSON, JSON lines, Arrow, Feather, text, WebDataset (tar), each of the texts also gzipped"


def family(path: str) -> str | None:
    """By its endings; the last one counts most, so that `x.jsonl.gz` is JSON."""
    for ending in reversed(posixpath.basename(path).lower().split(".")[1:]):
        if ending in FAMILIES:
            return FAMILIES[ending]
    kind = media.called(path) if "." in posixpath.basename(path) else None
    return FOLDERS[kind] if kind else None


def part(file: File, *, how: Mapping[str, Any] | None = None, family_: str | None = None) -> Part:
    """A file's rows. `how`: what a card says about reading it."""
    match family_ or family(file.name) or _begins(file):
        case "parquet":
            from hf_nb.data.parquet import Parquet

            parquet: Part = Parquet(file)
            return parquet
        case "csv":
            from hf_nb.data.formats.csv import Csv

            return Csv(file, how)
        case "json":
            from hf_nb.data.formats.jsonl import Json

            return Json(file)
        case "arrow":
            from hf_nb.data.formats.arrow import Arrow

            return Arrow(file)
        case "text":
            from hf_nb.data.formats.text import Plaintext

            return Plaintext(file)
        case "webdataset":
            from hf_nb.data.formats.webdataset import WebDataset

            return WebDataset(file)
        case "imagefolder" | "audiofolder" | "videofolder":
            from hf_nb.data.formats.folder import Folder

            kind = media.called(file.name) or "Image"
            return Folder(file.name, {file.name: lambda: file}, kind, sizes={file.name: file.size})
        case _:
            raise BadInput(f"{file.name} is no table that is read here.", f"What is read: {READ}")


def form(family_: str) -> str:
    """The word of it that `Origin` has."""
    words = {"json": "jsonl", "imagefolder": "folder", "audiofolder": "folder", "videofolder": "folder"}
    return words.get(family_, family_)


def _begins(file: File) -> str | None:
    """By its first bytes, where its name says nothing."""
    from hf_nb.data.files.file import Range

    start = file.read([Range(0, min(600, file.size))])[0] if file.size else b""
    if start[:4] == b"PAR1":
        return "parquet"
    if start[:6] == b"ARROW1" or (start[:4] == b"\xff\xff\xff\xff" and len(start) > 8):
        return "arrow"
    if start[257:262] == b"ustar":
        return "webdataset"
    if start.lstrip()[:1] in (b"{", b"["):
        return "json"
    return None
