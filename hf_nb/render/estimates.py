"""An answer from a part of the bytes: each number with the interval that holds it, and how much was read."""

from __future__ import annotations

import math

from hf_nb.render import digits, grid, page, plain, units
from hf_nb.render.stored import fit, marks
from hf_nb.values.estimates import Bound, Estimate, Quote

MOST = 200  # lines of an output, which a notebook keeps


def text(value: Estimate | Quote) -> str:
    """How much was read first, then a line per group."""
    if isinstance(value, Quote):
        return _quote(value)
    head, cells = _table(value)
    columns = [
        fit.Shown(name, tuple(row[at] for row in cells), right=at >= _keys(value))
        for at, name in enumerate(head)
    ]
    drawn, shown = fit.table(columns) if columns else ("", 0)
    left = len(columns) - shown
    more = [f"{left} more {'column' if left == 1 else 'columns'}: --json"] if left else []
    return "\n".join([*plain.filled([_share(value)]), drawn, *more, *_below(value)])


def html(value: Estimate | Quote) -> str:
    """The same as a table."""
    if isinstance(value, Quote):
        return page.frame(f'<div class="soft">{page.escape(_quote(value))}</div>')
    head, cells = _table(value)
    columns = [plain.Column(name, right=at >= _keys(value)) for at, name in enumerate(head)]
    share = f'<div class="head"><span class="soft">{page.escape(_share(value))}</span></div>'
    return page.frame(share + grid.grid(columns, cells, wide=-1) + page.foot(*_below(value)))


def _keys(value: Estimate) -> int:
    return len(value.columns) - (len(value.rows[0].values) if value.rows else len(value.columns))


def _table(value: Estimate) -> tuple[list[str], list[list[str]]]:
    """Exact numbers as in any other table: their digits stand in line. JSON has all of them."""
    head = [marks.visible(marks.cut(name, 60)) for name in value.columns]
    rows = [
        [*(marks.visible(marks.cut(key, 120)) for key in group.key), *map(bound, group.values)]
        for group in value.rows[:MOST]
    ]
    if not value.exact or not rows:
        return head, rows
    keys = _keys(value)
    made = [list(one) if at < keys else digits.even(one) for at, one in enumerate(zip(*rows, strict=True))]
    return head, [list(one) for one in zip(*made, strict=True)]


def bound(one: Bound) -> str:
    """≈ 0.512 (0.498 – 0.526), with as many digits as the interval bears out."""
    if one.value is None:
        return units.NONE
    if one.low is None or one.high is None:
        return f"≈ {_digits(one.value, 4)} (how near is not known yet)"
    if one.low == one.high:
        return _digits(one.value, 15)
    wide = one.high - one.low
    places = 1 - math.floor(math.log10(wide)) if math.isfinite(wide) and wide > 0 else 3
    return f"≈ {_to(one.value, places)} ({_to(one.low, places)} – {_to(one.high, places)})"


def _to(number: float, places: int) -> str:
    """Rounded to a place before or behind the point."""
    if not math.isfinite(number):
        return str(number)
    if not -12 <= places <= 12:
        return f"{number:.3g}"
    return f"{round(number, places):,.{max(0, places)}f}"


def _digits(number: float, most: int) -> str:
    if isinstance(number, int) or (math.isfinite(number) and number == int(number) and abs(number) < 2**53):
        return f"{int(number):,}"
    return f"{number:.{most}g}"


def _share(value: Estimate) -> str:
    if value.exact:
        return (
            f"exact, from all rows ({units.size(value.moved)} moved)"
            if value.moved
            else "exact, from all rows"
        )
    share = f"{100 * value.share:.2g} %" if value.share < 1 else "all"
    return (
        f"≈ from {share} of the bytes ({units.size(value.moved)} of {units.size(value.of)}), 95 % intervals"
    )


def _below(value: Estimate) -> list[str]:
    left = len(value.rows) - MOST
    lines = [f"… {left:,} more groups: --json"] if left > 0 else []
    return [*lines, *([value.note] if value.note else []), *([f"over {_over(value)}"] if value.over else [])]


def _over(value: Estimate) -> str:
    return marks.visible(marks.cut(value.over, 200))


def _quote(quote: Quote) -> str:
    part = "a first answer from about 2 % of it: --about" if quote.progressive else quote.why
    named = f" ({', '.join(marks.visible(one) for one in quote.columns[:8])})" if quote.columns else ""
    return f"The query would move {units.size(quote.bytes)}{named}" + (f"; {part}" if part else "")
