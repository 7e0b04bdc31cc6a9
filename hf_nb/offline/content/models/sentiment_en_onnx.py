"""hfnb-demo/sentiment-en-onnx: sentiment-en as a graph that runs without torch."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content import card
from hf_nb.offline.content.models import sentiment_en
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import sentiment
from hf_nb.offline.content.trainers.grammar import read_hand_written

if TYPE_CHECKING:
    from torch import Tensor

ID, BASE = "hfnb-demo/sentiment-en-onnx", sentiment_en.ID
FILE = "onnx/model.onnx"
OPSET = 18
COPIED = ("config.json", "tokenizer.json", "tokenizer_config.json")
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "onnx",
    "pipeline_tag": "text-classification",
    "base_model": BASE,
    "base_model_relation": "quantized",
    "tags": ["onnx", "sentiment", "demo", "tiny"],
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    base = context.built[BASE]
    for name in COPIED:
        shutil.copyfile(base / name, folder / name)
    (folder / FILE).parent.mkdir()
    _export(base, folder / FILE)
    size = (folder / FILE).stat().st_size / 1e6
    card.write(
        folder,
        FRONT,
        f"""
# sentiment-en, ONNX

[{BASE}]({BASE}) as an ONNX graph: the same numbers, run by ONNX Runtime, without torch or transformers. That is how a
model gets into a browser, a phone or a small server.

```python
import numpy
import onnxruntime
from huggingface_hub import hf_hub_download
from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(hf_hub_download("{ID}", "tokenizer.json"))
session = onnxruntime.InferenceSession(hf_hub_download("{ID}", "{FILE}"))
ids = numpy.array([tokenizer.encode("I love this library.").ids])
logits = session.run(None, {{"input_ids": ids, "attention_mask": numpy.ones_like(ids)}})[0]
["negative", "positive"][logits.argmax()]
```

## How it was made

`torch.onnx` traced the model (opset {OPSET}, {size:.1f} MB, 32-bit numbers); any number of sentences of any length up
to 128 tokens goes in at once. The Hub has no word for "the same in another format" and files such exports under
quantizations, although nothing was rounded here.

## Results

The label is the original's on each of the 120 hand-written sentences it is tested on; see there for what it cannot do.
""",
    )
    return f"the graph of {BASE}, {size:.1f} MB"


def _export(base: Path, path: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification

    model: Any = AutoModelForSequenceClassification.from_pretrained(str(base), attn_implementation="eager")

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: "Tensor", attention_mask: "Tensor") -> "Tensor":
            found: Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
            return found

    # two sentences of different length: what is one in an example is taken for a constant
    ids = torch.tensor([[2, 8, 9, 3], [2, 8, 3, 0]])
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence")}
    program = torch.onnx.export(
        Logits().eval(),
        (ids, (ids != 0).long()),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_shapes=(shape, shape),
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    program.save(str(path))


def check(folder: Path) -> dict[str, float]:
    """Through ONNX Runtime: how often it is right, and how often it says what the original says."""
    import numpy
    import onnxruntime
    from tokenizers import Tokenizer
    from transformers import pipeline

    from hf_nb.offline.content import build as builder
    from hf_nb.offline.content import catalogue

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_padding(pad_id=0, pad_token=sentiment.SPECIAL[0])
    session = onnxruntime.InferenceSession(str(folder / FILE))
    pairs = read_hand_written("en")
    texts = [text for text, _ in pairs]
    encoded = tokenizer.encode_batch(texts)
    given = {
        "input_ids": numpy.array([one.ids for one in encoded]),
        "attention_mask": numpy.array([one.attention_mask for one in encoded]),
    }
    labels = [sentiment.LABELS[best] for best in session.run(None, given)[0].argmax(-1)]
    original = pipeline("text-classification", model=str(builder.built_folder(catalogue.of_id(BASE))))
    said = [answer["label"] for answer in original(texts, batch_size=64)]
    return {
        "accuracy": sum(label == wanted for label, (_, wanted) in zip(labels, pairs, strict=True))
        / len(pairs),
        "same_labels": sum(a == b for a, b in zip(labels, said, strict=True)) / len(pairs),
    }


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-03-20T11:15"),
    updated_at=day("2026-06-23T09:00"),
    build=build,
    needs=("torch", "transformers", "onnx", "onnxscript"),
    after=(BASE,),
    seconds=15,
    later=True,
    front=FRONT,
    files=(FILE,),
    downloads=5120,
    likes=18,
    trending=3.1,
    history=(
        Step("Upload ONNX export", day("2026-03-20T11:18"), ("*.json", "*.onnx")),
        Step("Add model card", day("2026-06-23T09:00"), ("README.md",)),
    ),
    check=check,
    floor={"accuracy": 0.82, "same_labels": 1.0},
)
