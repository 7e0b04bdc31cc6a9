"""Card numbers: how those of each network begin, how long they are, and how they are written."""

from __future__ import annotations

import re

from hf_nb.plumbing.personal.national import luhn
from hf_nb.plumbing.personal.signs import BROKEN, FREE, OVER

PATTERN = re.compile(
    rf"{FREE}(?:(?:\d{{4}}{BROKEN}){{3}}\d{{1,7}}|\d{{4}}[ -]?\d{{6}}[ -]?\d{{4,5}}|\d{{6}}[ -]\d{{13}}){OVER}"
)
# From, to, and how long. What begins with 35 and has fifteen digits is a telephone's own number, not JCB's.
_NETWORKS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", (14, 16)),  # Diners Club
    ("309", "309", (14, 16)),
    ("36", "36", (14, 16)),
    ("38", "39", (14, 16)),
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("60", "60", (16, 18, 19)),  # Discover, RuPay
    ("64", "65", (16, 17, 18, 19)),
    ("62", "62", (16, 17, 18, 19)),  # UnionPay
    ("81", "82", (16,)),
    ("50", "50", (16, 18, 19)),  # Maestro and its kin
    ("56", "58", (16, 18, 19)),
    ("61", "61", (16, 18, 19)),
    ("63", "63", (16, 18, 19)),
    ("66", "69", (16, 18, 19)),
    ("2200", "2204", (16, 17, 18, 19)),  # Mir
    ("9792", "9792", (16,)),  # Troy
)
_SAID = re.compile(r"(?i)\b(?:visa|card|karte|carte|carta|tarjeta|cart[ãa]o)\b[^\d\n]{0,16}$")
_OLD = 13  # digits of a Visa card of last century: as many as on every second thing that is sold
_OTHER = re.compile(r"(?i)\b(?:imei|meid|iccid|sim|ean|gtin|upc|isbn|serial|tracking|s/n)\b[^\d\n]{0,12}$")


def holds(said: str, before: str) -> bool:
    """A network's beginning and length, the check digit, and no more than one end of a line in it."""
    digits = "".join(sign for sign in said if sign.isdigit())
    if len(set(digits)) == 1 or not luhn(digits) or _OTHER.search(before):
        return False
    if "\n" in said and not re.fullmatch(r"(?:\d{4} ){0,3}\d{4}\r?\n\d{4}(?: \d{4}){0,3}", said):
        return False
    if len(digits) == _OLD:
        return digits[0] == "4" and _SAID.search(before) is not None
    return any(
        first <= digits[: len(first)] <= last and len(digits) in lengths for first, last, lengths in _NETWORKS
    )
