"""Questions: the answer stands where it is said to stand, and held-out names are never shown."""

import re
from itertools import islice

import pytest

from hf_nb.offline.content.trainers import answers, reading


@pytest.fixture(scope="module")
def made() -> list[answers.Question]:
    return list(islice(reading.exercises(5).questions(), 3000))


def test_held_out_names_are_never_trained_on(made: list[answers.Question]) -> None:
    shown = {word for q in made for word in re.findall(r"\w+", f"{q.text} {q.passage}")}
    assert shown.isdisjoint(answers.held_out_names())
    assert shown.isdisjoint(set().union(*reading.names(held_out=True)))


def test_held_out_statements_and_questions_are_never_trained_on(made: list[answers.Question]) -> None:
    starts = ("Where is the home of", "Where was the", "What does", "How many")
    _, blocks = answers.read_lists()
    held = [re.sub(r"\{[\w+]+\}", ".+", q.text).replace("?", r"\?") for b in blocks for q in b.held_questions]
    assert len(held) > 5
    patterns = [re.compile(pattern) for pattern in held if pattern.startswith(starts[0])]
    assert patterns
    assert not [q.text for q in made for pattern in patterns if pattern.fullmatch(q.text)]
    for block in blocks:
        assert not set(block.statements) & set(block.held_statements)
        assert not {q.text for q in block.questions} & {q.text for q in block.held_questions}


def test_an_answer_is_a_whole_word_of_its_passage(made: list[answers.Question]) -> None:
    for question in made:
        around = (
            question.passage[question.begin - 1 : question.begin]
            + question.passage[question.end : question.end + 1]
        )
        assert not question.answer or not re.search(r"\w", around), question


def test_some_questions_have_no_answer(made: list[answers.Question]) -> None:
    assert 0.08 < sum(not q.answer for q in made) / len(made) < 0.2
    assert sum(not q.answer for q in answers.hand_written()) >= 5


def test_hand_written_answers_are_in_their_passages() -> None:
    assert len(answers.hand_written()) >= 55
    assert all(q.answer in q.passage for q in answers.hand_written())


@pytest.mark.parametrize(
    ("given", "wanted", "score"),
    [("the green coat", "green coat", 1.0), ("coat", "green coat", 2 / 3), ("", "", 1.0), ("Ann", "", 0.0)],
)
def test_shared_words_are_counted_without_articles(given: str, wanted: str, score: float) -> None:
    assert reading._shared(reading._plain(given), reading._plain(wanted)) == pytest.approx(score)
