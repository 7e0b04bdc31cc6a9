"""What only looks like personal data: numbers, names and marks that notebooks are full of.

Written before the patterns that must leave them alone were read. Some pass a card's sum by chance, as
a tenth of all long numbers do; some stand in the shape of a telephone number and are a part of a machine.
"""

# ruff: noqa: RUF001 -- signs of other scripts are what is looked for

import hashlib
import random
import string
import uuid
from collections.abc import Iterator

from tests.infer.privacy.strangers import digits, drawn, luhn

PLAIN = r"""
@app.route("/items/<int:key>", methods=["GET"])
@pytest.fixture(scope="session")
@property
@dataclass(frozen=True)
@torch.no_grad()
logits = x@w.T + b
scores = q @ k.transpose(-2, -1) / 8.0
y = A@B.inv()
loss = (w@X.t - y).square().mean()
jo@lab7:~/runs$ python train.py --lr 3e-4
root@4f2c81d09ab3:/workspace# nvidia-smi
ubuntu@ip-172-31-4-22:~$ ls
(base) mia@thinkpad:~/nb$ jupyter lab
git clone git@github.com:sturmvogel/reports.git
npm install @jupyterlab/services@7.1.4 react@18.2.0
FROM python:3.12-slim@sha256:REST
uses: actions/checkout@v4
brew install python@3.12
follow us: @sturmvogel_ai and @huggingface
SELECT @@version, @row := @row + 1
lat, lon = 52.520008, 13.404954
POINT(-122.419416 37.774929)
48°51'24"N 2°21'03"E
bbox = [13.0883, 52.3382, 13.7611, 52.6755]
geo:37.786971,-122.399677
torch==2.13.0+cu128, numpy==2.3.1
Windows 10.0.19045.4291
Chrome/126.0.6478.127 Safari/537.36
OpenSSL 3.0.13 30 Jan 2024
version 4.18.0-553.16.1.el8_10.x86_64
release 2024.11.05.1
2024-01-31T12:30:45.123456+00:00
2026-11-02 14:03:59,120
20240131123045
1706704245123
1706704245
epoch 0007 step 00001200 loss 2.3012
[1706704245.120938] usb 1-2: new device
12.05.2024 – 14.06.2024
08:15-17:30, 12:00-12:45
Mon-Fri 0900-1700
between 1914-1918 and 1939-1945
ISBN 978-3-16-148410-0
ISBN-10: 0-306-40615-2
isbn = "9780306406157"
ISSN 2049-3630
doi:10.1038/s41586-021-03819-2
https://doi.org/10.1145/3292500.3330701
arXiv:2307.09288v2
PMID: 34265844, PMCID: PMC8371605
ORCID 0000-0002-1825-0097
NCT04280705
US patent 10,452,978
EP 3 400 000 B1
RFC 2822 section 3.4.1
water CAS 7732-18-5, caffeine 58-08-2, aspirin 50-78-2
CAS 9004-34-6 in stock
(2R,3S,4R,5R)-2,3,4,5,6-pentahydroxyhexanal
1,3,7-trimethyl-3,7-dihydro-1H-purine-2,6-dione
4-(2-hydroxyethyl)-1-piperazineethanesulfonic acid
InChIKey RYYVLZVUVIJVGH-UHFFFAOYSA-N
CN1C=NC2=C1C(=O)N(C(=O)N2C)C
chr7:140753336-140753336 BRAF V600E
chrX 154,092,304 154,105,321
ENSG00000157764.14
rs113488022 T>A
GRCh38.p14 NC_000007.14:g.140753336A>T
1 234 567,89 €
$1,299,000.00
CHF 12'450.50
₹ 12,34,567
total: 48.200.150 VND
price 4 999 999 руб.
12 500 000 000 parameters
7,241,748,480 parameters
torch.Size([1024, 3072, 128])
shape (120, 224, 224, 3)
array([[12, 34, 56, 78], [90, 12, 34, 56]])
tensor([101, 7592, 2088, 102, 0, 0, 0, 0])
input_ids: 101 2023 2003 1037 3231 102
[ 0.1234 -0.5678  0.9012 -0.3456]
0 1 2 3 4 5 6 7 8 9 10 11 12
3.14159265358979323846264338327950288419716939937510
2.718281828459045
1.602176634e-19
6.02214076e23
x = 555 - 1234 * 2
y = 2024 - 2010 - 14
assert 100-200-300 == -400
for i in range(100, 2000, 300):
dx = 415 - 555 + 1234
1024 * 768 + 640 * 480
n = 10_000_000
0x7ffd9c3a1b20
at 0x00007f8e2c1d3fa0
#ff00aa #1e90ff #C0FFEE
MAC 00:1B:44:11:3A:B7
localhost:8888/lab?token=
http://localhost:7860/
hf_hub_download(repo_id, filename)
from huggingface_hub import hf_file_system_cache_directory_for_models
hf_nb.infer.batch(inputs, model=model)
export HF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
api_key = os.environ["OPENAI_API_KEY"]
client = OpenAI(api_key="sk-...")
token = tokenizer.eos_token
password = getpass.getpass("Password: ")
login(token=userdata.get("HF_TOKEN"))
API_KEY = "YOUR_API_KEY_HERE"
secret: ${{ secrets.PYPI_TOKEN }}
aws_access_key_id = <your access key>
max_new_tokens=256, pad_token_id=50256
bos_token_id: 128000, eos_token_id: 128009
from sklearn.linear_model import LogisticRegression  # pip install scikit-learn
sk-SK locale, sk_model_selection_results_for_all_folds_and_seeds
Authorization: Bearer $TOKEN
Basic authentication is used by default
meta-llama/Llama-3.1-8B-Instruct
sentence-transformers/all-MiniLM-L6-v2
distilbert-base-uncased-finetuned-sst-2-english
integrity sha512-REST
data:image/png;base64,REST
UPS 1Z999AA10123456784
VIN 1HGBH41JXMN109186
S/N 00-1234-5678-9012
Part no. 0123-4567-89
PO 4500123456 / 00010
Bestellnummer 302-1234567-7654321
order #112-3456789-0123456
Aktenzeichen 4 O 123/22
Az. 12 C 3456/21
invoice 2024-000123-45
RMA-2024-555-0142-7
ticket 555-0199 closed
Customer no. 700123456
Konto-Nr. der Buchung: 4400 Umsatzerlöse 19 %
BIC DEUTDEFF500
SKU 123-456-789
model T-800-101-2345
ISO 8601-1:2019, IEC 60601-2-33:2022
DIN EN 1993-1-1/NA:2018-12
EC 1.1.1.1, EC 3.4.21.5
OID 1.3.6.1.4.1.311.21.20
Psalm 119:105-112
pp. 1123-1135, vol. 45
score 21-15, 18-21, 15-13
6-3 6-4 7-6 (7-5)
bench press 3 x 10 x 60
grid 12x12x12, 8 8 8 8
bus 100 200 300 400
ZIP 10115, 94107-1234
NE6 1AB, SW1A 2AA
1010 0110 1101 0011
0101010101010101
00000000000000000000
1111-1111-1111-1111
0000 0000 0000 0000
1234 5678 9012 3456
1234567890
0123456789
123-456-7890-123-456-7890
123456789012345678901234567890
999999999999
fib: 1 1 2 3 5 8 13 21 34 55 89 144 233 377 610 987
primes: 1009 1013 1019 1021 1031 1033
years: 2001 2002 2003 2004
rows 1000-2000-3000
p50=12 p90=34 p99=56
cpu 98 76 54 32 10
temps: 20.1 20.3 20.2 19.9 20.0
2.5e-3 1.0e-4 5.0e-5
eta 0:12:34.567
100%|██████████| 1000/1000 [00:12<00:00, 81.23it/s]
tcp 0 0 0.0.0.0:8080 0.0.0.0:* LISTEN
bound to 127.0.0.1 port 5000
IPv6 loopback ::1 and any ::
std::vector<std::string>::iterator
a[::2], b[1::3], c[::-1]
10:20:30:40
section 1.2.3.4 of the handbook
GPT-4-0613, gpt-3.5-turbo-0125
claude@work is not an address
meet me @ 5 or @ noon
cost @ 3.50 each, 12 @ 1.20
user@ and @host and a@ b
foo@bar
x@y
50 Cent, 2Pac, blink-182, 30 Seconds to Mars
3M 5501 Kupplung, 4-polig
A4 210 x 297 mm
H2O2 30 % 500 ml 7722
电影评分 9.5,共 1234567 人评价
人口 14 010 000(2023年)
2024年12月31日 23時59分
売上 1,234,567,890 円
주문번호 20240315-0001234
Заказ № 4500-1234-77 от 12.03.2024
цена 12 345 678 ₽
ISBN ٩٧٨-٣-١٦-١٤٨٤١٠-٠
السعر ١٢٬٣٤٥٫٦٧
ऑर्डर संख्या 2024-0315-778
nº de pedido 2024/003456
facture n° 2024-0117-88
commande 40 12 88
Rechnung 2024-1187 über 1.250,00 EUR
page 12 of 34, 56 and 78
GET /api/v2/items/4155551234567/price 200
{"id": 90210555, "views": 4155550}
"user_id": 6175550142
order_id,amount\n8005550123,12.50
sensor 07 0911 2233 offline
frame 0912 0913 0914
block 0x1f 0x2e
/dev/nvme0n1p2 259:2 0 476.9G
drwxr-xr-x 2 root root 4096 Nov 22 11:32 .
sha1sum da39a3ee5e6b4b0d3255bfef95601890afd80709
lr=5e-05 wd=0.01 seed=42 bs=32
tests: 2,143 passed, 12 skipped in 612.20s
mAP@0.5:0.95 = 0.512, recall@10 = 0.87
Hits@1 45.2 Hits@10 71.0
precision@k and ndcg@10.cut
"""


def _long(chance: random.Random) -> Iterator[str]:
    """Numbers as long as a card's, or longer: serials, codes, and those that are right by chance inside."""
    for at in range(14):
        body = luhn("4" + drawn(chance, string.digits, 14))
        wrong = body[:-1] + str((int(body[-1]) + 1 + at % 8) % 10)
        yield f"serial {wrong}"
        yield f"trace id {' '.join(wrong[i : i + 4] for i in range(0, 16, 4))} lost"
        yield f"barcode {drawn(chance, '123456789', 4)}{body}{drawn(chance, string.digits, 5)}"
        yield f"value 0.{body}"
    for _ in range(10):
        yield f"IMEI {luhn('35' + drawn(chance, string.digits, 12))}"
        yield f"SIM {luhn('8949' + drawn(chance, string.digits, 14))}"
        yield f"EAN 40{drawn(chance, string.digits, 11)}"
        yield f"tracking 00340{drawn(chance, string.digits, 15)}"
        yield f"nanoseconds 17067{drawn(chance, string.digits, 14)}"


def _hashed(chance: random.Random) -> Iterator[str]:
    """Hashes, commits and ids that a machine gave."""
    for _ in range(8):
        seed = drawn(chance, string.ascii_letters, 12).encode()
        yield f"commit {hashlib.sha1(seed, usedforsecurity=False).hexdigest()}"
        yield f"md5 {hashlib.md5(seed, usedforsecurity=False).hexdigest()}"
        yield f"sha256:{hashlib.sha256(seed).hexdigest()}"
        yield f"request_id={uuid.UUID(int=chance.getrandbits(128), version=4)}"
        yield f"{hashlib.sha1(seed, usedforsecurity=False).hexdigest()[:7]} fix the reader"
        yield f'ETag: W/"{drawn(chance, "0123456789abcdef", 16)}-{drawn(chance, string.digits, 10)}"'


def _shaped(chance: random.Random) -> Iterator[str]:
    """Made for something else, in shapes of telephone numbers, accounts and states' numbers."""
    for _ in range(8):
        yield f"part {digits(chance, '####-###-###')} rev {digits(chance, '##')}"
        yield f"lot {digits(chance, '##.##.####')}/{digits(chance, '###')}"
        yield f"case {digits(chance, '%%-####-######')}"
        yield f"account group DE{digits(chance, '##')}{digits(chance, '%#########')}"
        yield f"bytes {digits(chance, '%,###,###,###')}"
        yield f"x={digits(chance, '%##.####')}, y={digits(chance, '%##.####')}"
        yield f"order {digits(chance, '%#########')} shipped"
        yield f"batch DE{digits(chance, '####################')[:-1]}X"
        yield f"id {digits(chance, '%##-##-####-##')}"
        yield f"build {digits(chance, '%.##.####.#####')}"


def innocents() -> list[str]:
    """All of them, the same at every run."""
    chance = random.Random(8128)  # noqa: S311 -- test data
    rest = drawn(chance, string.ascii_letters + string.digits + "+/", 88)
    plain = [line.replace("REST", rest).replace(r"\n", "\n") for line in PLAIN.strip().splitlines()]
    return [*plain, *_long(chance), *_hashed(chance), *_shaped(chance)]
