import pyarrow as pa
import pytest

from hf_nb.data.estimate import quote, run
from hf_nb.errors import BadInput
from tests.data.estimate.tables import on_disk, rows


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return on_disk(tmp_path_factory.mktemp("asked"), rows(4000), row_group_size=100)


@pytest.mark.parametrize(
    "query",
    [
        "select avg(x) from t",
        "SELECT label, count(*) FROM t WHERE whole > 10 GROUP BY label ORDER BY 2 DESC LIMIT 3",
        "select 100.0 * count(*) filter (where flag) / count(*) as share from t",
        "select avg(length(text)) from t",
        "select avg(flag) from t",
        "from t select sum(x) - 2 * sum(gaps)",
        "select whole % 3 as rest, avg(x) from t group by rest order by rest",
        "select label, sum(x) from t group by all",
        "select count_if(x > 3), count(gaps), count(*), min(x), max(whole) from t",
        'select avg("odd ""name\'; é") from t',
        "select avg(T.x) from t as T",
        "select avg(q.x) from t as q where q.flag",
    ],
)
def test_this_can_be_answered_from_a_part(query, source):
    assert quote(query, source).progressive


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("select count(distinct label) from t", "different values"),
        ("select min(x) from t where flag", "any row"),
        ("select max(length(text)) from t", "any row"),
        ("select median(x) from t", "median"),
        ("select x from t", "rows"),
        ("select * from t", "rows"),
        ("select sum(x) over () from t", "window"),
        ("select avg(x) from t where x > (select avg(x) from t)", "subquery"),
        ("select label, count(*) from t group by rollup (label)", "several ways"),
        ("select label, count(*) from t group by label having count(*) > 3", "HAVING"),
        ("select avg(x) from t using sample 10%", "SAMPLE"),
        ("with a as (select x from t) select avg(x) from a", "several queries"),
        ("select avg(x) from t union all select avg(whole) from t", "several queries"),
        ("select avg(a.x) from t a, t b", "joins"),
        ("select avg(x) from t where random() < 0.5", "another one each time"),
        ("select distinct avg(x) from t", "DISTINCT"),
        ("select label, avg(x) from t group by label order by min(x)", "sorts by what it does not show"),
    ],
)
def test_this_cannot_and_says_why(query, why, source):
    found = quote(query, source)
    assert not found.progressive
    assert why in found.why
    with pytest.raises(BadInput, match=r"part of the table"):
        run(query, source)


@pytest.mark.parametrize(
    "query",
    [
        "select avg(x) from read_csv('/etc/passwd')",
        "select avg(x) from '/etc/passwd'",
        "select (select count(*) from read_text('/etc/passwd')), avg(x) from t",
        "select avg(x) from t; select 1",
        "select avg(x) from t; drop table t",
        "copy t to '/tmp/out'",
        "attach 'a.db'",
        "install httpfs",
        "set memory_limit = '1GB'",
        "select avg(x) from other",
        "select avg(x) from duckdb_settings()",
        "",
        "select avg(",
        "select avg(nowhere) from t",
        "select avg(text) from t",
        "select nothing(x) from t",
        "select avg(x) from t group by 9",
    ],
)
def test_anything_else_is_refused_before_a_row_is_read(query, source):
    for ask in (quote, run):
        with pytest.raises(BadInput):
            ask(query, source)


def test_the_columns_a_query_needs_are_told_in_the_order_of_the_table(source):
    assert quote("select avg(length(text)) from t where whole > 3 group by label", source).columns == (
        "whole",
        "label",
        "text",
    )


def test_times_cannot_be_added_up(tmp_path):
    source = on_disk(tmp_path, pa.table({"at": pa.array([1, 2, 3], pa.timestamp("ms")), "x": [1, 2, 3]}))
    assert not quote("select avg(epoch_ms(x)) from t", source).progressive
