"""A second set, of other countries, texts and languages. Judged before it bettered the patterns.

newcomers()   what is to be found
passers()     what is not
"""

# ruff: noqa: RUF001 -- signs of other scripts are what is looked for

import random
import string
import uuid
from collections.abc import Iterator

from tests.infer.privacy import citizens
from tests.infer.privacy.strangers import Planted, digits, drawn, grouped, iban, luhn

# Kind | text with a shape in braces: # any digit, % one that is neither 0 nor 1, ~ a small letter.
_TEXTS = r"""
telephone | BEGIN:VCARD⏎FN:Zuzana Hrivnak⏎TEL;TYPE=CELL:{+421 905 %## ###}⏎END:VCARD
telephone | Kontaktujte ma na čísle {0905 %## ###}, ďakujem.
telephone | INSERT INTO guests (name, phone) VALUES ('Tone Zajc', '{+386 41 %## ###}');
telephone | Javi se na {+385 91 %## ####} kad stigneš
telephone | моб. {0888 %## ###} (Пламен)
telephone | +381 office, but at home it is {+381 64 %## ## ##}
telephone | helista {+372 5%## ####} enne kella viit
telephone | tālr. {+371 2%## ####}
telephone | tel. {8 6%# #####} arba el. paštu
telephone | sími {+354 6%# ####}
telephone | {{"name": "Asad", "mobile": "{03%# #######}"}}
telephone | আমার ফোন {+880 17## ######}
telephone | Regards,⏎Nimal Perera⏎M: {+94 77 %## ####}⏎Colombo
telephone | cp no. {+63 917 %## ####} hanapin si Liza
telephone | Hubungi {+60 12-%## ####} untuk tempahan
telephone | piga simu {0722 %## ###}
telephone | WhatsApp: {+233 24 %## ####}
telephone | phone: "{+212 6%# ## ## ##}"
telephone | اتصل على {+966 5# ### ####}
telephone | رقم الهاتف {+962 7 9### ####}
telephone | Llámame al {+56 9 %### ####}
telephone | mi celular es {300 %## ####}
telephone | <vcard:tel>{+51 9## ### ###}</vcard:tel>
telephone | Tel./Fax: {+598 2%## ####}
telephone | обращайтесь: {+7 701 %## ## ##} (Алматы)
telephone | დარეკეთ {+995 5## ## ## ##}
telephone | Rückfragen bitte an Herrn Ohl, Durchwahl {+49 89 %%#####-12}
telephone | Praxis Dr. Weil, Tel. {0221 - %% ## ## #}
telephone | ☎ {+41 (0)79 %## ## ##}
telephone | Bureau : {+33 (0)1 %# ## ## ##}
telephone | dzwoń: {+48 22 %## ## ##}
telephone | llama al {+34 9%% ## ## ##}
telephone | Per info chiama {+39 06 %### ####}
telephone | מספר טלפון: {03-%##-####}
telephone | โทรหาพี่แนน {089-###-####} นะ
telephone | điện thoại {0903 ### ###}
telephone | 客服电话:{021-5### ####}
telephone | ご予約は {06-6###-####} まで
telephone | 문의: {02-%##-####}
telephone | my number is {(312) %##-####}, ext. 4
telephone | contact_phone = '{+1.617.%##.####}'
telephone | [2026-01-04, 18:22:10] {+44 7911 ######}: see you there
e-mail | BEGIN:VCARD⏎EMAIL;INTERNET:{~~~~~.~~~~@~~~~~~.sk}⏎END:VCARD
e-mail | commit 3f1c⏎Signed-off-by: Tone Zajc <{~~~~@~~~~~~~.si}>
e-mail | \texttt by {~~~~~~@~~~~.edu.au}, see \S 2
e-mail | INSERT INTO guests VALUES (4, '{~~~~##@~~~~~~.com.br}', NULL);
e-mail | <contact email="{~~~.~~~@~~~~~-~~~.eu}"/>
e-mail | ORGANIZER;CN=Ilse:mailto:{~~~~~~~@~~~~~~.org}
e-mail | To: "Weil, Dr." <{~.~~~~@~~~~~~~~.hospital}>
e-mail | כתבו ל-{~~~~~~@~~~~~.co.il}
e-mail | メールは{~~~~~~@~~~~~~.ne.jp}まで
e-mail | 请发邮件到{~~~~##@~~~.com}。
e-mail | пиши на {~~~~~.~~~~~@~~~~.ru}!
e-mail | อีเมล {~~~~_~~~@~~~~~~.co.th}
e-mail | DEBUG smtp rcpt=<{~~~~+news@~~~~~~.io}> ok
e-mail | ['{~~~~@~~~~.nl}', '⏎']
e-mail | ?email={~~~~~~@~~~~.fi}&lang=fi
e-mail | a;b;{~~~~-~~~@~~~~~~.hu};c
card | Zahlung mit {V} bestätigt
card | pan={V}&cvc=xxx
card | INSERT INTO cards VALUES (7, '{M}', '04/29');
card | <card><number>{A}</number></card>
card | カード番号：{J}
card | номер карты {R}
card | 卡号{U}
card | Mi tarjeta es la {M}.
card | {{"pan": "{D}", "exp": "0430"}}
card | order,card⏎17,{V}
card | charged {A} twice!!
card | karta: {M}; CVV neviem
iban | Überweisung an {DE######### #########}
iban | <IBAN>{SK####################}</IBAN>
iban | INSERT INTO payees VALUES ('Zajc', '{SI###############}');
iban | вносете на {BG}
iban | konto;{EE################}⏎
iban | pagar a {ES####################} antes del lunes
iban | تحويل إلى {JO}
iban | 振込先は{DE##################}です
iban | iban: "{LT################}"
iban | Rek. {NLAAAA##########} t.n.v. Bakker
address | Failed password for invalid user from {185.23#.1##.4#} port 52144 ssh2
address | X-Forwarded-For: {46.1##.2#.7#}
address | remote addr [{2a00:1450:4001:82b::200e}] closed
address | ip,hits⏎{89.24#.1##.5#},12
key | os.environ["HF_TOKEN"] = "{K:hf_:34}"
key | git remote set-url origin https://x-token:{K:ghp_:36}@github.com/zajc/notes
key | openai.api_key='{K:sk-proj-:80}'
key | curl -u {K:sk_live_:30}: https://api.stripe.com
key | ANTHROPIC_API_KEY: {K:sk-ant-api03-:93}
key | npm config set _authToken {K:npm_:36}
key | токен {K:glpat-:20} истёк
key | maps.load({{key: "{K:AIza:35}"}})
key | replicate.Client("{K:r8_:37}")
key | groq {K:gsk_:52} ok?
citizen | His SSN is {%%#-4#-2###}... please delete
citizen | "cpf": "{CPF}"
citizen | Steueridentifikationsnummer: {TAX}
citizen | numer PESEL {PESEL}, Kraków
citizen | 身份证号码是{CN}。
citizen | personnummer: {SE}
citizen | codice fiscale: {IT}
citizen | numéro de sécu {FR}
citizen | hetu {FI}
citizen | DNI nº {ES}
citizen | BSN: {NL}
citizen | NINO {GB}
"""

_INNOCENT = r"""
np.einsum("bhqd,bhkd->bhqk", q, k)
out = h@proj.weight + b
z = (U@S.diag()) @ V
@click.option("--n", default=10)
@app.cell
@jax.jit
deploy@ci-runner:/srv/app$ make
scp results.csv ada@gpu04.cluster.local:/data/in
rsync -av out/ timo@storage.lab.org:~/runs/
postgres://localhost:5432/test
pip install git+https://github.com/ada/tools@v1.4.2
image: ghcr.io/acme/web@sha256:abcdef
pkg:npm/%40angular/core@16.2.0
2026-11-22T08:00:00Z heartbeat 1000204 ok
[08:14:59.123] GET 200 0.004s 5120B
1732262400 1732266000 1732269600
Sun Nov 22 11:47:03 UTC 2026
2026/11/22 09-45-12
22.11.2026, 14.30 Uhr
06/12/2026 07/12/2026 08/12/2026
week 47, day 326, 0326
ISBN 978-1-4028-9462-6
ISBN 3-540-49698-X
ISSN 0317-8471
doi.org/10.5281/zenodo.1234567
arXiv 1706.03762v7 [cs.CL]
PMID 31978945
CAS 50-00-0, CAS 64-17-5, 67-56-1
[64-17-5] ethanol 96 %
N-(4-hydroxyphenyl)acetamide
5-HT2A, CYP2D6*4, 17beta-estradiol
PDB 1CRN 6LU7, UniProt P69905
chr17:43,044,295-43,125,483
NM_007294.4:c.5266dup
HLA-A*02:01:01:01
51.5074 N, 0.1278 W
[2.3522, 48.8566], [4.8357, 45.7640]
EPSG:4326 EPSG:25832
x: 3579123.45 y: 5812345.67
1.250.000,00 €
₩ 1,250,000
Rp 12.500.000
¥1,980,000-
R$ 1.234,56
12 345 678,90 Kč
8 030 261 280 params
d_model=4096 n_heads=32 n_kv=8 d_ff=14336
(64, 3, 224, 224) float32
tensor([[ 101, 2054, 2003, 1996, 3007, 102]])
array([1024, 2048, 4096, 8192])
1.41421356237309504880168872
9.1093837015e-31 kg
6.674 30(15) × 10^-11
sum(range(100)) == 4950
a = 800 - 555 - 35
print(12-34-56)
7 * 8 * 9 = 504
0b1011 0o755 0xDEADBEEF
rgb(12, 120, 220)
192.168.178.1
10.20.30.40:9000
172.17.0.2 docker0
0.0.0.0/0
255.255.255.0
version 2.31.0.1
v4.57.1.2 released
libc 2.39-0ubuntu8.3
Chrome 131.0.6778.85
kernel 6.8.0-49-generic
firmware 3.0.0.4.386
§ 1.2.3.4 Abs. 2
port 8080 -> 80/tcp
mac 3c:22:fb:12:34:56
::1 localhost
f8a2:: is a prefix, ff02::1 all nodes
HF_TOKEN=hf_...
token: ${HF_TOKEN}
api_key="sk-your-key-here"
Bearer <token>
password=********
from hf_nb import infer
hf_hub_url("gpt2", "config.json")
sk_test or sk_live, never both
ghp_ is how such tokens begin
AKIA... is an id
secret = secrets.token_hex(16)
KEY_LENGTH = 256
order no. 4500987612
Rechnungsnummer 2026-004512
facture 2026/0001187
pedido 3000456712
заказ 1002003004
注文番号 503-1234567-1234567
주문 2026112200123
订单 202611220930451234
#4021, #4022, #4023
JIRA-10234 and GH-4471
ticket 0800-1234 solved
P/N 4411-220-331
S/N C02XK0AAJGH5
lot 2026.11.22/007
pallet 340123450000000017
tracking RR123456785DE
DHL 00340434161094021501
VIN WDB9066331S123456
IMEI 490154203237518
EAN 4006381333931
UPC 036000291452
GTIN 05901234123457
SWIFT COBADEFFXXX
DE 123456789 VAT
DE 44 tables, FR 76 chairs, GB 29 lamps
US 6,285,999 B1
ISO/IEC 27001:2022
EN ISO 13485:2016+A11:2021
RFC 9110, RFC 3986
IEC 62304:2006/AMD 1:2015
E 10 9 8 7 6 5 4 3 2 1
John 3:16, Gen 1:1-31
pp. 341-367
Vol. 12, No. 3, 2024
3-2 5-4 1-0
100 m 9.58, 200 m 19.19
5 x 5 @ 102.5 kg
ABC 1234, B-MW 2026
K 1 23 456
12 34 56 78
2 3 5 7 11 13 17 19 23 29
0 1 1 2 3 5 8 13 21 34
1111 2222 3333 4444
4444 3333 2222 1112
0101 0202 0303
8888 8888
9876543210987654
1000 2000 3000 4000
00:00:00 00:01:30 00:03:00
0800-1600 weekdays
open 0930 - 1745
98.6 97.9 99.1 100.2
-73.9857 40.7484
p < 0.0001, n = 1,204
42 % of 1 204 511
loss 0.6931 0.5123 0.4410
acc@1=76.13 acc@5=92.86
R@100 0.913
f1@iou.5 = 0.71
bleu@4, rouge@l
@user1 @user2 thanks
10 @ 4.99
1@2
who@where
人口 1 412 600 000
2026年11月22日 12時
価格 12,800円
合計 3,456,789 원
कुल 12,34,567 रुपये
عدد 1234567 صفحة 12
สินค้า 100-200-300
סה"כ 1,234,567
"""
_CARDS = {
    "V": ("4", 16),
    "M": ("52", 16),
    "A": ("372", 15),
    "J": ("3540", 16),
    "R": ("2201", 16),
    "U": ("6225", 16),
    "D": ("6011", 16),
}
_STATES = {
    "CPF": citizens.brazilian,
    "TAX": citizens.german,
    "PESEL": citizens.polish,
    "CN": citizens.chinese,
    "SE": citizens.swedish,
    "IT": citizens.italian,
    "FR": citizens.french,
    "FI": citizens.finnish,
    "ES": citizens.spanish,
    "NL": citizens.dutch,
    "GB": citizens.british,
}
_PAPERS = {"BG": "AAAA##############", "JO": "AAAA######################"}


def _value(chance: random.Random, kind: str, shape: str) -> str:
    if kind == "card":
        first, length = _CARDS[shape]
        number = luhn(first + drawn(chance, string.digits, length - 1 - len(first)))
        sizes = (4, 6, 5) if length == 15 else (4, 4, 4, 4)
        return chance.choice(("", " ", "-")).join(grouped(number, sizes))
    if kind == "iban":
        account = _PAPERS.get(shape, shape[2:].replace(" ", ""))
        account = "".join(chance.choice("ABCDEFGHKLMNPRST") if one == "A" else one for one in account)
        whole = iban(shape[:2], digits(chance, account))
        return chance.choice((whole, " ".join(grouped(whole, (4,) * (len(whole) // 4)))))
    if kind == "key":
        _, begin, count = shape.split(":")
        return begin + drawn(chance, string.ascii_letters + string.digits, int(count))
    drawn_letters = "".join(chance.choice(string.ascii_lowercase) if one == "~" else one for one in shape)
    return digits(chance, drawn_letters)


def written(texts: str, seed: int) -> list[Planted]:
    """A line per text becomes the text with a value in it."""
    chance, made = random.Random(seed), []  # noqa: S311 -- test data
    for line in texts.strip().splitlines():
        kind, _, text = line.partition(" | ")
        text = text.replace("⏎", "\n").replace("{{", "\0").replace("}}", "\1")
        before, _, rest = text.partition("{")
        shape, _, after = rest.partition("}")
        own = kind == "citizen" and shape in _STATES
        value = _STATES[shape](chance) if own else _value(chance, kind, shape)
        made.append(Planted(kind, value, f"{before}{value}{after}".replace("\0", "{").replace("\1", "}")))
    return made


def newcomers() -> list[Planted]:
    """What is to be found, the same at every run."""
    return written(_TEXTS, 8191)


def _machines(chance: random.Random) -> Iterator[str]:
    for _ in range(6):
        wrong = luhn("51" + drawn(chance, string.digits, 13))
        wrong = wrong[:-1] + str((int(wrong[-1]) + 3) % 10)
        yield f"run {uuid.UUID(int=chance.getrandbits(128), version=4)}"
        yield f"index {drawn(chance, '0123456789abcdef', 40)}..{drawn(chance, '0123456789abcdef', 7)}"
        yield f"journal {wrong}"
        yield f"blob {drawn(chance, string.digits, 24)}"
        yield f"order_{drawn(chance, string.digits, 16)}"


def passers() -> list[str]:
    """What belongs to nobody, the same at every run."""
    return [*_INNOCENT.strip().splitlines(), *_machines(random.Random(131071))]  # noqa: S311 -- test data
