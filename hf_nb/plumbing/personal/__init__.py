"""What belongs to somebody, as it stands in a text: addresses, telephones, numbers with check digits.

places(text)         kind, and where it stands; no sign belongs to two of them
found(text)          kind, and what it says
masked(kind, said)   enough to find it again, too little to use it
NAMES                a kind in words

Keys and tokens are known elsewhere (hub/pushing/patterns.py). kinds: what each looks like; national: numbers of persons
by country; cards and phones, of which there are most; signs: other scripts' digits; columns: what a table says.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from hf_nb.plumbing.personal.columns import Columns
from hf_nb.plumbing.personal.kinds import AROUND, KINDS, Kind
from hf_nb.plumbing.personal.signs import plain

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "email": "e-mail address",
        "phone": "telephone number",
        "card": "card number",
        "iban": "account number",
        "ip": "IP address",
        "id": "person's number",
    }
)
# Nothing of any kind is without one of these.
_ANY = re.compile(r"@|\uff20|\d")
_GAP = re.compile(r"[\s-][^\s-]*$")


def places(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, beginning and end. A number is what fits it best: an account before a card, a card before a telephone."""
    if not _ANY.search(text):
        return
    text = plain(text)
    columns = Columns(text)
    taken: list[tuple[int, int]] = []  # in order, none within another
    for kind in KINDS:
        if not kind.sign.search(text):
            continue
        for hit in kind.pattern.finditer(text):
            start, end = hit.span()
            at = bisect(taken, (start, start))
            if (at and taken[at - 1][1] > start) or (at < len(taken) and taken[at][0] < end):
                continue
            said = _shortened(kind, hit[0], _before(text, start, columns))
            if said is not None:
                taken.insert(at, (start, start + len(said)))
                yield kind.name, start, start + len(said)


def _before(text: str, start: int, columns: Columns) -> str:
    """What may say that it is one, or something else: the words before it, and its column's."""
    near = text[max(0, start - AROUND) : start]
    name = columns.name(start)
    return f"{near}{name}: " if name else near


def found(text: str) -> Iterator[tuple[str, str]]:
    """Kind and value."""
    for kind, start, end in places(text):
        yield kind, text[start:end]


def _shortened(kind: Kind, said: str, before: str) -> str | None:
    """As it is, or without a word behind it that looked like a part of an account's number."""
    if kind.holds(said, before):
        return said
    if kind.name == "iban":
        while gap := _GAP.search(said):
            said = said[: gap.start()]
            if len(said) > 14 and kind.holds(said, before):
                return said
    return None


def masked(kind: str, said: str) -> str:
    """Enough to find it again, too little to use it."""
    if kind == "email":
        name, _, host = said.replace("%40", "@").replace("\uff20", "@").partition("@")
        ending = host.rpartition(".")[2]
        return f"{name[:1]}…@{host[:1]}….{ending}"
    if kind == "ip":
        sign = "." if "." in said else ":"
        return f"{said.split(sign, maxsplit=1)[0]}{sign}…"
    if kind == "iban":
        return f"{said[:2]}…{said[-2:]}"
    return f"…{said[-2:]}"
