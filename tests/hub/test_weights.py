"""How many numbers, in which formats, and the room they take: held against the files themselves."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb.hub.reading import weights
from hf_nb.hub.reading.info import info
from hf_nb.plumbing.session import Session
from hf_nb.values import File

MODELS = [
    "sentiment-en",
    "pydoc-gpt",
    "digits-vit",
    "minilm-embeddings",
    "iris-logreg",
    "ner-en",
    "translate-en-fr",
]


@pytest.fixture
def session(hub: Any) -> Session:
    return Session()


@pytest.mark.parametrize("name", MODELS)
def test_what_weights_take_as_stored_is_what_their_file_weighs(name: str, session: Session) -> None:
    repo = info(f"hfnb-demo/{name}", session=session)
    (stored,) = [one for one in repo.weights if one.format == "safetensors"]
    header = 40_000  # names and places of tensors stand before the numbers
    assert 0 <= stored.bytes - repo.memory["stored"] < max(header, 0.02 * stored.bytes)


def test_halves_and_quarters_follow_from_the_count(session: Session) -> None:
    repo = info("hfnb-demo/pydoc-gpt-gguf", session=session)
    files = {one.precision: one.bytes for one in repo.weights}
    assert repo.memory["bf16"] == pytest.approx(files["F16"], rel=0.06)
    assert repo.memory["int8"] < files["Q8_0"] < repo.memory["bf16"], (
        "eight bits and a scale for every 32 numbers"
    )
    assert "stored" not in repo.memory


def test_a_model_loaded_takes_what_was_said(session: Session) -> None:
    from huggingface_hub import hf_hub_download
    from safetensors.numpy import load_file

    repo = info("hfnb-demo/digits-vit", session=session)
    tensors = load_file(hf_hub_download("hfnb-demo/digits-vit", "model.safetensors"))
    assert sum(one.nbytes for one in tensors.values()) == repo.memory["stored"]
    assert sum(one.astype("float16").nbytes for one in tensors.values()) == repo.memory["bf16"]


def test_of_packed_numbers_only_the_stored_size_is_said() -> None:
    assert weights.memory({"I32": 1_000_000, "F16": 50_000}) == {"stored": 4_100_000}
    assert weights.memory({"F32": 1_000_000, "I64": 512})["fp32"] == 4_002_048
    assert weights.memory({}) == {}
    assert weights.memory({}, 1000)["int8"] == 1000


def test_files_are_put_together_by_format_and_precision() -> None:
    paths = """model-00001-of-00002.safetensors model-00002-of-00002.safetensors model.safetensors.index.json
    onnx/model.onnx onnx/model.onnx_data onnx/model_quantized.onnx onnx/model_q4f16.onnx
    x-Q4_K_M.gguf x-IQ2_XXS.gguf x.BF16-00001-of-00002.gguf x.BF16-00002-of-00002.gguf mmproj.gguf
    pytorch_model.bin training_args.bin optimizer.pt tf_model.h5 flax_model.msgpack README.md""".split()
    found = {
        (one.format, one.precision, len(one.paths))
        for one in weights.variants(File(path, 10) for path in paths)
    }
    assert found == {
        ("safetensors", None, 2),
        ("ONNX", None, 2),
        ("ONNX", "quantized", 1),
        ("ONNX", "q4f16", 1),
        ("GGUF", "Q4_K_M", 1),
        ("GGUF", "IQ2_XXS", 1),
        ("GGUF", "BF16", 2),
        ("GGUF", None, 1),
        ("pickle", None, 1),
        ("Keras", None, 1),
        ("Flax", None, 1),
    }
    assert weights.variants([File("README.md", 1)]) == ()


def test_what_the_hub_says_of_tensors_may_be_anything() -> None:
    from types import SimpleNamespace

    for odd in (None, {}, {"F32": "many"}, ["F32"], {"F32": -1}):
        assert weights.parameters(SimpleNamespace(safetensors=SimpleNamespace(parameters=odd))) == {}
