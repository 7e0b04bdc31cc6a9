"""Generated tables and questions about them: a cell, the largest, a sum."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hf_nb.offline.content.trainers.conversations import (
    CITIES,
    COLOURS,
    FOODS,
    JOBS,
    NAMES,
    THINGS,
    countries,
)

TESTED = 300
NONE, SUM, AVERAGE, COUNT = AGGREGATIONS = ("NONE", "SUM", "AVERAGE", "COUNT")
# What a table is about: the name of its first column, what stands there, and how many of them are spoken of.
ABOUT = {
    "name": (NAMES, "people"),
    "person": (NAMES, "persons"),
    "city": (CITIES, "cities"),
    "product": ([f"{colour} {thing}" for colour in COLOURS for thing in THINGS], "products"),
    "item": (THINGS, "items"),
    "country": (list(countries()), "countries"),
}
WORDS = {"colour": COLOURS, "job": JOBS, "food": FOODS, "capital": CITIES, "owner": NAMES, "home": CITIES}
NUMBERS = {
    "people": (1000, 3000000),
    "price": (1, 500),
    "age": (5, 90),
    "height": (100, 4000),
    "weight": (1, 300),
    "points": (0, 100),
    "year": (1500, 2024),
    "size": (1, 9000),
    "stock": (0, 800),
    "salary": (900, 9000),
}
LOOKUP = (
    "What is the {column} of {one}?",
    "What is {one}'s {column}?",
    "Tell me the {column} of {one}.",
    "What is the {column} of the {one}?",
    "{column} of {one}?",
    "Which {column} does {one} have?",
    "What {column} does {one} have?",
)
ASIDE = {
    "people": ("How many people live in {one}?", "How many people does {one} have?"),
    "price": ("What does the {one} cost?", "How much is the {one}?"),
    "age": ("How old is {one}?",),
    "height": ("How tall is {one}?", "How high is {one}?"),
    "job": ("What does {one} do?",),
    "home": ("Where does {one} live?",),
    "owner": ("Who owns {one}?",),
}
MOST = (
    "Which {about} has the most {column}?",
    "Which {about} has the highest {column}?",
    "What {about} has the largest {column}?",
)
LEAST = (
    "Which {about} has the least {column}?",
    "Which {about} has the lowest {column}?",
    "What {about} has the smallest {column}?",
)
WHOSE = ("Which {about} has the {column} {value}?", "Whose {column} is {value}?")
OVER_ALL = {
    SUM: ("What is the total {column}?", "What is the sum of the {column}?", "Add up the {column}."),
    AVERAGE: ("What is the average {column}?", "What is the mean {column}?"),
    COUNT: ("How many {many} are there?", "How many {many} are in the table?", "Count the {many}."),
}
KINDS = {"lookup": 44, "extreme": 28, "whose": 10, "all": 18}


@dataclass(frozen=True)
class Sheet:
    """A table, a question about it, and the cells (row, column) that answer it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    question: str
    cells: tuple[tuple[int, int], ...]
    aggregation: str
    kind: str

    @property
    def key(self) -> str:
        return f"{self.columns} {self.rows}"


def is_held_out(sheet: Sheet) -> bool:
    """One table in ten."""
    return hashlib.sha256(sheet.key.encode()).digest()[0] < 26


class Sheets:
    """Endless tables with a question each; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - exercises, not secrets

    def sheets(self, *, held_out: bool = False) -> Iterator[Sheet]:
        """Those to train on, or those to test with."""
        while True:
            made = self._one()
            if made and is_held_out(made) == held_out:
                yield made

    def _one(self) -> Sheet | None:
        about = self.random.choice(list(ABOUT))
        values, many = ABOUT[about]
        count = self.random.choice((2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 10, 12))
        names = self.random.sample(values, count)
        others = self.random.sample(
            [*WORDS, *NUMBERS, *NUMBERS], self.random.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 7))
        )
        others = list(dict.fromkeys(others))
        columns = (about, *others)
        filled = [names, *(self._column(name, count) for name in others)]
        rows = tuple(zip(*filled, strict=True))
        kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
        numbers = [name for name in others if name in NUMBERS]
        words = [name for name in others if name in WORDS]
        aggregation = NONE
        cells: tuple[tuple[int, int], ...]
        if kind == "lookup":
            column, row = self.random.choice(others), self.random.randrange(count)
            ways = (*LOOKUP, *ASIDE.get(column, ()), *ASIDE.get(column, ()))
            question = self.random.choice(ways).format(column=column, one=names[row])
            cells = ((row, columns.index(column)),)
        elif kind == "extreme" and numbers:
            column = self.random.choice(numbers)
            found = [int(value) for value in filled[columns.index(column)]]
            best, ways = self.random.choice(((max(found), MOST), (min(found), LEAST)))
            if found.count(best) > 1:
                return None
            question = self.random.choice(ways).format(about=about, column=column)
            cells = ((found.index(best), 0),)
        elif kind == "whose" and words:
            column = self.random.choice(words)
            there = filled[columns.index(column)]
            value = self.random.choice(there)
            if there.count(value) > 1 or value in names:
                return None
            question = self.random.choice(WHOSE).format(about=about, column=column, value=value)
            cells = ((there.index(value), 0),)
        elif kind == "all":
            aggregation = self.random.choice((SUM, AVERAGE, COUNT) if numbers else (COUNT,))
            column = about if aggregation == COUNT else self.random.choice(numbers)
            question = self.random.choice(OVER_ALL[aggregation]).format(column=column, many=many)
            cells = tuple((row, columns.index(column)) for row in range(count))
        else:
            return None
        return Sheet(columns, rows, question, cells, aggregation, kind)

    def _column(self, name: str, count: int) -> list[str]:
        if name in WORDS:
            return [self.random.choice(WORDS[name]) for _ in range(count)]
        low, high = NUMBERS[name]
        return [str(self.random.randint(low, high)) for _ in range(count)]


def held_out() -> list[Sheet]:
    """Tables that are never trained on."""
    made = Sheets(999).sheets(held_out=True)
    return [next(made) for _ in range(TESTED)]
