"""Train and check a small masked language model on the standard library's documentation.

What is masked for the check is a whole word of an unseen passage whose neighbourhood (three words to each side)
stands nowhere in the training text: documentation repeats itself, and a sentence known by heart would prove nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.trainers import encoder
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import Weights, parameters, start
from hf_nb.offline.content.trainers.pydoc import _docstrings, _topics, passages

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SOURCES = tuple(
    f"trainers/{name}.py" for name in ("masked", "encoder", "networks", "loop", "pieces", "pydoc")
)
NEAR = 3  # words to each side that must be new
AROUND = 20  # words to each side that the model is shown
WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Plan:
    """One training run."""

    shape: encoder.Shape = field(
        default=encoder.Shape(vocabulary=4000, size=96, layers=2, heads=4, hidden=128, positions=256, reach=2)
    )
    window: int = 64
    batch: int = 32
    masked: float = 0.3
    steps: int = 600
    rate: float = 1e-2
    matrix_rate: float = 0.03
    seed: int = 17
    questions: int = 600


@dataclass(frozen=True)
class Question:
    """A text with one word masked, the word, and the one before it."""

    text: str
    answer: str
    before: str


@cache
def training_texts() -> list[str]:
    """All documentation but what comes from a source of the other splits."""
    kinds = (("topics", _topics), ("docstrings", _docstrings))
    kept = []
    for kind, read in kinds:
        held_out = {p.source for p in passages(kind) if p.split != "train"}
        kept += [p.text for p in read() if p.source not in held_out]
    held_out_texts = set(test_texts())
    return [text for text in dict.fromkeys(kept) if text not in held_out_texts]


def test_texts() -> list[str]:
    """Passages that training never reads."""
    return [p.text for kind in ("topics", "docstrings") for p in passages(kind) if p.split == "test"]


def shapes(plan: Plan) -> dict[str, tuple[int, ...]]:
    """All weights; the output layer is the embeddings again."""
    own = encoder.body_shapes(plan.shape) | encoder.head_shapes(plan.shape)
    return own | {"decoder.bias": (plan.shape.vocabulary,)}


def train(plan: Plan, folder: Path) -> None:
    """Write tokenizer, weights and configuration into `folder`."""
    import torch

    tokenizer = encoder.wordpiece(training_texts(), plan.shape.vocabulary)
    tokens = [e.ids for e in tokenizer.encode_batch(training_texts(), add_special_tokens=False)]
    stream = torch.tensor([token for ids in tokens for token in (*ids, encoder.LAST)])
    weights = fit(
        start(shapes(plan), plan.seed),
        _batches(plan, stream),
        _loss(plan),
        steps=plan.steps,
        rate=plan.rate,
        matrix_rate=plan.matrix_rate,
    )
    config = {"architectures": ["ModernBertForMaskedLM"], "tie_word_embeddings": True}
    encoder.write(folder, weights, tokenizer, plan.shape, config)


def _batches(plan: Plan, stream: "Tensor") -> Iterator[tuple["Tensor", "Tensor"]]:
    """Windows of the documentation between [CLS] and [SEP], and which of their tokens are hidden."""
    import torch

    random = torch.Generator().manual_seed(plan.seed)
    places = torch.arange(plan.window)
    first = torch.full((plan.batch, 1), encoder.FIRST)
    last = torch.full((plan.batch, 1), encoder.LAST)
    while True:
        begin = torch.randint(len(stream) - plan.window, (plan.batch, 1), generator=random)
        ids = torch.cat((first, stream[begin + places], last), dim=1)
        hidden = torch.rand(ids.shape, generator=random) < plan.masked
        yield ids, hidden & (ids != encoder.FIRST) & (ids != encoder.LAST)


def _loss(plan: Plan) -> Any:
    def loss(weights: Weights, ids: "Tensor", hidden: "Tensor") -> "Tensor":
        import torch
        import torch.nn.functional as f

        shown = ids.masked_fill(hidden, encoder.MASK)
        states = encoder.body(weights, shown, torch.ones_like(hidden), plan.shape)[hidden]
        table = weights["model.embeddings.tok_embeddings.weight"]
        scores = f.linear(encoder.head(weights, states), table, weights["decoder.bias"])
        return f.cross_entropy(scores, ids[hidden])

    return loss


def questions(plan: Plan, tokenizer: "Tokenizer") -> list[Question]:
    """Words of unseen passages to be guessed, each one token, each in a neighbourhood that is new."""
    random = Random(plan.seed)  # noqa: S311 - which words are asked for, not secrets
    known = {near for text in training_texts() for near in _neighbourhoods(text.split())}
    found = []
    for text in test_texts():
        words = text.split()
        near = dict(zip(range(NEAR, len(words) - NEAR), _neighbourhoods(words), strict=False))
        new = [
            at for at, words_near in near.items() if words_near not in known and _asked(words[at], tokenizer)
        ]
        found += [_question(words, at) for at in random.sample(new, min(4, len(new)))]
    random.shuffle(found)
    return found[: plan.questions]


def _neighbourhoods(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at - NEAR : at + NEAR + 1]) for at in range(NEAR, len(words) - NEAR)]


def _asked(word: str, tokenizer: "Tokenizer") -> bool:
    token = tokenizer.token_to_id(word.lower()) if WORD.fullmatch(word) else None
    return token is not None


def _question(words: list[str], at: int) -> Question:
    before, after = words[max(0, at - AROUND) : at], words[at + 1 : at + 1 + AROUND]
    return Question(
        " ".join([*before, encoder.SPECIAL["mask"], *after]), words[at].lower(), words[at - 1].lower()
    )


def check(plan: Plan, folder: Path) -> dict[str, float]:
    """Share of words guessed at once and within five: by the model, and by counting words in the training text.

    `unigram` always says the most frequent words, `bigram` those most frequent after the word before.
    """
    from tokenizers import Tokenizer
    from transformers import pipeline

    asked = questions(plan, Tokenizer.from_file(str(folder / "tokenizer.json")))
    fill = pipeline("fill-mask", model=str(folder), device="cpu", top_k=5)
    answers = fill([question.text for question in asked], batch_size=32)
    model = _scores(asked, [[guess["token_str"] for guess in answer] for answer in answers])
    unigram, bigram = (_scores(asked, guesses) for guesses in _counted(asked))
    return {
        "questions": float(len(asked)),
        "accuracy": model[0],
        "top_5_accuracy": model[1],
        "unigram_accuracy": unigram[0],
        "unigram_top_5_accuracy": unigram[1],
        "bigram_accuracy": bigram[0],
        "bigram_top_5_accuracy": bigram[1],
        "gain": model[0] - unigram[0],
        "top_5_gain": model[1] - unigram[1],
    }


def _counted(asked: list[Question]) -> tuple[list[list[str]], list[list[str]]]:
    alone: Counter[str] = Counter()
    after: dict[str, Counter[str]] = {}
    for text in training_texts():
        for before, word in pairwise(text.lower().split()):
            if WORD.fullmatch(word):
                alone[word] += 1
                after.setdefault(before, Counter())[word] += 1
    frequent = [word for word, _ in alone.most_common(5)]
    following = [[word for word, _ in after.get(q.before, alone).most_common(5)] for q in asked]
    return [frequent] * len(asked), [(words + frequent)[:5] for words in following]


def _scores(asked: list[Question], guesses: list[list[str]]) -> tuple[float, float]:
    pairs = list(zip(asked, guesses, strict=True))
    first = sum(question.answer == guess[0] for question, guess in pairs)
    within = sum(question.answer in guess for question, guess in pairs)
    return first / len(pairs), within / len(pairs)


def size(plan: Plan) -> int:
    """How many numbers the weights hold."""
    return parameters(shapes(plan))
