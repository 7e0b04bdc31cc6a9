"""Sentences about eight topics, generated from a word list (`texts/topics_en.txt`), and the classifier trained on them.

the {person} {did}   ->   "the goalkeeper missed a penalty"   sport
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers.grammar import TEXTS
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import Weights, modernbert, modernbert_shapes, parameters, start
from hf_nb.offline.content.trainers.sentiment import ROPE, SPECIAL
from hf_nb.offline.content.trainers.wordpieces import padded, save_wordpieces, wordpieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SOURCES = (
    *(
        f"trainers/{name}.py"
        for name in ("topics", "wordpieces", "sentiment", "grammar", "networks", "loop", "pieces", "pydoc")
    ),
    "texts/topics_en.txt",
    "texts/topics_en_test.txt",
)
LABELS = ("computers", "food", "health", "money", "music", "sport", "travel", "weather")
KINDS = {"thing": "things", "person": "people", "did": "did", "word": "words"}
POSITIONS, BATCH = 128, 64
LEAN = 2.0
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Plan:
    """One training run."""

    vocabulary: int = 2200
    size: int = 64
    layers: int = 2
    heads: int = 4
    hidden: int = 64
    reach: int = 4
    steps: int = 500
    rate: float = 3e-3
    matrix_rate: float = 0.02
    seed: int = 7

    @property
    def network(self) -> dict[str, int]:
        return {"layers": self.layers, "heads": self.heads, "reach": self.reach}


@dataclass(frozen=True)
class Outcome:
    """What a run came to, on sentences written by hand."""

    parameters: int
    sentences: int
    written: int
    accuracy: float


Pair = tuple[str, int]


def read_hand_written() -> list[Pair]:
    """The sentences nobody trains on."""
    lines = (TEXTS / "topics_en_test.txt").read_text("utf-8").splitlines()
    pairs = [line.split(": ", 1) for line in lines if line and line[0] != "#"]
    return [(text, LABELS.index(label)) for label, text in pairs]


def read_word_list() -> dict[str, dict[str, list[str]]]:
    """Entries by topic and kind; the templates stand under "templates"."""
    found: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in (TEXTS / "topics_en.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = {}
        elif line and line[0] != "#":
            kind, _, rest = line.rpartition(": ")
            found[section][kind] = [entry.strip() for entry in rest.split(";")]
    return found


class Topics:
    """Endless sentences with their topic; the same seed gives the same ones."""

    def __init__(self, seed: int, fillers: list[str]) -> None:
        self.random = Random(seed)  # noqa: S311 - sentences, not secrets
        lists = read_word_list()
        self.templates = lists.pop("templates")[""]
        self.entries = lists
        self.written = {_plain(text) for text, _ in read_hand_written()}
        known = {
            word
            for kinds in lists.values()
            for entries in kinds.values()
            for e in entries
            for word in e.split()
        }
        self.fillers = [word for word in fillers if word not in known]

    def sentences(self) -> Iterator[Pair]:
        while True:
            label = self.random.randrange(len(LABELS))
            text = self._filled(label) if self.random.random() < 0.5 else self._bag(label)
            if _plain(text) not in self.written:
                yield text + self.random.choice((".", ".", "", "!", "?")), label

    def corpus(self) -> list[str]:
        """Every entry once, for the tokenizer."""
        return [entry for kinds in self.entries.values() for entries in kinds.values() for entry in entries]

    def _pick(self, label: int, kind: str) -> str:
        return self.random.choice(self.entries[LABELS[label]][kind])

    def _filled(self, label: int) -> str:
        return _SLOT.sub(lambda slot: self._pick(label, KINDS[slot[1]]), self.random.choice(self.templates))

    def _bag(self, label: int) -> str:
        """One to three words of the topic among ordinary ones: what a word means outside every template."""
        words = self.random.choices(self.fillers, k=self.random.randint(2, 8))
        for _ in range(self.random.choice((1, 1, 2, 3))):
            kind = self.random.choices(tuple(KINDS.values()), (5, 1, 3, 4))[0]
            words.insert(self.random.randint(0, len(words)), self._pick(label, kind))
        return " ".join(words)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def train(plan: Plan, folder: Path, fillers: list[str]) -> Outcome:
    """Write tokenizer, weights and configuration into `folder`; the held-out figures come back."""
    topics = Topics(plan.seed, fillers)
    pairs = list(islice(topics.sentences(), plan.steps * BATCH))
    tokenizer = wordpieces([*topics.corpus() * 3, *(text for text, _ in pairs[:8000])], plan.vocabulary)
    shapes = modernbert_shapes(
        vocabulary=tokenizer.get_vocab_size(),
        size=plan.size,
        layers=plan.layers,
        hidden=plan.hidden,
        labels=len(LABELS),
    )
    weights = start(shapes, plan.seed)
    _lean(weights, tokenizer, pairs[:8000], plan.seed)
    weights = fit(
        weights,
        _batches(tokenizer, pairs),
        _loss(plan),
        steps=plan.steps,
        rate=plan.rate,
        matrix_rate=plan.matrix_rate,
    )
    _write(plan, tokenizer, weights, folder)

    def labels(texts: list[str]) -> list[int]:
        return _labels(plan, tokenizer, weights, texts)

    written = read_hand_written()
    return Outcome(parameters(shapes), len(pairs), len(written), _accuracy(labels, written))


def _lean(weights: Weights, tokenizer: "Tokenizer", pairs: list[Pair], seed: int) -> None:
    """Let every token's embedding start leaning towards the topics it is met in; steps then go into the rest."""
    import torch

    table = weights["model.embeddings.tok_embeddings.weight"]
    encoded = [encoding.ids for encoding in tokenizer.encode_batch([text for text, _ in pairs])]
    tokens = torch.tensor([token for ids in encoded for token in ids])
    topics = torch.tensor([label for (_, label), ids in zip(pairs, encoded, strict=True) for _ in ids])
    seen = torch.full((len(table), len(LABELS)), 0.5)
    seen.index_put_((tokens, topics), torch.ones(len(tokens)), accumulate=True)
    share = seen / seen.sum(1, keepdim=True) - 1 / len(LABELS)
    directions = torch.randn(len(LABELS), table.shape[1], generator=torch.Generator().manual_seed(seed + 1))
    table += share @ (directions / directions.norm(dim=1, keepdim=True)) * table.norm(dim=1).mean() * LEAN


def _batches(tokenizer: "Tokenizer", pairs: list[Pair]) -> Iterator[tuple["Tensor", "Tensor", "Tensor"]]:
    import torch

    for begin in range(0, len(pairs), BATCH):
        part = pairs[begin : begin + BATCH]
        ids = padded(tokenizer, [text for text, _ in part], POSITIONS)
        yield ids, ids != 0, torch.tensor([label for _, label in part])


def _loss(plan: Plan) -> Any:
    def loss(weights: Weights, ids: "Tensor", mask: "Tensor", target: "Tensor") -> "Tensor":
        import torch.nn.functional as f

        return f.cross_entropy(modernbert(weights, ids, mask, **plan.network), target, label_smoothing=0.05)

    return loss


def _labels(plan: Plan, tokenizer: "Tokenizer", weights: Weights, texts: list[str]) -> list[int]:
    import torch

    ids = padded(tokenizer, texts, POSITIONS)
    with torch.no_grad():
        best: list[int] = modernbert(weights, ids, ids != 0, **plan.network).argmax(-1).tolist()
    return best


def _write(plan: Plan, tokenizer: "Tokenizer", weights: Weights, folder: Path) -> None:
    from safetensors.torch import save_file

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    save_wordpieces(tokenizer, folder, POSITIONS)
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
            **{f"{name[1:-1].lower()}_token_id": SPECIAL.index(name) for name in ("[PAD]", "[CLS]", "[SEP]")},
            "bos_token_id": SPECIAL.index("[CLS]"),
            "eos_token_id": SPECIAL.index("[SEP]"),
            "vocab_size": tokenizer.get_vocab_size(),
            "dtype": "float32",
            "id2label": dict(enumerate(LABELS)),
            "label2id": {label: number for number, label in enumerate(LABELS)},
        },
    )


def check(folder: Path) -> dict[str, float]:
    """Share of right topics, loaded as a user would load it."""
    from transformers import pipeline

    classify = pipeline("text-classification", model=str(folder), device="cpu")

    def labels(texts: list[str]) -> list[int]:
        return [LABELS.index(answer["label"]) for answer in classify(texts, batch_size=64)]

    return {"accuracy": _accuracy(labels, read_hand_written())}


def _accuracy(labels: Callable[[list[str]], list[int]], pairs: list[Pair]) -> float:
    answers = labels([text for text, _ in pairs])
    return sum(answer == label for answer, (_, label) in zip(answers, pairs, strict=True)) / len(pairs)
