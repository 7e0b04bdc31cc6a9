"""`prepare`: what comes out is what the steps say, splits are fair and always the same, and a kill costs nothing."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data.preparing import expressions, journal, prepare
from hf_nb.data.preparing.splits import Splits
from hf_nb.errors import BadInput, HfNbError, Stopped
from hf_nb.offline.running import Running
from hf_nb.plumbing.session import current
from tests.hub.pulling import own_cache

ROWS = [{"id": at, "text": f"some words {at}", "stars": at % 5, "who": f"u{at // 7}"} for at in range(2_000)]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "ROWS", 300)


def read(folder: Path, split: str = "train") -> pa.Table:
    files = sorted((folder / "data").glob(f"{split}-*.parquet"))
    return pa.concat_tables([pa.parquet.read_table(one) for one in files])


def digests(folder: Path) -> dict[str, str]:
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in (folder / "data").iterdir()}


def test_sql_and_functions_do_the_same(tmp_path: Path) -> None:
    sql = hf_nb.data.prepare(
        ROWS, to=tmp_path / "a", filter="stars > 2 and length(text) > 12", map={"n": "length(text)"}
    )
    python = hf_nb.data.prepare(
        ROWS, to=tmp_path / "b", filter=lambda row: row["stars"] > 2 and len(row["text"]) > 12,
        map=lambda row: {"n": len(row["text"])},
    )  # fmt: skip
    expected = [
        {**row, "n": len(str(row["text"]))}
        for row in ROWS
        if int(str(row["stars"])) > 2 and len(str(row["text"])) > 12
    ]
    assert read(tmp_path / "a").to_pylist() == read(tmp_path / "b").to_pylist() == expected
    assert sql.splits == python.splits == (("train", len(expected)),)
    assert (sql.blocks, sql.resumed, len(sql)) == (7, 0, 7)
    assert sql.looked.all


def test_steps_go_in_order_and_a_column_is_replaced_where_it_stands(tmp_path: Path) -> None:
    hf_nb.data.prepare(
        ROWS, {"map": {"text": "upper(text)", "twice": lambda row: row["stars"] * 2}}, {"filter": "twice > 4"},
        to=tmp_path / "out", filter="stars < 4", columns="text,twice",
    )  # fmt: skip
    found = read(tmp_path / "out")
    assert found.column_names == ["text", "twice"]
    assert found.slice(0, 1).to_pylist() == [{"text": "SOME WORDS 3", "twice": 6}]
    assert found.num_rows == 400


def test_datasets_reads_it_with_its_labels(
    hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets = pytest.importorskip("datasets")
    own_cache(tmp_path / "cache", monkeypatch)
    made = hf_nb.data.prepare(
        "hfnb-demo/digits", of_split="test", to=tmp_path / "out", filter="label < 5",
        split={"train": 0.8, "test": 0.2}, stratify="label",
    )  # fmt: skip
    found = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "kept"))
    assert {name: len(found[name]) for name in found} == dict(made.splits)
    assert set(found["train"]["label"]) == set(range(5))
    known = hf_nb.data.open("hfnb-demo/digits", split="test").columns
    assert hf_nb.data.open(tmp_path / "out").columns == known
    assert found["train"].features["label"].names == list(known[1].labels)
    hf_nb.data.prepare(
        "hfnb-demo/digits", of_split="test", to=tmp_path / "b", map={"label": "label * 2", "n": "label"}
    )
    assert [one.kind for one in hf_nb.data.open(tmp_path / "b").columns] == ["image", "number", "number"]


def test_shares_are_kept_in_every_class_and_a_seed_says_which_rows(tmp_path: Path) -> None:
    how: dict[str, Any] = {"split": {"train": 0.8, "valid": 0.1, "test": 0.1}, "stratify": "stars"}
    hf_nb.data.prepare(ROWS, to=tmp_path / "a", **how)
    hf_nb.data.prepare(ROWS, to=tmp_path / "b", **how)
    hf_nb.data.prepare(ROWS, to=tmp_path / "c", seed=1, **how)
    for split, share in how["split"].items():
        assert Counter(read(tmp_path / "a", split)["stars"].to_pylist()) == dict.fromkeys(
            range(5), round(400 * share)
        )
    ids = {split: set(read(tmp_path / "a", split)["id"].to_pylist()) for split in how["split"]}
    assert len(set.union(*ids.values())) == 2_000
    assert digests(tmp_path / "a") == digests(tmp_path / "b") != digests(tmp_path / "c")
    assert len({at % 50 for at in ids["test"]}) > 40  # from all over the table, and no pattern in it


def test_groups_stay_on_one_side(tmp_path: Path) -> None:
    made = hf_nb.data.prepare(ROWS, to=tmp_path / "out", split={"train": 0.7, "test": 0.3}, group="who")
    train, test = (set(read(tmp_path / "out", split)["who"].to_pylist()) for split in ("train", "test"))
    assert not train & test
    assert len(train | test) == len({row["who"] for row in ROWS})
    assert 0.6 < dict(made.splits)["train"] / 2_000 < 0.8


def test_rounds_are_fair_for_any_shares() -> None:
    table = pa.table({"n": list(range(5_000))})
    for shares in ({"a": 1 / 3, "b": 2 / 3}, {"a": 0.05, "b": 0.95}, {"a": 0.123, "b": 0.377, "c": 0.5}):
        dealt = {name: rows.num_rows for name, rows in Splits(shares, 5).dealt(table)}
        assert all(abs(dealt[name] - 5_000 * share) <= 1 for name, share in shares.items())


def test_what_duplicates_found_can_be_left_out(tmp_path: Path) -> None:
    rows = [*ROWS, *({**row, "id": 5_000} for row in ROWS[:20])]
    found = hf_nb.data.duplicates(rows, columns="text", near=False)
    made = hf_nb.data.prepare(rows, to=tmp_path / "out", drop=found)
    assert made.splits == (("train", 2_000),)
    assert read(tmp_path / "out")["id"].to_pylist() == list(range(2_000))


def test_texts_become_tokens(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transformers = pytest.importorskip("transformers")
    own_cache(tmp_path / "cache", monkeypatch)
    rows = [{"text": "a good film"}, {"text": None}, {"text": "bad " * 50}]
    hf_nb.data.prepare(
        rows, to=tmp_path / "out", tokenize="text", tokenizer="hfnb-demo/sentiment-en", max_length=12
    )
    made = transformers.AutoTokenizer.from_pretrained("hfnb-demo/sentiment-en")
    found = read(tmp_path / "out")["input_ids"].to_pylist()
    expected = made(["a good film", "bad " * 50], truncation=True, max_length=12)["input_ids"]
    assert found == [expected[0], None, expected[1]]


SCRIPT = """
    import os, sys, time
    from pathlib import Path
    import hf_nb
    from hf_nb.data.preparing import prepare
    prepare.ROWS = 300

    def longer(row):
        if row["id"] >= 1000 and os.environ.get("HOLD"):
            time.sleep(60)
        return {"n": len(row["text"])}

    hf_nb.data.prepare(sys.argv[1], to=sys.argv[2], map=longer, filter="stars > 0",
                       split={"train": 0.9, "test": 0.1}, stratify="stars")
"""


def begin(script: Path, table: Path, to: Path, **more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(script), str(table), str(to)], env={**os.environ, **more})


def test_a_run_that_was_killed_goes_on_and_leaves_what_an_unbroken_one_does(tmp_path: Path) -> None:
    script, table = tmp_path / "run.py", tmp_path / "rows.parquet"
    script.write_text(textwrap.dedent(SCRIPT))
    pa.parquet.write_table(pa.Table.from_pylist(ROWS), table)
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    running = begin(script, table, broken, HOLD="1")
    lines = broken / journal.NAME
    until = time.monotonic() + 60
    while not (lines.exists() and len(lines.read_text().splitlines()) >= 4):
        assert running.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not digests(broken).keys() >= {"train-00006-of-00007.parquet"}
    there = {one.name: one.stat().st_mtime_ns for one in (broken / "data").iterdir()}
    (broken / "data" / "train-00003-of-00007.parquet.part").write_bytes(b"half of it")
    with lines.open("a") as into:
        into.write('{"block": 3, "ro')  # a line that was cut
    again, unbroken = begin(script, table, broken), begin(script, table, whole)
    assert again.wait(60) == unbroken.wait(60) == 0
    after = {one.name: one.stat().st_mtime_ns for one in (broken / "data").iterdir()}
    assert {name: after[name] for name in there} == there  # what was finished was not made again
    assert digests(broken) == digests(whole)


def test_a_run_that_is_stopped_from_outside_keeps_what_it_has(tmp_path: Path) -> None:
    def watched(row: dict[str, Any]) -> dict[str, Any]:
        if row["id"] == 700:
            current().jobs.seen()[0].stopping.set()
        return {"n": 1}

    with pytest.raises(Stopped):
        hf_nb.data.prepare(ROWS, to=tmp_path / "out", map=watched)
    assert len(digests(tmp_path / "out")) == 3
    assert current().jobs.seen()[0].state == "stopped"


def test_a_failing_function_says_where_and_what_was_finished_stays(tmp_path: Path) -> None:
    def bad(row: dict[str, Any]) -> dict[str, Any]:
        return {"n": 1 // (row["id"] - 1_500)}

    with pytest.raises(BadInput, match=r"near row 1,500: ZeroDivisionError"):
        hf_nb.data.prepare(ROWS, to=tmp_path / "out", map=bad)
    assert len(digests(tmp_path / "out")) == 5
    with pytest.raises(BadInput, match="other steps"):
        hf_nb.data.prepare(ROWS, to=tmp_path / "out", map={"n": "1"})
    with pytest.raises(
        BadInput, match="other steps"
    ):  # the function was mended: what it did before is not kept
        hf_nb.data.prepare(ROWS, to=tmp_path / "out", map=lambda row: {"n": 1 // (row["id"] + 1)})
    made = hf_nb.data.prepare(ROWS, to=tmp_path / "out", map={"n": "1"}, replace=True)
    assert made.splits == (("train", 2_000),)


def test_the_same_call_again_writes_nothing_and_a_lost_file_is_made_again(tmp_path: Path) -> None:
    first = hf_nb.data.prepare(ROWS, to=tmp_path / "out", filter="stars > 0")
    before = digests(tmp_path / "out")
    again = hf_nb.data.prepare(ROWS, to=tmp_path / "out", filter="stars > 0")
    assert (again.resumed, again.splits) == (7, first.splits)
    assert "all of it was there from before" in str(again)
    (tmp_path / "out" / "data" / "train-00002-of-00007.parquet").write_bytes(b"")
    mended = hf_nb.data.prepare(ROWS, to=tmp_path / "out", filter="stars > 0")
    assert mended.resumed == 2
    assert digests(tmp_path / "out") == before


def test_another_table_and_a_folder_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    hf_nb.data.prepare(ROWS, to=tmp_path / "out")
    with pytest.raises(BadInput, match="another table"):
        hf_nb.data.prepare([{**row, "text": "other"} for row in ROWS], to=tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years")
    for replace in (False, True):
        with pytest.raises(BadInput, match=r"other files: thesis\.tex"):
            hf_nb.data.prepare(ROWS, to=tmp_path / "mine", replace=replace)
    assert (tmp_path / "mine" / "thesis.tex").read_text() == "years"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"filter": "txt = 'a'"}, "txt"),
        ({"filter": "count(*) > 1"}, "aggregate"),
        ({"filter": "random() > 0.5"}, "something else every time"),
        ({"filter": "1; drop table t"}, ""),
        ({"filter": "text in (select 1)"}, "one row"),
        ({"map": {"n": "max(stars)"}}, "aggregate"),
        ({"map": {"n": "unnest([1, 2])"}}, ""),
        ({"map": {"n": "read_text('/etc/passwd')"}}, ""),
        ({"map": 3}, "names columns"),
        ({"map": {}}, "Which columns"),
        ({"filter": 3}, "condition"),
        ({"columns": "nope"}, "no column 'nope'"),
        ({"split": {"train": 0.5}}, "come to 0.5"),
        ({"split": {"../x": 1.0}}, "name of letters"),
        ({"stratify": "stars"}, "Into which splits"),
        ({"split": {"a": 0.5, "b": 0.5}, "stratify": "text", "group": "who"}, "cannot both"),
        ({"split": {"a": 0.5, "b": 0.5}, "stratify": "nope"}, "no column 'nope'"),
        ({"split": {"a": 0.5, "b": 0.5}, "stratify": "text"}, "names no classes"),
        ({"tokenize": "text"}, "Which tokenizer"),
        ({"map": lambda _: 5}, "returned a int"),
        ({"map": lambda row: {"n": row["id"] if row["id"] < 400 else "text"}}, ""),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_our_words(how: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(HfNbError) as caught:
        hf_nb.data.prepare(ROWS, to=tmp_path / "out", **how)
    assert said in str(caught.value)


def test_no_rows_and_no_rows_left_are_tables_too(tmp_path: Path) -> None:
    made = hf_nb.data.prepare(
        pa.table({"a": pa.array([], "string")}), to=tmp_path / "a", split={"train": 0.5, "test": 0.5}
    )
    assert made.splits == (("train", 0), ("test", 0))
    assert read(tmp_path / "a", "test").column_names == ["a"]
    hf_nb.data.prepare(ROWS, to=tmp_path / "b", filter="stars > 9")
    assert read(tmp_path / "b").num_rows == 0
    late = hf_nb.data.prepare(
        ROWS, to=tmp_path / "c", filter=lambda row: row["id"] > 1_000, map=lambda row: {"n": row["id"]}
    )
    assert late.splits == (("train", 999),)
    assert read(tmp_path / "c").schema.field("n").type == pa.int64()


def test_strange_names_are_columns_like_others(tmp_path: Path) -> None:
    rows = [{'a"b': at, "x.y": "t", "🦀": [at]} for at in range(10)]
    hf_nb.data.prepare(rows, to=tmp_path / "out", filter='"a""b" > 4', map={"x.y": 'upper("x.y")'})
    assert read(tmp_path / "out").to_pylist() == [{'a"b': at, "x.y": "T", "🦀": [at]} for at in range(5, 10)]


@pytest.mark.parametrize(
    "how",
    [
        {"filter": "label < 3"},
        {"map": {"twice": "label * 2"}},
        {"map": lambda row: {"n": row["label"]}, "columns": "n"},
        {"columns": "label"},
    ],
    ids=["filter", "map", "function", "columns"],
)
def test_rows_stay_in_the_split_they_are_of(
    how: dict[str, Any], hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_cache(tmp_path / "cache", monkeypatch)
    made = hf_nb.data.prepare("hfnb-demo/digits", of_split="test", to=tmp_path / "out", **how)
    assert [name for name, _ in made.splits] == ["test"]
    assert {one.name.partition("-")[0] for one in (tmp_path / "out" / "data").iterdir()} == {"test"}
    assert hf_nb.data.open(tmp_path / "out").origin.split == "test"
    again = hf_nb.data.prepare("hfnb-demo/digits", of_split="test", to=tmp_path / "out", **how)
    assert again.resumed == again.blocks


def test_tokens_keep_their_split_and_new_splits_have_the_names_that_were_given(
    hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets = pytest.importorskip("datasets")
    own_cache(tmp_path / "cache", monkeypatch)
    table = datasets.Dataset.from_list(ROWS[:40])
    splits = datasets.DatasetDict(
        {"train": table.select(range(30)), "test.hard": table.select(range(30, 40))}
    )
    how: dict[str, Any] = {"tokenize": "text", "tokenizer": "hfnb-demo/sentiment-en", "of_split": "test.hard"}
    kept = hf_nb.data.prepare(splits, to=tmp_path / "a", **how)
    assert kept.splits == (("test.hard", 10),)
    found = datasets.load_dataset(str(tmp_path / "a"), cache_dir=str(tmp_path / "kept"))
    assert {name: rows["id"] for name, rows in found.items()} == {"test.hard": list(range(30, 40))}
    dealt = hf_nb.data.prepare(splits, to=tmp_path / "b", split={"train": 0.5, "dev": 0.5}, **how)
    assert dealt.splits == (("train", 5), ("dev", 5))
    assert hf_nb.data.prepare(ROWS, to=tmp_path / "c").splits == (("train", 2_000),), "it is of no split"


def test_long_lists_of_values_leave_rows_in_their_order() -> None:
    """They are joins to DuckDB, which keeps no order where it works in several threads."""
    words = ["", "\\", "it's", None, "{x}", "two", "three"]
    rows = [{"id": at, "w": words[at % 7]} for at in range(60)]
    table = pa.concat_tables([pa.Table.from_pylist(rows[at : at + 25]) for at in (0, 25, 50)])
    test = "w IN ('it''s', '\\', '{x}', 'two', 'three') OR w IS NULL"
    right = [row["w"] != "" for row in rows]

    def often(_: int) -> int:
        found = (expressions.evaluated([test, "id"], table) for _ in range(100))
        return sum(met.to_pylist() != right or ids.to_pylist() != list(range(60)) for met, ids in found)

    with ThreadPoolExecutor(3) as threads:
        assert sum(threads.map(often, range(3))) == 0
