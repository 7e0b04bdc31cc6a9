"""A line per column: what is missing, how many are different, from where to where, and how they lie."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from hf_nb.render import digits, grid, page, plain, units
from hf_nb.render.rows import where
from hf_nb.render.stored import fit, marks
from hf_nb.values.description import Description
from hf_nb.values.summaries import Ranges, Summary, Values

_STEPS = "▁▂▃▄▅▆▇█"
BARS, TOP, SIGNS = 20, 3, 28
FEW_BARS = 10  # beside seven other columns
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d.*")
_POWER = re.compile(r"-?\d(\.\d+)?e\+\d\d")  # 1e+06, the mean of whole numbers, say
COUNTED = {"character": "char", "item": "item", "turn": "turn"}
LEAST = ("mean", "distinct", "type", "missing")  # what a narrow screen does without, in this order
SEEN = {
    "column": -3,
    "type": -2,
    "values": -1,
}  # what a page shows first: the rest may have to be scrolled to
MOST = 200  # columns of an output, which a notebook keeps


def text(value: Description) -> str:
    """As wide as the screen; what says least goes first where that is narrow."""
    heads, cells = _cells(value, bars=FEW_BARS if plain.width() < plain.NO_EDGE else BARS, short=True)
    columns = [
        fit.Shown(head, tuple(row[at] for row in cells), right=right, firm=firm)
        for at, (head, right, firm) in enumerate(heads)
    ]
    left: list[str] = []
    drawn, shown = fit.table(columns)
    for heading in LEAST:
        if shown == len(columns):
            break
        left.append(heading)
        columns = [one for one in columns if one.heading != heading]
        drawn, shown = fit.table(columns)
    left += [one.heading for one in columns[shown:]]
    parts = [*plain.filled(_head(value)), drawn if cells else "no columns"]
    if left and cells:
        parts.append(f"not shown here: {', '.join(left)} (--no-truncate)")
    return "\n".join([*parts, *_below(value)])


def html(value: Description) -> str:
    """The same, its histograms drawn."""
    heads, cells = _cells(value)
    names = [head for head, _, _ in heads]
    order = sorted(range(len(names)), key=lambda at: SEEN.get(names[at], at))
    columns = [plain.Column(names[at], right=heads[at][1]) for at in order]
    brief = _cells(value, short=True)[1]
    drawn = [
        [grid.Html(_drawn(summary)) if names[at] == "values" else _folded(few[at], row[at]) for at in order]
        for few, row, summary in zip(brief, cells, value.summaries, strict=False)  # of the first ones
    ]
    name, *facts = _head(value)
    head = (
        f'<div class="head"><span class="name">{page.escape(name)}</span>'
        f'<span class="soft">{page.escape(" · ".join(facts))}</span></div>'
    )
    return page.frame(head + grid.grid(columns, drawn, wide=2) + page.foot(*_below(value)), "rows")


def _folded(few: str, whole: str) -> str:
    """Briefly, and whole where the mouse rests."""
    if few == whole:
        return few
    return grid.Html(f'<span title="{page.escape(whole)}">{page.escape(few)}</span>')


def _head(value: Description) -> list[str]:
    parts = [*where(value.origin)]
    if value.of:
        parts.append(f"rows where {value.of}")
    elif value.rows is not None:
        parts.append(f"{value.rows:,} {'row' if value.rows == 1 else 'rows'}")
    bases = Counter(basis(one) for one in value.summaries if not silent(one))
    if len(bases) == 1:
        parts.append(f"from {next(iter(bases))}")
    if value.origin.revision:
        parts.append(f"commit {value.origin.revision[:7]}")
    return [marks.visible(marks.cut(part, 200)) for part in parts]


def silent(summary: Summary) -> bool:
    """Whether its column was not looked at."""
    return not summary.seen and summary.of != 0 and summary.nulls is None


def basis(summary: Summary) -> str:
    """All rows, the file's own word, or so many rows."""
    if silent(summary):
        return "not looked at"
    if summary.basis == "all":
        return f"all rows, counted by {summary.by}" if summary.by else "all rows"
    if summary.basis == "footer":
        return "what the file says"
    of = "" if summary.of is None else f" of {summary.of:,}"
    return f"{summary.seen:,}{of} rows"


def _cells(
    value: Description, *, bars: int = BARS, short: bool = False
) -> tuple[list[tuple[str, bool, bool]], list[list[str]]]:
    """Headings with (right, never cut), and a line per column; `short`: units are said once, and briefly."""
    heads = [
        ("column", False, False), ("type", False, False), ("missing", True, True), ("distinct", True, True),
        ("lowest", True, False), ("mean", True, False), ("highest", True, False), ("values", False, False),
    ]  # fmt: skip
    lines = []
    mixed = len({basis(one) for one in value.summaries if not silent(one)}) > 1
    for column, one in list(zip(value.columns, value.summaries, strict=True))[:MOST]:
        line = [
            marks.visible(marks.cut(column.name, 40)), marks.visible(column.type), _missing(one), _distinct(one),
            *map(_end, _briefly(one) if short else (one.low, one.mean, one.high)), lie(one, bars),
        ]  # fmt: skip
        lines.append([*line, basis(one)] if mixed else line)
    return ([*heads, ("from", False, True)] if mixed else heads), lines


def _missing(one: Summary) -> str:
    if one.nulls is None:
        return units.NONE
    rows = one.seen or one.of or 0
    return f"{one.nulls:,}" if not one.nulls or not rows else f"{one.nulls:,} ({_percent(one.nulls, rows)})"


def _percent(part: int, whole: int) -> str:
    """No part of it is all or none of it."""
    share = 100 * part / whole
    if 99.5 <= share < 100:
        return "> 99 %"
    return f"{share:.0f} %" if share >= 1 or not share else "< 1 %"


def _distinct(one: Summary) -> str:
    return units.NONE if one.distinct is None else f"{'≈ ' if one.distinct_about else ''}{one.distinct:,}"


def _end(said: str | None) -> str:
    if said is None:
        return units.NONE
    if _POWER.fullmatch(said) and abs(float(said)) < digits.LARGEST:
        said = f"{float(said):.0f}"
    return marks.visible(marks.cut(said, SIGNS))


def _briefly(one: Summary) -> tuple[str | None, str | None, str | None]:
    """12 chars, 28.7, 54: what all three are counted in stands beside the first. Days without their hours."""
    ends = [one.low or "", one.mean or "", one.high or ""]
    if all(_MOMENT.fullmatch(end) for end in ends) and ends[0][:10] != ends[2][:10]:
        return ends[0][:10] + (" UTC" if ends[0].endswith(" UTC") else ""), ends[1][:10], ends[2][:10]
    said = [end.rpartition(" ") for end in (one.low, one.mean, one.high) if end]
    units_ = {unit.removesuffix("s") for _, gap, unit in said if gap}
    if len(said) < 3 or units_ - set(COUNTED) or len(units_) != 1:
        return one.low, one.mean, one.high
    unit = COUNTED[units_.pop()]
    low, mean, high = (number for number, _, _ in said)
    return f"{low} {unit if low == '1' else f'{unit}s'}", mean, high


def lie(one: Summary, bars: int = BARS) -> str:
    """▁▂▅▇▃ for numbers, the most frequent values for the rest."""
    if isinstance(one.bars, Ranges) and any(one.bars.counts):
        counts = _merged(one.bars.counts, bars)
        most = max(counts)
        return "".join(_STEPS[min(7, round(7 * count / most))] if count else " " for count in counts).rstrip()
    if isinstance(one.bars, Values) and one.bars.counts:
        whole = sum(one.bars.counts) + one.bars.others
        named = [
            f"{marks.visible(marks.cut(label, SIGNS)) or '(empty)'}: {_percent(count, whole)}"
            for label, count in zip(one.bars.labels[:TOP], one.bars.counts, strict=False)
        ]
        more = one.bars.others or len(one.bars.counts) > TOP
        return ", ".join(named) + (" …" if more else "")
    return marks.visible(one.note) if one.note else units.NONE


def _merged(counts: Sequence[int], most: int) -> list[int]:
    """No more than so many bars: neighbours together."""
    each = -(-len(counts) // most)
    return [sum(counts[at : at + each]) for at in range(0, len(counts), each)]


def _drawn(one: Summary) -> str:
    said = page.escape(lie(one).replace(" %", "\u00a0%"))
    if not isinstance(one.bars, Ranges) or not any(one.bars.counts):
        return said
    counts = _merged(one.bars.counts, BARS)
    most = max(counts)
    bars = "".join(f'<i style="height:{round(20 * count / most)}px"></i>' for count in counts)
    words = page.escape(f"{_end(one.low)} to {_end(one.high)}")
    return f'<span class="histogram" role="img" aria-label="{words}" title="{words}">{bars}</span>'


def _below(value: Description) -> list[str]:
    left = len(value.columns) - MOST
    lines = [f"… {left:,} more columns: --columns, or --json"] if left > 0 else []
    lines += list(dict.fromkeys(f"{one.column}: {one.note}" for one in value.summaries if one.note))[:5]
    unseen = [marks.cut(one.column, 40) for one in value.summaries if silent(one)]
    if unseen:
        more = f" and {len(unseen) - 5:,} more" if len(unseen) > 5 else ""
        lines.append(f"not looked at: {', '.join(unseen[:5])}{more} (--exact)")
    elif any(one.basis != "all" for one in value.summaries):
        lines.append("From all rows: --exact")
    if value.moved:
        lines.append(
            f"fetched {units.size(value.moved)}, {value.requests:,} request{'s' * (value.requests != 1)}"
        )
    return [marks.visible(line) for line in lines]
