"""pick("text-classification", language="en", memory="1GB", seconds=0.1): which model to take, and why.

The most used ones of a search are looked at; what does not keep to what was asked is left out, with the reason. Of
the rest, those most used are read: what they take of this machine, and what their cards state.
"""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput, HfNbError
from hf_nb.hub import fits
from hf_nb.hub.finding import words
from hf_nb.hub.finding.filters import Wanted
from hf_nb.hub.finding.search import Hunt
from hf_nb.infer.fit import judge, reading
from hf_nb.infer.fit.words import sentence
from hf_nb.infer.pick import merits, results
from hf_nb.infer.pick.merits import Candidate
from hf_nb.plumbing import http
from hf_nb.plumbing.memory import free
from hf_nb.plumbing.session import Session, current
from hf_nb.render import units
from hf_nb.values.fits import Fit
from hf_nb.values.picks import Pick, Picks

if TYPE_CHECKING:
    from hf_nb.values import Row
    from hf_nb.values.info import Score

LOOK, READ, MOST = 100, 12, 50
AT_ONCE = 4
SHOWN_OUT = 20


def pick(
    task: str,
    *,
    language: str | None = None,
    licence: str | None = None,
    memory: int | str | None = None,
    seconds: float | None = None,
    dataset: str | None = None,
    limit: int = 5,
    session: Session | None = None,
) -> Picks:
    """Models for a task, the best first. `memory`: bytes it may take; `seconds`: how long an answer may.

    `dataset`: compare them by what they state of this one; else by the one measure that most of them state.
    """
    session = session or current()
    task = words.task(task)
    if not isinstance(limit, int) or not 1 <= limit <= MOST:
        raise BadInput(f"limit is a number from 1 to {MOST}, not {limit!r:.40}.")
    if seconds is not None and not (isinstance(seconds, (int, float)) and seconds > 0):
        raise BadInput(f"seconds is a number above 0, not {seconds!r:.40}.")
    most = words.bytes_of(memory, "memory")
    asked = {
        "language": language,
        "licence": licence,
        "memory": memory,
        "seconds": seconds,
        "dataset": dataset,
    }
    with http.verb(session) as read, session.span("infer.pick", task=task), session.ledger.looking():
        hunt = Hunt(
            session, "model", None, Wanted(task=task, language=language, licence=licence), "downloads"
        )
        hunt.limit = LOOK
        found = hunt.take()
        there = free()
        out: dict[str, str] = {}
        possible = [row for row in found.rows if not _kept_out(row, most, there, out)]
        near = possible[: max(READ, 2 * limit)]
        candidates = _read(near, task, most, seconds, out, session)
        for row in possible[len(near) :]:
            out[row.id] = "less used than those that were read"
        stated = merits.results(candidates, task, dataset)
        notes = [f"Shown {read.note}."] if read.note else []
        if said := merits.compared(stated):
            notes.append(said)
        elif dataset:
            notes.append(f"None of them states a result on {dataset!r:.80}.")
        if found.more:
            notes.append(f"The {LOOK} most used were looked at; the Hub has more.")
        if language:
            notes.append("Models that name no language were not found.")
    return Picks(
        task,
        {name: value for name, value in asked.items() if value is not None},
        tuple(_ranked(candidates, stated, datetime.now(UTC))[:limit]),
        tuple(out.items()),
        len(found.rows),
        tuple(notes),
    )


def _kept_out(row: Row, most: int | None, there: int, out: dict[str, str]) -> bool:
    """What its line in the list alone decides."""
    why = None
    if row.gated:
        why = "gated: its owner lets people in"
    elif row.library not in (None, "transformers", "sentence-transformers"):
        why = f"for {row.library}"
    elif row.parameters is None:
        why = "nobody says how large it is"
    elif (room := fits.room(row.parameters, row.bytes, there)) is not None and room.bytes > min(
        there, most or there
    ):
        allowed = min(there, most or there)
        why = f"takes ≈ {units.size(room.bytes)}, more than {units.size(allowed)}"
    if why:
        out[row.id] = why
    return why is not None


def _read(
    rows: list[Row], task: str, most: int | None, seconds: float | None, out: dict[str, str], session: Session
) -> list[Candidate]:
    """What each takes here and what its card states; those that turn out not to keep to what was asked are left out."""

    def ask(row: Row) -> tuple[reading.Read | HfNbError, tuple[Score, ...]]:
        try:
            return reading.read(row.id, None, session), results.of(row.id, session)
        except HfNbError as wrong:
            return wrong, ()

    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hf-nb-pick")
    try:
        waiting = [pool.submit(contextvars.copy_context().run, ask, row) for row in rows]
        answers = [one.result() for one in waiting]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    kept = []
    for row, (read, scores) in zip(rows, answers, strict=True):
        if isinstance(read, HfNbError):
            out[row.id] = read.problem
            continue
        made = judge.judged(read, task, judge.SENTENCE, judge.ANSWER, "fp32")
        made = replace(made, sentence=sentence(made))
        if (why := _too_much(made, most, seconds)) is not None:
            out[row.id] = why
            continue
        kept.append(Candidate(row, made, scores))
    return kept


def _too_much(fit: Fit, most: int | None, seconds: float | None) -> str | None:
    if fit.verdict == "too large" or (most is not None and fit.memory is not None and fit.memory > most):
        return f"takes ≈ {units.size(fit.memory)}, more than {units.size(min(most or fit.free, fit.free))}"
    if seconds is not None and fit.seconds is None:
        return "how fast it is here cannot be reckoned"
    if seconds is not None and fit.seconds is not None and fit.seconds > seconds:
        return f"≈ {units.seconds(fit.seconds)} an answer, longer than {units.seconds(seconds)}"
    return None


def _ranked(candidates: list[Candidate], stated: dict[str, merits.Result], now: datetime) -> list[Pick]:
    """The same for the same answers, whatever came first."""
    made = []
    for one in candidates:
        result = stated[one.row.id]
        parts = {
            "result": result.merit,
            "use": merits.use(one.row),
            "speed": merits.speed(one.fit.seconds),
            "age": merits.age(one.row.updated, now),
        }
        row, score = one.row, result.score
        made.append(
            Pick(
                row.id,
                round(merits.weighed(parts), 4),
                merits.reasons(one, result),
                one.fit.memory,
                one.fit.verdict,
                one.fit.seconds,
                merits.said(score) if score else "",
                merits.by(score) if score else "",
                row.parameters,
                row.downloads,
                row.likes,
                row.licence,
                row.languages,
                row.updated,
                {name: round(part, 4) for name, part in parts.items()},
            )
        )
    return sorted(made, key=lambda one: (-one.score, one.id))
