"""Train and check a small BERT that marks names in a sentence (BIO tags on word pieces)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.trainers.entities import KINDS, Entities, Marked, hand_written
from hf_nb.offline.content.trainers.modules import count, fit_module, save
from hf_nb.offline.content.trainers.pydoc import everyday_words
from hf_nb.offline.content.trainers.sentiment import ROPE, SPECIAL
from hf_nb.offline.content.trainers.topics import read_word_list
from hf_nb.offline.content.trainers.wordpieces import save_wordpieces, words_and_pieces

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer
    from torch import Tensor

SOURCES = (
    *(
        f"trainers/{name}.py"
        for name in (
            "tagging",
            "entities",
            "topics",
            "modules",
            "wordpieces",
            "sentiment",
            "grammar",
            "loop",
            "networks",
            "pieces",
            "pydoc",
        )
    ),
    "texts/entities_en.txt",
    "texts/entities_en_test.txt",
    "texts/topics_en.txt",
)
TAGS = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BI"))
_LOWER = re.compile(r"[a-z]{3,}")
POSITIONS, BATCH, IGNORED = 128, 32, -100


@dataclass(frozen=True)
class Plan:
    """One training run."""

    vocabulary: int = 3400
    pieces: int = 700
    size: int = 96
    layers: int = 3
    heads: int = 4
    hidden: int = 96
    reach: int = 4
    steps: int = 1000
    rate: float = 3e-3
    matrix_rate: float = 0.02
    seed: int = 7


@dataclass(frozen=True)
class Outcome:
    """What a run came to, on sentences written by hand."""

    parameters: int
    sentences: int
    figures: dict[str, float]

    @property
    def written(self) -> int:
        return len(hand_written())

    @property
    def names(self) -> int:
        return sum(len(sentence.spans) for sentence in hand_written())


def ordinary_words() -> list[str]:
    """Words that are no names: of the word list by topics, and of the standard library's documentation."""
    listed = [
        e
        for section, kinds in read_word_list().items()
        if section != "templates"
        for e in chain(*kinds.values())
    ]
    words = {word for entry in listed for word in entry.split() if _LOWER.fullmatch(word)}
    return sorted(words.union(everyday_words()))


def train(plan: Plan, folder: Path, ordinary: list[str]) -> Outcome:
    """Write tokenizer, weights and configuration into `folder`; the held-out figures come back."""
    entities = Entities(plan.seed, ordinary)
    sentences = list(islice(entities.sentences(), plan.steps * BATCH))
    tokenizer = words_and_pieces(
        entities.words(), entities.blends(), learn=plan.pieces, vocabulary=plan.vocabulary
    )
    module = _module(plan, tokenizer)
    fit_module(
        module, _batches(tokenizer, sentences), steps=plan.steps, rate=plan.rate, matrix_rate=plan.matrix_rate
    )
    save(module, folder)
    save_wordpieces(tokenizer, folder, POSITIONS)
    return Outcome(count(module), len(sentences), check(folder))


def _module(plan: Plan, tokenizer: "Tokenizer") -> Any:
    """A ModernBERT: turned positions learn "the piece before" in a few hundred steps, counted ones do not."""
    import torch
    from transformers import ModernBertConfig, ModernBertForTokenClassification

    torch.manual_seed(plan.seed)
    rope: dict[Any, Any] = {kind: {"rope_type": "default", "rope_theta": 10000.0} for kind in ROPE}
    config = ModernBertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=plan.size,
        num_hidden_layers=plan.layers,
        num_attention_heads=plan.heads,
        intermediate_size=plan.hidden,
        layer_types=["sliding_attention"] * (plan.layers - 1) + ["full_attention"],
        local_attention=2 * plan.reach,
        rope_parameters=rope,
        max_position_embeddings=POSITIONS,
        pad_token_id=SPECIAL.index("[PAD]"),
        cls_token_id=SPECIAL.index("[CLS]"),
        sep_token_id=SPECIAL.index("[SEP]"),
        bos_token_id=SPECIAL.index("[CLS]"),
        eos_token_id=SPECIAL.index("[SEP]"),
        id2label=dict(enumerate(TAGS)),
        label2id={tag: number for number, tag in enumerate(TAGS)},
    )
    return ModernBertForTokenClassification(config)


def _batches(tokenizer: "Tokenizer", sentences: list[Marked]) -> Iterator[dict[str, "Tensor"]]:
    import torch

    for begin in range(0, len(sentences), BATCH):
        part = sentences[begin : begin + BATCH]
        encoded = tokenizer.encode_batch([s.text for s in part])
        width = max(len(e.ids) for e in encoded)
        ids = torch.tensor([e.ids + [0] * (width - len(e.ids)) for e in encoded])
        tags = [_tags(s, e) for s, e in zip(part, encoded, strict=True)]
        labels = torch.tensor([row + [IGNORED] * (width - len(row)) for row in tags])
        yield {"input_ids": ids, "attention_mask": (ids != 0).long(), "labels": labels}


def _tags(sentence: Marked, encoded: "Encoding") -> list[int]:
    """A tag for every piece; the frame around the sentence has none."""
    tags = []
    for (begin, end), framing in zip(encoded.offsets, encoded.special_tokens_mask, strict=True):
        around = [span for span in sentence.spans if span[0] <= begin and end <= span[1]]
        if framing:
            tags.append(IGNORED)
        elif around:
            tags.append(TAGS.index(f"{'B' if begin == around[0][0] else 'I'}-{around[0][2]}"))
        else:
            tags.append(0)
    return tags


def check(folder: Path) -> dict[str, float]:
    """Entity-level figures, loaded as a user would load it; a span counts where both ends and its kind are right."""
    from transformers import pipeline

    mark: Any = pipeline("token-classification", model=str(folder), device="cpu", aggregation_strategy="max")

    def spans(text: str) -> set[tuple[int, int, str]]:
        return {(found["start"], found["end"], found["entity_group"]) for found in mark(text)}

    return figures(spans, hand_written())


def figures(spans: Callable[[str], set[tuple[int, int, str]]], sentences: list[Marked]) -> dict[str, float]:
    """Precision, recall and F1 over all entities of the sentences."""
    found = wanted = right = 0
    for sentence in sentences:
        answer, truth = spans(sentence.text), set(sentence.spans)
        found, wanted, right = found + len(answer), wanted + len(truth), right + len(answer & truth)
    precision, recall = right / max(1, found), right / wanted
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"f1": f1, "precision": precision, "recall": recall}
