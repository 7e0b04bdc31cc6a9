"""One answer written token by token in a thread of its own, which can be stopped between two of them."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hf_nb.errors import Stopped
from hf_nb.infer.backends.local import threads
from hf_nb.infer.backends.local.decoding import ours, prepared
from hf_nb.infer.backends.local.drawing import processors
from hf_nb.infer.backends.local.lookup import Looking
from hf_nb.infer.backends.local.model import Loaded, answering
from hf_nb.infer.backends.local.options import Options, endings
from hf_nb.infer.backends.local.voice import Enough, Voice
from hf_nb.infer.call import Chunk, Parts, Terms, Usage
from hf_nb.infer.parts import parts

# How long an abandoned thread is waited for; it ends with the token it is at.
JOIN = 0.1
TAIL = 6  # tokens of the prompt that the first new one is read with


@dataclass
class Job:
    """One text to write. `before`: text said before it, such as a prompt that is to be repeated."""

    ids: Sequence[int]
    options: Options
    before: str = ""
    continues: bool = False  # the new text goes on with the old, so a space between them is part of it
    grammar: Any = None
    seq2seq: bool = False  # the text is read by an encoder, and the answer begins with nothing

    @property
    def started(self) -> list[int]:
        """What the model reads; a text may have no tokens at all."""
        return list(self.ids) or [self.options.config.bos_token_id or 0]

    @property
    def tail(self) -> Sequence[int]:
        """What stands before the answer, as far as it matters for the answer's first letters."""
        return self.ids[-TAIL:] if self.continues else ()


@dataclass
class Outcome:
    """How writing ended."""

    written: int
    finish: str
    rest: str
    seconds: float


Say = Callable[[str, float], None]
Work = Callable[[Callable[[Chunk], None], "Halt"], None]


class Halt:
    """Asked between two tokens: raises when nobody wants the answer any more, or its time is over."""

    def __init__(self, terms: Terms) -> None:
        self._terms, self._event = terms, threading.Event()

    def set(self) -> None:
        """Nobody waits any more."""
        self._event.set()

    def check(self) -> None:
        """Raise when it is over."""
        if self._event.is_set():
            raise Stopped
        self._terms.check()

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """As transformers asks its stopping criteria."""
        import torch

        self.check()
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)


def threaded(loaded: Loaded, work: Work, terms: Terms) -> Parts:
    """What `work` puts, from a thread that is over soon after nobody waits for it."""
    halt = Halt(terms)

    def run(put: Callable[[Chunk], None]) -> None:
        with answering(loaded.name):
            work(put, halt)

    yield from parts(run, terms, stop=halt.set, join=JOIN)


def written(loaded: Loaded, job: Job, terms: Terms) -> Parts:
    """A whole answer: its text as it comes, then how it ended."""

    def work(put: Callable[[Chunk], None], halt: Halt) -> None:
        if job.before:
            put(Chunk(job.before))
        outcome = write(loaded, job, halt, lambda text, seconds: put(Chunk(text, seconds=seconds)))
        put(
            Chunk(
                outcome.rest,
                seconds=outcome.seconds,
                finish=outcome.finish,
                usage=Usage(len(job.ids), outcome.written),
                note=job.options.note,
            )
        )

    yield from threaded(loaded, work, terms)


def write(loaded: Loaded, job: Job, halt: Halt, say: Say) -> Outcome:
    """Generate in this thread; `say` gets the text as it comes, where it can come so."""
    import torch
    from transformers import LogitsProcessorList, StoppingCriteriaList

    options = job.options
    started = job.started
    ids = torch.tensor([started], device=loaded.device)
    read = 0 if loaded.config.is_encoder_decoder else len(started)
    ends = endings(options.config)
    changed = processors(options, read or 1, loaded.device, job.grammar)
    how: dict[str, Any] = {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "generation_config": options.config,
        "logits_processor": LogitsProcessorList(changed),
    }
    voice = Voice(loaded.reader, say, halt.check, ends, options.stop, job.tail)
    if options.beams > 1:
        with threads.computing(loaded.model, options.beams):
            made = loaded.model.generate(**how, stopping_criteria=StoppingCriteriaList([halt]))[0].tolist()
        for token in made[read or 1 :]:
            if token == options.config.pad_token_id and token not in ends:
                continue
            try:
                voice.token(token)
            except Enough:
                break
            if voice.ended:
                break
    elif changed_by_text(job) and loaded.model.dtype is torch.float32 and ours(loaded, options.config):

        def tell(token: int) -> bool:
            voice.token(token)
            return not voice.ended

        with contextlib.suppress(Enough):
            made = prepared(loaded, ids, how["attention_mask"], options.config, changed)
            source = started if loaded.config.is_encoder_decoder else ()
            Looking(loaded, made, source, options.limit, tell, halt.check).write()
    else:
        with contextlib.suppress(Enough), threads.computing(loaded.model, 1):
            loaded.model.generate(**how, streamer=voice)
    rest = voice.rest()
    return Outcome(voice.written, ended(voice, options), rest, time.perf_counter() - voice.since)


def changed_by_text(job: Job) -> bool:
    """Whether the next token depends on the text so far and on nothing else: no drawing, no grammar, one beam."""
    return job.grammar is None and not job.options.draw and job.options.beams == 1


def ended(voice: Voice, options: Options) -> str:
    """Why an answer is over: it was said, or there was no more room."""
    full = voice.written >= options.limit
    # Some models are made to say their end with the last token there is room for.
    forced = full and options.config.forced_eos_token_id is not None and not voice.met
    return "stop" if (voice.ended and not forced) or not full else "length"
