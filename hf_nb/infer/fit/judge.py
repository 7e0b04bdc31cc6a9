"""fit("owner/name"): will it run here, and how fast, before anything of it is downloaded.

fit("owner/name", tokens=200)                       with a text of that length
fit("owner/name", task="chat", new_tokens=300)      an answer of that length
fit("owner/name", dtype="bf16")                     loaded as something else than hf_nb does by itself
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput, HfNbError
from hf_nb.hub import fits
from hf_nb.hub.finding.filters import Wanted
from hf_nb.hub.finding.search import Hunt
from hf_nb.infer.fit import reading, tracing, words
from hf_nb.plumbing import http, memory
from hf_nb.plumbing.session import Session, current
from hf_nb.values.fits import Fit

if TYPE_CHECKING:
    from hf_nb.infer.fit.reading import Read

SENTENCE = 27  # tokens of a sentence of twenty words
ANSWER = 64
ROUGH_BAND = 0.25  # of memory, where only the count of its numbers is known
BYTES = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0, "int8": 1.0, "int4": 0.5625}
SMALLER = 3


def fit(
    id: str,
    *,
    task: str | None = None,
    tokens: int = SENTENCE,
    new_tokens: int = ANSWER,
    dtype: str | None = None,
    revision: str | None = None,
    session: Session | None = None,
) -> Fit:
    """What a model would take of this machine; at most 300 KB of it are read."""
    session = session or current()
    _check(task, tokens, new_tokens, dtype)
    with http.verb(session), session.span("infer.fit", repo=id), session.ledger.looking():
        found = reading.read(id, revision, session)
        made = judged(found, task or found.task, tokens, new_tokens, dtype or "fp32")
        if made.verdict == "too large":
            made = replace(made, smaller=_smaller(made, session))
    return replace(made, sentence=words.sentence(made))


def judged(found: Read, task: str | None, tokens: int, new_tokens: int, dtype: str) -> Fit:
    """From what was read alone: nothing is asked."""
    there = memory.free()
    made = Fit(
        found.id,
        "unknown",
        "",
        task,
        free=there,
        tokens=tokens,
        new_tokens=new_tokens,
        parameters=found.parameters,
        dtype=dtype,
        fetched=found.fetched,
        commit=found.commit,
        notes=tuple(found.notes),
    )
    if found.file is not None:
        return _of_file(made, found.file)
    traced = tracing.traced(made, found, BYTES[dtype]) if found.config else None
    if traced is not None:
        return traced
    return _counted(made, found)


def _counted(made: Fit, found: Read) -> Fit:
    """By how many numbers it has, which says nothing of the time."""
    if found.parameters is None:
        return replace(made, how="counted", notes=(*made.notes, "Nobody says how large it is."))
    weights = round(found.parameters * BYTES[made.dtype])
    need = fits.peak(weights, found.stored)
    return _with_memory(replace(made, how="counted", weights=weights), need, ROUGH_BAND)


def _of_file(made: Fit, file: tuple[str, int]) -> Fit:
    """llama.cpp maps the file into memory as it is, and keeps a little beside it."""
    name, size = file
    note = f"GGUF, by Ollama or llama.cpp: reckoned for {name}."
    return _with_memory(
        replace(made, how="file", weights=size, dtype="as stored", notes=(*made.notes, note)),
        round(size * 1.1) + 100_000_000,
        ROUGH_BAND,
    )


def _with_memory(made: Fit, need: int, band: float) -> Fit:
    return replace(
        made,
        memory=need,
        least=round(need * (1 - band)),
        most=round(need * (1 + band)),
        verdict=fits.verdict(need, made.free),
    )


def _smaller(made: Fit, session: Session) -> tuple[str, ...]:
    """What most people use for the same task that would have room."""
    if made.task is None:
        return ()
    most = int(made.free * fits.EASY / fits.FULL / (1 + fits.WORKING))
    try:
        hunt = Hunt(
            session,
            "model",
            None,
            Wanted(task=made.task, library="transformers", max_parameters=most),
            "downloads",
        )
        hunt.limit = SMALLER + 1
        return tuple(row.id for row in hunt.take().rows if row.id != made.id)[:SMALLER]
    except HfNbError:
        return ()


def _check(task: str | None, tokens: Any, new_tokens: Any, dtype: str | None) -> None:
    if task is not None and task not in tasks.TASKS:
        raise BadInput(f"There is no task {task!r:.60}.", f"For example: {', '.join(list(tasks.TASKS)[:4])}")
    for name, count in (("tokens", tokens), ("new_tokens", new_tokens)):
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 1_000_000:
            raise BadInput(f"{name} is a number from 1 to 1,000,000, not {count!r:.40}.")
    if dtype is not None and dtype not in BYTES:
        raise BadInput(f"There is no dtype {dtype!r:.40}.", f"One of: {', '.join(BYTES)}")
