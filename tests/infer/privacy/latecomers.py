"""A third set: longer texts, tables and words. Judged once before it bettered anything, when the second already had.

latecomers()   what is to be found
bystanders()   what is not
"""

import random
import string
from collections.abc import Iterator

from tests.infer.privacy.newcomers import written
from tests.infer.privacy.strangers import Planted, drawn, luhn

# As in newcomers: kind | text with a shape in braces.
_TEXTS = (
    r"""
telephone | employee_id;surname;telefon;dept⏎1001;Horák;{+420 77# ### ###};R&D⏎1002;Malá;;HR
telephone | name	phone	age⏎Ria	{0471 ## ## ##}	44
telephone | | Name | Mobile |⏎|---|---|⏎| Sana | {0301-%######} |
telephone | {{"shipping": {{"to": "Lund", "phone": "{0046 70 %## ## ##}"}}}}
telephone | Traceback: ValueError: invalid phone '{+1 (646) %##-####}'
telephone | WARN sms.gateway delivery to {+358 50 ### ####} failed (30003)
telephone | From: Pia⏎Sent: Monday⏎⏎Please ring me on {01632 %#####} before noon.
telephone | print(send_sms("{+4366%#######}", body))
telephone | UPDATE users SET mobile='{+32475######}' WHERE id=4;
telephone | phones = ["{+919########%}", None]
telephone | Emergency contact: Mrs Osei, {+233 20 ### ####}
telephone | Ansprechpartnerin Frau Kern (Tel. {0511/%#####-0})
telephone | Téléphone portable : {07 %# ## ## ##}
telephone | Merci de rappeler au {04.7%.##.##.##} svp
telephone | Mi número de teléfono es {+57 310 ### ####}.
telephone | Fone: {(21) 9%###-####}, falar com Bia
telephone | numero di cellulare: {347 %######}
telephone | Proszę o kontakt: tel. {+48 512 ### ###}
telephone | Telefonszám: {+36 30 %## ####}
telephone | Număr de telefon: {0744 ### ###}
telephone | Τηλ. {210 %### ###}
telephone | Cep: {0533 %## ####}
telephone | позвоните по номеру {+7 (495) %##-##-##}
telephone | мій номер {+380 50 %## #### }
telephone | رقم هاتفي هو {+20 10 #### ####}
telephone | تلفن همراه {0935 ### ####}
telephone | मेरा मोबाइल नंबर {9%### #####} है
telephone | 我的手机号是{138%#######},谢谢
telephone | 連絡先: {080-%###-####}
telephone | 제 번호는 {010-%###-####}예요
telephone | Nomor HP saya {0857-####-####}
telephone | SĐT: {+84 38 ### ## ##}
telephone | <a href="tel:{+65-6%##-####}">Office</a>
telephone | Ph: {(03) 9%## ####}, Melbourne
telephone | call 24/7: {1-866-%##-####}
telephone | cell: {082 ### ####} (Thandi)
telephone | text Bob at {646 %## ####}
e-mail | employee_id;mail⏎1001;{~~~~~.~~~~~@~~~~~~~~.cz}
e-mail | | Name | Mail |⏎|---|---|⏎| Sana | {~~~~##@~~~~~.pk} |
e-mail | {{"user": {{"login": "x", "mail": "{~~~~~~~@~~~~.example-bank.ch}"}}}}
e-mail | ValueError: '{~~~.~~@~~~~~~.edu}' is not in list
e-mail | Kontakt:{~~~~~@~~~~~~~.hu}
e-mail | -{~~~~~@~~~~.is}⏎-second
e-mail | (voir {~~~~.~~~~~~@~~~~-~~~.fr})
e-mail | emails={{'{~~~~~_##@~~~~.lt}'}}
e-mail | Reply-To: {~~~~~~@~~.~~~~~.gov.in}
e-mail | 邮箱:{~~~~~~##@~~~~.cn}
e-mail | 메일 {~~~~~~@~~~~~.kr}로 주세요
e-mail | البريد {~~~~~.~~~@~~~~~~.sa}
e-mail | login as {~~~~~~@~~~~~~~.club}, then
e-mail | "{~~~~} <{~~~~@~~~~~~.es}>"
card | number;holder⏎{V};Horák
card | "card_number": "{M}",
card | ValueError: card {A} declined
card | my credit card {V} was charged
card | Kreditkarte: {M}
card | 카드 {J}번
card | paid_with={D}
card | <td>{U}</td>
card | Carte bancaire {V}, exp. 08/28
card | {{'cc': '{M}'}}
iban | number;iban⏎17;{ATAAAA}
iban | "iban": "{PL########################}",
iban | RIB : {FR#######################}
iban | IBAN={PT#####################}
iban | pay {GBAAAA##############} by Friday
iban | {HR#################} (Zagreb)
iban | 계좌 {DE##################}
iban | IBAN:{CZ####################}
iban | nach {BE############}, bitte
iban | VERSEMENT {LU################} 120 EUR
address | {84.17.4#.1#1} - ada [22/Nov/2026] "POST /login" 401
address | host={203.1#.2#.9#}, user=ada
address | Accepted publickey for ada from {91.2#.1#.2##} port 40112
address | client: {2a02:8070:a1:4::5}, server: _
key | token = "{K:hf_:34}"
key | ghtoken: {K:ghp_:36}
key | xai.Client(api_key='{K:xai-:80}')
key | OPENAI={K:sk-proj-:100}
key | docker login -p {K:dckr_pat_:27}
key | STRIPE: {K:rk_live_:40}
key | {{"anthropic": "{K:sk-ant-api03-:90}"}}
key | pplx: {K:pplx-:48}
key | 密钥是{K:nvapi-:64}
key | shopify {K:gho_:36}
citizen | name;ssn⏎Lee;{5%#-6#-3###}
citizen | Personnr. {SE}
citizen | Sofinummer {NL}
citizen | Codice Fiscale: {IT}
citizen | CPF nº {CPF}
citizen | Steuer-Identifikationsnummer {TAX}
citizen | PESEL: {PESEL}
citizen | 身份证:{CN}
citizen | Henkilötunnus {FI}
citizen | NIF/DNI: {ES}
citizen | N° SS: {FR}
citizen | Nat. Ins. {GB}
telephone | 问题请拨打电话 {010-8### ####}
e-mail | Fwd: {~~~~.~~~~~@~~~~~.ie} (Finn)
card | карта {R} списано
iban | Konto: {NO###########}
""".replace("{ATAAAA}", "{AT################}")
    .replace("#### }", "####}")
    .replace('"{~~~~} <', '"Pia <')
)
_INNOCENT = r"""
attn = q@k.mT * scale
grad = x.T@err.mean(0)
cov = Z@Z.T / n
@functools.lru_cache(maxsize=None)
@bot.command(name="ping")
@torch.compile
ada@mars ~ % which python
pia@MacBook-Pro-2 nb %
[root@web01 ~]# systemctl restart nginx
git remote add up git@gitlab.com:acme/tools.git
npx create-react-app@5.0.1
yarn add lodash@^4.17.21
conda install -c conda-forge python=3.12.7
FROM nvidia/cuda@sha256:0123abcd
"resolved": "https://registry.npmjs.org/@types/node/-/node-22.9.0.tgz"
datetime(2026, 11, 22, 11, 50, 53)
Timestamp('2026-11-22 11:50:53.120934')
2026-11-22 11:50:53,120 - INFO - epoch 3/10
20261122T115053Z
20261122_115053
date,open,high⏎2026-11-20,189.12,190.44
1763812253, 1763812254, 1763812255
1763812253120934
id,amount⏎1000000123,12.5⏎1000000124,13.0
row,value⏎1,4155550101
store,units⏎2125,5550⏎2126,5551
user_id;score⏎9921334455;0.7
9783161484100
ISBN: 0-13-110362-8
ISSN: 1476-4687 (online)
https://doi.org/10.1109/CVPR.2016.90
10.48550/arXiv.1706.03762
PMC7095418, PMID: 32015507
CAS No. 108-95-2
[7647-14-5] sodium chloride
2-(4-isobutylphenyl)propanoic acid
1,2-dipalmitoyl-sn-glycero-3-phosphocholine
chr1:1000000-2000000 +
rs7412 rs429358
ENST00000269305.9
GSE12345 SRR1234567
40.7128, -74.0060
lat=48.137154 lng=11.576124
POLYGON((13.1 52.3, 13.7 52.3, 13.7 52.7))
UTM 33U 391777 5820072
1 299,00 zł
2.499,00 EUR inkl. 19 % USt.
€ 12.345.678,90
99,999.00 USD
MXN 1,250,300.50
5,000 10,000 20,000 50,000
1 000 000 000 tokens
015 030 045 060
7 615 616 512 parameters
[128, 256, 512, 1024]
(8, 12, 1024, 64)
tensor(0.6931, grad_fn=<NllLossBackward0>)
array([0.1, 0.25, 0.5])
[[1, 0, 0], [0, 1, 0], [0, 0, 1]]
dtype('<f4'), 120000 rows × 12 columns
0.577215664901532860606512090082
6.62607015e-34
299792458 m/s
1.98847e30 kg
200-300-400-500
555-0100 + 555-0101
a[100:200:3]
range(0, 1000, 25)
if 3 < x < 5: y = 10 - 20 - 30
10.0.0.1:8443
192.168.1.10 router
169.254.169.254/latest/meta-data
127.0.0.1 - - "GET /"
224.0.0.251 mDNS
netmask 255.255.0.0
nginx/1.27.2.1 version 1.27.2.1
driver version 560.35.03
CUDA 12.8.1.3 release
v1.2.3.4-rc1
Section 4.3.2.1
postgres:17.2-alpine3.20
tokenizers==0.21.0 safetensors>=0.4.5
0x1A2B3C4D5E6F
0000-0002-1825-0097 orcid
deadbeef cafebabe
2001:db8 docs
fe80::1%eth0
00:1a:2b:3c:4d:5e
b8:27:eb:aa:bb:cc
HF_TOKEN="hf_***"
export OPENAI_API_KEY=sk-XXXXXXXXXXXXXXXXXXXXXXXX
api_key: <your-key>
token = input("Token: ")
tok = AutoTokenizer.from_pretrained("gpt2")
secret_name: projects/1/secrets/db
key=lambda row: row["id"]
sk-learn-contrib, ghp_import, hf_transfer
password reset link sent
{"token_type": "bearer", "expires_in": 3600}
sha256-REST
Order #4500-8812-001
Bestellung Nr. 100-2003-4005
Rechnung RE-2026-00412
Kundennummer 88 112 334
n° commande 2026-1122-0042
facture FA00012345
pedido nº 000123456
заказ 4512-0099
договор № 12/345-67 от 01.02.2026
注文番号:249-5551234-0001234
订单号:20261122115053001
송장 6301-2345-6789
ticket INC0012345
case 5001-2233-44
claim 2026 1122 0042
policy 00-123-456-7
SN: 5CG1234ABC
P/N 7690-001-22
lot 0822-0931-12
container MSKU 123456-5
flight LH 2034, seat 12A
train ICE 1001 at 10:15
bus 0815 4711
locker 0123
room 4.12.031
gate 12 34 56
IMEI: 356938035643809
ICCID 8944501103210987654
EAN: 5901234123457
UPC 0 36000 29145 2
VIN: WVWZZZ1JZXW000001
USt-IdNr. DE123456789
BLZ 100 500 00
BIC: BELADEBEXXX
plot 12-34-567
Ps 23:1-6
lines 120-145, 200-230
vol. 33, 1877-1901
Art. 6 Abs. 1 lit. a DSGVO
§ 823 BGB, § 1004 BGB
ISO 3166-1:2020
RFC 7231 6.5.1
IEEE 802.11ax-2021
6-4, 7-5, 6-7 (5-7)
1:32.45 2:05.11 4:10.02
12-14-16 reps
80-85-90 kg
A1 2024 0815 0001
1001 1002 1003 1004 1005
0001 0002 0003 0004
3000 4000 5000 6000
1212 3434 5656 7878
12345 67890 12345 67890
98765432101234567
000000000000
31.5 30.9 32.2 31.0
0.98 0.97 0.99
12% 34% 56%
top@5 0.91
mrr@10.0 = 0.33
p@1 / p@3 / p@10
cc @maria please
see you @ 18:30
10kg@2.50
a@b@c
人口は 1 396 万人
2026年度 第3四半期 123-456
1,000,000ウォン
५ लाख 12 हजार
صفحة ١٢٣ من ٤٥٦
๑๒๓ หน้า 45
"""


def latecomers() -> list[Planted]:
    """What is to be found, the same at every run."""
    return written(_TEXTS, 524287)


def _drawn(chance: random.Random) -> Iterator[str]:
    for _ in range(8):
        wrong = luhn("6011" + drawn(chance, string.digits, 11))
        yield f"checksum {wrong[:-1]}{(int(wrong[-1]) + 7) % 10}"
        yield f"object {drawn(chance, '0123456789abcdef', 24)}"
        yield f"offset={drawn(chance, '123456789', 9)} length={drawn(chance, '123456789', 6)}"


def bystanders() -> list[str]:
    """What belongs to nobody, the same at every run."""
    plain = [line.replace("⏎", "\n") for line in _INNOCENT.strip().splitlines()]
    return [*plain, *_drawn(random.Random(2147483647))]  # noqa: S311 -- test data
