"""Texts with something personal planted in them, and texts with what only looks like it.

Check digits are made here by the states' own rules, not by the code that is tried.

planted(300)   (text, kind, value), every kind in several ways of writing, in ten languages
clean(300)     texts in which nothing belongs to anybody
"""

from __future__ import annotations

import hashlib
import random
import string
from collections.abc import Iterator

SAYINGS = {
    "email": "Write to {}.|Schreiben Sie an {}, bitte|Écrivez à {} !|Escriba a {} hoy.|Scrivi a {}"
    "|mail: <{}>|Skriv till {}."
    "|Napisz do {}, proszę|请发邮件到 {} 谢谢|(contact {})",
    "phone": "Call me at {}.|Meine Telefonnummer: {}, abends|Mon téléphone : {}|Mi móvil es {}."
    "|Cellulare? No, fax {}|Tel. {}"
    "|Bel {} morgen, telefoon {}|Telefon {} lub mail|电话 {}|WhatsApp: {}",
    "card": "My card is {}, exp 11/29.|Kartennummer {}|carte bancaire {} valable|tarjeta {}."
    "|carta n. {}|pay with {} please"
    "|kaart {}|karta {}|卡号 {}|card={};",
    "iban": "Please pay to {}.|IBAN: {}|virement sur {} merci|cuenta {}|Konto {}, danke|rekening {}"
    "|przelew na {}|{} (mine)"
    "|conto {};|account {}",
    "ip": "He logged in from {}.|Zugriff von {} um 9 Uhr|connexion depuis {}|desde {}, ayer"
    "|client={} status=200|host {}"
    "|src {} dst any|från {}|来自 {}|[{}] GET /",
    "id": "His number is {}.|Nummer {}, geboren in Bern|numéro {} à vérifier|DNI o similar: {}"
    "|codice {}|CPF {}|nummer {}"
    "|numer {}|号码 {}|id: {};",
}
WORDED = {"NHS": "NHS number {}", "PESEL": "PESEL {}", "Steuer": "Steuer-ID: {}", "BSN": "BSN {}"}


def _digits(dice: random.Random, number: int) -> str:
    return "".join(dice.choice(string.digits) for _ in range(number))


def _luhn(body: str) -> str:
    total = 0
    for at, one in enumerate(reversed(body)):
        value = int(one) * (1 if at % 2 else 2)
        total += value // 10 + value % 10
    return body + str(-total % 10)


def _grouped(text: str, *sizes: int, by: str = " ") -> str:
    made, at = [], 0
    for size in sizes:
        made.append(text[at : at + size])
        at += size
    return by.join(filter(None, [*made, text[at:]]))


def _email(dice: random.Random) -> str:
    name = dice.choice(
        ["ann.lee", "j.müller", "Carlos_R", "x", "o'neil".replace("'", ""), "li.wei+news", "a-b.c%d"]
    )
    host = dice.choice(
        ["firma.de", "mail.company.co.uk", "uni-bern.ch", "gmail.com", "bücher.example", "EXAMPLE.ORG"]
    )
    return f"{name}@{host}"


def _phone(dice: random.Random) -> str:
    d = lambda number: _digits(dice, number)  # noqa: E731
    return dice.choice(
        [
            f"+44 7700 90{d(4)}",
            f"+1-415-555-{d(4)}",
            f"+4930{dice.randint(2, 9)}{d(6)}",
            f"(212) 555-{d(4)}",
            f"212-555-{d(4)}",
            f"0{dice.randint(1, 7)} {dice.randint(10, 99)} {d(2)} {d(2)} 1{d(1)}",
            f"030/{dice.randint(1, 9)}{d(6)}",
            f"0044 7700 90{d(4)}",
            f"+34 6{d(2)} {d(3)} {d(3)}",
            f"1-800-555-{d(4)}",
            f"+86 138 {d(4)} {d(4)}",
            f"079 {d(3)} {d(2)} {d(2)}",
            f"+41 (0)79 {d(3)} {d(2)} {d(2)}",
            f"6{d(2)} {d(3)} {d(3)}",
            f"212 555 {d(4)}",
        ]
    )


def _card(dice: random.Random) -> str:
    start, length = dice.choice([("4", 16), ("51", 16), ("2223", 16), ("37", 15), ("6011", 16)])
    number = _luhn(start + _digits(dice, length - len(start) - 1))
    sizes = (4, 6, 5) if length == 15 else (4, 4, 4, 4)
    return dice.choice([number, _grouped(number, *sizes), _grouped(number, *sizes, by="-")])


def _iban(dice: random.Random) -> str:
    country, body = dice.choice(
        [
            ("DE", 18),
            ("FR", 23),
            ("ES", 20),
            ("CH", 17),
            ("NL", 0),
            ("GB", 0),
            ("PL", 24),
            ("SE", 20),
            ("BE", 12),
        ]
    )
    account = (
        _digits(dice, body)
        if body
        else "".join(dice.choices(string.ascii_uppercase, k=4)) + _digits(dice, 10 if country == "NL" else 14)
    )
    number = int("".join(str(int(one, 36)) for one in f"{account}{country}00"))
    whole = f"{country}{98 - number % 97:02d}{account}"
    return dice.choice([whole, " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))])


def _ip(dice: random.Random) -> str:
    if dice.random() < 0.3:
        return f"2001:db8:{dice.randint(1, 9)}::{dice.randint(16, 999):x}:{dice.randint(1, 9)}"
    return f"{dice.choice([8, 31, 84, 151, 203])}.{dice.randint(0, 255)}.{dice.randint(0, 255)}.{dice.randint(1, 254)}"


def _spain(dice: random.Random) -> str:
    number = _digits(dice, 8)
    return number + dice.choice(["", "-", " "]) + "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def _france(dice: random.Random) -> str:
    body = f"{dice.randint(1, 2)}{_digits(dice, 2)}{dice.randint(1, 12):02d}{dice.randint(1, 95):02d}{_digits(dice, 6)}"
    whole = f"{body}{97 - int(body) % 97:02d}"
    return dice.choice([whole, _grouped(whole, 1, 2, 2, 2, 3, 3, 2)])


def _brazil(dice: random.Random) -> str:
    digits = [int(one) for one in _digits(dice, 9)]
    for first in (10, 11):
        rest = sum(one * (first - at) for at, one in enumerate(digits)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    text = "".join(map(str, digits))
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def _switzerland(dice: random.Random) -> str:
    body = f"756{_digits(dice, 9)}"
    total = sum(int(one) * (3 if at % 2 else 1) for at, one in enumerate(body))
    return _grouped(f"{body}{-total % 10}", 3, 4, 4, 2, by=".")


def _sweden(dice: random.Random) -> str:
    body = f"{dice.randint(10, 99)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{_digits(dice, 3)}"
    whole = _luhn(body)
    return f"{dice.choice(['', '19'])}{whole[:6]}-{whole[6:]}"


def _finland(dice: random.Random) -> str:
    day, number = (
        f"{dice.randint(1, 28):02d}{dice.randint(1, 12):02d}{dice.randint(10, 99)}",
        f"{dice.randint(2, 899):03d}",
    )
    return f"{day}-{number}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(day + number) % 31]}"


def _belgium(dice: random.Random) -> str:
    body = (
        f"{dice.randint(30, 99)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{dice.randint(1, 997):03d}"
    )
    return f"{body[:2]}.{body[2:4]}.{body[4:6]}-{body[6:]}.{97 - int(body) % 97:02d}"


def _china(dice: random.Random) -> str:
    body = f"110105{dice.randint(1950, 2009)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{_digits(dice, 3)}"
    total = sum(int(one) * (2 ** (17 - at) % 11) for at, one in enumerate(body))
    return body + "10X98765432"[total % 11]


def _us(dice: random.Random) -> str:
    return f"{dice.randint(1, 665):03d}-{dice.randint(1, 99):02d}-{dice.randint(1, 9999):04d}"


def _uk(dice: random.Random) -> str:
    number = f"{dice.choice(['AB', 'JK', 'WM', 'SE'])}{_digits(dice, 6)}{dice.choice('ABCD')}"
    return dice.choice([number, _grouped(number, 2, 2, 2, 2, 1)])


def _nhs(dice: random.Random) -> str:
    while True:
        body = _digits(dice, 9)
        check = 11 - sum(int(one) * (10 - at) for at, one in enumerate(body)) % 11
        if check != 10:
            return _grouped(f"{body}{check % 11}", 3, 3, 4)


def _pesel(dice: random.Random) -> str:
    body = f"{dice.randint(10, 99)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{_digits(dice, 4)}"
    total = sum(int(one) * weight for one, weight in zip(body, (1, 3, 7, 9) * 3, strict=False))
    return f"{body}{-total % 10}"


_MAKERS = {"email": _email, "phone": _phone, "card": _card, "iban": _iban, "ip": _ip}
_STATES = (_spain, _france, _brazil, _switzerland, _sweden, _finland, _belgium, _china, _us, _uk)
_BY_WORD = {"NHS": _nhs, "PESEL": _pesel}


def planted(number: int, seed: int = 11) -> Iterator[tuple[str, str, str]]:
    """Text, kind, value."""
    dice = random.Random(seed)  # noqa: S311 -- nobody's
    kinds = [*SAYINGS]
    for at in range(number):
        kind = kinds[at % len(kinds)]
        saying = dice.choice(SAYINGS[kind].split("|"))
        if kind == "id" and dice.random() < 0.2:
            word = dice.choice([*_BY_WORD])
            saying, value = WORDED[word], _BY_WORD[word](dice)
        elif kind == "id":
            value = dice.choice(_STATES)(dice)
        else:
            value = _MAKERS[kind](dice)
        around = dice.choice(
            ["{}", "It was on 2024-03-05 at 12:30. {}", "{} Thanks, and see you in 3 weeks", "v1.2.3: {}"]
        )
        yield around.format(saying.replace("{}", value, 1).replace("{}", "soon")), kind, value


def clean(number: int, seed: int = 12) -> Iterator[str]:
    """Versions, orders, dates, prices, digests, books, code: many numbers and nobody's."""
    dice = random.Random(seed)  # noqa: S311 -- the same
    d = lambda length: _digits(dice, length)  # noqa: E731

    def wrong_card() -> str:
        right = _luhn("4" + d(14))
        return right[:-1] + str((int(right[-1]) + dice.randint(1, 9)) % 10)

    makers = (
        lambda: (
            f"version {dice.randint(0, 20)}.{d(1)}.{dice.randint(0, 99)}.{dice.randint(0, 9)} of the driver"
        ),
        lambda: f"pip install torch=={dice.randint(1, 2)}.{d(1)}.{d(1)} 'numpy>=1.2{d(1)}'",
        lambda: f"ISBN 978-3-16-{d(6)}-{d(1)} and ISSN {d(4)}-{d(4)}",
        lambda: (
            f"Order {d(dice.randint(4, 9))} of {dice.randint(1, 28)}.{dice.randint(1, 12)}.20{dice.randint(10, 26)}"
        ),
        lambda: (
            f"Invoice no. {dice.choice(['A', 'INV-', 'RE'])}{d(8)}, due 20{d(2)}-{dice.randint(1, 12):02d}-03"
        ),
        lambda: f"sha256 {hashlib.sha256(d(9).encode()).hexdigest()}",
        lambda: f"commit {hashlib.sha1(d(9).encode()).hexdigest()[: dice.choice([7, 12, 40])]}",  # noqa: S324 -- a name
        lambda: f"It costs $1,{d(3)}.{d(2)} or {d(1)}.{d(3)},{d(2)} EUR, minus {d(2)} %",
        lambda: (
            f"Meet at {dice.randint(10, 23)}:{dice.randint(10, 59)}:{dice.randint(10, 59)} on 05/11/20{d(2)}"
        ),
        lambda: f"timestamp 17{d(8)}.{d(6)} and 17{d(11)}",
        lambda: f"paid with card number {wrong_card()}",
        lambda: f"gradient {dice.random()} after {d(5)} steps, loss 0.{d(16)}",
        lambda: f"listening on 127.0.0.1:{d(4)} and 192.168.{dice.randint(0, 255)}.{dice.randint(1, 254)}",
        lambda: f"see §{d(2)}.{d(1)}.{d(1)}.{d(1)} and figure {d(1)}.{d(2)}",
        lambda: f"git clone git@github.com:owner/repo{d(2)}.git",
        lambda: f"![logo](logo{d(1)}@2x.png) and @types/node@18.{d(2)}.0",
        lambda: f"DE{d(2)} 0000 0000 0000 0000 00 is no account",
        lambda: f"uuid {d(8)}-{d(4)}-4{d(3)}-a{d(3)}-{d(12)}",
        lambda: f"from {dice.randint(1900, 1950)}-{dice.randint(1951, 2000)}, pp. {d(3)}-{d(3)}, vol. {d(2)}",
        lambda: f"coordinates {dice.randint(40, 60)}.{d(5)}, {dice.randint(2, 20)}.{d(5)}",
        lambda: f"std::vector<int> x{{{d(1)}, {d(2)}}}; a::b::c()",
        lambda: f"MAC 0{d(1)}:1{d(1)}:2{d(1)}:3{d(1)}:4{d(1)}:5{d(1)}",
        lambda: f"part {d(3)}-{d(5)}-{d(2)} x {d(2)}, tracking {d(22)}",
        lambda: f"population {d(1)} {d(3)} {d(3)} and {d(1)},{d(3)},{d(3)}",
        lambda: f"item #{d(11)} in aisle {d(1)}, weight {d(2)}.{d(1)} kg",
        lambda: f"score {d(1)}-{d(1)}, {d(2)}:{d(2)} against {d(2)}",
        lambda: "Mein Zimmer war klein, aber die Aussicht schön; 3 Nächte für 2 Personen.",
        lambda: "The model has 1 234 567 890 parameters and 16 384 tokens of context.",
        lambda: "10 20 30 40 50 60 70 80 90 100",
        lambda: f"bytes {d(5)}-{d(5)}/{d(6)} 206",
    )
    for at in range(number):
        yield makers[at % len(makers)]()
