"""Who answered: one grey line under every answer, a mark where something must not be overlooked, the tries folded."""

from __future__ import annotations

import math
from datetime import datetime

from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.values import Attempt, Source

A_MOMENT = 0.001  # seconds: waiting for less is no waiting
SHOWN = 5  # tries named before the fold is opened
_TRIES = [
    plain.Column("asked"),
    plain.Column("model"),
    plain.Column("what went wrong"),
    plain.Column("time", right=True),
]


def known(source: Source) -> list[str]:
    """Model, method, time, first token, speed, cost, reason: what is known of it."""
    where = f"{source.method} ({source.device})" if source.device else source.method
    kept = f"(kept answer of {_time(source.kept)})" if source.kept else ""
    first = f"first token {units.seconds(source.first)}" if source.first is not None else ""
    rate = f"{units.figures(source.rate)} tokens/s" if source.rate else ""
    cost = _money(source.cost) if source.cost else ""
    parts = (source.model, where, kept, units.seconds(source.seconds), first, rate, cost, source.reason)
    return [part for part in parts if part]


def marks(source: Source) -> list[str]:
    """What the reader must know before the answer is believed."""
    said = []
    if source.method == "hashing":
        said.append("Hashing, not a model: near means the same words, not the same meaning.")
    if source.finish == "stopped":
        said.append("Stopped: this is what had come.")
    elif source.finish == "cut":
        said.append("It broke off: this is what had come.")
    elif source.finish == "length":
        said.append("Ended at the limit of tokens.")
    if source.substitute:
        said.append(f"A substitute answered: {source.model} is not the model that was asked for.")
    return said


def text(source: Source) -> str:
    """The lines under an answer."""
    tried = [f"Before: {_tried(one)}" for one in source.attempts if one.error]
    said = (f"! {mark}" for mark in marks(source))
    return "\n".join([*said, *plain.filled(known(source)), *tried])


def html(source: Source) -> str:
    """The same, the tries folded."""
    said = "".join(f'<div class="mark">{page.escape(mark)}</div>' for mark in marks(source))
    tries = ""
    if len(source.attempts) > 1:
        rows = [_row(one) for one in source.attempts]
        tries = f"<details><summary>{page.escape(_in_short(source))}</summary>{grid(_TRIES, rows, wide=2)}</details>"
    *parts, last = (page.escape(part) for part in known(source))
    who = " ".join([*(f"<span>{part} ·</span>" for part in parts), f"<span>{last}</span>"])
    return f'{said}<div class="foot by">{who}</div>{tries}'


def _in_short(source: Source) -> str:
    """3 tries: hf Busy, hf Busy, local answered."""
    said = [f"{one.method} {one.error or 'answered'}" for one in source.attempts]
    shown = said if len(said) <= SHOWN else [*said[: SHOWN - 1], "…", said[-1]]
    return f"{len(said)} tries: {', '.join(shown)}"


def _time(when: datetime) -> str:
    """12:03, or 21 Nov 12:03 where it was not today."""
    today = when.date() == datetime.now(when.tzinfo).date()
    return f"{when:%H:%M}" if today else f"{when.day} {when:%b} {when:%H:%M}"


def _money(dollars: float) -> str:
    """$1.20, $0.031, $0.000012: two figures that count."""
    digits = max(2, 1 - math.floor(math.log10(dollars)))
    return f"${dollars:.{digits}f}"


def _tried(one: Attempt) -> str:
    problem = f", {one.problem}" if one.problem else ""
    return plain.clean(f"{one.method}, {one.model}: {one.error}{problem} ({units.seconds(one.seconds)})")


def _row(one: Attempt) -> list[str]:
    wrong = f"{one.error}: {one.problem}".removesuffix(": ") if one.error else "nothing: it answered"
    waited = f" after {units.seconds(one.waited)}" if one.waited > A_MOMENT else ""
    return [one.method, one.model, wrong, f"{units.seconds(one.seconds)}{waited}"]
