"""Train and check a small BART that turns one text into another: rewriting, translation, notes to a summary."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers.modules import count, fit_module, save
from hf_nb.offline.content.trainers.pieces import teach_pairs

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SOURCES = tuple(f"trainers/{name}.py" for name in ("sequences", "modules", "loop", "networks", "pieces"))
PAD, UNKNOWN, START, END = SPECIAL = ("<pad>", "<unk>", "<s>", "</s>")
BUCKET, IGNORED = 16, -100

Pair = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """One training run."""

    pairs: Callable[[int], Iterator[Pair]]  # endless, for a seed
    held_out: Callable[[], Mapping[str, list[Pair]]]  # by the name of the figure
    tokenizer: Callable[[], "Tokenizer"]
    size: int = 96
    layers: int = 2
    heads: int = 4
    hidden: int = 192
    batch: int = 32
    steps: int = 1200
    rate: float = 3e-3
    matrix_rate: float = 0.02
    seed: int = 7
    positions: int = 64
    longest: int = 40  # tokens of an answer


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    parameters: int
    pairs: int
    figures: dict[str, float]


def train(plan: Plan, folder: Path) -> Outcome:
    """Write tokenizer, weights and configuration into `folder`; the held-out figures come back."""
    tokenizer = framed(plan.tokenizer())
    module = _module(plan, tokenizer.get_vocab_size())
    pairs = list(islice(plan.pairs(plan.seed), plan.steps * plan.batch))
    fit_module(
        module,
        _batches(plan, tokenizer, pairs),
        steps=plan.steps,
        rate=plan.rate,
        matrix_rate=plan.matrix_rate,
    )
    save(module, folder)
    _save_tokenizer(plan, tokenizer, folder)
    return Outcome(count(module) + tokenizer.get_vocab_size(), len(pairs), check(plan, folder))


def framed(tokenizer: "Tokenizer") -> "Tokenizer":
    """Every text ends with </s>."""
    from tokenizers import processors

    end = tokenizer.token_to_id(END)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"$A {END}", special_tokens=[(END, end)])
    return tokenizer


def subwords(texts: list[str], vocabulary: int) -> "Tokenizer":
    """A byte-pair tokenizer that gives back what it was given, spaces included."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(),
            pre_tokenizers.Punctuation(),
            pre_tokenizers.Digits(individual_digits=True),
        ]
    )
    tokenizer.decoder = decoders.Metaspace()
    teach_pairs(tokenizer, texts, vocabulary, special=list(SPECIAL), unknown=UNKNOWN)
    return tokenizer


def _module(plan: Plan, vocabulary: int) -> Any:
    import torch
    from transformers import BartConfig, BartForConditionalGeneration

    torch.manual_seed(plan.seed)
    pad, start, end = (SPECIAL.index(name) for name in (PAD, START, END))
    both: dict[str, Any] = {
        f"{side}_{what}": value
        for side in ("encoder", "decoder")
        for what, value in (
            ("layers", plan.layers),
            ("attention_heads", plan.heads),
            ("ffn_dim", plan.hidden),
        )
    }
    config = BartConfig(
        vocab_size=vocabulary,
        d_model=plan.size,
        max_position_embeddings=plan.positions,
        dropout=0.0,
        pad_token_id=pad,
        bos_token_id=start,
        eos_token_id=end,
        decoder_start_token_id=start,
        forced_eos_token_id=end,
        **both,
    )
    module = BartForConditionalGeneration(config)
    module.generation_config.max_length = plan.longest
    module.generation_config.num_beams = 1
    return module


def _batches(plan: Plan, tokenizer: "Tokenizer", pairs: list[Pair]) -> Iterator[dict[str, "Tensor"]]:
    """Pairs of like length together."""
    import torch

    sources = [e.ids for e in tokenizer.encode_batch([source for source, _ in pairs])]
    targets = [e.ids for e in tokenizer.encode_batch([target for _, target in pairs])]
    groups = []
    for begin in range(0, len(pairs), plan.batch * BUCKET):
        near = sorted(
            range(begin, min(len(pairs), begin + plan.batch * BUCKET)),
            key=lambda i: (len(targets[i]), len(sources[i])),
        )
        groups += [near[at : at + plan.batch] for at in range(0, len(near), plan.batch)]
    for number in torch.randperm(len(groups), generator=torch.Generator().manual_seed(plan.seed)).tolist():
        ids = _table([sources[i] for i in groups[number]], 0)
        labels = _table([targets[i] for i in groups[number]], IGNORED)
        yield {"input_ids": ids, "attention_mask": (ids != 0).long(), "labels": labels}


def _table(rows: list[list[int]], filler: int) -> "Tensor":
    import torch

    width = max(map(len, rows))
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows])


def _save_tokenizer(plan: Plan, tokenizer: "Tokenizer", folder: Path) -> None:
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": plan.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            "pad_token": PAD,
            "unk_token": UNKNOWN,
            "bos_token": START,
            "eos_token": END,
        },
    )


def check(plan: Plan, folder: Path) -> dict[str, float]:
    """Share of answers that are right to the letter, loaded as a user would load it."""
    answer = answering(folder)
    return {name: exact(answer, pairs) for name, pairs in plan.held_out().items()}


def exact(answer: Callable[[list[str]], list[str]], pairs: list[Pair]) -> float:
    """Share of answers that are the wanted ones."""
    answers = answer([source for source, _ in pairs])
    return sum(given == wanted for given, (_, wanted) in zip(answers, pairs, strict=True)) / len(pairs)


def answering(folder: Path) -> Callable[[list[str]], list[str]]:
    """The model as a function of texts."""
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(str(folder))
    model = AutoModelForSeq2SeqLM.from_pretrained(str(folder))

    def answer(texts: list[str]) -> list[str]:
        found: list[str] = []
        for begin in range(0, len(texts), 64):
            inputs = tokenizer(texts[begin : begin + 64], return_tensors="pt", padding=True)
            found += tokenizer.batch_decode(model.generate(**inputs), skip_special_tokens=True)
        return found

    return answer
