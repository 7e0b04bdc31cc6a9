"""What each kind looks like, in the order they are looked for, and whether a hit holds together."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from hf_nb.plumbing.personal import cards, national, phones
from hf_nb.plumbing.personal.signs import BROKEN, LETTERS

_LATIN = f"[{LETTERS.replace('_', '')}]"
# Letters of ours, or of another script: where words have no spaces, the sentence before it is no part of the name.
_EMAIL = re.compile(
    rf"(?:(?<![{LETTERS}])(?<![{LETTERS}][.+%-])(?:[oO]['’])?{_LATIN}[{LETTERS}.+%-]{{0,63}}?"
    r"|(?<![\w.+-])[^\W_A-Za-z](?:[^\WA-Za-z]|[.+-]){0,63})"
    r"(?:@|%40)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}"
    rf"(?:[A-Za-z]{{2,24}}|xn--[A-Za-z0-9-]{{2,40}}|[^\W\d_A-Za-z]{{2,24}})(?![{LETTERS}@(-]|\.[A-Za-z]|:[~/])"
)
# What stands behind the last dot of a file, and of no address: not py and md, which are countries.
_FILES = frozenset(
    "png jpg jpeg gif svg webp ico css js json txt html htm xml yml yaml toml lock pdf".split()
)
# What stands behind a dot in a product of matrices, `h@proj.weight`, and of no address.
_ATTRIBUTES = frozenset(
    "weight bias grad shape dtype real imag values iloc loc inv diag cut conj ravel flat".split()
)
_IBAN = re.compile(
    rf"(?i)(?<![A-Z0-9])[A-Z]{{2}}\d{{2}}(?:{BROKEN}[A-Z0-9]{{4}}){{2,7}}(?:{BROKEN}[A-Z0-9]{{1,3}})?(?![A-Z0-9])"
)
_IPV4 = re.compile(r"(?<![\w.-])(?<![A-Za-z]/)(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,39}(?![\w:])")
_VERSION = re.compile(
    r"(?i)(?:\bv(?:er(?:sion)?)?\.?|\bEC|version|release|section|chapter|figure|table|firmware|driver|build|kernel|windows|"
    r"chrome|cuda|cudnn|tensorrt|nginx|openssl|§|==|>=)\s?$"
)
# A product of two matrices, and who logs in where.
_PRODUCT = re.compile(r"[A-Za-z]@[A-Za-z]\.(?!com|org|net|de|co)[A-Za-z]+")
_LOGIN = re.compile(r"\b(?:ssh|scp|sftp|rsync|mosh)\b[^\n@]{0,20}$")
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


def iban(said: str) -> bool:
    """The check digits of accounts, and their length."""
    bare = re.sub(r"[\s-]", "", said).upper()
    if len(bare) != _IBANS.get(bare[:2]):
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def _account(said: str, before: str) -> bool:
    return iban(said)


def _email(said: str, before: str) -> bool:
    if ".." in said or said.startswith("git@") or said.rpartition(".")[2].lower() in _FILES | _ATTRIBUTES:
        return False
    if _PRODUCT.fullmatch(said) or _LOGIN.search(before):
        return False
    return not ("://" in before and before.endswith(":"))  # a password, and who it is sent to


def _ipv4(said: str, before: str) -> bool:
    if _VERSION.search(before):
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


KINDS: tuple[Kind, ...] = (
    Kind("email", re.compile("@|%40"), _EMAIL, _email),
    Kind("iban", re.compile(r"[A-Za-z]{2}\d{2}"), _IBAN, _account),
    Kind("id", re.compile(r"\d{2}"), national.ANY, national.holds),
    Kind("card", re.compile(r"\d{4}"), cards.PATTERN, cards.holds),
    Kind("ip", re.compile(r"\d\.\d"), _IPV4, _ipv4),
    Kind("ip", re.compile("::|(?:[0-9A-Fa-f]{1,4}:){3}"), _IPV6, _ipv6),
    Kind("phone", re.compile(r"\d[ .()/\r\n-]{0,2}\d"), phones.PATTERN, phones.holds),
    Kind("phone", re.compile(r"\d[ .()/\r\n-]{0,2}\d"), phones.CALLED, phones.called),
)
AROUND = 40  # signs before it that may say it is something else
