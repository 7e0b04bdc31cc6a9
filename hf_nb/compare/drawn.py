"""One prompt that all are asked at the same time, their texts drawn side by side while they come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hf_nb.compare.live import stream
from hf_nb.errors import HfNbError, Unreachable
from hf_nb.plumbing import progress
from hf_nb.values.comparisons import Beside

if TYPE_CHECKING:
    from hf_nb.compare.lanes import Lane
    from hf_nb.plumbing.session import Session

BETWEEN = 0.1  # seconds between two drawings: each sends all texts again
STATES = {"began": "", "value": "done", "failed": "failed", "stopped": "stopped"}


def looked_at(lanes: list[Lane]) -> bool:
    """Whether somebody looks, and there is one prompt."""
    return progress.draws_parts() and all(one.rows == 1 and not one.contender.copy for one in lanes)


def fits(lanes: list[Lane]) -> bool:
    """And all answer it in words."""
    return looked_at(lanes) and all(one.chosen is not None and one.chosen.task.streams for one in lanes)


def ask(lanes: list[Lane], session: Session) -> None:
    """All of them; what came, and what went wrong, is the lanes' own."""
    texts, states = [""] * len(lanes), ["waits"] * len(lanes)
    drawn = -1.0
    with stream([one.contender for one in lanes], lanes[0].material.inputs[0], session=session) as live:
        for at, kind, payload in live:
            lane = lanes[at]
            if kind == "part":
                texts[at] += payload
            elif kind == "doing":
                states[at] = payload
            else:
                states[at] = STATES[kind]
                _ended(lane, kind, payload)
            if lane.stop.is_set() and kind not in ("value", "failed", "stopped"):
                live.stop(at)
            now = time.monotonic()
            if now - drawn >= BETWEEN:
                drawn = now
                names = tuple(one.contender.name for one in lanes)
                progress.part(Beside(names, tuple(texts), tuple(states)))


def _ended(lane: Lane, kind: str, payload: Any) -> None:
    if kind == "value":
        lane.take(0, payload.text, payload.source)
    elif kind == "failed":
        wrong = (
            payload if isinstance(payload, HfNbError) else Unreachable(f"{type(payload).__name__}: {payload}")
        )
        lane.failed[0] = wrong
        lane.wrong = wrong
    elif kind == "stopped":
        lane.stop.set()
