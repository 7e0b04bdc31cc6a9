"""JSON in the forms it is found in."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hf_nb.data import formats
from hf_nb.data.files.memory import Memory
from hf_nb.data.files.meter import counting
from hf_nb.errors import Broken, HfNbError
from tests.data.formats.far import Far


def opened(text: str | bytes, name: str = "table.jsonl") -> Any:
    return formats.part(Memory(text.encode() if isinstance(text, str) else text, name))


ROWS = [{"a": 1, "b": "x]}"}, {"a": 2, "b": 'y"{\\'}, {"a": 3, "b": "ä\n"}]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, ROWS)),
        "\r\n\r\n".join(map(json.dumps, ROWS)) + "\r\n",
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2, ensure_ascii=False),
        "\n".join(json.dumps(row, indent=2) for row in ROWS),
        "\ufeff" + json.dumps(ROWS),
        "[" + ",\n".join(map(json.dumps, ROWS)) + "]\n",
    ],
    ids=[
        "lines",
        "blank lines",
        "array",
        "pretty array",
        "pretty values",
        "byte order mark",
        "array of lines",
    ],
)
def test_all_forms_hold_the_same_rows(text: str) -> None:
    part = opened(text)
    assert part.read(0, 10).to_pylist() == ROWS
    assert part.read(1, 1).to_pylist() == ROWS[1:2]
    assert part.count() == 3
    assert opened(gzip.compress(text.encode()), "table.json.gz").read(0, 10).to_pylist() == ROWS


def test_what_a_row_lacks_is_empty_and_what_it_has_more_is_a_column() -> None:
    part = opened('{"a": 1}\n' * 200_000 + '{"a": 2.5, "c": [1]}\n')
    assert part.schema.names == ["a"]
    assert part.read(200_000, 1).to_pylist() == [{"a": 2.5, "c": [1]}]
    assert part.read(0, 1).to_pylist() == [{"a": 1.0, "c": None}]
    assert part.notes == (
        "Column 'a' is number rather than whole number: see after row 200,000.",
        "Column 'c' begins after row 200,000.",
    )


def test_values_of_several_types_are_shown_as_json() -> None:
    part = opened('{"a": 1}\n{"a": "x"}\n{"a": {"k": [1, null]}}\n{"a": null}\n')
    assert part.read(0, 9).column("a").to_pylist() == ["1", "x", '{"k": [1, null]}', None]
    assert part.notes == ("Column 'a' holds values of several types: they are shown as JSON.",)


def test_rows_that_are_no_objects_stand_in_one_column() -> None:
    assert opened("1\n2\n").read(0, 9).to_pylist() == [{"value": 1}, {"value": 2}]
    assert opened("[1, 2]\n[3]\n").read(0, 9).to_pylist() == [{"value": [1, 2]}, {"value": [3]}]
    assert opened('["a", "b"]', "x.json").read(0, 9).to_pylist() == [{"value": "a"}, {"value": "b"}]


@pytest.mark.parametrize("text", ["", "\n\n", "[]", "[ ]\n"])
def test_a_file_without_rows_has_none(text: str) -> None:
    part = opened(text, "x.json")
    assert (part.count(), part.read(0, 10).num_rows, part.schema.names) == (0, 0, [])


@pytest.mark.parametrize(
    "text", ['{"a": 1', '[{"a": 1}, {"a"', '{"a": 1}\nnonsense\n', "[1, 2", '{"a":' * 5000]
)
def test_nonsense_is_an_error_that_says_where(text: str) -> None:
    with pytest.raises(Broken):
        opened(text, "x.json").read(0, 10)


def test_a_key_twice_and_numbers_beyond_measure_do_no_harm() -> None:
    assert opened('{"a": 1, "a": 2}\n').read(0, 9).to_pylist() == [{"a": 2}]
    assert opened('{"a": 123456789012345678901234567890}\n').read(0, 9).num_rows == 1


_VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**40), 2**40)
    | some.floats(allow_nan=False)
    | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(some.lists(some.dictionaries(some.sampled_from("abc"), _VALUES, max_size=3), max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_json_is_read_or_refused_in_our_words(rows: list[Any]) -> None:
    text = "\n".join(json.dumps(row) for row in rows)
    part = opened(text)
    try:
        table = part.read(0, 100)
    except HfNbError:
        raise AssertionError("all of it is JSON") from None
    assert part.count() == len(rows)
    assert table.num_rows == len(rows) or not table.schema.names


def test_an_array_of_a_far_file_is_read_from_its_first_bytes() -> None:
    far = Far(json.dumps([{"n": n, "text": "x" * 50} for n in range(50_000)]).encode(), "big.json")
    part = formats.part(far)
    with counting() as moved:
        assert part.read(0, 10).column("n").to_pylist() == list(range(10))
    assert moved.bytes == 64_000
    assert part.read(49_999, 10).column("n").to_pylist() == [49_999]


def test_a_byte_cut_in_the_middle_of_a_letter_is_no_end_of_a_row() -> None:
    rows = [{"t": "é" * n} for n in range(600)]
    part = opened(json.dumps(rows, ensure_ascii=False), "x.json")
    assert part.read(0, 1000).to_pylist() == rows
