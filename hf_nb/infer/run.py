"""The verb: choose a model, let a backend answer, say who it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.infer.backends import BACKENDS
from hf_nb.infer.call import Backend, Call, Chunk, Shape
from hf_nb.infer.choose import choose
from hf_nb.plumbing.extras import load
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Label, Labels, Source, Value


def run(
    input: Any,
    *,
    model: str | None = None,
    task: str | None = None,
    revision: str | None = None,
    params: Mapping[str, Any] | None = None,
    session: Session | None = None,
) -> Value:
    """Answer `input` with a model.

    >>> run("I love it", model="hfnb-demo/sentiment-en").label
    'positive'
    """
    session = session or current()
    session.settings.require("inference")
    with session.span("infer.run") as span:
        choice = choose(model, task, revision, session)
        call = Call(choice.task, choice.model, choice.revision, _checked(input, choice.task), params or {})
        backend = _backend(call, session)
        span.set(
            **{
                "gen_ai.request.model": call.model,
                "gen_ai.operation.name": call.task,
                "hf_nb.backend": backend.name,
            }
        )
        chunks = list(backend.stream(call))
    reason = "; ".join(filter(None, (choice.reason, chunks[-1].note)))
    source = Source(
        choice.model,
        choice.revision,
        backend.name,
        reason,
        sum(chunk.seconds for chunk in chunks),
        backend.device,
    )
    return SHAPES[tasks.TASKS[call.task].output](chunks, call, source)


def _backend(call: Call, session: Session) -> Backend:
    for name, where in BACKENDS.items():
        if name not in session.backends:
            session.backends[name] = load(where)(session)
        backend: Backend = session.backends[name]
        if backend.can(call):
            return backend
    raise BadInput(f"Nothing here can run {call.task}.", f"Runs now: {', '.join(tasks.TASKS)}")


def _checked(value: Any, task: str) -> Any:
    example = tasks.TASKS[task].example
    if not isinstance(value, str):
        raise BadInput(f"{task} reads a text, not {type(value).__name__}.", f'For example: "{example}"')
    if not value.strip():
        raise BadInput(f"{task} needs a text, and this one is empty.", f'For example: "{example}"')
    return value


def _labels(chunks: list[Chunk], call: Call, source: Source) -> Labels:
    scores = sorted(
        ((name, score) for chunk in chunks for name, score in chunk.output.items()), key=lambda pair: -pair[1]
    )
    return Labels(tuple(Label(name, score) for name, score in scores), source, call.input)


SHAPES: dict[tasks.Out, Shape] = {tasks.Out.LABELS: _labels}
