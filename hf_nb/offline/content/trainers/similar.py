"""Train and check a small sentence encoder from nothing: texts of like meaning get like vectors.

Two kinds of pairs, in turn: what a docstring says first and what it goes on with, and two wordings put together from
the synonyms in `texts/similar_en.txt`. Of all texts in a batch each has to find its partner.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers import encoder, masked
from hf_nb.offline.content.trainers.grammar import TEXTS
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import Weights, parameters, start
from hf_nb.offline.content.trainers.pydoc import passages

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SOURCES = ("trainers/similar.py", "trainers/grammar.py", *masked.SOURCES)
SOURCES += tuple(f"texts/similar_en{rest}.txt" for rest in ("", "_test"))
FRAMES = (
    ("who", "does", "what"),
    ("who", "does", "what", "when"),
    ("who", "how"),
    ("what", "how"),
    ("what", "how", "when"),
)
SHARPNESS = 20.0  # how much nearer the partner must be than the others
SHORTEST, LONGEST = 8, 60  # words of what a docstring goes on with

Vectors = Any


@dataclass(frozen=True)
class Plan:
    """One training run."""

    shape: encoder.Shape = field(
        default=encoder.Shape(vocabulary=5000, size=96, layers=2, heads=4, hidden=128)
    )
    length: int = 40  # tokens of a training text
    batch: int = 64
    steps: int = 300
    rate: float = 5e-3
    matrix_rate: float = 0.01
    seed: int = 41


@dataclass(frozen=True)
class Triple:
    """A sentence, one of like meaning, and one of like words."""

    anchor: str
    near: str
    far: str


def triples() -> list[Triple]:
    """The hand-written ones that nobody trains on."""
    lines = (TEXTS / "similar_en_test.txt").read_text("utf-8").splitlines()
    return [Triple(*line.split(" | ")) for line in lines if line and not line.startswith("#")]


@cache
def synonyms() -> dict[str, list[list[str]]]:
    """What stands in `texts/similar_en.txt`: for each section, lines of words that mean the same."""
    found: dict[str, list[list[str]]] = {}
    for line in (TEXTS / "similar_en.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            section.append([entry.strip() for entry in line.split(";")])
    return found


def documented(texts: list[str]) -> list[tuple[str, str]]:
    """What a docstring says first, and what it goes on with; each text once."""
    pairs: dict[str, str] = {}
    for text in texts:
        first, _, rest = text.partition("\n\n")
        words = rest.split()
        if len(first.split()) >= 3 and len(words) >= SHORTEST:
            pairs.setdefault(" ".join(first.split()), " ".join(words[:LONGEST]))
    back = {rest: first for first, rest in pairs.items()}
    return [(first, rest) for rest, first in back.items()]


def unseen_documentation() -> list[tuple[str, str]]:
    """Pairs from the sources that training never reads."""
    unseen = documented([p.text for p in passages("docstrings") if p.split != "train"])
    known = {text for pair in documented(masked.training_texts()) for text in pair}
    return [pair for pair in unseen if not known.intersection(pair)]


def paraphrases(random: Random) -> Iterator[list[tuple[str, str]]]:
    """Groups of four pairs: within a group the meanings differ in one place only."""
    groups = synonyms()
    tested = {plain(text) for triple in triples() for text in (triple.anchor, triple.near, triple.far)}
    while True:
        frame = random.choice(FRAMES)
        meaning = {part: random.choice(groups[part]) for part in frame}
        made = []
        for part in (None, *random.choices(frame, k=3)):
            changed = meaning | ({part: random.choice(groups[part])} if part else {})
            pair = _worded(random, frame, changed), _worded(random, frame, changed)
            if not tested.intersection(map(plain, pair)):
                made.append(pair)
        yield made


def _worded(random: Random, frame: tuple[str, ...], meaning: dict[str, list[str]]) -> str:
    parts = [random.choice(meaning[part]) for part in frame]
    if frame[-1] == "when" and random.random() < 0.4:
        parts = [parts[-1] + ",", *parts[:-1]]
    if random.random() < 0.2:
        parts.insert(0, random.choice(("I think", "you know,", "it seems that", "yes,", "look,", "they say")))
    text = " ".join(parts)
    return text[0].upper() + text[1:] + random.choice((".", ".", "", "!"))


def plain(text: str) -> str:
    """Letters and single spaces."""
    return re.sub(r"\W+", " ", text).strip().lower()


def shapes(plan: Plan) -> dict[str, tuple[int, ...]]:
    """All weights."""
    return encoder.body_shapes(plan.shape)


def size(plan: Plan) -> int:
    """How many numbers the weights hold."""
    return parameters(shapes(plan))


def train(plan: Plan, folder: Path) -> None:
    """Write tokenizer, weights and configurations into `folder`."""
    lines = [entry for section in synonyms().values() for line in section for entry in line]
    tokenizer = encoder.wordpiece([*masked.training_texts(), *lines * 20], plan.shape.vocabulary)
    weights = fit(
        start(shapes(plan), plan.seed),
        _batches(plan, tokenizer),
        _loss(plan),
        steps=plan.steps,
        rate=plan.rate,
        matrix_rate=plan.matrix_rate,
    )
    named = {name.removeprefix("model."): tensor for name, tensor in weights.items()}
    encoder.write(folder, named, tokenizer, plan.shape, {"architectures": ["ModernBertModel"]})
    _write_modules(plan, folder)


def _write_modules(plan: Plan, folder: Path) -> None:
    """What sentence-transformers reads beside the model itself."""
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(kinds.items())
    ]
    write_json(folder / "modules.json", modules)  # type: ignore[arg-type]
    pooling = dict.fromkeys(("cls_token", "max_tokens", "mean_sqrt_len_tokens"), False) | {
        "mean_tokens": True
    }
    (folder / "1_Pooling").mkdir(exist_ok=True)
    write_json(
        folder / "1_Pooling" / "config.json",
        {
            "word_embedding_dimension": plan.shape.size,
            **{f"pooling_mode_{name}": on for name, on in pooling.items()},
        },
    )
    write_json(
        folder / "sentence_bert_config.json", {"max_seq_length": plan.shape.positions, "do_lower_case": False}
    )
    write_json(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine", "prompts": {}})


def _batches(plan: Plan, tokenizer: "Tokenizer") -> Iterator[tuple["Tensor", "Tensor"]]:
    """Documentation and paraphrases in turn, both texts of each pair."""
    random = Random(plan.seed)  # noqa: S311 - which texts, not secrets
    tokenizer.enable_truncation(plan.length)
    documents, worded = documented(masked.training_texts()), paraphrases(random)
    for number in range(plan.steps):
        if number % 2:
            chosen = random.sample(documents, plan.batch)
        else:
            chosen = [pair for _ in range(plan.batch // 4) for pair in next(worded)]
        yield tuple(
            encoder.padded([e.ids for e in tokenizer.encode_batch([pair[side] for pair in chosen])])
            for side in (0, 1)
        )  # type: ignore[misc]
    tokenizer.no_truncation()


def _loss(plan: Plan) -> Any:
    def vectors(weights: Weights, ids: "Tensor") -> "Tensor":
        import torch.nn.functional as f

        mask = ids != encoder.PAD
        return f.normalize(encoder.mean(encoder.body(weights, ids, mask, plan.shape), mask), dim=-1)

    def loss(weights: Weights, first: "Tensor", second: "Tensor") -> "Tensor":
        import torch
        import torch.nn.functional as f

        likeness = SHARPNESS * vectors(weights, first) @ vectors(weights, second).T
        partner = torch.arange(len(likeness))
        return (f.cross_entropy(likeness, partner) + f.cross_entropy(likeness.T, partner)) / 2

    return loss


def check(folder: Path) -> dict[str, float]:
    """How well unseen texts find their partners, loaded as a user would load it; TF-IDF beside it."""
    from sentence_transformers import SentenceTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = SentenceTransformer(str(folder), device="cpu")
    words = TfidfVectorizer(sublinear_tf=True).fit(
        [
            *masked.training_texts(),
            *(text for section in synonyms().values() for line in section for text in line),
        ]
    )
    own = _measured(lambda texts: model.encode(list(texts), normalize_embeddings=True))
    counted = _measured(lambda texts: words.transform(texts).toarray())
    return own | {f"tfidf_{name}": figure for name, figure in counted.items()}


def _measured(vectors: Any) -> dict[str, float]:
    found = retrieval(*(vectors(texts) for texts in zip(*unseen_documentation(), strict=True)))
    anchors, near, far = (
        vectors([getattr(triple, name) for triple in triples()]) for name in ("anchor", "near", "far")
    )
    nearer = (anchors * near).sum(-1) > (anchors * far).sum(-1)
    return {**found, "triplet_accuracy": float(nearer.mean())}


def retrieval(questions: Vectors, answers: Vectors) -> dict[str, float]:
    """Share of questions whose answer comes first, and the mean of one over its rank."""
    likeness = questions @ answers.T
    rank = (likeness >= likeness.diagonal()[:, None]).sum(-1)
    return {"accuracy_at_1": float((rank == 1).mean()), "mrr": float((1 / rank).mean())}


def by_hand(folder: Path, texts: Sequence[str]) -> "Tensor":
    """The same vectors with transformers alone: the mean over the tokens."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(str(folder)), AutoModel.from_pretrained(str(folder))
    batch = tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state
    return torch.nn.functional.normalize(encoder.mean(hidden, batch["attention_mask"]), dim=-1)
