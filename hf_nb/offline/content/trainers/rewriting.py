"""Five small jobs for one model that rewrites, each named by a word in front (`plural: city` -> `cities`).

    plural    regular plurals                reverse   a word backwards
    digits    number words to digits         words     digits to number words
    date      a written date to ISO 8601

What is held out never depends on chance: an input belongs to the test by a hash of it, and plurals are tested on
nouns written down by hand, which are struck out of the words to learn from.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from hf_nb.offline.content.trainers.sequences import SPECIAL, UNKNOWN, Pair

if TYPE_CHECKING:
    from tokenizers import Tokenizer

JOBS = ("plural", "reverse", "digits", "words", "date")
UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
MONTHS = "January February March April May June July August September October November December".split()
FIRST_DAY, DAYS = date(1950, 1, 1), 36524
ENDINGS = ("y", "y", "y", "y", "ay", "ey", "x", "x", "s", "ss", "ch", "sh", "se", "ge")
TESTED = 100  # inputs of each job
NOUNS = """
city cities; lady ladies; penny pennies; puppy puppies; berry berries; diary diaries; gallery galleries; pony ponies;
boy boys; monkey monkeys; valley valleys; trolley trolleys; holiday holidays; donkey donkeys; journey journeys;
box boxes; fox foxes; tax taxes; mix mixes; bus buses; glass glasses; dress dresses; boss bosses; virus viruses;
brush brushes; dish dishes; wish wishes; bush bushes; church churches; bench benches; peach peaches; sandwich
sandwiches; dog dogs; cat cats; tree trees; house houses; horse horses; orange oranges; pencil pencils; garden gardens;
window windows; river rivers; mountain mountains; teacher teachers; doctor doctors; farmer farmers; button buttons;
lamp lamps; ship ships; guitar guitars; apple apples; bridge bridges; planet planets; pillow pillows; kitten kittens;
carpet carpets; hammer hammers; candle candles; rabbit rabbits; ticket tickets
"""


def nouns() -> list[Pair]:
    """Hand-written nouns and their plurals."""
    pairs = (entry.split() for entry in NOUNS.split(";"))
    return [(one, many) for one, many in pairs]


def plural(noun: str) -> str:
    """By the regular rules of spelling."""
    if noun[-1] == "y" and noun[-2:-1] not in {"a", "e", "o", "u"}:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def spelled(number: int) -> str:
    """Below ten thousand, as in British English: three hundred and five."""
    if number >= 1000:
        rest = number % 1000
        joined = f" and {spelled(rest)}" if 0 < rest < 100 else f" {spelled(rest)}" if rest else ""
        return f"{spelled(number // 1000)} thousand{joined}"
    if number >= 100:
        return f"{UNITS[number // 100]} hundred" + (f" and {spelled(number % 100)}" if number % 100 else "")
    if number >= 20:
        return TENS[number // 10 - 2] + (f"-{UNITS[number % 10]}" if number % 10 else "")
    return UNITS[number]


def dates(day: date) -> list[str]:
    """The ways to write a day that it reads."""
    month = MONTHS[day.month - 1]
    return [
        f"{month} {ordinal(day.day)} {day.year}",
        f"{day.day} {month} {day.year}",
        f"{month[:3]} {day.day}, {day.year}",
        f"the {ordinal(day.day)} of {month} {day.year}",
    ]


def ordinal(number: int) -> str:
    """1st, 2nd, 11th."""
    ending = "th" if number in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def is_held_out(job: str, key: str) -> bool:
    """One input in ten; the numbers to twenty are words to learn, not cases to work out."""
    known = key.isdigit() and int(key) <= 20
    return not known and hashlib.sha256(f"{job} {key}".encode()).digest()[0] < 26


class Rewriting:
    """Endless pairs of the five jobs; the same seed gives the same ones."""

    def __init__(self, seed: int, words: list[str]) -> None:
        self.random = Random(seed)  # noqa: S311 - exercises, not secrets
        tested = {noun for pair in nouns() for noun in pair}
        self.words = [word for word in words if word not in tested and word[-1] != "s"]
        self.made = {
            "plural": self._plural,
            "reverse": self._reverse,
            "digits": self._digits,
            "words": self._words,
            "date": self._date,
        }

    def pairs(self) -> Iterator[Pair]:
        while True:
            job = self.random.choices(JOBS, (4, 4, 4, 4, 4))[0]
            yield self.one(job, held_out=False)

    def one(self, job: str, *, held_out: bool) -> Pair:
        """A pair of the side that is asked for."""
        while True:
            key, text, answer = self.made[job]()
            if is_held_out(job, key) == held_out:
                return f"{job}: {text}", answer

    def _word(self) -> str:
        """A word, or the begin of one with the end of another; now and then any letters."""
        if self.random.random() < 0.3:
            return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz", k=self.random.randint(2, 8)))
        first, second = self.random.choices(self.words, k=2)
        word = first if self.random.random() < 0.3 else first[: self.random.randint(1, 4)] + second[-4:]
        return word[:8]

    def _plural(self) -> tuple[str, str, str]:
        while True:
            noun = self._word()
            if self.random.random() < 0.5:
                noun = noun[:5] + self.random.choice(ENDINGS)
            if all(noun not in pair for pair in nouns()):
                return noun, noun, plural(noun)

    def _reverse(self) -> tuple[str, str, str]:
        word = self._word()
        return word, word, word[::-1]

    def _number(self) -> int:
        return self.random.randrange(10 ** self.random.choice((1, 2, 3, 3, 4, 4)))

    def _digits(self) -> tuple[str, str, str]:
        number = self._number()
        return str(number), spelled(number), str(number)

    def _words(self) -> tuple[str, str, str]:
        number = self._number()
        return str(number), str(number), spelled(number)

    def _date(self) -> tuple[str, str, str]:
        day = FIRST_DAY + timedelta(days=self.random.randrange(DAYS))
        return str(day), self.random.choice(dates(day)), str(day)


def held_out(words: list[str]) -> dict[str, list[Pair]]:
    """Unseen inputs of every job, and all of them together."""
    made = Rewriting(999, words)
    found: dict[str, list[Pair]] = {}
    for job in JOBS:
        unseen: dict[str, str] = {}
        while len(unseen) < TESTED:
            text, answer = made.one(job, held_out=True)
            unseen[text] = answer
        found[job] = list(unseen.items())
    found["plural"] = [(f"plural: {one}", many) for one, many in nouns()]
    found["exact_match"] = [pair for pairs in found.values() for pair in pairs]
    return found


def letters() -> "Tokenizer":
    """Letters and figures one by one; number words, months and the jobs' names as wholes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    whole = [*UNITS, *TENS, "hundred", "thousand", "and", *MONTHS, "the", "of", *(f"{job}:" for job in JOBS)]
    single = [chr(code) for code in range(ord("!"), ord("~") + 1)]
    pieces = [*SPECIAL, *dict.fromkeys([*whole, *single, *(f"##{word}" for word in (*UNITS[1:10], *single))])]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN))
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    return tokenizer
