"""Texts of different lengths written side by side, each as it would have been alone.

rows      shorter prompts are filled up before their beginning, which nothing looks at; an encoder's after their end
same      with other rows beside it a row's scores differ in their last bits: where two tokens are that close, the row
          is written again, alone. Whether a model answers a filled-up row alike at all is tried once for each
over      a row ends by itself, and is taken out; the others go on
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from hf_nb.infer.backends.local import threads
from hf_nb.infer.backends.local.decoding import Prepared, decoding, plain, prepared
from hf_nb.infer.backends.local.drawing import Bias, Draw, Penalty, processors
from hf_nb.infer.backends.local.generating import Halt, Job, ended
from hf_nb.infer.backends.local.lookup import CLOSE
from hf_nb.infer.backends.local.model import Loaded
from hf_nb.infer.backends.local.options import endings
from hf_nb.infer.backends.local.plans import Said
from hf_nb.infer.backends.local.voice import Enough, Voice

ALIKE = 1e-3  # of the largest score: more apart than rounding
SPARSE = 0.75  # of the rows still at work: then the others are taken out


class Unlike(Exception):
    """These rows cannot be written side by side."""


@dataclass
class Row:
    """One text on its way. `close`: its tokens were in doubt, so what is here does not count."""

    job: Job
    voice: Voice
    tokens: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    over: bool = False
    close: bool = False
    seconds: float = 0.0
    seen: dict[tuple[int, ...], list[int]] = field(default_factory=dict)  # what came after some tokens
    counted: int = 0
    text: list[int] = field(default_factory=list)  # all of it, with the `before` tokens it began with
    before: int = 0

    def take(self, token: int, ends: Sequence[int]) -> None:
        """Its next token. Only where words end it is the text looked at now."""
        self.tokens.append(token)
        if self.job.options.stop:
            self._tell([token])
        self.over = self.over or token in ends or len(self.tokens) >= self.job.options.limit

    def said(self) -> Said:
        """All of it."""
        if not self.job.options.stop:
            self._tell(self.tokens)
        parts = [*self.parts, self.voice.rest()]
        return Said(parts, self.voice.written, ended(self.voice, self.job.options), self.seconds)

    def said_before(self, size: int) -> list[int]:
        """The tokens with which it would say `size` tokens once more; counted on from the last time."""
        seen, text = self.seen, self.text
        text += self.tokens[len(text) - self.before :]
        for end in range(max(size, self.counted + 1), len(text) + 1):
            seen.setdefault(tuple(text[end - size : end - 1]), []).append(text[end - 1])
        self.counted = len(text)
        return seen.get(tuple(text[len(text) - size + 1 :]), []) if len(text) + 1 >= size else []

    def _tell(self, tokens: list[int]) -> None:
        try:
            for token in tokens:
                self.voice.token(token)
        except Enough:
            self.over = True


def together(loaded: Loaded, jobs: Sequence[Job], halt: Halt) -> Iterator[tuple[int, Said | None]]:
    """The number of each with its text, as they are done; None where it is better written alone.

    All have the same options but for their limits. Raises `Unlike` where that is so for all, before the first.
    """
    began = time.perf_counter()
    ends = endings(jobs[0].options.config)
    rows = [_row(loaded, one, halt, ends) for one in jobs]
    made = _prepared(loaded, jobs)
    scores = made.first()
    if not plain(made.cache):
        loaded.kept["side by side"] = False
        raise Unlike
    surely = _surely(loaded, jobs, halt)
    start = made.ids.shape[1]
    for one in rows:
        one.text = made.ids[0].tolist() if one.job.seq2seq else one.job.started
        one.before = len(one.text)
    live = [*range(len(rows))]
    with decoding(loaded.model):
        while True:
            with threads.fewer(1):  # a glance at scores: two threads take as long, and more of the processors
                scores = _changed(made, [rows[number] for number in live], start, scores)
                tokens, close = _best(scores, look=surely and not jobs[0].options.draw)
            share, began = (time.perf_counter() - began) / len(live), time.perf_counter()
            for at, number in enumerate(live):
                row = rows[number]
                row.seconds += share
                if row.over:
                    continue
                if close and close[at]:
                    row.over = row.close = True
                else:
                    row.take(tokens[at], ends)
                if row.over:
                    yield number, None if row.close else row.said()
            halt.check()
            going = [at for at, number in enumerate(live) if not rows[number].over]
            if not going:
                return
            if len(going) <= SPARSE * len(live):
                made.only(going)
                live, tokens = [live[at] for at in going], [tokens[at] for at in going]
            scores = made.next(made.ids.new_tensor(tokens))


def _row(loaded: Loaded, job: Job, halt: Halt, ends: Sequence[int]) -> Row:
    parts: list[str] = []
    voice = Voice(
        loaded.reader, lambda text, _: parts.append(text), halt.check, ends, job.options.stop, job.tail
    )
    return Row(job, voice, parts=parts)


def _prepared(loaded: Loaded, jobs: Sequence[Job]) -> Prepared:
    """The prompts as one tensor, and what changes their scores."""
    import torch

    seq2seq = loaded.config.is_encoder_decoder
    longest = max(len(one.started) for one in jobs)
    options = copy(jobs[0].options)
    options.config = copy(options.config)
    options.limit = options.config.max_new_tokens = max(one.options.limit for one in jobs)
    fill = options.config.pad_token_id or 0
    filled, masks = [], []
    for one in jobs:
        ids, more = [*one.started], longest - len(one.started)
        filled.append(ids + [fill] * more if seq2seq else [fill] * more + ids)
        masks.append([1] * len(ids) + [0] * more if seq2seq else [0] * more + [1] * len(ids))
    changed = processors(options, 1 if seq2seq else longest, loaded.device)
    read, mask = (torch.tensor(some, device=loaded.device) for some in (filled, masks))
    made = prepared(loaded, read, mask, options.config, changed)
    if not all(_each_by_itself(one, jobs) for one in made.processors):
        raise Unlike
    return made


def _each_by_itself(processor: Any, jobs: Sequence[Job]) -> bool:
    """Whether it does to a row beside others what it does to one alone."""
    from transformers.generation import logits_process as theirs

    if isinstance(processor, theirs.ForcedEOSTokenLogitsProcessor):
        return len({one.options.limit for one in jobs}) == 1
    known = (
        Bias,
        Draw,
        Penalty,
        theirs.RepetitionPenaltyLogitsProcessor,
        theirs.MinNewTokensLengthLogitsProcessor,
        theirs.NoRepeatNGramLogitsProcessor,
        theirs.ForcedBOSTokenLogitsProcessor,
        theirs.SuppressTokensLogitsProcessor,
        theirs.SuppressTokensAtBeginLogitsProcessor,
        theirs.InfNanRemoveLogitsProcessor,
    )
    if (
        type(processor) is theirs.MinLengthLogitsProcessor
    ):  # it counts prompts, unless it was told how much to add
        return jobs[0].seq2seq or jobs[0].options.config.min_new_tokens is not None
    return type(processor) in known


def _changed(made: Prepared, rows: Sequence[Row], start: int, scores: Any) -> Any:
    """Scores after penalties and the like, none of which takes what fills a row up for a part of its text."""
    import torch
    from transformers import NoRepeatNGramLogitsProcessor

    if not len(made.processors):
        return scores
    with torch.inference_mode():
        ids = made.ids
        if not rows[0].job.seq2seq:
            begins = ids.new_tensor([start - len(one.job.started) for one in rows])
            places = torch.arange(ids.shape[1], device=ids.device)
            own = ids[:, start - 1 : start]  # the last of the prompt: a token that it has anyway
            ids = torch.where(places[None] < begins[:, None], own, ids)
        for one in made.processors:
            if type(one) is NoRepeatNGramLogitsProcessor:
                for at, row in enumerate(rows):
                    if never := row.said_before(one.ngram_size):
                        scores[at, never] = float("-inf")
            else:
                scores = one(ids, scores)
        return scores


def _best(scores: Any, *, look: bool) -> tuple[list[int], list[bool]]:
    """The likeliest token of each row, and whether another is as good as that."""
    import torch

    with torch.inference_mode():
        first, tokens = scores.max(dim=-1)
        if not look:
            return tokens.tolist(), []
        second = scores.scatter(1, tokens[:, None], float("-inf")).amax(dim=-1)
        close = first - second < CLOSE * first.abs().clamp(min=1.0)
        return tokens.tolist(), close.tolist()


def _surely(loaded: Loaded, jobs: Sequence[Job], halt: Halt) -> bool:
    """Whether close calls can be told from clear ones: not where numbers are half as long, all calls are close there.

    The first time it is tried whether the model says the same of the most filled-up row when it is alone.
    """
    import torch

    if "side by side" not in loaded.kept:
        halt.check()
        least, *_, most = sorted(jobs, key=lambda one: len(one.started))
        if len(least.started) == len(most.started):
            return loaded.model.dtype is torch.float32  # nothing was filled up: not tried yet
        filled = _prepared(loaded, [least, most]).first(whole=True)[0]
        alone = _prepared(loaded, [least]).first()[0]
        apart = float((filled - alone).abs().max()) / max(1.0, float(alone.abs().max()))
        rough = torch.finfo(loaded.model.dtype).eps * 32
        loaded.kept["side by side"] = apart <= max(ALIKE, rough)
    if not loaded.kept["side by side"]:
        raise Unlike
    return loaded.model.dtype is torch.float32
