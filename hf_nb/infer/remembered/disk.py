"""All answers on disk, in one file of SQLite that the user's processes share.

put, used     told at once, written a moment later by a thread of its own, many together
get           read where it is asked, past the writing (WAL)
too large     what was not used for longest goes
broken        set aside, and begun anew; another process goes on with what it has open
no room       nothing is written for a while; what is there is read
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hf_nb.infer.remembered.sieve import Sieve

FORM = 1  # of the table; another one is begun anew
ANOTHER = "a table of another form"
PAUSE = 0.3  # seconds that answers gather before they are written
MOST_WAITING = 64_000_000  # bytes not yet written; beyond that an answer is forgotten
AT_ONCE = 500  # marks in one question to SQLite
NO_ROOM = 60.0  # seconds without a try, after one that failed
ENOUGH = 0.9  # of the budget, once something had to go
BUSY = 5.0  # seconds for another process that writes
TABLE = f"""
PRAGMA auto_vacuum=INCREMENTAL;
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
PRAGMA journal_size_limit=4000000;
PRAGMA cache_size=-16000;
CREATE TABLE IF NOT EXISTS answers (
  number INTEGER PRIMARY KEY, mark BLOB NOT NULL UNIQUE, used REAL NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS by_use ON answers (used);
PRAGMA user_version={FORM};
"""
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_all: weakref.WeakSet[Disk] = weakref.WeakSet()
# Connections that a fork has brought along: never used, and never closed, since SQLite would tidy up behind them.
_parents: list[object] = []


class Disk:
    """One process's view of the file. `problem`: why nothing is written now.

    `more` is asked before anything is written: whoever has something left to put does it then, and says whether.
    """

    def __init__(self, path: Path, budget: Callable[[], int], more: Callable[[], bool] | None = None) -> None:
        self.path, self.budget = path, budget
        self._more = more or (lambda: False)
        self.problem = ""
        self._until = 0.0
        self._waiting: dict[bytes, bytes] = {}
        self._going: dict[bytes, bytes] = {}  # being written
        self._used: set[bytes] = set()
        self._size = 0
        self._sieve = Sieve(path)
        self._thread: threading.Thread | None = None
        self._closed = False
        self._begin_anew()
        _all.add(self)

    def _begin_anew(self) -> None:
        """Of its process: connections and locks do not survive a fork."""
        self._process = os.getpid()
        # Reentrant: a session may be collected, and its file closed, in any thread at any time.
        self._guard = threading.RLock()  # what waits
        self._reading = threading.RLock()
        self._writing = threading.RLock()
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        self._thread = None

    # -- asked by whoever answers

    def get(self, mark: bytes) -> bytes | None:
        """What is there."""
        self._here()
        waiting = self._waiting.get(mark) or self._going.get(mark)
        if waiting is not None:
            return waiting
        if self._sieve.lacks(mark):
            return None
        with self._reading:
            try:
                reader = self._open_reader()
                if reader is None:
                    return None
                row = reader.execute("SELECT body FROM answers WHERE mark=?", (mark,)).fetchone()
            except sqlite3.Error as wrong:
                self._mend(wrong)
                return None
        if row is None or not isinstance(row[0], bytes):
            return None
        self.used(mark)
        return row[0]

    def get_many(self, marks: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is there of these; whoever uses one says so."""
        self._here()
        found = {mark: body for mark in marks if (body := self._waiting.get(mark) or self._going.get(mark))}
        asked = [mark for mark in marks if mark not in found and not self._sieve.lacks(mark)]
        with self._reading:
            try:
                reader = self._open_reader() if asked else None
                for at in range(0, len(asked) if reader else 0, AT_ONCE):
                    some = asked[at : at + AT_ONCE]
                    many = f"SELECT mark, body FROM answers WHERE mark IN ({','.join('?' * len(some))})"  # noqa: S608
                    assert reader is not None
                    found |= {mark: body for mark, body in reader.execute(many, some) if type(body) is bytes}
            except sqlite3.Error as wrong:
                self._mend(wrong)
        return found

    def use(self, marks: Iterable[bytes]) -> None:
        """They are the last used; written soon."""
        with self._guard:
            before = len(self._used)
            self._used.update(marks)
            more = len(self._used) > before
        if more:
            self._start()

    def put(self, mark: bytes, body: bytes) -> None:
        """Written soon."""
        self._here()
        with self._guard:
            if self._size + len(body) > MOST_WAITING:
                return
            self._waiting[mark] = body
            self._size += len(body)
        self._start()

    def put_many(self, bodies: Mapping[bytes, bytes]) -> None:
        """The same for many at once."""
        self._here()
        size = sum(map(len, bodies.values()))
        with self._guard:
            if self._size + size > MOST_WAITING:
                return
            self._waiting.update(bodies)
            self._size += size
        self._start()

    def used(self, mark: bytes) -> None:
        """It is the last used; written soon."""
        self.use((mark,))

    def soon(self) -> None:
        """Something will be put: it is asked for in a moment."""
        self._here()
        self._start()

    def drop(self, mark: bytes) -> None:
        """Away with one."""
        with contextlib.suppress(sqlite3.Error, OSError), self._written() as writer:
            writer.execute("DELETE FROM answers WHERE mark=?", (mark,))

    # -- asked by whoever looks after it

    def status(self) -> tuple[int, int]:
        """How many answers there are, and their bytes on disk."""
        self.flush()
        number = 0
        with self._reading:
            try:
                if (reader := self._open_reader()) is not None:
                    number = int(reader.execute("SELECT count(*) FROM answers").fetchone()[0])
            except sqlite3.Error as wrong:
                self._mend(wrong)
        return number, sum(one.stat().st_size for one in self._files() if one.is_file())

    def clear(self) -> tuple[int, int]:
        """Away with all of them, in the file itself: other processes read it too."""
        with self._guard:
            self._waiting.clear()
            self._used.clear()
            self._size = 0
        number, before = self.status()
        with contextlib.suppress(OSError):
            self._set_aside().unlink(missing_ok=True)
        if not number:
            return number, before
        try:
            with self._written() as writer:
                writer.execute("DELETE FROM answers")
        except (sqlite3.Error, OSError):
            return 0, before  # another process writes, or nothing can be written: they are still there
        with contextlib.suppress(sqlite3.Error, OSError), self._writing:
            writer.executescript("PRAGMA incremental_vacuum")  # `execute` frees one page
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return number, before

    def flush(self) -> None:
        """Write what waits; until it is there it is found in memory."""
        self._more()
        with self._writing:
            with self._guard:
                waiting, used = self._waiting, self._used
                self._going, self._waiting, self._used, self._size = waiting, {}, set(), 0
            try:
                if self._may_write(waiting, used):
                    self._write(waiting, used)
            finally:
                self._going = {}

    def _may_write(self, waiting: dict[bytes, bytes], used: set[bytes]) -> bool:
        if time.monotonic() < self._until or not self.budget():
            return False
        return bool(waiting) or (bool(used) and self.path.exists())

    def _write(self, waiting: dict[bytes, bytes], used: set[bytes]) -> None:
        now = time.time()
        try:
            with self._written() as writer:
                writer.executemany(
                    "INSERT OR REPLACE INTO answers (mark, used, body) VALUES (?, ?, ?)",
                    [(mark, now, waiting[mark]) for mark in sorted(waiting)],
                )
                writer.executemany(
                    "UPDATE answers SET used=? WHERE mark=?", ((now, mark) for mark in used - waiting.keys())
                )
            self._trim(writer)
            self._sieve.read(writer)
            self.problem = ""
        except (sqlite3.Error, OSError) as wrong:
            self._went(wrong)

    def close(self) -> None:
        """Write what waits, and let the file go."""
        if self._process != os.getpid():
            return
        self.flush()
        self._closed = True
        with self._reading, self._writing:
            self._close()

    # -- writing

    def _start(self) -> None:
        """The thread that writes, where there is none; it ends when nothing is left."""
        with self._guard:
            if self._thread is not None or self._closed:
                return
            self._thread = threading.Thread(
                target=_write_soon, args=(weakref.ref(self),), daemon=True, name="hf_nb answers"
            )
        try:
            self._thread.start()
        except RuntimeError:  # the interpreter is ending: it is written then
            self._thread = None

    def _ended(self) -> bool:
        """Whether nothing waits; the thread is then gone."""
        more = self._more()
        with self._guard:
            if more or self._waiting or self._used:
                return False
            self._thread = None
            return True

    @contextlib.contextmanager
    def _written(self) -> Iterator[sqlite3.Connection]:
        """A block as one transaction."""
        with self._writing:
            writer = self._open_writer()
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    writer.execute("ROLLBACK")
                raise

    def _trim(self, writer: sqlite3.Connection) -> None:
        """Those that were not used for longest go, until nine tenths of the budget are left."""
        with self._writing:
            most = self.budget()
            taken = _taken(writer)
            if taken <= most:
                return
            while taken > most * ENOUGH:
                number = int(writer.execute("SELECT count(*) FROM answers").fetchone()[0])
                share = max(1, int(number * min(1.0, 1.1 * (1 - most * ENOUGH / taken))))
                if not number:
                    break
                writer.execute(
                    "DELETE FROM answers WHERE number IN (SELECT number FROM answers ORDER BY used LIMIT ?)",
                    (share,),
                )
                taken = _taken(writer)
            writer.executescript("PRAGMA incremental_vacuum")  # `execute` frees one page
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # -- the file

    def _here(self) -> None:
        if self._process != os.getpid():
            _parents.append((self._reader, self._writer))
            self._begin_anew()

    def _open_reader(self) -> sqlite3.Connection | None:
        if self._reader is None and not self._closed and self.path.exists():
            made = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                check_same_thread=False,
                isolation_level=None,
                timeout=0.1,
            )
            try:
                if made.execute("PRAGMA user_version").fetchone()[0] != FORM:
                    made.close()
                    return None
            except BaseException:
                made.close()
                self._opened = _inode(self.path)
                raise
            self._reader, self._opened = made, _inode(self.path)
        return self._reader

    def _open_writer(self) -> sqlite3.Connection:
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            made = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=BUSY)
            self._opened = _inode(self.path)
            try:
                form = made.execute("PRAGMA user_version").fetchone()[0]
                if form not in (0, FORM):
                    raise sqlite3.DatabaseError(ANOTHER)  # noqa: TRY301 -- begun anew like a broken one
                made.executescript(TABLE)
            except BaseException:
                made.close()
                raise
            self._writer = made
        return self._writer

    def _went(self, wrong: Exception) -> None:
        """Wrong while it was written: a broken file is begun anew; else nothing is written for a while."""
        if not self._mend(wrong):
            self.problem = f"Nothing is written now: {wrong}."
            self._until = time.monotonic() + NO_ROOM

    def _mend(self, wrong: Exception) -> bool:
        """Set the file aside if it is broken."""
        code = getattr(wrong, "sqlite_errorcode", 0) & 0xFF
        broken = code in _BROKEN or str(wrong) == ANOTHER
        if broken:
            self._aside()
        return broken

    def _aside(self) -> None:
        """The file that was opened, and no other: another process may have begun a new one."""
        opened = self._opened
        self._close()
        self._sieve.clear()
        if opened is None or opened != _inode(self.path):
            return
        with contextlib.suppress(OSError):
            self.path.replace(self._set_aside())
        for one in self._files()[1:]:
            one.unlink(missing_ok=True)

    def _close(self) -> None:
        for one in (self._reader, self._writer):
            if one is not None:
                with contextlib.suppress(sqlite3.Error):
                    one.close()
        self._reader = self._writer = None

    def _set_aside(self) -> Path:
        """Where a broken file goes; it holds answers too."""
        return self.path.with_suffix(".broken")

    def _files(self) -> list[Path]:
        return [self.path, *(self.path.with_name(f"{self.path.name}{end}") for end in ("-wal", "-shm"))]


def _write_soon(disk: weakref.ref[Disk]) -> None:
    """Until nothing waits, or nobody has it any more."""
    while True:
        time.sleep(PAUSE)
        here = disk()
        if here is None:
            return
        here.flush()
        if here._ended():  # noqa: SLF001 -- its own thread
            return
        del here


def _taken(connection: sqlite3.Connection) -> int:
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


@atexit.register
def _at_the_end() -> None:
    for one in list(_all):
        one.close()
