"""What a run says: how far it is, the sentence, a line for each contender, the points of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError
from hf_nb.panels import wire

if TYPE_CHECKING:
    from hf_nb.measure.intervals import Interval
    from hf_nb.panels.compare.study import Study
    from hf_nb.values.comparisons import Comparison, Line, Showing


def progress(one: Study, so_far: dict[str, Any] | None) -> dict[str, Any]:
    """How far it is. `asks`: what the rest takes, while it waits for a word."""
    total, rest = one.rows * len(one.contenders), one.asks
    done, seconds = one.done, one.seconds
    rate = done / seconds if seconds > 0 else 0.0
    return {
        "run": one.name,
        "done": done,
        "total": total,
        "seconds": seconds,
        "left": (total - done) / rate if rate and done < total else None,
        "asks": None
        if rest is None
        else {"rows": rest.rows, "seconds": rest.seconds, "dollars": rest.dollars},
        "over": one.over.is_set(),
        "judged": so_far,
    }


def judged(made: Comparison) -> dict[str, Any]:
    """The sentence, a line for each, and the points of the picture."""
    try:
        sentence, points = str(made.verdict), made.plot()
    except HfNbError as wrong:  # a metric that the labels do not fit; the answers stand all the same
        sentence, points = f"{wrong.problem} {wrong.next_step}".strip(), None
    lines: Sequence[Line] = ()
    if points is not None:
        lines = made.lines
    return {
        "verdict": sentence,
        "lines": [_line(one, made) for one in lines],
        "plot": None if points is None or len(points.points) < 2 else _plot(points),
        "rows": made.rows,
        "differ": len(made.differing),
        "failures": len({row.row for one in made.showings for row in one.failures}),
        "kind": made.kind,
        "labelled": made.labels is not None,
        "stopped": made.stopped,
        "notes": list(made.notes),
    }


def _plot(points: Any) -> dict[str, Any]:
    return {
        "metric": points.metric,
        "unit": points.unit,
        "higher": points.higher,
        "points": [
            {**asdict(one), "across_ends": _list(one.across_ends), "up_ends": _list(one.up_ends)}
            for one in points.points
        ],
        "summary": points.summary(),
    }


def _list(ends: tuple[float, float] | None) -> list[float] | None:
    return None if ends is None else list(ends)


def _line(one: Line, made: Comparison) -> dict[str, Any]:
    showing = made[one.name]
    scales = {each.metric: each.scale for each in made.scores.get(one.name, ())}
    return {
        "name": one.name,
        "model": showing.contender.model,
        "method": showing.source.method if showing.source else None,
        "ok": one.ok,
        "failed": one.failed,
        "left": one.left,
        "scores": [
            {"metric": metric.replace("_", " "), "scale": scales.get(metric, "number"), **ends(interval)}
            for metric, interval in one.scores.items()
        ],
        "seconds": None if one.seconds is None else ends(one.seconds),
        "first": one.first,
        "rate": one.rate,
        "memory": one.memory,
        "cost": one.cost,
        "wrong": wire.wrong(_as_error(showing)) if showing.wrong else None,
    }


def _as_error(showing: Showing) -> HfNbError:
    wrong = showing.wrong
    return HfNbError(wrong.problem if wrong else "", wrong.next_step if wrong else "")


def ends(one: Interval) -> dict[str, Any]:
    """A figure, and where it may lie."""
    return {"value": one.value, "low": one.low, "high": one.high, "n": one.n}
