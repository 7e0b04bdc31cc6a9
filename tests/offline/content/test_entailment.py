"""Sentence pairs: unseen labels are unseen, and a generated label is what its pair says."""

import re
from itertools import islice

import pytest

from hf_nb.offline.content.trainers import entailment
from hf_nb.offline.content.trainers.scenes import CONTRADICTION, ENTAILMENT, LABELS, NEUTRAL, Pair

PLAN = entailment.Plan()


@pytest.fixture(scope="module")
def made() -> list[Pair]:
    return list(islice(entailment.pairs(PLAN), 20_000))


def test_no_word_of_the_unseen_topics_is_in_the_training_data(made: list[Pair]) -> None:
    _, unseen = entailment.topic_tests()
    held_out = entailment.held_out_words()
    assert {label for _, label in unseen} <= held_out
    assert len(held_out) > 120
    shown = {
        word for pair in made for word in re.findall("[a-z]+", f"{pair.premise} {pair.hypothesis}".lower())
    }
    assert shown.isdisjoint(held_out)


def test_every_unseen_text_has_words_that_are_held_out() -> None:
    for text, _ in entailment.topic_tests()[1]:
        assert len(entailment.words(text) & entailment.held_out_words()) >= 2, text


def test_no_hand_written_text_or_pair_is_trained_on(made: list[Pair]) -> None:
    written = {text for tests in entailment.topic_tests() for text, _ in tests}
    assert written.isdisjoint(pair.premise for pair in made)
    assert set(entailment.pair_tests()).isdisjoint(made)


def test_every_label_is_measured_on_as_many_texts_and_pairs() -> None:
    for tests in entailment.topic_tests():
        labels = [label for _, label in tests]
        assert {labels.count(label) for label in labels} == {6}
    labels = [pair.label for pair in entailment.pair_tests()]
    assert {labels.count(label) for label in LABELS} == {22}


def test_all_three_labels_are_trained_on(made: list[Pair]) -> None:
    shares = {label: sum(pair.label == label for pair in made) / len(made) for label in LABELS}
    assert shares[NEUTRAL] > 0.1
    assert min(shares[ENTAILMENT], shares[CONTRADICTION]) > 0.3


def test_saying_not_to_what_was_said_is_a_contradiction(made: list[Pair]) -> None:
    denied = [
        pair for pair in made if pair.hypothesis.replace(" not ", " ") == pair.premise != pair.hypothesis
    ]
    assert len(denied) > 50
    assert {pair.label for pair in denied} == {CONTRADICTION}


def test_the_same_seed_gives_the_same_pairs(made: list[Pair]) -> None:
    assert list(islice(entailment.pairs(PLAN), 500)) == made[:500]
