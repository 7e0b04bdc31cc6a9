"""English words without their endings: Porter's algorithm (1980), and the words too common to be searched for."""

from __future__ import annotations

import re

STOPS = frozenset(
    """a about above after again against all am an and any are as at be because been before being below between both but
    by can cannot could did do does doing down during each few for from further had has have having he her here hers
    herself him himself his how i if in into is it its itself me more most my myself no nor not now of off on once only
    or other our ours ourselves out over own same she should so some such than that the their theirs them themselves
    then there these they this those through to too under until up very was we were what when where which while who
    whom why will with would you your yours yourself yourselves""".split()
)
_C, _V = "[^aeiou]", "[aeiouy]"
_CS, _VS = f"{_C}[^aeiouy]*", f"{_V}[aeiou]*"
_M1 = re.compile(f"^({_CS})?{_VS}{_CS}")  # one vowel-consonant pair or more
_ONE = re.compile(f"^({_CS})?{_VS}{_CS}({_VS})?$")  # exactly one
_M2 = re.compile(f"^({_CS})?{_VS}{_CS}{_VS}{_CS}")
_VOWEL = re.compile(f"^({_CS})?{_V}")
_SHORT = re.compile(f"^{_CS}{_V}[^aeiouwxy]$")
_STEP2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}  # fmt: skip
_STEP3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP4 = "al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize".split()


def stem(word: str) -> str:
    """`connections` and `connected` are both `connect`."""
    if len(word) < 3:
        return word
    first_y = word.startswith("y")
    word = "Y" + word[1:] if first_y else word
    word = _third(_second(_y(_past(_plural(word)))))
    word = _ending(word)
    return "y" + word[1:] if first_y else word


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _M1.match(word[:-3]) else word
    for ending in ("ed", "ing"):
        left = word.removesuffix(ending)
        if left != word and _VOWEL.match(left):
            if left.endswith(("at", "bl", "iz")):
                return left + "e"
            if re.search(r"([^aeiouylsz])\1$", left):
                return left[:-1]
            return left + "e" if _SHORT.match(left) else left
    return word


def _y(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and _VOWEL.match(word[:-1]) else word


def _second(word: str) -> str:
    return _replaced(word, _STEP2)


def _third(word: str) -> str:
    return _replaced(word, _STEP3)


def _replaced(word: str, endings: dict[str, str]) -> str:
    for ending in sorted(endings, key=len, reverse=True):
        if word.endswith(ending):
            left = word.removesuffix(ending)
            return left + endings[ending] if _M1.match(left) else word
    return word


def _ending(word: str) -> str:
    for ending in sorted(_STEP4, key=len, reverse=True):
        if word.endswith(ending):
            left = word[: -(len(ending) - 1)] if ending in ("sion", "tion") else word.removesuffix(ending)
            word = left if _M2.match(left) else word
            break
    if word.endswith("e"):
        left = word[:-1]
        if _M2.match(left) or (_ONE.match(left) and not _SHORT.match(left)):
            word = left
    return word[:-1] if word.endswith("ll") and _M2.match(word) else word
