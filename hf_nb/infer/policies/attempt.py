"""One try at one target: its own model, its own span, and an answer that is whole or no answer."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import Broken, HfNbError
from hf_nb.infer import backends, privacy
from hf_nb.infer.call import Backend, Call, Chunk, Parts, Target, Terms
from hf_nb.plumbing import spans

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

# What OpenTelemetry calls an operation; a task without a name there keeps its own.
OPERATIONS = {
    "chat": "chat",
    "text-generation": "text_completion",
    "code-generation": "text_completion",
    "feature-extraction": "embeddings",
}


class Tried:
    """A target as a backend: whatever model is asked for, this one's answers."""

    def __init__(self, target: Target, session: Session) -> None:
        self.target, self.session = target, session
        self.name, self.remote = target.method, target.method not in ("local", "hashing")

    @property
    def backend(self) -> Backend:
        """Who answers."""
        return backends.find(self.target.method, self.session)

    @property
    def device(self) -> str | None:
        """That of the backend."""
        return self.backend.device

    def can(self, call: Call) -> bool:
        """Whether the backend can."""
        return self.backend.can(self._own(call))

    def stream(self, call: Call, terms: Terms) -> Parts:
        """Its answer; Broken where the end mark is missing. Nothing that comes after that mark is handed on."""
        here = spans.begin("infer.attempt", self._attributes(call, terms))
        began = time.perf_counter()
        last: Chunk | None = None
        usage = provider = None
        try:
            with spans.inside(here):
                parts = privacy.asked(self.backend, self._own(call), terms, self.session)
            try:
                while (chunk := _next(parts, here, over=last is not None)) is not None:
                    usage, provider = chunk.usage or usage, chunk.provider or provider
                    if last is None:
                        if chunk.finish is not None:
                            last = chunk
                        yield chunk
            finally:
                parts.close()
            self._ended(last)
        except BaseException as wrong:
            if last is None:
                here.error = f"{type(wrong).__name__}: {wrong}"
                here.attributes["error.type"] = type(wrong).__name__
            raise
        finally:
            here.seconds = time.perf_counter() - began
            if last is not None:
                here.attributes["gen_ai.response.finish_reasons"] = [last.finish]
            if usage is not None:
                here.attributes["gen_ai.usage.input_tokens"] = usage.read
                here.attributes["gen_ai.usage.output_tokens"] = usage.written
            if provider:
                here.attributes["gen_ai.provider.name"] = provider
            self.session.spans.add(here)

    def _ended(self, last: Chunk | None) -> None:
        if last is None:
            raise Broken(f"{self.name} ended its answer without an end mark.")

    def _own(self, call: Call) -> Call:
        target = self.target
        if (call.model, call.revision) == (target.model, target.revision):
            return call
        return replace(call, model=target.model, revision=target.revision)

    def _attributes(self, call: Call, terms: Terms) -> dict[str, Any]:
        return {
            "gen_ai.operation.name": OPERATIONS.get(call.task, call.task),
            "gen_ai.provider.name": self.name,
            "gen_ai.request.model": self.target.model,
            "hfnb.attempt": len(terms.trail) + 1,
        }


def _next(parts: Parts, here: spans.Span, *, over: bool) -> Chunk | None:
    """The next part; what goes wrong after the end mark is the other side's affair."""
    try:
        with spans.inside(here):
            return next(parts, None)
    except HfNbError:
        if over:
            return None
        raise
