"""French by rules: agreement and elision, and combinations kept for the test."""

from itertools import islice, pairwise

import pytest

from hf_nb.offline.content.trainers import translation


@pytest.fixture(scope="module")
def french() -> dict[str, str]:
    return dict(islice(translation.Translation(2).pairs(), 20_000))


def test_no_tested_sentence_is_trained_on(french: dict[str, str]) -> None:
    pairs = translation.held_out()["exact_match"]
    assert len(pairs) == translation.TESTED
    assert not french.keys() & dict(pairs).keys()


def test_a_tested_noun_and_adjective_never_meet_in_training(french: dict[str, str]) -> None:
    tested = [
        f"{a.english} {n.english[0]}"
        for n in translation.nouns()
        for a in translation.adjectives()
        if translation.is_tested(n.english[0], a.english)
    ]
    assert len(tested) > 40
    assert not [text for text in french for pair in tested if f" {pair} " in f" {text} "]


def test_articles_and_pronouns_are_cut_before_a_vowel(french: dict[str, str]) -> None:
    words = [word for text in french.values() for word in text.split()]
    for before, after in pairwise(words):
        assert before not in {"ne", "je"} or after[0] not in translation.VOWELS, f"{before} {after}"
    assert any(word.startswith("l'") for word in words)


def test_adjectives_agree() -> None:
    nouns = {noun.english[0]: noun for noun in translation.nouns()}
    words = {adjective.english: adjective for adjective in translation.adjectives()}
    assert words["white"].agreeing(nouns["house"], plural=True) == "blanches"
    assert words["happy"].agreeing(nouns["boy"], plural=True) == "heureux"
    assert words["grey"].agreeing(nouns["cat"], plural=True) == "gris"
