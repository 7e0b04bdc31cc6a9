"""Numbers that states give to persons, where a check digit or a strict form tells them from any other number.

A row: what it looks like, whether it holds together, and the word that must stand before it where its digits alone
would be found in many an order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from hf_nb.plumbing.personal.signs import FREE, OVER


class Number(NamedTuple):
    """One country's."""

    country: str
    pattern: str
    holds: Callable[[str], bool]
    word: str = ""


def _digits(said: str) -> str:
    return "".join(sign for sign in said if sign.isdigit())


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(one) * weight for one, weight in zip(digits, weights, strict=False))


def luhn(digits: str) -> bool:
    """The check digit of cards, and of Sweden."""
    doubled = (int(one) * (2 if at % 2 else 1) for at, one in enumerate(reversed(digits)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _spain(said: str) -> bool:
    bare = said.replace("-", "").replace(" ", "").upper()
    number = bare[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == bare[-1]


def _france(said: str) -> bool:
    bare = said.replace(" ", "")
    number = bare[:-2].replace("2A", "19").replace("2B", "18")
    return (1 <= int(bare[3:5]) <= 12 or int(bare[3:5]) >= 20) and 97 - int(number) % 97 == int(bare[-2:])


_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        map(
            int,
            "1 0 5 7 9 13 15 17 19 21 1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23".split(),
        ),
        strict=True,
    )
)


def _italy(said: str) -> bool:
    even = {one: int(one) if one.isdigit() else ord(one) - 65 for one in _ODD}
    total = sum((even if at % 2 else _ODD)[one] for at, one in enumerate(said[:15]))
    return chr(65 + total % 26) == said[15]


def _us(said: str) -> bool:
    area, group, serial = said.split("-")
    shown = {"078-05-1120", "219-09-9999", "123-45-6789"}  # in every advertisement and manual
    return (
        area not in ("000", "666")
        and area < "900"
        and group != "00"
        and serial != "0000"
        and said not in shown
    )


def _uk(said: str) -> bool:
    return said[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def _nhs(said: str) -> bool:
    digits = _digits(said)
    return (11 - _weighed(digits[:9], (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 11 == int(digits[9])


def _brazil(said: str) -> bool:
    digits = _digits(said)
    if len(set(digits)) == 1:
        return False
    first = _weighed(digits[:9], (10, 9, 8, 7, 6, 5, 4, 3, 2)) * 10 % 11 % 10
    second = _weighed(digits[:10], (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


def _switzerland(said: str) -> bool:
    digits = _digits(said)
    return (10 - _weighed(digits[:12], (1, 3) * 6) % 10) % 10 == int(digits[12])


def _poland(said: str) -> bool:
    month = int(said[2:4]) % 20
    right = (10 - _weighed(said[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(said[10])
    return right and _day(f"{month}", said[4:6])


def _germany(said: str) -> bool:
    digits, rest = _digits(said), 10
    for one in digits[:10]:
        rest = (int(one) + rest) % 10 or 10
        rest = rest * 2 % 11
    return digits[0] != "0" and (11 - rest) % 10 == int(digits[10])


def _netherlands(said: str) -> bool:
    return _weighed(said, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _china(said: str) -> bool:
    right = "10X98765432"[_weighed(said[:17], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11]
    return said[6:8] in ("19", "20") and _day(said[10:12], said[12:14]) and right == said[17].upper()


def _sweden(said: str) -> bool:
    digits = _digits(said)[-10:]
    return _day(digits[2:4], digits[4:6]) and luhn(digits)


def _finland(said: str) -> bool:
    right = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(said[:6] + said[7:10]) % 31]
    return _day(said[2:4], said[:2]) and right == said[10]


def _belgium(said: str) -> bool:
    digits = _digits(said)
    return any(97 - int(f"{century}{digits[:9]}") % 97 == int(digits[9:]) for century in ("", "2"))


_TIMES = (
    "0123456789 1234067895 2340178956 3401289567 4012395678 5987604321 6598710432 7659821043 8765932104 9876543210"
).split()
_TURNS = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)


def _india(said: str) -> bool:
    rest = "0"
    for at, one in enumerate(reversed(_digits(said))):
        rest = _TIMES[int(rest)][int(_TURNS[at % 8][int(one)])]
    return rest == "0"


NUMBERS: tuple[Number, ...] = (
    Number("Spain", r"(?:\d{8}[- ]?|[XYZ][- ]?\d{7}[- ]?)[A-HJ-NP-TV-Z]", _spain),
    Number("France", r"[12] ?\d\d ?\d\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", _france),
    Number("Italy", r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", _italy),
    Number("United States", r"\d{3}-\d\d-\d{4}", _us),
    Number("United Kingdom", r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", _uk),
    Number("United Kingdom", r"\d{3}[ -]?\d{3}[ -]?\d{4}", _nhs, word=r"NHS"),
    Number("Brazil", r"\d{3}\.\d{3}\.\d{3}-\d\d", _brazil),
    Number("Switzerland", r"756\.\d{4}\.\d{4}\.\d\d", _switzerland),
    Number("Poland", r"\d{11}", _poland, word=r"PESEL"),
    Number("Germany", r"\d\d ?\d{3} ?\d{3} ?\d{3}", _germany, word=r"(?:Steuer|Id\.?-?Nr|tax)"),
    Number("Netherlands", r"\d{9}", _netherlands, word=r"(?:BSN|sofi|burgerservice)"),
    Number("China", r"[1-9]\d{16}[\dXx]", _china),
    Number("Sweden", r"(?:19|20)?\d{6}[-+]\d{4}", _sweden),
    Number("Finland", r"\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y]", _finland),
    Number("Belgium", r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", _belgium),
    Number("India", r"(?<!\d )[2-9]\d{3} \d{4} \d{4}(?! ?\d)", _india),
)
_PATTERNS = tuple(
    (re.compile(one.pattern), one.holds, re.compile(rf"(?i){one.word}[^\d\n]{{0,26}}$") if one.word else None)
    for one in NUMBERS
)
ANY = re.compile(FREE + "(?:" + "|".join(f"(?:{one.pattern})" for one in NUMBERS) + ")" + OVER)


def holds(said: str, before: str) -> bool:
    """Whether it is one of them."""
    return any(
        pattern.fullmatch(said) and (word is None or word.search(before)) and right(said)
        for pattern, right, word in _PATTERNS
    )
