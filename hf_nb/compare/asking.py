"""What a contender is asked: its template filled in, its system prompt before it, and the verbs' own words for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.values.comparisons import Contender

HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
ONLY = "input"  # the hole for all of an input
NONE: Mapping[str, Any] = MappingProxyType({})


def how(contender: Contender) -> dict[str, Any]:
    """Who is asked, as `infer.run`, `infer.stream` and `infer.batch` take it."""
    return {
        "model": contender.model if contender.held is None else contender.held,
        "task": contender.task or None,
        "provider": contender.provider,
        "revision": contender.revision,
        "params": dict(contender.params),
    }


def question(contender: Contender, given: Any, cells: Mapping[str, Any] = NONE) -> Any:
    """An input as this contender is asked it; `cells`: what its row holds besides."""
    filled = given if not contender.template else fill(contender.template, given, cells)
    if not contender.system:
        return filled
    said = filled if isinstance(filled, list) else [{"role": "user", "content": filled}]
    return [{"role": "system", "content": contender.system}, *said]


def fill(template: str, given: Any, cells: Mapping[str, Any] = NONE) -> str:
    """A template with an input in its holes; {{ and }} are braces."""
    known = {**(given if isinstance(given, Mapping) else {}), **cells}

    def put(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return str(_cell(found[1].strip(), given, known))

    return HOLE.sub(put, template)


def _cell(name: str, given: Any, known: Mapping[str, Any]) -> Any:
    if name in known:
        return known[name]
    if name != ONLY:
        there = ", ".join(map(str, [ONLY, *known]))
        raise BadInput(f"The template asks for {{{name}}}, which a row does not have.", f"A row has {there}")
    return next(iter(given.values())) if isinstance(given, Mapping) and len(given) == 1 else given


def holes(template: str) -> list[str]:
    """The names in a template."""
    return [one[1].strip() for one in HOLE.finditer(template) if one[1] is not None]
