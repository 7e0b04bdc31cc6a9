"""One commit on the official client's own transfer: what is there already stays, what goes is counted.

The commit comes last and holds everything, so a push that is stopped, cut or killed leaves nothing half done; large
files that had arrived whole are known to the Hub and are not sent again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.plumbing import http, progress
from hf_nb.plumbing.progress import Progress

if TYPE_CHECKING:
    from huggingface_hub import HfApi

    from hf_nb.values import Kind
    from hf_nb.values.push import State

BLOCK = 1 << 20
LISTED_BY_NAME = 400  # more files than that, and the whole tree is read instead
EVERY = 0.1


@dataclass
class Going:
    """One file, and what the Hub has under its path."""

    path: str
    source: Path | bytes
    size: int
    state: State = "new"
    sha256: bytes | None = None
    sent: int | None = 0  # None: Xet does not tell


class Meter:
    """Bytes on their way, told to whoever listens; called from the threads that send."""

    def __init__(self, what: str, total: int, detail: str) -> None:
        self.what, self.total, self.detail = what, total, detail
        self.done = 0
        self.moved = 0  # by Xet, which does not say of which file
        self.sent: dict[str, int] = {}
        self._began = self._told = time.monotonic()
        self._lock = threading.Lock()
        self._context = copy_context()

    def count(self, path: str, number: int) -> None:
        """So many bytes of this file more."""
        with self._lock:
            self.sent[path] = self.sent.get(path, 0) + number
            self.add(number)

    def add(self, number: int) -> None:
        """So many bytes more."""
        self.done += number
        now = time.monotonic()
        if now - self._told >= EVERY or self.done >= self.total:
            self._told = now
            shown = Progress(
                self.what, min(self.done, self.total), self.total, "bytes", now - self._began, self.detail
            )
            self._context.run(progress.show, shown)


@dataclass(frozen=True)
class There:
    """The repository before the push."""

    id: str
    exists: bool
    private: bool | None = None
    commit: str | None = None
    files: dict[str, Any] = field(default_factory=dict)
    revision_exists: bool = True


@dataclass(frozen=True)
class Done:
    """The commit; `moved`: what Xet sent, beside what is known of every file."""

    oid: str
    pr_url: str | None = None
    pr_num: int | None = None
    moved: int = 0


def compare(files: Sequence[Going], there: There, meter: Meter) -> None:
    """Say of every file whether the Hub has it; what has another size is not even read."""
    for one in files:
        remote = there.files.get(one.path)
        if remote is None:
            continue
        one.state = "same" if remote.size == one.size and _same(one, remote) else "changed"
        meter.add(one.size)


def _same(one: Going, remote: Any) -> bool:
    if remote.lfs is not None:
        one.sha256 = _digest(one.source, hashlib.sha256())
        return bool(one.sha256.hex() == remote.lfs.sha256)
    git = hashlib.sha1(b"blob %d\0" % one.size, usedforsecurity=False)
    return bool(_digest(one.source, git).hex() == remote.blob_id)


def _digest(source: Path | bytes, digest: Any) -> bytes:
    if isinstance(source, bytes):
        digest.update(source)
    else:
        with source.open("rb") as handle:
            while block := handle.read(BLOCK):
                digest.update(block)
    result: bytes = digest.digest()
    return result


def commit(
    hub: HfApi,
    there: There,
    kind: Kind,
    files: Sequence[Going],
    deleted: Sequence[str],
    *,
    message: str,
    description: str,
    revision: str | None,
    create_pr: bool,
) -> Done:
    """Everything at once, on top of the commit that was looked at."""
    from huggingface_hub import CommitOperationDelete

    going = [one for one in files if one.state in {"new", "changed"}]
    meter = Meter(there.id, sum(one.size for one in going), f"{len(going)} files")
    operations: list[Any] = [_operation(one, meter) for one in going]
    operations += [CommitOperationDelete(path) for path in deleted]
    with _quietly(meter), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "are you sure": a Parquet file in a model's repository
        try:
            done: Any = hub.create_commit(
                there.id,
                operations,
                commit_message=message,
                commit_description=description,
                repo_type=kind,
                revision=revision,
                create_pr=create_pr,
                parent_commit=there.commit,
            )
        except Exception as wrong:
            done = (
                None
                if create_pr or not _unsure(wrong)
                else _after_all(hub, there, kind, going, deleted, revision)
            )
            if done is None:
                raise
    for one, operation in zip(going, operations, strict=False):
        if operation._should_ignore:  # noqa: SLF001 -- told by the Hub, from the repository's .gitignore
            one.state = "ignored"
        elif operation._upload_mode == "regular":  # noqa: SLF001 -- such a file goes inside the commit
            one.sent = one.size
        else:
            one.sent = None if "" in meter.sent else min(meter.sent.get(one.path, 0), one.size)
    return Done(done.oid, done.pr_url, int(done.pr_num) if done.pr_num else None, meter.moved)


def _unsure(wrong: BaseException) -> bool:
    """Whether the Hub may have made the commit, although its answer did not come."""
    from huggingface_hub.errors import HfHubHTTPError

    library = http.library()
    if isinstance(wrong, http.GaveUp):
        wrong = wrong.last
    if isinstance(wrong, HfHubHTTPError):
        return wrong.response.status_code in {500, 502, 504}
    return isinstance(wrong, (library.TransportError, json.JSONDecodeError)) and not isinstance(
        wrong, library.ConnectError
    )


def _after_all(
    hub: HfApi, there: There, kind: Kind, going: Sequence[Going], deleted: Sequence[str], revision: str | None
) -> Done | None:
    """The commit, when everything that was to go is there now."""
    from huggingface_hub.hf_api import RepoFile

    with contextlib.suppress(Exception):  # the first failure is the one to tell
        told = hub.repo_info(there.id, repo_type=kind, revision=revision)
        if told.sha == there.commit:
            return None
        paths = [*(one.path for one in going), *deleted]
        entries = hub.get_paths_info(there.id, paths, repo_type=kind, revision=told.sha)
        files = {one.path: one for one in entries if isinstance(one, RepoFile)}
        whole = all(one.path in files and _same(one, files[one.path]) for one in going)
        if whole and not set(deleted) & set(files) and told.sha:
            return Done(told.sha)
    return None


def _operation(one: Going, meter: Meter) -> Any:
    operation = _tracked()(one.path, one.source)
    operation.meter = meter
    if one.sha256:
        operation.upload_info.sha256 = one.sha256
    return operation


@functools.cache
def _tracked() -> Any:
    """The official addition, whose bytes are counted while they are sent."""
    from huggingface_hub import CommitOperationAdd

    class Tracked(CommitOperationAdd):
        meter: Meter

        @contextlib.contextmanager
        def as_file(self, with_tqdm: bool = False) -> Iterator[Any]:  # noqa: FBT001, FBT002 -- as the parent has it
            if not with_tqdm:  # read to be looked at, not to be sent
                with super().as_file() as plain:
                    yield plain
            else:
                source = self.path_or_fileobj
                raw = io.BytesIO(source) if isinstance(source, bytes) else io.FileIO(str(source))
                with _Counted(raw, self.path_in_repo, self.meter) as counted:
                    yield counted

    return Tracked


class _Counted(io.BufferedReader):
    """A file that tells how much of it was read."""

    def __init__(self, raw: Any, path: str, meter: Meter) -> None:
        super().__init__(raw, BLOCK)
        self.path, self.meter = path, meter

    def read(self, size: int | None = -1, /) -> bytes:
        taken = super().read(size)
        self.meter.count(self.path, len(taken))
        return taken


@contextlib.contextmanager
def _quietly(meter: Meter) -> Iterator[None]:
    """Our progress, not the library's bars. Xet counts in Rust and reports to a class, which is ours meanwhile."""
    from huggingface_hub import utils
    from huggingface_hub.utils import _xet_progress_reporting as xet

    class Reporter:
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self.read = self.moved = 0

        def update_progress(self, group: Any, items: Any = None) -> None:
            read, moved = int(group.total_bytes_completed), int(group.total_transfer_bytes_completed)
            meter.count("", max(read - self.read, 0))
            meter.moved += max(moved - self.moved, 0)
            self.read, self.moved = max(read, self.read), max(moved, self.moved)

        def close(self, *args: Any, **kwargs: Any) -> None:
            pass

    theirs, asked, silent = (
        xet.XetUploadProgressReporter,
        utils.are_progress_bars_disabled,
        utils.are_progress_bars_disabled(),
    )
    xet.XetUploadProgressReporter = Reporter  # type: ignore[misc,assignment]
    utils.are_progress_bars_disabled = _shown  # or nothing would be reported
    if not silent:
        utils.disable_progress_bars()
    try:
        yield
    finally:
        xet.XetUploadProgressReporter = theirs  # type: ignore[misc]
        utils.are_progress_bars_disabled = asked
        if not silent:
            utils.enable_progress_bars()


def _shown(name: str | None = None) -> bool:
    return False
