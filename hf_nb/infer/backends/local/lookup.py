"""One greedy answer, quicker where it repeats what was said: guessed tokens are read in one pass, right ones kept.

What is written is what one token after the other would have written. Only the last bits of a score differ between the
two, so where two tokens are that close, the model reads again, token by token, and decides then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from hf_nb.infer.backends.local.decoding import Prepared, decoding, plain
from hf_nb.infer.backends.local.guessing import WIDTHS, Guess, Ledger, Paying
from hf_nb.infer.backends.local.model import Loaded

# Two scores closer than this part of the larger one may change places by rounding (see `ragged.CLOSE`).
CLOSE = 1e-4


class Looking:
    """One answer: `Looking(…).write()`.

    `source`: a text that the answer may repeat; `tell(token)` is False when it was the last; `exact`: so many tokens
    were read as one after the other would be.
    """

    def __init__(
        self,
        loaded: Loaded,
        made: Prepared,
        source: Sequence[int],
        limit: int,
        tell: Callable[[int], bool],
        check: Callable[[], None],
    ) -> None:
        self.model = loaded.model
        self.made, self.tell, self.check, self.left = made, tell, check, limit
        self.source = source
        self.guess: Guess | None = None
        self.ledger = Ledger(loaded.kept.setdefault("lookup", Paying()))
        self.fit = False
        self.exact: int | None = None  # None: all of them
        # What others do on the processor is no time of a pass; a GPU's are seen from outside alone.
        self.now = time.thread_time if loaded.device == "cpu" else time.perf_counter

    def write(self) -> None:
        """Until the end."""
        with decoding(self.model):
            self._write()

    def _write(self) -> None:
        token = self._taken(self.made.first())
        self.fit = plain(self.made.cache)
        while self._told(token):
            self.check()
            draft = self._draft()
            token = self._tried(token, draft) if draft else self._stepped(token)
            if token < 0:
                return

    def _told(self, token: int) -> bool:
        self.left -= 1
        if not self.tell(token) or self.left <= 0:
            return False
        if self.fit:
            if self.guess is None:  # after the first token was told: it is not to wait
                self.guess = Guess([*self.source, *self.made.ids[0].tolist()])
            self.guess.told(token)
        return True

    def _draft(self) -> list[int]:
        if self.guess is None or self.left <= min(WIDTHS):
            return []
        width = self.ledger.width(self.guess.chance, self.left - 1)
        return self.guess.next(width) if width else []

    def _stepped(self, token: int) -> int:
        import torch

        began = self.now()
        scores = self.made.next(torch.tensor([token], device=self.made.ids.device))
        taken, close = self._taken(scores), False
        if self.exact is not None:
            close = _best(self.made.changed(self.made.ids, scores))[0][1]
        self.ledger.stepped(self.now() - began)
        return self._again() if close else taken

    def _tried(self, token: int, draft: list[int]) -> int:
        """Those that hold are told; the token after them, or -1 where it is over."""
        began = self.now()
        before = self.made.ids.shape[1]
        said = self.made.ahead(token, draft)
        self.exact = before if self.exact is None else self.exact
        held, taken, close = self._held(said, draft)
        self.made.keep(draft, held)
        self.ledger.tried(len(draft), held, self.now() - began)
        if not all(self._told(one) for one in draft[:held]):
            return -1
        return self._again() if close else taken

    def _held(self, said: Any, draft: list[int]) -> tuple[int, int, bool]:
        """How many guesses were right, the token after those, and whether that is in doubt."""
        ids = self.made.ids
        if not self.made.processors:
            best = _best(said)
            held = next((at for at, one in enumerate(draft) if best[at] != (one, False)), len(draft))
            return held, *best[held]
        for held in range(len(draft) + 1):
            here = ids if not held else _with(ids, draft[:held])
            taken, close = _best(self.made.changed(here, said[held : held + 1]))[0]
            if close or held == len(draft) or taken != draft[held]:
                break
        return held, taken, close

    def _again(self) -> int:
        """Read what may differ in its last bits token by token, and take the next one."""
        made, since = self.made, self.exact or 0
        late = made.ids[:, since:]
        made.forget(late.shape[1])
        for number in range(late.shape[1]):
            self.check()
            scores = made.next(late[:, number])
        self.exact = None
        self.ledger.lost(late.shape[1])
        return self._taken(scores)

    def _taken(self, scores: Any) -> int:
        return int(self.made.changed(self.made.ids, scores).argmax(dim=-1))


def _with(ids: Any, tokens: list[int]) -> Any:
    import torch

    return torch.cat([ids, ids.new_tensor([tokens])], dim=-1)


def _best(scores: Any) -> list[tuple[int, bool]]:
    """The likeliest token of each row, and whether another is as good as that."""
    values, tokens = scores.topk(2)
    return [
        (token, first - second < CLOSE * max(1.0, abs(first)))
        for (first, second), (token, _) in zip(values.tolist(), tokens.tolist(), strict=True)
    ]
