"""What belongs to somebody, as it stands in a text: addresses, numbers with check digits. Keys are known elsewhere.

A number is taken for what fits it best: an account before a card, a card before a telephone.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+%-]{0,63}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}(?![\w@-])"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\w.,+-])(?:(?:\d{4}[ -]?){3}\d{1,7}|\d{4}[ -]?\d{6}[ -]?\d{5})(?![\w-]|[.,]\d)")
_IPV4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,39}(?![\w:])")
_PHONE = re.compile(
    r"(?<![\w+.,/-])(?:"
    r"\+\d{1,3}(?:[ .-]?(?:\(\d{1,4}\)|\d{1,4})){2,6}"  # +44 7700 900123
    r"|\(\d{3}\) ?\d{3}[ .-]?\d{4}|\d{3}[.-]\d{3}[.-]\d{4}"  # (212) 555-0123
    r"|0\d{2,4}[ /-]{1,3}\d{3,4}(?:[ -]?\d{2,4}){0,3}"  # 030 / 1234 567
    r")(?![\w/-]|[.,]\d)"
)
# How long an account's number is, by country.
_LENGTHS = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18
FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21
LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27
SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
"""
_IBANS = {one[:2]: int(one[2:]) for one in _LENGTHS.split()}


@dataclass(frozen=True)
class Kind:
    """One kind: which signs a text must hold, what it looks like, and whether it holds together."""

    name: str
    sign: re.Pattern[str]
    pattern: re.Pattern[str]
    holds: Callable[[str, str], bool]


def _digits(said: str) -> str:
    return "".join(sign for sign in said if sign.isdigit())


def luhn(digits: str) -> bool:
    """The check digit of cards."""
    doubled = (int(one) * (2 if at % 2 else 1) for at, one in enumerate(reversed(digits)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def iban(said: str) -> bool:
    """The check digits of accounts, and their length."""
    bare = said.replace(" ", "")
    if len(bare) != _IBANS.get(bare[:2]):
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def _account(said: str, before: str) -> bool:
    return iban(said)


def _email(said: str, before: str) -> bool:
    return ".." not in said and not (
        "://" in before and before.endswith(":")
    )  # a password, and who it is sent to


def _card(said: str, before: str) -> bool:
    digits = _digits(said)
    known = (
        digits[0] in "456"
        or digits[:2] in {"34", "36", "37", "38", "30", "35"}
        or "2221" <= digits[:4] <= "2720"
    )
    return 13 <= len(digits) <= 19 and known and len(set(digits)) > 1 and luhn(digits)


def _ipv4(said: str, before: str) -> bool:
    if re.search(r"(?i)(?:\bv(?:er(?:sion)?)?\.?|version|release|==|>=)\s?$", before):
        return False
    parts = said.split(".")
    if any((len(one) > 1 and one[0] == "0") or int(one) > 255 for one in parts):
        return False
    first, second = int(parts[0]), int(parts[1])
    inner = first in (0, 10, 127) or first >= 224 or (first, second) in ((192, 168), (169, 254))
    return not inner and not (first == 172 and 16 <= second < 32)


def _ipv6(said: str, before: str) -> bool:
    if (said.count(":") < 3 and "::" not in said) or not re.search(r"[0-9A-Fa-f]", said):
        return False
    try:
        found = ipaddress.IPv6Address(said)
    except ValueError:
        return False
    return len(said) > 6 and not (
        found.is_loopback or found.is_unspecified or found.is_link_local or found.is_multicast
    )


def _phone(said: str, before: str) -> bool:
    digits = _digits(said)
    if not 7 <= len(digits) <= 15 or len(set(digits)) < 3:
        return False
    if said.startswith("+"):
        return len(digits) >= 8 and digits[0] != "0"
    if not said.startswith("0"):
        return digits[0] in "23456789" and digits[3] in "23456789"
    return not re.fullmatch(r"0\d{3}-\d{2}-\d{2}", said)  # a day


KINDS: tuple[Kind, ...] = (
    Kind("email", re.compile("@"), _EMAIL, _email),
    Kind("iban", re.compile(r"[A-Z]{2}\d{2}"), _IBAN, _account),
    Kind("card", re.compile(r"\d{4}"), _CARD, _card),
    Kind("ip", re.compile(r"\d\.\d"), _IPV4, _ipv4),
    Kind("ip", re.compile("::|(?:[0-9A-Fa-f]{1,4}:){3}"), _IPV6, _ipv6),
    Kind("phone", re.compile(r"\d[ .)/-]{0,2}\d"), _PHONE, _phone),
)
AROUND = 16  # signs before it that may say it is something else


def found(text: str) -> Iterator[tuple[str, str]]:
    """Kind and value; no sign belongs to two of them."""
    taken: list[tuple[int, int]] = []
    for kind in KINDS:
        if not kind.sign.search(text):
            continue
        for hit in kind.pattern.finditer(text):
            start, end = hit.span()
            if any(start < last and first < end for first, last in taken):
                continue
            said = _shortened(kind, hit[0], text[max(0, start - AROUND) : start])
            if said is not None:
                taken.append((start, start + len(said)))
                yield kind.name, said


def _shortened(kind: Kind, said: str, before: str) -> str | None:
    """As it is, or without a word behind it that looked like a part of an account's number."""
    if kind.holds(said, before):
        return said
    if kind.name == "iban":
        while " " in said:
            said = said.rpartition(" ")[0]
            if len(said) > 14 and kind.holds(said, before):
                return said
    return None


def masked(kind: str, said: str) -> str:
    """Enough to find it again, too little to use it."""
    if kind == "email":
        name, _, host = said.partition("@")
        ending = host.rpartition(".")[2]
        return f"{name[:1]}…@{host[:1]}….{ending}"
    if kind == "ip":
        sign = "." if "." in said else ":"
        return f"{said.split(sign, maxsplit=1)[0]}{sign}…"
    if kind == "iban":
        return f"{said[:2]}…{said[-2:]}"
    return f"…{said[-2:]}"
