"""Digits, spaces and hyphens of other scripts, read as ours, and where a number may begin and end.

plain(text)   the same text, sign for sign: what is found in it stands at the same place in the text itself
"""

from __future__ import annotations

import unicodedata
from functools import cache

# Japanese and Chinese put no space between a word and a number, so only letters of ours hold on to one.
LETTERS = "A-Za-z0-9_À-ÖØ-öø-ɏ"
FREE = rf"(?<![{LETTERS}.+-])(?<!\b0,)"  # nothing before it that it could be the end of; a table's comma is nothing
OVER = rf"(?![{LETTERS}-]|\.\d)"
BROKEN = r"(?:[ -]|\r?\n)?"  # between groups, where a line may end
_SPACES = "\u00a0\u2007\u2009\u200a\u202f\u3000"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212\uff0d"
_WIDE = {0xFF0B: "+", 0xFF20: "@", 0xFF0E: ".", 0xFF08: "(", 0xFF09: ")", 0xFF1A: ":"}


@cache
def _ours() -> dict[int, str]:
    digits = {at: str(unicodedata.decimal(chr(at))) for at in range(0x660, 0x10000) if chr(at).isdecimal()}
    marks = {ord(one): " " for one in _SPACES} | {ord(one): "-" for one in _HYPHENS}
    return digits | marks | _WIDE


def plain(text: str) -> str:
    """The text in our digits, spaces and hyphens."""
    return text if text.isascii() else text.translate(_ours())
