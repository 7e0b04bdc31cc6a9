"""The adapter: it is built on what the base knows, and what it is measured on is new."""

import re
from itertools import islice

import pytest

from hf_nb.offline.content.models import sentiment_en
from hf_nb.offline.content.models.sentiment_en_slang_lora import PLAN
from hf_nb.offline.content.trainers import adapter
from hf_nb.offline.content.trainers.grammar import read_hand_written
from hf_nb.offline.content.trainers.networks import modernbert_shapes, parameters, start

pytestmark = pytest.mark.slow


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def test_no_hand_written_sentence_is_trained_on() -> None:
    written = read_hand_written(PLAN.language.code)
    made = {plain(s.text) for s in islice(adapter._sentences(PLAN, ["window", "seven"]), 10_000)}
    assert len(written) == 80
    assert made.isdisjoint(plain(text) for text, _ in written)


def test_half_of_what_it_is_measured_on_is_praise() -> None:
    labels = [label for _, label in read_hand_written(PLAN.language.code)]
    assert labels.count("positive") == labels.count("negative")


def test_every_matrix_it_changes_is_one_of_the_base() -> None:
    for name, (out, into) in adapter.adapted(PLAN).items():
        whole = _base_shapes()[f"{name}.weight"]
        assert whole == ((into, out) if name == adapter.EMBEDDINGS else (out, into))


def test_at_first_the_base_answers_as_ever() -> None:
    import torch

    frozen = start(_base_shapes(), 1)
    merged = adapter.merged(PLAN, frozen, adapter._start(PLAN, frozen))
    assert merged.keys() == frozen.keys()
    assert all(torch.equal(merged[name], frozen[name]) for name in frozen)


def test_it_is_far_smaller_than_its_base() -> None:
    assert adapter.size(PLAN) * 5 < parameters(_base_shapes())


def _base_shapes() -> dict[str, tuple[int, ...]]:
    base = sentiment_en.PLAN
    return modernbert_shapes(
        vocabulary=base.vocabulary, size=base.size, layers=base.layers, hidden=base.hidden, labels=2
    )
