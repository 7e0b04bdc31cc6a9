"""Notes of a meeting, a few sentences long, with the one sentence that sums them up.

    The meeting was in the library. Coffee was served. Nora found the budget strange. They
    decided to hire two cooks. The next meeting is on Friday.
    ->  They decided to hire two cooks and meet again on Friday.

A summary keeps what was decided, by when, and when the next meeting is; it leaves out the place, the talk and the tea.
Decisions are made of parts, and a combination that is tested is never trained on.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain
from random import Random
from typing import TYPE_CHECKING

from hf_nb.offline.content.trainers.sequences import Pair, subwords

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TESTED = 200
VOCABULARY = 500
ACTIONS = "hire sell buy repair paint rent order move clean count replace lend".split()
THINGS = (
    "cooks drivers chairs tables lamps computers bicycles cars windows doors books phones rooms boats cameras trucks "
    "printers clocks plants tents"
).split()
NUMBERS = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
PEOPLE = (
    "Anna Ben Carla David Elena Felix Greta Hugo Ida Jonas Karim Lucy Martin Nora Omar Paula Rosa Simon Tom Vera"
).split()
PLACES = "library|old school|town hall|cafe|small office|garden|kitchen|station hotel|museum".split("|")
TOPICS = (
    "prices|the weather|the budget|the new roof|the summer party|customers|the website|safety|holidays".split(
        "|"
    )
)
FEELINGS = "good|bad|strange|important|difficult|as dull as last year|wonderful".split("|")

DECIDED = (
    "They decided to {decision}.",
    "It was decided to {decision}.",
    "In the end everyone agreed to {decision}.",
    "{person} proposed to {decision}, and all agreed.",
    "The group voted to {decision}.",
    "After a long talk they agreed to {decision}.",
)
REFUSED = (
    "{person} wanted to {other}, but nobody agreed.",
    "The plan to {other} was turned down.",
    "They decided not to {other}.",
)
NEXT = (
    "The next meeting is on {day}.",
    "They will meet again on {day}.",
    "On {day} there will be another meeting.",
    "The group meets again on {day}.",
)
DUE = (
    "This must be done by {month}.",
    "It should be done by {month}.",
    "{person} will see to it by {month}.",
    "The work has to be finished by {month}.",
)
ASIDE = (
    "The meeting was in the {place}.",
    "{person} opened the meeting.",
    "Coffee was served.",
    "{person} came late.",
    "{person} found {topic} {feeling}.",
    "They talked about {topic}.",
    "{person} and {friend} could not come.",
    "There were {number} people in the room.",
    "{person} wrote the notes.",
    "{person} thanked {friend}.",
    "It was very warm in the {place}.",
    "The last meeting was on {past}.",
)
FACTS = ("decision", "day", "month")


def is_tested(decision: str) -> bool:
    """One decision in ten."""
    return hashlib.sha256(decision.encode()).digest()[0] < 26


class Notes:
    """Endless notes with their summary; the same seed gives the same ones."""

    def __init__(self, seed: int, *, held_out: bool = False) -> None:
        self.random = Random(seed)  # noqa: S311 - exercises, not secrets
        self.held_out = held_out

    def pairs(self) -> Iterator[Pair]:
        while True:
            notes, summary, _ = self.one()
            yield notes, summary

    def one(self) -> tuple[str, str, list[str]]:
        """Notes, their summary and the facts it must keep."""
        facts = self._facts()
        lines = [self._line(DECIDED, facts)]
        summary = f"They decided to {facts['decision']}"
        kept = [facts["decision"]]
        if self.random.random() < 0.6:
            lines.append(self._line(DUE, facts))
            summary += f" by {facts['month']}"
            kept.append(facts["month"])
        if self.random.random() < 0.6:
            lines.append(self._line(NEXT, facts))
            summary += f" and meet again on {facts['day']}"
            kept.append(facts["day"])
        return " ".join(self._mixed(lines, facts)), f"{summary}.", kept

    def _facts(self) -> dict[str, str]:
        day, past = self.random.sample(DAYS, 2)
        person, friend = self.random.sample(PEOPLE, 2)
        return {
            "decision": self._decision(),
            "other": self._decision(),
            "day": day,
            "past": past,
            "month": self.random.choice(MONTHS),
            "person": person,
            "friend": friend,
            "place": self.random.choice(PLACES),
            "topic": self.random.choice(TOPICS),
            "feeling": self.random.choice(FEELINGS),
            "number": self.random.choice(NUMBERS),
        }

    def _decision(self) -> str:
        while True:
            made = " ".join(self.random.choice(part) for part in (ACTIONS, NUMBERS, THINGS))
            if is_tested(made) == self.held_out:
                return made

    def _line(self, ways: tuple[str, ...], facts: dict[str, str]) -> str:
        return self.random.choice(ways).format(**facts)

    def _mixed(self, lines: list[str], facts: dict[str, str]) -> list[str]:
        """Sentences that do not matter, before and between those that do."""
        aside = [line.format(**facts) for line in self.random.sample(ASIDE, self.random.randint(1, 3))]
        if self.random.random() < 0.4:
            aside.append(self._line(REFUSED, facts))
        for line in aside:
            # Never between a decision and its date: "it" is what was decided just before.
            place = self.random.choice((0, 0, len(lines)))
            lines.insert(place, line)
        return lines


def held_out() -> dict[str, list[Pair]]:
    """Notes about decisions that training never shows."""
    made = Notes(999, held_out=True).pairs()
    return {"exact_match": [next(made) for _ in range(TESTED)]}


def facts_kept(answer: Callable[[list[str]], list[str]]) -> float:
    """Share of facts (decision, month, day) that the summaries of unseen notes hold."""
    made = Notes(998, held_out=True)
    notes = [made.one() for _ in range(TESTED)]
    answers = answer([text for text, _, _ in notes])
    found = [fact in given for given, (_, _, kept) in zip(answers, notes, strict=True) for fact in kept]
    return sum(found) / len(found)


def tokenizer() -> "Tokenizer":
    """Trained on notes and summaries."""
    made = Notes(1).pairs()
    return subwords(list(chain.from_iterable(next(made) for _ in range(3000))), VOCABULARY)
