"""Train and check a LoRA adapter for a sentiment classifier, in the files that peft reads.

    frozen W of shape (out, in)   ->   W + scale * B @ A,   A: (rank, in), B: (out, rank), B = 0 at first

The base stays as it is, and so does its tokenizer; what is learned is the pairs A and B. peft is not needed for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers import sentiment
from hf_nb.offline.content.trainers.grammar import Grammar, Language, Sentence, read_hand_written
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import Shapes, Weights, modernbert, parameters

if TYPE_CHECKING:
    from torch import Tensor

SOURCES = ("trainers/adapter.py", *sentiment.SOURCES, "trainers/pydoc.py")
EMBEDDINGS = "model.embeddings.tok_embeddings"
CLASSIFIER = (
    "classifier.weight",
    "classifier.bias",
)  # peft trains a classifier as a whole and keeps it whole
INSIDE = "base_model.model."  # what peft puts before every name


@dataclass(frozen=True)
class Plan:
    """One training run on top of a base."""

    base: sentiment.Plan
    language: Language
    rank: int = 8
    alpha: int = 16
    usual: float = 0.3  # share of sentences of the kind the base was trained on, so that it forgets nothing
    steps: int = 600
    rate: float = 3e-3
    matrix_rate: float = 2e-3
    seed: int = 23

    @property
    def scale(self) -> float:
        return self.alpha / self.rank


def adapted(plan: Plan) -> dict[str, tuple[int, int]]:
    """The matrices that get a pair, and their shapes (out, in); the embeddings count as (size, vocabulary)."""
    size, hidden = plan.base.size, plan.base.hidden
    found = {EMBEDDINGS: (size, plan.base.vocabulary)}
    for number in range(plan.base.layers):
        layer = f"model.layers.{number}"
        found |= {f"{layer}.attn.Wqkv": (3 * size, size), f"{layer}.attn.Wo": (size, size)}
        found |= {f"{layer}.mlp.Wi": (2 * hidden, size), f"{layer}.mlp.Wo": (size, hidden)}
    return found | {"head.dense": (size, size)}


def shapes(plan: Plan) -> Shapes:
    """The pairs and the classifier under peft's names."""
    found: Shapes = {}
    for name, (out, into) in adapted(plan).items():
        first, second = _pair(name)
        found |= {first: (plan.rank, into), second: (out, plan.rank)}
    labels = len(sentiment.LABELS)
    return found | {
        f"{INSIDE}classifier.weight": (labels, plan.base.size),
        f"{INSIDE}classifier.bias": (labels,),
    }


def _pair(name: str) -> tuple[str, str]:
    if name == EMBEDDINGS:
        return f"{INSIDE}{name}.lora_embedding_A", f"{INSIDE}{name}.lora_embedding_B"
    return f"{INSIDE}{name}.lora_A.weight", f"{INSIDE}{name}.lora_B.weight"


def size(plan: Plan) -> int:
    """How many numbers the adapter holds."""
    return parameters(shapes(plan))


def train(plan: Plan, base: Path, folder: Path, name: str, fillers: list[str]) -> None:
    """Write the adapter into `folder`; `base` is where the base model lies, `name` what it is called."""
    from safetensors.torch import load_file, save_file
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    frozen = load_file(base / "model.safetensors")
    sentences = list(islice(_sentences(plan, fillers), plan.steps * sentiment.BATCH))
    batches = sentiment._batches(tokenizer, sentences, replace(plan.base, seed=plan.seed))  # noqa: SLF001
    pairs = fit(
        _start(plan, frozen),
        batches,
        _loss(plan, frozen),
        steps=plan.steps,
        rate=plan.rate,
        matrix_rate=plan.matrix_rate,
    )
    save_file(pairs, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    write_json(folder / "adapter_config.json", _config(plan, name))


def _sentences(plan: Plan, fillers: list[str]) -> Iterator[Sentence]:
    new = Grammar(plan.language, plan.seed, fillers)
    new_sentences = new.sentences()
    usual_sentences = Grammar(plan.base.language, plan.seed, fillers).sentences()
    while True:
        yield next(usual_sentences if new.random.random() < plan.usual else new_sentences)


def _start(plan: Plan, frozen: Weights) -> Weights:
    """Of each pair one side is zero: at first the base answers as ever.

    For the embeddings that is A, a column per token, so that tokens the sentences never show stay where they are.
    """
    import torch

    random = torch.Generator().manual_seed(plan.seed)
    weights = {INSIDE + name: frozen[name].clone() for name in CLASSIFIER}
    for name in adapted(plan):
        for part in _pair(name):
            shape = shapes(plan)[part]
            silent = part.endswith(("embedding_A", "lora_B.weight"))
            weights[part] = (
                torch.zeros(shape) if silent else torch.randn(shape, generator=random) / shape[1] ** 0.5
            )
    return weights


def merged(plan: Plan, frozen: Weights, pairs: Weights) -> Weights:
    """The base's weights with every pair added."""
    weights = frozen | {name: pairs[INSIDE + name] for name in CLASSIFIER}
    for name in adapted(plan):
        first, second = (pairs[part] for part in _pair(name))
        change = plan.scale * second @ first
        weights[f"{name}.weight"] = frozen[f"{name}.weight"] + (change.T if name == EMBEDDINGS else change)
    return weights


def _loss(plan: Plan, frozen: Weights) -> Any:
    base = plan.base

    def loss(pairs: Weights, ids: "Tensor", mask: "Tensor", target: "Tensor") -> "Tensor":
        import torch.nn.functional as f

        weights = merged(plan, frozen, pairs)
        scores = modernbert(weights, ids, mask, layers=base.layers, heads=base.heads, reach=base.reach)
        return f.cross_entropy(scores, target)

    return loss


def _config(plan: Plan, name: str) -> dict[str, Any]:
    return {
        "peft_type": "LORA",
        "task_type": "SEQ_CLS",
        "base_model_name_or_path": name,
        "r": plan.rank,
        "lora_alpha": plan.alpha,
        "lora_dropout": 0.0,
        "target_modules": sorted({module.rsplit(".", 1)[-1] for module in adapted(plan)}),
        "bias": "none",
        "fan_in_fan_out": False,
        "init_lora_weights": True,
        "inference_mode": True,
        "modules_to_save": ["classifier", "score"],
    }


def check(plan: Plan, base: Path, folder: Path) -> dict[str, float]:
    """Share of right labels with and without the adapter, loaded with transformers and peft."""
    from peft import PeftModel
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(base))
    model = AutoModelForSequenceClassification.from_pretrained(str(base))
    new, usual = read_hand_written(plan.language.code), read_hand_written(plan.base.language.code)
    before = _accuracy(model, tokenizer, new)
    usual_before = _accuracy(model, tokenizer, usual)
    with_adapter = PeftModel.from_pretrained(model, str(folder))
    after = _accuracy(with_adapter, tokenizer, new)
    return {
        "accuracy": after,
        "base_accuracy": before,
        "gain": after - before,
        "usual_accuracy": _accuracy(with_adapter, tokenizer, usual),
        "usual_base_accuracy": usual_before,
    }


def _accuracy(model: Any, tokenizer: Any, pairs: list[tuple[str, str]]) -> float:
    import torch

    texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
    with torch.no_grad():
        scores = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    answers = [model.config.id2label[best] for best in scores.argmax(-1).tolist()]
    right = sum(bool(answer == label) for answer, label in zip(answers, labels, strict=True))
    return right / len(labels)
