"""A table from its first row to its last, a few thousand rows at a time; how far it is is shown."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hf_nb.data.agreed import metered
from hf_nb.data.query import scan
from hf_nb.data.rows import called, opened
from hf_nb.errors import BadInput
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.looked import Looked

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.files.meter import Meter
    from hf_nb.data.source import Source

STEP = 4_096  # rows at a time
BETWEEN = 0.1  # seconds between two words on how far it is


@dataclass
class Walk:
    """A source that is walked through; what was looked at is counted."""

    source: Source
    name: str
    limit: int | None
    meter: Meter
    notes: list[str] = field(default_factory=list)
    rows: int = 0

    def steps(self, columns: Sequence[str]) -> Iterator[tuple[int, pyarrow.Table]]:
        """The number of its first row, and the rows."""
        began, told = time.monotonic(), 0.0
        whole = self.source.rows if self.limit is None else self.limit
        for span, table in scan.scan(
            self.source, columns, self._spans(columns), f"Looking through {self.name}"
        ):
            for at in range(0, table.num_rows, STEP):
                left = STEP if self.limit is None else min(STEP, self.limit - self.rows)
                if left <= 0:
                    return
                piece = table.slice(at, left)
                yield span.first + at, piece
                self.rows += piece.num_rows
                if (now := time.monotonic()) - told >= BETWEEN:
                    told = now
                    progress.show(progress.Progress(self.name, self.rows, whole, "rows", now - began))

    def _spans(self, columns: Sequence[str]) -> list[scan.Span] | None:
        spans = scan.spans(self.source, columns)
        if self.limit is None:
            return spans
        if spans is None:
            return [scan.Span(0, self.limit)]
        return [
            scan.Span(one.first, min(one.rows, self.limit - one.first))
            for one in spans
            if one.first < self.limit
        ]

    def looked(self, columns: Sequence[str], *notes: str) -> Looked:
        """For the value: what was looked at, and what it took."""
        known = self.source.rows if self.limit is not None else self.rows
        return Looked(
            self.source.origin, self.rows, known, tuple(columns), self.meter.bytes, self.meter.requests,
            tuple(dict.fromkeys([*self.source.notes, *self.notes, *notes])),
        )  # fmt: skip


@contextlib.contextmanager
def through(
    what: Any,
    *,
    verb: str,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    limit: int | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Iterator[Walk]:
    """A table opened to be walked through, its bytes counted and bounded."""
    if limit is not None and limit < 1:
        raise BadInput("At least one row is looked at.", "limit=1000")
    session = session or current()
    name = called(what)
    with session.span(f"data.{verb}", what=name) as span, metered(allow, name) as meter:
        source = opened(what, config=config, split=split, revision=revision, session=session)
        walk = Walk(source, name, limit, meter)
        yield walk
        span.set(rows=walk.rows, bytes=meter.bytes)
