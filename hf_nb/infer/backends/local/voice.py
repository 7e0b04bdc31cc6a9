"""A model's tokens as text, while they come: characters are never split, and what ends an answer is never shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from hf_nb.infer.backends.local.reader import Reader

UNFINISHED = "�"  # what a tokenizer writes for the first bytes of a character
LONGEST_CHARACTER = 4  # tokens: UTF-8 has no more bytes


class Enough(Exception):
    """The answer is over, a stop word came: raised through `generate` to end it."""


class Letters:
    """Token by token to text. A token's text depends on those before it, so a few of them are read again each time."""

    def __init__(self, reader: Reader, before: Sequence[int] = ()) -> None:
        self._read = reader.text
        self._ids = list(before)
        self._start, self._told = 0, len(self._ids)  # what is read again begins here; what is new, there

    def add(self, token: int) -> str:
        """What this token adds; nothing while a character is not whole."""
        self._ids.append(token)
        before = self._read(self._ids[self._start : self._told])
        now = self._read(self._ids[self._start :])
        if now.endswith(UNFINISHED) and len(self._ids) - self._told < LONGEST_CHARACTER:
            return ""
        if len(now) <= len(before):
            return ""
        self._start, self._told = self._told, len(self._ids)
        return now[len(before) :]

    @property
    def rest(self) -> str:
        """What had not been told, without a character that never became whole."""
        before = self._read(self._ids[self._start : self._told])
        now = self._read(self._ids[self._start :])
        self._told = len(self._ids)
        return now[len(before) :].rstrip(UNFINISHED)


class Ends:
    """Holds text back as long as it may be the beginning of a stop word; nothing after one is let through."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = [one for one in words if one]
        self.met = False
        self._held = ""

    def add(self, text: str) -> str:
        """What may be shown now."""
        if not self.words or self.met:
            return "" if self.met else text
        held = self._held + text
        found = min((at for one in self.words if (at := held.find(one)) >= 0), default=-1)
        if found >= 0:
            self.met, self._held = True, ""
            return held[:found]
        keep = max(beginning(held, one) for one in self.words)
        self._held = held[len(held) - keep :]
        return held[: len(held) - keep]

    @property
    def rest(self) -> str:
        """What was held back."""
        held, self._held = self._held, ""
        return "" if self.met else held


def beginning(text: str, word: str) -> int:
    """How many characters at the end of `text` are the beginning of `word`."""
    for size in range(min(len(text), len(word) - 1), 0, -1):
        if text.endswith(word[:size]):
            return size
    return 0


class Voice:
    """What `generate` hands its tokens to. `say(text, seconds)` gets them as text."""

    def __init__(
        self,
        reader: Reader,
        say: Callable[[str, float], None],
        check: Callable[[], None],
        ending: Sequence[int],
        stop: Sequence[str],
        before: Sequence[int] = (),
    ) -> None:
        self.written = 0
        self.ended = False
        self.since = time.perf_counter()
        self._letters, self._ends = Letters(reader, before), Ends(stop)
        self._say, self._check, self._ending = say, check, frozenset(ending)
        self._prompt = True

    def put(self, value: Any) -> None:
        """Called by `generate`: first with the prompt, then with each token."""
        if self._prompt:
            self._prompt = False
            return
        for token in value.flatten().tolist():
            self.token(token)

    def end(self) -> None:
        """Called by `generate` when it is over."""

    def token(self, token: int) -> None:
        """One more token."""
        self._check()
        self.written += 1
        if token in self._ending:
            self.ended = True
            return
        if text := self._ends.add(self._letters.add(token)):
            self._tell(text)
        if self._ends.met:
            self.ended = True
            raise Enough

    def _tell(self, text: str) -> None:
        now = time.perf_counter()
        seconds, self.since = now - self.since, now
        self._say(text, seconds)

    @property
    def met(self) -> bool:
        """A stop word came."""
        return self._ends.met

    def rest(self) -> str:
        """What is left to say when it is over."""
        return self._ends.add(self._letters.rest) + self._ends.rest
