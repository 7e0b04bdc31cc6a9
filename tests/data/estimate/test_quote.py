import threading
from typing import Any

import pyarrow as pa
import pytest

from hf_nb.data.estimate import quote, run
from hf_nb.data.files import meter
from hf_nb.data.query import sql
from hf_nb.errors import Costly, Stopped
from tests.data.estimate.tables import rows, served

FILES: dict[str, dict[str, Any]] = {
    "one file": {"row_group_size": 4000},
    "pages with an index": {"row_group_size": 30_000, "write_page_index": True, "data_page_size": 20_000},
    "many pages, one dictionary": {"write_page_index": True, "data_page_size": 3000},
    "many files": {"files": 12, "row_group_size": 2500},
    "many files with an index": {"files": 5, "write_page_index": True},
    "no dictionaries": {"use_dictionary": False, "row_group_size": 3000, "compression": "none"},
    "zstd": {"compression": "zstd", "row_group_size": 6000, "write_page_index": True},
}
QUERIES = [
    "select avg(x) from t",
    "select label, avg(length(text)), count(gaps) from t where flag group by label",
    "select sum(whole) from t where x > 12",
    "select count(*) from t where text is null",
]


@pytest.mark.parametrize("how", FILES)
def test_what_is_quoted_is_moved_within_five_percent(how):
    table = rows(60_000)
    for query in QUERIES:
        with served(table, **FILES[how]) as (source, server):
            said = quote(query, source)
            before = server.bytes
            last = list(run(query, source))[-1]
            moved = server.bytes - before
        assert last.exact
        assert last.moved == moved
        assert 0.95 * moved <= said.bytes <= 1.05 * moved
        assert last.of == said.bytes


def test_a_first_look_at_many_blocks_moves_about_two_percent():
    with served(rows(80_000), row_group_size=80) as (source, server):
        query = "select avg(length(text)) from t"
        said, before = quote(query, source), server.bytes
        first = next(iter(run(query, source)))
        assert 0.015 < first.share < 0.03
        assert server.bytes - before < 0.04 * said.bytes
        assert first.rows[0].values[0].low is not None


def test_what_is_kept_costs_nothing_again():
    with served(rows(20_000), row_group_size=1000) as (source, _):
        query = "select avg(x) from t"
        assert quote(query, source).bytes > 0
        list(run(query, source))
        assert quote(query, source).bytes == 0


def test_what_files_say_of_themselves_costs_nothing():
    table = rows(20_000)
    with served(table, row_group_size=1000) as (source, server):
        query = "select count(*), min(whole), max(whole), count(gaps) from t"
        before = server.requests
        assert quote(query, source).bytes == 0
        last = list(run(query, source))
        assert server.requests == before
    assert len(last) == 1
    assert [one.value for one in last[0].rows[0].values] == [
        20_000,
        min(table["whole"].to_pylist()),
        max(table["whole"].to_pylist()),
        20_000 - table["gaps"].null_count,
    ]


def test_row_groups_that_statistics_rule_out_are_not_paid_for():
    table = pa.table({"day": list(range(40_000)), "x": rows(40_000)["x"]})
    with served(table, row_group_size=1000) as (source, server):
        whole = quote("select avg(x) from t where day >= 0", source).bytes
        part = quote("select avg(x) from t where day >= 10000 and day < 20000", source).bytes
        assert 0.15 * whole < part < 0.4 * whole
        before = server.bytes
        last = list(run("select avg(x), count(*) from t where day >= 10000 and day < 20000", source))[-1]
        assert server.bytes - before == part
    assert last.rows[0].values[1].value == 10_000


def test_a_query_that_cannot_be_estimated_is_quoted_all_the_same():
    table = rows(30_000)
    with served(table, row_group_size=3000) as (source, server):
        said = quote("select median(x) from t", source)
        before = server.bytes
        sql.run("select median(x) from t", {"t": source})
        assert not said.progressive
        assert said.bytes == pytest.approx(server.bytes - before, rel=0.05)


def test_a_look_beyond_what_was_agreed_is_not_begun_and_what_was_said_stands():
    with served(rows(50_000), row_group_size=250) as (source, _):
        query = "select avg(length(text)) from t"
        said = quote(query, source).bytes
        seen = []
        with meter.counting(cap=said // 8) as spent, pytest.raises(Costly) as refused:  # noqa: PT012
            for one in run(query, source):
                seen.append(one)  # noqa: PERF402 -- what came before the refusal is kept
        assert seen
        assert not seen[-1].exact
        assert spent.bytes <= said // 8
        assert refused.value.bytes + spent.bytes > said // 8


def test_it_ends_where_it_is_stopped():
    stop = threading.Event()
    with served(rows(60_000), row_group_size=500) as (source, server):
        with meter.counting(stop=stop), pytest.raises(Stopped):  # noqa: PT012
            for _ in run("select avg(x) from t", source):
                before = server.requests
                stop.set()
        assert server.requests == before
