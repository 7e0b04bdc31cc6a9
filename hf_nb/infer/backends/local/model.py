"""A model in memory, and what happens while it answers."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput, Broken, HfNbError, OutOfMemory, Stopped
from hf_nb.infer.backends.local import matmul, narrow, threads
from hf_nb.infer.backends.local.reader import Reader

AT_ONCE = (
    1024  # tokens in one pass, padding included, where there are several pieces; `line` finds a better number
)


@dataclass
class Loaded:
    """A model with what it needs to read a text. `kept`: what is made once for it (a grammar's tokens, a pooling).

    Counted under the memory's lock: `task` and `used` of its last use, how many `uses`, and how many are `busy` now.
    """

    name: str
    model: Any
    tokenizer: Any
    reader: Reader
    device: str
    folder: Path | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    task: str = ""
    used: float = 0.0
    uses: int = 0
    busy: int = 0
    at_once: int = AT_ONCE

    @cached_property
    def bytes(self) -> int:
        """What its numbers take in memory, each counted once."""
        recipe = self.kept.get("recipe")
        modules = [self.model, *(recipe.dense if recipe is not None else ())]
        return sum(
            one.numel() * one.element_size()
            for module in modules
            for one in itertools.chain(module.parameters(), module.buffers())
        )

    @property
    def config(self) -> Any:
        """The model's own settings."""
        return self.model.config

    @property
    def window(self) -> int:
        """Tokens it reads at once."""
        return self.reader.window

    def quicken(self) -> None:
        """Before its first pass: no work that nobody reads, and the quicker way to multiply.

        A model of the kernel is left as it is.
        """
        if "matmul" in self.kept or self.folder is None:
            return
        with self.lock:
            if "matmul" not in self.kept:
                gain = matmul.quickest(self.model)
                self.kept["bytes_beside"] = self.kept.get("bytes_beside", 0) + matmul.beside(self.model)
                self.kept["narrow"] = self._narrowed()
                self.kept["matmul"] = gain

    def _narrowed(self) -> bool:
        """A classifier's last layer, for what is read of it."""
        if not narrow.classifies(self.model) or self.device != "cpu":
            return False
        texts = ("One example.", "Another one, which is longer than the first.", "Short.")
        example = self.reader.batch([self.reader.plain(one) for one in texts], self.device)
        with contextlib.suppress(Exception):  # a model without padding
            return narrow.narrow(self.model, example)
        return False

    def passed(self, pieces: list[Any]) -> Any:
        """What the model says of these pieces, in one pass."""
        self.quicken()
        given = self.reader.batch(pieces, self.device)
        with threads.computing(self.model, given["input_ids"].numel(), self.device):
            return self.model(**given)


@contextlib.contextmanager
def answering(name: str) -> Iterator[None]:
    """What torch raises while a model answers, in our words."""
    try:
        yield
    except (HfNbError, Stopped):
        raise
    except Exception as wrong:  # noqa: BLE001 -- whatever torch raises
        ours = said(name, wrong)
        raise ours from (wrong if isinstance(ours, Broken) else None)


def said(name: str, wrong: Exception) -> HfNbError:
    """One of torch's or a tokenizer's errors in our words."""
    import torch

    if isinstance(wrong, HfNbError):
        return wrong
    text = str(wrong)
    full = isinstance(wrong, RuntimeError) and ("not enough memory" in text or "out of memory" in text)
    if full or isinstance(wrong, (torch.OutOfMemoryError, MemoryError)):
        return too_big(name)
    if isinstance(wrong, UnicodeEncodeError) or "TextInputSequence" in text or "TextEncodeInput" in text:
        return _half_a_character()
    return _failed(name, wrong)


def readable(value: Any) -> None:
    """Refuse a text that no tokenizer reads, wherever it stands in an input; some would say that it is too long."""
    told = value if type(value) is str else json.dumps(value, ensure_ascii=False, default=str)
    try:
        told.encode()
    except UnicodeEncodeError:
        raise _half_a_character() from None


def _half_a_character() -> BadInput:
    return BadInput("The text holds half a character (a lone surrogate), which no tokenizer reads.")


def too_big(name: str) -> OutOfMemory:
    """The memory of this machine was not enough."""
    return OutOfMemory(f"{name} does not fit into the memory of this machine.", "Choose a smaller model.")


def unfit(name: str, task: str, why: str) -> BadInput:
    """The model was not made for the task."""
    return BadInput(f"{name} cannot do {task}: {why}.", f"%hf search models --task {task}")


def _failed(name: str, wrong: Exception) -> Broken:
    lines = str(wrong).strip().splitlines()
    return Broken(f"{name} failed: {type(wrong).__name__}: {lines[0][:160] if lines else ''}")
