"""Classes with scores: bars, the most likely first, and one grey line about who answered."""

from hf_nb.render import page, plain, units
from hf_nb.values import Label, Labels, Source

SHOWN = 5
BAR = 24


def text(labels: Labels) -> str:
    """Bars of blocks."""
    shown = labels.labels[:SHOWN]
    wide = max(plain.measure(one.label) for one in shown)
    rows = [f"{one.label:<{wide}}  {'█' * round(one.score * BAR):<{BAR}}  {_percent(one)}" for one in shown]
    rest = len(labels.labels) - SHOWN
    return "\n".join([*rows, *([f"… {rest} more"] if rest > 0 else []), source_line(labels.source)])


def html(labels: Labels) -> str:
    """The same, drawn."""
    bars = _bars(labels.labels[:SHOWN])
    if rest := labels.labels[SHOWN:]:
        bars += f"<details><summary>{len(rest)} more</summary>{_bars(rest, first=False)}</details>"
    return page.frame(f'{bars}<div class="foot">{page.escape(source_line(labels.source))}</div>')


def source_line(source: Source) -> str:
    """Who answered, where, how long, why that one."""
    where = f"{source.method} ({source.device})" if source.device else source.method
    return f"{source.model} · {where} · {units.seconds(source.seconds)} · {source.reason}"


def _bars(labels: tuple[Label, ...], *, first: bool = True) -> str:
    return f'<div class="bars">{"".join(_row(one, first=first and i == 0) for i, one in enumerate(labels))}</div>'


def _row(one: Label, *, first: bool) -> str:
    mark = " first" if first else ""
    return (
        f'<div class="{mark.strip()}">{page.escape(one.label)}</div>'
        f'<div class="bar{mark}" aria-hidden="true"><div style="width:{one.score:.1%}"></div></div>'
        f'<div class="num{mark}" title="{one.score:.6f}">{_percent(one)}</div>'
    )


def _percent(one: Label) -> str:
    return f"{one.score:.1%}"
