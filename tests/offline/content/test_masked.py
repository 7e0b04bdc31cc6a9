"""Masked words: what is asked for was never read."""

import pytest

from hf_nb.offline.content.trainers import encoder, masked

pytestmark = pytest.mark.slow

PLAN = masked.Plan()


@pytest.fixture(scope="module")
def asked() -> list[masked.Question]:
    known = sorted({word.lower() for text in masked.test_texts() for word in text.split()})
    return masked.questions(PLAN, encoder.wordpiece_of(known))


def test_no_passage_that_is_asked_about_was_trained_on() -> None:
    trained = set(masked.training_texts())
    assert len(trained) > 3000
    assert trained.isdisjoint(masked.test_texts())


def test_no_neighbourhood_that_is_asked_about_stands_in_the_training_text(
    asked: list[masked.Question],
) -> None:
    trained = "\n".join(" ".join(text.split()) for text in masked.training_texts()).lower()
    assert len(asked) == PLAN.questions
    for question in asked[:100]:
        before, after = (part.split() for part in question.text.lower().split("[mask]"))
        near = " ".join([*before[-masked.NEAR :], question.answer, *after[: masked.NEAR]])
        assert f" {near} " not in trained


def test_the_masked_word_is_out_of_sight(asked: list[masked.Question]) -> None:
    assert all(question.text.split().count("[MASK]") == 1 for question in asked)
