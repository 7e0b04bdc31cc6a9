"""Words that are not ours: handed to the official commands, with our own ways of keeping a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from hf_nb.commands.calling import literal
from hf_nb.commands.objects import Held
from hf_nb.errors import BadInput
from hf_nb.values import Code

if TYPE_CHECKING:
    from hf_nb.commands.tree import Answer, Tree

# Free in every official command: what keeps a result, and what makes of the line something else.
_NAMED = {"-o": False, "--out": False, "-O": True}
_FLAGS = {"-b": "background", "--bg": "background", "--code": "code"}


def takes(tree: Tree, words: Sequence[str]) -> bool:
    """Whether this line is the official tree's: its first word, or a word under one of ours that is official too."""
    from hf_nb.commands.official import index, knows

    if not words:
        return False
    if words[0] not in tree.lazy:
        return knows(words[0])
    official = words[0] in index.tree().words
    group = tree.get_command(click.Context(tree), words[0]) if official else None
    name = getattr(group, "official", None)
    if name is None or len(words) < 2:
        return False
    assert isinstance(group, click.Group)
    return words[1] not in group.commands and knows(name, words[1])


def answer(words: Sequence[str], kept: Answer) -> Answer:
    """Run it; `-o`, `-O`, `-b` and `--code` work here as everywhere."""
    from hf_nb.commands import official

    rest = list(_without_ours(words, kept))
    if kept.code:
        line = literal(("hf", *rest), {})
        kept.value = Code(f"import subprocess\n\nsubprocess.run({line}, check=True)")
        return kept

    def work() -> Any:
        return official.run(rest, kept.face, body=kept.body)

    kept.value = kept.later(work) if kept.background and kept.later else work()
    return kept


def _without_ours(words: Sequence[str], kept: Answer) -> Iterator[str]:
    rest = iter(words)
    for word in rest:
        if isinstance(word, Held):
            raise BadInput(
                f"{word} is an object, and the official commands take texts.",
                f"As text: {{{word.removeprefix('$')}}}",
            )
        if word == "--":
            yield word
            yield from rest
        elif word in _NAMED and kept.face == "notebook":
            _keep(next(rest, ""), kept, shown=_NAMED[word])
        elif word in _FLAGS and (kept.face == "notebook" or word == "--code"):
            setattr(kept, _FLAGS[word], True)
        else:
            yield word


def _keep(name: str, kept: Answer, *, shown: bool) -> None:
    if not name.isidentifier():
        raise BadInput(f"{name!r} is not a name for a variable.", "For example: -o found")
    kept.out, kept.shown = name, shown
