"""The examples of a command's help, as they are typed in a terminal.

%hf preview digits.csv              hf-nb preview digits.csv
%%hf sql --about                    hf-nb sql --about 'select avg(x) from …'
select avg(x) from …
%hf preview $df                     is left out: a terminal has no variables, and no -o
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

_ONLY_HERE = re.compile(r"(?<![\w'\"\\])\$\w|\{\w+\}|\s(-o|-O|-b|--out|--bg)(\s|$)|^\S*\s*\w+ (<<|=) ")
_LINE = re.compile(r"(?<!\S)%%?hf\b")
_MARK = "\b"  # click's: the lines below stay as they are


def in_terminal(help: str) -> str:
    """The help with its examples turned; an example only a notebook can run goes."""
    told, mark, examples = help.partition(_MARK)
    told = _LINE.sub("hf-nb", told)
    lines = [line for one in _examples(examples) for line in _turned(one)]
    return "\n".join([told + mark, *lines]) if lines else told.rstrip()


def _examples(text: str) -> Iterator[list[str]]:
    """Each with the lines of its body."""
    one: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        if one and (line.lstrip().startswith("%") or not one[0].lstrip().startswith("%%")):
            yield one
            one = []
        one.append(line)
    if one:
        yield one


def _turned(example: list[str]) -> list[str]:
    first, *body = example
    if _ONLY_HERE.search("\n".join(example)):
        return []
    indent = first[: len(first) - len(first.lstrip())]
    line = _LINE.sub("hf-nb", first.strip(), count=1)
    said = "\n".join(one.strip() for one in body)
    return [f"{indent}{line} {shlex.quote(said)}" if said else f"{indent}{line}"]
