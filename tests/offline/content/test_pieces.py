"""A demo model is the same one each time it is trained on this machine: its word pieces are, and so its weights."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_nb.offline.content.trainers import pieces

TRAIN = """
import sys
from pathlib import Path
import torch
torch.set_num_threads(1)
from hf_nb.offline.content.trainers import sentiment
from hf_nb.offline.content.trainers.grammar import Language
sentiment.train(sentiment.Plan(Language("en", article_an=True), vocabulary=1200, steps=12), Path(sys.argv[1]))
"""


@pytest.mark.slow  # PyTorch is loaded twice
def test_two_trainings_in_two_processes_give_the_same_files(tmp_path: Path) -> None:
    seen = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-c", TRAIN, str(folder)],
            check=True,
            timeout=100,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        seen.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())})
    assert {"model.safetensors", "tokenizer.json"} <= set(seen[0])
    assert seen[0] == seen[1]


def test_the_most_frequent_pair_is_joined_first_and_equal_ones_by_the_alphabet() -> None:
    known, merges = pieces.learned(Counter({"abab": 3, "cd": 3, "xy": 9}), 100, special=["[PAD]"])
    assert merges[:3] == [("x", "y"), ("a", "b"), ("ab", "ab")]
    assert ("c", "d") in merges
    assert known["[PAD]"] == 0
    assert list(known.values()) == list(range(len(known)))


WORDS = st.dictionaries(st.text("abcdé", min_size=1, max_size=8), st.integers(1, 50), min_size=1, max_size=30)


@given(WORDS, st.integers(8, 60))
def test_every_word_can_be_read_with_what_was_learned_and_the_order_of_counting_does_not_matter(
    counted: dict[str, int], size: int
) -> None:
    known, merges = pieces.learned(Counter(counted), size, special=["[UNK]"], inside="##")
    turned = Counter(dict(reversed(counted.items())))
    assert pieces.learned(turned, size, special=["[UNK]"], inside="##") == (known, merges)
    for word in counted:
        assert word[0] in known
        assert all(f"##{letter}" in known for letter in word[1:])


@given(WORDS)
def test_joining_is_what_a_count_from_scratch_would_join(counted: dict[str, int]) -> None:
    spelled = {word: list(word) for word in counted}
    _, merges = pieces.learned(Counter(counted), 10_000, special=[])
    for merge in merges:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in spelled.items():
            for pair in itertools.pairwise(parts):
                pairs[pair] += counted[word]
        assert merge == min(pairs, key=lambda pair: (-pairs[pair], pair))
        for word, parts in spelled.items():
            spelled[word] = pieces._joined(parts, merge, "".join(merge))
