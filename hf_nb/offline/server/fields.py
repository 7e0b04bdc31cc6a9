"""Values of a JSON body, or why they will not do."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hf_nb.offline.server.refusals import bad_request

_UNKEPT = re.compile(
    "[\\0\\ud800-\\udfff]"
)  # JSON can spell halves of characters, which nothing else can hold


def text(given: Mapping[str, Any], name: str, most: int) -> str:
    """A text that says something."""
    found = optional(given, name, most)
    if found is None or not found.strip():
        raise bad_request(f'"{name}" must be a text')
    return found


def optional(given: Mapping[str, Any], name: str, most: int) -> str | None:
    """A text, or nothing."""
    found = given.get(name)
    if found is not None and (not isinstance(found, str) or not _can_be_kept(found)):
        raise bad_request(f'"{name}" must be a text')
    if found is not None and len(found) > most:
        raise bad_request(f'"{name}" must have at most {most} characters')
    return found


def last(form: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A form with one value a field."""
    found = {name: values[-1] for name, values in form.items() if values}
    if not all(_can_be_kept(text) for pair in found.items() for text in pair):
        raise bad_request("Invalid form")
    return found


def flag(given: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    """True or false."""
    found = given.get(name, default)
    if not isinstance(found, bool):
        raise bad_request(f'"{name}" must be true or false')
    return found


def number(given: Mapping[str, Any], name: str) -> int | None:
    """A whole number from 0 on, or nothing."""
    found = given.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 1 << 31:
        raise bad_request(f'"{name}" must be a whole number')
    return found


def _can_be_kept(text: str) -> bool:
    return _UNKEPT.search(text) is None
