"""SQL over sources gives what DuckDB gives, through our files, and reaches nothing it was not handed."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import duckdb
import numpy
import pyarrow
import pyarrow.parquet
import pytest

from hf_nb.data import finding
from hf_nb.data.files import meter
from hf_nb.data.files.disk import Disk
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet
from hf_nb.data.query import fs, keeping, result, sql
from hf_nb.data.source import Source
from hf_nb.errors import BadInput, Costly, Refused, Stopped, TooLarge
from hf_nb.values.data import Origin
from tests.data.serving import serving

ROWS = 60_000
QUERIES = [
    "select k, count(*) as n, sum(id) as s, avg(id) as m from t group by all order by k",
    "select * from t where id between 51000 and 51003",
    "select count(*) from t",
    "select max(s.a) as top, count(distinct s.b) from t",
    "with big as (select id, k from t where id > 59990) select b.id, t.x from big b join t using (id) order by 1",
    "select id, row_number() over (order by x desc) as place from t qualify place <= 3 order by place",
    "select id from t order by x limit 5 offset 3",
    "from t select k limit 7",
    "select k, id + 1 as next from t limit 4 offset 2",
]


@pytest.fixture(scope="module")
def table() -> pyarrow.Table:
    some = numpy.random.default_rng(5)
    return pyarrow.table(
        {
            "id": numpy.arange(ROWS),
            "x": some.normal(size=ROWS),
            "k": some.integers(0, 20, ROWS),
            "s": [{"a": at % 7, "b": f"b{at % 3}"} for at in range(ROWS)],
            "heavy": [f"{some.integers(0, 1 << 62):x}" * 4 for _ in range(ROWS)],
        }
    )


@pytest.fixture(scope="module")
def file(table, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sql") / "table.parquet"
    pyarrow.parquet.write_table(table, path, row_group_size=5_000)
    return path


class Streamed(result.Result):
    """What lies in a file that DuckDB does not read itself."""


def streamed(table: pyarrow.Table) -> Source:
    return Source(
        Origin("disk", "t.csv"), [Streamed(table.slice(0, 40_000), "1"), Streamed(table.slice(40_000), "2")]
    )


@pytest.mark.parametrize("query", QUERIES)
def test_every_kind_of_source_answers_as_duckdb_does(query, table, file):
    with duckdb.connect() as plain:
        plain.register("t", table)
        right = plain.sql(query).to_arrow_table()
    disk = Source(Origin("disk", "t"), [Parquet(Disk(file))])
    for source in (result.source(table, "t"), disk, streamed(table)):
        answer = sql.run(query, {"t": source})
        assert answer.origin.place == "query"
        assert answer.schema.names == right.schema.names
        assert answer.rows == right.num_rows
        assert answer.read(0, ROWS).to_pylist() == right.to_pylist()


def test_over_the_network_only_the_columns_and_row_groups_of_the_query_are_moved(file):
    whole = file.stat().st_size
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = Source(Origin("url", "t"), [Parquet(Remote(server.url("/t.parquet")))])
        source.count()
        with meter.counting() as spent:
            answer = sql.run("select avg(x) as m from t where id >= 55000", {"t": source})
        assert answer.rows == 1
        assert spent.bytes < whole / 20
        assert spent.bytes >= 5_000 * 8  # the meter saw what DuckDB's threads moved
        before = server.bytes
        with meter.counting(cap=100_000) as spent, pytest.raises(Costly):
            sql.run("select sum(length(heavy)) from t", {"t": source})
        assert server.bytes - before <= 100_000


def test_the_first_rows_of_a_remote_table_are_not_a_whole_row_group(file):
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = Source(
            Origin("url", "t"), [Parquet(Remote(server.url("/t.parquet"), size=file.stat().st_size))]
        )
        source.count()
        with meter.counting() as spent:
            answer = sql.run("select heavy from t limit 10", {"t": source})
        assert answer.read(0, 10).num_rows == 10
        group = pyarrow.parquet.read_metadata(file).row_group(0).column(5).total_compressed_size
        assert 0 < spent.bytes <= group


@pytest.mark.parametrize(
    "query",
    [
        "select * from '/etc/passwd'", "select * from read_csv('/etc/passwd')", "select * from read_text('/etc/*')",
        "select * from glob('/etc/*')", "select content from read_blob('/etc/passwd')", "copy t to '/tmp/out.csv'",
        "attach '/tmp/x.db'", "install httpfs", "load httpfs", "set threads = 1", "select * from query('select 1')",
        "select 1; select 2", "drop table t", "create table x as select 1", "pragma database_list", "",
        "select * from read_parquet('https://example.org/x.parquet')", "select * from other", "select nope from t",
        "insert into t values (1)", "call pragma_version()", "export database '/tmp/x'", "explain select 1",
        "select * from sniff_csv('/etc/passwd')", "select * from parquet_metadata('/etc/passwd')",
    ],
)  # fmt: skip
def test_what_is_no_question_about_these_tables_is_refused(query, table, tmp_path):
    with pytest.raises((BadInput, Refused)) as error:
        sql.run(query, {"t": result.source(table.slice(0, 5), "t")})
    assert error.value.next_step
    assert "root:" not in str(error.value)


def test_a_variable_of_the_caller_is_no_table(table):
    hidden = table  # DuckDB would look for it in the caller's frames
    assert hidden.num_rows
    with pytest.raises(BadInput, match="no table 'hidden'"):
        sql.run("select * from hidden", {"t": result.source(table, "t")})


def test_addresses_of_one_query_mean_nothing_to_another(file):
    disk = Source(Origin("disk", "t"), [Parquet(Disk(file))])
    with fs.opened([disk.parts[0].file]) as others:  # type: ignore[attr-defined]
        (address,) = others.addresses
        for query in (f"select * from '{address}'", f"select * from read_parquet('{address}')"):  # noqa: S608
            with pytest.raises((BadInput, Refused)):
                sql.run(query, {"t": disk})
        assert fs.system().exists(address)
    assert not fs.system().exists(address)
    with pytest.raises(PermissionError):
        fs.system().open(address, "wb")
    with pytest.raises(BadInput):
        sql.run("select * from 'hfnb://0000000000000000/0'", {"t": disk})


def test_names_of_tables_and_columns_may_be_anything(table):
    odd = pyarrow.table([[1, 2], [3, 4], ["a", "b"]], names=["x", "X", 'quote"d 😀'])
    tables = {"owner/name": result.source(odd, "a"), 'a"b': result.source(odd, "b")}
    answer = sql.run(
        'select l."X_2", r."quote""d 😀" as q from "owner/name" l join "a""b" r using (x)', tables
    )
    assert answer.read(0, 9).to_pylist() == [{"X_2": 3, "q": "a"}, {"X_2": 4, "q": "b"}]


def test_two_columns_of_one_name_are_numbered():
    twice = result.source(pyarrow.table([[1], [2], [3]], names=["a", "a", "b"]), "t")
    answer = sql.run("select * from t where a_2 = 2", {"t": twice})
    assert answer.read(0, 1).to_pylist() == [{"a": 1, "a_2": 2, "b": 3}]


def test_a_mistake_that_shows_while_the_answer_comes_is_ours(tmp_path):
    with pytest.raises(BadInput, match="Could not convert"):
        sql.run("select case when range < 200000 then '1' else 'x' end::int as i from range(300000)", {})


def test_a_stop_while_the_answer_comes_is_a_stop():
    stop = threading.Event()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    with meter.counting(stop=stop), pytest.raises(Stopped):
        sql.run("select range as i, md5(range::varchar) as s from range(100000000)", {})
    timer.join()


def test_a_mistake_names_the_nearest_column(table):
    with pytest.raises(BadInput) as error:
        sql.run("select idd from t", {"t": result.source(table, "t")})
    assert "idd" in error.value.problem
    assert "select →idd from t" in error.value.next_step
    assert 'nearest: "id"' in error.value.next_step
    with pytest.raises(BadInput) as error:
        sql.run("select id frm t", {"t": result.source(table, "t")})
    assert "→" in error.value.next_step
    assert len(str(error.value).splitlines()) <= 2


def test_a_stop_ends_a_query_that_would_run_for_hours():
    stop = threading.Event()
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    with meter.counting(stop=stop), pytest.raises(Stopped):
        sql.run("select count(*) from range(100000000000) a, range(1000) b where a.range % 7 = b.range", {})
    timer.join()


def test_a_large_answer_lies_in_a_file_and_a_too_large_one_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(keeping, "HELD", 1_000_000)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answer = sql.run("select range as i, 'row ' || range as s from range(300000)", {})
    assert answer.read(299_999, 5).to_pylist() == [{"i": 299_999, "s": "row 299999"}]
    assert answer.read(70_000, 1)["s"].to_pylist() == ["row 70000"]
    monkeypatch.setattr(keeping, "MOST", 2_000_000)
    with pytest.raises(TooLarge, match="more than"):
        sql.run("select range as i, 'row ' || range as s from range(300000)", {})
    assert list(tmp_path.rglob("*.arrow")) == []


def test_a_picture_stays_a_picture_and_a_label_a_label():
    note = {
        "info": {
            "features": {"label": {"names": ["cat", "dog"], "_type": "ClassLabel"}, "n": {"_type": "Value"}}
        }
    }
    table = pyarrow.table({"label": [0, 1, 1], "n": [1, 2, 3]})
    source = result.source(table.replace_schema_metadata({b"huggingface": json.dumps(note).encode()}), "t")
    answer = sql.run("select label, n::varchar as n from t where n > 1", {"t": source})
    assert [column.kind for column in answer.columns] == ["label", "text"]
    assert answer.columns[0].labels == ("cat", "dog")


def test_what_goes_wrong_while_reading_is_said_as_it_was(table):
    class Broken(Streamed):
        def read(self, start, count, columns=None):
            if start >= 1:
                raise TooLarge("The disk is gone.", "Put it back.")
            return super().read(start, count, columns)

        def blocks(self, columns=None):
            whole = super().blocks(columns)[0]
            return [type(whole)(0, 1, 0), type(whole)(1, whole.rows - 1, 10**9)]

    source = Source(Origin("disk", "t"), [Broken(table, "t")])
    with pytest.raises(TooLarge, match=re.escape("The disk is gone.")):
        sql.run("select sum(id) from t", {"t": source})


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("select id from t", ("id",)),
        ("select count(*) from t", ()),
        ("select * from t", ("id", "x", "k", "s", "heavy")),
        ("select s.a from t where k > 3 order by x", ("x", "k", "s")),
        ("with q as (select id, heavy from t) select id from q", ("id",)),
        ("select t.id from t join t as u on t.k = u.k", ("id", "k")),
        ("select count(*) from t where heavy like 'a%'", ("heavy",)),
    ],
)
def test_the_columns_a_query_looks_at_are_known_before_it_runs(query, columns, table):
    assert sql.scan_columns(query, result.source(table, "t")) == columns


def test_many_queries_at_once_do_not_meet(table, file):
    disk = Source(Origin("disk", "t"), [Parquet(Disk(file))])
    answers: dict[int, int] = {}

    def ask(at: int) -> None:
        query = f"select sum(id) as s from t where k = {at}"  # noqa: S608
        answers[at] = int(sql.run(query, {"t": disk}).read(0, 1)["s"][0].as_py())

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    frame = table.select(["id", "k"]).to_pandas()
    assert answers == {at: int(frame.id[frame.k == at].sum()) for at in range(8)}


def test_sums_of_whole_numbers_are_whole_numbers(table):
    answer = sql.run(
        "select sum(id) as s, sum(id)::hugeint * 100000000000000000000 as big from t",
        {"t": result.source(table, "t")},
    )
    assert answer.schema.field("s").type == pyarrow.int64()
    total = ROWS * (ROWS - 1) // 2
    assert answer.read(0, 1).to_pylist() == [{"s": total, "big": total * 10**20}]


def test_a_text_that_holds_more_than_its_first_rows_say_is_asked_again(tmp_path):
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8") as into:
        into.write("id,v,w\n")
        into.writelines(
            f"{at},{at if at < 100_000 else at + 0.5},{at if at < 190_000 else 'text'}\n"
            for at in range(200_000)
        )
    found = sql.run("SELECT count(*), sum(v), max(w) FROM t", {"t": finding.open(str(path))}).read(0, 1)
    assert [column[0].as_py() for column in found.columns] == [200_000, sum(range(200_000)) + 50_000, "text"]
    both = "SELECT count(*) FROM t a JOIN t b USING (id) WHERE a.w = 'text'"
    assert sql.run(both, {"t": finding.open(str(path))}).read(0, 1).column(0)[0].as_py() == 10_000
