"""Votes in a file, a line each, beside the notebook: neither a restart nor a second tab loses one or counts one twice.

.hf_nb/votes/<contenders>.jsonl     {"pair", "left", "right", "outcome", "item", "at", "seen", "input", "answers"}

The last line of a pair is what counts, and an outcome of null takes it back. Contenders are written by what they are,
not by what they are called. The answers stand beside, for pairs to train on; the file stays on this machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hf_nb.measure.votes import Outcome, Vote
from hf_nb.panels.compare import meant
from hf_nb.plumbing import redact
from hf_nb.values.comparisons import Contender

FOLDER = Path(".hf_nb") / "votes"
LONGEST = 200_000  # characters of an answer that is kept
IGNORED = "*\n"  # what people prefer of what models said is no part of a project unless they say so


@dataclass(frozen=True)
class Cast:
    """A vote as it stands in the file. `seen`: the names were known before."""

    pair: str
    vote: Vote
    seen: bool
    input: str
    answers: tuple[str, str]


class Book:
    """The votes on these contenders."""

    def __init__(self, contenders: Sequence[Contender], folder: Path | None = None) -> None:
        self.path = (folder or FOLDER).absolute() / f"{meant.keys(contenders)}.jsonl"
        self._names = {meant.key(one): one.name for one in contenders}
        self._keys = {one.name: meant.key(one) for one in contenders}

    def write(
        self, pair: str, left: str, right: str, outcome: Outcome | None, *, input: str, answers: Sequence[str],
        seen: bool = False,
    ) -> None:  # fmt: skip
        """One more line, whole or not at all."""
        line = {
            "pair": pair,
            "left": self._keys[left],
            "right": self._keys[right],
            "outcome": outcome,
            "item": item(input),
            "at": int(time.time()),
            **({"seen": True} if seen else {}),
            "input": redact.text(input)[:LONGEST],
            "answers": [redact.text(one)[:LONGEST] for one in answers],
        }
        self._append(json.dumps(line, ensure_ascii=False) + "\n")

    @property
    def stamp(self) -> tuple[int, int]:
        """Another one with every line."""
        try:
            found = self.path.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size

    def cast(self) -> list[Cast]:
        """What counts, in the order in which it was first voted on."""
        found: dict[str, Cast | None] = {}
        for line in self._lines():
            with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
                found[str(line["pair"])] = self._read(line)
        return [one for one in found.values() if one is not None]

    def _read(self, line: dict[str, Any]) -> Cast | None:
        if line["outcome"] is None:
            return None
        left, right = self._names[line["left"]], self._names[line["right"]]
        vote = Vote(left, right, line["outcome"], item=line["item"])
        one, other = line["answers"]
        return Cast(
            str(line["pair"]), vote, bool(line.get("seen")), str(line["input"]), (str(one), str(other))
        )

    def _lines(self) -> list[dict[str, Any]]:
        """Those that are whole: a machine that went down in the midst of one leaves half a line."""
        found = []
        with contextlib.suppress(OSError):
            for line in self.path.read_text("utf-8", errors="replace").splitlines():
                with contextlib.suppress(ValueError):
                    found.append(json.loads(line))
        return [one for one in found if isinstance(one, dict)]

    def _append(self, line: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        ignore = self.path.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text(IGNORED)
        raw = line.encode()
        if self._broken():
            raw = b"\n" + raw
        # one write to a file that is open for appending: two tabs, or two kernels, never share a line
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, raw)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _broken(self) -> bool:
        """Whether the last line has no end."""
        try:
            with self.path.open("rb") as file:
                file.seek(-1, os.SEEK_END)
                return file.read(1) != b"\n"
        except OSError:
            return False


def item(input: str) -> str:
    """The same for the same question."""
    return hashlib.sha256(input.encode(errors="replace")).hexdigest()[:16]
