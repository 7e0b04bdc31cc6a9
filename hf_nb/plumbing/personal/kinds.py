"""What each kind looks like, in the order they are looked for, and whether a hit holds together."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from hf_nb.plumbing.personal import national
from hf_nb.plumbing.personal.national import luhn

_EMAIL = re.compile(
    r"(?<![\w.+-])[^\W_][\w.+%-]{0,63}"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_]{2,24}(?![\w@-])"
)
# What stands behind the last dot of a file, and of no address: not py and md, which are countries.
_FILES = frozenset(
    "png jpg jpeg gif svg webp ico css js json txt html htm xml yml yaml toml lock pdf".split()
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\w.,+-])(?:(?:\d{4}[ -]?){3}\d{1,7}|\d{4}[ -]?\d{6}[ -]?\d{5})(?![\w-]|[.,]\d)")
_IPV4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,39}(?![\w:])")
_PHONE = re.compile(
    r"(?<![\w+.,/-])(?:"
    r"\+\d{1,3}(?:[ .-]?(?:\(\d{1,4}\)|\d{1,4})){2,6}"  # +44 7700 900123
    r"|00[1-9]\d{0,2}(?:[ .-]?\d{1,4}){2,6}"  # 0044 7700 900123
    r"|(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]?\d{4}|(?:1[.-])?\d{3}[.-]\d{3}[.-]\d{4}"  # (212) 555-0123
    r"|0[1-9](?:[ .]\d\d){4}"  # 06 12 34 56 78
    r"|0\d{2,4}[ /-]{1,3}\d{3,4}(?:[ -]?\d{2,4}){0,3}"  # 030 / 1234 567
    r")(?![\w/-]|[.,]\d)"
)
# Written in any way, where a word says that it is one.
_CALLED = re.compile(r"(?<![\w+.,/-])\d[\d ./()-]{5,17}\d(?![\w/-]|[.,]\d)")
_CALL = re.compile(
    r"(?i)(?:\b(?:tel|phone|telephone|telefon|tel[eé]fono|telefone|t[eé]l[eé]phone|mobile?|m[oó]vil|cell|fax|whatsapp|"
    r"handy|portable|celular|telefoon)|\b(?:call|text|reach)(?: \w+){0,2}(?: at| on)|电话|電話)"
    r"(?: \w{2,7})?(?: (?:number|no|nr|is))*\W{0,3}$"
)
_BOOK = re.compile(r"(?i)\b(?:issn|isbn|doi|ean|sku|uuid)\W{0,2}$")
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


def iban(said: str) -> bool:
    """The check digits of accounts, and their length."""
    bare = said.replace(" ", "")
    if len(bare) != _IBANS.get(bare[:2]):
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def _account(said: str, before: str) -> bool:
    return iban(said)


def _email(said: str, before: str) -> bool:
    if ".." in said or said.startswith("git@") or said.rpartition(".")[2].lower() in _FILES:
        return False
    return not ("://" in before and before.endswith(":"))  # a password, and who it is sent to


def _card(said: str, before: str) -> bool:
    digits = _digits(said)
    known = (
        digits[0] in "456"
        or digits[:2] in {"34", "36", "37", "38", "30", "35"}
        or "2221" <= digits[:4] <= "2720"
    )
    return 13 <= len(digits) <= 19 and known and len(set(digits)) > 1 and luhn(digits)


def _ipv4(said: str, before: str) -> bool:
    if re.search(
        r"(?i)(?:\bv(?:er(?:sion)?)?\.?|version|release|section|chapter|figure|table|§|==|>=)\s?$", before
    ):
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
    if _BOOK.search(before):
        return False
    if not 7 <= len(digits) <= 15 or len(set(digits)) < 3:
        return False
    if said.startswith("+"):
        return len(digits) >= 8 and digits[0] != "0"
    if said.startswith("00"):
        return len(digits) >= 11
    digits = digits.removeprefix("1") if len(digits) == 11 else digits
    if not said.startswith("0"):
        return len(digits) == 10 and digits[0] in "23456789" and digits[3] in "23456789"
    return not re.fullmatch(r"0\d{3}-\d{2}-\d{2}", said)  # a day


def _called(said: str, before: str) -> bool:
    return 7 <= len(_digits(said)) <= 15 and _CALL.search(before) is not None


KINDS: tuple[Kind, ...] = (
    Kind("email", re.compile("@"), _EMAIL, _email),
    Kind("iban", re.compile(r"[A-Z]{2}\d{2}"), _IBAN, _account),
    Kind("id", re.compile(r"\d{2}"), national.ANY, national.holds),
    Kind("card", re.compile(r"\d{4}"), _CARD, _card),
    Kind("ip", re.compile(r"\d\.\d"), _IPV4, _ipv4),
    Kind("ip", re.compile("::|(?:[0-9A-Fa-f]{1,4}:){3}"), _IPV6, _ipv6),
    Kind("phone", re.compile(r"\d[ .)/-]{0,2}\d"), _PHONE, _phone),
    Kind("phone", re.compile(r"\d[ .)/-]{0,2}\d"), _CALLED, _called),
)
AROUND = 28  # signs before it that may say it is something else
