"""Train and check one sentiment classifier: a small ModernBERT with its own WordPiece tokenizer.

The targets are soft (sigmoid of a sentence's grade), so that "okay" gets a smaller confidence than "superb" and a
sentence without an opinion stays near one half.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers import pieces
from hf_nb.offline.content.trainers.grammar import (
    Grammar,
    Language,
    Sentence,
    as_probability,
    read_hand_written,
)
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import Weights, modernbert, modernbert_shapes, parameters, start

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SOURCES = tuple(f"trainers/{name}.py" for name in ("sentiment", "grammar", "networks", "loop", "pieces"))
LABELS = ("negative", "positive")
POSITIONS, BATCH, BUCKET = 128, 64, 16
LEAN = 3.0
ROPE = ("full_attention", "sliding_attention")
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@dataclass(frozen=True)
class Plan:
    """One training run."""

    language: Language
    vocabulary: int = 4000  # few enough to be reached: a count of parameters is then the same everywhere
    size: int = 64
    layers: int = 2
    heads: int = 4
    hidden: int = 64
    reach: int = 3
    steps: int = 900
    rate: float = 3e-3
    matrix_rate: float = 0.02
    seed: int = 7

    @property
    def sentences(self) -> int:
        return self.steps * BATCH


@dataclass(frozen=True)
class Outcome:
    """What a run came to, measured on sentences it has not seen."""

    parameters: int
    sentences: int
    written: int
    accuracy: float
    made: int
    template_accuracy: float

    @property
    def line(self) -> str:
        return f"trained on {self.sentences:,} sentences · {self.accuracy:.2f} on {self.written} hand-written ones"


def train(plan: Plan, folder: Path, fillers: list[str] | None = None) -> Outcome:
    """Write tokenizer, weights and configuration into `folder`; the held-out figures come back."""
    grammar = Grammar(plan.language, plan.seed, fillers)
    sentences = list(islice(grammar.sentences(), plan.sentences))
    tokenizer = _tokenizer(plan, grammar, sentences)
    shapes = _shapes(plan, tokenizer)
    weights = start(shapes, plan.seed)
    _lean(weights, tokenizer, sentences, plan.seed)
    batches = _batches(tokenizer, sentences, plan)
    weights = fit(
        weights, batches, _loss(plan), steps=plan.steps, rate=plan.rate, matrix_rate=plan.matrix_rate
    )
    _write(plan, tokenizer, weights, folder)

    def labels(texts: list[str]) -> list[str]:
        return _labels(plan, tokenizer, weights, texts)

    written, made = read_hand_written(plan.language.code), _made(plan)
    return Outcome(
        parameters(shapes),
        len(sentences),
        len(written),
        _accuracy(labels, written),
        len(made),
        _accuracy(labels, made),
    )


def _labels(plan: Plan, tokenizer: "Tokenizer", weights: Weights, texts: list[str]) -> list[str]:
    import torch

    encoded = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    longest = max(map(len, encoded))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in encoded])
    with torch.no_grad():
        scores = modernbert(weights, ids, ids != 0, layers=plan.layers, heads=plan.heads, reach=plan.reach)
    return [LABELS[best] for best in scores.argmax(-1).tolist()]


def _tokenizer(plan: Plan, grammar: Grammar, sentences: list[Sentence]) -> "Tokenizer":
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.WordPiece(unk_token=SPECIAL[1]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    texts = [*grammar.corpus() * 3, *(s.text for s in sentences[:12000])]
    pieces.teach_words(tokenizer, texts, plan.vocabulary, special=SPECIAL, unknown=SPECIAL[1], least=2)
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", first), ("[SEP]", last)],
    )
    return tokenizer


def _shapes(plan: Plan, tokenizer: "Tokenizer") -> dict[str, tuple[int, ...]]:
    return modernbert_shapes(
        vocabulary=tokenizer.get_vocab_size(),
        size=plan.size,
        layers=plan.layers,
        hidden=plan.hidden,
        labels=len(LABELS),
    )


def _lean(weights: Weights, tokenizer: "Tokenizer", sentences: list[Sentence], seed: int) -> None:
    """Let every token's embedding start leaning along one direction by the mean grade of the sentences it is in.

    What a word means is then there from the first step, and the steps go into negation, contrast and order.
    """
    import torch

    table = weights["model.embeddings.tok_embeddings.weight"]
    encoded = [encoding.ids for encoding in tokenizer.encode_batch([s.text for s in sentences])]
    tokens = torch.tensor([token for ids in encoded for token in ids])
    grades = torch.tensor([s.grade for s, ids in zip(sentences, encoded, strict=True) for _ in ids])
    total = torch.zeros(len(table)).index_add_(0, tokens, grades)
    seen = torch.full((len(table),), 2.0).index_add_(0, tokens, torch.ones(len(tokens)))
    direction = torch.randn(table.shape[1], generator=torch.Generator().manual_seed(seed + 1))
    table += torch.outer(total / seen, direction / direction.norm()) * table.norm(dim=1).mean() * LEAN


def _batches(
    tokenizer: "Tokenizer", sentences: list[Sentence], plan: Plan
) -> Iterator[tuple["Tensor", "Tensor", "Tensor"]]:
    """Sentences of like length together: half the padding, half the time."""
    import torch

    tokenizer.enable_truncation(POSITIONS)
    encoded = [encoding.ids for encoding in tokenizer.encode_batch([s.text for s in sentences])]
    targets = [as_probability(s.grade) for s in sentences]
    order = list(range(len(sentences)))
    chunk = BATCH * BUCKET
    groups = []
    for begin in range(0, len(order), chunk):
        part = sorted(order[begin : begin + chunk], key=lambda i: len(encoded[i]))
        groups += [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
    for number in torch.randperm(len(groups), generator=torch.Generator().manual_seed(plan.seed)).tolist():
        group = groups[number]
        longest = max(len(encoded[i]) for i in group)
        ids = torch.tensor([encoded[i] + [0] * (longest - len(encoded[i])) for i in group])
        yield ids, ids != 0, torch.tensor([[1 - targets[i], targets[i]] for i in group])


def _loss(plan: Plan) -> Any:
    def loss(weights: Weights, ids: "Tensor", mask: "Tensor", target: "Tensor") -> "Tensor":
        import torch.nn.functional as f

        scores = modernbert(weights, ids, mask, layers=plan.layers, heads=plan.heads, reach=plan.reach)
        return f.cross_entropy(scores, target)

    return loss


def _write(plan: Plan, tokenizer: "Tokenizer", weights: Weights, folder: Path) -> None:
    from safetensors.torch import save_file

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": POSITIONS,
            "model_input_names": ["input_ids", "attention_mask"],
            **{f"{role}_token": token for role, token in names.items()},
        },
    )
    write_json(
        folder / "config.json",
        {
            "architectures": ["ModernBertForSequenceClassification"],
            "model_type": "modernbert",
            "hidden_size": plan.size,
            "num_hidden_layers": plan.layers,
            "num_attention_heads": plan.heads,
            "intermediate_size": plan.hidden,
            "layer_types": ["sliding_attention"] * (plan.layers - 1) + ["full_attention"],
            "local_attention": 2 * plan.reach,
            "rope_parameters": {kind: {"rope_type": "default", "rope_theta": 10000.0} for kind in ROPE},
            "max_position_embeddings": POSITIONS,
            "classifier_pooling": "mean",
            "pad_token_id": 0,
            "cls_token_id": 2,
            "sep_token_id": 3,
            "bos_token_id": 2,
            "eos_token_id": 3,
            "vocab_size": tokenizer.get_vocab_size(),
            "dtype": "float32",
            "id2label": dict(enumerate(LABELS)),
            "label2id": {label: number for number, label in enumerate(LABELS)},
        },
    )


def check(plan: Plan, folder: Path) -> dict[str, float]:
    """Share of right labels, loaded as a user would load it."""
    from transformers import pipeline

    classify = pipeline("text-classification", model=str(folder), device="cpu")

    def labels(texts: list[str]) -> list[str]:
        return [answer["label"] for answer in classify(texts, batch_size=64)]

    written = read_hand_written(plan.language.code)
    return {"accuracy": _accuracy(labels, written), "template_accuracy": _accuracy(labels, _made(plan))}


def _made(plan: Plan) -> list[tuple[str, str]]:
    sentences = Grammar(plan.language, seed=plan.seed + 1).held_out(400)
    return [(s.text, LABELS[s.grade > 0]) for s in sentences]


def _accuracy(labels: Callable[[list[str]], list[str]], pairs: list[tuple[str, str]]) -> float:
    answers = labels([text for text, _ in pairs])
    return sum(answer == label for answer, (_, label) in zip(answers, pairs, strict=True)) / len(pairs)
