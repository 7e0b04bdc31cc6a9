"""One DuckDB in this process, closed in: it reads what it is handed, and nothing else.

with cursor() as duck:
    duck.register("t", table)
    duck.sql("select …").to_arrow_table()

A query can open no file, install or load nothing, and change no setting; what is too big for memory is spilled to a
temporary folder of this process. A stop (`files.meter`) interrupts it.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import tempfile
import threading
from collections.abc import Iterator
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from hf_nb.data.files import meter
from hf_nb.data.query import fs, mishaps
from hf_nb.errors import Stopped
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    import duckdb

GAP = 1 << 14  # bytes between two columns of a row group that are read along
LOOK = 0.05  # seconds between two looks at whether a query was stopped
_lock = threading.Lock()
_spills = itertools.count()
_open: dict[int, Any] = {}  # by process: a child after a fork must not use its parent's


@contextlib.contextmanager
def cursor(*, alone: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of one's own, which ends with the work that was stopped.

    `alone`: a DuckDB of its own too, for heavy work. What it used is given back when it is closed; the shared one keeps
    hundreds of megabytes after a sort of ten million rows.
    """
    base = _made() if alone else _base()
    duck = base.cursor()
    over = threading.Event()
    watch = threading.Thread(target=copy_context().run, args=(_watch, duck, over), daemon=True)
    watch.start()
    try:
        with mishaps.translated():
            yield duck
    finally:
        over.set()
        watch.join()
        duck.close()
        if alone:
            base.close()


def _watch(duck: duckdb.DuckDBPyConnection, over: threading.Event) -> None:
    while not over.wait(LOOK):
        try:
            meter.look()
        except Stopped:
            duck.interrupt()  # again and again: the next statement must not run either


def _base() -> duckdb.DuckDBPyConnection:
    with _lock:
        base = _open.get(os.getpid())
        if base is None:
            base = _open[os.getpid()] = _made()
            atexit.register(_close)
        return base


def _made() -> duckdb.DuckDBPyConnection:
    duckdb = require("duckdb", "data", "Queries over tables")
    require("pyarrow", "data", "Queries over tables")
    spill = os.path.join(tempfile.gettempdir(), f"hf-nb-duckdb-{os.getpid()}-{next(_spills)}")  # noqa: PTH118 - a text for DuckDB
    base = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,  # a query sees no variable of the notebook by itself
            "temp_directory": spill,
        },
    )
    base.register_filesystem(fs.system())
    # What our files fetched is kept by them; a second copy here would not be counted.
    base.execute("SET allocator_background_threads = true")  # memory that is not used is given back
    base.execute("SET GLOBAL TimeZone = 'UTC'")
    base.execute("SET enable_external_file_cache = false")
    with contextlib.suppress(duckdb.CatalogException):  # before DuckDB 2.0 it was fixed
        # Left alone it grows with what requests were found to cost, and nobody can say what a query will move.
        base.execute(f"SET GLOBAL parquet_prefetch_column_gap = {GAP}")
    base.execute(f"SET allowed_directories = ['{fs.PROTOCOL}://']")
    base.execute("SET enable_external_access = false")
    base.execute("SET lock_configuration = true")
    return base  # type: ignore[no-any-return]


def _close() -> None:
    base = _open.pop(os.getpid(), None)
    if base is not None:
        base.close()


def give_back() -> None:
    """Memory that Arrow used and keeps for the next time: tens of megabytes after a look at ten million rows."""
    import pyarrow

    pyarrow.default_memory_pool().release_unused()
