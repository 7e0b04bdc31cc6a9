"""A line per column: what is missing, how many are different, from where to where, and how they lie."""

from __future__ import annotations

from collections import Counter

from hf_nb.render import grid, page, plain, units
from hf_nb.render.rows import where
from hf_nb.render.stored import fit, marks
from hf_nb.values.description import Description
from hf_nb.values.summaries import Ranges, Summary, Values

_STEPS = "▁▂▃▄▅▆▇█"
BARS, TOP, SIGNS = 20, 3, 28
MOST = 200  # columns of an output, which a notebook keeps


def text(value: Description) -> str:
    """As wide as the screen."""
    heads, cells = _cells(value)
    columns = [
        fit.Shown(head, tuple(row[at] for row in cells), right=right, firm=firm)
        for at, (head, right, firm) in enumerate(heads)
    ]
    drawn, shown = fit.table(columns)
    left = len(columns) - shown
    parts = [*plain.filled(_head(value)), drawn if cells else "no columns"]
    if left:
        parts.append(f"not shown here: {', '.join(one.heading for one in columns[shown:])} (--no-truncate)")
    return "\n".join([*parts, *_below(value)])


def html(value: Description) -> str:
    """The same, its histograms drawn."""
    heads, cells = _cells(value)
    columns = [plain.Column(head, right=right) for head, right, _ in heads]
    drawn = [
        [grid.Html(_drawn(summary)) if heads[at][0] == "values" else cell for at, cell in enumerate(row)]
        for row, summary in zip(cells, value.summaries, strict=False)  # of the first ones
    ]
    name, *facts = _head(value)
    head = (
        f'<div class="head"><span class="name">{page.escape(name)}</span>'
        f'<span class="soft">{page.escape(" · ".join(facts))}</span></div>'
    )
    return page.frame(head + grid.grid(columns, drawn, wide=7) + page.foot(*_below(value)), "rows")


def _head(value: Description) -> list[str]:
    parts = [*where(value.origin)]
    if value.of:
        parts.append(f"rows where {value.of}")
    elif value.rows is not None:
        parts.append(f"{value.rows:,} {'row' if value.rows == 1 else 'rows'}")
    bases = Counter(map(basis, value.summaries))
    if len(bases) == 1:
        parts.append(f"from {next(iter(bases))}")
    if value.origin.revision:
        parts.append(f"commit {value.origin.revision[:7]}")
    return [marks.visible(marks.cut(part, 200)) for part in parts]


def basis(summary: Summary) -> str:
    """All rows, the file's own word, or so many rows."""
    if summary.basis == "all":
        return "all rows"
    if summary.basis == "footer":
        return "what the file says"
    of = "" if summary.of is None else f" of {summary.of:,}"
    return f"{summary.seen:,}{of} rows"


def _cells(value: Description) -> tuple[list[tuple[str, bool, bool]], list[list[str]]]:
    """Headings with (right, never cut), and a line per column."""
    heads = [
        ("column", False, False), ("type", False, False), ("missing", True, True), ("distinct", True, True),
        ("lowest", True, False), ("mean", True, False), ("highest", True, False), ("values", False, False),
    ]  # fmt: skip
    lines = []
    mixed = len(set(map(basis, value.summaries))) > 1
    for column, one in list(zip(value.columns, value.summaries, strict=True))[:MOST]:
        line = [
            marks.visible(marks.cut(column.name, 40)), marks.visible(column.type), _missing(one), _distinct(one),
            _end(one.low), _end(one.mean), _end(one.high), lie(one),
        ]  # fmt: skip
        lines.append([*line, basis(one)] if mixed else line)
    return ([*heads, ("from", False, True)] if mixed else heads), lines


def _missing(one: Summary) -> str:
    if one.nulls is None:
        return units.NONE
    rows = one.seen or one.of or 0
    return f"{one.nulls:,}" if not one.nulls or not rows else f"{one.nulls:,} ({_percent(one.nulls, rows)})"


def _percent(part: int, whole: int) -> str:
    share = 100 * part / whole
    return f"{share:.0f} %" if share >= 1 or not share else "< 1 %"


def _distinct(one: Summary) -> str:
    return units.NONE if one.distinct is None else f"{'≈ ' if one.distinct_about else ''}{one.distinct:,}"


def _end(said: str | None) -> str:
    return units.NONE if said is None else marks.visible(marks.cut(said, SIGNS))


def lie(one: Summary) -> str:
    """▁▂▅▇▃ for numbers, the most frequent values for the rest."""
    if isinstance(one.bars, Ranges) and any(one.bars.counts):
        most = max(one.bars.counts)
        return "".join(
            _STEPS[min(7, round(7 * count / most))] if count else " " for count in one.bars.counts[:BARS]
        ).rstrip()
    if isinstance(one.bars, Values) and one.bars.counts:
        whole = sum(one.bars.counts) + one.bars.others
        named = [
            f"{marks.visible(marks.cut(label, SIGNS)) or '(empty)'} {_percent(count, whole)}"
            for label, count in zip(one.bars.labels[:TOP], one.bars.counts, strict=False)
        ]
        more = one.bars.others or len(one.bars.counts) > TOP
        return ", ".join(named) + (" …" if more else "")
    return marks.visible(one.note) if one.note else units.NONE


def _drawn(one: Summary) -> str:
    said = page.escape(lie(one))
    if not isinstance(one.bars, Ranges) or not any(one.bars.counts):
        return said
    most = max(one.bars.counts)
    bars = "".join(f'<i style="height:{round(20 * count / most)}px"></i>' for count in one.bars.counts[:BARS])
    words = page.escape(f"{_end(one.low)} to {_end(one.high)}")
    return f'<span class="histogram" role="img" aria-label="{words}" title="{words}">{bars}</span>'


def _below(value: Description) -> list[str]:
    left = len(value.columns) - MOST
    lines = [f"… {left:,} more columns: --columns, or --json"] if left > 0 else []
    lines += list(dict.fromkeys(f"{one.column}: {one.note}" for one in value.summaries if one.note))[:5]
    if any(one.basis != "all" for one in value.summaries):
        lines.append("From all rows: --exact")
    if value.moved:
        lines.append(
            f"fetched {units.size(value.moved)}, {value.requests:,} request{'s' * (value.requests != 1)}"
        )
    return [marks.visible(line) for line in lines]
