"""What a query answers, kept: in memory while it is small, in a file of this process while it is not too large."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

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
    for batch in reader:
        if not batch.num_rows:
            continue
        batches.append(batch)
        size += batch.nbytes
        if size > HELD:
            return _filed(reader, batches)
    return pyarrow.Table.from_batches(batches, reader.schema)


def _filed(reader: pyarrow.RecordBatchReader, batches: list[pyarrow.RecordBatch]) -> pyarrow.Table:
    import pyarrow

    folder = Path(tempfile.mkdtemp(prefix="hf-nb-query-"))
    path = folder / "answer.arrow"
    try:
        with pyarrow.OSFile(str(path), "wb") as sink, pyarrow.ipc.new_file(sink, reader.schema) as out:
            while batches:
                out.write(batches.pop(0))
            for batch in reader:
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
