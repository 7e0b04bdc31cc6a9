"""The last layer of a classifier for the token that is read: the same answers, less work."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb.infer.backends.local import WAYS, Local, narrow
from hf_nb.infer.backends.local.accel import copies
from hf_nb.infer.call import Call, Terms
from hf_nb.infer.fit import shapes
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow
MODEL, TASK = "hfnb-demo/nli-en", "text-classification"
KINDS = ("bert", "roberta", "xlm-roberta", "electra", "distilbert")
SMALL = {
    "vocab_size": 99,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "num_labels": 3,
    "pad_token_id": 0,
}
DISTILLED = {"vocab_size": 99, "dim": 32, "hidden_dim": 64, "n_layers": 2, "n_heads": 4, "num_labels": 3}


def made(kind: str, auto: str = "AutoModelForSequenceClassification") -> Any:
    import torch
    import transformers

    torch.manual_seed(3)
    config = transformers.AutoConfig.for_model(kind, **(DISTILLED if kind == "distilbert" else SMALL))
    model = getattr(transformers, auto).from_config(config).eval()
    for one in model.parameters():  # as they are drawn, all texts are answered nearly alike
        torch.nn.init.normal_(one, std=0.3)
    return model


def ragged(*sizes: int) -> dict[str, Any]:
    import torch

    torch.manual_seed(sum(sizes))
    ids = torch.randint(5, 99, (len(sizes), max(sizes)))
    mask = torch.arange(max(sizes))[None] < torch.tensor(sizes)[:, None]
    return {"input_ids": ids * mask, "attention_mask": mask.long()}


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_the_same_with_a_last_layer_for_the_first_token_alone(kind: str) -> None:
    import torch

    model = made(kind)
    some = [ragged(9, 4, 6), ragged(40, 39, 2, 1), ragged(7)]
    seen: list[int] = []
    layer = narrow.last(model)
    wide = layer.ffn.lin1 if kind == "distilbert" else layer.intermediate.dense
    wide.register_forward_pre_hook(lambda _, given: seen.append(given[0].shape[1]))
    with torch.inference_mode():
        before = [model(**one).logits for one in some]
        assert min(seen) > 1
        assert narrow.narrow(model, ragged(5, 8, 3))
        seen.clear()
        after = [model(**one).logits for one in some]
    assert set(seen) == {1}
    for one, other in zip(before, after, strict=True):
        assert float((one - other).abs().max()) < 1e-5 * max(1.0, float(one.abs().max()))
    assert model(**some[0]).logits.requires_grad  # while something learns, all of it is computed
    assert seen[-1] == 9


def test_a_head_that_reads_more_than_the_first_token_keeps_the_whole_layer() -> None:
    import torch

    averaging, model = made("bert"), made("bert")
    averaging.bert.pooler.forward = lambda hidden: torch.tanh(averaging.bert.pooler.dense(hidden.mean(dim=1)))
    for one in (averaging, made("bert", "AutoModelForTokenClassification")):
        assert not narrow.narrow(one, ragged(5, 8, 3))
        assert "forward" not in narrow.last(one).__dict__
    assert not narrow.narrow(made("modernbert"), ragged(5, 8, 3))
    assert narrow.narrow(model, ragged(5, 8, 3))


def shaped(kind: str, auto: str = "AutoModelForSequenceClassification") -> Any:
    config = (DISTILLED if kind == "distilbert" else SMALL) | {"model_type": kind, "vocab_size": 30_000}
    return shapes.built(shapes.config_of(config), auto)


@pytest.mark.parametrize(
    "kind", [*KINDS, "megatron-bert", "esm", "rembert", "roformer", "modernbert", "albert"]
)
def test_a_model_of_shapes_is_as_narrow_as_a_real_one(kind: str) -> None:
    """Some have parts of the same names, and do otherwise with them."""
    model = shaped(kind)
    real = made(kind)
    assert narrow.shapes(model) == (narrow.classifies(real) and narrow.narrow(real, ragged(5, 8, 3)))
    layer = narrow.last(model)
    assert (layer is not None and "forward" in layer.__dict__) == (kind in KINDS)


def test_a_model_of_shapes_that_names_every_token_keeps_the_whole_layer() -> None:
    assert not narrow.shapes(shaped("bert", "AutoModelForTokenClassification"))
    assert not narrow.shapes(shaped("bert", "AutoModel"))


@pytest.mark.parametrize("name", copies.NAMES)
def test_a_loaded_classifier_is_narrow_and_so_are_its_quicker_copies(name: str, served_hub: Any) -> None:
    if name == "onnx":
        pytest.importorskip("onnxscript")
    local, way, call = Local(Session()), WAYS[TASK], Call(TASK, MODEL, None, "")
    with local.memory.lent(call, way.auto, way.answer, Terms()) as loaded:
        pieces = [loaded.reader.plain("It is late. " * size) for size in (9, 4, 1)]
        said = loaded.passed(pieces).logits
        assert loaded.kept["narrow"]
        copy = copies.make(loaded, name, TASK)
        assert copy is not None
        theirs = copy.passed(loaded, pieces).logits.float()
    assert float((said - theirs).abs().max()) < (1e-4 if name == "onnx" else 0.2)
    assert said.argmax(-1).tolist() == theirs.argmax(-1).tolist()
