"""What of a batch is finished, written down as it comes: a line per row, so a run may be killed anywhere.

    {"hf_nb": "batch", "of": …}                            task, model, commit, parameters: another one is another batch
    {"row": 12, "input": "9f…", "answer": …}               or "error": [class, problem, next step]

A row counts where its number and its input are the same. No input stands in it, but answers do. A last line that was
torn is cut off. One process writes at a time.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from hf_nb import errors
from hf_nb.errors import BadInput, Busy, HfNbError
from hf_nb.plumbing import redact

FOLDER = Path(".hf_nb") / "batches"
KIND = "batch"
EVERY = 1.0  # seconds between two times that what was written goes to the disk
KEPT_DAYS = 7  # a journal in our own folder that nobody has touched for so long goes
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR})


def called(of: str, first: list[str]) -> Path:
    """The file of a batch that begins with these inputs, in the working folder."""
    name = hashlib.blake2b("\n".join([of, *first]).encode(), digest_size=8).hexdigest()
    return FOLDER / f"{name}.jsonl"


class Journal:
    """Of one batch. `there`: where the line of each finished row begins, by (row, input)."""

    def __init__(self, path: Path, of: str, *, ours: bool) -> None:
        self.path, self.of = path, of
        self.there: dict[tuple[int, str], int] = {}
        self.problem = ""
        self._ours = ours
        self._file: IO[bytes] | None = None
        self._lock: IO[bytes] | None = None
        self._flushed = time.monotonic()

    def open(self) -> None:
        """See what is there, and keep others out; where nothing can be written, say so and go on without."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._ours:
                _ignored(self.path.parent.parent)
                _tidied(self.path.parent)
            self._lock = _locked(self.path)
            # not "a": it is read and cut as well
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            self._file = os.fdopen(descriptor, "r+b")
            self._read(self._file)
        except OSError as wrong:
            self.close()
            self._gone(wrong)
        except BaseException:
            self.close()
            raise

    def find(self, row: int, mark: str) -> Mapping[str, Any] | None:
        """The line of this row, where it is finished."""
        at = self.there.get((row, mark))
        if at is None or self._file is None:
            return None
        self._file.seek(at)
        line = _line(self._file.readline())
        self._file.seek(0, os.SEEK_END)
        return line

    def answered(self, row: int, mark: str, answer: Any) -> None:
        """A row is done. An answer with a credential in it is not written down, and asked for again."""
        self._write({"row": row, "input": mark, "answer": answer})

    def failed(self, row: int, mark: str, wrong: HfNbError) -> None:
        """A row will never have one."""
        said = [type(wrong).__name__, wrong.problem, wrong.next_step]
        self._write({"row": row, "input": mark, "error": said})

    def flush(self) -> None:
        """To the disk."""
        if self._file is None:
            return
        self._flushed = time.monotonic()
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as wrong:
            self._gone(wrong)

    def close(self) -> None:
        """The file stays, for the next run."""
        self.flush()
        for one in (self._file, self._lock):
            if one is not None:
                with contextlib.suppress(OSError):
                    one.close()
        self._file = self._lock = None

    def forget(self) -> None:
        """It has served, and the next run begins anew; a file that was asked for stays."""
        if self._ours:
            self.path.unlink(missing_ok=True)

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is None:
            return
        try:
            text = json.dumps(line, ensure_ascii=False)
        except (TypeError, ValueError):
            return
        if redact.text(text) != text:
            return
        try:
            self._file.write(text.encode("utf-8", "backslashreplace") + b"\n")
        except OSError as wrong:
            self._gone(wrong)
            return
        if time.monotonic() - self._flushed > EVERY:
            self.flush()

    def _read(self, file: IO[bytes]) -> None:
        head = _line(file.readline())
        if head is None and self.path.stat().st_size:
            raise BadInput(f"{self.path} is no journal of a batch.", "Another file: journal=PATH")
        if head is None:
            file.write(json.dumps({"hf_nb": KIND, "of": self.of}).encode() + b"\n")
            self.flush()
            return
        if head.get("hf_nb") != KIND:
            raise BadInput(f"{self.path} is no journal of a batch.", "Another file: journal=PATH")
        if head.get("of") != self.of:
            raise BadInput(
                f"{self.path} is of another batch: another model, commit, task or other parameters.",
                "Another file: journal=PATH",
            )
        good = file.tell()
        for at, line in _lines(file):
            found = _line(line)
            if found is not None and {"row", "input"} <= found.keys():
                self.there[found["row"], str(found["input"])] = at
            if line.endswith(b"\n"):
                good = at + len(line)
        file.truncate(good)
        file.seek(0, os.SEEK_END)

    def _gone(self, wrong: OSError) -> None:
        """From now on nothing is written down."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()
        full = wrong.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full" if full else (wrong.strerror or type(wrong).__name__).lower()
        self.problem = f"Not written down, since {why}: after a restart the rest is asked for again."


def error(said: Any) -> HfNbError:
    """The failure a line tells; a class that is none of ours becomes the plainest."""
    name, problem, step = (str(one) for one in said)
    kind = getattr(errors, name, None)
    if not isinstance(kind, type) or not issubclass(kind, HfNbError):
        kind = HfNbError
    return kind(problem, step)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    while True:
        at = file.tell()
        line = file.readline()
        if not line:
            return
        yield at, line


def _line(raw: bytes) -> dict[str, Any] | None:
    if not raw.endswith(b"\n"):
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _locked(path: Path) -> IO[bytes]:
    """Held while the file is; the system lets go of it when the process ends, however it does."""
    lock = path.with_name(f"{path.name}.lock").open("ab")
    try:
        _hold(lock)
    except OSError as wrong:
        lock.close()
        if wrong.errno in FULL:
            raise
        raise Busy(
            "Another process is at this very batch.", "Wait for it, or keep another journal: journal=PATH"
        ) from None
    return lock


def _hold(lock: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        return
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _ignored(folder: Path) -> None:
    """No repository of the user's takes it up."""
    mark = folder / ".gitignore"
    if not mark.exists():
        mark.write_text("*\n", encoding="utf-8")


def _tidied(folder: Path) -> None:
    before = time.time() - KEPT_DAYS * 86_400
    for one in folder.glob("*.jsonl*"):
        with contextlib.suppress(OSError):
            if one.stat().st_mtime < before:
                one.unlink()
