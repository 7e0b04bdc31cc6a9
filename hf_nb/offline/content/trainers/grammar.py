"""Generated opinions with a known grade, from a graded word list and templates (`texts/sentiment_*.txt`).

    the {thing} is not {adj}   ->   "the battery is not reliable"   -1.6
    {a}, but {b}               ->   "the room was small, but I loved it"   +2.3

A grade runs from about -3.5 to +3.5. The network learns sigmoid(grade), so its confidence is graded too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp
from pathlib import Path
from random import Random

TEXTS = Path(__file__).parents[1] / "texts"

GRADED = {
    "adj": "adjectives",
    "verb": "verbs",
    "does": "does",
    "pdoes": "person",
    "me": "me",
    "noun": "nouns",
}
PLAIN = {
    "thing": "things",
    "person": "people",
    "time": "times",
    "very": "intensifiers",
    "soft": "softeners",
    "opener": "openers",
}
_SLOT = re.compile(r"\{(\w+?)2?\}")
_VOWEL = re.compile(r"\b([Aa]) (?=[aeio])")


@dataclass(frozen=True)
class Sentence:
    """A text and how pleased it is."""

    text: str
    grade: float


@dataclass(frozen=True)
class Language:
    """What differs between languages beside the word list itself."""

    code: str
    endings: tuple[str, ...] = ("",)  # tried on every loose word: "guter", "gute", "gutes"
    article_an: bool = False  # English: "a awful" -> "an awful"


@dataclass
class WordList:
    """What stands in `texts/sentiment_*.txt`."""

    graded: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    plain: dict[str, list[str]] = field(default_factory=dict)
    templates: list[tuple[float, str]] = field(default_factory=list)
    held_out: list[tuple[float, str]] = field(default_factory=list)
    joins: list[tuple[float, float, str]] = field(default_factory=list)


def read_word_list(path: Path) -> WordList:
    """Read one language's list."""
    words, section = WordList(), ""
    for raw in path.read_text("utf-8").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
        else:
            _read_line(words, section, line)
    return words


def _read_line(words: WordList, section: str, line: str) -> None:
    if section == "joins":
        first, second, rest = line.split(" ", 2)
        words.joins += [(float(first), float(second), entry) for entry in _entries(rest)]
    elif section in {"templates", "held-out"}:
        factor, rest = line.split(" ", 1)
        target = words.templates if section == "templates" else words.held_out
        target += [(float(factor), entry) for entry in _entries(rest)]
    elif line[0] in "+-" and line[1].isdigit():
        grade, rest = line.split(" ", 1)
        words.graded.setdefault(section, []).extend((float(grade), entry) for entry in _entries(rest))
    else:
        _, _, rest = line.rpartition(": ")
        words.plain.setdefault(section, []).extend(_entries(rest))


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(";") if entry.strip()]


def read_hand_written(language: str) -> list[tuple[str, str]]:
    """The sentences nobody trains on, as (sentence, label)."""
    lines = (TEXTS / f"sentiment_{language}_test.txt").read_text("utf-8").splitlines()
    labels = {"+": "positive", "-": "negative"}
    return [(line[2:].strip(), labels[line[0]]) for line in lines if line[:1] in labels]


def negated(grade: float) -> float:
    """How far "not" turns it: "not good" is clearly bad, "not bad" is mildly good, "not terrible" barely."""
    if grade > 0:
        return -max(1.6, 0.75 * grade)
    return 1.5 if grade > -3 else 0.7


class Grammar:
    """Endless sentences for one language; the same seed gives the same sentences."""

    def __init__(self, language: Language, seed: int, fillers: list[str] | None = None) -> None:
        self.language = language
        self.words = read_word_list(TEXTS / f"sentiment_{language.code}.txt")
        self.random = Random(seed)  # noqa: S311 - sentences, not secrets
        self.hand_written = {_plain(text) for text, _ in read_hand_written(language.code)}
        graded = self.words.graded
        self.loose = [entry for section in ("words", "words", *GRADED.values()) for entry in graded[section]]
        known = {word for _, entry in self.loose for word in entry.split()}
        listed = [*self.words.plain["facts"], *self.words.plain["times"], *self.words.plain["things"]]
        ordinary = [word for entry in listed for word in entry.split()] + (fillers or [])
        self.fillers = [word for word in ordinary if word not in known]

    def sentences(self) -> Iterator[Sentence]:
        while True:
            sentence = self._one()
            if _plain(sentence.text) not in self.hand_written:
                yield Sentence(self._worn(sentence.text), sentence.grade)

    def held_out(self, count: int) -> list[Sentence]:
        """Clear opinions in templates that training never shows."""
        made = [self._clause(self.words.held_out) for _ in range(4 * count)]
        return [sentence for sentence in made if abs(sentence.grade) > 0.9][:count]

    def corpus(self) -> list[str]:
        """Every entry once, for the tokenizer."""
        graded = [entry for entries in self.words.graded.values() for _, entry in entries]
        return graded + [entry for entries in self.words.plain.values() for entry in entries]

    def _one(self) -> Sentence:
        kinds = (self._plain_clause, self._joined, self._with_fact, self._bag, self._neutral)
        return self.random.choices(kinds, (26, 22, 12, 30, 10))[0]()

    def _plain_clause(self) -> Sentence:
        made = self._clause(self.words.templates)
        if self.random.random() < 0.15:
            made = Sentence(f"{self._pick('openers')}, {made.text}", made.grade)
        return made

    def _joined(self) -> Sentence:
        first_weight, second_weight, template = self.random.choice(self.words.joins)
        contrast = first_weight != second_weight
        first = self._clause(self.words.templates)
        second = self._clause(
            self.words.templates, sign=-_sign(first.grade) if contrast else _sign(first.grade)
        )
        grade = first_weight * first.grade + second_weight * second.grade
        return Sentence(template.format(a=first.text, b=second.text), max(-3.3, min(3.3, grade)))

    def _with_fact(self) -> Sentence:
        made, fact = self._clause(self.words.templates), self._pick("facts")
        mark = self.random.choice((". ", ", ", " and ", ". "))
        parts = (fact, made.text) if self.random.random() < 0.6 else (made.text, fact)
        return Sentence(mark.join(parts), 0.95 * made.grade)

    def _neutral(self) -> Sentence:
        if self.random.random() < 0.5:
            return Sentence(self._pick("facts"), 0.0)
        return Sentence(" ".join(self.random.choices(self.fillers, k=self.random.randint(3, 10))), 0.0)

    def _bag(self) -> Sentence:
        """One or two graded words among ordinary ones: what a word means outside every template."""
        words = self.random.choices(self.fillers, k=self.random.randint(2, 9))
        grade, entry = self.random.choice(self.loose)
        entry += self.random.choice(self.language.endings)
        place = self.random.randint(0, len(words))
        if self.random.random() < 0.22:
            between = self.random.choices(self.fillers, k=self.random.randint(0, 1))
            words[place:place] = [self._pick("negators"), *between, entry]
            return Sentence(" ".join(words), 0.8 * negated(grade))
        words.insert(place, entry)
        if self.random.random() < 0.4:
            same = [(g, e) for g, e in self.random.choices(self.loose, k=6) if _sign(g) == _sign(grade)]
            for other, word in same[:1]:
                words.insert(self.random.randint(0, len(words)), word)
                grade = max(-3.3, min(3.3, grade + 0.6 * other))
        return Sentence(" ".join(words), 0.9 * grade)

    def _clause(self, templates: list[tuple[float, str]], sign: int = 0) -> Sentence:
        while True:
            factor, template = self.random.choice(templates)
            made = self._filled(factor, template)
            if sign in (0, _sign(made.grade)):
                return made

    def _filled(self, factor: float, template: str) -> Sentence:
        chosen: dict[str, str] = {}
        grades: list[float] = []
        for name in _SLOT.findall(template):
            key = name if name not in chosen else f"{name}2"
            if name in GRADED:
                grade, chosen[key] = self._graded(GRADED[name], like=grades[0] if grades else 0.0)
                grades.append(grade)
            else:
                chosen[key] = self._pick(PLAIN[name])
        text = template.format(**chosen)
        if self.language.article_an:
            text = _VOWEL.sub(r"\1n ", text)
        mean = sum(grades) / len(grades) * (1 + 0.15 * (len(grades) - 1))
        return Sentence(text, negated(mean) if factor < 0 else factor * mean)

    def _graded(self, section: str, like: float) -> tuple[float, str]:
        while True:
            grade, entry = self.random.choice(self.words.graded[section])
            if not like or _sign(grade) == _sign(like):
                return grade, entry

    def _pick(self, section: str) -> str:
        return self.random.choice(self.words.plain[section])

    def _worn(self, text: str) -> str:
        """Typed by people: a lost apostrophe, two swapped letters, a full stop or none."""
        if self.random.random() < 0.05:
            text = text.replace("'", "")
        if self.random.random() < 0.08:
            at = self.random.randrange(max(1, len(text) - 2))
            text = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
        return text + self.random.choice((".", ".", "", "!", "..."))


def _sign(grade: float) -> int:
    return (grade > 0) - (grade < 0)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def as_probability(grade: float) -> float:
    """0.5 for nothing known, about 0.90 for a plain "good film", 0.97 at the very top."""
    return 1 / (1 + exp(-1.1 * grade))
