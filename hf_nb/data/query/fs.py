"""Files handed to DuckDB: its own Parquet reader plans what to read, and every byte comes through `data.files`.

with opened(files) as addresses:
    duck.sql(f"select … from read_parquet({addresses})")

So bytes are counted, bounded and stopped as everywhere, and a token goes where it may. An address holds a random word
and is good while the block runs.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import Context, copy_context
from typing import Any

from hf_nb.data.files.file import File, Range
from hf_nb.data.query.names import quoted, text

PROTOCOL = "hfnb"
CHANGED = datetime.datetime(
    2000, 1, 1, tzinfo=datetime.UTC
)  # an address is new each time, so nothing of it is ever old


class Handing:
    """Files of one query, and the first thing that went wrong while DuckDB read them."""

    def __init__(self, files: Sequence[File]) -> None:
        self.files, self.error = tuple(files), None
        self.word = secrets.token_hex(8)
        self._context = copy_context()
        self._lock = threading.Lock()

    error: BaseException | None

    @property
    def addresses(self) -> list[str]:
        return [f"{PROTOCOL}://{self.word}/{at}" for at in range(len(self.files))]

    def run(self, what: Callable[[], Any]) -> Any:
        """On a thread of DuckDB, but counted where the query was asked."""
        try:
            with self._lock:
                context: Context = self._context.copy()
            return context.run(what)
        except BaseException as error:
            self.error = self.error or error
            raise


_handed: dict[str, Handing] = {}


@contextlib.contextmanager
def opened(files: Sequence[File]) -> Iterator[Handing]:
    """Let DuckDB read these files. What a file says against it is raised as it was said."""
    handing = Handing(files)
    _handed[handing.word] = handing
    try:
        yield handing
    except Exception as error:
        if handing.error is not None:
            raise handing.error from error
        raise
    finally:
        _handed.pop(handing.word, None)


def view(name: str, handed: Handing, called: Mapping[str, str]) -> str:
    """The statement by which DuckDB takes these files for a table; `called`: their columns as SQL names them."""
    addresses = ", ".join(text(address) for address in handed.addresses)
    files = f"read_parquet([{addresses}])"
    if len({name.lower() for name in called}) < len(called):  # told apart by DuckDB in a way of its own
        files = f"{files} AS files({', '.join(map(quoted, called.values()))})"
        return f"CREATE TEMP VIEW {quoted(name)} AS SELECT * FROM {files}"  # noqa: S608 -- names are quoted
    named = ", ".join(f"{quoted(was)} AS {quoted(sql)}" for was, sql in called.items() if was != sql)
    chosen = f"* RENAME ({named})" if named else "*"
    return f"CREATE TEMP VIEW {quoted(name)} AS SELECT {chosen} FROM {files}"  # noqa: S608 -- names are quoted


def _found(path: str) -> tuple[Handing, File]:
    word, _, at = path.removeprefix(f"{PROTOCOL}://").partition("/")
    handing = _handed.get(word)
    if handing is None or not at.isdecimal() or int(at) >= len(handing.files):
        raise FileNotFoundError(path)
    return handing, handing.files[int(at)]


def system() -> Any:
    """The file system that is registered with DuckDB, which takes one of fsspec's only."""
    from hf_nb.plumbing.extras import require

    base = require("fsspec", "data", "Queries over files").AbstractFileSystem

    return type("Handed", (_Handed, base), {"cachable": False})()


class _Handed:
    """What DuckDB asks of a file system, and no more: there is nothing to list, and nothing can be written."""

    protocol = PROTOCOL

    def exists(self, path: str, **_: Any) -> bool:
        try:
            _found(path)
        except FileNotFoundError:
            return False
        return True

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        handing, file = _found(path)
        return {"name": path, "size": handing.run(lambda: file.size), "type": "file"}

    def modified(self, path: str) -> datetime.datetime:
        return CHANGED

    def isdir(self, path: str) -> bool:
        return False

    def isfile(self, path: str) -> bool:
        return self.exists(path)

    def glob(self, path: str, **_: Any) -> list[str]:
        return [path] if self.exists(path) else []

    def open(self, path: str, mode: str = "rb", **_: Any) -> Reader:
        if set(mode) - {"r", "b"}:
            raise PermissionError("Nothing is written here.")
        return Reader(*_found(path))


class Reader:
    """One file, read by several threads at once: each has a place of its own."""

    closed = False

    def __init__(self, handing: Handing, file: File) -> None:
        self._handing, self._file = handing, file
        self._at: dict[int, int] = {}

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        me = threading.get_ident()
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at.get(me, 0)}.get(whence)
        self._at[me] = offset + (self._file.size if base is None else base)
        return self._at[me]

    def tell(self) -> int:
        return self._at.get(threading.get_ident(), 0)

    def read(self, count: int = -1) -> bytes:
        start = self.tell()
        size: int = self._handing.run(lambda: self._file.size)
        end = size if count < 0 else min(size, start + count)
        if end <= start:
            return b""
        data: bytes = self._handing.run(lambda: self._file.read([Range(start, end)])[0])
        self._at[threading.get_ident()] = end
        return data

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True
