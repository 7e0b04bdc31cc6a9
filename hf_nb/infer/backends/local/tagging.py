"""What the words of a text are: names of people, places and the like, with their exact places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.infer.backends.local.classes import count, split
from hf_nb.infer.backends.local.model import Loaded
from hf_nb.infer.backends.local.passes import Work
from hf_nb.infer.call import Call

STRATEGIES = ("none", "simple", "first", "average", "max")


@dataclass
class Token:
    """One token of the text, with the scores of all labels. `inner`: it goes on with the word before it."""

    start: int
    end: int
    inner: bool
    scores: Any


@dataclass
class Tagged:
    """A stretch with one label."""

    label: str
    score: float
    start: int
    end: int


def tag(loaded: Loaded, call: Call) -> Work:
    """Neighbouring tokens with the same label are one span, unless `aggregation_strategy` is "none"."""
    loaded.reader.need_places(call.task)
    strategy = call.params.get("aggregation_strategy", "simple") or "none"
    if strategy not in STRATEGIES:
        raise BadInput(f"aggregation_strategy is {', '.join(STRATEGIES)}, not {strategy!r}.")
    overlap = count(call, "stride")
    if overlap is not None and overlap > loaded.window // 2:
        raise BadInput(f"stride is at most half of the {loaded.window} tokens {loaded.name} reads at once.")
    pieces = loaded.reader.pieces(call.input, overlap=overlap)

    def made(rows: list[list[Token]]) -> tuple[Any, str]:
        ignored = call.params.get("ignore_labels")
        spans = _grouped(_seamless(rows), strategy, loaded.config.id2label)
        kept = [one for one in spans if one.label not in (["O"] if ignored is None else ignored)]
        key = "entity" if strategy == "none" else "entity_group"
        return [_shown(call.input, one, key) for one in kept], split(
            loaded, len(pieces), "joined by their places"
        )

    return Work(
        pieces,
        lambda said, _: said.logits.float().softmax(dim=-1).cpu(),
        lambda scores, at, number: _tokens(loaded, pieces[number], scores[at]),
        made,
        alone=loaded.tokenizer.pad_token_id is None,
    )


def _tokens(loaded: Loaded, piece: Any, scores: Any) -> list[Token]:
    marks = getattr(loaded.reader.tokenizer.backend_tokenizer.model, "continuing_subword_prefix", None)
    made: list[Token] = []
    word: int | None = None
    for at, ((start, end), special, own, name) in enumerate(
        zip(piece.offsets, piece.special_tokens_mask, piece.word_ids, piece.tokens, strict=True)
    ):
        if special:
            continue
        inner = name.startswith(marks) if marks else (own is not None and own == word)
        word = own
        made.append(Token(start, end, inner, scores[at]))
    return made


def _seamless(rows: list[list[Token]]) -> list[Token]:
    """One token after the other; where two pieces overlap, each is taken from the one in which it stands deeper."""
    whole: list[Token] = []
    for row in rows:
        if whole and row:
            shared = sum(
                1 for one in whole[-len(row) :] if (one.start, one.end) >= (row[0].start, row[0].end)
            )
            half = shared - shared // 2
            whole = whole[: len(whole) - shared + half] + row[half:]
        else:
            whole = whole + row
    return whole


def _grouped(tokens: list[Token], strategy: str, names: dict[int, str]) -> list[Tagged]:
    words = [[one] for one in tokens] if strategy in ("none", "simple") else _words(tokens)
    tagged = [_agreed(word, strategy, names) for word in words]
    if strategy == "none":
        return tagged
    groups: list[list[Tagged]] = []
    for one in tagged:
        begins, label = _tag(one.label)
        if groups and not begins and _tag(groups[-1][-1].label)[1] == label:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [
        Tagged(
            group[0].label.split("-", 1)[-1],
            sum(one.score for one in group) / len(group),
            group[0].start,
            group[-1].end,
        )
        for group in groups
    ]


def _words(tokens: list[Token]) -> list[list[Token]]:
    words: list[list[Token]] = []
    for one in tokens:
        if words and one.inner:
            words[-1].append(one)
        else:
            words.append([one])
    return words


def _agreed(word: list[Token], strategy: str, names: dict[int, str]) -> Tagged:
    """One label for all tokens of a word."""
    import torch

    if strategy == "average":
        scores = torch.stack([one.scores for one in word]).mean(dim=0)
    elif strategy == "max":
        scores = max((one.scores for one in word), key=lambda scores: float(scores.max()))
    else:
        scores = word[0].scores
    best = int(scores.argmax())
    return Tagged(names[best], float(scores[best]), word[0].start, word[-1].end)


def _tag(label: str) -> tuple[bool, str]:
    """Whether it begins a span, and of what."""
    if label.startswith(("B-", "I-")):
        return label.startswith("B-"), label[2:]
    return False, label


def _shown(text: str, one: Tagged, key: str) -> dict[str, Any]:
    start, end = one.start, one.end
    while start < end and text[start].isspace():  # some tokenizers count the space before a word to it
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return {key: one.label, "score": one.score, "word": text[start:end], "start": start, "end": end}
