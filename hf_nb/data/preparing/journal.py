"""What of a run is finished, written down beside its files: a line per block, on disk before the next one begins.

A block counts when its line is whole and its files have the size the line says; whatever else lies there is written
again. So a run may be killed anywhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hf_nb.data.saving.file import room
from hf_nb.errors import BadInput

NAME = ".hf-nb-prepared.jsonl"
DATA = "data"
_ANOTHER = "Another folder, or replace=True (--replace)"


@dataclass(frozen=True)
class Done:
    """A finished block: rows read, files as (name, split, rows, bytes), how many rows of each class were dealt out."""

    block: int
    rows: int
    files: tuple[tuple[str, str, int, int], ...]
    state: dict[str, int]
    schema: str | None  # of all files, as Arrow writes it, in base64; known when some row was written


class Journal:
    """Of one folder."""

    def __init__(self, folder: Path, task: str) -> None:
        self.folder, self.path, self.task = folder, folder / NAME, task
        self.done: list[Done] = []

    def look(self) -> None:
        """Makes the folder; refuses one of somebody else, before anything is put into it."""
        with room(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        if not _lines(self.path):
            self._only_ours()

    def begin(self, *, replace: bool) -> None:
        """See what is there; refuses what is of another run or not ours."""
        lines = _lines(self.path)
        if replace:
            self._clear(lines)
            lines = []
        if not lines:
            self._only_ours()
        elif lines[0].get("task") != self.task:
            raise BadInput(f"{self.folder} holds another table, or one made with other steps.", _ANOTHER)
        self.done = self._whole(lines[1:])
        self._write([{"task": self.task}, *map(_line, self.done)])

    def finished(self, one: Done) -> None:
        """A block more."""
        self.done.append(one)
        with room(self.path), self.path.open("a", encoding="utf-8") as into:
            into.write(json.dumps(_line(one), ensure_ascii=False) + "\n")
            into.flush()
            os.fsync(into.fileno())

    def _only_ours(self) -> None:
        strange = [one.name for one in _there(self.folder)]
        if strange:
            raise BadInput(f"{self.folder} holds other files: {', '.join(strange[:3])}.", "Another folder")

    def _whole(self, lines: Sequence[dict[str, Any]]) -> list[Done]:
        """The blocks from the first on that are there."""
        found: list[Done] = []
        for line in lines:
            try:
                files = tuple(
                    (str(name), str(split), int(rows), int(size)) for name, split, rows, size in line["files"]
                )
                one = Done(int(line["block"]), int(line["rows"]), files, dict(line["state"]), line["schema"])
            except (KeyError, TypeError, ValueError):
                break
            if one.block != len(found) or not all(self._there(name, size) for name, _, _, size in files):
                break
            found.append(one)
        return found

    def _there(self, name: str, size: int) -> bool:
        file = self.folder / DATA / name
        return "/" not in name and file.is_file() and file.stat().st_size == size

    def _write(self, lines: Sequence[dict[str, Any]]) -> None:
        part = self.path.with_name(f"{NAME}.part")
        with room(self.path), part.open("w", encoding="utf-8") as into:
            into.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            into.flush()
            os.fsync(into.fileno())
        part.replace(self.path)

    def _clear(self, lines: Sequence[dict[str, Any]]) -> None:
        """Only what a journal says is ours goes."""
        if not lines:
            return
        for one in (self.folder / DATA).glob("*-of-*.parquet*"):
            one.unlink()
        self.path.unlink(missing_ok=True)


def _lines(path: Path) -> list[dict[str, Any]]:
    """As far as they are whole."""
    found: list[dict[str, Any]] = []
    if not path.is_file():
        return found
    for line in path.read_text("utf-8", "replace").splitlines(keepends=True):
        try:
            one = json.loads(line)
        except ValueError:
            break
        if not line.endswith("\n") or not isinstance(one, dict):
            break
        found.append(one)
    return found


def _there(folder: Path) -> list[Path]:
    return [
        one
        for one in folder.iterdir()
        if not one.name.startswith(NAME) and not (one.name == DATA and _empty(one))
    ]


def _empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _line(one: Done) -> dict[str, Any]:
    return {
        "block": one.block,
        "rows": one.rows,
        "files": one.files,
        "state": one.state,
        "schema": one.schema,
    }
