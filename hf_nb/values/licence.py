"""What a licence lets one do, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hf_nb.values.base import Value

Sort = Literal["open", "conditions", "non-commercial", "custom", "unknown"]
SORTS: dict[Sort, str] = {
    "open": "open",
    "conditions": "open with conditions",
    "non-commercial": "non-commercial",
    "custom": "terms of its own",
    "unknown": "unknown",
}


@dataclass(frozen=True, repr=False)
class Licence(Value):
    """One licence. None where the answer depends on a text that somebody has to read."""

    id: str
    name: str
    sort: Sort
    sentence: str
    commercial: bool | None = None
    changes: bool | None = None
    share_alike: bool | None = None
    attribution: bool | None = None
    link: str | None = None

    def brief(self) -> list[str]:
        return [self.id]

    @property
    def open(self) -> bool:
        """Nothing to think about before use, beyond keeping a notice."""
        return self.sort == "open"

    @property
    def words(self) -> str:
        """Its sort as people say it: open with conditions."""
        return SORTS[self.sort]
