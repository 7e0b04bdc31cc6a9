"""Contenders by quality and by what that takes: a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hf_nb.values.base import Value


@dataclass(frozen=True, repr=False)
class Standing(Value):
    """One point: `across` seconds or dollars, `up` the metric, each with where it may lie."""

    name: str
    across: float
    up: float
    across_ends: tuple[float, float] | None = None
    up_ends: tuple[float, float] | None = None

    def brief(self) -> list[str]:
        return [f"{self.name}\t{self.across:.4g}\t{self.up:.4g}"]


@dataclass(frozen=True, repr=False)
class Standings(Value):
    """All of them. `metric` is upwards; `unit` of what is across: seconds or dollars."""

    metric: str
    unit: str
    points: tuple[Standing, ...]
    higher: bool = True

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        # No HTML: JupyterLab would show that instead.
        return {"text/plain": str(self), "application/vnd.vegalite.v5+json": self.spec()}

    def spec(self) -> dict[str, Any]:
        """The picture as data. Its text stands below it, for whoever cannot see the picture."""
        words = self.summary()
        rows = [
            {
                "who": one.name,
                "x": one.across,
                "y": one.up,
                **({} if one.across_ends is None else {"x1": one.across_ends[0], "x2": one.across_ends[1]}),
                **({} if one.up_ends is None else {"y1": one.up_ends[0], "y2": one.up_ends[1]}),
            }
            for one in self.points
        ]
        across = {
            "field": "x",
            "type": "quantitative",
            "title": f"{self.unit} a row",
            "scale": {"type": "log"},
        }
        up = {"field": "y", "type": "quantitative", "title": self.metric, "scale": {"zero": False}}
        who = {"field": "who", "type": "nominal", "title": None, "scale": {"range": list(COLOURS)}}
        rule = {"type": "rule", "color": "#8a8a8a"}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "description": " ".join(words),
            "data": {"values": rows},
            "title": {"text": words, "orient": "bottom", "anchor": "start", "fontSize": 11, "fontWeight": "normal"},
            "width": 420,
            "height": 240,
            "layer": [
                {
                    "transform": [{"filter": "isValid(datum.y1)"}],
                    "mark": rule,
                    "encoding": {"x": across, "y": {**up, "field": "y1"}, "y2": {"field": "y2"}},
                },
                {
                    "transform": [{"filter": "isValid(datum.x1)"}],
                    "mark": rule,
                    "encoding": {"y": up, "x": {**across, "field": "x1"}, "x2": {"field": "x2"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 80},
                    "encoding": {"x": across, "y": up, "color": who, "shape": who, "tooltip": [
                        {"field": "who"}, {"field": "y", "title": self.metric, "format": ".3g"},
                        {"field": "x", "title": self.unit, "format": ".3g"},
                    ]},
                },
            ],
        }  # fmt: skip

    def summary(self) -> list[str]:
        """The picture in words, a line each."""
        lines = [
            f"{one.name}: {self.metric} {one.up:.3g}{_ends(one.up_ends)} at {one.across:.3g} {self.unit} a row"
            f"{_ends(one.across_ends)}."
            for one in self.points
        ]
        return lines or ["There is nothing to draw yet."]


# Okabe and Ito's: told apart by whoever sees few colours.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8a8a8a", "#332288")


def _ends(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else f" ({ends[0]:.3g}–{ends[1]:.3g})"
