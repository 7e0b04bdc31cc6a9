"""A model object of the kernel where an id stands: the same answers, nothing loaded twice, nothing changed in it."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from hf_nb import errors, infer
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow
LABELS, VECTORS, WRITES = "hfnb-demo/sentiment-en", "hfnb-demo/similar-en", "hfnb-demo/pydoc-gpt"
TEXT = "The room was small, but we loved the view."


def run(text: str, **how: Any) -> Any:
    """An answer of any kind."""
    return infer.run(text, **how)


@pytest.fixture
def session(served_hub: object) -> Session:
    return Session()


def classifier() -> Any:
    import transformers

    return transformers.AutoModelForSequenceClassification.from_pretrained(LABELS)


def tokenizer(model: str = LABELS) -> Any:
    import transformers

    return transformers.AutoTokenizer.from_pretrained(model)


def labels(value: Any) -> Any:
    return [(one.label, pytest.approx(one.score, abs=1e-5)) for one in value.labels]


def test_a_model_answers_as_its_repository_does_and_says_that_it_is_yours(
    session: Session, loads: list[str]
) -> None:
    expected = run(TEXT, model=LABELS, session=session)
    model, before = classifier(), len(loads)
    for given in (model, (model, tokenizer())):
        found = run(TEXT, model=given, session=session)
        assert labels(found) == labels(expected)
        source = found.to_dict()["source"]
        assert source["model"] == f"your {type(model).__name__}"
        assert "your model object" in source["reason"]
        assert source["revision"].startswith("object-")
        assert source["method"] == "local"
    assert len(loads) == before, "nothing was loaded"
    assert [one.model for one in infer.loaded(session=session)] == [LABELS], "it is not the pool's"


def test_a_pipeline_brings_its_task_and_its_tokenizer(session: Session) -> None:
    import transformers

    made = transformers.pipeline("text-classification", model=LABELS)
    expected = labels(run(TEXT, model=LABELS, session=session))
    assert labels(run(TEXT, model=made, session=session)) == expected


def test_a_sentence_transformer_gives_the_vectors_that_encode_gives(session: Session) -> None:
    made = pytest.importorskip("sentence_transformers").SentenceTransformer(VECTORS)
    texts = ["a quiet room", "fish", "a room that is quiet " * 40]
    found = infer.embed(texts, model=made, session=session)
    expected = made.encode(texts[:2])
    for ours, theirs in zip(found.vectors, expected, strict=False):
        assert list(ours) == pytest.approx(theirs.tolist(), abs=1e-5)
    near = infer.similar("a quiet room", ["a room", "fish"], model=made, session=session)
    assert near.best()[0].sentence == "a room"


def test_a_model_that_writes_is_streamed(session: Session) -> None:
    import transformers

    model = transformers.AutoModelForCausalLM.from_pretrained(WRITES)
    params = {"max_new_tokens": 8, "do_sample": False}
    parts = infer.stream(
        "Return the list of", model=(model, tokenizer(WRITES)), params=params, session=session
    )
    assert "".join(parts) == str(
        run("Return the list of", model=WRITES, task="text-generation", params=params, session=session).text
    )


def test_other_numbers_are_another_revision_and_other_answers(session: Session) -> None:
    import torch

    model = classifier()
    first = run(TEXT, model=model, session=session)
    again = run(TEXT, model=model, session=session)
    assert first.to_dict()["source"]["revision"] == again.to_dict()["source"]["revision"]
    with torch.no_grad():
        next(model.parameters()).mul_(1.5)
    other = run(TEXT, model=model, session=session)
    assert other.to_dict()["source"]["revision"] != first.to_dict()["source"]["revision"]
    assert labels(other) != labels(first)
    twin = classifier()
    assert (
        run(TEXT, model=twin, session=session).to_dict()["source"]["revision"]
        == (first.to_dict()["source"]["revision"])
    ), "the same numbers are the same revision"


def test_one_that_is_being_trained_answers_without_dropout_and_trains_on(session: Session) -> None:
    model = classifier().train()
    model.base_model.eval()  # half of it is frozen
    modes = {name: module.training for name, module in model.named_modules()}
    grads = [one.requires_grad for one in model.parameters()]
    assert labels(run(TEXT, model=model, session=session)) == labels(run(TEXT, model=LABELS, session=session))
    assert {name: module.training for name, module in model.named_modules()} == modes
    assert [one.requires_grad for one in model.parameters()] == grads


def test_threads_share_one_object(session: Session) -> None:
    model = classifier().train()
    expected = labels(run(TEXT, model=model, session=session))
    wrong: list[Any] = []

    def asks() -> None:
        found = [labels(run(TEXT, model=model, session=session)) for _ in range(5)]
        wrong.extend(one for one in found if one != expected)

    threads = [threading.Thread(target=asks) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    assert model.training


def test_its_owner_alone_keeps_it_alive(session: Session) -> None:
    model = classifier()
    run(TEXT, model=model, session=session)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_two_of_a_kind_have_two_names(session: Session) -> None:
    one, two = classifier(), classifier()
    names = [run(TEXT, model=made, session=session).to_dict()["source"]["model"] for made in (one, two, one)]
    assert names[0] == names[2] != names[1]


@pytest.mark.parametrize(
    "given",
    [3, object(), ["a", "b", "c"], {"model": 1}, b"bytes", len],
    ids=lambda given: type(given).__name__,
)
def test_what_is_no_model_is_refused_with_what_could_be_one(given: Any, session: Session) -> None:
    with pytest.raises(errors.BadInput) as said:
        run(TEXT, model=given, session=session)
    assert "tokenizer" in said.value.next_step


def test_a_model_without_a_tokenizer_or_for_another_task_or_place_is_said(session: Session) -> None:
    model = classifier()
    bare = type(model)(model.config)
    bare.config._name_or_path = bare.name_or_path = ""
    with pytest.raises(errors.BadInput, match="tokenizer") as said:
        run(TEXT, model=bare, session=session)
    assert said.value.next_step == "Give both: model=(model, tokenizer)"
    with pytest.raises(errors.BadInput, match="no tokenizer"):
        run(TEXT, model=(model, "bert"), session=session)
    with pytest.raises(errors.BadInput, match="not for fill-mask"):
        run("A [MASK].", model=(model, tokenizer()), task="fill-mask", session=session)
    with pytest.raises(errors.BadInput, match="this machine"):
        run(TEXT, model=(model, tokenizer()), provider="hf", session=session)


def test_a_batch_takes_one_too(session: Session) -> None:
    model = classifier()
    found = infer.batch([TEXT, "I hated it.", TEXT], model=(model, tokenizer()), session=session)
    assert [one is not None for one in found.outputs] == [True, True, True]


def test_in_a_cell_a_name_stands_for_it(kernel: Any, served_hub: object) -> None:
    kernel.run("%load_ext hf_nb")
    assert (
        kernel.run(
            "import transformers\n"
            f"model = transformers.AutoModelForSequenceClassification.from_pretrained('{LABELS}')"
        ).error
        is None
    )
    shown = kernel.run(f"r = %hf infer -m $model {TEXT!r}\nprint(r.source.model, r.label)")
    assert shown.error is None, shown.error
    assert "your " in shown.text
    assert "positive" in shown.text
