"""Conditions as SQL: they match what they say, and nothing that stands in them does anything else."""

from __future__ import annotations

import datetime
import math
from typing import Any

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.data.query import result, wanted
from hf_nb.data.query.view import View
from hf_nb.data.query.wanted import Filter, Wanted
from hf_nb.errors import BadInput

HOSTILE = [
    'a"b',
    "a'b",
    "",
    ".",
    "x; drop table t",
    "😀",
    "A",
    "a",
    "row",
    "t",
    "select",
    "\u202eevil",
    "</script>",
]
SCHEMA = pyarrow.schema([("score", pyarrow.int64()), ("text", pyarrow.string())])


def found(table: pyarrow.Table, asked: Wanted) -> list[int]:
    view = View(result.source(table, "t"), asked)
    assert view.find().exact
    return view.positions(0, table.num_rows + 1)


def within(value: Any, low: Any, high: Any, closed: Any) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return False
    return (low is None or value >= low) and (high is None or value < high or (closed and value == high))


def nearest(end: Any) -> float | None:
    try:
        return None if end is None else float(end)
    except OverflowError:
        return math.inf if end > 0 else -math.inf


numbers = {
    "int64": (pyarrow.int64(), st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)),
    "uint64": (pyarrow.uint64(), st.integers(0, 2**64 - 1) | st.integers(0, 5)),
    "int8": (pyarrow.int8(), st.integers(-128, 127)),
    "float64": (pyarrow.float64(), st.floats(width=64) | st.sampled_from([0.0, -0.0, 1.0, math.inf])),
    "float32": (pyarrow.float32(), st.floats(width=32)),
}


@pytest.mark.parametrize("kind", numbers)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_range_of_numbers_matches_what_python_says(kind, data):
    type_, cells = numbers[kind]
    column = data.draw(st.lists(st.none() | cells, max_size=30))
    ends = (
        st.none()
        | st.integers(-(2**70), 2**70)
        | st.integers(-5, 5)
        | st.floats(allow_nan=False)
        | st.sampled_from([math.inf, -math.inf, 10**400, -(10**400), 2**52 + 0.5, 1e-16, -2.5])
    )
    low, high, closed = data.draw(ends), data.draw(ends), data.draw(st.booleans())
    table = pyarrow.table({"c": pyarrow.array(column, type_)})
    met = found(table, Wanted((Filter("c", "between", (low, high), closed),)))
    exact = table["c"].to_pylist()
    if kind.startswith("float"):  # a number beside floats is the nearest float
        low, high = nearest(low), nearest(high)
    assert met == [at for at, value in enumerate(exact) if within(value, low, high, closed)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.none() | st.text(max_size=6) | st.sampled_from(["a'b", "É", "straße", "%", "_"]), max_size=20
    ),
    st.text(max_size=3).filter(lambda t: "\0" not in t),
)
def test_texts_are_found_among_values_and_within(column, word):
    column = [None if cell is None else cell.replace("\0", "") for cell in column]
    table = pyarrow.table({"c": pyarrow.array(column, pyarrow.string())})
    assert found(table, Wanted((Filter("c", "in", (word, None)),))) == [
        at for at, cell in enumerate(column) if cell is None or cell == word
    ]
    if word.isascii():
        has = found(table, Wanted((Filter("c", "has", (word.upper(),)),)))
        plain = [at for at, cell in enumerate(column) if cell is not None and word.lower() in cell.lower()]
        assert set(plain) >= set(has) >= {at for at in plain if (column[at] or "").isascii()}


def test_missing_and_filled_are_each_other_s_opposite():
    table = pyarrow.table({"c": [1, None, 3, None]})
    assert found(table, Wanted((Filter("c", "null"),))) == [1, 3]
    assert found(table, Wanted((Filter("c", "filled"),))) == [0, 2]


def test_times_are_compared_in_milliseconds_or_as_iso_writes_them():
    day = datetime.datetime(2024, 5, 17, 12, 30)  # noqa: DTZ001 -- a table without a zone
    for type_ in (pyarrow.timestamp("us"), pyarrow.timestamp("ns", "Europe/Paris"), pyarrow.date32()):
        table = pyarrow.table(
            {"c": pyarrow.array([day, None, day.replace(year=2025)], pyarrow.timestamp("us")).cast(type_)}
        )
        ends = (1704067200000, 1735689600000)  # 2024, in UTC
        assert found(table, Wanted((Filter("c", "between", ends),))) == [0]
        assert found(table, Wanted((Filter("c", "between", ("2025-01-01", None)),))) == [2]


def test_a_range_over_texts_and_lists_is_about_their_length():
    table = pyarrow.table({"s": ["", "ab", "abcd", None], "l": [[1], [], [1, 2, 3], None]})
    assert found(table, Wanted((Filter("s", "between", (1, 4), closed=True),))) == [1, 2]
    assert found(table, Wanted((Filter("l", "between", (1, 3)),))) == [0]
    assert found(table, Wanted((Filter("s", "between", ("ab", None)),))) == [1, 2]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(name):
    table = pyarrow.table([[1, 2, 3], [3, 2, 1]], names=[name, "other"])
    assert found(table, Wanted((Filter(name, "between", (2, None)),), sort=(name, True))) == [2, 1]


def test_names_that_differ_in_case_only_are_told_apart():
    table = pyarrow.table([[1, 2, 3], [30, 20, 10], [7, 8, 9]], names=["a", "A", ""])
    assert found(table, Wanted((Filter("A", "between", (20, None)),))) == [0, 1]
    assert found(table, Wanted((Filter("a", "between", (2, None)),))) == [1, 2]
    assert found(table, Wanted((Filter("", "in", (8,)),))) == [1]
    assert found(table, Wanted(where="A_2 = 10")) == [2]


def test_two_columns_of_one_name_are_refused_where_one_is_meant():
    table = pyarrow.table([[1], [2], ["x"]], names=["a", "a", "b"])
    with pytest.raises(BadInput, match="Two columns"):
        wanted.condition(Wanted((Filter("a", "null"),)), table.schema)
    with pytest.raises(BadInput, match="Two columns"):
        wanted.condition(Wanted(where="a_2 > 1"), table.schema)
    assert found(table, Wanted(where="b = 'x'")) == [0]


def test_a_wrong_column_offers_the_nearest():
    for asked in (Wanted((Filter("scor", "null"),)), Wanted(where="scor > 3"), Wanted(sort=("Scor", False))):
        with pytest.raises(BadInput) as error:
            wanted.sql(asked, SCHEMA)
        assert "score" in error.value.next_step


@pytest.mark.parametrize(
    "where",
    [
        "1) or (1=1", "score; drop table t", "score /*", "score from t", "score, text", "score order by 1",
        "(select 1)", "score in (select 1)", "sum(score) over () > 1", "score as b", "distinct score", "score limit 1",
        "score union select 1", "copy t to 'x'", "", "score >", "read_text('/etc/passwd') is null",
        "exists (from read_csv('/etc/passwd'))", "sum(score) > 3", "count(*) > 0",
    ],
)  # fmt: skip
def test_what_is_no_condition_over_a_row_is_refused(where):
    table = pyarrow.table({"score": [1, 2], "text": ["a", "b"]})
    if not where:
        assert found(table, Wanted(where=where)) == [0, 1]
        return
    with pytest.raises(BadInput):
        View(result.source(table, "t"), Wanted(where=where)).find()


def test_a_comment_at_the_end_of_a_condition_ends_with_it():
    table = pyarrow.table({"score": [1, 2], "text": ["a", "b"]})
    assert found(table, Wanted((Filter("text", "filled"),), where="score > 1 -- all of them")) == [1]


def test_a_mistake_in_a_condition_is_marked():
    with pytest.raises(BadInput) as error:
        wanted.sql(Wanted(where="score >> > 1"), SCHEMA)
    assert "score >> →> 1" in error.value.next_step


def test_a_search_wants_every_word_and_whole_phrases_in_any_text():
    chats = pyarrow.array(
        [
            [{"role": "user", "content": "Where is my refund"}],
            [{"role": "user", "content": "hello"}],
            None,
            [],
        ],
        pyarrow.list_(pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())])),
    )
    table = pyarrow.table(
        {
            "chat": chats,
            "note": ["Credit Card", None, "refund: credit a card", "x"],
            "tags": pyarrow.array([["a"], ["refund"], None, ["b", "c"]], pyarrow.list_(pyarrow.string())),
            "n": [1, 2, 3, 4],
        }
    )
    assert found(table, Wanted(search="REFUND")) == [0, 1, 2]
    assert found(table, Wanted(search="refund card")) == [0, 2]
    assert found(table, Wanted(search='"credit card"')) == [0]
    assert found(table, Wanted(search="content")) == []  # the name of a field is no text of a row
    assert found(table, Wanted(search="  ")) == [0, 1, 2, 3]
    with pytest.raises(BadInput, match="No column holds text"):
        found(table.select(["n"]), Wanted(search="x"))


def test_the_sql_that_is_shown_finds_the_same_rows():
    import duckdb

    t = pyarrow.table({"a": [3.5, None, math.nan, -1.0], "b": ["x", "X y", None, "z"]})
    for asked in (
        Wanted((Filter("a", "between", (0, None)),), sort=("a", True)),
        Wanted(search="x", sort=("a", False)),
        Wanted(where="a < 2 or b is null", sort=("b", True)),
    ):
        view = View(result.source(t, "t"), asked)
        with duckdb.connect() as duck:
            duck.register("t", t)
            assert repr(duck.sql(view.sql).to_arrow_table().to_pylist()) == repr(view.read(0, 10).to_pylist())


def test_clocks_stretches_and_decimals_have_ranges_too():
    table = pyarrow.table(
        {
            "clock": pyarrow.array([0, 3_600_000, None], pyarrow.int32()).cast(pyarrow.time32("ms")),
            "span": pyarrow.array([0, 10**6, -(10**6)], pyarrow.int64()).cast(pyarrow.duration("us")),
            "price": pyarrow.array(["1.25", None, "3.00"]).cast(pyarrow.decimal128(30, 2)),
        }
    )
    assert found(table, Wanted((Filter("clock", "between", (1_000, 7_200_000)),))) == [1]
    assert found(table, Wanted((Filter("clock", "between", ("00:00", "00:30")),))) == [0]
    assert found(table, Wanted((Filter("span", "between", (-500, 2_000)),))) == [0, 1]
    assert found(table, Wanted((Filter("price", "between", (1e-17, 1.25), closed=True),))) == [0]
    assert found(table, Wanted((Filter("price", "in", (3, "1.25")),))) == [0, 2]
    with pytest.raises(BadInput, match="no value"):
        found(table, Wanted((Filter("price", "in", ("x'); drop table t; --",)),)))


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ('name = "Lyon"', "A text stands in single quotes: 'Lyon'. Columns: name, my col"),
        ("my col > 1", 'Such a name stands in double quotes: "my col"'),
        ("nam = 'Lyon'", "Did you mean name?"),
    ],
)
def test_a_mistake_of_quotes_is_told_from_a_wrong_name(where, says):
    schema = pyarrow.schema([("name", pyarrow.string()), ("my col", pyarrow.int64())])
    with pytest.raises(BadInput) as wrong:
        wanted.condition(Wanted(where=where), schema)
    assert wrong.value.next_step == says
