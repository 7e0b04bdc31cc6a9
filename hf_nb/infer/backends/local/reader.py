"""A tokenizer that several threads may use at once: a text becomes pieces that each fit the model's window.

transformers' own tokenizers write their settings into themselves at every call, so two threads disturb each other.
The core of a fast one is copied here once per setting and never changed again.
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import BadInput, TooLarge

OVERLAP = 16  # tokens that a piece shares with the one before
SIDE_BY_SIDE = 64  # texts, before a thread more pays


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
    _mine: threading.local = field(default_factory=threading.local)

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
        key = (window, overlap, cut)
        if pair is None and (texts := getattr(self._mine, "texts", None)):
            self._mine.texts, self._mine.read = [], (key, self._side_by_side(texts, self._core(*key)))
        ready = getattr(self._mine, "read", None)
        if ready is not None and pair is None and ready[0] == key and text in ready[1]:
            read = ready[1][text]
            return [read, *read.overflowing]
        core = self._core(*key)
        try:
            read = core.encode(text, pair)
        except (UnicodeEncodeError, TypeError):
            raise
        except Exception as wrong:  # the Rust core raises bare Exceptions
            raise TooLarge(
                f"The text does not fit into the {window} tokens {self.model} reads at once."
            ) from wrong
        return [read, *read.overflowing]

    @contextlib.contextmanager
    def ahead(self, texts: Sequence[str]) -> Iterator[None]:
        """This thread asks for the pieces of these texts, one by one: the first time, all are read side by side."""
        if len(texts) < SIDE_BY_SIDE or not self.fast:
            yield
            return
        self._mine.texts = list(dict.fromkeys(texts))
        try:
            yield
        finally:
            self._mine.texts, self._mine.read = [], None

    def _side_by_side(self, texts: list[str], core: Any) -> dict[str, Any]:
        """What the core makes of each, where it can; it holds no lock of Python's while it reads.

        Its own `encode_batch` would start threads of Rust's, after which every fork of this process warns.
        """
        import torch

        def some(at: int) -> Iterator[tuple[str, Any]]:
            for text in texts[at::threads]:
                with contextlib.suppress(Exception):  # it is said when that text is asked for
                    yield text, core.encode(text)

        threads = max(1, min(torch.get_num_threads(), len(texts) // (SIDE_BY_SIDE // 2)))
        if threads == 1:
            return dict(some(0))
        with ThreadPoolExecutor(threads, "hf-nb-read") as pool:
            return {
                text: read
                for part in pool.map(lambda at: list(some(at)), range(threads))
                for text, read in part
            }

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
        rows = [one.ids for one in pieces]
        longest = max(map(len, rows))
        fill = 0 if len(rows) == 1 else self.tokenizer.pad_token_id or 0

        def tensor(rows: list[list[int]], fill: int) -> Any:
            return torch.tensor([row + [fill] * (longest - len(row)) for row in rows], device=device)

        made = {"input_ids": tensor(rows, fill)}
        if "token_type_ids" in names:
            types = [one.type_ids for one in pieces]
            made["token_type_ids"] = (
                tensor(types, 0) if any(map(any, types)) else torch.zeros_like(made["input_ids"])
            )
        if "attention_mask" in names:
            if len(rows) == 1:
                made["attention_mask"] = torch.ones_like(made["input_ids"])
            else:
                lengths = torch.tensor([len(row) for row in rows], device=device)
                made["attention_mask"] = (torch.arange(longest, device=device) < lengths[:, None]).long()
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
