"""Words for the gaps of a text."""

from __future__ import annotations

import itertools
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.infer.backends.local.classes import count
from hf_nb.infer.backends.local.model import Loaded, unfit
from hf_nb.infer.backends.local.passes import Work
from hf_nb.infer.backends.local.reader import Slow
from hf_nb.infer.call import Call

TOP = 5
SPELLINGS = ("[MASK]", "<mask>")


def fill(loaded: Loaded, call: Call) -> Work:
    """For each gap the likeliest tokens, each with the whole text. Of a long text, the window round a gap is read."""
    loaded.reader.need_places(call.task)
    mask = loaded.tokenizer.mask_token
    if mask is None:
        raise unfit(loaded.name, call.task, "it has no mask token")
    text = _spelled(call.input, mask)
    read = loaded.reader.plain(text, special=False)
    gaps = [at for at, one in enumerate(read.ids) if one == loaded.tokenizer.mask_token_id]
    if not gaps:
        raise BadInput(
            f"The text has no gap: it is written {mask}.", f"For example: Paris is the {mask} of France."
        )
    targets = _targets(loaded, call)
    top = min(count(call, "top_k", TOP) or TOP, len(targets) if targets else loaded.config.vocab_size)
    pieces, places = _windows(loaded, read.ids, gaps)

    def made(rows: list[list[list[tuple[int, float]]]]) -> tuple[Any, str]:
        output = [
            [_filled(loaded, text, read.offsets[gap], token, score) for token, score in fills]
            for gap, fills in zip(gaps, itertools.chain(*rows), strict=True)
        ]
        whole = len(pieces) == 1 and len(pieces[0].ids) >= len(read.ids)
        note = "" if whole else f"longer than the model's {loaded.window} tokens: read round each gap"
        return output[0] if len(output) == 1 else output, note

    return Work(
        pieces,
        lambda said, _: said.logits,  # a whole vocabulary for each token: only the gaps leave the device
        lambda logits, at, number: [_likeliest(logits[at, one], targets, top) for one in places[number]],
        made,
        alone=loaded.tokenizer.pad_token_id is None,
    )


def _likeliest(logits: Any, targets: list[int], top: int) -> list[tuple[int, float]]:
    import torch

    scores = torch.softmax(logits.float(), dim=-1)
    if targets:
        scores = scores[torch.tensor(targets, device=scores.device)]
    best = scores.topk(top)
    ids = best.indices.tolist()
    return list(zip([targets[one] for one in ids] if targets else ids, best.values.tolist(), strict=True))


def _spelled(text: str, mask: str) -> str:
    """Another model's way of writing a gap."""
    if mask not in text:
        for one in SPELLINGS:
            text = text.replace(one, mask)
    return text


def _windows(loaded: Loaded, ids: list[int], gaps: list[int]) -> tuple[list[Slow], list[list[int]]]:
    reader = loaded.reader
    before = len(reader.framed([])) and reader.framed([-1]).index(-1)
    if len(ids) <= reader.room:
        return [_piece(reader.framed(ids))], [[gap + before for gap in gaps]]
    pieces, places = [], []
    for gap in gaps:
        first = min(max(0, gap - reader.room // 2), len(ids) - reader.room)
        pieces.append(_piece(reader.framed(ids[first : first + reader.room])))
        places.append([gap - first + before])
    return pieces, places


def _piece(ids: list[int]) -> Slow:
    return Slow(ids, [])


def _filled(loaded: Loaded, text: str, place: tuple[int, int], token: int, score: float) -> dict[str, Any]:
    word = loaded.tokenizer.decode([token])
    before, after = text[: place[0]], text[place[1] :]
    gap = text[place[0] : place[1]]
    marks = getattr(loaded.tokenizer.backend_tokenizer.model, "continuing_subword_prefix", None)
    if marks and word.startswith(marks):
        whole = before.rstrip() + word[len(marks) :] + after
    else:
        space = gap[: len(gap) - len(gap.lstrip())]
        whole = before + space + word.lstrip() + after
    return {"score": score, "token": token, "token_str": word, "sequence": whole}


def _targets(loaded: Loaded, call: Call) -> list[int]:
    wanted = call.params.get("targets")
    if wanted is None:
        return []
    if isinstance(wanted, str):
        wanted = [one.strip() for one in wanted.split(",")]
    if not wanted or not all(isinstance(one, str) and one for one in wanted):
        raise BadInput("targets is a list of words.")
    vocabulary = loaded.tokenizer.get_vocab()
    ids = []
    for word in wanted:
        known = next((vocabulary[one] for one in (word, f"Ġ{word}", f"▁{word}") if one in vocabulary), None)
        if known is None:
            pieces = loaded.reader.plain(word, special=False).ids
            if len(pieces) != 1 or pieces[0] == loaded.tokenizer.unk_token_id:
                raise BadInput(f'"{word}" is not one token of {loaded.name}, so it cannot fill a gap.')
            known = pieces[0]
        if known not in ids:
            ids.append(known)
    return ids
