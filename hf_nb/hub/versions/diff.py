"""What changed between two revisions of a repository, without downloading it.

The two trees name every content; only small texts, the footers of Parquet files and the headers of safetensors
files are read, and only where they differ.
"""

from __future__ import annotations

import contextvars
import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from hf_nb.errors import BadInput, TooLarge
from hf_nb.hub import ids
from hf_nb.hub.address import Address, about, asked, shown
from hf_nb.hub.client import api
from hf_nb.hub.versions import changes, contents
from hf_nb.hub.versions.contents import Revision
from hf_nb.hub.versions.history import MAIN, commit_at
from hf_nb.plumbing import http, progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.diff import Change, Diff, FileChange
from hf_nb.values.history import Commit

if TYPE_CHECKING:
    from huggingface_hub import HfApi

MOST_TEXTS = 40
MOST_STRUCTURES = 16
_WORKERS = 8
In = TypeVar("In")
Out = TypeVar("Out")


def diff(
    repo: str,
    old: str | None = None,
    new: str | None = None,
    *,
    kind: str | None = None,
    session: Session | None = None,
) -> Diff:
    """What changed from `old` to `new` (`main`). Without `old`: in the last commit. `"v1..main"` says both."""
    session = session or current()
    before, after = _ends(old or ids.which(repo, kind, None, session).revision, new)

    def ask(hub: HfApi, address: Address) -> Commit:
        return commit_at(address, after, session)

    with http.verb(session) as read, session.span("hub.diff", repo=repo) as span, session.ledger.looking():
        address, last = asked(repo, kind, session, ask)
        with about(address, session):
            first = commit_at(address, before, session)
            found = between(address, first, last, session, names=(before, after))
        span.set(files=len(found.files))
    note = shown(read)
    return dataclasses.replace(found, notes=(*found.notes, note)) if note else found


def between(address: Address, old: Commit, new: Commit, session: Session, *, names: tuple[str, str]) -> Diff:
    """What changed between two known commits."""
    hub = api(session)
    progress.say(f"Comparing {address.full} at {names[0]} and {names[1]} …")
    files = changes.files(changes.tree(hub, address, old.id), changes.tree(hub, address, new.id))
    reading = _Reading(Revision(address, old.id, session), Revision(address, new.id, session))
    return Diff(
        address.kind,
        address.id,
        old,
        new,
        *names,
        files=tuple(reading.texts(files)),
        metadata=tuple(reading.metadata),
        schema=tuple(reading.schema(files)),
        tensors=tuple(reading.tensors(files)),
        notes=tuple(reading.notes),
        hub=session.settings.endpoint,
    )


def _ends(old: str | None, new: str | None) -> tuple[str, str]:
    if old and ".." in old:
        if new:
            raise BadInput(f"{old} names both ends already; {new} is one too many.", "For example: v1..main")
        before, _, after = old.partition("..")
        return before or MAIN, after.lstrip(".") or MAIN
    after = new or MAIN
    return old or f"{after}~1", after


class _Reading:
    """Looks into the files that differ."""

    def __init__(self, old: Revision, new: Revision) -> None:
        self.old, self.new = old, new
        self.metadata: list[Change] = []
        self.notes: list[str] = []
        self._stated: tuple[dict[str, str], dict[str, str]] = ({}, {})

    def texts(self, files: Sequence[FileChange]) -> list[FileChange]:
        """The same changes, small texts with their lines or keys."""
        wanted = [one for one in files if self._is_small_text(one)]
        if len(wanted) > MOST_TEXTS:
            self.notes.append(f"Of {len(wanted)} changed text files the first {MOST_TEXTS} were read.")
            wanted = sorted(wanted, key=lambda one: (one.path != "README.md", one.path))[:MOST_TEXTS]
        read = {one.path: one for one in _together(self._looked_into, wanted)}
        return [read.get(one.path, one) for one in files]

    def _is_small_text(self, one: FileChange) -> bool:
        small = max(one.old_size or 0, one.new_size or 0) <= contents.TEXT_BYTES
        return small and not one.large and one.status != "renamed" and contents.is_text(one.path)

    def _looked_into(self, one: FileChange) -> FileChange:
        before = contents.text(self.old.read(one.path, 0, one.old_size) if one.old_size else b"")
        after = contents.text(self.new.read(one.path, 0, one.new_size) if one.new_size else b"")
        if before is None or after is None:
            return dataclasses.replace(one, note="not text")
        try:
            if one.path == "README.md":
                before, after = self._card(before, after)
            elif one.status == "changed" and one.path.endswith(".json"):
                values = contents.parsed(before), contents.parsed(after)
                if all(isinstance(value, dict) for value in values) and (found := contents.keys(*values)):
                    return dataclasses.replace(one, keys=found)
            return dataclasses.replace(one, lines=contents.lines(before, after))
        except TooLarge as large:
            return dataclasses.replace(one, note=large.problem)

    def _card(self, before: str, after: str) -> tuple[str, str]:
        """The text without its metadata, whose keys are compared instead."""
        (old, before), (new, after) = contents.card(before), contents.card(after)
        if self.old.address.kind == "dataset":
            self._stated = contents.stated(old), contents.stated(new)
            old, new = ({k: v for k, v in one.items() if k != "dataset_info"} for one in (old, new))
        self.metadata = list(contents.keys(old, new))
        return before, after

    def schema(self, files: Sequence[FileChange]) -> list[Change]:
        """Columns, splits and rows of a dataset."""
        if self.old.address.kind != "dataset":
            return []
        found = list(contents.compared(*self._stated))
        changed = [one for one in files if one.path.endswith(".parquet") and one.status == "changed"]
        for path, old, new in self._structures(changed, contents.columns, "Parquet files"):
            found += [Change(f"{path}: {one.name}", one.old, one.new) for one in contents.compared(old, new)]
        return found

    def tensors(self, files: Sequence[FileChange]) -> list[Change]:
        """Tensors by name, wherever they lie: sharding anew changes none."""
        some = [one for one in files if one.path.endswith(".safetensors") and one.status != "renamed"]
        before: dict[str, str] = {}
        after: dict[str, str] = {}
        for path, old, new in self._structures(some, contents.tensors, "safetensors files"):
            folder = path.rpartition("/")[0]
            prefix = f"{folder}/" if folder else ""
            before |= {prefix + name: shape for name, shape in old.items()}
            after |= {prefix + name: shape for name, shape in new.items()}
        return list(contents.compared(before, after))

    def _structures(
        self, files: Sequence[FileChange], read: Callable[[Revision, str, int], dict[str, str]], what: str
    ) -> list[tuple[str, dict[str, str], dict[str, str]]]:
        if len(files) > MOST_STRUCTURES:
            self.notes.append(f"Of {len(files)} changed {what} the first {MOST_STRUCTURES} were looked into.")

        def both(one: FileChange) -> tuple[str, dict[str, str], dict[str, str]] | None:
            try:
                old = read(self.old, one.path, one.old_size) if one.old_size else {}
                new = read(self.new, one.path, one.new_size) if one.new_size else {}
            except contents.UNREADABLE as wrong:
                self.notes.append(f"{one.path} could not be looked into: {str(wrong).splitlines()[0]}")
                return None
            return one.path, old, new

        return [found for found in _together(both, files[:MOST_STRUCTURES]) if found]


def _together(work: Callable[[In], Out], items: Sequence[In]) -> list[Out]:
    """In threads that know what their caller is doing, in order."""
    if len(items) < 2:
        return [work(one) for one in items]
    pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="hf-nb-diff")
    try:
        futures: list[Any] = [pool.submit(contextvars.copy_context().run, work, one) for one in items]
        return [one.result() for one in futures]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # the stop button does not wait for answers
