"""Names: none that is measured on is ever trained on, and every mark stands where its name does."""

import re
from itertools import islice

import pytest

from hf_nb.offline.content.trainers import entities, tagging
from hf_nb.offline.content.trainers.grammar import TEXTS


@pytest.fixture(scope="module")
def made() -> list[entities.Marked]:
    return list(islice(entities.Entities(5, ["window", "perhaps"]).sentences(), 5000))


def test_no_word_of_a_held_out_name_is_in_the_training_data(made: list[entities.Marked]) -> None:
    assert len(entities.held_out_words()) > 80
    shown = {word for sentence in made for word in re.findall(r"\w+", sentence.text)}
    assert shown.isdisjoint(entities.held_out_words())


def test_no_hand_written_sentence_fits_a_template() -> None:
    def bare(text: str) -> str:
        return re.sub(r"\[[^]]+\]|\{\w+\}", "_", text)

    lines = (TEXTS / "entities_en_test.txt").read_text("utf-8").splitlines()
    lists = entities.read_lists()
    templates = {bare(line) for section in ("templates", "plain") for line in lists[section]}
    assert templates.isdisjoint(bare(line) for line in lines if "[" in line)


def test_marks_are_where_names_are(made: list[entities.Marked]) -> None:
    spans = [s.text[begin:end] for s in made for begin, end, _ in s.spans]
    assert len(spans) > 5000
    assert all(name[0].isupper() and name == name.strip() for name in spans)


def test_a_marked_line_is_read_back() -> None:
    found = entities.unmark("[PER Ann Lee] left [LOC Rome].")
    assert found == entities.Marked("Ann Lee left Rome.", ((0, 7, "PER"), (13, 17, "LOC")))


def test_a_span_counts_only_where_ends_and_kind_are_right() -> None:
    sentences = [entities.unmark("[PER Ann Lee] left [LOC Rome].")]
    half = tagging.figures(lambda _: {(0, 7, "PER"), (13, 17, "ORG")}, sentences)
    assert half["f1"] == pytest.approx(0.5)
    assert tagging.figures(lambda _: {(0, 3, "PER")}, sentences)["f1"] < 0.01
