"""How much of what belongs to somebody is found, and how often something that belongs to nobody is taken for it."""

from __future__ import annotations

import itertools
import time
from collections import Counter

import pytest

from hf_nb.plumbing import personal
from tests.plumbing.personal_corpus import clean, planted

NUMBER = 300
RECALL = {"email": 0.98, "phone": 0.85, "card": 0.98, "iban": 0.98, "ip": 0.98, "id": 0.95}
FALSE_ALARMS = 0.02  # of clean texts


def test_of_planted_texts_nearly_all_are_found_and_what_is_found_is_all_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    there, found, missed = Counter[str](), Counter[str](), []
    for text, kind, value in planted(NUMBER):
        there[kind] += 1
        whole = any(value in said for _, said in personal.found(text))
        found[kind] += whole
        if not whole:
            missed.append((kind, text, [*personal.found(text)]))
    with capsys.disabled():
        said = ", ".join(f"{kind} {found[kind]} of {there[kind]}" for kind in there)
        print(f"\npersonal data found: {said}; {sum(found.values())} of {NUMBER} in all")
    assert {
        kind: found[kind] / there[kind] for kind in there if found[kind] / there[kind] < RECALL[kind]
    } == {}, missed


def test_of_clean_texts_nearly_none_is_taken_for_somebodys(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [(text, hits) for text in clean(NUMBER) if (hits := [*personal.found(text)])]
    with capsys.disabled():
        print(f"\nfalse alarms: {len(wrong)} of {NUMBER} clean texts")
    assert len(wrong) <= FALSE_ALARMS * NUMBER, wrong


@pytest.mark.parametrize(
    "text",
    [
        "0" * 200_000, "1 2 3 " * 60_000, "@" * 200_000, "a@" * 100_000, "+1(" * 80_000, "00 1 " * 50_000,
        "GB82 " * 50_000, "tel " * 50_000, "1.1.1.1 " * 30_000, ":" * 200_000, "[" * 200_000,
        "+44 7700 900123 " * 10_000,
    ],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_hostile_texts_take_time_in_proportion_to_their_length(text: str) -> None:
    def took(part: str) -> float:
        began = time.process_time()
        sum(1 for _ in personal.places(part))
        return time.process_time() - began

    took(text[:1000])
    short, long = min(took(text[: len(text) // 8]) for _ in range(2)), took(text)
    assert long < max(0.05, 32 * short), (short, long)


def test_places_are_in_the_text_and_none_overlap() -> None:
    for text, _, _ in planted(NUMBER):
        joined = f"{text} {text}"
        spans = sorted((start, end) for _, start, end in personal.places(joined))
        assert all(0 <= start < end <= len(joined) for start, end in spans)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


@pytest.mark.parametrize("address", ["ana@empresa.com.py", "ion.popa@firma.md", "rosa@empresa.com.br"])
def test_an_address_of_any_country_is_one(address: str) -> None:
    assert [*personal.found(f"Write to {address}.")] == [("email", address)]
