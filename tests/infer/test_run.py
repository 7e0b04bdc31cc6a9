"""A model answers on this machine: the right classes, by the model that was meant, and nothing unsafe is loaded."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors, infer
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session
from hf_nb.values import Labels

pytestmark = pytest.mark.slow  # PyTorch and transformers load in the tests' own process
MODEL = "hfnb-demo/sentiment-en"
PLAIN = [
    ("I love this library.", "positive"),
    ("What a waste of time.", "negative"),
    ("This is not good at all.", "negative"),
]


@pytest.fixture(scope="module")
def loaded(served_hub: Any) -> Session:
    session = Session()
    infer.run("warm", model=MODEL, session=session)
    return session


def answer(text: str, session: Session, **how: Any) -> Labels:
    value = infer.run(text, session=session, **({"model": MODEL} | how))
    assert isinstance(value, Labels)
    return value


@pytest.mark.parametrize(("text", "label"), PLAIN)
def test_plain_sentences_come_out_right(text: str, label: str, loaded: Session) -> None:
    got = answer(text, loaded)
    assert got.label == label
    assert sum(one.score for one in got) == pytest.approx(1)
    assert [one.score for one in got] == sorted((one.score for one in got), reverse=True)


def test_the_answer_is_the_one_transformers_gives(loaded: Session) -> None:
    from transformers import pipeline

    theirs: Any = pipeline("text-classification", model=MODEL, top_k=None)
    for text, _ in PLAIN:
        expected = {one["label"]: one["score"] for one in theirs([text])[0]}
        assert {one.label: one.score for one in answer(text, loaded)} == pytest.approx(expected, abs=1e-5)


def test_the_result_says_who_answered_and_why(loaded: Session) -> None:
    named = answer("Fine.", loaded).source
    assert (named.model, named.method, named.reason) == (MODEL, "local", "the model you named")
    assert named.revision is not None
    chosen = infer.run("Fine.", task="text-classification", session=loaded)
    assert isinstance(chosen, Labels)
    assert (chosen.source.model, chosen.source.reason) == (MODEL, "the default for text-classification")


def test_a_text_longer_than_the_window_is_read_whole_and_said_so(loaded: Session) -> None:
    text = "The chair is made of wood. " * 150 + "It is wonderful, I love it, simply excellent. " * 150
    got = answer(text, loaded)
    assert "pieces, averaged" in got.source.reason
    assert got.label == "positive" or got.score < 0.9


@pytest.mark.parametrize("wrong", ["", "   \n", 3, None, ["a"]])
def test_what_is_no_text_is_refused_with_an_example(wrong: Any, loaded: Session) -> None:
    with pytest.raises(errors.BadInput, match="For example"):
        infer.run(wrong, model=MODEL, session=loaded)


def test_a_wrong_model_offers_the_nearest(loaded: Session) -> None:
    with pytest.raises(errors.NotFound) as missing:
        infer.run("x", model="hfnb-demo/sentimnet-en", session=loaded)
    assert missing.value.nearest[0] == MODEL


@pytest.mark.parametrize(
    ("how", "hint"),
    [
        ({"model": None, "task": None}, "Which task"),
        ({"model": None, "task": "text-clasification"}, "text-classification"),
        ({"model": MODEL, "task": "translation"}, "not for translation"),
        ({"model": "hfnb-demo/digits-vit"}, "image-classification"),
    ],
    ids=str,
)
def test_what_cannot_be_run_is_said_before_anything_is_loaded(
    how: dict[str, Any], hint: str, loaded: Session, hub: Any
) -> None:
    with pytest.raises(errors.BadInput) as refused:
        infer.run("x", session=loaded, **how)
    assert hint in str(refused.value)
    assert not [one for one in hub.requests() if "/resolve/" in one["path"]]


def test_a_loaded_model_costs_no_request(loaded: Session, hub: Any) -> None:
    answer("Again.", loaded)
    assert hub.requests() == []
    with http.fresh():
        answer("Again.", loaded)
    assert [one["path"] for one in hub.requests()] == [f"/api/models/{MODEL}"]


def test_without_the_hub_a_model_in_the_cache_still_answers(loaded: Session) -> None:
    fresh = Session()
    with http.fault("connect", fresh):
        got = answer("I love it.", fresh)
    assert got.label == "positive"
    assert "from the cache" in got.source.reason


def test_without_the_hub_an_unknown_model_says_so(loaded: Session) -> None:
    fresh = Session()
    with http.fault("connect", fresh), pytest.raises(errors.Unreachable):
        answer("x", fresh, model="hfnb-demo/never-seen")


def test_a_gated_model_says_how_to_get_in(loaded: Session) -> None:
    with pytest.raises(errors.Unauthorized, match="gated") as refused:
        infer.run("x", model="hfnb-lab/sentiment-de", session=loaded)
    assert "log" in refused.value.next_step.lower()


def test_a_folder_stands_where_an_id_does_and_pickles_are_refused(loaded: Session, tmp_path: Path) -> None:
    from huggingface_hub import snapshot_download

    folder = tmp_path / "own"
    shutil.copytree(snapshot_download(MODEL), folder, symlinks=False)
    assert answer("I love it.", loaded, model=str(folder)).label == "positive"
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(errors.Refused, match="safetensors"):
        answer("I love it.", Session(), model=str(folder))


def test_code_of_a_repository_is_never_run(loaded: Session, tmp_path: Path) -> None:
    from huggingface_hub import snapshot_download

    folder = tmp_path / "own"
    shutil.copytree(snapshot_download(MODEL), folder, symlinks=False)
    config = json.loads((folder / "config.json").read_text())
    config |= {
        "model_type": "mine",
        "auto_map": dict.fromkeys(("AutoConfig", "AutoModelForSequenceClassification"), "mine.Mine"),
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "mine.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(errors.Lasting):
        answer("x", Session(), model=str(folder), task="text-classification")
    assert not (tmp_path / "ran").exists()
