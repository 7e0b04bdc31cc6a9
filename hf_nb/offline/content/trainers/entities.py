"""Sentences with marked people, places and organisations, generated from `texts/entities_en.txt`.

    {per} left {org} after ten years.   ->   [PER Nora Blend] left [ORG Cedar Motors] after ten years.

Half of the names are blends of two listed ones ("Barce" + "lin"), so that a name is told by where it stands and how
it is built, not by having been seen. No word of a held-out name is used, whole or as a blend.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from hf_nb.offline.content.trainers.grammar import TEXTS

KINDS = ("PER", "LOC", "ORG")
# What names have in common may stand on both sides: titles, and words for a kind of organisation.
KEPT = frozenset(
    "Mrs Dr Bank University College Institute Motors Airways Foods Insurance Hotels Press Records Laboratories "
    "Partners Steel Energy Telecom Engineering".split()
)
NAMES = ("first", "surnames", "places", "stems")
BLENDS = 3000
_MARKED = re.compile(r"\[(PER|LOC|ORG) ([^\]]+)\]")
_SLOT = re.compile(r"\{(per|loc|org)\}")
_ORDINARY = re.compile(r"\b[a-z]{4,}\b")  # a slot has three letters
_WORD = re.compile(r"\w+")
_FIRST = re.compile(r"^[A-Z][a-z]{3,}\b(?! [{\"])")


@dataclass(frozen=True)
class Marked:
    """A sentence and its entities as (begin, end, kind), in characters."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def unmark(line: str) -> Marked:
    """`[PER Ann] left.` -> "Ann left." and where Ann stands."""
    text, spans, at = "", [], 0
    for found in _MARKED.finditer(line):
        text += line[at : found.start()]
        spans.append((len(text), len(text) + len(found[2]), found[1]))
        text += found[2]
        at = found.end()
    return Marked(text + line[at:], tuple(spans))


@cache
def hand_written() -> list[Marked]:
    """The sentences nobody trains on."""
    lines = (TEXTS / "entities_en_test.txt").read_text("utf-8").splitlines()
    return [unmark(line) for line in lines if line and line[0] != "#"]


@cache
def held_out_words() -> frozenset[str]:
    """Every word of the names in the hand-written sentences, but for what names have in common."""
    names = (s.text[begin:end] for s in hand_written() for begin, end, _ in s.spans)
    return frozenset(word for name in names for word in name.split()) - KEPT


def read_lists() -> dict[str, list[str]]:
    """The word list by section, without held-out words."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in (TEXTS / "entities_en.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = []
        elif line and line[0] != "#":
            entries = [line] if section in {"templates", "plain"} else line.split("; ")
            found[section] += [entry for entry in entries if entry not in held_out_words()]
    return found


class Entities:
    """Endless marked sentences; the same seed gives the same ones."""

    def __init__(self, seed: int, ordinary: list[str]) -> None:
        self.random = Random(seed)  # noqa: S311 - sentences, not secrets
        self.lists = read_lists()
        self.ordinary = ordinary
        self.kinds = {"per": self._person, "loc": self._place, "org": self._organisation}

    def sentences(self) -> Iterator[Marked]:
        while True:
            if self.random.random() < 0.08:
                yield Marked(self._worn(self._pick("plain")), ())
            else:
                template = self._worn(self._pick("templates"))
                yield unmark(_SLOT.sub(lambda slot: self._marked(slot[1]), template))

    def words(self) -> list[str]:
        """What the tokenizer reads whole: all but names, the surest first."""
        lines = " ".join(
            _SLOT.sub("", line) for section in ("templates", "plain") for line in self.lists[section]
        )
        return [*_WORD.findall(lines), *self.lists["kinds"], *self.lists["titles"], *self.ordinary]

    def blends(self) -> Iterator[str]:
        """What it learns its pieces from: the letters of every word above, and names."""
        yield from sorted({*"".join(self.words()), *"&.,?!'\"0123456789"})
        for section in NAMES:
            yield from (self._blend(section, section) for _ in range(BLENDS))

    def _marked(self, kind: str) -> str:
        return f"[{kind.upper()} {self.kinds[kind]()}]"

    def _pick(self, section: str) -> str:
        return self.random.choice(self.lists[section])

    def _name(self, section: str) -> str:
        """One of the list, two of them blended, or two of any kind: those only their place in a sentence tells."""
        how = self.random.random()
        if how < 0.35:
            return self._pick(section)
        return self._blend(section, section) if how < 0.65 else self._blend(*self.random.choices(NAMES, k=2))

    def _blend(self, *sections: str) -> str:
        while True:
            first, second = (self._pick(section) for section in sections)
            begin = first[: self.random.randint(2, max(2, len(first) - 2))]
            blend = begin + second[-self.random.randint(2, max(2, len(second) - 2)) :].lower()
            if 3 < len(blend) < 13 and blend not in held_out_words():
                return blend

    def _person(self) -> str:
        first, last = self._name("first"), self._name("surnames")
        shapes = (first, f"{first} {last}", f"{self._pick('titles')} {last}")
        return self.random.choices(shapes, (45, 45, 10))[0]

    def _place(self) -> str:
        return self._name("places")

    def _organisation(self) -> str:
        stem = self._name("stems") if self.random.random() < 0.7 else self._name("surnames")
        kind = self._pick("kinds")
        shapes = (
            f"{stem} {kind}",
            stem,
            f"{stem} {self._pick('stems')} {kind}",
            f"University of {self._name('places')}",
            f"{self._name('surnames')} & {self._name('surnames')}",
            f"{self._name('places')} {kind}",
        )
        return self.random.choices(shapes, (48, 28, 6, 4, 4, 10))[0]

    def _worn(self, template: str) -> str:
        """Some ordinary words exchanged for others: a name is still a name among words never met."""
        begun = _FIRST.sub(
            lambda word: (
                self.random.choice(self.ordinary).capitalize() if self.random.random() < 0.3 else word[0]
            ),
            template,
        )
        return _ORDINARY.sub(
            lambda word: self.random.choice(self.ordinary) if self.random.random() < 0.2 else word[0], begun
        )
