"""Rows that are alike, by their numbers: in one table, or between what is learned from and what is tested."""

from __future__ import annotations

from hf_nb.render import looked
from hf_nb.values.alike import Duplicates, Leakage
from hf_nb.values.looked import Looked

ROWS = 8  # numbers of one group


def text(value: Duplicates | Leakage) -> str:
    """How many first."""
    return looked.text(_sheet(value))


def html(value: Duplicates | Leakage) -> str:
    """The same as a table."""
    return looked.html(_sheet(value))


def _sheet(value: Duplicates | Leakage) -> looked.Sheet:
    return _leaks(value) if isinstance(value, Leakage) else _groups(value)


def _groups(value: Duplicates) -> looked.Sheet:
    lines = [
        [_numbers(one.rows, one.count), _how(one.how, one.likeness), looked.short(one.text)]
        for one in value.alike
    ]
    found = value.exact + value.near
    said = [_share("No row stands there twice", "stand there before", found, value.looked.rows, value)]
    below = [_by(value)]
    if found:
        below.append("without them: hf_nb.data.prepare(…, drop=found)")
    return looked.Sheet(
        value.looked, said, [("rows", False), ("alike", True), ("text", False)], lines,
        more=value.groups - len(value.alike), below=below, wide=2,
    )  # fmt: skip


def _leaks(value: Leakage) -> looked.Sheet:
    lines = [
        [f"{one.row:,}", f"{one.source:,}", _how(one.how, one.likeness), looked.short(one.text)]
        for one in value.leaks
    ]
    tested, learned = _name(value.tested), _name(value.looked)
    if tested == learned:
        tested, learned = "the second", "the first"
    found = value.exact + value.near
    said = _share(
        f"No row of {tested} stands in {learned}",
        f"of {tested} stand in {learned}",
        found,
        value.tested.rows,
        value,
    )
    below = [_by(value), f"{tested}: {looked.basis(value.tested)}"]
    if found:
        below.append(f"{tested} without them: hf_nb.data.prepare(…, drop=found)")
    return looked.Sheet(
        value.looked, [said], [(f"row of {tested}", True), (f"of {learned}", True), ("alike", True), ("text", False)],
        lines, more=found - len(value.leaks), below=below, wide=3,
    )  # fmt: skip


def _share(none: str, some: str, found: int, rows: int, value: Duplicates | Leakage) -> str:
    if not found:
        return f"{none}{', not even nearly' if value.threshold is not None else ''}."
    how = [f"{value.exact:,} word for word"] if value.exact else []
    how += [f"{value.near:,} nearly"] if value.near else []
    return f"{found:,} {'row' if found == 1 else 'rows'} {some} ({looked.percent(found / rows)}): {', '.join(how)}."


def _by(value: Duplicates | Leakage) -> str:
    near = (
        f"; nearly: texts with {looked.percent(value.threshold)} of their runs in common"
        if value.threshold is not None
        else ""
    )
    return f"compared by {', '.join(value.looked.columns[:8])}{' …' if len(value.looked.columns) > 8 else ''}{near}"


def _name(one: Looked) -> str:
    return one.origin.split or one.origin.name


def _numbers(rows: tuple[int, ...], count: int) -> str:
    shown = ", ".join(f"{row:,}" for row in rows[:ROWS])
    return f"{shown} and {count - ROWS:,} more" if count > ROWS else shown


def _how(how: str, likeness: float) -> str:
    return "the same" if how == "exact" else f"{100 * likeness:.0f} %"
