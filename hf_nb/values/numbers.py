"""What the calls of a session came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hf_nb.values.base import Listing, Value, frame

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class Stat(Value):
    """One task at one method and model.

    `calls`: tries at it; `success`: answers of those that were not stopped; `p50` … `first`: seconds, of the last
    thousand; `rate`: tokens a second; `seconds`, `read`, `written` (tokens), `sent`, `received` (bytes of whole answers
    and what was asked for them; none where it was done on this machine), `cost`: all of it together. `hits`: answers
    that were kept and so not asked for again, which counts nowhere else; `saved`, `spared`: the seconds and dollars
    that asking would have taken.
    """

    method: str
    model: str
    task: str
    calls: int = 0
    answers: int = 0
    stopped: int = 0
    success: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    first: float | None = None
    rate: float | None = None
    seconds: float = 0.0
    read: int = 0
    written: int = 0
    sent: int = 0
    received: int = 0
    cost: float | None = None
    errors: Mapping[str, int] = field(default_factory=dict)
    hits: int = 0
    saved: float = 0.0
    spared: float = 0.0

    def brief(self) -> list[str]:
        return [f"{self.method}\t{self.model}\t{self.calls}\t{'' if self.p50 is None else f'{self.p50:.4g}'}"]


@dataclass(frozen=True, repr=False)
class Stats(Listing[Stat]):
    """All of them, by method, model and task."""

    stats: tuple[Stat, ...] = ()

    def _items(self) -> tuple[Stat, ...]:
        return self.stats

    @property
    def cost(self) -> float | None:
        """Dollars altogether, where any price was known."""
        known = [one.cost for one in self.stats if one.cost is not None]
        return sum(known) if known else None

    def to_pandas(self) -> pandas.DataFrame:
        """One row per method, model and task; errors as text."""
        return frame([one.to_dict() | {"errors": _errors(one)} for one in self.stats])

    def plot(self) -> Plot:
        """How long answers took, drawn by the notebook (Vega-Lite)."""
        return Plot(self.stats)

    def prometheus(self) -> str:
        """The same in Prometheus' text format."""
        return "".join(f"{line}\n" for line in _exposed(self.stats))

    def brief(self) -> list[str]:
        return [line for one in self.stats for line in one.brief()]


@dataclass(frozen=True, repr=False)
class Plot(Value):
    """A picture of latencies: from the median to the 99th percentile, a line for each method and model."""

    stats: tuple[Stat, ...]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        # No HTML: JupyterLab would show that instead.
        return {"text/plain": str(self), "application/vnd.vegalite.v5+json": self.spec()}

    def spec(self) -> dict[str, Any]:
        """The picture as data. Its text stands below it, for whoever cannot see the picture."""
        rows = [
            {"who": f"{one.method} · {one.model}", "task": one.task, "at": name, "ms": seconds * 1000}
            for one in self.stats
            for name, seconds in (("p50", one.p50), ("p95", one.p95), ("p99", one.p99))
            if seconds is not None
        ]
        who = {"field": "who", "type": "nominal", "title": None, "axis": {"labelLimit": 320}}
        took = {"type": "quantitative", "title": "milliseconds", "scale": {"type": "log"}}
        words = self.summary()
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "description": " ".join(words),
            "data": {"values": rows},
            "title": {
                "text": words,
                "orient": "bottom",
                "anchor": "start",
                "fontSize": 11,
                "fontWeight": "normal",
            },
            "facet": {"row": {"field": "task", "type": "nominal", "title": None}},
            "resolve": {"scale": {"y": "independent"}},
            "spec": {
                "width": 420,
                "height": {"step": 24},
                "layer": [
                    {
                        "mark": {"type": "rule", "color": "#8a8a8a"},
                        "encoding": {
                            "y": who,
                            "x": {**took, "field": "ms", "aggregate": "min"},
                            "x2": {"field": "ms", "aggregate": "max"},
                        },
                    },
                    {
                        "mark": {"type": "point", "filled": True, "size": 70},
                        "encoding": {
                            "y": who,
                            "x": {**took, "field": "ms"},
                            "shape": {"field": "at", "type": "nominal", "title": "of answers"},
                            "color": {
                                "field": "at",
                                "type": "nominal",
                                "title": "of answers",
                                "scale": {"range": ["#0072B2", "#E69F00", "#D55E00"]},
                            },
                            "tooltip": [{"field": "who"}, {"field": "at"}, {"field": "ms", "format": ".3g"}],
                        },
                    },
                ],
            },
        }

    def summary(self) -> list[str]:
        """The picture in words, a line each."""
        lines = [
            f"{one.method} · {one.model} · {one.task}: "
            f"half of {one.answers} within {_ms(one.p50)}, 95 % within {_ms(one.p95)}."
            for one in self.stats
            if one.p50 is not None and one.p95 is not None
        ]
        return lines or ["Nothing was answered yet."]


def _ms(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _errors(one: Stat) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(one.errors.items()))


def _exposed(stats: tuple[Stat, ...]) -> Iterator[str]:
    """Prometheus wants the lines of one metric together."""

    def metric(name: str, kind: str, help: str, lines: list[str]) -> Iterator[str]:
        if lines:
            yield f"# HELP {name} {help}"
            yield f"# TYPE {name} {kind}"
            yield from lines

    yield from metric(
        "hfnb_calls_total",
        "counter",
        "Tries at a model, by how they ended.",
        [
            _line("hfnb_calls_total", one, number, outcome=outcome)
            for one in stats
            for outcome, number in (
                ("answered", one.answers),
                ("failed", one.calls - one.answers - one.stopped),
                ("stopped", one.stopped),
            )
        ],
    )
    yield from metric(
        "hfnb_errors_total",
        "counter",
        "What went wrong, by class.",
        [
            _line("hfnb_errors_total", one, number, error=name)
            for one in stats
            for name, number in sorted(one.errors.items())
        ],
    )
    seconds = []
    for one in (one for one in stats if one.p50 is not None):
        for share, value in (("0.5", one.p50), ("0.95", one.p95), ("0.99", one.p99)):
            seconds.append(_line("hfnb_answer_seconds", one, value, quantile=share))
        seconds.append(_line("hfnb_answer_seconds_sum", one, one.seconds))
        seconds.append(_line("hfnb_answer_seconds_count", one, one.answers))
    yield from metric("hfnb_answer_seconds", "summary", "Seconds an answer took.", seconds)
    for name, help, values in (
        ("hfnb_first_part_seconds", "Median seconds until the first part.", [one.first for one in stats]),
        ("hfnb_tokens_per_second", "Median tokens a second.", [one.rate for one in stats]),
    ):
        known = zip(stats, values, strict=True)
        lines = [_line(name, one, value) for one, value in known if value is not None]
        yield from metric(name, "gauge", help, lines)
    yield from metric(
        "hfnb_tokens_total",
        "counter",
        "Tokens read and written.",
        [
            _line("hfnb_tokens_total", one, number, direction=way)
            for one in stats
            for way, number in (("read", one.read), ("written", one.written))
            if one.read or one.written
        ],
    )
    yield from metric(
        "hfnb_bytes_total",
        "counter",
        "Bytes of questions sent and answers received.",
        [
            _line("hfnb_bytes_total", one, number, direction=way)
            for one in stats
            if one.answers
            for way, number in (("sent", one.sent), ("received", one.received))
        ],
    )
    kept = [one for one in stats if one.hits]
    hits = [_line("hfnb_kept_answers_total", one, one.hits) for one in kept]
    saved = [_line("hfnb_kept_seconds_saved_total", one, one.saved) for one in kept]
    yield from metric("hfnb_kept_answers_total", "counter", "Answers that were kept, not asked for.", hits)
    yield from metric(
        "hfnb_kept_seconds_saved_total", "counter", "Seconds that asking would have taken.", saved
    )
    paid = [_line("hfnb_cost_dollars_total", one, one.cost) for one in stats if one.cost is not None]
    yield from metric("hfnb_cost_dollars_total", "counter", "Dollars, where a price is known.", paid)


def _line(name: str, one: Stat, value: float | None, **more: str) -> str:
    labels = {"method": one.method, "model": one.model, "task": one.task, **more}
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{inside}}} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
