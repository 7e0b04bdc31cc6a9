"""Languages: what they are called, and which one a text is in.

code("français")                      'fr'
detect("La maison est petite.")       'fr'

`py3langid` decides where it is installed; else signs and small words do. None where it is not sure.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import Any

# code: English name, its own name, the code of three letters
_ROWS = """
en English English eng
fr French français fra
de German Deutsch deu
es Spanish español spa
it Italian italiano ita
pt Portuguese português por
nl Dutch Nederlands nld
ro Romanian română ron
pl Polish polski pol
sv Swedish svenska swe
da Danish dansk dan
fi Finnish suomi fin
cs Czech čeština ces
hu Hungarian magyar hun
tr Turkish Türkçe tur
ru Russian русский rus
uk Ukrainian українська ukr
el Greek ελληνικά ell
ar Arabic العربية ara
he Hebrew עברית heb
hi Hindi हिन्दी hin
th Thai ไทย tha
vi Vietnamese Tiếng vie
id Indonesian Indonesia ind
zh Chinese 中文 zho
ja Japanese 日本語 jpn
ko Korean 한국어 kor
"""
NAMES: dict[str, str] = {}
_CODES: dict[str, str] = {}
for _row in _ROWS.split("\n")[1:-1]:
    _code, _name, _own, _three = _row.split()
    NAMES[_code] = _name
    _CODES |= dict.fromkeys((_code, _name.lower(), _own.lower(), _three), _code)

# Signs that only one of these languages is written with; kana before Han, since Japanese has both.
_SIGNS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_SMALL_WORDS = {
    "en": "the and is are was were this that it of to with not you we they i my have has be for what",
    "fr": "le la les des une est et pas je tu il elle nous vous ce cette c'est j'ai dans pour qui que très sur était",
    "de": "der die das und ist nicht ich wir sie ein eine mit von zu auf den dem war sehr aber auch für",
    "es": "el los las una es y no de que en por con muy está pero yo para como más fue",
    "it": "il gli una è e non di che per con molto sono ma questo della più era",
    "pt": "o os uma é e não de que em com muito mas eu para mais foi está",
    "nl": "de het een is en niet ik wij zij van met op maar ook zeer voor was",
}
_WORDS = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}
_LOOK = 1_000  # characters: more says nothing new
_SURE = 0.6


def code(word: str) -> str | None:
    """The code of two letters for a name or another code: French, français, fra, fr-FR, fr_XX, fra_Latn."""
    plain = word.strip().lower()
    return _CODES.get(plain) or _CODES.get(re.split(r"[-_]", plain)[0])


def name(of: str) -> str:
    """What a language is called here."""
    return NAMES.get(of, of)


def detect(text: str) -> str | None:
    """The code of the language a text is in."""
    text = text[:_LOOK]
    letters = sum(map(str.isalpha, text))
    for found, signs in _SIGNS:
        if letters and len(signs.findall(text)) > letters / 4:
            return found
    identifier = _identifier()
    if identifier is None:
        return _by_words(text)
    said, how_sure = identifier.classify(text)
    return str(said) if how_sure >= _SURE else _by_words(text)


@cache
def _identifier() -> Any:
    """The trained one, among the languages above only: a short text is easily taken for one of a hundred."""
    try:
        library = importlib.import_module("py3langid.langid")
    except ImportError:
        return None
    made = library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)
    made.set_languages(sorted(NAMES))
    return made


def _by_words(text: str) -> str | None:
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower().replace("’", "'"))
    hits = sorted(((sum(word in known for word in words), of) for of, known in _WORDS.items()), reverse=True)
    (most, best), (next_, _) = hits[:2]
    return best if most >= 2 and most > next_ else None
