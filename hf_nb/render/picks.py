"""Models in order, each with its reasons; below, what was left out and why."""

from __future__ import annotations

from collections import Counter

from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.values.picks import Pick, Picks

COLUMNS = (
    plain.Column("model"),
    plain.Column("score", right=True, keep=1),
    plain.Column("memory", right=True, keep=2),
    plain.Column("answer", right=True, keep=3),
    plain.Column("licence", keep=5),
    plain.Column("because", keep=4),
)
NAMED = 3


def text(value: Picks | Pick) -> str:
    """A table, the reasons of each below it."""
    rows = _of(value)
    if not rows:
        return "\n".join(_nothing(value))
    table = plain.table(COLUMNS[:-1], [_row(one)[:-1] for one in rows])
    why = [f"{at}. {one.id}: {'; '.join(one.reasons)}." for at, one in enumerate(rows, 1)]
    return "\n".join([table, "", *why, *(["", *_foot(value)] if isinstance(value, Picks) else [])])


def html(value: Picks | Pick) -> str:
    """The same, the reasons beside their models."""
    rows = _of(value)
    if not rows:
        first, *rest = _nothing(value)
        return page.frame(f"<div>{page.escape(first)}</div>{page.foot(*rest) if rest else ''}")
    foot = page.foot(*_foot(value)) if isinstance(value, Picks) else ""
    return page.frame(f"{grid(COLUMNS, [_row(one) for one in rows], wide=5)}{foot}")


def _of(value: Picks | Pick) -> tuple[Pick, ...]:
    return value.rows if isinstance(value, Picks) else (value,)


def _row(one: Pick) -> list[str]:
    return [
        one.id,
        f"{one.score:.2f}",
        f"≈ {units.size(one.memory)}" if one.memory else units.NONE,
        f"≈ {units.seconds(one.seconds)}" if one.seconds else units.NONE,
        one.licence or units.NONE,
        "; ".join(one.reasons),
    ]


def _foot(value: Picks) -> list[str]:
    asked = "".join(f", {name} {said}" for name, said in value.asked.items())
    best = value.rows[0].id
    return [
        f"For {value.task}{asked}: {len(value.rows)} of {value.looked} models looked at.",
        *_out(value),
        *value.notes,
        f"More of the first: %hf fit {best}",
    ]


def _out(value: Picks) -> list[str]:
    """Left out, put together by why; of each reason a few are named."""
    if not value.left_out:
        return []
    counted = Counter(why for _, why in value.left_out)
    named = []
    for why, count in counted.most_common(6):
        ids = [id for id, said in value.left_out if said == why][:NAMED]
        more = f" and {count - len(ids)} more" if count > len(ids) else ""
        named.append(f"{', '.join(ids)}{more}: {why}")
    rest = len(counted) - len(named)
    return ["Left out: " + "; ".join(named) + (f"; {rest} more reasons" if rest > 0 else "") + "."]


def _nothing(value: Picks | Pick) -> list[str]:
    assert isinstance(value, Picks)
    asked = "".join(f", {name} {said}" for name, said in value.asked.items())
    first = f"No model for {value.task}{asked}: {value.looked} were looked at."
    return [first, *_out(value), *value.notes, "Ask for less: more memory, more seconds, another licence."]
