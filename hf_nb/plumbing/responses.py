"""Copies of the Hub's answers on disk, for several processes at once.

    responses/salt              makes a token's trace in a key worthless elsewhere; no token is written anywhere
              entries/<subject>.<key>     status, headers, the body's checksum, when it was last known to be true
              bodies/<sha256>             what was answered, as it came over the wire
              changed/<subject>           touched by a write of ours: older entries of that subject are void

A subject is a repository, or the lists of a kind. Every file is written whole and then named, so that a reader sees
all of it or nothing; what does not fit its checksum is no copy. The least recently used go first. A thread of its own
writes, since making a file may take longer than asking the Hub; until it has, copies are answered from memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

MOST_ENTRIES = 4_000
MOST_BYTES = 64 << 20
# A body larger than this is not worth a twentieth of the room.
MOST_BODY = MOST_BYTES // 20
# Looking through a full folder takes some 30 ms, so it is done once in so many copies.
TRIM_EVERY = 200
FORMAT = "1"
_FORGOTTEN = 3600.0

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Copy:
    """An answer as it was."""

    name: str
    status: int
    headers: Headers
    body: bytes
    checked: float

    def header(self, name: str) -> str | None:
        """The first of that name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True)
class Status:
    """How many there are, and how old."""

    entries: int = 0
    bytes: int = 0
    oldest: float | None = None


class Responses:
    """The folder of copies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._salt = b""
        # not from 0: a process that keeps few copies shall trim now and then, too
        self._stored = random.randrange(TRIM_EVERY)  # noqa: S311 -- not a secret
        self._lock = threading.Lock()
        self._waiting: dict[str, Copy] = {}
        self._writer: threading.Thread | None = None

    def name(self, subject: str, address: str, token: str | None) -> str | None:
        """What a copy is filed under: the subject, and a digest of the address and of who asked."""
        salt = self._secret()
        if not salt:
            return None
        asked = f"{FORMAT}\0{token or ''}\0{address}".encode("utf-8", "surrogatepass")
        return f"{_digest(subject)}.{hashlib.blake2b(asked, key=salt, digest_size=20).hexdigest()}"

    def load(self, name: str) -> Copy | None:
        """The copy of that name, unless it is void or damaged."""
        if waiting := self._waiting.get(name):
            return None if waiting.checked <= self._changed_at(name) else waiting
        try:
            with (self.folder / "entries" / name).open("rb") as file:
                entry = json.loads(file.read())
            with (self.folder / "bodies" / entry["body"]).open("rb") as file:
                body = file.read()
            found = Copy(
                name,
                int(entry["status"]),
                tuple((str(key), str(value)) for key, value in entry["headers"]),
                body,
                float(entry["checked"]),
            )
            if hashlib.sha256(body).hexdigest() != entry["body"] or found.checked <= self._changed_at(name):
                return None
            self._used(name, entry["body"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found

    def keep(self, copy: Copy) -> None:
        """Keep a copy, soon."""
        with self._lock:
            self._waiting[copy.name] = copy
            if self._writer is not None:
                return
            # no daemon: a process that ends writes what is waiting, and then ends
            self._writer = threading.Thread(target=self._write_out, name="hf-nb-responses", daemon=False)
        try:
            self._writer.start()
        except RuntimeError:  # the interpreter is on its way out
            self._write_out()

    def settle(self) -> None:
        """Wait until everything kept is on disk."""
        if (writer := self._writer) is not None and writer is not threading.current_thread():
            writer.join()

    def _write_out(self) -> None:
        while True:
            with self._lock:
                copy = next(iter(self._waiting.values()), None)
                if copy is None:
                    self._writer = None
                    return
            self.store(copy)
            with self._lock:
                if self._waiting.get(copy.name) is copy:
                    del self._waiting[copy.name]

    def store(self, copy: Copy) -> None:
        """Write a copy now. A disk that is full or closed to us loses the copy, nothing else."""
        if len(copy.body) > MOST_BODY:
            return
        digest = hashlib.sha256(copy.body).hexdigest()
        entry = {"status": copy.status, "headers": copy.headers, "body": digest, "checked": copy.checked}
        with contextlib.suppress(OSError):
            if not (self.folder / "bodies" / digest).exists():
                self._write("bodies", digest, copy.body)
            self._write("entries", copy.name, json.dumps(entry).encode())
            self._count()

    def still_true(self, copy: Copy, checked: float) -> Copy:
        """The same copy, known to be true at `checked`."""
        renewed = replace(copy, checked=checked)
        self.keep(renewed)
        return renewed

    def forget(self, subjects: Iterable[str]) -> None:
        """Void what is kept of these: they have changed."""
        if not self._waiting and not self.folder.is_dir():
            return
        now = time.time()
        for subject in subjects:
            with contextlib.suppress(OSError):
                self._write("changed", _digest(subject), b"")
                os.utime(self.folder / "changed" / _digest(subject), (now, now))

    def status(self) -> Status:
        """What is there, from a look at the folder."""
        self.settle()
        entries, bodies = self._room("entries"), self._room("bodies")
        ages = (_checked(one.path) for one in entries if not one.hidden)
        return Status(
            sum(not one.hidden for one in entries),
            sum(one.size for one in (*entries, *bodies)),
            min(filter(None, ages), default=None),
        )

    def clear(self) -> Status:
        """Remove every copy."""
        before = self.status()
        _remove(one.path for room in ("entries", "bodies") for one in self._room(room))
        return before

    def trim(self) -> None:
        """Keep the most recently used, within the bounds."""
        forgotten = time.time() - _FORGOTTEN
        # a tenth below the bounds, so that the next copy does not trim again
        fewest, room = MOST_ENTRIES - MOST_ENTRIES // 10, MOST_BYTES - MOST_BYTES // 10
        entries, bodies = self._room("entries"), self._room("bodies")
        _remove(one.path for one in (*entries, *bodies) if one.hidden and one.used < forgotten)
        if len(entries) > MOST_ENTRIES:
            _remove(one.path for one in _latest(entries)[fewest:])
            _remove(one.path for one in _latest(bodies)[fewest:])
        if sum(one.size for one in bodies) > MOST_BYTES:
            for one in _latest(bodies):
                room -= one.size
                if room < 0:
                    _remove([one.path])
        for mark in self._room("changed"):
            if mark.used < forgotten:
                # before a mark is forgotten, what it made void goes
                subject = Path(mark.path).name
                void = (one for one in entries if Path(one.path).name.startswith(f"{subject}."))
                _remove(one.path for one in void if (_checked(one.path) or 0) <= mark.used)
                _remove([mark.path])

    def _room(self, name: str) -> list[_Lying]:
        return list(_lying(self.folder / name))

    def _count(self) -> None:
        with self._lock:
            self._stored += 1
            due = self._stored % TRIM_EVERY == 0
        if due:
            self.trim()

    def _changed_at(self, name: str) -> float:
        try:
            return (self.folder / "changed" / name.partition(".")[0]).stat().st_mtime
        except OSError:
            return 0.0

    def _used(self, name: str, digest: str) -> None:
        with contextlib.suppress(OSError):
            os.utime(self.folder / "entries" / name)
            os.utime(self.folder / "bodies" / digest)

    def _secret(self) -> bytes:
        """Made once a folder; whoever loses the race to make it takes the winner's."""
        if self._salt:
            return self._salt
        path = self.folder / "salt"
        with contextlib.suppress(OSError):
            if not path.exists():
                made = self._whole(".", os.urandom(32))
                with contextlib.suppress(FileExistsError):
                    os.link(made, path)
                made.unlink()
            self._salt = path.read_bytes()
        return self._salt

    def _write(self, room: str, name: str, content: bytes) -> None:
        made = self._whole(room, content)
        made.replace(self.folder / room / name)

    def _whole(self, room: str, content: bytes) -> Path:
        """A file with this content that has no name yet."""
        folder = self.folder / room
        path = folder / f".{os.urandom(8).hex()}"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except BaseException:
            _remove([path])
            raise
        return path


def _digest(subject: str) -> str:
    return hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:24]


class _Lying(NamedTuple):
    """A file in one of the rooms; hidden: not yet whole."""

    path: str
    size: int
    used: float
    hidden: bool


def _lying(folder: Path) -> Iterator[_Lying]:
    """Another process may take some of them away meanwhile."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                facts = entry.stat()
                yield _Lying(entry.path, facts.st_size, facts.st_mtime, entry.name.startswith("."))


def _latest(files: Iterable[_Lying]) -> list[_Lying]:
    return sorted(files, key=lambda one: -one.used)


def _checked(path: str) -> float | None:
    try:
        return float(json.loads(Path(path).read_bytes())["checked"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remove(paths: Iterable[str | Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            Path(path).unlink()
