"""What goes into a derivation, and what comes out."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hf_nb.offline.blobs import Blob

TOO_LONG = 8 << 20


@dataclass(frozen=True)
class Snapshot:
    """The files of one revision."""

    blobs: Mapping[str, Blob]
    read: Callable[[Blob, int], bytes]

    def bytes(self, path: str, most: int = TOO_LONG) -> bytes:
        """The beginning of a file; empty where there is none."""
        blob = self.blobs.get(path)
        return self.read(blob, most) if blob else b""

    def json(self, path: str) -> dict[str, Any]:
        """A JSON object; {} where it is missing, too long or broken."""
        blob = self.blobs.get(path)
        if blob is None or blob.length > TOO_LONG:
            return {}
        try:
            found = json.loads(self.bytes(path))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclass
class Facts:
    """What search filters on, and what the info route adds."""

    tags: list[str] = field(default_factory=list)
    pipeline: str | None = None
    library: str | None = None
    parameters: int | None = None
    bytes: int | None = None
    sdk: str | None = None
    links: list[tuple[str, str, str]] = field(default_factory=list)  # (kind, target, relation)
    details: dict[str, Any] = field(default_factory=dict)


def words(value: object) -> list[str]:
    """A front matter value that may be one word, a list of words, or nonsense."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return [str(value)]
    if isinstance(value, list):
        return [
            str(item) for item in value if isinstance(item, str | int | float) and not isinstance(item, bool)
        ]
    return []


def unique(items: Iterable[str]) -> list[str]:
    """The same items in the same order, each once."""
    return list(dict.fromkeys(item for item in items if item and len(item) <= 200))
