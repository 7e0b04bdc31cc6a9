"""A tokenizer that several threads may use at once: a text becomes pieces that each fit the model's window.

transformers' own tokenizers write their settings into themselves at every call, so two threads disturb each other.
The core of a fast one is copied here once per setting and never changed again.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import BadInput, TooLarge

OVERLAP = 16  # tokens that a piece shares with the one before


@dataclass(frozen=True)
class Slow:
    """A piece by a tokenizer without a fast core: it knows no places in the text."""

    ids: list[int]
    special_tokens_mask: list[int]

    @property
    def type_ids(self) -> list[int]:
        """One sequence: all zero."""
        return [0] * len(self.ids)


@dataclass
class Reader:
    """Texts to token numbers and back."""

    tokenizer: Any
    model: str
    window: int
    _cores: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def fast(self) -> bool:
        """Whether it knows where in the text a token stands."""
        return getattr(self.tokenizer, "is_fast", False) and self._core() is not None

    def need_places(self, task: str) -> None:
        """Refuse a tokenizer that does not say where in the text a token stands."""
        if not self.fast:
            raise BadInput(
                f"{task} needs a fast tokenizer, and {self.model} has none.",
                f"%hf search models --task {task}",
            )

    def pieces(
        self,
        text: str,
        pair: str | None = None,
        *,
        window: int | None = None,
        overlap: int | None = None,
        cut: str = "longest_first",
    ) -> list[Any]:
        """The text in pieces of at most `window` tokens, special ones included."""
        window = window or self.window
        overlap = min(OVERLAP, window // 4) if overlap is None else overlap
        if not self.fast:
            return self._slow_pieces(text, pair, window, overlap)
        core = self._core(window, overlap, cut)
        try:
            read = core.encode(text, pair)
        except (UnicodeEncodeError, TypeError):
            raise
        except Exception as wrong:  # the Rust core raises bare Exceptions
            raise TooLarge(
                f"The text does not fit into the {window} tokens {self.model} reads at once."
            ) from wrong
        return [read, *read.overflowing]

    def plain(self, text: str, *, special: bool = True, pair: str | None = None) -> Any:
        """The whole text, however long."""
        if self.fast:
            return self._core().encode(text, pair, add_special_tokens=special)
        with self._lock:
            return Slow(list(self.tokenizer(text, pair, add_special_tokens=special)["input_ids"]), [])

    def text(self, ids: Sequence[int]) -> str:
        """Tokens as text, without special ones."""
        if self.fast:
            return str(self._core().decode(list(ids), skip_special_tokens=True))
        with self._lock:
            return str(self.tokenizer.decode(ids, skip_special_tokens=True))

    def framed(self, ids: Sequence[int]) -> list[int]:
        """With the special tokens a text has at its beginning and end."""
        before, after = self._frame()
        return [*before, *ids, *after]

    @property
    def room(self) -> int:
        """Tokens of text in a window."""
        before, after = self._frame()
        return self.window - len(before) - len(after)

    def slices(self, text: str, room: int) -> list[str]:
        """The text cut into stretches of at most `room` tokens, each sharing a few with the one before."""
        places = self.plain(text, special=False).offsets
        if len(places) <= room:
            return [text]
        step = max(1, room - min(OVERLAP, room // 4))
        starts = range(0, max(1, len(places) - (room - step)), step)
        return [text[places[start][0] : places[min(start + room, len(places)) - 1][1]] for start in starts]

    def batch(self, pieces: Sequence[Any], device: str) -> dict[str, Any]:
        """Tensors for one forward pass; shorter pieces are filled up on the right."""
        import torch

        names = self.tokenizer.model_input_names
        longest = max(len(one.ids) for one in pieces)
        filler = self.tokenizer.pad_token_id or 0

        def tensor(rows: list[list[int]], fill: int) -> Any:
            return torch.tensor([row + [fill] * (longest - len(row)) for row in rows], device=device)

        made = {"input_ids": tensor([one.ids for one in pieces], filler)}
        if "token_type_ids" in names:
            made["token_type_ids"] = tensor([one.type_ids for one in pieces], 0)
        if "attention_mask" in names:
            made["attention_mask"] = tensor([[1] * len(one.ids) for one in pieces], 0)
        return made

    def _core(self, window: int | None = None, overlap: int = 0, cut: str = "") -> Any:
        key = (window, overlap, cut)
        if key not in self._cores:
            with self._lock:
                own = getattr(self.tokenizer, "backend_tokenizer", None)
                core = copy.deepcopy(own) if own is not None else None
                if core is not None:
                    core.no_padding()
                    core.no_truncation()
                    if window is not None:
                        core.enable_truncation(window, stride=overlap, strategy=cut)
                self._cores[key] = core
        return self._cores[key]

    def _frame(self) -> tuple[list[int], list[int]]:
        if "frame" not in self.__dict__:
            if self.fast:
                read = self._core().encode("a")
                ids, special = read.ids, read.special_tokens_mask
            else:
                with self._lock:
                    ids = self.tokenizer("a")["input_ids"]
                    bare = set(self.tokenizer("a", add_special_tokens=False)["input_ids"])
                special = [int(one not in bare) for one in ids]
            first = next((at for at, mark in enumerate(special) if not mark), len(ids))
            last = len(ids) - next((at for at, mark in enumerate(reversed(special)) if not mark), 0)
            self.__dict__["frame"] = (list(ids[:first]), list(ids[last:]))
        frame: tuple[list[int], list[int]] = self.__dict__["frame"]
        return frame

    def _slow_pieces(self, text: str, pair: str | None, window: int, overlap: int) -> list[Any]:
        whole = self.plain(text, pair=pair)
        if len(whole.ids) <= window:
            return [Slow(whole.ids, [0] * len(whole.ids))]
        if pair is not None:
            raise TooLarge(f"The text has {len(whole.ids)} tokens; {self.model} reads {window} at once.")
        ids = self.plain(text, special=False).ids
        before, after = self._frame()
        size = window - len(before) - len(after)
        return [
            Slow([*before, *ids[at : at + size], *after], [])
            for at in range(0, max(1, len(ids) - overlap), size - overlap)
        ]
