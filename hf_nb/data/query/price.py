"""What SQL over files will move, told from DuckDB's own plan before the first byte of a row is asked for.

price = of(query, tables)
price.bytes, price.exact, price.early

DuckDB says which columns each scan reads and which conditions it takes along; the footers say where those columns lie,
row group by row group, and which row groups the conditions rule out. What a plan does not say is taken at its most:
values that rows of a filter are then read for, rows that the first of an order turn out to be, both sides of a join.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hf_nb.data.files.together import requests
from hf_nb.data.query import engine, fs, handing, head, scan, tree, wanted
from hf_nb.data.query.groups import Field, Group, Groups, together, without
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    from hf_nb.data.files.file import Range
    from hf_nb.data.source import Source

Node = Mapping[str, Any]
SCAN = "READ_PARQUET"
# A plan above a scan takes all of its rows first; where one of these stands, a limit above it saves nothing.
_TAKES_ALL = (
    "AGGREGATE",
    "GROUP_BY",
    "ORDER_BY",
    "TOP_N",
    "WINDOW",
    "DELIM",
    "CTE",
    "SAMPLE",
    "NESTED",
    "DISTINCT",
)
_FETCHED = (
    "file_row_number"  # rows that are fetched by their number, after the rest of the plan has chosen them
)


@dataclass(frozen=True)
class Price:
    """`exact`: it moves just that, else at most that; `early`: it ends as soon as enough rows were found."""

    bytes: int = 0
    exact: bool = True
    early: bool = False


@dataclass
class _Reads:
    """Of one table: the ranges of each file, without what they have in common."""

    groups: Groups
    ranges: dict[int, list[Range]] = field(default_factory=dict)
    again: int = 0  # bytes that lie between what is missing, and come along although they are here
    exact: bool = True
    early: bool = False

    def add(self, group: Group, fields: Sequence[Field]) -> None:
        """What one scan asks for in a row group: near chunks together."""
        held = self.ranges.get(group.part, [])
        for one in together(self.groups.ranges(group, fields), engine.GAP):
            missing = without(one, held)
            self.again += sum(map(len, requests(missing))) - sum(map(len, missing))
            held = together([*held, one], 0)
        self.ranges[group.part] = held

    def more(self, group: Group, fields: Sequence[Field]) -> int:
        """Bytes that reading this, too, would add."""
        held = self.ranges.get(group.part, [])
        new = together(self.groups.ranges(group, fields), engine.GAP)
        return sum(len(gap) for one in new for gap in without(one, held))

    @property
    def bytes(self) -> int:
        """Each range is asked for by itself; a small file comes whole."""
        total = again = 0
        for part, ranges in self.ranges.items():
            file = self.groups.file(part)
            apart, whole = sum(file.cost([one]) for one in ranges), file.cost(ranges)
            total += min(apart, whole)
            again = self.again if apart <= whole and apart else again
        return total + again


def of(query: str, tables: Mapping[str, Source]) -> Price:
    """What running it moves now; what is kept already costs nothing."""
    parsed = tree.query(query)
    used = [name for name in tables if name.lower() in {one.lower() for one in tree.tables(parsed)}]
    first = head.rows(parsed)
    found = [_of_table(query, name, tables, first) for name in used]
    return Price(
        sum(one.bytes for one in found),
        all(one.exact for one in found) and (len(found) < 2 or not any(one.bytes for one in found)),
        any(one.early for one in found),
    )


def _of_table(query: str, name: str, tables: Mapping[str, Source], first: int | None) -> Price:
    source = tables[name]
    if scan.held(source) or not scan.remote(source):
        return Price()
    if first is not None:
        return Price(source.cost(0, first, _named(query, source)))
    if not all(hasattr(part, "footer") and hasattr(part, "file") for part in source.parts):
        columns = source.schema.names
        over = scan.spans(source, columns)
        return Price(0, False, True) if over is None else Price(scan.cost(source, columns, over))
    reads = _Reads(Groups(source))
    _walk(_plan(query, name, tables), reads, early=False)
    return Price(reads.bytes, reads.exact, reads.early)


def _named(query: str, source: Source) -> tuple[str, ...] | None:
    said = tree.columns(tree.query(query))
    if said is None:
        return None
    parts = {part.lower() for one in said for part in one}
    return tuple(name for name, sql in wanted.names(source.schema).items() if sql.lower() in parts)


def _plan(query: str, name: str, tables: Mapping[str, Source]) -> Node:
    """DuckDB's, in which this table alone is made of files: a scan does not say which table it is of."""
    source = tables[name]
    with engine.cursor() as duck, fs.opened([part.file for part in source.parts]) as handed:  # type: ignore[attr-defined]
        duck.execute(fs.view(name, handed, wanted.names(source.schema)))
        others = [one for one in tables if one != name]
        for other in others:
            schema = tables[other].schema
            duck.register(other, handing.table(schema.empty_table(), wanted.names(schema)))
        said = duck.execute(f"EXPLAIN (FORMAT json) {query}").fetchall()[0][1]
    plan: list[Node] = json.loads(said)
    return plan[0]


def _walk(node: Node, reads: _Reads, *, early: bool) -> None:
    name, below = str(node.get("name", "")), list(node.get("children", []))
    if SCAN in name:
        _scanned(node, reads, early=early)
        return
    if "LIMIT" in name:
        early = True
    elif any(word in name for word in _TAKES_ALL):
        early = False
    if "JOIN" in name and len(below) == 2:
        if any(_FETCHED in one for one in _list(node, "Conditions")):
            _walk(below[1], reads, early=early)
            _fetched(below[0], below[1], reads)
            return
        reads.exact = False  # what one side holds may spare a part of the other
        _walk(below[1], reads, early=False)
        below = below[:1]
    for one in below:
        _walk(one, reads, early=early)


def _scanned(node: Node, reads: _Reads, *, early: bool) -> None:
    filters = _filters(node)
    columns = reads.groups.called([*_list(node, "Projections"), *_about(filters)])
    if columns:
        reads.early |= early
        reads.exact &= not (early or filters)
    for group in reads.groups.left(filters):
        reads.add(group, columns)


def _fetched(node: Node, chosen: Node, reads: _Reads) -> None:
    """Rows by their numbers: each may lie in a row group of its own, and those may be the largest ones."""
    scans = [part for part in tree.walk(node) if SCAN in str(part.get("name"))]
    columns = reads.groups.called([one for part in scans for one in _list(part, "Projections")])
    first = next((part for part in _down(chosen) if _count(part) is not None), {})
    count = _count(first)
    below = [part for part in _down(first) if SCAN in str(part.get("name"))]
    filters = [one for part in below for one in _filters(part)]
    plain = [one for one in filters if "Dynamic Filter" not in one]
    if "LIMIT" in str(first.get("name")) and not plain:
        for group in reads.groups.between(_number(first, "Offset"), count):
            reads.add(group, columns)
        return
    among: Sequence[Group] = list(reads.groups.left(plain))
    if "TOP_N" in str(first.get("name")) and not plain and count is not None:
        among = reads.groups.first(
            among, _list(first, "Order By")[0], count + (_number(first, "Offset") or 0)
        )
    for group in sorted(among, key=lambda group: reads.more(group, columns), reverse=True)[:count]:
        reads.add(group, columns)
    reads.exact = False


def _down(node: Node) -> Iterator[Node]:
    yield node
    for one in node.get("children", []):
        yield from _down(one)


def _count(node: Node) -> int | None:
    for word in ("Top", "Limit", "Sample Size"):
        if (said := _number(node, word)) is not None:
            return said
    return None


def _number(node: Node, word: str) -> int | None:
    said = str(node.get("extra_info", {}).get(word, "")).partition(" ")[0]
    return int(said) if said.isdecimal() else None


def _list(node: Node, word: str) -> list[str]:
    said = node.get("extra_info", {}).get(word, "")
    return [one for one in ([said] if isinstance(said, str) else said) if one]


def _filters(node: Node) -> list[str]:
    return [one.removeprefix("optional: ") for one in _list(node, "Filters")]


def _about(filters: Sequence[str]) -> list[str]:
    """The columns that conditions look at, each as `"a"` and with what stands behind its dot."""
    found = []
    for one in filters:
        try:
            named = tree.columns(tree.condition(one))
        except BadInput:
            named = None
        if named is None and not one.startswith("Dynamic Filter"):
            return ["*"]
        found += [".".join(parts) for parts in named or ()]
    return found
