"""The row groups of a table's files: where their columns lie, and which of them a condition or an order leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.data.files.file import File, Range
from hf_nb.data.parquet import facts
from hf_nb.data.parquet.ends import leaves
from hf_nb.data.parts import Facts
from hf_nb.data.query import bounds, tree, wanted
from hf_nb.data.query.names import quoted, text
from hf_nb.data.query.wanted import Filter
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    from hf_nb.data.source import Source

NONE = Facts()
Field = tuple[str, str]  # a column, and what of it: all where that is empty
_NO_COLUMNS = frozenset({"file_index", "file_row_number", "filename"})
FEW = 64  # values of one IN that are looked up


@dataclass(frozen=True)
class Group:
    """One row group: of which file, its number there, from which row of the table, and how many."""

    part: int
    number: int
    first: int
    rows: int


def together(ranges: Sequence[Range], gap: int) -> list[Range]:
    """Those that overlap, or lie no further apart than this, as one."""
    merged: list[Range] = []
    for one in sorted(ranges):
        if merged and one.begin - merged[-1].end <= gap:
            merged[-1] = Range(merged[-1].begin, max(merged[-1].end, one.end))
        else:
            merged.append(one)
    return merged


def without(one: Range, held: Sequence[Range]) -> list[Range]:
    """What of a range is not in these, which are sorted and lie apart."""
    found, at = [], one.begin
    for each in held:
        if each.end > at and each.begin < one.end:
            found.append(Range(at, each.begin))
            at = each.end
    found.append(Range(at, one.end))
    return [gap for gap in found if len(gap)]


class Groups:
    """Of a source that is made of Parquet files alone."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._parts: list[Any] = list(source.parts)
        self._names = wanted.names(source.schema)
        self.all = list(self._listed())

    def _listed(self) -> Iterator[Group]:
        at = 0
        for part, one in enumerate(self._parts):
            for number, rows in enumerate(one.footer.counts):
                yield Group(part, number, at, rows)
                at += rows

    def file(self, part: int) -> File:
        """The file itself."""
        file: File = self._parts[part].file
        return file

    def called(self, said: Sequence[str]) -> list[Field]:
        """Columns as a plan says them: `name`, or `name.field` of a nested one. All of them for what is no column."""
        found: dict[Field, None] = {}
        for one in said:
            field = self._field(one.lower())
            if field is not None:
                found[field] = None
            elif one.lower() not in _NO_COLUMNS:
                return [(name, "") for name in self._names]
        return list(found)

    def _field(self, said: str) -> Field | None:
        for name, sql in self._names.items():
            for word in {name.lower(), sql.lower()}:
                if said in {word, quoted(word)}:
                    return name, ""
        for name, sql in self._names.items():
            for word in {name.lower(), sql.lower()}:
                if said.startswith((f"{word}.", f"{quoted(word)}.")):
                    return name, said[said.index(".", len(word)) + 1 :]
        return None

    def ranges(self, group: Group, fields: Sequence[Field]) -> list[Range]:
        """Where these columns lie."""
        footer = self._parts[group.part].footer
        names, chunks = footer.schema.names, footer.chunks(group.number)
        return [
            chunks[leaf.number].span
            for name, path in fields
            if name in names
            for leaf in footer.fields[names.index(name)]
            if not path or f"{_dotted(leaf.path[1:])}.".startswith(f"{path}.")
        ]

    def between(self, offset: int | None, count: int | None) -> list[Group]:
        """Those that hold rows from `offset`, `count` of them."""
        begin = offset or 0
        end = math.inf if count is None else begin + count
        return [one for one in self.all if one.first < end and one.first + one.rows > begin]

    def left(self, conditions: Sequence[str]) -> Iterator[Group]:
        """Those in which some row may fulfil all conditions."""
        either = [one for said in conditions for one in self._either(said)]
        about = {one.column for some in either for one in some}
        for group in self.all:
            told = {name: self._facts(group, name) for name in about}
            if all(any(bounds.matches(one, told[one.column], group.rows) for one in some) for some in either):
                yield group

    def first(self, among: Sequence[Group], order: str, count: int) -> Sequence[Group]:
        """Those of `among` in which one of the first `count` rows in this order may lie."""
        words = order.rsplit(" ", 1)
        fields = self.called([words[0]])
        if len(fields) != 1 or words[1:] not in (["ASC"], ["DESC"]) or not self._compares(*fields[0]):
            return among
        told = [self._facts(one, fields[0][0]) for one in among]
        if any(one.low is None or one.high is None or one.nulls is None for one in told):
            return among
        down = words[1] == "DESC"
        # Whole groups, by their worst value: once they hold enough rows, what is worse than that is out of it.
        worst = sorted(
            (
                (one.low if down else one.high, group.rows - (one.nulls or 0))
                for one, group in zip(told, among, strict=True)
            ),
            key=lambda each: each[0],
            reverse=down,
        )
        held = 0
        for value, rows in worst:
            held += rows
            if held >= count:
                return [
                    group for one, group in zip(told, among, strict=True)
                    if (one.high >= value if down else one.low <= value)
                ]  # fmt: skip
        return among

    def _compares(self, name: str, path: str) -> bool:
        """Whether its ends say all of its order: NaN, which files do not tell of, is larger than every number."""
        from pyarrow import types

        kind = self.source.schema.field(name).type
        return not path and bool(types.is_integer(kind) or types.is_string(kind) or types.is_temporal(kind))

    def _facts(self, group: Group, name: str) -> Facts:
        footer = self._parts[group.part].footer
        leaf = leaves(footer, [name]).get(name) if name in footer.schema.names else None
        return facts.of_group(footer, group.number, leaf) if leaf is not None else NONE

    def _either(self, said: str) -> Iterator[Sequence[Filter]]:
        """What a condition asks of a row group's statistics: one of each of these must pass."""
        schema = self.source.schema
        try:
            node = tree.condition(said)
            if node.get("type") == "COMPARE_IN" and 1 < len(node["children"]) <= FEW + 1:
                column, *values = node["children"]
                same = [
                    bounds.implied(f"{quoted(column['column_names'][-1])} = {_literal(one)}", schema)
                    for one in values
                ]
                if all(same):
                    yield [one for some in same for one in some]
                return
            yield from ([one] for one in bounds.implied(said, schema))
        except (BadInput, KeyError, IndexError):
            return


def _dotted(path: Sequence[bytes]) -> str:
    return b".".join(path).decode(errors="replace").lower()


def _literal(node: dict[str, Any]) -> str:
    said = node["literal"]
    return text(said["text"]) if said["kind"] == "STRING" else str(said["text"])
