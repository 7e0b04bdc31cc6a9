"""A disk that is full is said in a line, nothing half lies there, and the kernel lives: Arrow alone would end it."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pytest

import hf_nb
from hf_nb.data.preparing import prepare
from hf_nb.data.saving import formats
from hf_nb.data.saving.disk import Disk
from hf_nb.errors import TooLarge

ROOM = 1_000_000


class Small:
    """So much fits, as on a disk that fills up."""

    def __init__(self, into: Any) -> None:
        self._into, self.left = into, ROOM

    def write(self, content: bytes) -> int:
        if (size := memoryview(content).nbytes) > self.left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.left -= size
        return int(self._into.write(content))


@pytest.fixture
def table() -> pa.Table:
    return pa.table({"id": range(2_000), "text": [os.urandom(1_000).hex() for _ in range(2_000)]})


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "Disk", lambda into: Disk(Small(into)))  # type: ignore[arg-type]


def test_saving_says_it_and_leaves_nothing(full: None, table: pa.Table, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="The disk is full"):
        hf_nb.data.save(table, tmp_path / "rows.parquet")
    assert list(tmp_path.iterdir()) == []


def test_preparing_says_it_and_goes_on_when_there_is_room(
    table: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "ROWS", 300)
    spent = [0]

    class Filling(Small):
        def write(self, content: bytes) -> int:
            self.left = 2 * ROOM - spent[0]
            spent[0] += memoryview(content).nbytes
            return super().write(content)

    with monkeypatch.context() as patch:
        patch.setattr(formats, "Disk", lambda into: Disk(cast("BinaryIO", Filling(into))))
        with pytest.raises(TooLarge, match="The disk is full"):
            hf_nb.data.prepare(table, to=tmp_path / "out")
    there = sorted(one.name for one in (tmp_path / "out" / "data").iterdir())
    assert there, "what was finished stays"
    assert not any(name.endswith(".part") for name in there)
    made = hf_nb.data.prepare(table, to=tmp_path / "out")
    assert (made.resumed, made.splits) == (len(there), (("train", 2_000),))
