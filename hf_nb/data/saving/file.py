"""A table into one file: streamed, beside its place until it is whole, and never over another file unasked."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from hf_nb.data.agreed import metered
from hf_nb.data.files import meter
from hf_nb.data.rows import opened, picked, wanted
from hf_nb.data.saving.batches import Reader, batches
from hf_nb.data.saving.formats import FORMATS
from hf_nb.errors import BadInput, TooLarge
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.rows import Saved

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.source import Source


def save(
    what: Any,
    path: str | os.PathLike[str],
    *,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    offset: int = 0,
    limit: int | None = None,
    columns: str | Sequence[str] | None = None,
    where: str = "",
    search: str = "",
    sort: str | None = None,
    replace: bool = False,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Saved:
    """All rows of a table, or those that are asked for, into a file: parquet, csv, tsv, jsonl, arrow or feather.

    >>> save("hfnb-demo/digits", "digits.parquet", split="test").rows
    360
    """
    session = session or current()
    target = Path(path).expanduser()
    form, make = _form(target, replace=replace)
    began = time.monotonic()
    with session.span("data.save", path=target.name) as span, metered(allow, target.name):
        source = opened(what, config=config, split=split, revision=revision, session=session)
        asked = wanted(source, where=where, search=search, sort=sort)
        chosen = picked(columns, source)
        read: Reader = source.read
        total = source.rows
        if not asked.all or asked.sort is not None:
            read, total = _found(source, asked)
        else:
            _allowed(source, offset, limit, chosen, target.name)
        with _arriving(target, replace=replace) as into:
            rows = write(into, make, read, offset, limit, chosen, name=target.name, total=total)
        span.set(rows=rows)
    return Saved(str(path), rows, target.stat().st_size, form, time.monotonic() - began)


def write(
    into: BinaryIO,
    make: Any,
    read: Reader,
    offset: int,
    limit: int | None,
    columns: Sequence[str] | None,
    *,
    name: str,
    total: int | None,
) -> int:
    """Piece by piece; how many rows."""
    writer, schema, done = None, None, 0
    began = time.monotonic()
    behind = None if total is None else max(0, total - offset)
    whole = limit if behind is None else behind if limit is None else min(limit, behind)
    for piece in batches(read, offset, limit, columns):
        if writer is None:
            schema = piece.schema
            if not schema.names:
                raise BadInput("A table without columns cannot be saved.")
            writer = make(into, schema)
        writer.write(_fitting(piece, schema, offset + done))
        done += piece.num_rows
        progress.show(progress.Progress(name, done, whole, "rows", time.monotonic() - began))
    if writer is not None:
        writer.close()
    return done


def _form(target: Path, *, replace: bool) -> tuple[str, Any]:
    ending = target.suffix.lower()
    if ending not in FORMATS:
        raise BadInput(f"What kind of file is {target.name!r}?", f"Its name may end in {', '.join(FORMATS)}.")
    if target.is_dir():
        raise BadInput(f"{target} is a folder.", f"A file in it: {target / ('rows' + ending)}")
    if target.exists() and not replace:
        raise _there(target)
    if not target.parent.is_dir():
        raise BadInput(f"There is no folder {target.parent}.", f"mkdir -p {target.parent}")
    return FORMATS[ending]


def _there(target: Path) -> BadInput:
    return BadInput(f"There is a file {target} already.", "Another name, or --replace")


def _allowed(
    source: Source, offset: int, limit: int | None, columns: Sequence[str] | None, name: str
) -> None:
    """Refused before the first byte, and not in the middle, where it takes more than was agreed."""
    from hf_nb.data.query import scan

    if not scan.remote(source) or (source.rows is None and limit is not None):
        return
    over = None
    if (total := source.rows) is not None:
        behind = max(0, total - offset)
        over = [scan.Span(offset, behind if limit is None else min(limit, behind))]
    names = list(columns) if columns is not None else source.schema.names
    meter.may(scan.cost(source, names, over), f"Saving {name}")


def _found(source: Source, asked: Any) -> tuple[Reader, int]:
    from hf_nb.data.query.view import View

    view = View(source, asked)
    return view.read, view.find().rows


def _fitting(piece: pyarrow.Table, schema: pyarrow.Schema, row: int) -> pyarrow.Table:
    """Files of one table may store a column a little differently; the first one's way is kept."""
    import pyarrow

    if piece.schema.equals(schema):
        return piece
    try:
        return piece.cast(schema)
    except (pyarrow.ArrowException, ValueError) as wrong:
        said = " ".join(str(wrong).split())[:120]
        raise BadInput(
            f"From row {row:,} on a column changes its type: {said}", "Leave it out: --columns …"
        ) from None


@contextlib.contextmanager
def _arriving(target: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file beside its place, which takes it when it is whole, and is gone when it is not."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with room(target), part.open("xb") as into:
            yield into
            into.flush()
            os.fsync(into.fileno())
        if target.exists() and not replace:  # somebody else wrote it meanwhile
            raise _there(target)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def room(target: Path) -> Iterator[None]:
    """A disk that is full, or may not be written, in our words."""
    try:
        yield
    except OSError as wrong:
        if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
            raise TooLarge(f"The disk is full; {target.name} was not written.", "%hf cache status") from None
        if wrong.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise BadInput(f"{target} cannot be written: {wrong.strerror}.", "Another folder") from None
        raise
