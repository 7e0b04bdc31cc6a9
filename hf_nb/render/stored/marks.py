"""Text of strangers in one line: what hides is made visible, and nothing is cut inside a sign."""

from __future__ import annotations

import re
import unicodedata

# A flag of three signs or more is written with tags, which elsewhere only hide text.
_FLAG = r"\U0001F3F4[\U000E0061-\U000E007A]{1,6}\U000E007F"
_HIDDEN = re.compile(
    rf"(?P<flag>{_FLAG})"
    "|(?P<line>\r\n|[\n\r\v\f\x85\u2028\u2029])"
    "|(?P<tab>\t)"
    "|(?P<control>[\x00-\x1f\x7f])"
    "|(?P<code>[\x80-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff])"
)
_JOINER, _FARTHEST = "\u200d", 32


def visible(text: str) -> str:
    """Line ends as ↵, control characters by their picture, what turns or hides text by its code."""
    return text if text.isprintable() else _HIDDEN.sub(_mark, text)


def _mark(found: re.Match[str]) -> str:
    what, sign = found.lastgroup, found[0]
    if what == "flag":
        return sign
    if what == "line":
        return "↵"
    if what == "tab":
        return "⇥"
    if what == "control":
        return "␡" if sign == "\x7f" else chr(0x2400 + ord(sign))
    return f"⟨U+{ord(sign):04X}⟩"


def cut(text: str, chars: int) -> str:
    """At most so many characters, and never half of an emoji or of a letter with its accents."""
    if len(text) <= chars:
        return text
    at = max(chars, 1)
    for back in range(min(at, _FARTHEST)):
        if at - back == 0 or not _joined(text, at - back):
            return text[: at - back] or text[:at]
    return text[:at]


def _joined(text: str, at: int) -> bool:
    """Whether the sign at `at` belongs to the one before it."""
    here, before = text[at], text[at - 1]
    if _JOINER in (here, before) or unicodedata.category(here) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= here <= "\U0001f3ff" or "\U000e0020" <= here <= "\U000e007f":
        return True
    if not (_letter_of_flag(here) and _letter_of_flag(before)):
        return False
    first = at
    while first and _letter_of_flag(text[first - 1]):
        first -= 1
    return (at - first) % 2 == 1


def _letter_of_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
