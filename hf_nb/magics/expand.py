r"""What a line or a body takes from the notebook, in one pass: a value is never looked at again.

on a line    {name.attribute[0]["key"]} is its text and must exist; {{name}} is the braces themselves
             $name.attribute[0] as a word of its own is the object
in a body    {name…} only where the name exists, and not in LaTeX's or a template's own braces
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from hf_nb.commands.objects import Held
from hf_nb.errors import BadInput

_PATH = r"[^\W\d]\w*(?:\.[^\W\d_]\w*|\[(?:-?\d+|'[^']*'|\"[^\"]*\"|[^\W\d]\w*)\])*"
_BRACES = re.compile(rf"(\{{)?\{{\s*({_PATH})\s*\}}(\}})?")
_STEP = re.compile(r"\.(\w+)|\[(?:(-?\d+)|'([^']*)'|\"([^\"]*)\"|(\w+))\]")
_OBJECT = re.compile(rf"\$({_PATH})(?=\s|$)")
# What stands before a brace that is somebody else's: x^{n}, a_{i}, ${x}, {{ x, and \frac{a}{b}.
_FOREIGN = re.compile(r"(?:[\^_$\\{}]|\\[A-Za-z]+\*?(?:\[[^\]]*\])?(?:\{[^{}]*\})*)$")
_LOOK_BACK = 80
# Stand-ins while a line is split into words; no keyboard writes them.
_FIRST = 0xF0000


def words(line: str, names: Mapping[str, Any]) -> list[str]:
    """The words of a line, quotes obeyed, with values and objects put in."""
    held: list[Any] = []

    def stand_in(value: Any) -> str:
        held.append(value)
        return chr(_FIRST + len(held) - 1)

    marked = _objects(line, lambda path: stand_in(Held(f"${path}", _value(path, names, f"${path}"))))
    marked = _BRACES.sub(lambda found: stand_in(_on_a_line(found, names)), marked)
    try:
        split = shlex.split(marked)
    except ValueError:
        raise BadInput(
            "A quote is left open in this line.",
            'A text with an apostrophe goes into double quotes: "don\'t"',
        ) from None
    return [_filled(part, held) for word in split for part in _apart(word, held)]


def body(text: str, names: Mapping[str, Any], *, strict: bool = False) -> str:
    """A cell's text with the notebook's values in it; with `strict`, a name that does not exist is an error."""

    def put_in(found: re.Match[str]) -> str:
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        if found[1] or _FOREIGN.search(before):
            return found[0]
        if not strict and not _exists(found[2], names):
            return found[0]
        return str(_value(found[2], names, f"{{{found[2]}}}")) + (found[3] or "")

    return _BRACES.sub(put_in, text)


def _on_a_line(found: re.Match[str], names: Mapping[str, Any]) -> str:
    if found[1] and found[3]:
        return f"{{{found[2]}}}"
    value = _value(found[2], names, f"{{{found[2]}}}")
    return f"{found[1] or ''}{value}{found[3] or ''}"


def _apart(word: str, held: list[Any]) -> list[str]:
    """`--with=$table` is two words, so that the object stays one."""
    option, _, last = word.rpartition("=")
    alone = len(last) == 1 and 0 <= ord(last) - _FIRST < len(held)
    if alone and option.startswith("--") and isinstance(held[ord(last) - _FIRST], Held):
        return [option, last]
    return [word]


def _filled(word: str, held: list[Any]) -> str:
    """A word with the stand-ins replaced; an object alone stays an object, and a text is its text."""
    if len(word) == 1 and 0 <= ord(word) - _FIRST < len(held):
        value = held[ord(word) - _FIRST]
        if isinstance(value, Held):
            return value.value if isinstance(value.value, str) else value
        return str(value)
    return "".join(
        str(held[ord(char) - _FIRST]) if 0 <= ord(char) - _FIRST < len(held) else char for char in word
    )


def _objects(line: str, stand_in: Any) -> str:
    """Replaces `$name` where it is a whole word outside quotes."""
    parts, at, quote, fresh = [], 0, "", True
    while at < len(line):
        char = line[at]
        found = _OBJECT.match(line, at) if char == "$" and not quote and fresh else None
        if found:
            parts.append(stand_in(found[1]))
            at = found.end()
            continue
        if char == "\\" and quote != "'":
            parts.append(line[at : at + 2])
            at += 2
            fresh = False
            continue
        if char in "'\"" and quote in ("", char):
            quote = "" if quote else char
        fresh = not quote and (char.isspace() or char == "=")
        parts.append(char)
        at += 1
    return "".join(parts)


def _exists(path: str, names: Mapping[str, Any]) -> bool:
    try:
        _walk(path, names)
    except Exception:  # noqa: BLE001 -- a property of the user's object may raise anything
        return False
    return True


def _value(path: str, names: Mapping[str, Any], shown: str) -> Any:
    try:
        return _walk(path, names)
    except BadInput:
        raise
    except Exception as wrong:
        raise BadInput(f"{shown} cannot be read: {type(wrong).__name__}: {wrong}") from wrong


def _walk(path: str, names: Mapping[str, Any]) -> Any:
    name = re.match(r"\w+", path)
    assert name
    if name[0] not in names:
        raise _no_name(name[0], names)
    value = names[name[0]]
    for step in _STEP.finditer(path, name.end()):
        attribute, number, single, double, other = step.groups()
        if attribute is not None:
            value = getattr(value, attribute)
        elif number is not None:
            value = value[int(number)]
        elif other is not None:
            if other not in names:
                raise _no_name(other, names)
            value = value[names[other]]
        else:
            value = value[single if single is not None else double]
    return value


def _no_name(name: str, names: Iterable[str]) -> BadInput:
    close = difflib.get_close_matches(
        name, [one for one in names if not one.startswith("_")], n=2, cutoff=0.65
    )
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    return BadInput(
        f"There is no variable {name!r} in this notebook.",
        f"{hint}For the text itself, without a variable: {{{{{name}}}}} or '${name}'",
    )
