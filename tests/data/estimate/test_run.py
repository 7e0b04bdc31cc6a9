import math

import numpy as np
import pyarrow as pa
import pytest

from hf_nb.data.estimate import run
from hf_nb.errors import BadInput, TooLarge
from tests.data.estimate.tables import numbers, on_disk, rows, said

QUERIES = [
    "select avg(x), sum(whole), count(*), count(gaps), sum(gaps) from t",
    "select label, count(*), avg(x) from t group by label order by label nulls last",
    "select whole % 12 as rest, sum(whole), avg(length(text)) from t where x > 9 group by rest order by rest",
    "select 100.0 * count(*) filter (where flag) / count(*), count_if(x > 10) from t",
    "select label, count(*) as n from t where text like 'www%' group by 1 order by n desc, label nulls last limit 2",
    'select sum(x) / count(*) - avg(x), sum("odd ""name\'; é") from t',
    "select avg(x), count(*) from t where whole < 0",
    "select sum(case when flag then x else 0 end)::double from t",
    "select flag, label, avg(x) from t group by all order by flag, label nulls last",
]


@pytest.fixture(scope="module")
def table():
    return rows(12_000)


@pytest.fixture(scope="module")
def source(table, tmp_path_factory):
    return on_disk(tmp_path_factory.mktemp("run"), table, files=3, row_group_size=60)


def _plain(estimate):
    return [(*line.key, *(one.value for one in line.values)) for line in estimate.rows]


@pytest.mark.parametrize("query", QUERIES)
def test_it_ends_by_itself_and_says_what_duckdb_says_of_the_whole(query, source, table):
    *before, last = run(query, source)
    assert last.exact
    assert last.share == 1
    assert not any(one.exact for one in before)
    truth = said(query, table)
    assert len(last.rows) == len(truth)
    for mine, theirs in zip(_plain(last), truth, strict=True):
        for one, other in zip(mine, theirs, strict=True):
            if isinstance(one, str):
                assert one == (
                    "null" if other is None else str(other).lower() if isinstance(other, bool) else str(other)
                )
            elif other is None or one is None:
                assert one is other
            else:
                assert one == pytest.approx(float(other), rel=1e-9, abs=1e-9)
    for line in last.rows:
        assert all(one.value == one.low == one.high for one in line.values)


def test_sums_of_whole_numbers_are_exact_however_large(tmp_path):
    big = pa.table({"n": pa.array([2**62, 2**62, 3] * 50, pa.int64())})
    last = list(run("select sum(n) from t", on_disk(tmp_path, big, row_group_size=10)))[-1]
    assert last.rows[0].values[0].value == 50 * (2**63 + 3)


def test_most_bounds_hold_the_exact_answer_and_shares_grow(source):
    *before, last = run("select avg(x), sum(whole), avg(length(text)) from t", source)
    shares = [one.share for one in before]
    assert shares == sorted(set(shares))
    held = given = 0
    for estimate in before:
        for one, true in zip(numbers(estimate), numbers(last), strict=True):
            if one.low is not None:
                given += 1
                held += one.low <= true.value <= one.high
    assert given >= 10
    assert held >= 0.8 * given


def test_asking_again_gives_the_same_estimates(source):
    query = "select label, avg(x) from t group by label"
    for one, again in zip(run(query, source), run(query, source), strict=True):
        assert one.share == again.share
        for line, other in zip(one.rows, again.rows, strict=True):
            assert line.key == other.key
            assert line.values[0].value == pytest.approx(other.values[0].value, rel=1e-12)
            assert line.values[0].low == pytest.approx(other.values[0].low, rel=1e-9)


def test_it_stops_where_a_share_is_enough(source):
    found = list(run("select avg(x) from t", source, share=0.1))
    assert not found[-1].exact
    assert 0.1 <= found[-1].share < 0.3
    with pytest.raises(BadInput):
        run("select avg(x) from t", source, share=2)


def test_bounds_for_all_looks_together_are_wider(source):
    alone = numbers(next(iter(run("select avg(x) from t", source))))[0]
    together = numbers(next(iter(run("select avg(x) from t", source, together=True))))[0]
    assert together.value == alone.value
    assert together.high - together.low > 1.2 * (alone.high - alone.low)


def test_groups_come_in_the_order_asked_for_and_say_that_some_may_be_missing(source):
    first = next(iter(run("select label, count(*) n from t group by label order by n desc limit 2", source)))
    counts = [numbers(first, at)[0].value for at in range(len(first.rows))]
    assert len(counts) == 2
    assert counts == sorted(counts, reverse=True)
    assert first.columns == ("label", "n")
    assert "not met yet" in first.note
    assert "order" in first.note


def test_a_value_that_never_changes_is_not_called_certain_before_all_is_read(source):
    *before, last = run("select avg(same) from t", source)
    assert all(one.rows[0].values[0].value == 7 for one in before)
    assert all(one.rows[0].values[0].low is None for one in before)
    assert last.rows[0].values[0].low == 7


def test_what_was_not_met_yet_has_no_bounds(source):
    first = next(iter(run("select avg(x), sum(x), count(*) from t where text like '%nowhere%'", source)))
    assert [one.low for one in first.rows[0].values] == [None, None, None]
    assert first.rows[0].values[0].value is None
    assert "No bounds" in first.note


def test_a_few_huge_values_that_the_file_tells_of_take_the_bounds_away(tmp_path):
    values = np.random.default_rng(0).normal(10, 3, 40_000)
    values[[11_111, 22_222, 33_333]] = 1e9
    *before, last = run(
        "select avg(x) from t", on_disk(tmp_path, pa.table({"x": values}), row_group_size=100)
    )
    assert before[0].rows[0].values[0].low is None
    assert last.rows[0].values[0].value == pytest.approx(values.mean())


def test_more_groups_than_can_be_shown_are_refused_with_a_way_out(tmp_path):
    table = pa.table({"id": list(range(30_000))})
    with pytest.raises(TooLarge) as refused:
        list(run("select id, count(*) from t group by id", on_disk(tmp_path, table, row_group_size=1000)))
    assert "exactly" in refused.value.next_step


@pytest.mark.parametrize("count", [0, 1, 5, 700])
def test_small_tables_are_answered_at_once_or_nearly(count, tmp_path):
    table = rows(max(count, 1)).slice(0, count)
    query = "select count(*) filter (where flag), sum(x), count(*) from t"
    *_, last = run(query, on_disk(tmp_path, table, row_group_size=100))
    assert last.exact
    truth = said(query, table)[0]
    for one, other in zip(numbers(last), truth, strict=True):
        assert one.value is other is None or math.isclose(one.value, other, rel_tol=1e-9)


def test_infinite_and_missing_numbers_give_no_answer_rather_than_a_wrong_one(tmp_path):
    values = np.random.default_rng(0).normal(0, 1, 5000)
    values[::100] = np.nan
    *before, last = run("select avg(x) from t", on_disk(tmp_path, pa.table({"x": values}), row_group_size=50))
    assert all(one.rows[0].values[0].value is None for one in (*before, last))


def test_groups_with_huge_names_are_refused_too(tmp_path, monkeypatch):
    monkeypatch.setattr("hf_nb.data.estimate.counts.LETTERS", 100_000)
    table = pa.table({"name": [f"{number:03}" + "x" * 5000 for number in range(100)]})
    with pytest.raises(TooLarge):
        list(run("select name, count(*) from t group by name", on_disk(tmp_path, table, row_group_size=10)))
