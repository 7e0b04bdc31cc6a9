"""Classes of a text, the model's own or any: the scores transformers' pipelines give, and a word where it is long."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors

pytestmark = pytest.mark.slow
MODEL, NLI = "hfnb-demo/sentiment-en", "hfnb-demo/nli-en"
ODD = [
    "👍🏽👩‍👩‍👧 ok",
    "e\u0301te\u0301 café",
    "שלום, זה טוב",
    "a\x00b",
    "\u200f\u202e!",
    "\U0001d518\U0001d52b",
    "?",
]
LABELS = ["sport", "cooking", "money"]


@pytest.fixture(scope="module")
def theirs(served_hub: Any) -> Callable[..., Any]:
    from transformers import pipeline

    made: dict[str, Any] = {}

    def get(task: str, model: str) -> Any:
        if model not in made:
            made[model] = pipeline(task, model=model)  # type: ignore[call-overload]
        return made[model]

    return get


def scores(output: list[dict[str, Any]]) -> dict[str, float]:
    return {one["label"]: one["score"] for one in output}


@pytest.mark.parametrize("text", ["I love it.", "Bad, bad, bad.", *ODD])
@pytest.mark.parametrize(
    "how", [{}, {"function_to_apply": "sigmoid"}, {"function_to_apply": "none"}], ids=str
)
def test_scores_are_the_pipelines(text: str, how: dict[str, str], ask: Any, theirs: Any) -> None:
    expected = theirs("text-classification", MODEL)(text, top_k=None, **how)
    assert scores(ask("text-classification", MODEL, text, **how).output) == pytest.approx(
        scores(expected), abs=1e-5
    )


def test_top_k_keeps_the_likeliest(ask: Any) -> None:
    (one,) = ask("text-classification", MODEL, "I love it.", top_k=1).output
    assert one["label"] == "positive"


@pytest.mark.parametrize(
    ("kind", "total"),
    [("multi_label_classification", None), ("regression", None), ("single_label_classification", 1)],
)
def test_what_kind_of_model_it_is_decides_how_scores_are_made(
    kind: str, total: float | None, ask: Any, copied: Callable[[str], Path]
) -> None:
    from transformers import pipeline

    folder = copied(MODEL)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "problem_type": kind}))
    got = scores(ask("text-classification", folder, "I love it.").output)
    expected: Any = pipeline("text-classification", model=str(folder))("I love it.", top_k=None)
    assert got == pytest.approx(scores(expected), abs=1e-5)
    if total:
        assert sum(got.values()) == pytest.approx(total)


def test_a_hundred_thousand_characters_are_read_whole_and_the_average_of_their_pieces(ask: Any) -> None:
    sentence = "I love it, it is wonderful. "
    answer = ask("text-classification", MODEL, sentence * 3600)
    assert "pieces, averaged" in answer.note
    assert max(answer.output, key=lambda one: one["score"])["label"] == "positive"


def test_a_stop_is_noticed_between_the_pieces_of_a_long_text(local: Any) -> None:
    from hf_nb.infer.call import Call, Terms

    class After(Terms):
        checks = 0

        def check(self) -> None:
            self.checks += 1
            if self.checks == 3:
                self.stop.set()
            super().check()

    with pytest.raises(errors.Stopped):
        list(local.stream(Call("text-classification", MODEL, None, "I love it. " * 20_000), After()))


@pytest.mark.parametrize("wrong", [{"top_k": 0}, {"top_k": "two"}, {"function_to_apply": "max"}], ids=str)
def test_parameters_that_make_no_sense_are_said(wrong: dict[str, Any], ask: Any) -> None:
    with pytest.raises(errors.BadInput, match=next(iter(wrong))):
        ask("text-classification", MODEL, "x", **wrong)


@pytest.mark.parametrize("text", ["The striker scored twice.", *ODD])
@pytest.mark.parametrize(
    "how",
    [{}, {"multi_label": True}, {"hypothesis_template": "It is about {}."}],
    ids=str,
)
def test_any_labels_get_the_pipelines_scores(text: str, how: dict[str, Any], ask: Any, theirs: Any) -> None:
    expected = theirs("zero-shot-classification", NLI)(text, LABELS, **how)
    got = ask("zero-shot-classification", NLI, {"text": text, "candidate_labels": LABELS}, **how).output
    assert scores(got) == pytest.approx(
        dict(zip(expected["labels"], expected["scores"], strict=True)), abs=1e-5
    )


def test_one_label_is_weighed_against_its_opposite(ask: Any, theirs: Any) -> None:
    expected = theirs("zero-shot-classification", NLI)("The striker scored twice.", ["sport"])
    (one,) = ask(
        "zero-shot-classification", NLI, {"text": "The striker scored twice.", "candidate_labels": ["sport"]}
    ).output
    assert one["score"] == pytest.approx(expected["scores"][0], abs=1e-5)


def test_a_long_text_keeps_its_class_whichever_end_it_stands_at(ask: Any) -> None:
    text = "The striker scored twice. The keeper saved a penalty. " * 60
    answer = ask("zero-shot-classification", NLI, {"text": text, "candidate_labels": LABELS})
    assert "pieces, averaged" in answer.note
    assert sum(one["score"] for one in answer.output) == pytest.approx(1, abs=1e-5)
    assert max(answer.output, key=lambda one: one["score"])["label"] == "sport"


@pytest.mark.parametrize(
    ("labels", "how", "said"),
    [
        (["a", "a"], {}, "twice"),
        (LABELS, {"hypothesis_template": "no place"}, "{}"),
        (["word " * 200], {}, "tokens"),
    ],
    ids=["twice", "template", "long"],
)
def test_labels_that_cannot_be_asked_about_are_said(
    labels: list[str], how: dict[str, str], said: str, ask: Any
) -> None:
    with pytest.raises((errors.BadInput, errors.TooLarge)) as refused:
        ask("zero-shot-classification", NLI, {"text": "x", "candidate_labels": labels}, **how)
    assert said in refused.value.problem


def test_a_model_of_another_kind_is_refused_before_it_answers_at_random(
    ask: Any, copied: Callable[[str], Path]
) -> None:
    with pytest.raises(errors.BadInput, match="ForTokenClassification"):
        ask("text-classification", "hfnb-demo/ner-en", "x")
    with pytest.raises(errors.BadInput, match="not entailment"):
        ask("zero-shot-classification", MODEL, {"text": "x", "candidate_labels": LABELS})
    folder = copied("hfnb-demo/pydoc-mlm")
    config = json.loads((folder / "config.json").read_text())
    config["architectures"] = ["ModernBertForSequenceClassification"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(errors.BadInput, match="weights lack"):
        ask("text-classification", folder, "x")
