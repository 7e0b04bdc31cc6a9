"""Models as steps of scikit-learn, and verbs over a column of pandas."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from hf_nb.errors import BadInput

sklearn = pytest.importorskip("sklearn")
pandas = pytest.importorskip("pandas")
MODEL, VECTORS = "hfnb-demo/sentiment-en", "hashing-512"
GOOD = [f"I love this {one}." for one in ("room", "soup", "train", "view", "staff", "book", "song", "city")]
BAD = [f"The {one} was awful." for one in ("room", "soup", "train", "view", "staff", "book", "song", "city")]


@pytest.fixture
def embeddings() -> Any:
    from hf_nb.sklearn import Embeddings

    return Embeddings(VECTORS, provider="hashing")


def test_a_pipeline_learns_from_vectors(embeddings: Any) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline

    texts, classes = GOOD + BAD, [1] * len(GOOD) + [0] * len(BAD)
    made = make_pipeline(embeddings, LogisticRegression())
    assert made.fit(texts, classes).score(texts, classes) == 1.0
    assert made.predict(["I love this pen."]) == [1]
    assert cross_val_score(made, texts, classes, cv=4).mean() > 0.9


def test_vectors_are_those_of_embed(embeddings: Any) -> None:
    from hf_nb import infer

    numpy = pytest.importorskip("numpy")
    made = embeddings.transform(pandas.Series(GOOD))
    assert made.shape == (8, 512)
    assert numpy.allclose(made, infer.embed(GOOD, provider="hashing").to_numpy(), atol=1e-6)


def test_it_clones_pickles_and_says_its_parameters(embeddings: Any) -> None:
    from sklearn.base import clone

    for one in (clone(embeddings), pickle.loads(pickle.dumps(embeddings))):  # noqa: S301 -- our own
        assert one.get_params() == {"model": VECTORS, "provider": "hashing", "params": None, "fresh": False}
        assert one.transform(["a"]).shape == (1, 512)
    assert clone(embeddings).set_params(model="other/one").model == "other/one"


def test_a_column_of_a_frame_is_enough_and_two_are_not(embeddings: Any) -> None:
    frame = pandas.DataFrame({"text": GOOD, "n": range(8)})
    assert embeddings.transform(frame[["text"]]).shape == (8, 512)
    with pytest.raises(BadInput, match="One column"):
        embeddings.transform(frame)


def test_a_text_without_an_answer_is_no_row_of_zeros(embeddings: Any) -> None:
    with pytest.raises(BadInput, match="row 1"):
        embeddings.transform(["a", None, "b"])


def test_a_column_has_our_verbs_once_pandas_is_there() -> None:
    from hf_nb.plumbing import arrival

    arrival.watch()
    try:
        made = pandas.Series(GOOD, index=range(10, 18), name="text").hf.embed(VECTORS, provider="hashing")
    finally:
        arrival.stop()
    assert made.shape == (8, 512)


def test_a_name_that_somebody_else_has_taken_stays_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    from hf_nb.plumbing import columns

    monkeypatch.setattr(pandas.Series, "hf", "theirs", raising=False)
    columns.register(pandas)
    assert pandas.Series.hf == "theirs"


@pytest.mark.slow
def test_labels_are_the_models_scores(hub: object) -> None:
    from hf_nb.sklearn import Labels

    made = Labels(MODEL)
    scores = made.transform([*GOOD[:2], *BAD[:2]])
    assert list(made.classes_) == list(made.get_feature_names_out()) == ["negative", "positive"]
    assert scores.argmax(axis=1).tolist() == [1, 1, 0, 0]
    assert scores.sum(axis=1) == pytest.approx([1, 1, 1, 1], abs=1e-5)


@pytest.mark.slow
def test_an_answered_column_keeps_its_index_and_leaves_the_frame_alone(hub: object) -> None:
    from hf_nb import infer

    frame = pandas.DataFrame({"text": ["I love it.", None, "It was awful."]}, index=["x", "y", "y"])
    before = frame.copy()
    labels = frame["text"].hf.infer(MODEL)
    assert labels.tolist()[::2] == ["positive", "negative"]
    assert labels.isna().tolist() == [False, True, False]
    assert labels.index.tolist() == ["x", "y", "y"]
    made: Any = infer.batch(frame, column="text", model=MODEL, into="mood")
    assert list(made.columns) == ["text", "mood", "mood_score", "mood_error"]
    assert made["mood_score"].iloc[0] > 0.5
    assert "BadInput" in made["mood_error"].iloc[1]
    assert frame.equals(before)
