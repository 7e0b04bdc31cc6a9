"""Quality against seconds or dollars: a small picture that needs nothing but the page, and its words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from hf_nb.render import page
from hf_nb.values.standings import COLOURS, Standing, Standings

WIDE, HIGH = 460, 220
LEFT, RIGHT, TOP, BELOW = 52, 130, 12, 34
MIDDLE = (LEFT + WIDE - RIGHT) // 2
SPARE = 0.12  # of the range, beyond the outermost point


def text(value: Standings | Standing) -> str:
    """A line for each."""
    return "\n".join(value.summary()) if isinstance(value, Standings) else value.brief()[0]


def html(value: Standings | Standing) -> str:
    """The picture, and its lines."""
    if isinstance(value, Standing):
        return page.frame(page.foot(*value.brief()))
    return page.frame(f"{svg(value)}{page.foot(*value.summary())}")


def svg(value: Standings) -> str:
    """Points with the lines in which they may lie; across on a scale of ratios."""
    if not value.points:
        return ""
    x = _scale(
        [one.across for one in value.points],
        [one.across_ends for one in value.points],
        LEFT,
        WIDE - RIGHT,
        log=True,
    )
    y = _scale([one.up for one in value.points], [one.up_ends for one in value.points], HIGH - BELOW, TOP)
    grey, ink = 'stroke="currentColor" stroke-opacity=".35"', 'fill="currentColor" font-size="11"'
    parts = [
        f'<path d="M{LEFT} {TOP}V{HIGH - BELOW}H{WIDE - RIGHT}" fill="none" {grey}/>',
        *(_tick_x(at, x.place(at), value.unit, ink) for at in x.ticks),
        *(_tick_y(at, y.place(at), grey, ink) for at in y.ticks),
        f'<text x="{MIDDLE}" y="{HIGH - 4}" text-anchor="middle" {ink}>{page.escape(value.unit)} a row</text>',
        f'<text x="2" y="{TOP}" {ink}>{page.escape(value.metric)}</text>',
    ]
    below = -99.0  # names that would stand on each other move down
    for at, one in sorted(enumerate(value.points), key=lambda pair: y.place(pair[1].up)):
        below = max(y.place(one.up) + 4, below + 13)
        parts.append(_point(one, x.place, y.place, COLOURS[at % len(COLOURS)], below))
    words = page.escape(" ".join(value.summary()))
    return (
        f'<svg viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" role="img" aria-label="{words}"'
        f' style="max-width:100%;height:auto">{"".join(parts)}</svg>'
    )


class _Scale:
    def __init__(self, low: float, high: float, begin: float, end: float, *, log: bool) -> None:
        self.low, self.high, self.begin, self.end, self.log = low, high, begin, end, log

    def place(self, at: float) -> float:
        share = (self._of(at) - self.low) / (self.high - self.low)
        return self.begin + min(1.0, max(0.0, share)) * (self.end - self.begin)

    def _of(self, at: float) -> float:
        return math.log10(at) if self.log else at

    @property
    def ticks(self) -> list[float]:
        step = (self.high - self.low) / 2
        return [
            10**one if self.log else one
            for one in (self.low + 0.25 * step, self.low + step, self.high - 0.25 * step)
        ]


def _scale(
    points: Sequence[float],
    ends: Sequence[tuple[float, float] | None],
    begin: float,
    finish: float,
    *,
    log: bool = False,
) -> _Scale:
    known = [*points, *(one for pair in ends if pair is not None for one in pair)]
    values = [math.log10(max(one, 1e-12)) if log else one for one in known]
    low, high = min(values), max(values)
    spare = max((high - low) * SPARE, 0.02 if not log else 0.1)
    return _Scale(low - spare, high + spare, begin, finish, log=log)


def _tick_x(at: float, place: float, unit: str, ink: str) -> str:
    return f'<text x="{place:.0f}" y="{HIGH - BELOW + 14}" text-anchor="middle" {ink}>{_number(at)}</text>'


def _tick_y(at: float, place: float, grey: str, ink: str) -> str:
    return (
        f'<path d="M{LEFT} {place:.0f}H{WIDE - RIGHT}" stroke-dasharray="2 4" {grey}/>'
        f'<text x="{LEFT - 6}" y="{place + 4:.0f}" text-anchor="end" {ink}>{_number(at)}</text>'
    )


def _point(
    one: Standing, x: Callable[[float], float], y: Callable[[float], float], colour: str, below: float
) -> str:
    across, up = x(one.across), y(one.up)
    lines = ""
    if one.across_ends is not None:
        lines += f"M{x(one.across_ends[0]):.1f} {up:.1f}H{x(one.across_ends[1]):.1f}"
    if one.up_ends is not None:
        lines += f"M{across:.1f} {y(one.up_ends[0]):.1f}V{y(one.up_ends[1]):.1f}"
    drawn = f'<path d="{lines}" stroke="{colour}" stroke-width="1.5" fill="none"/>' if lines else ""
    name = one.name if len(one.name) <= 18 else f"{one.name[:17]}…"
    return (
        f'{drawn}<circle cx="{across:.1f}" cy="{up:.1f}" r="4" fill="{colour}"/>'
        f'<path d="M{WIDE - RIGHT + 4} {below - 4:.1f}H{WIDE - RIGHT + 12}" stroke="{colour}" stroke-width="3"/>'
        f'<text x="{WIDE - RIGHT + 16}" y="{below:.1f}" fill="currentColor" font-size="11">{page.escape(name)}</text>'
    )


def _number(at: float) -> str:
    return f"{at:.2g}" if abs(at) < 1000 else f"{at:,.0f}"
