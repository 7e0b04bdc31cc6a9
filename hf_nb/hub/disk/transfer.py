"""Several files at once, counted as one: bytes, rate and files for whoever listens, and an end at any moment.

The threads are daemons: a stalled connection must keep neither the stop button nor the end of a program waiting.
"""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from hf_nb.errors import Stopped
from hf_nb.hub.disk.listing import Listed
from hf_nb.plumbing import progress
from hf_nb.plumbing.jobs import Job
from hf_nb.plumbing.progress import Progress
from hf_nb.plumbing.transports.sockets import Line

THREADS = 8
# The rate is that of the last seconds, which is what the time left depends on.
WINDOW = 5.0
LOOK = 0.05
CHUNK = 256 * 1024
GRACE = 1.0
NAME = "hf-nb-transfer"


class Ended(Exception):
    """A thread's work is no longer wanted."""


class _Way(Line):
    """The sockets of one thread: once it is shut, nothing is asked through it again."""

    def take(self, stream: Any) -> None:
        if self.gone:
            stream.close()
            raise Ended
        super().take(stream)


class Transfer:
    """The files of one pull on their way."""

    def __init__(self, what: str, total: int, files: int, job: Job) -> None:
        self.what, self.total, self.files, self.job = what, total, files, job
        self.done = self.moved = self.complete = 0
        self.arrived: dict[str, bool] = {}
        self._counted: dict[str, int] = {}
        self._ways: list[_Way] = []
        self.ended = threading.Event()
        self.began = time.monotonic()
        self._failed: list[BaseException] = []
        self._lock = threading.Lock()
        self._recent: deque[tuple[float, int]] = deque()

    def run(self, files: Sequence[Listed], bring: Callable[[Listed], bool]) -> None:
        """Bring them all; the first failure ends the rest."""
        waiting = deque(files)
        threads = [
            threading.Thread(
                target=contextvars.copy_context().run,
                args=(self._work, waiting, bring),
                name=f"{NAME}-{number}",
                daemon=True,
            )
            for number in range(min(THREADS, len(files)))
        ]
        with quiet(), often():
            for thread in threads:
                thread.start()
            try:
                while any(thread.is_alive() for thread in threads) and not self._failed:
                    threads[0].join(LOOK) if threads[0].is_alive() else time.sleep(LOOK)
                    self._tell()
                    if self.job.stopping.is_set():
                        raise Stopped
            finally:
                self._end(threads)
        if self._failed:
            raise self._failed[0]

    def of(self, file: Listed) -> type:
        """What the library is told to count with."""
        return type("Bar", (_Bar,), {"transfer": self, "file": file})

    def again(self, file: Listed) -> None:
        """A file came to nothing and is fetched once more."""
        self._set(file, 0)

    def count(self, file: Listed, done: int, moved: int) -> None:
        """So many bytes more; in a thread that is no longer wanted, its end."""
        if self.ended.is_set():
            raise Ended
        with self._lock:
            self.done += done
            self.moved += moved
            self._counted[file.path] = self._counted.get(file.path, 0) + done

    def finish(self, file: Listed, *, fetched: bool) -> None:
        """The file is here, however much of it had to be moved."""
        self._set(file, file.size)
        with self._lock:
            self.arrived[file.path] = fetched
            self.complete += 1

    def _set(self, file: Listed, done: int) -> None:
        with self._lock:
            self.done += done - self._counted.get(file.path, 0)
            self._counted[file.path] = done

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.began

    def _work(self, waiting: deque[Listed], bring: Callable[[Listed], bool]) -> None:
        way = _Way()
        self._ways.append(way)
        with way:
            self._bring_all(waiting, bring)

    def _bring_all(self, waiting: deque[Listed], bring: Callable[[Listed], bool]) -> None:
        while not self.ended.is_set():
            try:
                file = waiting.popleft()
            except IndexError:
                return
            try:
                self.finish(file, fetched=bring(file))
            except Ended:
                return
            except BaseException as wrong:  # noqa: BLE001 -- raised again in the caller's thread
                self._failed.append(wrong)
                self.ended.set()
                return

    def _tell(self) -> None:
        now = time.monotonic()
        self._recent.append((now, self.moved))
        while len(self._recent) > 2 and now - self._recent[0][0] > WINDOW:
            self._recent.popleft()
        (then, before), (_, moved) = self._recent[0], self._recent[-1]
        rate = (moved - before) / (now - then) if now > then else None
        self.job.at(min(self.done, self.total), self.total)
        detail = f"{self.complete} of {self.files} files" if self.complete < self.files > 1 else ""
        progress.show(
            Progress(self.what, min(self.done, self.total), self.total, "bytes", self.seconds, detail, rate)
        )

    def _end(self, threads: list[threading.Thread]) -> None:
        self.ended.set()
        # who waits for a silent server is woken: it holds the lock on its file
        for way in self._ways:
            way.shut()
        until = time.monotonic() + GRACE
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        self.job.at(min(self.done, self.total), self.total)
        if not self._failed and self.complete == self.files and self.files:
            average = self.moved / self.seconds if self.moved else None
            progress.show(Progress(self.what, self.total, self.total, "bytes", self.seconds, rate=average))


class _Bar:
    """Looks like the bar the library would draw, and only counts."""

    transfer: Transfer
    file: Listed

    def __init__(self, *args: Any, initial: int = 0, total: int | None = None, **kwargs: Any) -> None:
        self.n, self.total = initial, total
        self.transfer.count(self.file, initial, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        pass

    def update(self, n: float | None = 1) -> None:
        """Bytes written to the disk."""
        self.n += int(n or 0)
        self.transfer.count(self.file, int(n or 0), 0)

    def update_transfer(self, n: float | None = 1) -> None:
        """Bytes that came over the network."""
        self.transfer.count(self.file, 0, int(n or 0))

    def __getattr__(self, name: str) -> Any:
        """The rest is drawing."""
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*args: object, **kwargs: object) -> None:
    pass


_often: list[int] = []
_often_lock = threading.Lock()


@contextmanager
def often() -> Iterator[None]:
    """The library writes and counts ten megabytes at a time: on a slow line nothing seems to move."""
    from huggingface_hub import constants

    with _often_lock:
        _often.append(constants.DOWNLOAD_CHUNK_SIZE)
        constants.DOWNLOAD_CHUNK_SIZE = CHUNK
    try:
        yield
    finally:
        with _often_lock:
            before = _often.pop(0) if len(_often) == 1 else _often.pop()
            if not _often:
                constants.DOWNLOAD_CHUNK_SIZE = before


@contextmanager
def quiet() -> Iterator[None]:
    """What the library says of a connection it tries again stays out of the cell: the bar shows as much."""

    def ours(record: logging.LogRecord) -> bool:
        return not (record.threadName or "").startswith(NAME)

    loggers = [logging.getLogger(f"huggingface_hub.{name}") for name in ("file_download", "utils._http")]
    for logger in loggers:
        logger.addFilter(ours)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(ours)
