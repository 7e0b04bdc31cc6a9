"""What a query costs, before it runs: the bytes of the columns it names, without the rows that statistics rule out.

What can be looked at in parts is quoted as it is looked at; what DuckDB must run whole, by DuckDB's plan
(`query.price`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hf_nb.data.estimate import sample
from hf_nb.data.estimate.asked import TABLE, Asked, No, asked
from hf_nb.data.estimate.cost import Cost, Span
from hf_nb.data.estimate.counts import Counter
from hf_nb.data.estimate.sample import Stretch
from hf_nb.data.query import bounds, engine, handing, price
from hf_nb.data.query.wanted import Wanted, names
from hf_nb.values.estimates import Quote

if TYPE_CHECKING:
    from hf_nb.data.parts import Block
    from hf_nb.data.source import Source

FIRST = 0.02  # of the blocks
ROWS = 262_144  # of one read
BYTES = 8_000_000


@dataclass(frozen=True)
class Read:
    """Blocks, by their numbers, that follow each other and are read together; what that moves."""

    blocks: Sequence[int]
    span: Span
    bytes: int


@dataclass(frozen=True)
class Look:
    """What is known after it, and what is read for it."""

    stretches: Sequence[Stretch]
    reads: Sequence[Read]


@dataclass(frozen=True)
class Plan:
    """A query, the blocks that may hold rows of its answer, and how they are read."""

    asked: Asked
    blocks: Sequence[Block] = ()
    looks: Sequence[Look] = field(default=())

    @property
    def bytes(self) -> int:
        """What running it to the end moves."""
        return sum(read.bytes for look in self.looks for read in look.reads)


def quote(query: str, source: Source) -> Quote:
    """The bytes that this query moves now, when it is run to its end; what is kept already costs nothing."""
    meant = known(query, source)
    if not meant.why:
        return Quote(_plan(meant, source, FIRST).bytes, meant.columns, progressive=True)
    said = price.of(query, {TABLE: source})
    return Quote(said.bytes, meant.columns, progressive=False, why=meant.why, exact=said.exact)


def known(query: str, source: Source) -> Asked:
    """A query taken apart and bound to the table; `why` says what stands against estimating it."""
    meant = asked(query, source)
    if not meant.why and not meant.free:
        try:
            Counter(meant, source).check(source)
        except No as why:
            meant.why = str(why)
    if meant.why:
        _bind(query, source)
    return meant


def plan(query: str, source: Source, first: float = FIRST) -> Plan:
    """What a query stands on. Reads no row."""
    return _plan(known(query, source), source, first)


def _plan(meant: Asked, source: Source, first: float) -> Plan:
    if meant.free or meant.why or not meant.columns:
        return Plan(meant)
    blocks = source.blocks(meant.columns)
    if meant.where:
        may = bounds.possible(source, Wanted(where=meant.where), meant.columns)
        if may is not None:
            blocks = [block for at, block in enumerate(blocks) if may(at, block)]
    blocks = [block for block in blocks if block.rows]
    return Plan(meant, blocks, tuple(_looks(meant, source, blocks, first)))


def _looks(meant: Asked, source: Source, blocks: Sequence[Block], first: float) -> Iterator[Look]:
    cost, seen = Cost(source, meant.columns), set[int]()
    for stretches in sample.looks(len(blocks), first, _seed(meant, source, len(blocks))):
        new = [one.drawn for one in stretches if one.drawn not in seen]
        seen.update(new)
        reads = []
        for one in _together(blocks, new):
            span = _span(blocks, one)
            reads.append(Read(one, span, cost.of(span)))
        yield Look(stretches, reads)


def _seed(meant: Asked, source: Source, blocks: int) -> str:
    """From what the table is, so that asking again gives the same."""
    origin = source.origin
    said = (origin.name, origin.revision, origin.config, origin.split, blocks, meant.query)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _together(blocks: Sequence[Block], numbers: Sequence[int]) -> Iterator[list[int]]:
    """Neighbours together, as far as they fit into one read."""
    now: list[int] = []
    rows = size = 0
    for at in numbers:
        block = blocks[at]
        follows = now and blocks[now[-1]].first + blocks[now[-1]].rows == block.first
        if now and not (follows and rows + block.rows <= ROWS and size + block.bytes <= BYTES):
            yield now
            now, rows, size = [], 0, 0
        now.append(at)
        rows, size = rows + block.rows, size + block.bytes
    if now:
        yield now


def _span(blocks: Sequence[Block], numbers: Sequence[int]) -> Span:
    first, last = blocks[numbers[0]], blocks[numbers[-1]]
    return first.first, last.first + last.rows - first.first


def _bind(query: str, source: Source) -> None:
    """Raises what DuckDB itself has against a query; nothing is run."""
    called = names(source.schema)
    with engine.cursor() as duck:
        duck.register("t", handing.table(source.schema.empty_table(), called))
        try:
            duck.execute(f"DESCRIBE {query}").fetchall()
        finally:
            duck.unregister("t")
