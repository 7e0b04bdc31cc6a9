"""The printed formats, the same in a notebook and a terminal.

human   text as wide as the screen        agent   tab-separated lines under a line of names
json    everything                        quiet   the least that is still an answer
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hf_nb.plumbing import redact
from hf_nb.render import plain


def printed(value: Any, how: str = "human", *, wide: bool = False) -> str:
    """`value` in one of the formats; a token that came with it from outside is not in any."""
    return redact.tokens(_printed(value, how, wide=wide))


def _printed(value: Any, how: str, *, wide: bool) -> str:
    as_asked: str | None = getattr(value, "as_asked", None)  # an official command's own formats
    if as_asked is not None:
        return as_asked
    match how:
        case "json":
            return json.dumps(value.to_dict(), indent=2, ensure_ascii=False)
        case "quiet":
            return "\n".join(value.brief())
        case "agent":
            return tabbed(value.to_dict())
        case _:
            with plain.uncut(wide):
                return str(value)


def tabbed(fields: Mapping[str, Any]) -> str:
    """Rows under a heading where there are rows; otherwise a line per field."""
    rows = fields.get("rows")
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        names = list(dict.fromkeys(name for row in rows for name in row))
        lines = [names, *[[_cell(row.get(name)) for name in names] for row in rows]]
    else:
        lines = [[name, _cell(value)] for name, value in fields.items()]
    return "\n".join("\t".join(line) for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return plain.clean(",".join(value))
    return plain.clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
