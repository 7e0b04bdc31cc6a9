"""A line of `%hf`, read: `NAME <<` in front, `;` behind, and no token in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.magics import expand
from hf_nb.plumbing import redact

_INTO = re.compile(r"\s*([^\W\d]\w*)\s*<<(?!<)\s*")


@dataclass(frozen=True)
class Line:
    """What was asked, and where the result goes."""

    words: list[str]
    into: str | None = None
    silent: bool = False


def read(line: str, names: Mapping[str, Any]) -> Line:
    """The line's words with the notebook's values in them."""
    refuse_secrets(line)
    silent = line.rstrip().endswith(";")
    if silent:
        line = line.rstrip().removesuffix(";")
    found = _INTO.match(line)
    if found:
        line = line[found.end() :]
    return Line(expand.words(line, names), found[1] if found else None, silent)


def refuse_secrets(*texts: str | None) -> None:
    """A cell is saved and shared, so a token must not stand in one."""
    if any(redact.has_hub_token(text or "") for text in texts):
        raise BadInput(
            "This cell holds a Hub token, and cells are saved and shared.",
            "Delete it here, and log in with: %hf login",
        )
