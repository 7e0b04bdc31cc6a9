"""Where something personal stands. What it is is in no output: a notebook is passed on."""

from __future__ import annotations

from collections import Counter

from hf_nb.render import looked
from hf_nb.values.personal import Personal, Trace

_NAMES = {
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("telephone number", "telephone numbers"),
    "card": ("card number", "card numbers"),
    "iban": ("account number", "account numbers"),
    "ip": ("internet address", "internet addresses"),
}
LINES = 8  # of each kind


def text(value: Personal) -> str:
    """How much of each kind first."""
    return looked.text(_sheet(value))


def html(value: Personal) -> str:
    """The same as a table."""
    return looked.html(_sheet(value))


def _sheet(value: Personal) -> looked.Sheet:
    lines = [[f"{one.row:,}", one.column, _name(one.kind, 1), one.masked] for one in _first(value)]
    if not value.kinds:
        said = "Nothing personal was found: no address, no number with right check digits, no key."
    else:
        kinds = ", ".join(f"{count:,} {_name(kind, count)}" for kind, count in value.kinds)
        share = looked.percent(value.holding / max(1, value.looked.rows))
        said = f"{value.holding:,} {'row holds' if value.holding == 1 else 'rows hold'} something ({share}): {kinds}."
    below = [
        f"looked at: {', '.join(value.looked.columns[:8])}",
        "names and postal addresses are not looked for",
    ]
    return looked.Sheet(
        value.looked, [said], [("row", True), ("column", False), ("what", False), ("hidden", False)], lines,
        more=sum(count for _, count in value.kinds) - len(lines), below=below,
    )  # fmt: skip


def _first(value: Personal) -> list[Trace]:
    """Some of every kind, in the rows' order."""
    seen: Counter[str] = Counter()
    shown = []
    for one in value.traces:
        seen[one.kind] += 1
        if seen[one.kind] <= LINES:
            shown.append(one)
    return shown


def _name(kind: str, count: int) -> str:
    one, more = _NAMES.get(kind, (kind, kind))
    return one if count == 1 else more
