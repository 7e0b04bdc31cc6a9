"""What changed between two revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.values.base import Kind, Listing, Value
from hf_nb.values.history import Commit

if TYPE_CHECKING:
    import pandas

Status = Literal["added", "removed", "renamed", "changed"]
LETTERS: dict[str, str] = {"added": "A", "removed": "D", "renamed": "R", "changed": "M"}


@dataclass(frozen=True, repr=False)
class Change(Value):
    """One named thing: a key of a JSON file or a card, a column, a tensor. None on the side where it is not."""

    name: str
    old: Any
    new: Any

    def brief(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True, repr=False)
class FileChange(Value):
    """One file. `lines` is a unified diff of a small text, `keys` what changed in JSON; `note`: why it was not read."""

    status: Status
    path: str
    old_path: str | None = None
    old_size: int | None = None
    new_size: int | None = None
    old_digest: str | None = None
    new_digest: str | None = None
    large: bool = False
    lines: tuple[str, ...] = ()
    keys: tuple[Change, ...] = ()
    note: str | None = None

    def brief(self) -> list[str]:
        shown = f"{self.old_path} -> {self.path}" if self.old_path else self.path
        return [f"{LETTERS[self.status]} {shown}"]

    @property
    def plus(self) -> int:
        """Lines that came."""
        return sum(line.startswith("+") for line in self.lines)

    @property
    def minus(self) -> int:
        """Lines that went."""
        return sum(line.startswith("-") for line in self.lines)


@dataclass(frozen=True, repr=False)
class Diff(Listing[FileChange]):
    """Files first; what the card's metadata, the dataset's schema and the model's tensors say beside them."""

    kind: Kind
    id: str
    old: Commit
    new: Commit
    old_name: str
    new_name: str
    files: tuple[FileChange, ...]
    metadata: tuple[Change, ...] = ()
    schema: tuple[Change, ...] = ()
    tensors: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    hub: str = ""

    def _items(self) -> tuple[FileChange, ...]:
        return self.files

    def brief(self) -> list[str]:
        return [line for one in self.files for line in one.brief()]

    def to_pandas(self) -> pandas.DataFrame:
        """One row per file."""
        from hf_nb.plumbing.extras import require

        rows: list[dict[str, Any]] = [
            {"status": one.status, "path": one.path, "old_path": one.old_path}
            | {"old_size": one.old_size, "new_size": one.new_size, "plus": one.plus, "minus": one.minus}
            for one in self.files
        ]
        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(rows)
        return frame
