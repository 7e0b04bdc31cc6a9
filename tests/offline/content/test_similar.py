"""Sentence vectors: partners to be found are new, and the figures mean what they say."""

from itertools import islice
from random import Random

import numpy

from hf_nb.offline.content.trainers import masked, similar


def test_no_text_of_the_documentation_to_be_found_was_trained_on() -> None:
    unseen = similar.unseen_documentation()
    trained = set(similar.documented(masked.training_texts()))
    texts = {text for pair in trained for text in pair}
    assert len(unseen) > 250
    assert texts.isdisjoint(text for pair in unseen for text in pair)


def test_every_text_to_be_found_is_there_once() -> None:
    firsts, rests = zip(*similar.unseen_documentation(), strict=True)
    assert len(set(firsts)) == len(firsts)
    assert len(set(rests)) == len(rests)


def test_no_hand_written_sentence_is_trained_on() -> None:
    random = Random(3)  # noqa: S311 - sentences, not secrets
    made = {
        similar.plain(text)
        for group in islice(similar.paraphrases(random), 3000)
        for pair in group
        for text in pair
    }
    written = {similar.plain(text) for t in similar.triples() for text in (t.anchor, t.near, t.far)}
    assert len(written) == 120
    assert made.isdisjoint(written)


def test_retrieval_counts_a_tie_as_lost() -> None:
    answers = numpy.eye(3)
    assert similar.retrieval(answers, answers) == {"accuracy_at_1": 1.0, "mrr": 1.0}
    assert similar.retrieval(numpy.ones((3, 3)), answers) == {"accuracy_at_1": 0.0, "mrr": 1 / 3}
