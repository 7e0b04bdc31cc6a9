"""Where a token could be: what is left of a text when everything else is skipped at the speed of memory."""

from __future__ import annotations

import functools
import re

from hf_nb.hub.pushing.patterns import anchors

_TOKEN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/%~")
_MARKED = bytes(97 if one in _TOKEN else 32 for one in range(256))
_SHORTEST = b"a" * 20
_LONGEST = 2_000  # longer is encoded data: only its ends can be a token of its own
_AROUND = 80
_DIGIT = re.compile(rb"\d")
_CUT = re.compile(rb"Q~|[/+%~]")
_OPENERS = frozenset(b"=:(\"' .")
# where a token may follow: words in an assignment or a call before it, the first part of one that has a dot in it
_NAMING = b"key token secret sig wandb discord twilio mailchimp telegram bot login password".split()
_FIRST_PARTS = (b"sg.", b"ya29.", b"hvs.", b"hvb.", b"v1.")


def runs(block: bytes) -> list[tuple[int, int]]:
    """Parts of the text worth trying the rules on, each with what stands around it."""
    marked = block.translate(_MARKED)
    heads, found = _heads(), list[tuple[int, int]]()
    start = marked.find(_SHORTEST)
    while start >= 0:
        end = marked.find(b" ", start)
        end = len(block) if end < 0 else end
        if end - start > _LONGEST:
            _extend(found, start, start + 300)
            _extend(found, end - 300, end)
        elif block[start : start + 3] in heads or _cut(block, start, end, heads) or _worth(block, start, end):
            _extend(found, start, end)
        start = marked.find(_SHORTEST, end)
    return [(low, min(high, len(block))) for low, high in found]


def _cut(block: bytes, start: int, end: int, heads: frozenset[bytes]) -> bool:
    """Whether a token begins within, after a slash for example."""
    found = _CUT.search(block, start, end)
    while found:
        at = found.end()
        if found[0] == b"Q~" or block[at : at + 3] in heads:
            return True
        found = _CUT.search(block, at, end)
    return False


def _worth(block: bytes, start: int, end: int) -> bool:
    """Whether it stands where a token is named. Asked of every number and checksum of a table."""
    if start and block[start - 1] not in _OPENERS:
        return False
    return _DIGIT.search(block, start, end) is not None and _named(block[max(start - 60, 0) : start].lower())


def _named(before: bytes) -> bool:
    bare = before.rstrip(b" \t\"'")
    if bare.endswith((b"=", b":", b"(")):
        return any(word in bare for word in _NAMING) or bare[-2:-1].isdigit()
    if bare.endswith(b"."):
        return bare.endswith(_FIRST_PARTS) or b"eyj" in bare
    return any(word in bare[-16:] for word in (b"password", b"login"))


@functools.cache
def _heads() -> frozenset[bytes]:
    words = {word[:3] for word in anchors()} | {b"sk_", b"rk_", b"pk_"}
    return frozenset(word for word in words if len(word) == 3)


def _extend(found: list[tuple[int, int]], start: int, end: int) -> None:
    low, high = max(start - _AROUND, 0), end + _AROUND
    if found and low <= found[-1][1]:
        found[-1] = (found[-1][0], high)
    else:
        found.append((low, high))
