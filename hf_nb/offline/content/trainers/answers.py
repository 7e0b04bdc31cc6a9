"""Short passages with questions whose answer stands in them, generated from `texts/answers_en.txt`.

    {p} lives in {place}.  +  Where does {p} live? -> place   ->   "Nora lives in Lyon. …"   "Lyon"

Half of the passages tell the same kind of thing of two people, so that a question is answered by what it asks for and
not by what kind of word would fit. About one question in eight has no answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from hf_nb.offline.content.trainers.grammar import TEXTS

_SLOT = re.compile(r"\{([\w+]+)\}")
_BEFORE_TIME = re.compile(r"\b([Ii]n|[Oo]n) \{time\}")
SECTIONS = {
    "job": "jobs", "thing": "things", "things": "things+", "family": "family", "pet": "pets", "colour": "colours",
    "n": "numbers", "time": "days", "hour": "hours", "spot": "spots", "event": "events",
}  # fmt: skip
BLENDS = 600
PRONOUNS = ("He", "She")


@dataclass(frozen=True)
class Question:
    """A question, the passage it is about, and where in it the answer stands; nowhere: no answer."""

    text: str
    passage: str
    begin: int = 0
    end: int = 0

    @property
    def answer(self) -> str:
        return self.passage[self.begin : self.end]


@dataclass(frozen=True)
class Line:
    """A statement, or a question and the slot it asks for."""

    text: str
    slot: str = ""


@dataclass(frozen=True)
class Block:
    """Ways to say one kind of thing, and to ask for it."""

    statements: tuple[str, ...]
    questions: tuple[Line, ...]
    held_statements: tuple[str, ...]
    held_questions: tuple[Line, ...]


Spans = dict[str, tuple[int, int]]
Fact = tuple[Block, dict[str, str], Spans]


@cache
def hand_written() -> list[Question]:
    """The passages nobody trains on. Where an answer stands twice, its first place counts."""
    passage, found = "", []
    for line in (TEXTS / "answers_en_test.txt").read_text("utf-8").splitlines():
        if not line or line.startswith(("#", "names:")):
            continue
        question, asked, answer = line.partition(" -> ")
        if not asked:
            passage = line
        elif answer == "-":
            found.append(Question(question, passage))
        else:
            begin = passage.index(answer)
            found.append(Question(question, passage, begin, begin + len(answer)))
    return found


@cache
def held_out_names() -> frozenset[str]:
    """People and places of the hand-written passages."""
    lines = (TEXTS / "answers_en_test.txt").read_text("utf-8").splitlines()
    return frozenset(next(line for line in lines if line.startswith("names:"))[7:].split("; "))


def read_lists() -> tuple[dict[str, list[str]], list[Block]]:
    """The word lists by section, and the blocks."""
    lists: dict[str, list[str]] = {}
    blocks: list[list[str]] = []
    section = ""
    for line in (TEXTS / "answers_en.txt").read_text("utf-8").splitlines():
        if line == "[block]":
            section = line
            blocks.append([])
        elif line.startswith("["):
            section = line.strip("[]")
            lists[section] = []
        elif line and line[0] != "#":
            if section == "[block]":
                blocks[-1].append(line)
            else:
                lists[section] += [line] if section == "fillers" else line.split("; ")
    return lists, [_block(lines) for lines in blocks]


def _block(lines: list[str]) -> Block:
    def statements(*, held: bool) -> tuple[str, ...]:
        return tuple(_bare(line) for line in lines if line[0] == "s" and ("* " in line) == held)

    def questions(*, held: bool) -> tuple[Line, ...]:
        parts = [_bare(line).split(" -> ") for line in lines if line[0] == "q" and ("* " in line) == held]
        return tuple(Line(text, slot) for text, slot in parts)

    return Block(statements(held=False), questions(held=False), statements(held=True), questions(held=True))


def _bare(line: str) -> str:
    return line[2:].removeprefix("* ")


class Passages:
    """Endless questions; the same seed gives the same ones."""

    def __init__(
        self,
        seed: int,
        people: list[str],
        places: list[str],
        *,
        held_out: bool = False,
        never: frozenset[str] = frozenset(),
    ) -> None:
        self.random = Random(seed)  # noqa: S311 - exercises, not secrets
        self.lists, self.blocks = read_lists()
        self.names = {"p": people, "place": places}
        self.held_out = held_out
        self.never = never

    def questions(self) -> Iterator[Question]:
        while True:
            made = self._one()
            if made:
                yield made

    def corpus(self) -> list[str]:
        """Texts for the tokenizer."""
        lines = [line for b in self.blocks for line in (*b.statements, *(q.text for q in b.questions))]
        words = [*lines, *(entry for entries in self.lists.values() for entry in entries), *PRONOUNS]
        # Names only as blends, so that known and unknown ones alike are read in pieces.
        return words * 30 + [self._blend(kind) for kind in self.names for _ in range(BLENDS)]

    def _name(self, kind: str) -> str:
        """Some as they stand in the list, most blended from two."""
        if self.held_out or self.random.random() < 0.25:
            return self.random.choice(self.names[kind])
        return self._blend(kind)

    def _blend(self, kind: str) -> str:
        while True:
            first, second = self.random.choices(self.names[kind], k=2)
            blend = first[: self.random.randint(2, 4)] + second[-self.random.randint(2, 4) :].lower()
            if blend not in self.never and len(blend) > 3:
                return blend

    def _one(self) -> Question | None:
        count = self.random.choices((1, 2, 3, 4), (15, 35, 35, 15))[0]
        blocks = self.random.sample(self.blocks, count)
        if self.random.random() < 0.5:
            blocks.insert(self.random.randint(0, count), blocks[0])
        people = list(dict.fromkeys(self._name("p") for _ in range(3)))
        used: set[str] = set(people)
        facts: list[Fact] = []
        passage = subject = ""
        for block in blocks:
            person = self.random.choice(
                [p for p in people if not any(b is block and p == v["p"] for b, v, _ in facts)]
            )
            values = {"p": person, "q": self.random.choice([p for p in people if p != person] or [person])}
            statement = self.random.choice(self._statements(block))
            self._fill(values, [statement, *(q.text for q in block.questions)], used)
            text, spans = filled(statement, values, len(passage))
            if person == subject and statement.startswith("{p} ") and self.random.random() < 0.5:
                text, spans = filled(
                    "{he}" + statement[3:], values | {"he": self.random.choice(PRONOUNS)}, len(passage)
                )
            facts.append((block, values, spans))
            passage += text + " "
            subject = person
            if self.random.random() < 0.15:
                passage += self.random.choice(self.lists["fillers"]) + " "
        return self._asked(facts, passage.strip(), people)

    def _statements(self, block: Block) -> tuple[str, ...]:
        return (self.held_out and block.held_statements) or block.statements

    def _fill(self, values: dict[str, str], texts: list[str], used: set[str]) -> None:
        """A new word for every slot that has none: no two facts of a passage share one."""
        for slot in dict.fromkeys(slot for text in texts for slot in _SLOT.findall(text)):
            while slot not in values:
                word = self._word(slot, texts[0])
                if word not in used:
                    used.add(word)
                    values[slot] = word

    def _word(self, slot: str, text: str) -> str:
        if slot == "place":
            return self._name(slot)
        if slot == "money":
            return self.random.choice(self.lists[slot]).format(n=self.random.choice(self.lists["numbers"]))
        if slot == "time" and (preposition := _BEFORE_TIME.search(text)):
            return self.random.choice(self.lists["months" if preposition[1].lower() == "in" else "days"])
        return self.random.choice(self.lists[SECTIONS[slot]])

    def _asked(
        self,
        facts: list[Fact],
        passage: str,
        people: list[str],
    ) -> Question | None:
        if self.random.random() < 1 / 5:
            block = self.random.choice(
                [b for b in self.blocks if all(b is not other for other, _, _ in facts)]
            )
            question = self.random.choice(block.questions)
            values = {"p": self.random.choice(people), "q": self.random.choice(people)}
            if question.slot == "p" or block.questions[0].text == question.text:
                self._fill(values, [question.text], set())
                return (
                    None
                    if values.get("place", "?") in passage
                    else Question(_SLOT.sub(lambda s: values[s[1]], question.text), passage)
                )
            return None
        block, values, spans = self.random.choice(facts)
        questions = (self.held_out and block.held_questions) or block.questions
        question = self.random.choice(questions)
        first, _, last = question.slot.partition("..")
        asked = {*_SLOT.findall(question.text), first, last or first}
        if not asked - {"p"} <= set(spans):
            return None
        if first == "p" and "p" not in spans:
            return None
        return Question(
            _SLOT.sub(lambda slot: values[slot[1]], question.text),
            passage,
            spans[first][0],
            spans[last or first][1],
        )


def filled(template: str, values: dict[str, str], begin: int) -> tuple[str, dict[str, tuple[int, int]]]:
    """The text, and where each slot's word stands if the text begins at `begin`."""
    text, spans, at = "", {}, 0
    for found in _SLOT.finditer(template):
        text += template[at : found.start()]
        spans[found[1]] = (begin + len(text), begin + len(text) + len(values[found[1]]))
        text += values[found[1]]
        at = found.end()
    return text + template[at:], spans
