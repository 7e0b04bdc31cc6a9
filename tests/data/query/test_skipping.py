"""A filter over the network reads the pages that may hold a wanted row: their lowest and highest are in the file."""

from __future__ import annotations

import contextlib
import datetime
import decimal
import io
import math
from typing import Any

import numpy
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.data.files import meter
from hf_nb.data.files.disk import Disk
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet, ends
from hf_nb.data.query import result, scan
from hf_nb.data.query.view import View
from hf_nb.data.query.wanted import Filter, Wanted
from hf_nb.data.source import Source
from hf_nb.values.data import Origin
from tests.data.serving import Server, serving

ROWS, PAGE = 400_000, 64_000  # rows; bytes of a page of `id`


def written(table: pyarrow.Table, **how: Any) -> bytes:
    kept = io.BytesIO()
    options = {
        "write_page_index": True,
        "data_page_size": PAGE,
        "use_dictionary": False,
        "compression": "none",
    }
    pyarrow.parquet.write_table(table, kept, **options | how)
    return kept.getvalue()


def table() -> pyarrow.Table:
    """One row group, sorted by `id`; `t` in the same order, `shuffled` in none."""
    some = numpy.random.default_rng(5)
    ids = numpy.arange(ROWS) * 3
    return pyarrow.table(
        {
            "id": ids,
            "t": pyarrow.array(ids * 1000, pyarrow.timestamp("us", "UTC")),
            "name": [f"name {at:09d} {'x' * 80}" for at in range(ROWS)],
            "shuffled": some.permutation(ROWS),
        }
    )


@pytest.fixture(scope="module")
def content() -> bytes:
    return written(table(), row_group_size=ROWS)


def away(server: Server) -> Source:
    return Source(Origin("url", "t.parquet"), [Parquet(Remote(server.url("/t.parquet")))])


@pytest.mark.parametrize(
    ("asked", "row"),
    [
        (Wanted((Filter("id", "between", (765_432, 765_432), closed=True),)), 255_144),
        (Wanted((Filter("id", "in", (765_432,)),)), 255_144),
        (Wanted(where="id = 765432"), 255_144),
        (Wanted(where="name = 'name 000255144 " + "x" * 80 + "'"), 255_144),
        (Wanted((Filter("t", "between", (765_432, 765_432), closed=True),)), 255_144),
    ],
)
def test_a_value_of_a_sorted_column_is_found_by_reading_one_page(content: bytes, asked: Wanted, row: int):
    name = View(result.source(table().slice(0, 1), "t"), asked).looked[0]
    with serving({"/t.parquet": content}) as server:
        source = away(server)
        source.count()
        server.clear()
        whole = scan.cost(source, [name], scan.spans(source, [name]))
        view = View(source, asked)
        found = view.find()
        assert (found.rows, found.scanned, found.exact) == (1, ROWS, True)
        assert view.positions(0, 9) == [row]
        chunks = source.parts[0].footer.chunks(0)  # type: ignore[attr-defined]
        chunk = next(one for one in chunks if one.leaf.path == (name.encode(),))
        index = len(chunk.ends) + len(chunk.index)
    # its own indexes, its page, and at most one beside it: a text's page is larger than it was meant to be
    assert server.bytes <= index + 2.2 * PAGE
    assert server.bytes < whole / 10
    assert server.requests <= 3


def test_a_value_of_a_shuffled_column_is_looked_for_everywhere_and_found(content: bytes):
    with serving({"/t.parquet": content}) as server:
        view = View(away(server), Wanted(where="shuffled = 17"))
        assert view.find().rows == 1
    assert view.positions(0, 9) == table().column("shuffled").to_numpy().tolist().index(17) * numpy.ones(1)


def test_indexes_are_not_asked_for_where_the_row_groups_say_enough(content: bytes):
    with serving({"/t.parquet": content}) as server:
        source = away(server)
        source.count()
        server.clear()
        assert View(source, Wanted(where="id > 99999999")).find().rows == 0
    # where the pages lie is asked for all the same; their ends would be as much again
    ends_of_id = source.parts[0].footer.chunks(0)[0].ends  # type: ignore[attr-defined]
    assert all(f"bytes={ends_of_id.begin}-" not in one.headers.get("Range", "") for one in server.asked)


KINDS: dict[Any, Any] = {
    pyarrow.int32(): st.integers(-9, 9),
    pyarrow.uint64(): st.integers(2**63 - 3, 2**63 + 3),
    pyarrow.float32(): st.floats(-9, 9, width=32) | st.just(math.nan),
    pyarrow.float64(): st.floats(-9, 9) | st.just(math.nan),
    pyarrow.string(): st.text(max_size=3) | st.text(alphabet="ab", min_size=70, max_size=90),
    pyarrow.timestamp("ms"): st.integers(-5000, 5000),
    pyarrow.date32(): st.integers(-3, 3),
    pyarrow.bool_(): st.booleans(),
    pyarrow.decimal128(5, 2): st.decimals(-9, 9, places=2),
    pyarrow.list_(pyarrow.int32()): st.lists(st.integers(-9, 9), max_size=3),
}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_skipping_pages_never_loses_a_row(tmp_path_factory, data):
    type_ = data.draw(st.sampled_from(list(KINDS)))
    values = data.draw(st.lists(st.none() | KINDS[type_], min_size=1, max_size=30))
    if data.draw(st.booleans()):  # sorted, so that pages differ
        numbers = sorted(one for one in values if one is not None and one == one)  # noqa: PLR0124 -- NaN is not
        values = [*numbers, *(one for one in values if one is None or one != one)]  # noqa: PLR0124
    column = pyarrow.array(values, type_)
    path = tmp_path_factory.mktemp("skip") / "t.parquet"
    size = {"row_group_size": data.draw(st.sampled_from([4, 30])), "write_batch_size": 2, "data_page_size": 1}
    path.write_bytes(written(pyarrow.table({"c": column, "beside": range(len(values))}), **size))
    value = st.none() | st.sampled_from(values)
    tests = [Filter("c", "null"), Filter("c", "filled")]
    if not pyarrow.types.is_nested(type_):
        ends_ = data.draw(value), data.draw(value)
        plain = [_said(one) for one in ends_]
        tests += [Filter("c", "between", plain, closed=data.draw(st.booleans())), Filter("c", "in", plain)]
    test = data.draw(st.sampled_from(tests))
    file = Source(Origin("disk", "t"), [Parquet(Disk(path))])
    views = [
        View(source, Wanted((test,))) for source in (file, result.source(pyarrow.table({"c": column}), "t"))
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ends, "SMALL", 0)
        patched.setattr(ends, "SHARE", 0)
        assert views[0].find().rows == views[1].find().rows
    assert views[0].positions(0, 99) == views[1].positions(0, 99)


def _said(value: Any) -> Any:
    """As a page says it."""
    if isinstance(value, decimal.Decimal):
        return float(value)
    return value if not isinstance(value, datetime.date) else value.isoformat()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_an_index_that_makes_no_sense_is_done_without(tmp_path_factory, data):
    """Any bytes in its place: an answer or one of our errors, and nothing that never ends."""
    from hf_nb.errors import HfNbError

    ids = list(range(200))
    raw = bytearray(written(pyarrow.table({"id": ids}), write_batch_size=10, data_page_size=1))
    path = tmp_path_factory.mktemp("lying") / "t.parquet"
    path.write_bytes(raw)
    chunk = Parquet(Disk(path)).footer.chunks(0)[0]
    assert chunk.ends is not None
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(chunk.ends.begin, chunk.ends.end - 1))
        raw[at] = data.draw(st.integers(0, 255))
    path.write_bytes(raw)
    source = Source(Origin("disk", "t"), [Parquet(Disk(path))])
    with pytest.MonkeyPatch.context() as patched, meter.counting():
        patched.setattr(ends, "SMALL", 0)
        patched.setattr(ends, "SHARE", 0)
        # a strange end may hide the row; it may not break the reader
        with contextlib.suppress(HfNbError):
            assert View(source, Wanted(where="id = 17")).find().rows in (0, 1)
