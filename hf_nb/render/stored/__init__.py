"""Cells of stored tables, ready to be shown: exact, in one line, shortened without breaking a sign.

shown_column(table["text"], column, 80)   a Cell each, a thousand in a few ms
shown(value, column, 80)                  one
text(value, column)                       the whole of it

A Cell is null, a text, or {text, more?, media?, value?}: `more` characters in all where the text was shortened (of a
nested value about so many), `media` for pictures and sounds, `value` the number a label's name stands for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.render.stored import marks, media, words

if TYPE_CHECKING:
    from hf_nb.values.data import Column

Cell = None | str | dict[str, Any]
MEDIA = frozenset({"image", "audio", "video", "binary"})

__all__ = ["MEDIA", "Cell", "shown", "shown_column", "text"]


def shown(value: Any, column: Column, chars: int) -> Cell:
    """One value as a cell of at most `chars` characters."""
    if value is None:
        return None
    if column.kind in MEDIA:
        return {"text": marks.visible(text(value, column)), "media": True}
    if column.kind == "label" and isinstance(value, int) and (name := _label(value, column)) is not None:
        return {"text": marks.visible(marks.cut(name, chars)), "value": value}
    if column.kind == "chat":
        return shortened(words.chat(value, words.MOST), chars)
    return shortened(text(value, column), chars)


def text(value: Any, column: Column) -> str:
    """All of one value as text, as it is."""
    if value is None:
        return ""
    if column.kind in MEDIA and isinstance(value, dict):
        return words.stored_file(value)
    if column.kind == "label" and isinstance(value, int):
        name = _label(value, column)
        return str(value) if name is None else name
    if column.kind == "chat":
        return words.chat(value)
    if isinstance(value, (dict, list, tuple)):
        return words.nested(value)
    return words.one(value)


def shown_column(array: Any, column: Column, chars: int) -> list[Cell]:
    """Every value of an Arrow column as a cell."""
    from hf_nb.render.stored import arrow

    chunks = array.chunks if hasattr(array, "chunks") else [array]
    return [cell for chunk in chunks for cell in arrow.cells(chunk, column, chars)]


def shortened(whole: str, chars: int, length: int | None = None) -> Cell:
    """A text as a cell; `length` where more of it exists than came."""
    length = len(whole) if length is None else length
    if length <= chars:
        return marks.visible(whole)
    return {"text": marks.visible(marks.cut(whole, chars)), "more": length}


def described(data: Any, size: int) -> str:
    """Bytes in words, by their first ones."""
    return media.described(media.read(data), size)


def _label(value: int, column: Column) -> str | None:
    return column.labels[value] if 0 <= value < len(column.labels) else None
