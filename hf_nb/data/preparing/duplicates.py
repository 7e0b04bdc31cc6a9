"""Rows that stand in a table twice, or nearly."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.preparing import texts
from hf_nb.data.preparing.alike import Rows, Texts, verified
from hf_nb.data.preparing.columns import compared
from hf_nb.data.preparing.spool import Spool
from hf_nb.data.preparing.walking import Walk, through
from hf_nb.data.query.take import take
from hf_nb.errors import BadInput
from hf_nb.plumbing.session import Session
from hf_nb.values.alike import Alike, Duplicates

if TYPE_CHECKING:
    from hf_nb.data.source import Source

THRESHOLD = 0.8
LISTED, ROWS = 1_000, 1_000  # groups, and rows of one group, that are listed
SIGNS = 300


def duplicates(
    what: Any,
    *,
    columns: str | Sequence[str] | None = None,
    near: bool = True,
    threshold: float = THRESHOLD,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    limit: int | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Duplicates:
    """Rows whose `columns` (all but a row's own number) are the same, and with `near` those whose texts nearly are.

    `threshold`: from which share of common runs of five characters on texts are nearly the same.

    >>> duplicates("hfnb-lab/reviews-with-leaks", split="train").exact
    60
    """
    checked(threshold)
    with (
        through(
            what,
            verb="duplicates",
            config=config,
            split=split,
            revision=revision,
            limit=limit,
            allow=allow,
            session=session,
        ) as walk,
        Spool() as spool,
    ):
        names, note = compared(columns, walk.source)
        told = texts_of(walk.source, names) if near else None
        rows = Rows(spool, threshold if told else None)
        for _, table in walk.steps(names):
            rows.add(table, told)
        return _found(walk, rows, told, threshold, names, note)


def checked(threshold: float) -> None:
    """Refuses what is no share."""
    if not 0.3 <= threshold <= 1:
        raise BadInput(
            f"A threshold of {threshold:g} says nothing.", "Between 0.3 (a little alike) and 1 (the same)"
        )


def texts_of(source: Source, names: Sequence[str], first: int = 0) -> Texts | None:
    """The columns by whose texts rows may be nearly the same; None where there are none."""
    there = [
        one for one in names if texts.holds_text(source.schema.field(source.schema.get_field_index(one)).type)
    ]
    return Texts(source, there, first) if there else None


def _found(
    walk: Walk, rows: Rows, told: Texts | None, threshold: float, names: list[str], note: str
) -> Duplicates:
    groups = Groups()
    same = groups.exact = [group.tolist() for group in rows.exact()]
    for group in same:
        groups.join(group, 1.0)
    exact = sum(len(group) - 1 for group in same)
    full = False
    if told is not None:
        copies = {row for group in same for row in group[1:]}
        for like in rows.same_text():
            groups.join([row for row in like.tolist() if row not in copies], 1.0)
            copies.update(like[1:].tolist())
        pairs, full = rows.candidates(copies)
        for one, other, likeness in verified(pairs, threshold, [told], groups.together):
            groups.join([one, other], likeness)
    notes = [note] if note else []
    if full:
        notes.append(
            "Too many rows are a little alike to compare all of them: some near ones are not listed."
        )
    if told is None and rows.bands is not None:
        notes.append("No column holds text: nothing can be nearly the same.")
    listed, extra = groups.listed()
    shown = _shown(walk.source, names, [rows[0] for rows, _ in listed])
    words = {tuple(group) for group in same}
    alike = tuple(
        Alike(tuple(group[:ROWS]), len(group), "exact" if tuple(group) in words else "near", likeness, said)
        for (group, likeness), said in zip(listed, shown, strict=True)
    )
    return Duplicates(
        alike, groups.count, exact, len(extra) - exact, threshold if told is not None else None, extra,
        walk.looked(names, *notes),
    )  # fmt: skip


def _shown(source: Source, names: Sequence[str], rows: list[int]) -> list[str]:
    return [text[:SIGNS] for text in excerpts(source, names, rows)]


def excerpts(source: Source, names: Sequence[str], rows: list[int]) -> list[str]:
    """The beginning of rows, for people: their texts, or their cells where there is none."""
    from hf_nb.values.rows import python

    if not rows:
        return []
    order = sorted(set(rows))
    schema = source.schema
    told = [one for one in names if texts.holds_text(schema.field(schema.get_field_index(one)).type)]
    found = take(source, order, told or list(names))
    said = (
        texts.rows(found)
        if told
        else [", ".join(map(str, row)) for row in zip(*map(python, found.columns), strict=True)]
    )
    by = dict(zip(order, said, strict=True))
    return [by[row][:SIGNS] for row in rows]


class Groups:
    """Rows that belong together, and how alike the two least alike are that were compared."""

    def __init__(self) -> None:
        self._up: dict[int, int] = {}
        self._least: dict[int, float] = {}
        self.exact: list[list[int]] = []

    def of(self, row: int) -> int:
        """The one that stands for its group: the first."""
        root = row
        while (up := self._up.get(root, root)) != root:
            root = up
        while (up := self._up.get(row, row)) != root:
            self._up[row], row = root, up
        return root

    def together(self, one: int, other: int) -> bool:
        """Whether they are in one group already."""
        return self.of(one) == self.of(other)

    def join(self, rows: Sequence[int], likeness: float) -> None:
        """They are alike."""
        for row in rows[1:]:
            one, other = sorted((self.of(rows[0]), self.of(row)))
            least = min(likeness, self._least.get(one, 1.0), self._least.get(other, 1.0))
            self._up[other] = one
            self._up.setdefault(one, one)
            self._least[one] = least

    def listed(self) -> tuple[list[tuple[list[int], float]], array[int]]:
        """The first groups, the largest first; all rows but the first of each."""
        groups: dict[int, list[int]] = {}
        for row in sorted(self._up):
            groups.setdefault(self.of(row), []).append(row)
        extra = array("q", sorted(row for group in groups.values() for row in group[1:]))
        self.count = len(groups)
        largest = sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))[:LISTED]
        return [(group, self._least.get(root, 1.0)) for root, group in largest], extra

    count: int = 0
