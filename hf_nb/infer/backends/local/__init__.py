"""On this machine, with transformers and torch: safetensors only, and never a repository's own code.

reader       a text in pieces that fit a window     model        one in memory; foreign errors
loading      from the Hub or the cache into memory  memory       they stay, under a budget; placing weighing room
turns        so many answers at once                rescue       what is tried when memory was not enough
matmul       the quicker way to multiply             narrow       no work that nobody reads
passes       pieces of many texts together through the model, for the tasks whose answer comes whole:
classes tagging extracting masks embedding; and tables
writing rewriting chatting                          tasks whose answer comes word by word, by
generating   a thread that can be stopped; voice (tokens as text), options, drawing, grammar, tools
decoding     `generate` without its loop, for two loops of ours: lookup (guessing what was said before, quicker)
             and ragged (many texts side by side); grouping (which go together), plans (what a question asks for)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.errors import HfNbError
from hf_nb.infer.backends.local import (
    chatting,
    classes,
    embedding,
    extracting,
    grouping,
    masks,
    passes,
    plans,
    rescue,
    rewriting,
    tables,
    tagging,
    writing,
)
from hf_nb.infer.backends.local.memory import Memory
from hf_nb.infer.backends.local.model import Loaded, readable
from hf_nb.infer.backends.local.turns import Turns, by_cores
from hf_nb.infer.call import Call, Chunk, Parts, Terms
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session


@dataclass(frozen=True)
class Way:
    """How a task is done: with a model of which of transformers' Auto classes, and by whom.

    `read`: what one question needs of the model, where many can go through it together; `several`: many at once,
    where the answer is written.
    """

    auto: str
    answer: Callable[[Loaded, Call, Terms], Parts]
    read: passes.Read | None = None
    several: grouping.Several | None = None


def _together(auto: str, read: passes.Read) -> Way:
    return Way(auto, passes.one(read), read)


def _written(auto: str, answer: Callable[[Loaded, Call, Terms], Parts], plan: plans.Planned) -> Way:
    return Way(auto, answer, several=grouping.by(plan))


WAYS: dict[str, Way] = {
    "text-classification": _together("AutoModelForSequenceClassification", classes.classify),
    "zero-shot-classification": _together("AutoModelForSequenceClassification", classes.zero_shot),
    "token-classification": _together("AutoModelForTokenClassification", tagging.tag),
    "question-answering": _together("AutoModelForQuestionAnswering", extracting.extract),
    "table-question-answering": Way("AutoModelForTableQuestionAnswering", tables.select),
    "fill-mask": _together("AutoModelForMaskedLM", masks.fill),
    "feature-extraction": _together("AutoModel", embedding.embed),
    "sentence-similarity": _together("AutoModel", embedding.similar),
    "summarization": _written("AutoModelForSeq2SeqLM", rewriting.rewrite, rewriting.plan),
    "translation": _written("AutoModelForSeq2SeqLM", rewriting.rewrite, rewriting.plan),
    "text2text-generation": _written("AutoModelForSeq2SeqLM", rewriting.rewrite, rewriting.plan),
    "text-generation": _written("AutoModelForCausalLM", writing.go_on, writing.plan),
    "code-generation": _written("AutoModelForCausalLM", writing.go_on, writing.plan),
    "chat": _written("AutoModelForCausalLM", chatting.reply, chatting.plan),
}


class Local:
    """Keeps models loaded as long as there is room for them, and answers so many calls at once."""

    name = "local"
    remote = False

    def __init__(self, session: Session) -> None:
        self.session = session
        self.memory = Memory(session)
        self.turns = Turns(lambda: session.settings.local_at_once or by_cores())
        self._device: str | None = None

    @property
    def device(self) -> str:
        """The best device torch has."""
        if self._device is None:
            torch = require("torch", "local", "Running a model here")
            if torch.cuda.is_available():
                self._device = "cuda"
            else:
                self._device = "mps" if torch.backends.mps.is_available() else "cpu"
        return self._device

    def can(self, call: Call) -> bool:
        """The tasks above."""
        return call.task in WAYS

    def stream(self, call: Call, terms: Terms) -> Parts:
        """The answer in parts, where it is a text; else in one."""
        terms.check()
        readable(call.input)
        way = WAYS[call.task]
        with self.turns.turn(terms):
            yield from rescue.stream(self.memory, call, way, terms)

    def several(self, calls: Sequence[Call], terms: Terms) -> Iterator[tuple[int, Chunk | HfNbError]]:
        """Each call's number with its answer, or why there is none, as they are done; all of one task and model."""
        terms.check()
        way = WAYS[calls[0].task]
        read, write, faster = way.read, way.several, self.session.settings.accel == "auto"

        def through(loaded: Loaded, some: Sequence[Call]) -> Iterator[tuple[int, Chunk | HfNbError]]:
            if read is not None:
                return passes.several(loaded, some, terms, read, faster=faster)
            if write is not None:
                return write(loaded, some, terms)
            raise NotImplementedError(calls[0].task)

        with self.turns.turn(terms):
            yield from rescue.several(self.memory, calls, way, terms, through)
