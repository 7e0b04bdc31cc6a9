"""Summaries equal pandas and numpy, say where they come from, and can always be written as JSON."""

from __future__ import annotations

import datetime
import json
import math
import random
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import pandas
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.data import finding
from hf_nb.data.files import meter
from hf_nb.data.files.disk import Disk
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet
from hf_nb.data.query import result
from hf_nb.data.query.view import View
from hf_nb.data.query.wanted import Filter, Wanted
from hf_nb.data.source import Source
from hf_nb.data.stats import edges, summaries, tell
from hf_nb.errors import BadInput, Costly
from hf_nb.values.data import Origin
from hf_nb.values.summaries import Ranges, Summary, Values
from tests.data.serving import serving

ROWS = 40_000


def last(
    source: Source, wanted: Wanted | None = None, columns: Any = None, **more: Any
) -> dict[str, Summary]:
    """The best of each column; every one on the way must be JSON."""
    best: dict[str, Summary] = {}
    for one in summaries(source, wanted, columns, **more):
        json.dumps(one.to_dict(), allow_nan=False)
        best[one.column] = one
    return best


def of(column: Any, type_: Any = None, wanted: Wanted | None = None) -> Summary:
    return last(result.source(pyarrow.table({"c": pyarrow.array(column, type_)}), "t"), wanted)["c"]


def by_hand(bars: Ranges, values: Any) -> list[int]:
    """Counted bar by bar, the last with its high end."""
    ends = list(bars.edges)
    counts = [sum(low <= value < high for value in values) for low, high in pairwise(ends)]
    counts[-1] += sum(value == ends[-1] for value in values)
    return counts


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.none() | st.floats() | st.sampled_from([0.0, -0.0, 1.0, 1e308, -1e308, 5e-324]), max_size=40)
)
def test_numbers_with_fractions(column):
    found = of(column, pyarrow.float64())
    known = [value for value in column if value is not None and math.isfinite(value)]
    assert (found.seen, found.of, found.nulls) == (len(column), len(column), column.count(None))
    assert found.distinct == pandas.Series(column, dtype="float64").nunique()
    if not known:
        assert found.bars is None
        return
    assert isinstance(found.bars, Ranges)
    assert float(found.low or "x") == pytest.approx(min(known), rel=1e-5)
    assert float(found.high or "x") == pytest.approx(max(known), rel=1e-5)
    assert list(found.bars.edges) == sorted(set(found.bars.edges))
    assert len(found.bars.counts) == len(found.bars.labels) == len(found.bars.edges) - 1 <= edges.MOST
    assert list(found.bars.counts) == by_hand(found.bars, known)
    assert sum(found.bars.counts) == len(known)
    assert (
        bool(found.note) == any(value is not None and not math.isfinite(value) for value in column)
        or "wider" in found.note
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3) | st.integers(0, 10**6), max_size=40
    )
)
def test_whole_numbers_have_bars_between_whole_numbers(column):
    found = of(column, pyarrow.int64())
    known = [value for value in column if value is not None]
    assert (found.nulls, found.distinct) == (column.count(None), len(set(known)))
    if not known:
        assert found.bars is None
        return
    assert isinstance(found.bars, Ranges)
    assert (found.low, found.high) == (str(min(known)), str(max(known)))
    assert float(found.mean or "x") == pytest.approx(sum(known) / len(known), rel=1e-4, abs=1e-9)
    assert all(isinstance(edge, int) for edge in found.bars.edges)
    assert list(found.bars.counts) == by_hand(found.bars, known)
    assert sum(found.bars.counts) == len(known)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.none() | st.datetimes(), max_size=30))
def test_times_have_bars_between_moments_a_person_would_choose(column):
    found = of(column, pyarrow.timestamp("us"))
    epoch = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 -- without a zone, as the column
    known = [(value - epoch) / datetime.timedelta(milliseconds=1) for value in column if value is not None]
    assert found.nulls == column.count(None)
    if known:
        assert isinstance(found.bars, Ranges)
        assert sum(found.bars.counts) == len(known)
        assert list(found.bars.counts) == by_hand(found.bars, known)
        assert all(
            (epoch + datetime.timedelta(milliseconds=edge)).microsecond % 1000 == 0
            for edge in found.bars.edges[:-1]
        )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.none() | st.sampled_from(["a", "b", "😀", "it's", "", "\u202e<script>"]) | st.text(max_size=4),
        max_size=40,
    )
)
def test_texts_have_their_most_frequent_values_or_their_lengths(column):
    column = [None if cell is None else cell.replace("\0", "") for cell in column]
    found = of(column, pyarrow.string())
    known = pandas.Series([cell for cell in column if cell is not None], dtype=object)
    assert (found.nulls, found.distinct) == (column.count(None), known.nunique())
    if isinstance(found.bars, Values):
        counts = known.value_counts()
        assert all(
            counts[value] == count for value, count in zip(found.bars.values, found.bars.counts, strict=True)
        )
        assert found.bars.counts[0] == counts.max()
        assert sum(found.bars.counts) + found.bars.others == len(known)
    elif isinstance(found.bars, Ranges):
        assert list(found.bars.counts) == by_hand(found.bars, [len(cell) for cell in known])


def test_every_kind_of_column_is_told_in_its_own_way():
    images = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    note = {
        "info": {
            "features": {
                "label": {"names": ["cat", "dog"], "_type": "ClassLabel"},
                "image": {"_type": "Image"},
            }
        }
    }
    table = pyarrow.table(
        {
            "label": pyarrow.array([0, 1, 1, None], pyarrow.int64()),
            "image": pyarrow.array(
                [{"bytes": b"x" * 10, "path": "a"}, {"bytes": b"x" * 2000, "path": "b"}, None, None], images
            ),
            "flag": [True, True, False, None],
            "list": pyarrow.array([[1], [1, 2], [], None], pyarrow.list_(pyarrow.int64())),
            "map": pyarrow.array(
                [[("a", 1)], [], None, None], pyarrow.map_(pyarrow.string(), pyarrow.int64())
            ),
            "price": pyarrow.array(
                [Decimal("1.25"), Decimal("-0.50"), None, Decimal("3.00")], pyarrow.decimal128(30, 2)
            ),
            "wide": pyarrow.array([Decimal("1.25"), None, None, Decimal("3.00")], pyarrow.decimal256(60, 2)),
            "huge": pyarrow.array([2**64 - 1, 0, None, 5], pyarrow.uint64()),
            "day": pyarrow.array([0, 1, 365, None], pyarrow.int32()).cast(pyarrow.date32()),
            "zone": pyarrow.array([0, 1, 10**9, None], pyarrow.int64()).cast(
                pyarrow.timestamp("ns", "Asia/Tokyo")
            ),
            "clock": pyarrow.array([0, 3_600_000, None, 5], pyarrow.int32()).cast(pyarrow.time32("ms")),
            "span": pyarrow.array([0, 10**6, None, -(10**6)], pyarrow.int64()).cast(pyarrow.duration("us")),
            "half": pyarrow.array([1.5, None, 2.5, 3.5], pyarrow.float16()),
            "nothing": pyarrow.nulls(4),
            "struct": [{"a": 1}, {"a": 2}, None, {"a": 3}],
            "cat": pyarrow.array(["x", "y", "x", None]).dictionary_encode(),
        }
    ).replace_schema_metadata({b"huggingface": json.dumps(note).encode()})
    for source in (result.source(table, "t"), Source(Origin("disk", "t"), [result.Result(table, "t")])):
        found = last(source, exact=True)
        assert sorted(found) == sorted(table.column_names)
        assert {name: one.nulls for name, one in found.items()} == {
            name: table[name].null_count for name in found
        }
        assert {one.basis for one in found.values()} == {"all"}
        label = found["label"].bars
        assert isinstance(label, Values)
        assert label.to_dict()["values"] == [1, 0]
        assert (label.labels, label.counts) == (("dog", "cat"), (2, 1))
        assert (found["image"].bars, found["image"].low, found["image"].high) == (None, "10 B", "2.0 kB")
        assert isinstance(found["flag"].bars, Values)
        assert (found["list"].low, found["list"].high, found["list"].mean) == ("0 items", "2 items", "1 item")
        assert (found["map"].low, found["map"].high) == ("0 items", "1 item")
        assert (found["price"].low, found["price"].high, found["price"].mean) == ("-0.5", "3", "1.25")
        assert (found["wide"].low, found["wide"].high) == ("1.25", "3")
        assert found["huge"].high == str(2**64 - 1)
        assert (found["day"].low, found["day"].high) == ("1970-01-01", "1971-01-01")
        assert found["zone"].high == "1970-01-01 00:00:01 UTC"
        assert found["clock"].high == "1:00:00"
        assert found["span"].low == "-1 s"
        assert found["half"].mean == "2.5"
        assert found["nothing"].bars is None
        assert found["struct"].bars is None
        assert isinstance(found["cat"].bars, Values)


def test_with_conditions_figures_follow_and_bars_stay_comparable():
    some = numpy.random.default_rng(0)
    table = pyarrow.table(
        {
            "x": some.normal(size=ROWS),
            "k": some.integers(0, 9, ROWS),
            "name": [f"n{at % 5}" if at % 11 else None for at in range(ROWS)],
        }
    )
    frame = table.to_pandas()
    asked = Wanted((Filter("k", "between", (2, 5)),), sort=("x", True))
    kept = frame[(frame.k >= 2) & (frame.k < 5)]
    for source in (result.source(table, "t"), Source(Origin("disk", "t"), [result.Result(table, "t")])):
        everything, some_ = last(source), last(source, asked)
        for name, one in some_.items():
            assert (one.seen, one.of, one.basis) == (len(kept), len(kept), "all")
            assert one.nulls == kept[name].isna().sum()
            assert one.distinct == kept[name].nunique()
            whole = everything[name].bars
            assert one.bars is not None
            assert whole is not None
            assert (one.bars.all, one.bars.labels) == (whole.counts, whole.labels)
        bars = some_["x"].bars
        assert isinstance(bars, Ranges)
        assert list(bars.counts) == by_hand(bars, kept.x)
        names = some_["name"].bars
        assert isinstance(names, Values)
        assert dict(zip(names.values, names.counts, strict=True)) == kept.name.value_counts().to_dict()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["real", "whole", "time", "length"]), st.integers(0, 10**6))
def test_a_bar_taken_as_a_filter_finds_as_many_rows_as_it_shows(kind, seed):
    chance = random.Random(seed)  # noqa: S311 -- the same numbers for the same seed
    column: Any = [chance.gauss(0, 10) for _ in range(200)]
    if kind == "whole":
        column = [int(value * 100) for value in column]
    elif kind == "time":
        column = pyarrow.array([int(value * 1e12) for value in column]).cast(pyarrow.timestamp("us"))
    elif kind == "length":
        column = ["x" * at + str(number) for number, at in enumerate(abs(int(value)) for value in column)]
    source = result.source(pyarrow.table({"c": column}), "t")
    bars = last(source)["c"].bars
    assert isinstance(bars, Ranges)
    for at, count in enumerate(bars.counts):
        final = at == len(bars.counts) - 1
        brush = Wanted((Filter("c", "between", bars.edges[at : at + 2], closed=final),))
        assert View(source, brush).find().rows == count


def test_a_few_far_values_do_not_leave_one_bar_for_all_others():
    column = [*numpy.random.default_rng(0).normal(100, 5, 5_000).tolist(), 1e9, -1e9]
    found = of(column)
    assert isinstance(found.bars, Ranges)
    assert sum(count > 100 for count in found.bars.counts) >= 5
    assert (found.bars.edges[0], found.bars.edges[-1]) == (-1e9, 1e9)
    assert sum(found.bars.counts) == len(column)
    assert "wider" in found.note


def test_many_different_values_are_estimated_and_said_to_be():
    table = pyarrow.table({"c": numpy.arange(1_200_000)})
    source = result.source(table, "t")
    about = last(source)["c"]
    assert about.distinct_about
    assert about.distinct == pytest.approx(1_200_000, rel=0.05)
    exact = last(source, exact=True)["c"]
    assert (exact.distinct, exact.distinct_about) == (1_200_000, False)


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    some = numpy.random.default_rng(2)
    table = pyarrow.table(
        {
            "x": numpy.arange(ROWS) / 7,
            "text": [f"{some.integers(0, 1 << 60):x}" * 3 for _ in range(ROWS)],
            "image": pyarrow.array([{"bytes": b"\x89PNG\r\n\x1a\n" + bytes(46), "path": None}] * ROWS),
        }
    )
    path = tmp_path_factory.mktemp("stats") / "t.parquet"
    pyarrow.parquet.write_table(
        table,
        path,
        row_group_size=4_000,
        write_page_index=True,
        use_dictionary=False,
        data_page_size=8_000,
        write_batch_size=100,
    )
    return path


def test_a_remote_file_speaks_first_then_a_sample_and_all_rows_when_asked(file):
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = Source(Origin("url", "t"), [Parquet(Remote(server.url("/t.parquet")))])
        source.count()
        assert source.columns  # which may look at a cell or two
        told = summaries(source, columns=["x", "text"])
        with meter.counting() as spent:
            first = next(told)
            assert (first.column, first.basis, first.low, first.high) == ("x", "footer", "0", "5714.14")
            assert spent.bytes == 0
            rest = list(told)
        assert 0 < spent.bytes < file.stat().st_size * 0.75
        sampled = {one.column: one for one in rest if one.basis == "sample"}
        assert sampled["x"].of == ROWS
        assert 1000 <= sampled["x"].seen < ROWS
        bars = sampled["x"].bars
        assert isinstance(bars, Ranges)
        assert bars.edges[-1] >= 5714  # it is spread over the whole file
        assert bars.edges[0] == 0
        assert [one for one in rest if one.basis == "all"] == []
        with meter.counting(cap=1000) as spent, pytest.raises(Costly):
            list(summaries(source, columns=["text"], exact=True))
        exact = last(source, columns=["x", "text"], exact=True)
        assert (exact["x"].basis, exact["x"].seen, exact["text"].distinct) == ("all", ROWS, ROWS)


def test_a_remote_sample_follows_a_condition(file):
    with serving({"/t.parquet": file.read_bytes()}) as server:
        source = Source(Origin("url", "t"), [Parquet(Remote(server.url("/t.parquet")))])
        found = last(source, Wanted(where="x < 100"), ["x"])["x"]
        assert found.basis == "sample"
        assert found.of is None
        assert float(found.high or "x") < 100


def test_what_lies_on_the_disk_ends_with_all_rows(file):
    source = Source(Origin("disk", "t"), [Parquet(Disk(file))])
    bases = [one.basis for one in summaries(source, columns=["x"])]
    assert bases == ["footer", "sample", "all"]
    assert last(source, columns=["image"])["image"].low == "54 B"


def test_a_wrong_column_is_refused(file):
    with pytest.raises(BadInput, match="no column"):
        list(summaries(Source(Origin("disk", "t"), [Parquet(Disk(file))]), columns=["y"]))


def test_no_rows_have_no_bars():
    found = of([], pyarrow.int64())
    assert (found.seen, found.nulls, found.distinct, found.bars) == (0, 0, 0, None)


@settings(max_examples=100, deadline=None)
@given(finite, finite)
def test_edges_cover_both_ends_with_at_most_twenty_bars(low, high):
    low, high = min(low, high), max(low, high)
    made = edges.real(low, high)
    assert made[0] <= low
    assert made[-1] >= high
    assert 1 <= len(made) - 1 <= edges.MOST
    assert made == sorted(set(made))


@settings(max_examples=100, deadline=None)
@given(st.integers(-(2**70), 2**70), st.integers(0, 2**70))
def test_whole_edges_cover_both_ends(low, width):
    for made in (
        edges.whole(low, low + width),
        edges.times(low, low + width),
        edges.spread(low, low + width),
    ):
        assert made[0] <= low
        assert made[-1] > low + width
        assert 1 <= len(made) - 1 <= edges.MOST
        assert made == sorted(set(made))


def test_a_small_remote_file_is_looked_at_whole_and_a_sample_of_all_rows_is_no_sample(
    file, tmp_path, monkeypatch
):
    small = tmp_path / "small.parquet"
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(file).slice(0, 500), small)
    with serving({"/t.parquet": small.read_bytes()}) as server:
        source = Source(Origin("url", "t"), [Parquet(Remote(server.url("/t.parquet")))])
        found = last(source)
        assert {one.basis for one in found.values()} == {"all"}
        assert found["image"].nulls == 0  # a picture is not drawn as bars, but counted
        monkeypatch.setattr(tell, "SMALL", 0)
        sampled = last(source, columns=["x", "text"])
        assert {(one.basis, one.seen, one.of) for one in sampled.values()} == {("all", 500, 500)}


def test_a_text_that_holds_more_than_its_first_rows_say_is_summed_up(tmp_path):
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8") as into:
        into.write("v\n")
        into.writelines(f"{at if at < 190_000 else at + 0.5}\n" for at in range(200_000))
    found = last(finding.open(str(path)))["v"]
    assert (found.basis, found.seen, found.high) == ("all", 200_000, "200000")
