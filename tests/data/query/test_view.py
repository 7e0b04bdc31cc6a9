"""The rows of a view are those that pandas would give, for four bytes each; remote ones cost what was said."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import numpy
import pandas
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.data.files import meter
from hf_nb.data.files.disk import Disk
from hf_nb.data.files.remote import Remote
from hf_nb.data.formats import part as csv_part
from hf_nb.data.formats.held import part
from hf_nb.data.parquet import Parquet
from hf_nb.data.parts import Facts
from hf_nb.data.query import bounds, order, result, scan
from hf_nb.data.query.take import take
from hf_nb.data.query.view import HEAD, View
from hf_nb.data.query.wanted import Filter, Wanted
from hf_nb.data.source import Source
from hf_nb.errors import BadInput, Costly, Stopped
from hf_nb.values.data import Origin
from tests.data.serving import serving

ROWS = 60_000


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """Sorted by `id`, in row groups of 5,000: what a range of ids needs lies together."""
    some = numpy.random.default_rng(3)
    table = pyarrow.table(
        {
            "id": numpy.arange(ROWS),
            "x": numpy.where(some.random(ROWS) < 0.01, numpy.nan, some.normal(size=ROWS)),
            "k": some.integers(0, 50, ROWS),
            "words": [f"row {at} says {'needle' if at % 7000 == 13 else 'nothing'}" for at in range(ROWS)],
            "heavy": [f"{some.integers(0, 1 << 62):x}" * 4 for _ in range(ROWS)],
        }
    )
    path = tmp_path_factory.mktemp("view") / "table.parquet"
    pyarrow.parquet.write_table(table, path, row_group_size=5_000, write_page_index=True)
    return path


def here(path: Path) -> Source:
    return Source(Origin("disk", path.name), [Parquet(Disk(path))])


def away(url: str) -> Source:
    return Source(Origin("url", "table.parquet"), [Parquet(Remote(url))])


sortable = {
    "whole": (pyarrow.int64(), st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 2)),
    "real": (pyarrow.float64(), st.floats() | st.sampled_from([0.0, -0.0, 1.0])),
    "text": (pyarrow.string(), st.text(alphabet="abé😀", max_size=3)),
    "bool": (pyarrow.bool_(), st.booleans()),
    "decimal": (pyarrow.decimal128(20, 2), st.decimals(-1000, 1000, places=2)),
    "time": (pyarrow.timestamp("us"), st.integers(-(10**17), 10**17)),
    "label": (pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), st.sampled_from(["x", "y", "z"])),
    "half": (pyarrow.float16(), st.floats(width=16, allow_nan=False)),
}


def best(values: list[Any], descending: bool) -> list[int]:  # noqa: FBT001
    """Python's own order: stable, what is missing or no number last."""
    known = [at for at, value in enumerate(values) if value is not None and value == value]  # noqa: PLR0124
    rest = [at for at, value in enumerate(values) if value is None or value != value]  # noqa: PLR0124
    return sorted(known, key=lambda at: values[at], reverse=descending) + rest


@pytest.mark.parametrize("kind", sortable)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_sorted_view_is_python_s_stable_order_with_the_missing_last(kind, data):
    type_, cells = sortable[kind]
    cells_ = data.draw(st.lists(st.none() | cells, max_size=25))
    column = pyarrow.array(cells_, type_)
    descending = data.draw(st.booleans())
    values = column.cast(pyarrow.int64()).to_pylist() if kind == "time" else column.to_pylist()
    if kind == "text":
        values = [None if value is None else value.encode() for value in values]
    view = View(result.source(pyarrow.table({"c": column}), "t"), Wanted(sort=("c", descending)))
    assert view.positions(0, 100) == best(values, descending)
    assert view.positions(2, 3) == best(values, descending)[2:5]


def test_a_condition_and_an_order_together_equal_pandas(file):
    frame = pyarrow.parquet.read_table(file).to_pandas()
    kept = frame[(frame.k >= 10) & (frame.k < 20) & (frame.id % 3 == 0)]
    kept = kept.sort_values("x", ascending=False, kind="stable", na_position="last")
    asked = Wanted((Filter("k", "between", (10, 20)),), where="id % 3 = 0", sort=("x", True))
    for source in (here(file), result.source(pyarrow.parquet.read_table(file), "t")):
        view = View(source, asked)
        found = view.find()
        assert (found.rows, found.of, found.scanned, found.exact) == (len(kept), ROWS, ROWS, True)
        assert view.positions(0, len(kept) + 5) == kept.index.tolist()
        page = view.read(1200, 50, ["words", "id"])
        assert page.column_names == ["words", "id"]
        assert page["id"].to_pylist() == kept.id.tolist()[1200:1250]


def test_only_four_bytes_a_row_are_kept_and_nothing_for_all_rows():
    total = 200_000
    table = pyarrow.table({"c": numpy.random.default_rng(1).random(total)})
    whole = View(result.source(table, "t"), Wanted())
    whole.find()
    assert whole.read(total - 2, 10).num_rows == 2
    assert whole.kept == 0
    some = View(result.source(table, "t"), Wanted((Filter("c", "between", (0.5, None)),)))
    assert some.find().rows * 4 == some.kept
    ordered = View(result.source(table, "t"), Wanted(sort=("c", False)))
    ordered.read(0, 100)
    assert ordered.kept == 4 * HEAD  # the head of it needs no order of the rest
    assert ordered.positions(total - 1, 5) == [int(table["c"].to_numpy().argmax())]
    assert ordered.kept == 4 * total


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, ROWS - 1), max_size=30))
def test_rows_from_anywhere_come_in_the_order_asked_for(file, rows):
    assert take(here(file), rows, ["id"])["id"].to_pylist() == rows


def test_row_groups_that_cannot_match_are_not_read(file):
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = away(server.url("/t.parquet"))
        source.count()
        whole = scan.cost(source, ["id"], scan.spans(source, ["id"]))
        for asked in (
            Wanted((Filter("id", "between", (51_000, 51_010)),)),
            Wanted(where="id > 50999 AND 51010 > id and k >= 0"),
            Wanted((Filter("id", "in", (51_003, 999_999)),)),
        ):
            source = away(server.url("/t.parquet"))
            source.count()
            with meter.counting() as spent:
                found = View(source, asked).find()
            assert found.exact
            assert found.scanned == ROWS
            assert found.rows in {10, 1}
            assert spent.bytes < whole / 4


def test_numbers_that_are_none_do_not_hide_a_row_group(tmp_path):
    # Statistics leave NaN out, DuckDB holds it larger than every number.
    path = tmp_path / "nan.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"x": [1.0, math.nan, 2.0, None]}), path, row_group_size=2)
    everywhere = View(here(path), Wanted(where="x > 5"))
    everywhere.find()
    assert everywhere.positions(0, 9) == [1]
    numbers = View(here(path), Wanted((Filter("x", "between", (0, None)),)))
    numbers.find()
    assert numbers.positions(0, 9) == [0, 2]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_skipping_never_loses_a_row(tmp_path_factory, data):
    kinds = {
        pyarrow.int32(): st.integers(-9, 9),
        pyarrow.float64(): st.floats(-9, 9) | st.just(math.nan),
        pyarrow.string(): st.text(alphabet="abc", max_size=3),
        pyarrow.timestamp("us"): st.integers(-5000, 5000),
        pyarrow.date32(): st.integers(-3, 3),
    }
    type_ = data.draw(st.sampled_from(list(kinds)))
    column = pyarrow.array(data.draw(st.lists(st.none() | kinds[type_], min_size=1, max_size=30)), type_)
    table = pyarrow.table({"c": column})
    path = tmp_path_factory.mktemp("skip") / "t.parquet"
    pyarrow.parquet.write_table(table, path, row_group_size=3)
    number = st.none() | st.integers(-9, 9)
    ends = (data.draw(number), data.draw(number))
    test = data.draw(
        st.sampled_from(
            [Filter("c", "null"), Filter("c", "filled"), Filter("c", "between", ends, closed=True)]
        )
    )
    if pyarrow.types.is_string(type_):
        test = data.draw(
            st.sampled_from([Filter("c", "in", ("a", None)), Filter("c", "between", ("a", "b")), test])
        )
    views = [View(source, Wanted((test,))) for source in (here(path), result.source(table, "t"))]
    assert views[0].find().rows == views[1].find().rows
    assert views[0].positions(0, 99) == views[1].positions(0, 99)


def test_a_search_over_the_network_is_refused_before_it_begins_and_costs_what_was_said(file):
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = away(server.url("/t.parquet"))
        source.count()
        asked = Wanted(search="needle", where="k >= 0")
        with meter.counting() as spent:
            View(source, Wanted(where="k < 0")).source.blocks(["k", "words", "heavy"])  # the index of pages
        with meter.counting(cap=1_000) as spent, pytest.raises(Costly) as refused:
            View(source, asked).find()
        assert spent.bytes == 0
        with meter.counting(cap=refused.value.bytes + 1) as spent:
            found = View(source, asked).find()
        assert (found.rows, found.exact) == (9, True)
        assert spent.bytes == pytest.approx(refused.value.bytes, rel=0.05)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("spread", [9, order.NEAR, order.NEAR * 2])
def test_near_whole_numbers_are_sorted_as_far_ones_are(spread, descending):
    some = numpy.random.default_rng(4)
    values = pandas.array(some.integers(-spread // 2, spread // 2, 20_000), dtype="Int64")
    values[some.random(20_000) < 0.1] = None
    source = result.source(pyarrow.table({"c": values, "k": numpy.arange(20_000) % 3}), "t")
    found = View(source, Wanted(sort=("c", descending))).positions(0, 20_000)
    assert found == pandas.Series(values).sort_values(kind="stable", ascending=not descending).index.tolist()
    some_ = View(source, Wanted(where="k = 1", sort=("c", descending))).positions(0, 20_000)
    assert some_ == [row for row in found if row % 3 == 1]


def test_a_search_ends_with_enough_rows_where_the_rest_is_much_and_goes_on_when_asked(file, monkeypatch):
    monkeypatch.setattr(scan, "LITTLE", 1_000)
    monkeypatch.setattr(scan, "STEP", 1_000)
    k = pyarrow.parquet.read_table(file, columns=["k"]).column(0).to_numpy()
    truth = numpy.flatnonzero(k == 3)
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = away(server.url("/t.parquet"))
        view = View(source, Wanted(where="k = 3"))
        source.blocks(["k"])
        whole = scan.cost(source, ["k"], scan.spans(source, ["k"]))
        with meter.counting() as spent:
            found = view.find(enough=3)
        assert not found.exact
        assert 3 <= found.rows < len(truth)
        assert found.scanned < ROWS / 2
        assert 0 < spent.bytes < whole / 2
        assert view.positions(0, 3) == truth[:3].tolist()
        with meter.counting() as spent:
            assert view.find(enough=2).rows == found.rows  # enough was found already
        assert spent.bytes == 0
        assert view.left < whole
        every = view.find()
        assert (every.rows, every.scanned, every.exact) == (len(truth), ROWS, True)
        assert view.positions(0, len(truth)) == truth.tolist()


def test_a_search_with_enough_rows_reads_on_where_the_rest_is_little(file):
    with serving({"/t.parquet": file.read_bytes()}) as server:
        assert View(away(server.url("/t.parquet")), Wanted(where="k = 3")).find(enough=3).exact
    assert View(here(file), Wanted(where="k = 3")).find(enough=3).exact


def test_a_search_that_is_enough_soon_is_not_refused_for_what_it_will_not_move(file, monkeypatch):
    monkeypatch.setattr(scan, "LITTLE", 1_000)
    monkeypatch.setattr(scan, "STEP", 1_000)
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = away(server.url("/t.parquet"))
        source.blocks(["words"])
        whole = scan.cost(source, ["words"], scan.spans(source, ["words"]))
        with meter.counting(cap=whole // 2), pytest.raises(Costly):
            View(source, Wanted(where="words LIKE 'row 1%'")).find()
        with meter.counting(cap=whole // 2):
            assert View(source, Wanted(where="words LIKE 'row 1%'")).find(enough=2).rows >= 2


def test_what_near_rows_share_is_reckoned_once(file):
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = away(server.url("/t.parquet"))
        source.count()
        rows = [10, 1_010, 2_010, 3_010]  # of one row group
        with meter.counting() as spent:
            take(source, rows)
        again = away(server.url("/t.parquet"))
        again.count()
        with meter.counting(cap=int(spent.bytes * 1.1)):
            assert take(again, rows).column("id").to_pylist() == rows


def test_numbers_with_a_fraction_below_a_bound_rule_out_whole_files(file):
    filters = bounds.implied("x < 3 AND 2.5 > x AND x > 1", here(file).schema)
    assert filters == [
        Filter("x", "between", ends, closed=True) for ends in ((None, 3), (None, 2.5))
    ]  # NaN is above all


def test_a_condition_is_about_what_a_text_holds_further_down(tmp_path):
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8") as into:
        into.write("id,w\n")
        into.writelines(f"{at},{at if at < 190_000 else 'text'}\n" for at in range(200_000))
    source = Source(Origin("disk", path.name), [csv_part(Disk(path))])
    found = View(source, Wanted(where="w = 'text'")).find()
    assert (found.rows, found.exact) == (10_000, True)
    numbers = Source(Origin("disk", path.name), [csv_part(Disk(path))])
    with pytest.raises(BadInput) as wrong:
        View(numbers, Wanted(where="id = 'text'")).find()
    assert wrong.value.next_step == "id holds whole number"
    fresh = Source(Origin("disk", path.name), [csv_part(Disk(path))])
    assert View(fresh, Wanted(sort=("w", True))).positions(0, 2) == [190_000, 190_001]


def test_what_was_found_is_told_on_the_way_and_kept_when_stopped():
    table = pyarrow.table({"c": numpy.arange(5 * scan.ROWS)})
    view = View(result.source(table, "t"), Wanted(where="c % 1000 = 0"))
    stop, told = threading.Event(), []

    def tell(found: Any) -> None:
        told.append((found.scanned, found.rows, found.exact))
        if len(told) == 2:
            stop.set()

    with meter.counting(stop=stop), pytest.raises(Stopped) as stopped:
        view.find(tell)
    assert told == [(scan.ROWS, scan.ROWS // 1000, False), (2 * scan.ROWS, scan.ROWS // 500, False)]
    assert stopped.value.partial.rows == view.found.rows == 2 * scan.ROWS // 1000
    assert not view.found.exact
    assert view.positions(0, 3) == [0, 1000, 2000]  # nothing is searched anew for a page
    assert view.found.scanned == 2 * scan.ROWS
    assert view.find(tell).exact  # it goes on where it was
    assert [scanned for scanned, *_ in told[2:]] == [scan.ROWS * at for at in (3, 4, 5)]
    assert view.positions(4_999, 5) == [4_999_000]


def test_a_table_whose_end_nobody_knows_is_read_to_its_end():
    class Endless(result.Result):
        @property
        def rows(self) -> int | None:
            return None

    table = pyarrow.table({"c": numpy.arange(2 * scan.FEW + 5)})
    view = View(Source(Origin("disk", "t.csv"), [Endless(table, "t")]), Wanted(where="c % 50000 = 1"))
    found = view.find()
    assert (found.rows, found.scanned, found.exact) == (3, 2 * scan.FEW + 5, True)
    assert view.positions(0, 9) == [1, 50_001, 100_001]


def test_rows_are_counted_from_0():
    view = View(result.source(pyarrow.table({"c": [1]}), "t"), Wanted(where="c = 1"))
    with pytest.raises(BadInput):
        view.positions(-1, 5)


def test_no_rows_and_no_match_are_empty_pages():
    empty = View(
        result.source(pyarrow.table({"c": pyarrow.array([], pyarrow.int64())}), "t"), Wanted(sort=("c", True))
    )
    assert empty.find().rows == 0
    assert empty.read(0, 10).num_rows == 0
    none = View(result.source(pyarrow.table({"c": [1, 2]}), "t"), Wanted(where="c > 5", sort=("c", True)))
    assert none.find().rows == 0
    assert none.read(0, 10).schema.names == ["c"]


def test_a_column_of_lists_has_no_order():
    with pytest.raises(BadInput, match="cannot be sorted"):
        View(result.source(pyarrow.table({"c": [[1]]}), "t"), Wanted(sort=("c", False)))


def test_a_stopped_search_is_sorted_as_far_as_it_went_and_anew_when_it_went_on():
    total = 3 * scan.ROWS
    view = View(
        result.source(pyarrow.table({"c": numpy.arange(total)}), "t"),
        Wanted(where="c >= 0", sort=("c", True)),
    )
    stop = threading.Event()
    with meter.counting(stop=stop), pytest.raises(Stopped):
        view.find(lambda _: stop.set())
    assert view.positions(0, 2) == [scan.ROWS - 1, scan.ROWS - 2]
    view.find()
    assert view.positions(0, 2) == [total - 1, total - 2]


@pytest.mark.parametrize("index", [None, "named", "several"])
def test_a_page_of_a_sorted_dataframe_is_what_pandas_shows(index):
    some = numpy.random.default_rng(0)
    frame = pandas.DataFrame(
        {
            "x": some.normal(size=500),
            "mixed": [at if at % 3 else f"text {at}" for at in range(500)],
            "kind": pandas.Categorical.from_codes(some.integers(0, 3, 500), ["a", "b", "c"]),
            "when": pandas.date_range("2020", periods=500, freq="h", tz="UTC"),
        }
    )
    if index == "named":
        frame.index = pandas.Index([f"i{at}" for at in range(500)], name="at")
    elif index == "several":
        frame.index = pandas.MultiIndex.from_arrays([some.integers(0, 9, 500), range(500)], names=["p", "q"])
    source = Source(Origin("memory", "frame"), [part(frame)])
    page = View(source, Wanted(sort=("x", True))).read(100, 50)
    right = frame.sort_values("x", ascending=False).iloc[100:150]
    if index is not None:
        right = right.reset_index()
    assert page.column_names == list(right.columns)
    for name in ("x", "kind", "when", *(["at"] if index == "named" else ["p", "q"] if index else [])):
        assert page[name].to_pandas().tolist() == right[name].tolist()
    assert page["mixed"].to_pylist() == [str(value) for value in right["mixed"]]


def test_what_a_file_does_not_say_rules_nothing_out():
    for asked in (
        Filter("c", "null"),
        Filter("c", "filled"),
        Filter("c", "in", ("x", None)),
        Filter("c", "between", (1, 2)),
        Filter("c", "has", ("x",)),
    ):
        assert bounds.matches(asked, Facts(), 10)
    assert not bounds.matches(Filter("c", "null"), Facts(nulls=0), 10)
    assert not bounds.matches(Filter("c", "filled"), Facts(nulls=10), 10)
    assert bounds.matches(Filter("c", "filled"), Facts(nulls=9), 10)
