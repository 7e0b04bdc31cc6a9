"""The Hub's Parquet copy of a split, read in the place of large texts: any row of it can be jumped to.

Of CSV, JSON lines and their like, gzipped or not, a row far down is had by reading all that stands before it, and how
many rows there are is known at the end. The copy is taken where the viewer says that it is of this very commit and
whole, its files are as large as it says, and its first rows are those of the texts. Else the texts are read.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.data import formats
from hf_nb.data.finding import repo
from hf_nb.data.finding.places import OnHub
from hf_nb.data.finding.viewer import Viewer
from hf_nb.data.source import Source
from hf_nb.errors import Costly, HfNbError, Stopped

if TYPE_CHECKING:
    from hf_nb.data.finding.configs import Config
    from hf_nb.data.finding.places import Place
    from hf_nb.data.parts import Part

PATH = "/parquet"
LARGE = 16_000_000  # bytes of texts; fewer of them are read to the end soon enough
TEXTS = frozenset({"csv", "json", "text"})
FIRST = 20  # rows that are compared
NOTE = "Read from the Hub's Parquet copy of this commit, since its own files are texts: they are read from their start."


def viewer(place: Place, config: Config, split: str) -> Viewer | None:
    """What the Hub's viewer knows of a split; None where it cannot know it."""
    if not isinstance(place, OnHub) or not place.whole:
        return None
    return Viewer(place.name, place.commit, config.name, split, place.session)


def instead(source: Source, place: Place, config: Config, split: str) -> Source:
    """The copy, where it is a better way to the same rows; else the table as it is."""
    view = source.viewer
    if (
        view is None
        or not isinstance(place, OnHub)
        or config.family not in TEXTS
        or (source.bytes or 0) <= LARGE
    ):
        return source
    answer = view.ask(PATH)
    if answer is None:
        return source
    try:
        parts = _parts(place, view, answer)
        if not parts:
            return source
        copy = Source(
            replace(source.origin, form="parquet", files=len(parts)), parts, features=config.features,
            notes=(*source.notes, NOTE), viewer=view,
        )  # fmt: skip
        if not _alike(source, copy):
            source.remark("The Hub's Parquet copy says other things in its first rows; the files are read.")
            return source
    except Stopped:
        raise
    except HfNbError:  # whatever is wrong with the copy, the files are there
        return source
    return copy


def _parts(place: OnHub, view: Viewer, answer: Mapping[str, Any]) -> list[Part]:
    """Its files, where they lie as they should; none otherwise."""
    listed = answer.get("parquet_files")
    mine = [
        one
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping) and (one.get("config"), one.get("split")) == (view.config, view.split)
    ]
    copies = repo.look(place.name, repo.CONVERTED, place.session) if mine else None
    if copies is None:
        return []
    paths = [f"{view.config}/{view.split}/{one.get('filename')}" for one in mine]
    same = all(copies.files.get(path) == one.get("size") for path, one in zip(paths, mine, strict=True))
    if not same or None in [copies.files.get(path) for path in paths]:
        return []
    return [
        formats.part(place.opened(path, copies.commit, copies.files[path]), family_="parquet")
        for path in paths
    ]


def _alike(source: Source, copy: Source) -> bool:
    """Whether both have the same columns, and the same rows at their beginning."""
    if source.schema.names != copy.schema.names:
        return False
    with contextlib.suppress(Costly):
        ours, theirs = (one.read(0, FIRST).to_pylist() for one in (source, copy))
        return len(ours) == len(theirs) and all(
            _same(mine[name], other[name]) for mine, other in zip(ours, theirs, strict=True) for name in mine
        )
    return False


def _same(ours: Any, theirs: Any) -> bool:
    """One cell, however the two keep it: a number as a text, nothing as an empty text."""
    if ours == theirs or str(ours) == str(theirs) or (ours in (None, "") and theirs in (None, "")):
        return True
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        return all(_same(ours.get(name), theirs.get(name)) for name in {*ours, *theirs})
    if _listed(ours) and _listed(theirs):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    try:
        return math.isclose(float(ours), float(theirs), rel_tol=1e-6)
    except (TypeError, ValueError, OverflowError):
        return False


def _listed(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
