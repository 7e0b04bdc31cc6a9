"""What a batch can be asked about, and how each row is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hf_nb import tasks
from hf_nb.errors import BadInput, HfNbError
from hf_nb.infer.many.inputs import inputs
from hf_nb.infer.many.rows import Row, checked

TEXTS = ["one", "two", "three"]
CLASSIFY = tasks.TASKS["text-classification"]


def rows(given: Any, column: Any = None, limit: int | None = None) -> list[Any]:
    return [*inputs(given, column, limit).rows]


@pytest.fixture
def frame() -> Any:
    return pytest.importorskip("pandas").DataFrame({"text": TEXTS, "n": [1, 2, 3]})


def test_a_list_a_column_a_table_and_an_iterator_give_the_same_rows(frame: Any) -> None:
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table({"text": TEXTS, "n": [1, 2, 3]})
    polar = pytest.importorskip("polars").DataFrame({"text": TEXTS, "n": [1, 2, 3]})
    for given, column in (
        (TEXTS, None),
        (tuple(TEXTS), None),
        (frame["text"], None),
        (frame, "text"),
        (frame[["text"]], None),
        (frame["text"].to_numpy(), None),
        (table, "text"),
        (table["text"], None),
        (polar, "text"),
        (polar["text"], None),
        (polar.select("text"), None),
        (polar.lazy(), "text"),
        ({"text": TEXTS, "n": [1, 2, 3]}, "text"),
        ([{"text": one} for one in TEXTS], "text"),
        (iter(TEXTS), None),
        ((one for one in TEXTS), None),
    ):
        assert rows(given, column) == TEXTS


def test_how_many_there_are_is_known_where_it_can_be(frame: Any) -> None:
    assert inputs(frame, "text").total == inputs(TEXTS, None).total == 3
    assert inputs(iter(TEXTS), None).total is None
    assert inputs(frame, "text", 2).total == 2
    lazy = pytest.importorskip("polars").LazyFrame({"text": TEXTS})
    assert (inputs(lazy, None).total, inputs(lazy, None, 2).total) == (3, 2)
    assert rows(iter(TEXTS), None, 2) == TEXTS[:2]


def test_fields_come_from_columns_or_are_the_same_in_every_row(frame: Any) -> None:
    found = rows(frame, {"text": "text", "candidate_labels": ["a", "b"]})
    assert found[1] == {"text": "two", "candidate_labels": ["a", "b"]}


def test_a_stored_table_is_read_piece_by_piece_and_only_its_column() -> None:
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table({"text": [str(one) for one in range(4_500)], "big": ["x"] * 4_500})
    asked: list[tuple[int, int, Any]] = []

    class Stored:
        schema, rows = table.schema, table.num_rows

        def read(self, offset: int, limit: int, columns: Any = None) -> Any:
            asked.append((offset, limit, columns))
            return table.slice(offset, limit).select(columns)

    found = inputs(Stored(), "text")
    assert found.total == 4_500
    assert next(found.rows) == "0"
    assert len(asked) == 1
    assert [*found.rows][-1] == "4499"
    assert {tuple(one[2]) for one in asked} == {("text",)}


def test_files_are_rows_and_what_cannot_be_read_is_a_bad_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "c.txt").write_text("hf_" + "a" * 34)
    found = rows(str(tmp_path / "*.txt"))
    assert found[0] == "one"
    assert isinstance(found[1], BadInput)
    assert "it is no text" in found[1].problem
    assert "token" in found[2].problem


@pytest.mark.parametrize(
    ("column", "said"),
    [(None, "Which column"), ("txet", "Did you mean text"), ({"text": "nothing"}, "None of these")],
)
def test_a_wrong_column_is_told_which_there_are(frame: Any, column: Any, said: str) -> None:
    with pytest.raises(BadInput) as wrong:
        inputs(frame, column)
    assert said in str(wrong.value)


def test_two_columns_of_one_name_are_no_column(frame: Any) -> None:
    twice = pytest.importorskip("pandas").concat([frame[["text"]], frame[["text"]]], axis=1)
    with pytest.raises(BadInput, match="several columns"):
        inputs(twice, "text")


@pytest.mark.parametrize("given", [3, None, object()])
def test_what_cannot_be_walked_through_is_refused(given: Any) -> None:
    with pytest.raises(BadInput, match="Nothing can be asked"):
        inputs(given, None)


class Awkward:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "empty"),
        (float("nan"), "empty"),
        ("", "empty"),
        (" \n ", "empty"),
        (3, "not int"),
        (["a"], "not list"),
        (b"bytes", "not bytes"),
        ("half \ud83d of it", "half a character"),
        (Awkward(), "not Awkward"),
    ],
)
def test_a_bad_row_says_what_is_wrong_with_it(given: Any, said: str) -> None:
    found = checked(0, given, CLASSIFY)
    assert isinstance(found, HfNbError)
    assert said in found.problem


def test_what_pandas_puts_where_nothing_stands_is_nothing() -> None:
    pandas = pytest.importorskip("pandas")
    for one in (pandas.NA, pandas.NaT):
        found = checked(0, one, CLASSIFY)
        assert isinstance(found, BadInput)
        assert "empty" in found.problem


def test_equal_inputs_have_one_mark_and_others_another() -> None:
    def mark(given: Any) -> str:
        found = checked(0, given, CLASSIFY)
        assert isinstance(found, Row)
        return found.mark

    assert mark("a") == mark("a") == mark({"text": "a"})
    assert mark("a") != mark("a ")
