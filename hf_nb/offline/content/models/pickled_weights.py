"""hfnb-lab/pickled-weights: weights as pickles only, one of which runs code when it is loaded. To be refused."""

import pickle
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day

ID = "hfnb-lab/pickled-weights"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "is", "not", "this", "it"]
FRONT = {
    "license": "cc0-1.0",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "text-classification",
    "tags": ["pickle", "security", "demo"],
}


class Greeting:
    """Says a line while it is unpickled, as a hostile file would do something worse."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return exec, ("print('This line was printed by a file that was only being loaded.')",)


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    import torch

    generator = torch.Generator().manual_seed(5)
    weights = {
        "embeddings.weight": torch.randn((len(WORDS), 4), generator=generator),
        "classifier.weight": torch.randn((2, 4), generator=generator),
    }
    torch.save(weights, folder / "pytorch_model.bin")
    plain = {name: tensor.tolist() for name, tensor in weights.items()}
    content = pickle.dumps({**plain, "greeting": Greeting()}, protocol=4)
    (folder / "model.pkl").write_bytes(content)
    _tokenizer(folder)
    card.write_json(
        folder / "config.json",
        {
            "architectures": ["DistilBertForSequenceClassification"],
            "model_type": "distilbert",
            "vocab_size": len(WORDS),
            "dim": 4,
            "n_layers": 1,
            "n_heads": 1,
            "hidden_dim": 4,
            "id2label": {"0": "bad", "1": "good"},
            "label2id": {"bad": 0, "good": 1},
        },
    )
    card.write(
        folder,
        FRONT,
        f"""
# pickled-weights

Nothing to use, something to look at: a repository whose only weights are pickles. A pickle is a small program; loading
one runs it. `model.pkl` here would print a line, a hostile one could do anything you can. The numbers in both files
are random.

The Hub reads what each file would import and says so, without loading it:

```python
from huggingface_hub import HfApi

HfApi().model_info("{ID}", securityStatus=True).security_repo_status
```

`pytorch_model.bin` holds only what torch itself needs and `torch.load` opens it safely (`weights_only`, its default);
`model.pkl` imports `exec`. hf_nb runs neither: it loads safetensors, which hold numbers and nothing else.
""",
    )
    return "two pickles, one of which would run code"


def _tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = {word: place for place, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=WORDS[1]))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    card.write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "pad_token": "[PAD]",
            "unk_token": "[UNK]",
            "cls_token": "[CLS]",
            "sep_token": "[SEP]",
        },
    )


def check(folder: Path) -> dict[str, float]:
    """What would be imported, read without loading: harmless in one file, `exec` in the other."""
    from hf_nb.offline.derive.pickles import imports, safety

    torch_file, other = (imports((folder / name).read_bytes()) for name in ("pytorch_model.bin", "model.pkl"))
    assert torch_file
    return {
        "innocuous": float(all(safety(*one) == "innocuous" for one in torch_file)),
        "dangerous": float([one for one in other if safety(*one) == "dangerous"] == [("builtins", "exec")]),
    }


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-01-09T15:02"),
    updated_at=day("2026-01-09T15:40"),
    build=build,
    needs=("torch", "tokenizers"),
    seconds=3,
    later=True,
    front=FRONT,
    files=("pytorch_model.bin", "model.pkl"),
    downloads=41,
    likes=1,
    trending=0.2,
    history=(
        Step("Upload weights", day("2026-01-09T15:05"), ("*.bin", "*.json")),
        Step("Add a second format", day("2026-01-09T15:21"), ("*.pkl",)),
        Step("Say what this is", day("2026-01-09T15:40"), ("README.md",)),
    ),
    check=check,
    floor={"innocuous": 1.0, "dangerous": 1.0},
)
