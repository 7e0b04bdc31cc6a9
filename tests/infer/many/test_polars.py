"""A frame or column of polars goes in, and a frame of polars comes out, with the answers beside what was given."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb import infer
from hf_nb.errors import BadInput

polars = pytest.importorskip("polars")
TEXTS = ["one", None, "three"]
HOW: dict[str, Any] = {"task": "feature-extraction", "provider": "hashing", "journal": False}


@pytest.fixture
def frame() -> Any:
    return polars.DataFrame({"n": [1, 2, 3], "text": TEXTS})


def test_a_new_column_comes_beside_the_others_and_the_frame_stays_as_it_was(frame: Any) -> None:
    before = frame.clone()
    made: Any = infer.batch(frame, column="text", into="vector", **HOW)
    assert isinstance(made, polars.DataFrame)
    assert made.columns == ["n", "text", "vector", "vector_error"]
    assert made.select("n", "text").equals(before)
    assert frame.equals(before)
    assert [None if one is None else len(one) for one in made["vector"]] == [512, None, 512]
    assert made["vector"][0].to_list() == infer.batch(["one"], **HOW).vectors[0].tolist()
    assert made["vector_error"].is_null().to_list() == [True, False, True]


@pytest.mark.parametrize("lazy", [False, True])
def test_the_first_rows_alone_and_a_lazy_frame(frame: Any, lazy: bool) -> None:  # noqa: FBT001 -- a parameter
    made: Any = infer.batch(frame.lazy() if lazy else frame, column="text", into="v", limit=2, **HOW)
    assert made.shape == (2, 4)


def test_a_column_alone_and_one_without_a_name(frame: Any) -> None:
    assert infer.batch(frame["text"], into="v", **HOW).columns == ["text", "v", "v_error"]  # type: ignore[union-attr]
    assert infer.batch(polars.Series(["a"]), into="v", **HOW).columns == ["input", "v"]  # type: ignore[union-attr]


def test_without_a_name_for_it_the_whole_batch_comes_and_becomes_either_frame(frame: Any) -> None:
    made: Any = infer.batch(frame, column="text", **HOW)
    assert (made.ok, made.failed) == (2, 1)
    assert made.to_pandas().columns.tolist() == ["n", "text", "vector", "vector_error"]
    assert made.with_answers().columns == ["n", "text", "vector", "vector_error"]


def test_no_rows_no_column_and_a_wrong_name(frame: Any) -> None:
    empty: Any = infer.batch(frame.clear(), column="text", into="v", **HOW)
    assert empty.shape[0] == 0
    with pytest.raises(BadInput, match="Which column"):
        infer.batch(frame, **HOW)
    with pytest.raises(BadInput, match="no column"):
        infer.batch(frame.lazy(), column="txet", **HOW)


@pytest.mark.slow
def test_labels_and_their_scores_are_columns_of_their_own(hub: object, frame: Any) -> None:
    texts = polars.DataFrame({"mood": ["I love it.", "It was awful.", None]})
    made: Any = infer.batch(texts, column="mood", into="my_score", model="hfnb-demo/sentiment-en")
    assert made["my_score"].to_list() == ["positive", "negative", None]
    assert made["my_score_score"].dtype == polars.Float64
    same: Any = infer.batch(texts.to_pandas(), column="mood", into="my_score", model="hfnb-demo/sentiment-en")
    assert same["my_score"].tolist()[:2] == ["positive", "negative"]


def test_a_frame_of_one_column_goes_into_a_pipeline_of_scikit_learn() -> None:
    pytest.importorskip("sklearn")
    from hf_nb.sklearn import Embeddings

    made = Embeddings(provider="hashing").transform(polars.DataFrame({"text": ["one", "two"]}))
    assert made.shape == (2, 512)
