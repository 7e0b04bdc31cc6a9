"""`$name` on a line: the object itself, not its text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import click


class Held(str):
    """The word `$df` with the object it stands for; a word to click, until an `OBJECT` takes it."""

    __slots__ = ("value",)
    value: Any

    def __new__(cls, word: str, value: Any) -> Self:
        held = super().__new__(cls, word)
        held.value = value
        return held


class ObjectType(click.ParamType[Any]):
    """Accepts an object of the notebook, or a text."""

    name = "object"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The object, where one was named."""
        if not isinstance(value, Held):
            return value
        root = ctx.find_root().obj if ctx else None
        if root is not None:
            root.objects[id(value.value)] = value.removeprefix("$")
        return value.value


OBJECT = ObjectType()


def refuse_left(ctx: click.Context, words: Sequence[str]) -> None:
    """An object where only text makes sense is a mistake: its text would be taken silently."""
    taken = getattr(ctx.find_root().obj, "objects", {})
    for word in words:
        if isinstance(word, Held) and id(word.value) not in taken:
            raise click.UsageError(
                f"{word} is an object ({type(word.value).__name__}), and a text is wanted here. "
                f"As text: {{{word.removeprefix('$')}}}",
                ctx,
            )
