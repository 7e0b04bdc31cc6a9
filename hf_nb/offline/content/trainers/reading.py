"""Train and check a small RoFormer that finds the answer to a question in a passage."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.trainers import entities
from hf_nb.offline.content.trainers.answers import Passages, Question, hand_written, held_out_names
from hf_nb.offline.content.trainers.modules import count, fit_module, save
from hf_nb.offline.content.trainers.sentiment import SPECIAL
from hf_nb.offline.content.trainers.wordpieces import save_wordpieces, wordpieces

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer
    from torch import Tensor

SOURCES = (
    *(
        f"trainers/{name}.py"
        for name in (
            "reading",
            "answers",
            "entities",
            "modules",
            "wordpieces",
            "sentiment",
            "grammar",
            "loop",
            "networks",
            "pieces",
        )
    ),
    "texts/answers_en.txt",
    "texts/answers_en_test.txt",
    "texts/entities_en.txt",
    "texts/entities_en_test.txt",
)
POSITIONS, LONGEST = 192, 12  # tokens: of question and passage, and of an answer
TESTED = 300
SAME = 1.0


@dataclass(frozen=True)
class Plan:
    """One training run."""

    vocabulary: int = 1200
    size: int = 96
    layers: int = 3
    heads: int = 4
    hidden: int = 192
    batch: int = 24
    steps: int = 1200
    rate: float = 3e-3
    matrix_rate: float = 0.02
    seed: int = 7


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    parameters: int
    questions: int
    figures: dict[str, float]


def names(*, held_out: bool) -> tuple[list[str], list[str]]:
    """People and places: one in five is never trained on, nor is a name of the hand-written passages."""
    lists = entities.read_lists()
    people, places = (
        [name for number, name in enumerate(lists[kind]) if (number % 5 == 0) == held_out]
        for kind in ("first", "places")
    )
    return tuple([name for name in found if name not in held_out_names()] for found in (people, places))  # type: ignore[return-value]


def exercises(seed: int) -> Passages:
    """Endless questions to learn from, without a name that is held out."""
    never = held_out_names().union(*names(held_out=True))
    return Passages(seed, *names(held_out=False), never=never)


def train(plan: Plan, folder: Path) -> Outcome:
    """Write tokenizer, weights and configuration into `folder`; the held-out figures come back."""
    passages = exercises(plan.seed)
    questions = list(islice(passages.questions(), plan.steps * plan.batch))
    tokenizer = wordpieces(passages.corpus(), plan.vocabulary)
    module = _module(plan, tokenizer.get_vocab_size())
    fit_module(
        module,
        _batches(plan, tokenizer, questions),
        steps=plan.steps,
        rate=plan.rate,
        matrix_rate=plan.matrix_rate,
    )
    save(module, folder)
    save_wordpieces(tokenizer, folder, POSITIONS, kinds=True)
    return Outcome(count(module), len(questions), check(folder))


def _module(plan: Plan, vocabulary: int) -> Any:
    """A RoFormer: turned positions, and unlike ModernBERT it is told which tokens are the question's."""
    import torch
    from transformers import RoFormerConfig, RoFormerForQuestionAnswering

    torch.manual_seed(plan.seed)
    config = RoFormerConfig(
        vocab_size=vocabulary,
        hidden_size=plan.size,
        num_hidden_layers=plan.layers,
        num_attention_heads=plan.heads,
        intermediate_size=plan.hidden,
        max_position_embeddings=POSITIONS,
        type_vocab_size=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=SPECIAL.index("[PAD]"),
    )
    module = RoFormerForQuestionAnswering(config)
    _look_for_the_same(module, plan)
    return module


def _look_for_the_same(module: Any, plan: Plan) -> None:
    """Let attention begin by finding equal words, which a question and its passage share; it would learn so late."""
    import torch

    with torch.no_grad():
        # Else every word would look like all others of its own text.
        module.roformer.embeddings.token_type_embeddings.weight.mul_(0.3)
        first = module.roformer.encoder.layer[0].attention.self
        for part in (first.query, first.key):
            part.weight.add_(torch.eye(plan.size), alpha=SAME)


def _batches(plan: Plan, tokenizer: "Tokenizer", questions: list[Question]) -> Iterator[dict[str, "Tensor"]]:
    """Questions on passages of like length together."""
    import torch

    encoded = tokenizer.encode_batch([(q.text, q.passage) for q in questions])
    groups = []
    for begin in range(0, len(questions), plan.batch * 16):
        near = sorted(
            range(begin, min(len(questions), begin + plan.batch * 16)), key=lambda i: len(encoded[i].ids)
        )
        groups += [near[at : at + plan.batch] for at in range(0, len(near), plan.batch)]
    for number in torch.randperm(len(groups), generator=torch.Generator().manual_seed(plan.seed)).tolist():
        part = groups[number]
        width = max(len(encoded[i].ids) for i in part)
        ids = torch.tensor([encoded[i].ids + [0] * (width - len(encoded[i].ids)) for i in part])
        kinds = torch.tensor([encoded[i].type_ids + [0] * (width - len(encoded[i].ids)) for i in part])
        spans = torch.tensor([_span(questions[i], encoded[i]) for i in part])
        yield {
            "input_ids": ids,
            "token_type_ids": kinds,
            "attention_mask": (ids != 0).long(),
            "start_positions": spans[:, 0],
            "end_positions": spans[:, 1],
        }


def _span(question: Question, encoded: "Encoding") -> tuple[int, int]:
    """First and last token of the answer; the first token of all where there is none."""
    if not question.answer:
        return 0, 0
    first = encoded.char_to_token(question.begin, 1)
    last = encoded.char_to_token(question.end - 1, 1)
    assert first is not None
    assert last is not None
    return first, last


def answering(folder: Path) -> Callable[[str, str], str]:
    """The model as a function of question and passage; "" for no answer."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(str(folder))
    model = AutoModelForQuestionAnswering.from_pretrained(str(folder))

    def answer(question: str, passage: str) -> str:
        inputs = tokenizer(question, passage, return_tensors="pt", return_offsets_mapping=True)
        places = inputs.pop("offset_mapping")[0].tolist()
        with torch.no_grad():
            scores = model(**inputs)
        begins, ends = scores.start_logits[0], scores.end_logits[0]
        inside = [i for i, kind in enumerate(inputs.sequence_ids()) if kind == 1]
        spans = [(i, j) for i in inside for j in inside if 0 <= j - i < LONGEST]
        first, last = max(spans, key=lambda span: float(begins[span[0]] + ends[span[1]]))
        if begins[0] + ends[0] > begins[first] + ends[last]:
            return ""
        return passage[places[first][0] : places[last][1]]

    return answer


def generated() -> list[Question]:
    """Names, statements and questions that training never shows."""
    made = Passages(999, *names(held_out=True), held_out=True)
    return list(islice(made.questions(), TESTED))


def check(folder: Path) -> dict[str, float]:
    """Share of answers right to the word, and shared words, loaded as a user would load it."""
    answer = answering(folder)

    def both(questions: list[Question]) -> tuple[float, float]:
        pairs = [(_plain(answer(q.text, q.passage)), _plain(q.answer)) for q in questions]
        return sum(a == b for a, b in pairs) / len(pairs), sum(_shared(a, b) for a, b in pairs) / len(pairs)

    written, made = both(hand_written()), both(generated())
    return {
        "exact_match": written[0],
        "f1": written[1],
        "generated_exact_match": made[0],
        "generated_f1": made[1],
    }


def _plain(text: str) -> list[str]:
    """Words without articles, as SQuAD compares them."""
    return [word for word in re.findall(r"\w+", text.lower()) if word not in {"a", "an", "the"}]


def _shared(given: list[str], wanted: list[str]) -> float:
    """F1 of words; without an answer, right is to say nothing."""
    if not given or not wanted:
        return float(given == wanted)
    same = sum((Counter(given) & Counter(wanted)).values())
    return 2 * same / (len(given) + len(wanted))
