"""Numbers that states give to people, each with the digits that make it right, drawn by a fixed seed."""

import random
from collections.abc import Callable, Iterator

from tests.infer.privacy.strangers import SETTINGS, digits, drawn


def _weighed(body: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))


def _born(chance: random.Random) -> tuple[str, str, str]:
    """A birthday: year, month, day, two digits each."""
    return f"{chance.randint(50, 99)}", f"{chance.randint(1, 12):02}", f"{chance.randint(1, 28):02}"


def american(chance: random.Random) -> str:
    """Social security: no area 000, 666 or 9xx."""
    return f"{chance.randint(100, 600)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"


def british(chance: random.Random) -> str:
    """National insurance, in pairs."""
    return f"{drawn(chance, 'ABCEHJKL', 2)} {digits(chance, '## ## ##')} {drawn(chance, 'ABCD', 1)}"


def french(chance: random.Random) -> str:
    """Sécurité sociale: what is left of 97."""
    year, month, _ = _born(chance)
    body = f"{chance.randint(1, 2)}{year}{month}{chance.randint(10, 95)}{digits(chance, '######')}"
    whole = f"{body}{97 - int(body) % 97:02}"
    return " ".join((whole[0], whole[1:3], whole[3:5], whole[5:7], whole[7:10], whole[10:13], whole[13:]))


def spanish(chance: random.Random) -> str:
    """DNI: a letter by the remainder of 23."""
    body = digits(chance, "%#######")
    return body + "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23]


def polish(chance: random.Random) -> str:
    """PESEL."""
    body = "".join(_born(chance)) + digits(chance, "####")
    return f"{body}{-_weighed(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10}"


def brazilian(chance: random.Random) -> str:
    """CPF: two digits, each of all before."""
    body = digits(chance, "%########")
    for _ in range(2):
        left = _weighed(body, tuple(range(len(body) + 1, 1, -1))) * 10 % 11 % 10
        body += str(left)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def chinese(chance: random.Random) -> str:
    """The resident's number: where, when, a digit or X."""
    year, month, day = _born(chance)
    body = f"{chance.choice(('110101', '310104', '440305'))}19{year}{month}{day}{digits(chance, '###')}"
    left = _weighed(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11
    return body + "10X98765432"[left]


def dutch(chance: random.Random) -> str:
    """BSN: the eleven's proof."""
    while True:
        body = digits(chance, "%#######")
        last = _weighed(body, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
        if last < 10:
            return f"{body}{last}"


def swedish(chance: random.Random) -> str:
    """Personnummer."""
    body = "".join(_born(chance)) + digits(chance, "###")
    total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(body))
    return f"{body[:6]}-{body[6:]}{-total % 10}"


def finnish(chance: random.Random) -> str:
    """Henkilötunnus: a sign by the remainder of 31."""
    year, month, day = _born(chance)
    serial = digits(chance, "%##")
    return f"{day}{month}{year}-{serial}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(day + month + year + serial) % 31]}"


def german(chance: random.Random) -> str:
    """The tax number of a person: one digit twice, the last by ISO 7064."""
    body = chance.sample("123456789", 9)
    body.insert(chance.randint(1, 9), chance.choice(body[2:7]))
    rest = 10
    for digit in body:
        rest = ((int(digit) + rest) % 10 or 10) * 2 % 11
    whole = "".join(body) + str((11 - rest) % 10)
    return f"{whole[:2]} {whole[2:5]} {whole[5:8]} {whole[8:]}"


def italian(chance: random.Random) -> str:
    """Codice fiscale, its last letter by two tables."""
    year, month, day = _born(chance)
    body = (
        drawn(chance, "BCDFGLMNPRSTV", 6)
        + year
        + "ABCDEHLMPRST"[int(month) - 1]
        + day
        + chance.choice(("H501", "F205", "L219"))
    )
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    order = [int(sign) if sign.isdigit() else ord(sign) - 65 for sign in body]
    total = sum(odd[value] if at % 2 == 0 else value for at, value in enumerate(order))
    return body + chr(65 + total % 26)


SAID: tuple[tuple[Callable[[random.Random], str], str], ...] = (
    (american, "SSN"),
    (british, "NI number"),
    (french, "n° de sécurité sociale"),
    (spanish, "DNI"),
    (polish, "PESEL"),
    (brazilian, "CPF"),
    (chinese, "身份证号"),
    (dutch, "BSN"),
    (swedish, "personnummer"),
    (finnish, "hetu"),
    (german, "Steuer-ID"),
    (italian, "codice fiscale"),
)


def citizens(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Two of every state: one after its name, one alone in a table."""
    for at, (make, word) in enumerate(SAID):
        value = make(chance)
        yield value, SETTINGS[at % len(SETTINGS)].format(f"{word} {value}")
        value = make(chance)
        yield value, f"name,{word.lower()}\nOttilie Brank,{value}\nPer Saltin,\n"
