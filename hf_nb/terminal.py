"""`hf-nb`: the command tree in a terminal. Text for people, `--json` for programs, errors on stderr."""

from __future__ import annotations

import os
import sys

from hf_nb.errors import BadInput, HfNbError, Passing

# 2 is what a shell expects of a wrong call; a program may try again after 75 (EX_TEMPFAIL).
EXIT_WRONG_CALL = 2
EXIT_FAILED = 1
EXIT_TRY_AGAIN = 75
EXIT_INTERRUPTED = 130


def main(words: list[str] | None = None) -> None:
    """The entry point."""
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
    from hf_nb.commands.tree import answer
    from hf_nb.plumbing import progress
    from hf_nb.render import formats

    if words in (["--version"], ["-V"]):
        from hf_nb import __version__

        print(f"hf-nb {__version__}")
        return 0
    try:
        with progress.to(Lines()):
            answered = answer(tree, words, "terminal")
        value = answered.value if words else start("hf-nb")
    except HfNbError as wrong:
        print(f"{type(wrong).__name__}: {wrong}", file=sys.stderr)
        return (
            EXIT_WRONG_CALL
            if isinstance(wrong, BadInput)
            else EXIT_TRY_AGAIN
            if isinstance(wrong, Passing)
            else EXIT_FAILED
        )
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    if value is None or isinstance(value, int):
        return value or 0
    print(formats.printed(value, answered.format, wide=answered.wide))
    return 0


class Lines:
    """Progress of a command, on stderr and for people only."""

    def say(self, line: str) -> None:
        """One line."""
        if sys.stderr.isatty():
            print(line, file=sys.stderr)

    def show(self, progress: object) -> None:
        """Nothing yet."""


if __name__ == "__main__":
    main()
