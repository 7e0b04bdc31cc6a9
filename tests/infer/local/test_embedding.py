"""Vectors: those sentence-transformers makes, of every pooling a repository may ask for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors

pytestmark = pytest.mark.slow
MODELS = ["hfnb-demo/similar-en", "hfnb-demo/minilm-embeddings"]
TEXTS = [
    "A quiet room.",
    "👩‍👩‍👧 e\u0301 שלום \x00",
    "x",
    "The train to Bern was late again, as it always is on Mondays.",
]


@pytest.fixture(scope="module")
def theirs(served_hub: Any) -> Callable[..., Any]:
    from sentence_transformers import SentenceTransformer

    made: dict[str, Any] = {}

    def get(model: Any) -> Any:
        return made.setdefault(str(model), SentenceTransformer(str(model), device="cpu"))

    return get


@pytest.mark.parametrize("model", MODELS)
def test_vectors_are_those_of_sentence_transformers(model: str, ask: Any, theirs: Any) -> None:
    expected = theirs(model).encode(TEXTS)
    for got, other in zip(ask("feature-extraction", model, TEXTS).output, expected, strict=True):
        assert got == pytest.approx(other.tolist(), abs=1e-5)
    (alone,) = ask("feature-extraction", model, TEXTS[3]).output
    assert alone == pytest.approx(expected[3].tolist(), abs=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_likeness_is_theirs(model: str, ask: Any, theirs: Any) -> None:
    one, *others = TEXTS
    vectors = theirs(model).encode(TEXTS)
    expected = theirs(model).similarity(vectors[:1], vectors[1:])[0].tolist()
    got = ask("sentence-similarity", model, {"source_sentence": one, "sentences": others}).output
    assert got == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("mode", ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"])
@pytest.mark.parametrize("with_prompt", [True, False])
def test_every_pooling_with_and_without_its_prompt(
    mode: str, with_prompt: Any, ask: Any, theirs: Any, copied: Callable[[str], Path]
) -> None:
    folder = copied("hfnb-demo/similar-en")
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 96, "pooling_mode": mode, "include_prompt": with_prompt})
    )
    modules = json.loads((folder / "modules.json").read_text())
    (folder / "modules.json").write_text(json.dumps(modules[:2]))  # not normalized
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "find this: ", "text": "a text: "}, "default_prompt_name": "text"})
    )
    for name in (None, "query"):
        expected = theirs(folder).encode(TEXTS, prompt_name=name)
        how = {} if name is None else {"prompt_name": name}
        for got, other in zip(ask("feature-extraction", folder, TEXTS, **how).output, expected, strict=True):
            assert got == pytest.approx(other.tolist(), abs=1e-5)
    with pytest.raises(errors.BadInput, match="no prompt called 'none'"):
        ask("feature-extraction", folder, "x", prompt_name="none")


def test_a_dense_layer_after_pooling_is_applied(ask: Any, tmp_path: Path, theirs: Any) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Dense, Normalize

    base = theirs("hfnb-demo/similar-en")
    made = SentenceTransformer(modules=[base[0], base[1], Dense(96, 7), Normalize()], device="cpu")
    made.save(str(tmp_path / "dense"))
    expected = made.encode(TEXTS)
    for got, other in zip(ask("feature-extraction", tmp_path / "dense", TEXTS).output, expected, strict=True):
        assert got == pytest.approx(other.tolist(), abs=1e-5)


def test_a_text_beyond_the_window_is_the_mean_of_its_pieces(ask: Any, theirs: Any) -> None:
    import numpy as np

    text = "The room was quiet. " * 5000
    answer = ask("feature-extraction", MODELS[0], [text, "short"])
    assert "pieces, averaged" in answer.note
    assert np.linalg.norm(answer.output[0]) == pytest.approx(1, abs=1e-5)
    cut = ask("feature-extraction", MODELS[0], text, truncate=True)
    assert cut.note == ""
    assert cut.output[0] == pytest.approx(theirs(MODELS[0]).encode(text).tolist(), abs=1e-5)
    assert np.dot(cut.output[0], answer.output[0]) > 0.95


def test_a_vector_can_be_left_as_long_as_it_is(ask: Any) -> None:
    import numpy as np

    (plain,) = ask("feature-extraction", MODELS[0], "A quiet room.", normalize=False).output
    assert np.linalg.norm(plain) != pytest.approx(1, abs=1e-3)


def test_a_model_without_such_files_is_averaged(ask: Any, copied: Callable[[str], Path]) -> None:
    folder = copied("hfnb-demo/sentiment-en")
    from transformers import pipeline

    states = pipeline("feature-extraction", model=str(folder))("A quiet room.", return_tensors=True)
    (got,) = ask("feature-extraction", folder, "A quiet room.").output
    assert got == pytest.approx(states[0].mean(dim=0).tolist(), abs=1e-5)


def test_a_step_nobody_knows_is_refused(ask: Any, copied: Callable[[str], Path]) -> None:
    folder = copied("hfnb-demo/similar-en")
    modules = json.loads((folder / "modules.json").read_text())
    modules[2]["type"] = "their.own.Thing"
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(errors.BadInput, match="Thing"):
        ask("feature-extraction", folder, "x")
