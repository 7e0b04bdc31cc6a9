"""The parts of an answer, put together: what each kind of output becomes as a value."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hf_nb import tasks
from hf_nb.infer.call import Call, Chunk
from hf_nb.tasks import Out
from hf_nb.values import (
    Cells,
    Extract,
    Fill,
    Fills,
    Label,
    Labels,
    Reply,
    Similarities,
    Similarity,
    Source,
    Span,
    Spans,
    ToolCall,
    Value,
    Vectors,
    Written,
)


@dataclass
class Tally:
    """What has come of an answer."""

    texts: list[str] = field(default_factory=list)
    output: Any = None
    calls: list[ToolCall] = field(default_factory=list)
    seconds: float = 0.0
    first: float | None = None
    finish: str | None = None
    read: int | None = None
    written: int | None = None
    notes: list[str] = field(default_factory=list)
    provider: str = ""
    parts: int = 0
    sent: int = 0
    received: int = 0
    device: str | None = None
    kept: bool = False  # it was answered before, and nobody was asked

    def add(self, chunk: Chunk) -> None:
        """One more part."""
        self.seconds += chunk.seconds
        if chunk.text or chunk.output is not None or chunk.calls:
            self.parts += 1
            if self.first is None:
                self.first = self.seconds
        if chunk.text:
            self.texts.append(chunk.text)
        if chunk.output is not None:
            self.output = chunk.output
        self.calls.extend(chunk.calls)
        self.finish = chunk.finish or self.finish
        if chunk.usage is not None:
            self.read, self.written = chunk.usage.read, chunk.usage.written
        if chunk.moved is not None:
            self.sent += chunk.moved.sent
            self.received += chunk.moved.received
        if chunk.note:
            self.notes.append(chunk.note)
        self.provider = chunk.provider or self.provider
        self.device = chunk.device or self.device

    @property
    def text(self) -> str:
        """All of it, so far."""
        return "".join(self.texts)

    @property
    def empty(self) -> bool:
        """Nothing has come yet."""
        return self.parts == 0


def shaped(call: Call, tally: Tally, source: Source) -> Value:
    """The value of an answer, or of the part of it that has come."""
    return _SHAPES[tasks.TASKS[call.task].output](call, tally, source)


def _labels(call: Call, tally: Tally, source: Source) -> Labels:
    found = [Label(str(one["label"]), float(one["score"])) for one in tally.output]
    text = call.input if isinstance(call.input, str) else call.input["text"]
    return Labels(tuple(sorted(found, key=lambda one: -one.score)), source, text)


def _spans(call: Call, tally: Tally, source: Source) -> Spans:
    found = (
        Span(
            str(one.get("entity_group") or one.get("entity")),
            float(one["score"]),
            call.input[one["start"] : one["end"]],
            int(one["start"]),
            int(one["end"]),
        )
        for one in tally.output
    )
    return Spans(tuple(sorted(found, key=lambda one: (one.start, one.end))), source, call.input)


def _extract(call: Call, tally: Tally, source: Source) -> Extract:
    one = tally.output[0] if isinstance(tally.output, list) else tally.output
    return Extract(
        str(one["answer"]),
        float(one["score"]),
        int(one["start"]),
        int(one["end"]),
        call.input["question"],
        call.input["context"],
        source,
    )


def _cells(call: Call, tally: Tally, source: Source) -> Cells:
    one = tally.output[0] if isinstance(tally.output, list) else tally.output
    return Cells(
        str(one["answer"]),
        tuple(str(cell) for cell in one.get("cells", ())),
        tuple((int(row), int(column)) for row, column in one.get("coordinates", ())),
        str(one.get("aggregator") or "NONE"),
        call.input["query"],
        call.input["table"],
        source,
    )


def _fills(call: Call, tally: Tally, source: Source) -> Fills:
    gaps = tally.output if tally.output and isinstance(tally.output[0], list) else [tally.output]
    fills = tuple(
        Fill(str(one["token_str"]).strip(), float(one["score"]), str(one["sequence"]), gap)
        for gap, found in enumerate(gaps)
        for one in found
    )
    return Fills(fills, source, call.input)


def _vectors(call: Call, tally: Tally, source: Source) -> Vectors:
    texts = (call.input,) if isinstance(call.input, str) else tuple(call.input)
    space = f"{source.model}@{source.revision or 'main'}"
    return Vectors(tuple(array("f", one) for one in tally.output), texts, source, space)


def _scores(call: Call, tally: Tally, source: Source) -> Similarities:
    pairs = zip(call.input["sentences"], tally.output, strict=True)
    scored = tuple(Similarity(sentence, float(score)) for sentence, score in pairs)
    return Similarities(scored, call.input["source_sentence"], source)


def _written(call: Call, tally: Tally, source: Source) -> Written:
    return Written(tally.text, source, call.input)


def _reply(call: Call, tally: Tally, source: Source) -> Reply:
    said: dict[str, Any] = {"role": "assistant", "content": tally.text}
    if tally.calls:
        said["tool_calls"] = [
            {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}}
            for one in tally.calls
        ]
    return Reply(tally.text, source, (*call.input["messages"], said), tuple(tally.calls))


_SHAPES: dict[Out, Callable[[Call, Tally, Source], Value]] = {
    Out.LABELS: _labels,
    Out.SPANS: _spans,
    Out.EXTRACT: _extract,
    Out.CELLS: _cells,
    Out.FILLS: _fills,
    Out.VECTORS: _vectors,
    Out.SCORES: _scores,
    Out.TEXT: _written,
    Out.CHAT: _reply,
}
