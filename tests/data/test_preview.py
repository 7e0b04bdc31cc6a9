# ruff: noqa: S608 -- the queries of these tests are the tests' own
"""`preview`, `cost`, `sql`, `quote`: rows of the offline Hub, of files and of memory, and what they moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas
import pyarrow as pa
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data import asking, rows
from hf_nb.data.files.kept import Kept
from hf_nb.errors import BadInput, Costly, HfNbError, NotFound, Refused
from hf_nb.magics import expand
from hf_nb.offline.running import Running
from hf_nb.values import Estimate, Rows
from tests.hub.pulling import own_cache

DIGITS = "hfnb-demo/digits"
TEXTS = [f"some words {at}" for at in range(1000)]


@pytest.fixture
def frame() -> pandas.DataFrame:
    return pandas.DataFrame({"n": range(1000), "score": [at / 7 for at in range(1000)], "text": TEXTS})


@pytest.fixture
def cached(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    """Nothing of an earlier test is here any more."""
    own_cache(tmp_path / "cache", monkeypatch)
    monkeypatch.setattr("hf_nb.data.files.remote.kept", Kept())
    return hub


def lines(wrong: HfNbError) -> list[str]:
    return wrong._render_traceback_()


def test_rows_of_a_dataset_come_without_the_whole(cached: Running) -> None:
    found = hf_nb.data.preview(DIGITS, split="test", limit=5)
    assert isinstance(found, Rows)
    assert len(found) == 5
    assert found.origin.revision
    assert found.origin.split == "test"
    assert found.moved > 0
    assert found.requests
    assert str(found).startswith(
        f"{DIGITS} · test · rows 0–4 of {found.total:,} · commit {found.origin.revision[:7]}"
    )
    assert found.further == f"%hf preview {DIGITS} --split test --offset 5 --limit 5"


def test_rows_anywhere_are_those_pyarrow_reads(frame: pandas.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pa.parquet.write_table(pa.Table.from_pandas(frame), path, row_group_size=100)
    found = hf_nb.data.preview(str(path), offset=345, limit=7, columns="text,n")
    assert found.to_arrow().equals(pa.parquet.read_table(path, columns=["text", "n"]).slice(345, 7))
    assert found.total == 1000
    assert found.left == 648


def test_a_signed_address_is_in_no_line_and_no_trace() -> None:
    signed = "https://ada:pass@example.org/a.parquet?X-Signature=s3cret"
    said = rows.line("preview", signed, {"offset": 20, "split": None})
    assert said == "--offset 20"
    assert "s3cret" not in rows.called(signed)
    assert "pass" not in rows.called(signed)


@pytest.mark.parametrize("what", ["a b.parquet", "x{y}.csv", "$HOME/x.csv", "it's.csv", "a\nb.csv"])
def test_a_line_to_go_on_can_be_typed_or_is_only_its_options(what: str) -> None:
    said = rows.line("preview", what, {"offset": 20, "where": ""})
    if said.startswith("%hf"):
        assert expand.words(said.removeprefix("%hf "), {}) == ["preview", what, "--offset", "20"]
    else:
        assert said == "--offset 20"


def test_a_frame_is_looked_at_where_it_lies(frame: pandas.DataFrame) -> None:
    found = hf_nb.data.preview(frame, offset=10, limit=3)
    assert [row["text"] for row in found] == TEXTS[10:13]
    assert found.further == "--offset 13 --limit 3"
    assert found.moved == 0


def test_conditions_words_and_order_are_those_of_pandas(frame: pandas.DataFrame) -> None:
    found = hf_nb.data.preview(frame, where="n % 2 = 0 and score > 100", sort="score:desc", limit=4)
    right = frame[(frame.n % 2 == 0) & (frame.score > 100)].sort_values("score", ascending=False)
    assert found.to_pandas().n.tolist() == right.n.tolist()[:4]
    assert (found.total, found.exact, found.scanned, found.of) == (len(right), True, 1000, 1000)
    found = hf_nb.data.preview(frame, search="words 99", limit=100)
    assert [row["n"] for row in found] == [at for at in range(1000) if "99" in str(at)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"columns": "texd"}, "no column 'texd'"),
        ({"sort": "nope"}, "no column 'nope'"),
        ({"where": "n >"}, ""),
        ({"where": "1=1); drop table t; --"}, ""),
        ({"offset": -1}, "counted from 0"),
        ({"limit": 10**9}, "at most"),
        ({"allow": "lots"}, "allow cannot be 'lots'"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_three_lines(
    frame: pandas.DataFrame, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput) as caught:
        hf_nb.data.preview(frame, **wrong)
    assert said in str(caught.value)
    assert len(lines(caught.value)) <= 3


def test_a_name_that_is_nothing_is_not_found(cached: Running, tmp_path: Path) -> None:
    for what in ("hfnb-demo/digitz", str(tmp_path / "none.parquet")):
        with pytest.raises(NotFound) as caught:
            hf_nb.data.preview(what)
        assert len(lines(caught.value)) <= 3


def test_nothing_is_moved_beyond_what_was_agreed(cached: Running) -> None:
    with pytest.raises(Costly) as caught:
        hf_nb.data.preview(DIGITS, limit=300, allow="1kB")
    assert "--allow" in caught.value.next_step
    assert len(lines(caught.value)) <= 3


def test_a_cost_is_said_before_anything_but_the_footer_moves(cached: Running) -> None:
    said = hf_nb.data.cost(DIGITS, limit=1000)
    found = hf_nb.data.preview(DIGITS, limit=1000)
    assert said.bytes > 0
    assert found.moved <= said.bytes * 1.05  # nothing, where the file's end held all of it


def test_no_rows_behind_the_end(frame: pandas.DataFrame) -> None:
    found = hf_nb.data.preview(frame, offset=5000)
    assert len(found) == 0
    assert "no rows at 5,000 of 1,000" in str(found)
    empty = hf_nb.data.preview(pandas.DataFrame({"a": pandas.Series([], dtype="int64")}))
    assert "no rows" in str(empty)


def test_sql_over_a_frame_a_dataset_and_a_file(
    cached: Running, frame: pandas.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "it's a file.parquet"
    pa.parquet.write_table(pa.table({"n": [1, 2], "word": ["one", "two"]}), path)
    joined = hf_nb.data.sql(
        f"""select word, text from df join '{str(path).replace("'", "''")}' using (n) order by n""", df=frame
    )
    assert [tuple(row.values()) for row in joined] == [("one", TEXTS[1]), ("two", TEXTS[2])]
    counted = hf_nb.data.sql(f'select count(*) as n from "{DIGITS}/test"')
    assert counted[0]["n"] == hf_nb.data.preview(DIGITS, split="test", limit=1).total
    assert counted.moved


def test_a_query_names_what_it_lacks_and_touches_nothing_else(
    frame: pandas.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="no table 'dg'") as caught:
        hf_nb.data.sql("select 1 from dg", df=frame)
    assert "--from dg=" in caught.value.next_step
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for query in (
        f"select * from read_csv('{secret}')",
        "copy df to 'x.csv'",
        "select 1; select 2",
        "selec 1",
    ):
        with pytest.raises((BadInput, Refused)) as wrong:
            hf_nb.data.sql(query, df=frame)
        assert len(lines(wrong.value)) <= 3
    assert not Path("x.csv").exists()


def test_an_estimate_ends_exact_and_is_drawn_on_its_way(
    frame: pandas.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.parquet"
    pa.parquet.write_table(pa.Table.from_pandas(frame), path, row_group_size=10)
    drawn: list[Any] = []
    monkeypatch.setattr("hf_nb.plumbing.progress.part", lambda value, **_: drawn.append(value))
    last = hf_nb.data.sql("select avg(score) as m from scores", about=True, scores=str(path))
    assert isinstance(last, Estimate)
    assert last.exact
    assert last.rows[0].values[0].value == pytest.approx(frame.score.mean())  # noqa: PD011 -- no DataFrame
    assert drawn[-1] == last


def test_stopping_an_estimate_keeps_the_last_one(
    frame: pandas.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.parquet"
    pa.parquet.write_table(pa.Table.from_pandas(frame), path, row_group_size=10)

    def stop(value: Any, *, last: bool = False) -> None:
        if not last:
            raise KeyboardInterrupt

    monkeypatch.setattr("hf_nb.plumbing.progress.part", stop)
    with pytest.raises(KeyboardInterrupt) as caught:
        hf_nb.data.sql("select avg(score) as m from scores", about=True, scores=str(path))
    assert isinstance(getattr(caught.value, "partial", None), Estimate)


def test_a_query_is_quoted(frame: pandas.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pa.parquet.write_table(pa.Table.from_pandas(frame), path)
    said = hf_nb.data.quote("select avg(score) as m from scores", scores=str(path))
    assert said.columns == ("score",)
    assert said.progressive
    joined = hf_nb.data.quote("select a.n from a join b using (n)", a=str(path), b=frame)
    assert joined.columns == ("n",)


@pytest.mark.parametrize("name", ["owner/name", "we ird", "T1", 'quo"te'])
def test_a_query_keeps_its_meaning_when_its_table_is_renamed(name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    said = asking.over_t(f"select avg({quoted}.x) from {quoted} where x > 'it''s'", name)
    assert asking.tables_of(said) == ["t"]
    assert "it''s" in said
