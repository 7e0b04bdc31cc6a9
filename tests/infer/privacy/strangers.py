"""Personal data as strangers write it: in mails, logs, tables, code, chats and pages, in many languages.

    WRITTEN     telephone numbers, a line per country: abroad's writing, home's writing, home's word for it
    cards numbers ibans keys letters people      a generator per kind of value
    SETTINGS    the texts a value stands in
    planted()   all of it, the same at every run

Written from what people write, before the patterns that look for it were read.
Values are drawn by a fixed seed, so no key stands in this file for a scanner to find.
"""

# ruff: noqa: RUF001 -- signs of other scripts are what is looked for

import base64
import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Country: from abroad | at home | what is said before it. A # is any digit, a % one that is not 0 or 1.
WRITTEN = """
US | +1 415 %## ####          | (415) %##-####      | Call me on
US | +1-%12-%##-####          | %12-%##-####        | phone:
CA | +1 (604) %##-####        | 604.%##.####        | cell
GB | +44 20 7### ####         | 020 7### ####       | Tel.
GB | +44 (0)7### ######       | 07### ######        | mobile:
IE | +353 85 ### ####         | 085 ### ####        | phone
DE | +49 171 #######          | 0171/#######        | Tel.:
DE | +49 (0) 30 %#######      | 030 %#######        | telefonisch unter
AT | +43 664 #######          | 0664 %######        | Handy:
CH | +41 44 %## ## ##         | 044 %## ## ##       | Natel
FR | +33 6 %# ## ## ##        | 06.%#.##.##.##      | Tél :
FR | +33 1 %# ## ## ##        | 01 %# ## ## ##      | appelez le
BE | +32 470 ## ## ##         | 0470 ## ## ##       | GSM
NL | +31 6 %#######           | 06-%#######         | bel
LU | +352 621 ### ###         | 621 ### ###         | téléphone
ES | +34 612 ### ###          | 612 ## ## ##        | teléfono
PT | +351 91% ### ###         | 91% ### ###         | telemóvel
IT | +39 333 %## ####         | 333 %######         | cellulare
PL | +48 60% ### ###          | 60% ### ###         | tel. kom.
CZ | +420 60% ### ###         | 60% ### ###         | mobil
HU | +36 20 %## ####          | 06 20 %## ####      | telefon:
RO | +40 72# ### ###          | 072# ### ###        | telefon
GR | +30 694 %######          | 694 %### ###        | κινητό:
TR | +90 532 %## ## ##        | 0532 %## ## ##      | cep telefonu
RU | +7 912 %##-##-##         | 8 (912) %##-##-##   | телефон:
UA | +380 67 %## ## ##        | 067 %## ## ##       | тел.
SE | +46 70 %## ## ##         | 070-%## ## ##       | mobil
NO | +47 4## ## ###           | 4## ## ###          | tlf.
DK | +45 2# ## ## ##          | 2# ## ## ##         | tlf.
FI | +358 40 ### ####         | 040 %## ####        | puh.
IN | +91 98### #####          | 98### #####         | फ़ोन:
IN | +91-22-2### ####         | 022-2### ####       | phone
CN | +86 131 #### ####        | 131 #### ####       | 手机:
CN | +86 10 6### ####         | 010-6### ####       | 电话:
JP | +81 90-%###-####         | 090-%###-####       | 携帯:
JP | +81-3-%###-####          | 03-%###-####        | 電話番号
KR | +82 10-%###-####         | 010-%###-####       | 전화:
TW | +886 912 ### ###         | 0912-###-###        | 手機
HK | +852 5### ####           | 5### ####           | 電話
SG | +65 8### ####            | 8### ####           | WhatsApp
TH | +66 81 ### ####          | 081-###-####        | โทร.
VN | +84 91 ### ## ##         | 091 ### ## ##       | số điện thoại
ID | +62 812-####-####        | 0812-####-####      | HP:
AU | +61 491 57# ###          | 0491 57# ###        | mob
NZ | +64 21 %## ####          | 021 %## ####        | phone
BR | +55 11 96###-####        | (11) 96###-####     | celular
MX | +52 55 %### ####         | 55 %### ####        | tel
AR | +54 9 11 %###-####       | 011 %###-####       | teléfono:
ZA | +27 71 ### ####          | 071 ### ####        | cell
NG | +234 802 ### ####        | 0802 ### ####       | Phone No.
EG | +20 100 ### ####         | 0100 ### ####       | هاتف:
IL | +972 50-%##-####         | 050-%##-####        | טלפון:
AE | +971 50 %## ####         | 050 %## ####        | جوال
IR | +98 912 ### ####         | 0912 ### ####       | تلفن:
"""

SETTINGS = (
    "Hi Marek,\n\nthanks for the draft. Please use {} from now on.\n\nBest,\nIlse",
    "From: office\nSubject: Re: visit on 12.05.\n\n> could you send me the details again?\n{}\n-- \nsent from a train",
    "2026-03-14T09:12:44.120Z INFO  crm.sync row=1881 updated contact='{}' in 31 ms",
    "id,name,contact,city\n17,Ottilie Brank,{},Ulm\n18,Per Saltin,,Lund",
    '{{"id": 5512, "customer": {{"name": "Ada Renz", "contact": "{}"}}, "paid": true}}',
    "# TODO(ines): remove before release, real customer: {}\ndf = df.dropna()",
    "[10:42] jo: did she answer?\n[10:43] wim: yes, {} is hers :)",
    "<td class='c'>Kontakt</td><td><b>{}</b></td></tr>",
    "| name | contact |\n|---|---|\n| Nuria | {} |",
    "Sehr geehrte Frau Külz, meine Angaben haben sich geändert: {}. Mit freundlichen Grüßen",
    "Bonjour, veuillez noter mes coordonnées : {} (à partir de lundi).",
    "お世話になっております。連絡先は{}です。よろしくお願いいたします。",
    "Здравствуйте! Мои данные: {}, жду ответа.",
    "مرحبا، هذه بياناتي: {} وشكرا",
    "नमस्ते, मेरा विवरण {} है।",
    "您好,我的联系方式是{},谢谢。",
    "안녕하세요. 제 연락처는 {} 입니다.",
    "Estimado equipo: mis datos son «{}».",
    "customers = [\n    ('Bo', '{}'),\n    ('Li', None),\n]",
    "key: value\ncontact: {}\nnotes: |\n  prefers mornings",
)
CODE = (
    'client = Client("{}")',
    "export SERVICE_SECRET={}\npython train.py",
    '{{"service": {{"credential": "{}", "region": "eu-1"}}}}',
    "12:01:09 DEBUG sending headers Authorization: Bearer {}",
    "it works for me with {} but please do not share it",
    "!curl -H 'X-Api-Key: {}' https://api.sturmvogel.dev/v1/list",
    "# old one, revoke: {}",
    "мой ключ {} не работает",
)


@dataclass(frozen=True)
class Planted:
    """One value in one text."""

    kind: str
    value: str
    text: str


def digits(chance: random.Random, shape: str) -> str:
    """Draw a digit for every mark of a shape."""
    drawn = {"#": string.digits, "%": "23456789"}
    return "".join(chance.choice(drawn[mark]) if mark in drawn else mark for mark in shape)


def drawn(chance: random.Random, letters: str, count: int) -> str:
    """So many letters, drawn."""
    return "".join(chance.choice(letters) for _ in range(count))


def numbers(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Telephone numbers, with the text they stand in: abroad's writing anywhere, home's after its word."""
    for at, line in enumerate(WRITTEN.strip().splitlines()):
        _, abroad, home, word = (part.strip() for part in line.split("|"))
        value = digits(chance, abroad)
        yield value, SETTINGS[at % len(SETTINGS)].format(value)
        value = digits(chance, home)
        yield value, SETTINGS[(at + 7) % len(SETTINGS)].format(f"{word} {value}")
    for value, text in (
        ("٠٥٠ ١٢٣ ٤٥٦٧", "رقم الجوال: {} للتواصل"),
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "شماره تلفن من {} است"),
        ("０９０-２３４５-６７８９", "携帯電話は{}です"),
        ("+49 171\n2398476", "Ruf mich bitte an:\n{}\nDanke!"),
        ("+33\u00a06\u00a039\u00a098\u00a024\u00a071", "Mon numéro : {}."),
        ("+442079460817", '<a href="tel:{}">call</a>'),
        ("00491712398471", "Mobilfunk {} (ab 18 Uhr)"),
        ("4155550183", "name,phone\nJo Ambers,{}\n"),
        ("15551234987", 'whatsapp = "{}"  # phone of the tester'),
    ):
        yield value, text.format(value)


def luhn(body: str) -> str:
    """The digit that makes a card number right."""
    total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


_NETWORKS = (  # name, how it begins, how long, its groups
    ("visa", "4", 16, (4, 4, 4, 4)),
    ("mastercard", "53", 16, (4, 4, 4, 4)),
    ("mastercard", "2221", 16, (4, 4, 4, 4)),
    ("amex", "37", 15, (4, 6, 5)),
    ("amex", "34", 15, (4, 6, 5)),
    ("discover", "6011", 16, (4, 4, 4, 4)),
    ("discover", "645", 16, (4, 4, 4, 4)),
    ("diners", "36", 14, (4, 6, 4)),
    ("diners", "305", 14, (4, 6, 4)),
    ("jcb", "3566", 16, (4, 4, 4, 4)),
    ("unionpay", "6222", 16, (4, 4, 4, 4)),
    ("unionpay", "6210", 19, (6, 13)),
    ("maestro", "6759", 16, (4, 4, 4, 4)),
    ("mir", "2202", 16, (4, 4, 4, 4)),
    ("rupay", "6521", 16, (4, 4, 4, 4)),
)


def cards(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Card numbers of every network, whole and in groups, alone and after a word."""
    for at, (_, first, length, groups) in enumerate(_NETWORKS):
        for turn, gap in enumerate(("", " ", "-")):
            number = luhn(first + drawn(chance, string.digits, length - 1 - len(first)))
            value = number if not gap else gap.join(grouped(number, groups))
            word = ("", "card ", "VISA/MC ")[(at + turn) % 3]
            yield value, SETTINGS[(at * 3 + turn) % len(SETTINGS)].format(word + value)
    broken = " ".join(grouped(luhn("453" + drawn(chance, string.digits, 12)), (4, 4, 4, 4)))
    value = broken[:9] + "\n" + broken[10:]
    yield value, f"Karte:\n{value}\ngültig bis 04/29"


def grouped(text: str, sizes: tuple[int, ...]) -> list[str]:
    """A text in groups of these sizes, what is left over as the last."""
    parts, rest = [], text
    for size in sizes:
        parts.append(rest[:size])
        rest = rest[size:]
    return [*parts, rest] if rest else parts


# Country and the account's shape: a # is a digit, an A a letter.
_ACCOUNTS = """
DE ################## FR #######################  GB AAAA############## NL AAAA########## ES ####################
IT A###################### BE ############ CH ################# AT ################ PL ########################
SE #################### NO ########### DK ############## FI ############## PT #####################
IE AAAA############## CZ #################### GR ####################### HU ########################
TR ###################### RO AAAA################ SA #################### AE ###################
BR #######################AA LU ################ HR #################
UA ######################### IL ################### KW AAAA###################### MT AAAA#######################
"""


def iban(country: str, account: str) -> str:
    """An account with the two digits that make it right."""
    plain = "".join(str(int(letter, 36)) for letter in account + country + "00")
    return f"{country}{98 - int(plain) % 97:02d}{account}"


def ibans(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Accounts of thirty countries: on paper in fours, in files in one piece."""
    words = _ACCOUNTS.split()
    for at, (country, shape) in enumerate(zip(words[::2], words[1::2], strict=True)):
        account = digits(chance, "".join(chance.choice("ABCDEFGHKLMNPRST") if m == "A" else m for m in shape))
        whole = iban(country, account)
        parted = " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))
        value = (whole, parted, parted.replace(" ", "\u00a0"), whole.lower(), parted)[at % 5]
        yield value, SETTINGS[at % len(SETTINGS)].format(("", "IBAN: ", "Konto ")[at % 3] + value)
    value = iban("DE", drawn(chance, string.digits, 18))
    value = f"{value[:4]} {value[4:8]} {value[8:12]}\n{value[12:16]} {value[16:20]} {value[20:]}"
    yield value, f"Bitte überweisen an\n{value}\nbis Freitag"


_NAMES = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_KEYS: tuple[tuple[str, str, int], ...] = (  # how it begins, drawn from, how many more
    ("hf_", string.ascii_letters, 34),
    ("api_org_", string.ascii_letters, 34),
    ("sk-proj-", _NAMES + "-_", 120),
    ("sk-", _NAMES, 48),
    ("sk-ant-api03-", _NAMES + "-_", 95),
    ("sk-or-v1-", _HEX, 64),
    ("gsk_", _NAMES, 52),
    ("r8_", _NAMES, 37),
    ("pplx-", _NAMES, 48),
    ("xai-", _NAMES, 80),
    ("ghp_", _NAMES, 36),
    ("gho_", _NAMES, 36),
    ("github_pat_", _NAMES, 22),
    ("glpat-", _NAMES, 20),
    ("AKIA", string.ascii_uppercase + "234567", 16),
    ("ASIA", string.ascii_uppercase + "234567", 16),
    ("AIza", _NAMES + "-_", 35),
    ("ya29.", _NAMES + "-_", 120),
    ("xoxb-", string.digits, 12),
    ("xoxp-", string.digits, 12),
    ("sk_live_", _NAMES, 24),
    ("rk_live_", _NAMES, 24),
    ("npm_", _NAMES, 36),
    ("pypi-AgEIcHlwaS5vcmc", _NAMES + "-_", 130),
    ("dop_v1_", _HEX, 64),
    ("dapi", _HEX, 32),
    ("shpat_", _HEX, 32),
    ("hvs.", _NAMES, 90),
    ("glsa_", _NAMES, 32),
    ("dckr_pat_", _NAMES + "-_", 27),
    ("lin_api_", _NAMES, 40),
    ("figd_", _NAMES + "-_", 40),
    ("lsv2_pt_", _HEX, 32),
    ("pcsk_", _NAMES, 60),
    ("ntn_", _NAMES, 46),
    ("nvapi-", _NAMES + "-_", 64),
    ("SK", _HEX, 32),
)
_SLACK = (("-", string.digits, 12), ("-", _NAMES, 24))
_TAILS = {  # what stands behind it
    "xoxb-": _SLACK,
    "xoxp-": _SLACK,
    "github_pat_": (("_", _NAMES, 59),),
    "glsa_": (("_", _HEX, 8),),
    "lsv2_pt_": (("_", _HEX, 10),),
}


def keys(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Keys of the usual services, and the credentials that have no name of their own."""
    for at, (begin, letters, count) in enumerate(_KEYS):
        value = begin + drawn(chance, letters, count)
        value += "".join(mark + drawn(chance, letters, more) for mark, letters, more in _TAILS.get(begin, ()))
        yield value, CODE[at % len(CODE)].format(value)
    for text, letters, count in (
        ("aws_secret_access_key = {}", _NAMES + "/+", 40),
        ("WANDB_API_KEY={}", _HEX, 40),
        ('{{"username": "jorindel", "key": "{}"}}', _HEX, 32),
        ("psql postgresql://reporter:{}@db.sturmvogel.dev:5432/sales", _NAMES, 14),
        ("AccountName=lake;AccountKey={}==;EndpointSuffix=core", _NAMES + "+/", 86),
        ("MISTRAL_API_KEY = '{}'", _NAMES, 32),
        ("bot 618273945:AA{} started", _NAMES + "-_", 33),
        ("mail = Sender('SG.{}')", _NAMES, 22),
    ):
        value = drawn(chance, letters, count)
        value += "." + drawn(chance, _NAMES, 43) if "SG." in text else ""
        yield value, text.format(value)
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": "88214", "name": "Ada Renz", "iat": 1767225600})
    head = ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)
    yield (value := f"{head}.{drawn(chance, _NAMES, 43)}"), f"Cookie: session={value}; Path=/"
    lines = "\n".join(drawn(chance, _NAMES + "+/", 64) for _ in range(12))
    yield lines, f"-----BEGIN RSA PRIVATE KEY-----\n{lines}\n-----END RSA PRIVATE KEY-----"


LETTERS = """
ottilie.brank@gmail.com per_saltin@saltin-optik.se i.kuelz+rechnung@web.de N.Ferrer@UNIVERSITAT.CAT m@zwo.io
o'dowd.finn@eircom-post.ie 4711kai@posteo.net jürgen.külz@müller-bau.de почта@пример-фирма.рф 山田太郎@kaisha.co.jp
ada-renz@mail.uni-ulm.de a.b.c.d@sub.dept.sturmvogel.co.uk x_9@qq.com 13877665544@163.com nguyen.van.a@fpt.com.vn
lea%test@relay.example-firma.ch dimitra@παράδειγμα-εταιρεία.gr info@bäckerei-blum.berlin joan.c@sturmvogel.museum
first.last@sturmvogel.technology wim=archive@lists.sturmvogel.dev d.kim@naver.com karim@sharikat.ae
ines@xn--mller-kva.de
"""


def letters(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Addresses of e-mail, plain and as pages, links and code hold them."""
    for at, value in enumerate(LETTERS.split()):
        yield value, SETTINGS[at % len(SETTINGS)].format(value)
    first = ("rosa", "timo", "yuki", "amira", "lars", "chiara", "pavel", "zoe")
    for at, text in enumerate(
        (
            '<a href="mailto:{}?subject=Hello">write</a>',
            "Author: Rosa Lind <{}>\nDate:   Tue Mar 3 10:12:00 2026 +0100",
            "GET /reset?user={}&next=%2F HTTP/1.1",
            "df[df.mail == '{}'].iloc[0]",
            "Cc: {}, everyone",
            "Schreib an {}!",
            "连接：{}。",
            "ecrivez-moi\n({})\nou appelez",
        )
    ):
        value = f"{first[at]}.{drawn(chance, string.ascii_lowercase, 7)}@{drawn(chance, string.ascii_lowercase, 8)}.org"
        value = value.replace("@", "%40") if "/reset" in text else value
        yield value, text.format(value)


ADDRESSES = """
81.169.214.33 203.86.17.251 5.9.121.48 142.250.74.110 93.184.77.9 177.54.148.60 2a01:4f8:c17:b0f::2
2607:f8b0:4005:80a::200e 2001:4ca0:108:42::7 2a02:8109:9ac0:1b2c:7d1e:aa01:9f3c:1044
"""


def addresses(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Addresses of machines, as logs hold them."""
    for value in ADDRESSES.split():
        text = chance.choice(
            (
                '{} - - [12/Mar/2026:10:11:12 +0100] "GET / HTTP/1.1" 200 512',
                "login of user 8812 from {} refused",
                "client_ip={} status=200",
            )
        )
        yield value, text.format(value)


def planted(**more: Callable[[random.Random], Iterator[tuple[str, str]]]) -> list[Planted]:
    """Everything that is to be found, and what `more` generators add, by kind."""
    chance = random.Random(496)  # noqa: S311 -- test data
    kinds = {
        "e-mail": letters,
        "telephone": numbers,
        "card": cards,
        "iban": ibans,
        "key": keys,
        "address": addresses,
    }
    return [
        Planted(kind, value, text) for kind, make in (kinds | more).items() for value, text in make(chance)
    ]
