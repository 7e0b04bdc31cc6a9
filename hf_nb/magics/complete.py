"""TAB in `%hf`: where the cursor is. What fits there is in offers.py.

%hf …   %%hf …   x = %hf …   hf … (automagic)     words of the command tree, ours and the official one
the text below %%hf                              {names of the notebook, and none of Python's own completions
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext, SimpleMatcherResult

    from hf_nb.magics.sources import Offer

_CELL = re.compile(r"\s*%%hf(?:\s|$)")
_LINE = re.compile(r"\s*(?:[^\W\d][\w\s,.\[\]'\"]*=\s*)?%hf\s")
_AUTOMAGIC = re.compile(r"hf\s+(?![=.(\[,:+*/%<>!|&^@]|-\s|(?:in|is|if|and|or|not|else|for)\s)")
_INTO = re.compile(r"\s*[^\W\d]\w*\s*<<\s*")
_FIRST = 1000  # before every matcher of IPython's, so that none of them works for nothing


@dataclass(frozen=True)
class Place:
    """What stands between `hf` and the cursor; in a body, the text before the cursor."""

    text: str
    body: bool = False


class Nothing(list[Any]):
    """No completions, and the other matchers shall not be asked either: IPython asks them when this has no length."""

    def __len__(self) -> int:
        return 1


def register(shell: Any) -> None:
    """Begin."""
    from IPython.core.completer import context_matcher

    unregister(shell)

    @context_matcher(priority=_FIRST, identifier="hf_nb")  # type: ignore[untyped-decorator]
    def matcher(context: CompletionContext) -> SimpleMatcherResult:
        return _answer(shell, context)

    shell.Completer.custom_matchers.append(matcher)


def unregister(shell: Any) -> None:
    """End."""
    kept = [one for one in shell.Completer.custom_matchers if _identifier(one) != "hf_nb"]
    shell.Completer.custom_matchers[:] = kept


def place(cell: str, row: int, column: int, *, bare_word: bool) -> Place | None:
    """Where the cursor is, or None outside `%hf`. `bare_word`: a line may begin with `hf` alone."""
    lines = cell.split("\n")
    before = lines[row][:column]
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if _CELL.match(lines[first]) and row >= first:
        end = first
        while end < row and lines[end].endswith("\\"):
            end += 1
        if row > end:
            return Place("\n".join((*lines[first + 1 : row], before)), body=True)
        return _words(_CELL, _joined(lines, first, row, before))
    start = row
    while start and lines[start - 1].endswith("\\"):
        start -= 1
    line = _joined(lines, start, row, before)
    return _words(_LINE, line) or (_words(_AUTOMAGIC, line) if bare_word else None)


def _joined(lines: list[str], start: int, row: int, before: str) -> str:
    """A line that was continued with backslashes, up to the cursor."""
    return " ".join((*(line.removesuffix("\\") for line in lines[start:row]), before))


def _words(pattern: re.Pattern[str], line: str) -> Place | None:
    found = pattern.match(line)
    if found is None:
        return None
    text = line[found.end() :]
    into = _INTO.match(text)
    return Place(text[into.end() :] if into else text)


def _answer(shell: Any, context: CompletionContext) -> SimpleMatcherResult:
    names = shell.user_ns
    bare_word = bool(getattr(shell, "automagic", False)) and "hf" not in names
    found = place(context.full_text, context.cursor_line, context.cursor_position, bare_word=bare_word)
    if found is None:
        return _result((), "", suppress=False)
    from hf_nb.magics import offers  # with the first TAB: loading the extension takes no longer for it

    fragment, offered = (offers.in_body if found.body else offers.on_line)(found.text, names)
    return _result(offered, fragment, suppress=True)


def _result(offered: Iterable[Offer], fragment: str, *, suppress: bool) -> SimpleMatcherResult:
    from IPython.core.completer import SimpleCompletion

    completions = [SimpleCompletion(one.text, type=one.kind) for one in offered]
    return {
        "completions": completions if completions or not suppress else Nothing(),
        "suppress": suppress,
        "matched_fragment": fragment,
    }


def _identifier(matcher: Any) -> str:
    return str(getattr(matcher, "matcher_identifier", ""))
