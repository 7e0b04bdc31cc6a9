# ruff: noqa: S608 -- the queries of these tests are the tests' own
"""`preview`, `cost`, `sql`, `quote`: rows of the offline Hub, of files and of memory, and what they moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pandas
import pyarrow as pa
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data import asking, rows
from hf_nb.data.files.kept import Kept
from hf_nb.data.query import scan
from hf_nb.errors import BadInput, Costly, HfNbError, NotFound, Refused
from hf_nb.magics import expand
from hf_nb.offline.running import Running
from hf_nb.plumbing.session import Session
from hf_nb.values import Estimate, Rows
from tests.data.serving import serving
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


def test_what_was_found_is_shown_where_no_more_may_be_moved(
    cached: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "LITTLE", 0)
    monkeypatch.setattr(scan, "STEP", 1_000)
    some = numpy.random.default_rng(1)
    heavy = [f"{some.integers(0, 1 << 62):x}" * 30 for _ in range(30_000)]
    table = pa.table({"n": some.permutation(30_000), "heavy": heavy})
    pa.parquet.write_table(table, tmp_path / "t.parquet", row_group_size=2_000, write_page_index=True)
    with serving({"/t.parquet": (tmp_path / "t.parquet").read_bytes()}) as server:
        url = server.url("/t.parquet")
        few = hf_nb.data.preview(url, where="n < 300", limit=2, columns="n")
        assert (len(few), few.total, few.exact) == (2, None, False)
        assert few.scanned is not None
        assert few.scanned < 30_000
        assert f"scanned {few.scanned:,} of 30,000 rows" in str(few)
        assert "at least" in str(few)
        monkeypatch.setattr("hf_nb.data.files.remote.kept", Kept())
        cut = hf_nb.data.preview(url, where="n < 300", limit=250, allow="150kB")
        assert 0 < len(cut) < 250
        assert cut.table.column_names == ["n"]
        assert all(row["n"] < 300 for row in cut)
        further = [note for note in cut.notes if "Not looked further" in note]
        columns = [note for note in cut.notes if "Other columns are left out" in note]
        assert len(further) == len(columns) == 1
        assert "--allow" in further[0]
        assert "in Python" in further[0]
        with pytest.raises(Costly):  # nothing was found that could be shown
            hf_nb.data.preview(url, where="n < 300 and length(heavy) < 3", limit=2, allow="150kB")


def test_a_wrong_table_offers_what_is_there(
    frame: pandas.DataFrame, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    frame.to_csv("train.csv", index=False)
    with pytest.raises(NotFound) as wrong:
        hf_nb.data.sql("select * from 'trian.csv'")
    assert "train.csv" in wrong.value.next_step
    with pytest.raises(BadInput) as wrong_name:
        hf_nb.data.sql("select * from framee", frame=frame)
    assert wrong_name.value.next_step == "Did you mean frame?"
    with pytest.raises(BadInput) as column:
        hf_nb.data.preview(frame, columns="scor")
    with pytest.raises(BadInput) as order:
        hf_nb.data.preview(frame, sort="scor:desc")
    assert column.value.next_step == order.value.next_step == "Did you mean score?"


def test_an_estimate_says_what_it_is_about(frame: pandas.DataFrame, tmp_path: Path) -> None:
    assert hf_nb.data.sql("select avg(n) from df", df=frame, about=True).over == "df · 1,000 rows"
    frame.to_parquet(tmp_path / "t.parquet")
    said = hf_nb.data.sql("select avg(n) from t", t=tmp_path / "t.parquet", about=True)
    assert str(said).splitlines()[-1] == f"over {said.over}"
    assert "t.parquet" in said.over


def test_one_value_per_name_is_a_table_of_one_row() -> None:
    assert list(hf_nb.data.preview({"a": 1, "b": [2]})) == [{"a": 1, "b": 2}]


def test_a_cost_is_said_before_anything_but_the_footer_moves(cached: Running) -> None:
    said = hf_nb.data.cost("hfnb-demo/tiny-pictures", limit=100)
    found = hf_nb.data.preview("hfnb-demo/tiny-pictures", limit=100)
    assert said.bytes / 1.5 <= found.moved <= said.bytes * 1.05
    assert hf_nb.data.cost("hfnb-demo/tiny-pictures", limit=100).bytes == 0
    assert hf_nb.data.cost(DIGITS, limit=1000).bytes == 0, "to know it, all of the small file was fetched"
    assert hf_nb.data.preview(DIGITS, limit=1000).moved == 0


@pytest.mark.parametrize(
    ("id", "requests", "most"),
    [("chats", 1, 185_257), ("digits", 1, 114_612), ("tiny-pictures", 2, 200_000), ("tones", 2, 200_000)],
)
def test_the_first_rows_of_a_demo_dataset_move_little(
    cached: Running, id: str, requests: int, most: int
) -> None:
    found = hf_nb.data.preview(f"hfnb-demo/{id}", limit=3)
    assert len(found) == 3
    assert found.moved <= most
    assert found.requests <= requests


@pytest.mark.parametrize("where", ["hub", "cdn"])
@pytest.mark.parametrize("id", ["digits", "tiny-pictures"])
def test_a_page_of_the_network_in_place_of_a_file_is_not_kept(cached: Running, id: str, where: str) -> None:
    match = "*/resolve/*.parquet" if where == "hub" else "*"
    with cached.fault("portal", match=match, origin=where), pytest.raises(HfNbError) as caught:
        hf_nb.data.preview(f"hfnb-demo/{id}", limit=1)
    assert len(lines(caught.value)) <= 3
    assert len(hf_nb.data.preview(f"hfnb-demo/{id}", limit=1)) == 1


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


def test_an_estimate_that_took_what_was_agreed_is_kept_and_says_how_to_go_on(
    cached: Running, tmp_path: Path
) -> None:
    path = tmp_path / "far.parquet"
    scores = numpy.random.default_rng(0).normal(size=400_000)
    table = pa.table({"score": scores})
    pa.parquet.write_table(table, path, row_group_size=4_000, use_dictionary=False, compression="none")
    with serving({"/far.parquet": path.read_bytes()}) as server:
        query = f"select avg(score) as m from '{server.url('/far.parquet')}'"
        found = hf_nb.data.sql(query, about=True, allow="1MB")
        assert isinstance(found, Estimate)
        assert server.bytes <= 1_000_000
    assert not found.exact
    mean = found.rows[0].values[0]  # noqa: PD011 -- no DataFrame
    assert mean.low < scores.mean() < mean.high
    assert "agreed" in found.note
    assert "--allow" in found.note


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


def test_the_span_of_a_preview_says_how_many_rows_came(frame: pandas.DataFrame) -> None:
    session = Session()
    hf_nb.data.preview(frame, limit=7, session=session)
    (span,) = [one for one in session.spans.recent() if one.name == "data.preview"]
    assert span.attributes["rows"] == 7
