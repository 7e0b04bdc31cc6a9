"""What SQL over remote files is said to move is what the server sends; what is too much never begins."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy
import pyarrow
import pytest

from hf_nb.data import asking
from hf_nb.data.files import meter
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet
from hf_nb.data.query import price, sql
from hf_nb.data.source import Source
from hf_nb.errors import Costly
from hf_nb.values.data import Origin
from tests.data.estimate.tables import rows, served, written
from tests.data.serving import Server, serving

ROWS = 40_000
SHAPES: dict[str, dict[str, Any]] = {
    "many row groups": {"row_group_size": 4000},
    "few row groups, pages with an index": {
        "row_group_size": 15_000,
        "write_page_index": True,
        "data_page_size": 20_000,
    },
    "no dictionaries, three files": {
        "files": 3,
        "row_group_size": 3000,
        "use_dictionary": False,
        "compression": "none",
    },
}
# Read to their end whatever the rows say: just the quoted bytes.
EXACT = [
    "select avg(x) from t",
    "select median(x) from t",
    "select * from t",
    "select count(distinct text) from t",
    "select distinct label from t",
    "select label, count(*), max(x) from t group by 1",
    "select row_number() over (order by x) as place, text from t",
    'select "odd ""name\'; é" + x as y from t',
    "with a as (select x, label from t) select avg(x) from a",
    "select min(length(text)), stddev(whole) from t",
    "select s.a, count(*) from t group by all",
    "select count(*) from t",
    "select x from t union all select gaps from t",
    "select * exclude (text, s) from t",
    "select day, x from t where random() >= 0",
    "select text from t limit 9 offset 30000",
]
# Read where a filter or an order leads: at most the quoted bytes; here every row group left holds such rows.
WHERE_IT_LEADS = [
    "select sum(whole) from t where x > 12",
    "select * from t where x > 17",
    "select text from t where label = 'dog'",
    "select * from t where day < 2000",
    "select avg(x) from t where day between 10000 and 15000",
    "select avg(x) from t where day in (1, 2, 30000)",
    "select median(x) from t where day >= 36000 and flag",
    "select text from t where text like '%www' order by x limit 3",
    "select x from t order by x limit 5",
    "select * from t order by day limit 5",
    "select * from t order by day desc limit 40",
    "select text, x from t where day > 38000 order by x limit 10",
    "select count(*) from t where flag",
]


@pytest.fixture(scope="module")
def table() -> pyarrow.Table:
    made = rows(ROWS).append_column("day", pyarrow.array(numpy.arange(ROWS)))
    nested = [{"a": at % 7, "b": f"b{at % 300}"} for at in range(ROWS)]
    return made.append_column("s", pyarrow.array(nested))


def moved(query: str, source: Source, server: Server) -> tuple[price.Price, int]:
    """What is said, and what was sent."""
    said, before = price.of(query, {"t": source}), server.bytes
    with meter.counting():
        sql.run(query, {"t": source})
    return said, server.bytes - before


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_said_is_sent_within_five_percent(shape: str, table: pyarrow.Table) -> None:
    wrong: dict[str, object] = {}
    asked = [*EXACT, *WHERE_IT_LEADS]
    for query in asked if shape == next(iter(SHAPES)) else asked[:: len(SHAPES)]:
        with served(table, **SHAPES[shape]) as (source, server):
            said, sent = moved(query, source, server)
        if query in EXACT and not said.exact:
            wrong[query] = "not exact"
        most = 1.05 if query in EXACT else 1.3
        if not sent / 1.05 <= said.bytes <= most * sent:
            wrong[query] = (said.bytes, sent)
    assert not wrong


def test_the_rows_of_an_order_are_paid_for_too(table: pyarrow.Table) -> None:
    with served(table, row_group_size=4000) as (source, _):
        alone = price.of("select x from t order by x limit 3", {"t": source}).bytes
        whole = price.of("select * from t order by x limit 3", {"t": source}).bytes
        all_of_it = price.of("select * from t", {"t": source}).bytes
    assert alone + 0.2 * (all_of_it - alone) < whole < alone + 0.35 * (all_of_it - alone)


@pytest.mark.parametrize(
    "query",
    [
        "select * from t",
        "select avg(x), avg(gaps) from t",
        "select * from t where x > 17",
        "select * from t order by x limit 30",
        "select a.x, b.text from t a join t b using (day)",
        "with a as (select * from t) select text, count(*) from a group by 1",
    ],
)
def test_what_is_too_much_is_refused_with_the_whole_figure_before_its_first_byte(
    query: str, table: pyarrow.Table
) -> None:
    with served(table, row_group_size=4000) as (source, server):
        said = price.of(query, {"t": source}).bytes
        before = server.bytes, server.requests
        with meter.counting(cap=said - 1) as spent, pytest.raises(Costly) as refused:
            sql.run(query, {"t": source})
        assert (server.bytes, server.requests) == before
        assert refused.value.bytes == said
        assert spent.bytes == 0
        with meter.counting(cap=said):
            sql.run(query, {"t": source})


def test_what_may_end_early_begins_and_is_held_by_the_cap(table: pyarrow.Table) -> None:
    query = "select * from t where label = 'dog' limit 5"
    with served(table.drop_columns("s"), row_group_size=1000) as (source, _):
        said = price.of(query, {"t": source})
        assert said.early
        with meter.counting(cap=said.bytes // 2) as spent:
            assert sql.run(query, {"t": source}).count() == 5
        assert 0 < spent.bytes <= said.bytes // 2
        with meter.counting(cap=10_000), pytest.raises(Costly):
            sql.run("select * from t where text like '%no such%' limit 5", {"t": source})


def test_two_tables_are_added_up(table: pyarrow.Table) -> None:
    contents = {"/a.parquet": written(table, row_group_size=4000), "/b.parquet": written(table.slice(500))}
    with serving(contents) as server:
        both = {
            name: Source(Origin("url", name), [Parquet(Remote(server.url(f"/{name}.parquet")))])
            for name in "ab"
        }
        for one in both.values():
            one.count()
        query = "select a.label, avg(b.x) from a join b using (day) group by 1"
        said, before = price.of(query, both).bytes, server.bytes
        with meter.counting():
            sql.run(query, both)
        assert server.bytes - before == pytest.approx(said, rel=0.05)
        other = "select a.label, avg(b.gaps) from a join b using (day) group by 1"
        with meter.counting(cap=price.of(other, both).bytes - 1) as spent, pytest.raises(Costly):
            sql.run(other, both)
        assert spent.bytes == 0


def test_names_that_differ_in_case_only_are_told_apart() -> None:
    made = pyarrow.table({name: numpy.random.default_rng(at).random(90_000) for at, name in enumerate("aAb")})
    with served(made, row_group_size=30_000, use_dictionary=False) as (source, server):
        for query in ("select avg(A_2) from t", "select avg(a) from t where b > 0.5"):
            said, sent = moved(query, source, server)
            assert sent / 1.05 <= said.bytes <= 1.05 * sent


def test_what_lies_here_costs_nothing(table: pyarrow.Table) -> None:
    with served(table, row_group_size=4000) as (source, _):
        source.read(0, ROWS)
        assert price.of("select * from t", {"t": source}).bytes == 0
    frame = table.select(["x"]).to_pandas()
    said = asking.quote("select avg(x) from df", df=frame)
    assert (said.bytes, said.what) == (0, "The query")


def test_a_quote_says_at_most_where_rows_decide(served_frame: Source) -> None:
    said = {
        query: asking.quote(query, t=served_frame).what
        for query in (
            "select avg(x) from t",
            "select * from t where x > 17",
            "select * from t order by x limit 3",
        )
    }
    assert list(said.values()) == ["The query", "At most, the query", "At most, the query"]


@pytest.fixture
def served_frame(table: pyarrow.Table) -> Iterator[Source]:
    with contextlib.ExitStack() as around:
        source, _ = around.enter_context(served(table, row_group_size=4000))
        yield source
