"""What is said of a whole table: what was looked at, a sentence, a grid, and what it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hf_nb.render import grid, page, plain, units
from hf_nb.render.rows import where
from hf_nb.render.stored import fit, marks
from hf_nb.values.looked import Looked

MOST = 200  # lines of an output, which a notebook keeps


@dataclass(frozen=True)
class Sheet:
    """`said`: sentences above the grid; `more`: items that are not in it; `wide`: the column with what room is left."""

    looked: Looked
    said: Sequence[str] = ()
    heads: Sequence[tuple[str, bool]] = ()
    lines: Sequence[Sequence[str]] = ()
    more: int = 0
    below: Sequence[str] = ()
    wide: int = -1
    facts: Sequence[str] = field(default=())


def text(sheet: Sheet) -> str:
    """As wide as the screen; the column that is wide is cut."""
    lines = [_marked(line) for line in sheet.lines[:MOST]]
    columns = [
        fit.Shown(head, tuple(line[at] for line in lines), right=right, firm=at != sheet.wide)
        for at, (head, right) in enumerate(sheet.heads)
    ]
    parts = [*plain.filled(_head(sheet)), *map(_one_line, sheet.said)]
    if lines:
        parts.append(fit.table(columns)[0])
    return "\n".join([*parts, *_below(sheet)])


def html(sheet: Sheet) -> str:
    """The house's grid."""
    name, *facts = _head(sheet)
    soft = page.escape(" · ".join(facts))
    made = [
        f'<div class="head"><span class="name">{page.escape(name)}</span><span class="soft">{soft}</span></div>'
    ]
    made += [f"<p>{page.escape(_one_line(line))}</p>" for line in sheet.said]
    if sheet.lines:
        columns = [plain.Column(head, right=right) for head, right in sheet.heads]
        made.append(grid.grid(columns, [_marked(line) for line in sheet.lines[:MOST]], wide=sheet.wide))
    return page.frame("".join(made) + page.foot(*_below(sheet)))


def basis(looked: Looked) -> str:
    """All 2,060 rows; 10,000 of 1,000,000 rows."""
    rows = "row" if looked.rows == 1 else "rows"
    if looked.all:
        return f"all {looked.rows:,} {rows}"
    return (
        f"{looked.rows:,} of {looked.of:,} rows"
        if looked.of is not None
        else f"the first {looked.rows:,} {rows}"
    )


def percent(share: float) -> str:
    """50 %, 2.4 %, < 0.1 %."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    return f"{100 * share:.0f} %" if share >= 0.1 or not share else f"{100 * share:.1f} %"


def bar(share: float) -> str:
    """As long as it is large."""
    return "█" * max(round(12 * share), 1 if share else 0)


def short(said: str, signs: int = 160) -> str:
    """A stranger's text in one line."""
    return marks.visible(marks.cut(" ".join(said.split()), signs))


def _head(sheet: Sheet) -> list[str]:
    looked = sheet.looked
    parts = [*where(looked.origin), *sheet.facts, f"from {basis(looked)}"]
    if looked.origin.revision:
        parts.append(f"commit {looked.origin.revision[:7]}")
    return [_one_line(part) for part in parts]


def _below(sheet: Sheet) -> list[str]:
    looked = sheet.looked
    left = sheet.more + max(0, len(sheet.lines) - MOST)
    lines = [f"… {left:,} more: --json"] if left else []
    lines += [*sheet.below, *looked.notes]
    if looked.moved:
        lines.append(
            f"fetched {units.size(looked.moved)}, {looked.requests:,} request{'s' * (looked.requests != 1)}"
        )
    return [_one_line(line) for line in lines]


def _one_line(said: str) -> str:
    return marks.visible(marks.cut(said, 400))


def _marked(line: Sequence[str]) -> list[str]:
    return [_one_line(cell) for cell in line]
