"""A table made ready: rows left out, columns made, texts cut into tokens, dealt out to splits, written as Parquet.

It goes block by block, and what is finished is written down (`journal`). The same call goes on where one broke off, and
the files are the same as if nothing had happened.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.data.preparing import shards
from hf_nb.data.preparing.alone import alone
from hf_nb.data.preparing.journal import Done, Journal
from hf_nb.data.preparing.pieces import pieces
from hf_nb.data.preparing.splits import Splits
from hf_nb.data.preparing.steps import Filter, Function, Map, Step, Tokens
from hf_nb.data.preparing.walking import Walk, through
from hf_nb.data.query import scan
from hf_nb.errors import BadInput, Stopped
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.prepared import Prepared, Shard

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.source import Source
    from hf_nb.plumbing.jobs import Job

ROWS, BYTES = 100_000, 64_000_000  # of a block, in memory


def prepare(
    what: Any,
    *steps: Mapping[str, Any],
    to: str | os.PathLike[str],
    drop: Any = None,
    filter: str | Function | None = None,  # noqa: A002 -- the word of `datasets`
    map: Mapping[str, str | Function] | Function | None = None,  # noqa: A002 -- the same
    tokenize: str | None = None,
    tokenizer: Any = None,
    max_length: int | None = None,
    columns: str | Sequence[str] | None = None,
    split: Mapping[str, float] | None = None,
    stratify: str | None = None,
    group: str | None = None,
    seed: int = 0,
    of_split: str | None = None,
    config: str | None = None,
    revision: str | None = None,
    replace: bool = False,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Prepared:
    """`what` into the folder `to`, ready to be trained on; the same call goes on where one broke off.

    `drop`: numbers of rows, or what `duplicates` or `leakage` found; then `filter` and `map` (SQL, or functions of a
    row), then a column in tokens. `steps` come before those, each like {"filter": "stars > 2"}. `split`: shares such
    as {"train": 0.9, "test": 0.1}, the same of each class of `stratify`, or with each `group` on one side; the names in
    it are the new ones. Without it the rows stay together, under the name of the split that was read (`of_split`).

    >>> prepare("hfnb-demo/digits", to="few", filter="label < 3", split={"train": 0.8, "test": 0.2})
    """
    session = session or current()
    folder = Path(to).expanduser()
    if tokenize is not None and tokenizer is None:
        raise BadInput("Which tokenizer?", 'tokenizer="owner/model"')
    listed = [
        *_read(steps),
        *_read([{"filter": filter} if filter else {}, {"map": map} if map is not None else {}]),
    ]
    if tokenize is not None:
        listed.append(Tokens(tokenize, pieces(tokenizer, session), max_length))
    splits = Splits(split, seed, stratify, group)
    with through(
        what, verb="prepare", config=config, split=of_split, revision=revision, allow=allow, session=session
    ) as walk:
        splits.keep(walk.source.origin.split)
        work = Work(walk, folder, tuple(listed), _dropped(drop), _names(columns), splits)
        work.check()
        total = walk.source.count()
        with session.jobs.doing("prepare", model=walk.name, unit="rows", total=total) as job:
            return work.run(job, replace=replace)


def _read(steps: Iterable[Mapping[str, Any]]) -> Iterator[Step]:
    for step in steps:
        if not isinstance(step, Mapping) or not {*step} <= {"filter", "map"}:
            raise BadInput(
                "A step is a filter or a map.", '{"filter": "stars > 2"}, {"map": {"n": "length(text)"}}'
            )
        for name, one in step.items():
            if name == "filter" and not isinstance(one, str) and not callable(one):
                raise BadInput(
                    "A filter is a condition in SQL, or a function of a row.", 'filter="stars > 2"'
                )
            if name == "map" and not isinstance(one, Mapping) and not callable(one):
                raise BadInput("A map names columns, or is a function of a row.", 'map={"n": "length(text)"}')
            yield Filter(one) if name == "filter" else Map(one)


def _names(columns: str | Sequence[str] | None) -> tuple[str, ...] | None:
    if columns is None:
        return None
    given = columns.split(",") if isinstance(columns, str) else list(columns)
    return tuple(dict.fromkeys(one.strip() for one in given if one.strip())) or None


def _dropped(drop: Any) -> frozenset[int]:
    rows = getattr(drop, "extra", drop)
    return frozenset(int(one) for one in rows) if rows is not None else frozenset()


@dataclass
class Work:
    """One run of it."""

    walk: Walk
    folder: Path
    steps: tuple[Step, ...]
    dropped: frozenset[int]
    columns: tuple[str, ...] | None
    splits: Splits

    @property
    def source(self) -> Source:
        """The table."""
        return self.walk.source

    def check(self) -> None:
        """Refuses what cannot be, before anything is read."""
        schema: pyarrow.Schema | None = self.source.schema
        for step in self.steps:
            schema = step.after(schema) if schema is not None else None
        if schema is None:  # a function of the notebook: only its rows will tell
            return
        for name in (*(self.columns or ()), *([self.splits.column] if self.splits.column else [])):
            if name not in schema.names:
                raise BadInput(f"There is no column {name!r}.", f"Columns: {', '.join(schema.names[:20])}")

    def read(self) -> list[str]:
        """The columns that have to be read."""
        names = list(self.source.schema.names)
        if self.columns is None:
            return names
        needed = {*self.columns, *([self.splits.column] if self.splits.column else [])}
        for step in self.steps:
            some = step.needs(self.source.schema) if not isinstance(step, Tokens) else {step.column}
            if some is None:
                return names
            needed |= some
        return [name for name in names if name in needed] or names[:1]

    def run(self, job: Job, *, replace: bool) -> Prepared:
        names = self.read()
        over = blocks(self.source, names)
        journal = Journal(self.folder, self._task(over))
        journal.look()
        with alone(self.folder):
            journal.begin(replace=replace)
            return self._written(journal, over, names, job)

    def _written(self, journal: Journal, over: Sequence[scan.Span], names: list[str], job: Job) -> Prepared:
        """What is not there yet, block after block."""
        began = time.monotonic()
        resumed = len(journal.done)
        if resumed:
            progress.say(f"{resumed:,} of {len(over):,} blocks are there from before …")
            self.splits.state = dict(journal.done[-1].state)
        done = sum(one.rows for one in journal.done)
        for number, (span, table) in enumerate(
            scan.scan(self.source, names, over[resumed:], f"Preparing {self.walk.name}"), resumed
        ):
            if job.stopping.is_set():
                raise Stopped("Stopped.")
            journal.finished(self._block(number, len(over), span.first, table, journal.done))
            done += table.num_rows
            job.at(done)
            progress.show(
                progress.Progress(self.walk.name, done, self.source.rows, "rows", time.monotonic() - began)
            )
        self.walk.rows = done
        return self._value(journal, resumed, len(over), names, time.monotonic() - began)

    def _block(
        self, number: int, blocks: int, first: int, table: pyarrow.Table, before: Sequence[Done]
    ) -> Done:
        read = table.num_rows
        table = self._without(table, first)
        for step in self.steps:
            table = step(table, first)
        said = before[-1].schema if before else None
        kept = self._kept(table, [name for name in (self.splits.column,) if name])
        if said is None and (table.num_rows or number + 1 == blocks):
            made = {name for step in self.steps if isinstance(step, Map) for name in step.names}
            said = shards.packed(shards.noted(shards.settled(kept.schema), self.source.schema, made))
        files: list[shards.File] = []
        if said is not None:
            schema = shards.unpacked(said)
            for split, rows in self.splits.dealt(table):
                last_chance = number + 1 == blocks and not any(
                    one[1] == split for done in before for one in done.files
                )
                if rows.num_rows or last_chance:  # a split without a row has a file too
                    fits = shards.fitting(self._kept(rows, []), schema, first)
                    files.append(shards.write(self.folder, split, number, blocks, fits))
        return Done(number, read, tuple(files), dict(self.splits.state), said)

    def _without(self, table: pyarrow.Table, first: int) -> pyarrow.Table:
        import numpy

        gone = [row - first for row in self.dropped if first <= row < first + table.num_rows]
        if not gone:
            return table
        kept = numpy.ones(table.num_rows, bool)
        kept[gone] = False
        import pyarrow

        return table.filter(pyarrow.array(kept))

    def _kept(self, table: pyarrow.Table, also: Sequence[str]) -> pyarrow.Table:
        """The columns that are written; `also`: those that must be there."""
        for name in (*(self.columns or ()), *also):
            if name not in table.column_names:
                raise BadInput(
                    f"There is no column {name!r}.", f"Columns: {', '.join(table.column_names[:20])}"
                )
        return table if self.columns is None else table.select(list(self.columns))

    def _task(self, over: Sequence[scan.Span]) -> str:
        """The same for the same table and the same steps, and for nothing else."""
        said = [
            repr(self.source.origin.to_dict()), str(self.source.schema), repr([(one.first, one.rows) for one in over]),
            *(_part(one) for one in self.source.parts), *(step.said() for step in self.steps),
            repr(sorted(self.dropped)), repr(self.columns), self.splits.said(),
        ]  # fmt: skip
        if scan.held(self.source) and over:  # what is in memory has no name: its ends tell
            ends = (0, max(0, self.source.count() - 100))
            said += [repr(self.source.read(first, 100).to_pylist()) for first in ends]
        return hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()

    def _value(
        self, journal: Journal, resumed: int, blocks: int, names: list[str], seconds: float
    ) -> Prepared:
        files = [one for done in journal.done for one in done.files]
        made = tuple(Shard(f"data/{name}", split, rows, size) for name, split, rows, size in files)
        rows = {split: sum(one.rows for one in made if one.split == split) for split in self.splits.names}
        said = journal.done[-1].schema if journal.done else None
        return Prepared(
            str(self.folder), tuple(rows.items()), tuple(shards.unpacked(said).names) if said else (), made, resumed,
            blocks, seconds, self.walk.looked(names),
        )  # fmt: skip


def _part(part: Any) -> str:
    """A file as it was: of one on this disk, when it was written."""
    path = getattr(getattr(part, "file", None), "path", None)
    when = Path(path).stat().st_mtime_ns if isinstance(path, (str, Path)) and Path(path).exists() else ""
    return f"{part.name} {part.bytes} {when}"


def blocks(source: Source, columns: Sequence[str]) -> list[scan.Span]:
    """What is worked on at a time: a few dozen megabytes, whole row groups or pages where there are some."""
    found = scan.spans(source, columns) or [scan.Span(0, source.count())]
    if scan.held(source) or len(found) == 1:
        return _even(source, columns)
    merged: list[scan.Span] = []
    for one in found:
        last = merged[-1] if merged else None
        if last is not None and last.first + last.rows == one.first and last.rows + one.rows <= ROWS:
            merged[-1] = scan.Span(last.first, last.rows + one.rows)
        else:
            merged.append(one)
    return merged


def _even(source: Source, columns: Sequence[str]) -> list[scan.Span]:
    total = source.count()
    first = source.read(0, 100, columns)
    each = max(1, first.nbytes // max(1, first.num_rows))
    rows = max(100, min(ROWS, BYTES // each))
    return [scan.Span(at, min(rows, total - at)) for at in range(0, total, rows)] or [scan.Span(0, 0)]
