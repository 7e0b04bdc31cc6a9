"""One picture or sound of a table, as a page can show it.

pictures   anybody's bytes -> a picture of a type that browsers draw and that can do nothing, as small as asked for
sounds     the same of sounds; what is too long for a message is its beginning, and says so
stored     where the bytes of a cell are: in it, or in a file beside it
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.panels.data import asked, tables
from hf_nb.panels.data.counted import counted
from hf_nb.panels.data.media import pictures, sounds, stored
from hf_nb.panels.data.whole import column_of, value

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

LARGEST_SIDE = 4_096


def media(
    ask: Ask, *, of: dict[str, Any], row: int, column: str, side: int = 0, allow: int | None = None
) -> dict[str, Any]:
    """`data.media`: its bytes are beside the answer. `side`: its longest, in pixels; 0: as it is."""
    if not 0 <= side <= LARGEST_SIDE:
        raise BadInput(f"side is from 0 to {LARGEST_SIDE:,} pixels.")
    meant = asked.of(of)
    with counted(ask, allow):
        source = tables.source(ask, meant)
        described = column_of(source, column)
        if described.kind not in ("image", "audio", "video"):
            raise BadInput(f"{column!r:.60} holds neither pictures nor sounds.")
        content = stored.content(source, value(source, row, column))
        if content is None:
            raise NotFound("Nothing is stored in this cell.")
        if described.kind == "image":
            shown = pictures.shown(content.bytes, side)
        else:
            shown = sounds.shown(content, video=described.kind == "video")
    ask.buffers.append(shown.bytes)
    return {
        "mime": shown.mime,
        "width": shown.width,
        "height": shown.height,
        "seconds": shown.seconds,
        "text": shown.text,
    }
