"""The five jobs: right answers to learn from, and inputs for the test that are never learned from."""

from datetime import date
from itertools import islice

import pytest

from hf_nb.offline.content.trainers import rewriting
from hf_nb.offline.content.trainers.sequences import framed

WORDS = ["value", "window", "object", "entry", "class", "branch", "default", "mode"]


def test_no_tested_input_is_trained_on() -> None:
    trained = {source for source, _ in islice(rewriting.Rewriting(4, WORDS).pairs(), 30_000)}
    tested = rewriting.held_out(WORDS)
    assert set(tested) == {*rewriting.JOBS, "exact_match"}
    for job, pairs in tested.items():
        assert len({source for source, _ in pairs}) == len(pairs) >= 55, job
        assert trained.isdisjoint(source for source, _ in pairs)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "zero"),
        (21, "twenty-one"),
        (305, "three hundred and five"),
        (1000, "one thousand"),
        (4007, "four thousand and seven"),
        (9999, "nine thousand nine hundred and ninety-nine"),
    ],
)
def test_numbers_are_spelled_as_people_do(number: int, text: str) -> None:
    assert rewriting.spelled(number) == text


def test_days_are_written_in_words() -> None:
    assert rewriting.dates(date(2024, 3, 3))[0] == "March 3rd 2024"
    assert [rewriting.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd",
    ]  # fmt: skip


def test_the_rules_give_the_hand_written_plurals() -> None:
    assert {(noun, rewriting.plural(noun)) for noun, _ in rewriting.nouns()} == set(rewriting.nouns())


def test_the_tokenizer_gives_back_what_it_was_given() -> None:
    tokenizer = framed(rewriting.letters())
    texts = [text for pair in islice(rewriting.Rewriting(4, WORDS).pairs(), 2000) for text in pair]
    assert [t for t in texts if tokenizer.decode(tokenizer.encode(t).ids) != t] == []
