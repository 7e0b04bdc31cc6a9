"""A repository's files: what lies at the top, folders folded with what they weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hf_nb.render import page, plain, units
from hf_nb.values.info import File

SHOWN = 12  # lines of text without being asked
MOST_ROWS = 300  # rows of HTML, which is stored with the notebook
_DEEPEST = 4


@dataclass
class Folder:
    """Files and folders under one name."""

    files: list[File] = field(default_factory=list)
    folders: dict[str, Folder] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Files in it and below."""
        return len(self.files) + sum(one.count for one in self.folders.values())

    @property
    def bytes(self) -> int:
        """All of them together."""
        return sum(one.size or 0 for one in self.files) + sum(one.bytes for one in self.folders.values())


def tree(files: Sequence[File]) -> Folder:
    """Paths as folders; what lies very deep keeps the rest of its path as a name."""
    top = Folder()
    for file in files:
        *parents, _ = file.path.split("/")[: _DEEPEST + 1]
        here = top
        for name in parents[:_DEEPEST]:
            here = here.folders.setdefault(name, Folder())
        here.files.append(file)
    return top


def title(files: Sequence[File]) -> str:
    """6 files, 1.4 MB."""
    count = len(files)
    return f"{count:,} {'file' if count == 1 else 'files'}, {units.size(sum(one.size or 0 for one in files))}"


def text(files: Sequence[File], *, whole: bool) -> str:
    """Every path, or the top with its folders counted."""
    rows = [[one.path, units.size(one.size), _kept(one)] for one in files] if whole else _top(tree(files))
    left = 0 if whole else len(rows) - SHOWN
    shown = rows if left <= 0 else rows[:SHOWN]
    columns = [plain.Column("file"), plain.Column("size", right=True)]
    if any(row[2] for row in shown):
        columns.append(plain.Column("kept in", keep=1))
    else:
        shown = [row[:2] for row in shown]
    listing = plain.table(columns, shown)
    return f"{listing}\n… {left:,} more: --files" if left > 0 else listing


def html(files: Sequence[File], *, most: int = MOST_ROWS) -> str:
    """A table, and a fold for every folder."""
    room = [most]
    made = _folder(tree(files), "", room)
    left = len(files) - (most - room[0])
    return made + (page.foot(f"… {left:,} more: --files") if left > 0 else "")


def _top(top: Folder) -> list[list[str]]:
    folders = [
        [f"{name}/  ({one.count:,} {'file' if one.count == 1 else 'files'})", units.size(one.bytes), ""]
        for name, one in top.folders.items()
    ]
    return folders + [[one.path, units.size(one.size), _kept(one)] for one in top.files]


def _folder(folder: Folder, path: str, room: list[int]) -> str:
    parts = []
    for name, one in folder.folders.items():
        if room[0] <= 0:
            break
        summary = f"{page.escape(name)}/ <span>{one.count:,} files, {units.size(one.bytes)}</span>"
        parts.append(f"<details><summary>{summary}</summary>{_folder(one, f'{path}{name}/', room)}</details>")
    shown = folder.files[: max(room[0], 0)]
    room[0] -= len(shown)
    if shown:
        rows = "".join(_row(one, path) for one in shown)
        parts.append(f"<table><tbody>{rows}</tbody></table>")
    return "".join(parts)


def _row(one: File, path: str) -> str:
    name = page.escape(one.path.removeprefix(path))
    size = f'<td class="num" title="{one.size or 0:,} bytes">{units.size(one.size)}</td>'
    return f'<tr><td class="wide">{name}</td>{size}<td class="soft">{_kept(one)}</td></tr>'


def _kept(file: File) -> str:
    """Large files are kept apart from git, under their checksum."""
    return "LFS" if file.large else ""
