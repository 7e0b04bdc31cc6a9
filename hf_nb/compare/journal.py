"""Where a contender's answers are written down, so that a comparison that was killed goes on.

Two files for each, in `.hf_nb/compare`: a batch's journal of all rows, and the rows that were asked alone, with their
seconds. They are found by what is asked of whom, and begun when a comparison has taken five seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hf_nb.errors import Busy
from hf_nb.infer.many import answers
from hf_nb.infer.many.journal import Journal
from hf_nb.tasks import Task
from hf_nb.values.answers import Source

FOLDER = Path(".hf_nb") / "compare"
AFTER = 5.0  # seconds
# What of a Source is the same another time.
TOLD = (
    "model",
    "revision",
    "method",
    "reason",
    "seconds",
    "device",
    "task",
    "first",
    "read",
    "written",
    "cost",
    "finish",
)
Wanted = bool | str | Path | None


class Written:
    """Both files of one contender. `of`: what decides about its answers; `first`: marks of the first inputs."""

    def __init__(self, wanted: Wanted, of: str, first: Sequence[str], *, fresh: bool, began: float) -> None:
        self.wanted, self.of, self.began = wanted, of, began
        ours = wanted is None or isinstance(wanted, bool)
        folder = FOLDER if ours else Path(str(wanted)).expanduser()
        name = hashlib.blake2b("\n".join([of, *first]).encode(), digest_size=8).hexdigest()
        self.rows = folder / f"{name}.jsonl"
        self.ours, self.problem = ours, ""
        self._alone = Journal(folder / f"{name}-alone.jsonl", of, ours=ours)
        self._open = self._over = False
        self._late: list[tuple[int, str, Any]] = []
        if fresh:
            for path in (self.rows, self._alone.path):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        if wanted is not False and (wanted is not None or self._alone.path.exists()):
            self._begin()

    def find(self, row: int, mark: str, task: Task) -> tuple[Any, Source] | None:
        """An earlier answer to this very question, and how it went."""
        line = self._alone.find(row, mark) if self._open else None
        try:
            return None if line is None else _read(task, line["answer"])
        except (KeyError, TypeError, ValueError):
            return None

    def note(self, row: int, mark: str, task: Task, answer: Any, source: Source) -> None:
        """A row that was asked alone."""
        if self.wanted is False or self.problem or self._over:
            return
        told = {name: getattr(source, name) for name in TOLD}
        self._late.append((row, mark, {"made": answers.written(task, answer), "source": told}))
        if not self._open and time.monotonic() - self.began > AFTER:
            self._begin()
        if self._open:
            for one in self._late:
                self._alone.answered(*one)
            self._late.clear()

    def journal(self) -> Journal | None:
        """That of all rows, for a batch's work."""
        return None if self.wanted is False else Journal(self.rows, self.of, ours=self.ours)

    def close(self) -> None:
        """The files stay, for the next run; who still answers in a thread is heard no more."""
        self._over = True
        if self._open:
            self._alone.close()
            self._open = False

    def _begin(self) -> None:
        try:
            self._alone.open()
            self._open = True
        except Busy as wrong:
            self.problem = f"Not written down: {wrong.problem}"
        self.problem = self.problem or self._alone.problem


def _read(task: Task, said: Mapping[str, Any]) -> tuple[Any, Source]:
    told = {name: said["source"].get(name) for name in TOLD}
    if not all(isinstance(told[name], (int, float, type(None))) for name in ("seconds", "first", "cost")):
        raise TypeError(told)
    return answers.read(task, said["made"]), Source(**told)
