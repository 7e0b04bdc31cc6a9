"""What calls came to: a table with a small bar for the time an answer took."""

from __future__ import annotations

from collections.abc import Sequence

from hf_nb.render import page, plain, units
from hf_nb.render.grid import Html, grid
from hf_nb.values.numbers import Plot, Stat, Stats

BLOCKS = 10
_COLUMNS = (
    plain.Column("model"),
    plain.Column("method"),
    plain.Column("task", keep=2),
    plain.Column("calls", right=True),
    plain.Column("success", right=True, keep=1),
    plain.Column("half within"),
    plain.Column("95 %", right=True, keep=4),
    plain.Column("99 %", right=True, keep=8),
    plain.Column("first part", right=True, keep=7),
    plain.Column("tokens/s", right=True, keep=5),
    plain.Column("bytes", right=True, keep=9),
    plain.Column("cost", right=True, keep=6),
)
NOTHING = "Nothing was answered in this session yet."
TRY = 'Try: %hf infer -m hfnb-demo/sentiment-en "I love it"'


def text(value: Stats | Stat | Plot) -> str:
    """Rows, and below them what went wrong."""
    if isinstance(value, Plot):
        return "\n".join(value.summary())
    stats = _of(value)
    if not stats:
        return f"{NOTHING}\n{TRY}"
    longest = _longest(stats)
    rows = [_row(one, f"{_blocks(one, longest)} {_time(one.p50)}") for one in stats]
    return "\n".join([plain.table(_COLUMNS, rows), "", *_feet(stats)])


def html(value: Stats | Stat | Plot) -> str:
    """The same, the bars drawn."""
    if isinstance(value, Plot):
        return page.frame(page.foot(*value.summary()))
    stats = _of(value)
    if not stats:
        return page.frame(page.foot(NOTHING, TRY))
    longest = _longest(stats)
    rows = [_row(one, _drawn(one, longest)) for one in stats]
    empty = {i for i in range(len(_COLUMNS)) if all(row[i] in ("", units.NONE) for row in rows)}
    shown = [i for i in range(len(_COLUMNS)) if i not in empty]
    made = grid([_COLUMNS[i] for i in shown], [[row[i] for i in shown] for row in rows], wide=-1)
    return page.frame(f"{made}{page.foot(*_feet(stats))}")


def _of(value: Stats | Stat) -> tuple[Stat, ...]:
    return value.stats if isinstance(value, Stats) else (value,)


def _row(one: Stat, time: str) -> list[str]:
    return [
        one.model,
        one.method,
        one.task,
        f"{one.calls:,}",
        _success(one.success),
        time,
        _time(one.p95),
        _time(one.p99),
        _time(one.first),
        units.NONE if one.rate is None else units.figures(one.rate),
        units.size(one.sent + one.received) if one.answers else units.NONE,
        units.NONE if one.cost is None else f"${one.cost:.2g}",
    ]


def _success(share: float | None) -> str:
    """Never 100 % where something failed."""
    if share is None:
        return units.NONE
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    return f"{100 * min(share, 0.999):.1f} %"


def _time(seconds: float | None) -> str:
    return units.NONE if seconds is None else units.seconds(seconds)


def _longest(stats: Sequence[Stat]) -> float:
    return max((one.p50 or 0.0 for one in stats), default=0.0)


def _share(one: Stat, longest: float) -> float:
    return one.p50 / longest if one.p50 and longest else 0.0


def _blocks(one: Stat, longest: float) -> str:
    return f"{'█' * max(round(_share(one, longest) * BLOCKS), 1 if one.p50 else 0):<{BLOCKS}}"


def _drawn(one: Stat, longest: float) -> str:
    if one.p50 is None:
        return units.NONE
    bar = (
        f'<span class="bar" style="display:inline-block;width:72px;margin-right:8px" aria-hidden="true">'
        f'<div style="width:{_share(one, longest):.0%}"></div></span>'
    )
    return Html(f"{bar}{page.escape(_time(one.p50))}")


def _feet(stats: Sequence[Stat]) -> list[str]:
    lines = [
        f"{one.model} · {one.method}: {', '.join(f'{name} {n:,}' for name, n in sorted(one.errors.items()))}"
        for one in stats
        if one.errors
    ]
    calls = sum(one.calls for one in stats)
    stopped = sum(one.stopped for one in stats)
    read, written = sum(one.read for one in stats), sum(one.written for one in stats)
    parts = [f"{calls:,} {'call' if calls == 1 else 'calls'}"]
    parts += [f"{stopped:,} stopped"] if stopped else []
    parts += [f"{read:,} tokens read, {written:,} written"] if read or written else []
    sent, received = sum(one.sent for one in stats), sum(one.received for one in stats)
    parts += [f"{units.size(sent)} sent, {units.size(received)} received"] if sent or received else []
    paid = [one.cost for one in stats if one.cost is not None]
    parts += [f"${sum(paid):.2g} where a price is known"] if paid else []
    return [*lines, f"{', '.join(parts)}. Percentiles are of the last 1,000 answers."]
