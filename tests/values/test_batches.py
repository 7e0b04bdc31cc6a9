"""A batch as a value: a frame, vectors, rows, a dict; and how it is shown when what is in it is hostile."""

from __future__ import annotations

import json
from array import array
from typing import Any

import pytest

from hf_nb.errors import BadInput
from hf_nb.values import Batch, FailedRow, Source

SOURCE = Source("own/model", None, "local", "the model you named", 1.0, task="text-classification")
EVIL = "<script>alert(1)</script>\x1b[31m\x00"


def labels(given: list[Any], failures: tuple[FailedRow, ...] = (), **how: Any) -> Batch:
    bad = {one.row for one in failures}
    outputs = [None if at in bad else (("a", 0.25), ("b", 0.75)) for at in range(len(given))]
    return Batch("text-classification", "labels", SOURCE, given, tuple(outputs), failures, 2.0, **how)


def test_the_likeliest_label_and_its_score_stand_in_two_columns() -> None:
    pytest.importorskip("pandas")
    made = labels(["x", None], (FailedRow(1, "BadInput", "Empty."),)).to_pandas()
    assert list(made.columns) == ["input", "label", "label_score", "label_error"]
    assert made["label"].iloc[0] == "b"
    assert made["label_score"].iloc[0] == 0.75
    assert made["label_error"].iloc[1] == "BadInput: Empty."


def test_vectors_are_rows_of_numbers_and_a_failed_one_is_none() -> None:
    numpy = pytest.importorskip("numpy")
    made = Batch("feature-extraction", "vectors", SOURCE, ["a", "b"], (array("f", [1, 2]), None))
    assert made.vectors.dtype == "float32"
    assert made.vectors[0].tolist() == [1, 2]
    assert numpy.isnan(made.vectors[1]).all()
    with pytest.raises(BadInput, match="no vectors"):
        _ = labels(["x"]).vectors


def test_vectors_fit_into_a_frame() -> None:
    pytest.importorskip("pandas")
    made = Batch("feature-extraction", "vectors", SOURCE, ["a", "b"], (array("f", [1, 2]), None)).to_pandas()
    assert made["vector"].iloc[0] == [1.0, 2.0]
    assert made["vector"].iloc[1] is None


def test_it_counts_slices_and_walks_as_a_list_does() -> None:
    made = labels([f"t{at}" for at in range(20)], (FailedRow(3, "BadInput", "Empty."),))
    assert (len(made), made.ok, made.failed, made.left) == (20, 19, 1, 0)
    assert made[-1].input == "t19"
    assert [one.row for one in made[2:5]] == [2, 3, 4]
    failure = made[3].failure
    assert failure is not None
    assert failure.problem == "Empty."
    assert [one.row for one in made] == list(range(20))
    with pytest.raises(IndexError):
        made[20]


def test_it_is_json_with_every_row() -> None:
    made = labels(["x", None], (FailedRow(1, "BadInput", "Empty."),))
    said = json.loads(json.dumps(made.to_dict()))
    assert said["rows"] == said["ok"] + said["failed"] == 2
    assert said["answers"][0]["value"] == "b"
    assert said["answers"][1]["failure"]["problem"] == "Empty."


def test_a_long_one_shows_head_and_tail_and_says_what_is_between() -> None:
    made = labels([f"text {at}" for at in range(1_000_000)])
    shown = str(made)
    assert "1,000,000 of 1,000,000 rows answered" in shown
    assert "999,992 more" in shown
    assert "text 999999" in shown
    assert len(shown.splitlines()) < 20
    assert len(made._repr_mimebundle_()["text/html"]) < 10_000


def test_what_is_in_its_rows_does_nothing_when_it_is_shown() -> None:
    made = labels([EVIL, {"text": EVIL}, EVIL * 100_000], (FailedRow(1, "BadInput", EVIL),), notes=(EVIL,))
    bundle = made._repr_mimebundle_()
    assert "<script" not in bundle["text/html"]
    assert "\x1b" not in bundle["text/plain"]
    assert len(bundle["text/plain"]) < 5_000


@pytest.mark.parametrize(
    ("kind", "output", "value", "score"),
    [
        ("text", "un chat", "un chat", None),
        ("chat", "Hello.", "Hello.", None),
        ("extract", {"answer": "Geneva", "score": 0.5, "start": 0, "end": 6}, "Geneva", 0.5),
        ("fills", [{"sequence": "a b", "score": 0.5, "token": 1, "token_str": " b"}], "b", 0.5),
        ("fills", [[{"sequence": "a b", "score": 0.5, "token": 1, "token_str": " b"}]], "b", 0.5),
        ("scores", [0.1, 0.2], [0.1, 0.2], None),
        ("spans", [{"entity_group": "PER", "score": 1.0, "word": "Maria", "start": 0, "end": 5}], None, None),
    ],
)
def test_every_kind_of_answer_has_a_value_a_column_and_a_look(
    kind: str, output: Any, value: Any, score: float | None
) -> None:
    pytest.importorskip("pandas")
    made = Batch("task", kind, SOURCE, ["a", "b"], (output, None))
    assert made.values == [output if value is None else value, None]
    assert made.scores == [score, None]
    assert len(made.to_pandas()) == 2
    assert "own/model" in str(made)
    assert made._repr_mimebundle_()["text/html"]
    assert len(made.brief()) == 2
