"""A page as light as it can travel: its JSON deflated, and texts shortened further where even that is too much."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

# Bytes of a page of a hundred rows and ten columns; larger ones have as much room a cell.
ROOM, CELLS = 20_000, 1_000
# What weighs less goes as it is.
LIGHT = 4_000
# Parts of the characters asked for: rows of ten columns of Chinese would take four times the room.
PARTS = (1.0, 0.5, 0.3, 0.2, 0.1)


def packed(ask: Ask, page: Callable[[float], dict[str, Any]]) -> dict[str, Any]:
    """`page(part)` makes it, with that part of the characters; the answer, whose bytes may stand beside it."""
    answer, data = page(1.0), b""
    for part in PARTS:
        answer = page(part) if part < 1 else answer
        said = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        if len(said) <= LIGHT:
            return answer
        data = zlib.compress(said)
        if len(data) <= ROOM * max(1.0, sum(map(len, answer["cells"])) / CELLS):
            break
    ask.buffers.append(data)
    return {"packed": "deflate"}
