"""Telephone numbers: written so that nothing else is written so, or in any way behind a word that says what it is."""

from __future__ import annotations

import re

from hf_nb.plumbing.personal.signs import LETTERS

_FREE = rf"(?<![{LETTERS}+./-])(?<!\b0,)"
_OVER = rf"(?![{LETTERS}/-]|\.\d)"
PATTERN = re.compile(
    _FREE + r"(?:"
    r"\+\d{1,3}(?: ?\d{1,4})?\r?\n\d{6,10}"  # where the line ended
    r"|\+\d{1,3}(?:[ .-]?(?:\(\d{1,4}\)|\d{1,4})){2,6}"  # +44 7700 900123
    r"|00[1-9]\d{0,2}(?:[ .-]?\d{1,4}){2,6}"  # 0044 7700 900123
    r"|(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]?\d{4}|(?:1[.-])?\d{3}[.-]\d{3}[.-]\d{4}"  # (212) 555-0123
    r"|\(\d\d\) ?\d{4,5}[ -]\d{4}"  # (11) 91234-5678
    r"|8[ -]?\(\d{3,5}\) ?\d{1,3}-\d\d-\d\d"  # 8 (912) 345-67-89
    r"|0[1-9](?:[ .-]\d\d){4}|0\d{3}(?:[ .]\d\d){3}"  # 06 12 34 56 78
    r"|0[1-9]-\d{3,4}-\d{4}|06[ -]\d{8}"  # 03-1234-5678
    r"|0\d{2,4}[ /-]{1,3}\d{3,4}(?:[ -]?\d{2,4}){0,3}"  # 030 / 1234 567
    r")" + _OVER
)
CALLED = re.compile(_FREE + r"\d[\d ./()-]{5,17}\d" + _OVER)

# A word for it, or for who is called, in many languages. With a star: also as the beginning of a longer word.
_WORDS = (
    "phone* telephone* telefon* teléfono* telefone* téléphone* telefoon* telefono* tel tél tlf tlfn tfno telp "
    "mobil mobile mobiel mobilnummer mobiltelefon mobilfunk móvil* movil* telemóvel* telemovel* mob "
    "cell cellphone cellulare celular* cep gsm natel handy* portable komórka puh puhelin* sími tālr telefonas číslo "
    "fax whatsapp sms hotline телефон* тел моб мобильный* мобільний* τηλέφωνο τηλ κινητό"
).split()
_SCRIPTS = (
    r"电话|電話|手机|手機|携帯|联系电话|전화|문의|휴대폰|핸드폰|연락처|फ़ोन|फ़ोन|फोन|मोबाइल|दूरभाष|ফোন|மொபைல்|தொலைபேசி|โทร|เบอร์|"
    r"số điện thoại|điện thoại|\bđt|\bsđt|هاتف|الهاتف|جوال|الجوال|موبايل|تلفن|تلفون|موبایل|فون|טלפון|נייד|טל"
)
_BETWEEN = r" ?(?:番号|号码|號碼|号|號|번호|नंबर|شماره|رقم)?"
_WORD = r"(?:\b|(?<=[_\u3000-\u9fff\uac00-\ud7af]))"  # also in contact_phone, and where words have no spaces
_STEMS = "|".join(re.escape(one.rstrip("*")) + (r"\w{0,12}" if one.endswith("*") else "") for one in _WORDS)
_SAID = re.compile(
    rf"(?i)(?:{_WORD}(?:{_STEMS})|{_WORD}(?:call|text|reach|ring|dial)(?: \w+){{0,2}}(?: at| on)"
    rf"|(?:{_SCRIPTS}){_BETWEEN})"
    r"(?:[_ -]?(?:number|no|nr|num))?(?:\.? [^\W\d_]{2,7})?(?:\.? (?:number|no|nr|num|nº|is|ist))*"
    r"[^\w\n]{0,6}(?:は|是|为|為|이|는)?[^\w\n]{0,3}$"
)
# Numbers of things: counted, ordered, sold and printed.
_OTHER = re.compile(
    r"(?i)(?:\b(?:issn|isbn|doi|ean|sku|uuid|imei|cas|orcid|pmid|part|lot|serial|s/n|order|invoice|ticket|case|batch|frame|"
    r"block|step|row|page|item|article|version|rev|build|patent|tracking|bestell\w*|rechnung\w*|auftrag\w*|artikel\w*|"
    r"commande|facture|pedido|factura|fattura|ordine|zamówienie|sipariş|заказ|счёт|счет|накладная)|订单号?|訂單|注文番号|"
    r"주문번호)(?:[ .-]?(?:no|nr|num|number|id|n°|nº|№|#))?[^\w\n]{0,3}$"
)
_HOURS = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d ?- ?(?:[01]\d|2[0-4])[0-5]\d")
_COUNTED = re.compile(r"(?:0\d{2,3} ){1,4}0\d{2,3}")
_DAY = re.compile(r"0\d{3}-\d{2}-\d{2}")
# The end of a large number: 8 030 261 280.
_THREES, _GOES_ON = re.compile(r"\d{3}(?: \d{3})+"), re.compile(r"(?<!\S)\d{1,3}(?: \d{3})* $")
SHORTEST = 9  # digits of one that has no word before it


def holds(said: str, before: str) -> bool:
    """Written as only a telephone number is."""
    digits = "".join(sign for sign in said if sign.isdigit())
    if not 7 <= len(digits) <= 15 or len(set(digits)) < 3:
        return False
    if said.startswith("+"):
        return len(digits) >= 8 and digits[0] != "0"
    if _OTHER.search(before):
        return False
    if said.startswith("00"):
        return len(digits) >= 11
    if said[0] not in "0(8":
        digits = digits.removeprefix("1") if len(digits) == 11 else digits
        return len(digits) == 10 and digits[0] in "23456789" and digits[3] in "23456789"
    if _THREES.fullmatch(said) and _GOES_ON.search(before):
        return False
    plain = _HOURS.fullmatch(said) or _COUNTED.fullmatch(said) or _DAY.fullmatch(said)
    return len(digits) >= SHORTEST and not plain


def called(said: str, before: str) -> bool:
    """A word before it says so."""
    return 7 <= sum(sign.isdigit() for sign in said) <= 15 and _SAID.search(before) is not None
