"""On this machine, with transformers and torch: safetensors only, and never a repository's own code.

reader       a text in pieces that fit a window     model        one in memory; foreign errors
loading      from the Hub or the cache into memory  memory       the last few stay
classes tagging extracting masks embedding tables   tasks whose answer comes whole
writing rewriting chatting                          tasks whose answer comes word by word, by
generating   a thread that can be stopped; voice (tokens as text), options, drawing, grammar, tools
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.infer.backends.local import (
    chatting,
    classes,
    embedding,
    extracting,
    masks,
    rewriting,
    tables,
    tagging,
    writing,
)
from hf_nb.infer.backends.local.memory import Memory
from hf_nb.infer.backends.local.model import Loaded, answering, readable
from hf_nb.infer.call import Call, Parts, Terms
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session


@dataclass(frozen=True)
class Way:
    """How a task is done: with a model of which of transformers' Auto classes, and by whom."""

    auto: str
    answer: Callable[[Loaded, Call, Terms], Parts]


WAYS: dict[str, Way] = {
    "text-classification": Way("AutoModelForSequenceClassification", classes.classify),
    "zero-shot-classification": Way("AutoModelForSequenceClassification", classes.zero_shot),
    "token-classification": Way("AutoModelForTokenClassification", tagging.tag),
    "question-answering": Way("AutoModelForQuestionAnswering", extracting.extract),
    "table-question-answering": Way("AutoModelForTableQuestionAnswering", tables.select),
    "fill-mask": Way("AutoModelForMaskedLM", masks.fill),
    "feature-extraction": Way("AutoModel", embedding.embed),
    "sentence-similarity": Way("AutoModel", embedding.similar),
    "summarization": Way("AutoModelForSeq2SeqLM", rewriting.rewrite),
    "translation": Way("AutoModelForSeq2SeqLM", rewriting.rewrite),
    "text2text-generation": Way("AutoModelForSeq2SeqLM", rewriting.rewrite),
    "text-generation": Way("AutoModelForCausalLM", writing.go_on),
    "code-generation": Way("AutoModelForCausalLM", writing.go_on),
    "chat": Way("AutoModelForCausalLM", chatting.reply),
}


class Local:
    """Keeps the last few models loaded."""

    name = "local"
    remote = False

    def __init__(self, session: Session) -> None:
        self.session = session
        self.memory = Memory(session)
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
        with self.memory.lent(call, way.auto, self.device, way.answer) as loaded:
            terms.check()
            with answering(call.model):
                yield from way.answer(loaded, call, terms)
