"""The words of a passage that answer a question. transformers 5 has no pipeline for it any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hf_nb.errors import TooLarge
from hf_nb.infer.backends.local.classes import count, split
from hf_nb.infer.backends.local.model import Loaded
from hf_nb.infer.backends.local.passes import Work
from hf_nb.infer.call import Call

LONGEST_ANSWER = 15  # tokens
WIDEST = 384  # tokens of one piece
STRIDE = 128


@dataclass(frozen=True)
class Candidate:
    """One possible answer."""

    score: float
    start: int
    end: int


def extract(loaded: Loaded, call: Call) -> Work:
    """The most likely stretch. All pieces of a long passage are weighed together, so an empty one cannot win alone."""
    loaded.reader.need_places(call.task)
    top = count(call, "top_k", 1) or 1
    longest = count(call, "max_answer_len", LONGEST_ANSWER) or LONGEST_ANSWER
    pieces, context = _pieces(loaded, call)

    def made(rows: list[tuple[Any, Any]]) -> tuple[Any, str]:
        said = [(piece, first, last) for piece, (first, last) in zip(pieces, rows, strict=True)]
        output = [
            {"answer": context[one.start : one.end], "score": one.score, "start": one.start, "end": one.end}
            for one in _candidates(said, top, longest, call, context)
        ]
        note = split(loaded, len(pieces), "the best answer of all")
        return output if top > 1 else output[0], note

    return Work(
        pieces,
        lambda said, _: (said.start_logits.float().cpu(), said.end_logits.float().cpu()),
        lambda seen, at, number: tuple(one[at, : len(pieces[number].ids)] for one in seen),
        made,
        alone=loaded.tokenizer.pad_token_id is None,
    )


def _pieces(loaded: Loaded, call: Call) -> tuple[list[Any], str]:
    reader, question, context = loaded.reader, call.input["question"], call.input["context"]
    if (most := count(call, "max_question_len")) is not None:
        places = reader.plain(question, special=False).offsets
        question = question[: places[min(most, len(places)) - 1][1]] if places else question
    room = min(count(call, "max_seq_len") or WIDEST, loaded.window)
    asked = len(reader.plain(question, pair="").ids)
    if asked > room - min(16, room // 4):
        raise TooLarge(
            f"The question has {asked} tokens; {loaded.name} reads {room} at once, the passage included.",
            "Shorten the question, or: max_question_len=N",
        )
    left = room - asked
    overlap = min(count(call, "doc_stride") or STRIDE, left // 2)
    return reader.pieces(question, context, window=room, overlap=overlap, cut="only_second"), context


def _candidates(
    said: list[tuple[Any, Any, Any]], top: int, longest: int, call: Call, context: str
) -> list[Candidate]:
    import torch

    impossible = bool(call.params.get("handle_impossible_answer"))
    masks = [torch.tensor([of == 1 for of in piece.sequence_ids]) for piece, _, _ in said]
    firsts = [start.masked_fill(~mask, -1e4) for (_, start, _), mask in zip(said, masks, strict=True)]
    lasts = [end.masked_fill(~mask, -1e4) for (_, _, end), mask in zip(said, masks, strict=True)]
    # "No answer" is the first token of every piece; it is as likely as the piece that believes in it least.
    none_first = min(float(start[0]) for _, start, _ in said)
    none_last = min(float(end[0]) for _, _, end in said)
    extra_first, extra_last = ([none_first], [none_last]) if impossible else ([], [])
    total_first = torch.logsumexp(torch.cat([*firsts, torch.tensor(extra_first)]), 0)
    total_last = torch.logsumexp(torch.cat([*lasts, torch.tensor(extra_last)]), 0)
    found: dict[tuple[int, int], Candidate] = {}
    for (piece, _, _), first, last, mask in zip(said, firsts, lasts, masks, strict=True):
        chances = torch.exp(first - total_first)[:, None] * torch.exp(last - total_last)[None, :]
        chances = chances.triu().tril(longest - 1) * (mask[:, None] & mask[None, :])
        best = chances.flatten().topk(min(top * 4, chances.numel()))
        for score, at in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            start, end = _place(piece, at // len(mask), at % len(mask), call)
            one = Candidate(score, start, end)
            if score > 0 and ((start, end) not in found or found[start, end].score < score):
                found[start, end] = one
    if impossible:
        none = float(torch.exp(none_first - total_first) * torch.exp(none_last - total_last))
        found[0, 0] = Candidate(none, 0, 0)
    ranked = sorted(found.values(), key=lambda one: -one.score)[:top]
    return ranked or [Candidate(0.0, 0, 0)]


def _place(piece: Any, first: int, last: int, call: Call) -> tuple[int, int]:
    """Characters of the context; a word is taken whole."""
    offsets, words, of = piece.offsets, piece.word_ids, piece.sequence_ids
    if call.params.get("align_to_words", True):
        while (
            first > 0
            and of[first - 1] == 1
            and words[first - 1] is not None
            and words[first - 1] == words[first]
        ):
            first -= 1
        while (
            last + 1 < len(of)
            and of[last + 1] == 1
            and words[last + 1] is not None
            and words[last + 1] == words[last]
        ):
            last += 1
    return offsets[first][0], offsets[last][1]
