"""What a GGUF file says of itself: architecture, context, special tokens, chat template, and how many numbers it holds.

"GGUF" version tensors keys | key type value … | name dimensions type offset …
"""

import math
import struct
from typing import Any

from hf_nb.offline.derive.facts import Snapshot

LONGEST_HEADER = 64 << 20
# value types: 0-7 and 10-12 are numbers and truth values, 8 is a text, 9 a list
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _LIST = 8, 9


class _Reader:
    """Reads on from where it is; `struct.error` at the end of what there is."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def number(self, code: str) -> Any:
        found = struct.unpack_from(f"<{code}", self.content, self.at)[0]
        self.at += struct.calcsize(f"<{code}")
        return found

    def skip(self, length: int) -> None:
        self.at += length
        if self.at > len(self.content):
            raise struct.error

    def text(self) -> str:
        length, start = self.number("Q"), self.at
        self.skip(length)
        return self.content[start : self.at].decode("utf-8", "replace")

    def value(self) -> Any:
        kind = self.number("I")
        return self.list() if kind == _LIST else self.text() if kind == _TEXT else self.number(_NUMBERS[kind])

    def list(self) -> list[Any]:
        """Texts as they are; of numbers nothing is asked."""
        kind, count = self.number("I"), self.number("Q")
        if kind == _TEXT:
            return [self.text() for _ in range(count)]
        self.skip(count * struct.calcsize(f"<{_NUMBERS[kind]}"))
        return []


def gguf(files: Snapshot) -> dict[str, Any] | None:
    """The first GGUF file of a revision, as the Hub describes it."""
    path = next((path for path in sorted(files.blobs) if path.endswith(".gguf")), None)
    if path is None or files.bytes(path, 4) != b"GGUF":
        return None
    reader = _Reader(files.bytes(path, LONGEST_HEADER))
    keys: dict[str, Any] = {}
    found: dict[str, Any] = {"totalFileSize": files.blobs[path].length}
    try:
        reader.skip(8)
        tensors, count = reader.number("Q"), reader.number("Q")
        for _ in range(count):
            name = reader.text()
            keys[name] = reader.value()
        found["total"] = sum(_tensor(reader) for _ in range(tensors))
    except (struct.error, KeyError, OverflowError):
        pass  # cut short or broken: what was read until there is true
    return found | _about(keys)


def _tensor(reader: _Reader) -> int:
    """How many numbers one tensor holds."""
    reader.text()
    shape = [reader.number("Q") for _ in range(reader.number("I"))]
    reader.skip(12)
    return math.prod(shape)


def _about(keys: dict[str, Any]) -> dict[str, Any]:
    architecture = keys.get("general.architecture")
    tokens = keys.get("tokenizer.ggml.tokens")
    found = {
        "architecture": architecture,
        "context_length": keys.get(f"{architecture}.context_length"),
        "chat_template": keys.get("tokenizer.chat_template"),
    }
    for name in ("bos", "eos"):
        place = keys.get(f"tokenizer.ggml.{name}_token_id")
        if isinstance(place, int) and isinstance(tokens, list) and 0 <= place < len(tokens):
            found[f"{name}_token"] = tokens[place]
    return {name: value for name, value in found.items() if value is not None}
