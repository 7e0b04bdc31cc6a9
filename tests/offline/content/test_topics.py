"""Topics: what is learned from and what is measured on stay apart."""

import re
from collections import Counter
from itertools import islice

from hf_nb.offline.content.trainers import topics


def sentences(count: int) -> list[tuple[str, int]]:
    return list(islice(topics.Topics(3, ["perhaps", "window", "seven"]).sentences(), count))


def test_no_hand_written_sentence_is_trained_on() -> None:
    written = {topics._plain(text) for text, _ in topics.read_hand_written()}
    assert len(written) == 120
    assert written.isdisjoint(topics._plain(text) for text, _ in sentences(5000))


def test_every_topic_is_measured_on_as_many_sentences() -> None:
    assert set(Counter(label for _, label in topics.read_hand_written()).values()) == {15}


def test_every_sentence_holds_something_of_its_own_topic() -> None:
    lists = topics.read_word_list()
    for text, label in sentences(300):
        entries = [entry for kind in lists[topics.LABELS[label]].values() for entry in kind]
        assert any(re.search(rf"\b{re.escape(entry)}\b", text) for entry in entries), text
