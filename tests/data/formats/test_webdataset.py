"""WebDataset tars: rows as `datasets` has them, found without fetching what lies between headers."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import numpy
import pytest

from hf_nb.data import formats
from hf_nb.data.columns import described
from hf_nb.data.files.memory import Memory
from hf_nb.data.files.meter import counting
from hf_nb.errors import Broken, Costly, HfNbError
from tests.data.formats.far import Far

PNG = b"\x89PNG\r\n\x1a\n"


def tar(rows: int, size: int = 10, form: int = tarfile.GNU_FORMAT, folder: str = "") -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w", format=form) as file:
        for row in range(rows):
            for ending, content in (
                ("jpg", PNG + bytes([row % 256]) * size),
                ("txt", f"words {row}".encode()),
                ("json", json.dumps({"row": row}).encode()),
                ("cls", str(row).encode()),
            ):
                member = tarfile.TarInfo(f"{folder}{row:06d}.{ending}")
                member.size = len(content)
                file.addfile(member, io.BytesIO(content))
    return kept.getvalue()


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("folder", ["", "a/" * 40, "long" * 40 + "/"])
def test_rows_are_those_of_datasets(form: int, folder: str, tmp_path: Path) -> None:
    from datasets import Image, load_dataset  # type: ignore[import-untyped]

    if form == tarfile.USTAR_FORMAT and folder.startswith("long"):
        folder = ""  # what that form cannot hold
    (tmp_path / "train.tar").write_bytes(tar(12, form=form, folder=folder))
    theirs = load_dataset(str(tmp_path), split="train", cache_dir=str(tmp_path / "cache"))
    theirs = theirs.cast_column("jpg", Image(decode=False)).remove_columns("__url__")
    part = formats.part(Memory((tmp_path / "train.tar").read_bytes(), "train.tar"))
    assert part.read(0, 100, theirs.column_names).to_pylist() == theirs.to_list()
    assert part.count() == 12
    kinds = {column.name: column.kind for column in described(part.schema, {})}
    assert kinds["jpg"] == "image"
    assert kinds["txt"] == "text"


def test_only_headers_are_read_to_find_a_row_and_only_wanted_files_to_show_it() -> None:
    raw = tar(50, size=400_000)
    part = formats.part(Far(raw, "train.tar"))
    with counting() as moved:
        assert part.count() == 50
    assert moved.bytes < len(raw) / 4
    with counting() as moved:
        assert part.read(40, 2, ["txt", "cls"]).to_pylist() == [
            {"txt": "words 40", "cls": 40},
            {"txt": "words 41", "cls": 41},
        ]
    assert moved.bytes < 1_000
    assert part.cost(40, 2, ["txt", "cls"]) < 1_000
    assert part.cost(40, 2) > 800_000


def test_counting_beyond_what_was_agreed_is_refused_before_it_begins() -> None:
    part = formats.part(Far(tar(3000, size=4000), "train.tar"))
    part.read(0, 1, ["txt"])
    with counting(cap=200_000) as moved, pytest.raises(Costly):
        part.count()
    assert moved.bytes == 0


def test_what_a_row_lacks_is_empty() -> None:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as file:
        for name, content in (
            ("a.txt", b"x"),
            ("a.cls", b"1"),
            ("b.txt", b"y"),
            ("none", b""),
            ("c.cls", b"no number"),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    part = formats.part(Memory(kept.getvalue(), "x.tar"))
    assert part.read(0, 9, ["txt", "cls"]).to_pylist() == [
        {"txt": "x", "cls": "1"},
        {"txt": "y", "cls": None},
        {"txt": None, "cls": "no number"},
    ]


def test_an_empty_tar_has_no_rows() -> None:
    part = formats.part(Memory(tar(0), "x.tar"))
    assert (part.count(), part.read(0, 5).num_rows) == (0, 0)


def test_a_damaged_tar_is_an_error_in_our_words() -> None:
    dice = numpy.random.default_rng(4)
    raw = tar(10)
    with pytest.raises(Broken):
        formats.part(Memory(raw[:4_300], "x.tar")).read(0, 100)
    for _ in range(60):
        broken: Any = bytearray(raw)
        for place in dice.integers(len(raw), size=30):
            broken[int(place)] = int(dice.integers(256))
        try:
            formats.part(Memory(bytes(broken), "x.tar")).read(0, 100)
        except HfNbError:
            continue
