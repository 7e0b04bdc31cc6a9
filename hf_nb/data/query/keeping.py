"""What a query answers, kept: in memory while it is small, in a file of this process while it is not too large."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.data.files import meter
from hf_nb.data.query import mishaps
from hf_nb.errors import TooLarge

if TYPE_CHECKING:
    import pyarrow

BATCH = 65_536  # rows that come at a time
HELD = 64_000_000  # bytes in memory
MOST = 4_000_000_000  # bytes in a file
SPARE = 1_000_000_000  # bytes that stay free on the disk


def kept(reader: pyarrow.RecordBatchReader) -> pyarrow.Table:
    """All of it. The file is gone when nobody holds the table any more."""
    import pyarrow

    batches: list[pyarrow.RecordBatch] = []
    size = 0
    coming = _coming(reader)
    for batch in coming:
        batches.append(batch)
        size += batch.nbytes
        if size > HELD:
            return _filed(reader.schema, coming, batches)
    return _whole(pyarrow.Table.from_batches(batches, reader.schema))


def _whole(table: pyarrow.Table) -> pyarrow.Table:
    """Sums of whole numbers come as decimals of 38 digits: whole numbers again, where they fit."""
    import pyarrow

    for at, field in enumerate(table.schema):
        if field.type == pyarrow.decimal128(38, 0):
            with contextlib.suppress(pyarrow.ArrowInvalid):
                made = table.column(at).cast(pyarrow.int64())
                table = table.set_column(at, pyarrow.field(field.name, pyarrow.int64()), made)
    return table


def _coming(reader: pyarrow.RecordBatchReader) -> Iterator[pyarrow.RecordBatch]:
    """Batches with rows. What goes wrong in the query by now is told by Arrow, in DuckDB's words."""
    import pyarrow

    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            return
        except (pyarrow.ArrowException, OSError) as error:
            meter.look()
            if "maximum total string size" in str(error):
                raise TooLarge(
                    "A piece of the answer has more than 2 GB of text.", "Ask for fewer rows."
                ) from error
            raise mishaps.meant(str(error)) from error
        if batch.num_rows:
            yield batch


def _filed(
    schema: pyarrow.Schema, coming: Iterator[pyarrow.RecordBatch], batches: list[pyarrow.RecordBatch]
) -> pyarrow.Table:
    import pyarrow

    folder = Path(tempfile.mkdtemp(prefix="hf-nb-query-"))
    path = folder / "answer.arrow"
    try:
        with pyarrow.OSFile(str(path), "wb") as sink, pyarrow.ipc.new_file(sink, schema) as out:
            while batches:
                out.write(batches.pop(0))
            for batch in coming:
                out.write(batch)
                _bounded(sink.tell(), folder)
        mapped = pyarrow.memory_map(str(path))
        table: pyarrow.Table = pyarrow.ipc.open_file(mapped).read_all()
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise TooLarge("There is no room for the answer.", "Ask for fewer rows: LIMIT, WHERE.") from error
        raise
    # Mapped pages stay readable without the name: where the system allows it, the file needs no farewell.
    with contextlib.suppress(OSError):
        path.unlink()
        folder.rmdir()
        return table
    weakref.finalize(table, shutil.rmtree, folder, ignore_errors=True)
    return table


def _bounded(size: int, folder: Path) -> None:
    if size > MOST or shutil.disk_usage(folder).free < SPARE:
        raise TooLarge(f"The answer has more than {size / 1e9:.1f} GB.", "Ask for fewer rows: LIMIT, WHERE.")
