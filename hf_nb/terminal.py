"""`hf-nb`: the command tree in a terminal. Text for people, `--json` for programs, errors on stderr."""

from __future__ import annotations

import gc
import os
import re
import sys
import time
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput, HfNbError, Passing, Stopped

if TYPE_CHECKING:
    from hf_nb.commands.tree import Answer
    from hf_nb.plumbing.progress import Progress

# 2 is what a shell expects of a wrong call; a program may try again after 75 (EX_TEMPFAIL).
EXIT_WRONG_CALL = 2
EXIT_FAILED = 1
EXIT_TRY_AGAIN = 75
EXIT_INTERRUPTED = 130
# Seconds: when a bar is worth drawing, how often on a screen, how often in a log.
QUIET_SECONDS = 1.0
BETWEEN_DRAWINGS = 0.1
BETWEEN_LINES = 10.0
# What an error says to type is a notebook's line; here it is a command.
NOTEBOOKS = r"(?<!\S)%%?hf (?=\S)"


def main(words: list[str] | None = None) -> None:
    """The entry point."""
    gc.set_threshold(50_000)  # a command is short, and collecting while modules load is a tenth of its start
    try:
        status = run(sys.argv[1:] if words is None else words)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def run(words: list[str]) -> int:
    """Run one command and print its value; the exit code."""
    from hf_nb.commands import start, tree
    from hf_nb.commands.tree import Answer, answer
    from hf_nb.plumbing import progress

    if words in (["--version"], ["-V"]):
        from hf_nb import __version__

        print(f"hf-nb {__version__}")
        return 0
    try:
        kept = Answer("terminal")
        lines = Lines(kept)
        try:
            with progress.to(lines):
                answered = answer(tree, words, "terminal", kept=kept)
        finally:
            lines.clear()
        value = answered.value if words else start("hf-nb")
    except HfNbError as wrong:
        print(f"{type(wrong).__name__}: {re.sub(NOTEBOOKS, 'hf-nb ', str(wrong))}", file=sys.stderr)
        return (
            EXIT_WRONG_CALL
            if isinstance(wrong, BadInput)
            else EXIT_TRY_AGAIN
            if isinstance(wrong, Passing)
            else EXIT_FAILED
        )
    except KeyboardInterrupt as stopped:
        if isinstance(stopped, Stopped):
            print(stopped, file=sys.stderr)
        return EXIT_INTERRUPTED
    if value is None or isinstance(value, int):
        return value or 0
    _print(value, answered, lines)
    return int(getattr(value, "exit_code", 0))


def _print(value: object, answered: Answer, lines: Lines) -> None:
    """The value; of an answer that was printed as it came, what is not there yet."""
    from hf_nb.render import formats

    if lines.written is None:
        print(formats.printed(value, answered.format, wide=answered.wide))
        return
    from hf_nb.plumbing import redact
    from hf_nb.render import chat, source
    from hf_nb.values import Reply

    rest = lines.rest(value)
    called = [] if not isinstance(value, Reply) else chat.done(value)
    under = source.text(getattr(value, "source"))  # noqa: B009 -- only answers are printed as they come
    print(rest, *called, redact.tokens(under), sep="\n")


class Lines:
    """Progress of a command, on stderr: one line drawn over and over on a screen, one now and then in a log.

    An answer that comes word by word is printed on stdout as it comes, where a person reads it.
    """

    def __init__(self, asked: Answer | None = None) -> None:
        self._asked = asked
        self.written: str | None = None  # of the answer, on stdout
        self._began = time.monotonic()
        self._drawn = 0.0 if sys.stderr.isatty() else self._began
        self._wide = 0
        self._state: object = None

    def say(self, line: str) -> None:
        """One line."""
        if sys.stderr.isatty():
            self.clear()
            print(line, file=sys.stderr)

    def show(self, progress: Progress) -> None:
        """What is over within a second is not shown."""
        now = time.monotonic()
        if now - self._began < QUIET_SECONDS:
            return
        if sys.stderr.isatty():
            if now - self._drawn >= BETWEEN_DRAWINGS:
                self._drawn = now
                self._draw(progress)
        elif now - self._drawn >= BETWEEN_LINES:
            self._drawn = now
            print(self._text(progress), file=sys.stderr, flush=True)

    def panel(self, value: object) -> bool:
        """What somebody has to read, on a screen or not; a state that only counts down is not repeated."""
        state = getattr(value, "state", value)
        if state != self._state:
            self.clear()
            print(value, file=sys.stderr, flush=True)
        self._state = state
        return True

    @property
    def draws_parts(self) -> bool:
        """Whether somebody reads along: a program wants all of it at once."""
        asked = self._asked
        return asked is not None and asked.streams and asked.format in ("auto", "human") and not asked.code

    def part(self, value: object, *, last: bool = False) -> None:
        """What is new of it."""
        from hf_nb.render import coming

        said = coming.words(value, whole=last)
        self.clear()
        if self.written is None or not said.startswith(self.written):
            # another round of a conversation, or a token taken out after its beginning was seen to be one
            print("\n" if self.written else "", end="")
            self.written = ""
        print(said[len(self.written) :], end="\n" if last else "", flush=True)
        self.written = said

    def rest(self, value: object) -> str:
        """What of the whole answer is not written yet."""
        from hf_nb.render import coming

        said = coming.words(value, whole=True)
        written = self.written or ""
        return said[len(written) :] if said.startswith(written) else f"\n{said}"

    def clear(self) -> None:
        """Leave no half line behind."""
        if self._wide:
            print("\r" + " " * self._wide + "\r", end="", file=sys.stderr, flush=True)
            self._wide = 0

    def _draw(self, progress: Progress) -> None:
        line = self._text(progress)
        print("\r" + line.ljust(self._wide), end="", file=sys.stderr, flush=True)
        self._wide = len(line)

    def _text(self, progress: Progress) -> str:
        from hf_nb.render import plain
        from hf_nb.render import progress as drawing

        # the last column stays empty: some screens begin a new line there
        return drawing.text(progress, plain.width() - 1)


if __name__ == "__main__":
    main()
