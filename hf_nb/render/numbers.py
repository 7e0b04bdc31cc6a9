"""What calls came to: a table with a small bar for the time an answer took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from hf_nb.render import page, plain, units
from hf_nb.render.grid import Html, grid
from hf_nb.values.numbers import Plot, Stat, Stats

BLOCKS = 10
# Answers that a share of them needs: of fewer, 95 % is but another word for the slowest.
FOR_95, FOR_99 = 20, 100
_COLUMNS = (
    plain.Column("model"),
    plain.Column("method"),
    plain.Column("calls", right=True),
    plain.Column("success", right=True),
    plain.Column("median", right=True),
    plain.Column("", keep=10),
    plain.Column("95 % within", right=True, keep=4),
    plain.Column("99 % within", right=True, keep=8),
    plain.Column("first part", right=True, keep=7),
    plain.Column("tokens/s", right=True, keep=5),
    plain.Column("bytes", right=True, keep=9),
    plain.Column("cost", right=True, keep=6),
    plain.Column("kept", right=True, keep=2),
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
    columns, rows = _table(stats, _names(stats), _blocks)
    return "\n".join([plain.table(columns, rows), "", *_feet(stats)])


def html(value: Stats | Stat | Plot) -> str:
    """The same, the bars drawn."""
    if isinstance(value, Plot):
        return page.frame(page.foot(*value.summary()))
    stats = _of(value)
    if not stats:
        return page.frame(page.foot(NOTHING, TRY))
    columns, rows = _table(stats, [_named(name) for name in _names(stats)], _drawn)
    return page.frame(f"{grid(columns, rows, wide=-1)}{page.foot(*_feet(stats))}")


def _table(
    stats: Sequence[Stat], names: Sequence[str], bar: Callable[[float], str]
) -> tuple[list[plain.Column], list[list[str]]]:
    """The columns that say something, and their rows."""
    longest = max((one.p50 or 0.0 for one in stats), default=0.0)
    rows = [
        _row(one, name, bar(one.p50 / longest) if one.p50 else "")
        for one, name in zip(stats, names, strict=True)
    ]
    said = [i for i in range(len(_COLUMNS)) if any(row[i] not in ("", units.NONE) for row in rows)]
    return [_COLUMNS[i] for i in said], [[row[i] for i in said] for row in rows]


def _of(value: Stats | Stat) -> tuple[Stat, ...]:
    return value.stats if isinstance(value, Stats) else (value,)


def _names(stats: Sequence[Stat]) -> list[str]:
    """The model; and the task, where one model has several at one method."""
    count = Counter((one.method, one.model) for one in stats)
    return [f"{one.model} · {one.task}" if count[one.method, one.model] > 1 else one.model for one in stats]


def _named(name: str) -> Html:
    """The task below its model."""
    model, _, task = name.partition(" · ")
    below = f'<div class="soft">{page.escape(task)}</div>' if task else ""
    return Html(f"{page.escape(model)}{below}")


def _row(one: Stat, name: str, bar: str) -> list[str]:
    return [
        name,
        one.method,
        f"{one.calls:,}",
        _success(one.success),
        _time(one.p50),
        bar,
        _time(one.p95 if one.answers >= FOR_95 else None),
        _time(one.p99 if one.answers >= FOR_99 else None),
        _time(one.first),
        units.NONE if one.rate is None else units.figures(one.rate),
        units.size(one.sent + one.received or None),
        units.NONE if one.cost is None else f"${one.cost:.2g}",
        f"{one.hits:,}" if one.hits else "",
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


def _blocks(share: float) -> str:
    return "█" * max(round(share * BLOCKS), 1)


def _drawn(share: float) -> str:
    inside = f'<div style="width:{share:.0%}"></div>'
    return Html(f'<div class="bar" style="width:56px" aria-hidden="true">{inside}</div>')


def _kept(stats: Sequence[Stat]) -> list[str]:
    hits, saved = sum(one.hits for one in stats), sum(one.saved for one in stats)
    if not hits:
        return []
    spared = sum(one.spared for one in stats)
    what = f"{units.seconds(saved)}{f' and ${spared:.2g}' if spared else ''}"
    return [f"{hits:,} {'answer was' if hits == 1 else 'answers were'} kept and not asked for: {what} saved."]


def _feet(stats: Sequence[Stat]) -> list[str]:
    lines = [
        f"{name} · {one.method}: {', '.join(f'{kind} {n:,}' for kind, n in sorted(one.errors.items()))}"
        for one, name in zip(stats, _names(stats), strict=True)
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
    return [*lines, *_kept(stats), f"{', '.join(parts)}. Times are of the last 1,000 answers."]
