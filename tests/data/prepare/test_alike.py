"""`duplicates` and `leakage`: what was planted is found, and nothing else; what is found equals a comparison of all."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data.files.kept import Kept
from hf_nb.data.preparing import alike, shingles
from hf_nb.errors import BadInput, Costly, NotFound
from hf_nb.offline.running import Running
from tests.hub.pulling import own_cache

LEAKS = "hfnb-lab/reviews-with-leaks"
WORDS = [
    f"{a}{b}"
    for a in ("ka", "lo", "mi", "ne", "pu", "ra")
    for b in ("dot", "fin", "gar", "hum", "jet", "sol")
]


@pytest.fixture
def planted(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[tuple[int, int]]]:
    """Pairs of rows, by kind."""
    own_cache(tmp_path / "cache", monkeypatch)
    pulled = hf_nb.pull(LEAKS, "planted.json", kind="dataset")
    said = json.loads(Path(pulled.path).read_text("utf-8"))
    return {kind: {(_row(a), _row(b)) for a, b in pairs} for kind, pairs in said.items()}


def _row(name: str) -> int:
    return int(name.rpartition("-")[2])


def texts(count: int, dice: random.Random, words: int = 40) -> list[str]:
    return [" ".join(dice.choices(WORDS, k=words)) for _ in range(count)]


def test_rows_that_were_planted_twice_are_found_and_no_others(
    planted: dict[str, set[tuple[int, int]]],
) -> None:
    found = hf_nb.data.duplicates(LEAKS, split="train")
    assert {one.rows for one in found} == {tuple(sorted(pair)) for pair in planted["twice"]}
    assert {one.how for one in found} == {"exact"}
    assert (found.exact, found.near, found.groups) == (60, 0, 60)
    assert list(found.extra) == sorted(max(pair) for pair in planted["twice"])
    assert found.looked.columns == ("text", "stars")
    assert found.looked.rows == found.looked.of == 2060
    assert "Not compared: id" in str(found)


def test_rows_that_leaked_are_found_word_for_word_and_nearly(
    planted: dict[str, set[tuple[int, int]]],
) -> None:
    found = hf_nb.data.leakage(LEAKS)
    exact = {(one.source, one.row) for one in found if one.how == "exact"}
    near = {(one.source, one.row) for one in found if one.how == "near"}
    twice = {b: a for a, b in planted["twice"]}

    def first(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
        return {(min(a, twice.get(a, a)), b) for a, b in pairs}

    assert first(exact) == first(planted["leaked"])
    assert first(near) == first(planted["nearly"])  # every one, and nothing beside
    assert (found.exact, found.near) == (40, 50)
    assert found.tested.rows == 490
    assert "90 rows of test stand in train (18 %): 40 word for word, 50 nearly." in str(found)


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.9])
def test_near_rows_are_those_a_comparison_of_all_with_all_finds(threshold: float) -> None:
    dice = random.Random(4)  # noqa: S311 -- rows, not secrets
    rows = texts(120, dice)
    for at in range(60):  # copies with one to twelve words changed
        words = rows[at].split()
        for place in dice.sample(range(len(words)), 1 + at % 12):
            words[place] = dice.choice(WORDS)
        rows.append(" ".join(words))
    runs = [shingles.runs(shingles.plain(one)) for one in rows]
    truth = {
        (a, b)
        for a, b in combinations(range(len(rows)), 2)
        if shingles.likeness(runs[a], runs[b]) >= threshold
    }
    found = hf_nb.data.duplicates([{"text": one} for one in rows], threshold=threshold)
    pairs = {pair for one in found for pair in combinations(one.rows, 2)}
    assert len(truth) > 5
    assert len(truth & pairs) >= 0.98 * len(truth)
    assert all(one.likeness >= threshold for one in found)
    assert pairs <= _closed(truth)


def _closed(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """With what follows: alike to the same one."""
    groups: list[set[int]] = []
    for pair in pairs:
        met = [one for one in groups if one & set(pair)]
        groups = [one for one in groups if one not in met] + [set(pair).union(*met)]
    return {pair for one in groups for pair in combinations(sorted(one), 2)}


def test_capitals_and_full_stops_make_a_row_near_and_white_space_makes_it_the_same() -> None:
    rows = [
        {"t": "Hello there, my world"},
        {"t": "hello there my world!"},
        {"t": "Hello  there,\nmy world "},
        {"t": None},
    ]
    found = hf_nb.data.duplicates([*rows, {"t": None}])
    assert [(one.rows, one.how) for one in found] == [((0, 1, 2), "near"), ((3, 4), "exact")]
    assert (found.exact, found.near) == (2, 1)
    only = hf_nb.data.duplicates(rows, near=False)
    assert [one.rows for one in only] == [(0, 2)]
    assert only.threshold is None


def test_cells_are_compared_one_by_one_whatever_is_in_them() -> None:
    cells = [("x", "yz"), ("xy", "z"), (None, "yz"), ("", "yz"), ("x", "yz")]
    rows = [{"a": a, "b": b} for a, b in cells]
    assert [one.rows for one in hf_nb.data.duplicates(rows, near=False)] == [(0, 4)]
    nested = [{"n": [1, {"k": 1.5}]}, {"n": [1, {"k": 2.5}]}, {"n": [1, {"k": 1.5}]}]
    table = pa.table(
        {
            "n": [json.dumps(one["n"]) for one in nested],
            "l": [[1, 2], [1, 2], [1, 2]],
            "b": [b"\xff", b"", b"\xff"],
        }
    )
    assert [one.rows for one in hf_nb.data.duplicates(table, near=False)] == [(0, 2)]


def test_without_texts_in_memory_the_same_rows_are_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dice = random.Random(9)  # noqa: S311 -- rows, not secrets
    rows = texts(300, dice)
    rows += [one.replace("a", "o", 2) for one in rows[:40]]
    pa.parquet.write_table(pa.table({"text": rows}), tmp_path / "t.parquet", row_group_size=50)
    before = hf_nb.data.duplicates(tmp_path / "t.parquet")
    monkeypatch.setattr(alike, "KEPT", 1_000)
    after = hf_nb.data.duplicates(tmp_path / "t.parquet")
    assert before.near == 40
    assert [one.to_dict() for one in before] == [one.to_dict() for one in after]
    pa.parquet.write_table(pa.table({"text": rows[300:]}), tmp_path / "other.parquet")
    assert hf_nb.data.leakage(tmp_path / "t.parquet", tmp_path / "other.parquet").exact == 40
    assert hf_nb.data.leakage(pa.table({"text": rows[:300]}), tmp_path / "other.parquet").near == 40


def test_very_many_rows_that_are_all_alike_take_no_time_squared() -> None:
    rows = [
        {"text": f"the same words again and again, number {at}, and so on for a while", "n": at}
        for at in range(3000)
    ]
    rows += [{"text": "ok", "n": at} for at in range(3000)]
    found = hf_nb.data.duplicates(rows, threshold=0.7)
    assert [one.count for one in found] == [3000, 3000]
    assert len(found[0].rows) == 1000
    assert len(found.extra) == 5998


def test_what_cannot_be_is_refused(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_cache(tmp_path / "cache", monkeypatch)
    monkeypatch.setattr("hf_nb.data.files.remote.kept", Kept())  # nothing of an earlier test is here
    rows = [{"a": 1}, {"a": 1}]
    with pytest.raises(BadInput, match="threshold"):
        hf_nb.data.duplicates(rows, threshold=7)
    with pytest.raises(BadInput, match="no column 'b'"):
        hf_nb.data.duplicates(rows, columns="b")
    with pytest.raises(BadInput, match="no column in common"):
        hf_nb.data.leakage(rows, [{"b": 1}])
    with pytest.raises(BadInput, match="leaks into itself"):
        hf_nb.data.leakage(LEAKS, split="test")
    with pytest.raises(NotFound, match="no split"):
        hf_nb.data.leakage(LEAKS, tested_split="tset")
    with pytest.raises(Costly):
        hf_nb.data.duplicates(LEAKS, allow=1000)


def test_a_part_says_that_it_is_one_and_an_empty_table_has_nothing() -> None:
    rows = [{"a": "x"}, {"a": "y"}, {"a": "x"}]
    found = hf_nb.data.duplicates(rows, limit=2)
    assert not len(found)
    assert found.looked.rows == 2
    assert "2 of 3 rows" in str(found)
    empty = hf_nb.data.duplicates(pa.table({"a": pa.array([], "string")}))
    assert "No row stands there twice, not even nearly." in str(empty)
    assert "No row of" in str(
        hf_nb.data.leakage(pa.table({"a": ["x"]}), pa.table({"a": pa.array([], "string")}))
    )


def test_strange_texts_do_no_harm() -> None:
    rows = [
        {"<b>": "<script>alert(1)</script>" * 3},
        {"<b>": "<script>alert(1)</script>" * 3},
        {"<b>": "\0\u202e🦀"},
        {"<b>": "\0\u202e🦀"},
    ]
    found = hf_nb.data.duplicates(rows)
    html = found._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert "\u202e" not in html
    assert found.exact == 2
