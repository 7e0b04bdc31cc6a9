"""Datasets become Parquet when they are first asked about, each commit once, however many wait for it.

The first request that needs it waits here, and holds no thread meanwhile. The files end up as the real Hub keeps them:
on the branch `refs/convert/parquet`, as `CONFIG/SPLIT/0000.parquet`; what is Parquet already is named there again.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread

from hf_nb.errors import HfNbError
from hf_nb.offline import history, lfs, trees
from hf_nb.offline.blobs import Blob
from hf_nb.offline.engine import Engine, Wrong
from hf_nb.offline.server.refusals import Refusal
from hf_nb.offline.server.router import folders
from hf_nb.offline.server.viewer import refused
from hf_nb.offline.server.viewer.conversion import REF, Config, Conversion, File, Split

if TYPE_CHECKING:
    from sqlite3 import Row

    from hf_nb.offline.server.ask import Ask
    from hf_nb.offline.store import Store

PATIENCE = 100.0  # seconds; then a caller is told to ask again
KEPT = 64  # conversions that are remembered; the files stay


@dataclass(frozen=True)
class Wanted:
    """What is to be converted: a dataset at a commit, as a folder of links."""

    rid: int
    id: str
    commit: history.Commit
    folder: Path


class Unconverted(Exception):
    """The dataset has to become Parquet first."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted.id)
        self.wanted = wanted


class Conversions:
    """Those there are. `engine` is the process that reads tables."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self.engine, self.store = engine, store
        self._known: dict[tuple[int, str], Conversion] = {}
        self._at_work: dict[tuple[int, str], asyncio.Task[None]] = {}

    def of(self, ask: Ask, row: Row) -> Conversion:
        """The conversion of a dataset's main branch; raises `Unconverted` where there is none yet."""
        commit = history.resolve(ask.sql, row["rid"], "HEAD")
        if commit is None:
            return Conversion(row["id"], "", wrong=("EmptyDatasetError", "The dataset is empty."))
        found = self._known.get((row["rid"], commit.oid))
        if found is None:
            folder = folders.folder(ask, self.engine.folder, row["rid"], commit)
            raise Unconverted(Wanted(row["rid"], row["id"], commit, folder))
        return found

    def at(self, revision: str) -> Conversion | None:
        """One that is known, by its commit."""
        return next((one for one in list(self._known.values()) if one.revision == revision), None)

    async def make(self, wanted: Wanted) -> Refusal | None:
        """Come back when it is there, or with the words that it takes longer."""
        key = (wanted.rid, wanted.commit.oid)
        if key not in self._at_work:
            work = asyncio.ensure_future(self._make(key, wanted))
            self._at_work[key] = work
            work.add_done_callback(lambda _: self._at_work.pop(key, None))
        try:
            await asyncio.wait_for(asyncio.shield(self._at_work[key]), PATIENCE)
        except TimeoutError:
            return refused.not_ready()
        except Wrong:  # the process ended; the next request starts another
            return refused.unexpected()
        return None

    async def _make(self, key: tuple[int, str], wanted: Wanted) -> None:
        out = self.engine.folder / "converted" / f"{wanted.rid}-{wanted.commit.oid}"
        origin = f"hf://datasets/{wanted.id}@{wanted.commit.oid}"
        question = {"kind": "convert", "folder": str(wanted.folder), "out": str(out), "origin": origin}
        try:
            told = await answer(self.engine, question)
            found = await anyio.to_thread.run_sync(self._keep, wanted, told)
        except Wrong as wrong:
            if wrong.kind == "Busy":
                raise
            found = Conversion(wanted.id, wanted.commit.oid, wrong=(wrong.kind, wrong.problem))
        finally:
            shutil.rmtree(out, ignore_errors=True)
        self._known[key] = found
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]

    def _keep(self, wanted: Wanted, told: Mapping[str, Any]) -> Conversion:
        """Bring the files into the store, and name them on their branch."""
        every: dict[str, Blob] = {}
        configs = tuple(self._config(wanted, one, every) for one in told["configs"])
        if every:
            attributes = self.store.blobs.put_regular(lfs.starting_attributes("dataset"))
            date = datetime.fromisoformat(wanted.commit.date)
            with contextlib.suppress(HfNbError):  # deleted meanwhile: then nobody will ask for the branch
                self.store.converted(wanted.rid, REF, {history.ATTRIBUTES: attributes, **every}, date=date)
        return Conversion(wanted.id, wanted.commit.oid, configs)

    def _config(self, wanted: Wanted, told: Mapping[str, Any], every: dict[str, Blob]) -> Config:
        name = str(told["name"])
        if "error" in told:
            return Config(name, told["default"], wrong=(told["error"]["kind"], told["error"]["problem"]))
        splits = []
        for one in told["splits"]:
            files = tuple(self._files(wanted, f"{name}/{one['name']}", one["files"], every))
            splits.append(Split(one["name"], one["rows"], one["memory"], files))
        about = {word: told[word] for word in ("description", "citation", "homepage", "license")}
        return Config(
            name,
            told["default"],
            told["features"],
            about,
            told["builder"],
            told["original"],
            tuple(splits),
        )

    def _files(
        self, wanted: Wanted, folder: str, told: list[Mapping[str, Any]], every: dict[str, Blob]
    ) -> Iterator[File]:
        blobs = self.store.blobs
        for place, one in enumerate(told):
            path = f"{folder}/{place:04d}.parquet"
            source = Path(one["path"])
            every[path] = blob = self._there(wanted, source) or blobs.put(source, lfs=True)
            yield File(path, blobs.path_of(blob), one["bytes"], one["rows"])

    def _there(self, wanted: Wanted, source: Path) -> Blob | None:
        """The content of a file that is Parquet already."""
        if not source.is_relative_to(wanted.folder):
            return None
        sql = self.store.database.connection
        entry = trees.find(sql, wanted.commit.tree, source.relative_to(wanted.folder).as_posix())
        return history.blob(sql, entry.oid) if entry else None


async def answer(engine: Engine, question: Mapping[str, Any]) -> Any:
    """The whole answer to one question."""
    async with contextlib.aclosing(engine.ask(question)) as parts:
        found = [part async for part in parts]
    return found[-1]["output"]
