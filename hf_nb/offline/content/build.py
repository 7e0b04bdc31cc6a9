"""Build what is missing of the demo content, once.

    ensure(cache) -> cache/store-<fingerprint of all>            a Hub's store, whole or not there at all
                     cache/built/<slug>-<fingerprint>/           one folder per repository, whole or not there at all

Everything is written beside its place and renamed, under one lock: a killed build leaves nothing that looks ready,
and of two processes that build at once the second waits and finds the work done.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hf_nb.errors import HfNbError, Refused
from hf_nb.offline.content import catalogue
from hf_nb.offline.content.recipe import Recipe
from hf_nb.offline.content.seed import seed
from hf_nb.plumbing import folders

Report = Callable[[str], None]
WORKERS = 2
ROOM = 500 * 1024**2  # with the embeddings' weights twice (built, and in the store), about 220 MB are used
KEPT_DAYS = 14
HERE = Path(__file__).parent
# Contents depend on how a store is laid out; a change there seeds a new one (a second, no training).
STORE_SOURCES = ("*.py", "derive/*.py")


def ensure(cache_root: Path | None = None, report: Report = print) -> Path:
    """The root of a store with the demo content; builds and reports only what is missing."""
    cache = cache_root or folders.demo()
    usable, lacking = catalogue.possible()
    store = cache / f"store-{_fingerprint(usable)}"
    if not store.exists():
        with _errors_in_words(cache), _lock(cache, report):
            if not store.exists():
                _build_all(cache, store, usable, lacking, report)
    return store


def built_folder(recipe: Recipe, cache_root: Path | None = None) -> Path:
    """Where a recipe's files are once built."""
    return (cache_root or folders.demo()) / "built" / f"{recipe.slug}-{catalogue.fingerprint(recipe.slug)}"


def _fingerprint(usable: list[Recipe]) -> str:
    offline = HERE.parent
    sources = [path for pattern in STORE_SOURCES for path in sorted(offline.glob(pattern))]
    sources += [HERE / "seed.py", HERE / "records.py"]
    return catalogue.digest(sources, [f"{r.slug}-{catalogue.fingerprint(r.slug)}" for r in usable])


def _build_all(
    cache: Path, store: Path, usable: list[Recipe], lacking: dict[str, list[str]], report: Report
) -> None:
    began = time.perf_counter()
    _clear_leftovers(cache)
    if lacking:
        names = sorted({name for names in lacking.values() for name in names})
        report(
            f'without {", ".join(names)}: {len(lacking)} repositories left out (pip install "hf-nb[content]")'
        )
    wanted = [recipe for recipe in usable if not built_folder(recipe, cache).exists()]
    if wanted:
        report(f"building {len(wanted)} demo repositories in {cache}, about a minute, once")
        _Builders(cache, wanted, report).run()
    half = cache / f".store-{os.getpid()}"
    seed(half, [(recipe, built_folder(recipe, cache)) for recipe in usable], lambda id: _of(id, cache))
    half.rename(store)
    _forget_old(cache, store, usable)
    report(f"ready: {len(usable)} repositories, {time.perf_counter() - began:.0f} s")


def _of(id: str, cache: Path) -> Path:
    return built_folder(catalogue.of_id(id), cache)


class _Builders:
    """Two worker processes, each fed by a thread; the longest recipes begin first."""

    def __init__(self, cache: Path, wanted: list[Recipe], report: Report) -> None:
        self.cache = cache
        self.report = report
        self.waiting = sorted(wanted, key=lambda recipe: -recipe.seconds)
        self.running: set[str] = set()
        self.failure: Exception | None = None
        self.changed = threading.Condition()

    def run(self) -> None:
        threads = [
            threading.Thread(target=self._feed, daemon=True) for _ in range(min(WORKERS, len(self.waiting)))
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException as stopped:
            self.failure = RuntimeError(f"stopped: {stopped!r}")
            raise
        if self.failure:
            raise self.failure

    def _feed(self) -> None:
        worker = _start_worker()
        try:
            while (recipe := self._next()) is not None:
                self._build(worker, recipe)
                with self.changed:
                    self.running.discard(recipe.id)
                    self.changed.notify_all()
        except Exception as error:  # noqa: BLE001 - raised again in run()
            with self.changed:
                self.failure = self.failure or error
                self.changed.notify_all()
        finally:
            worker.kill()
            worker.communicate()

    def _next(self) -> Recipe | None:
        with self.changed:
            while not self.failure:
                pending = self.running | {recipe.id for recipe in self.waiting}
                ready = [recipe for recipe in self.waiting if not pending.intersection(recipe.after)]
                if ready:
                    self.waiting.remove(ready[0])
                    self.running.add(ready[0].id)
                    return ready[0]
                if not self.waiting:
                    return None
                self.changed.wait(0.5)
            return None

    def _build(self, worker: "subprocess.Popen[str]", recipe: Recipe) -> None:
        target = built_folder(recipe, self.cache)
        half = target.with_name(f".{target.name}-{os.getpid()}")
        half.mkdir(parents=True)
        answer = _ask(worker, recipe, half, {id: str(_of(id, self.cache)) for id in recipe.after})
        if "error" in answer:
            if answer["errno"] == errno.ENOSPC:
                raise OSError(errno.ENOSPC, answer["error"])
            raise HfNbError(
                f"The demo repository {recipe.id} could not be built: {answer['error']}",
                f"Try again; if it stays, delete {self.cache} and report it.",
            )
        half.rename(target)
        self.report(f"  {recipe.id}  {answer['summary']} · {answer['seconds']:.1f} s")


def _start_worker() -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": "1",
    }
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(HERE.parents[2]), environment.get("PYTHONPATH", "")])
    )
    return subprocess.Popen(
        [sys.executable, "-m", "hf_nb.offline.content.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
        encoding="utf-8",
    )


def _ask(
    worker: "subprocess.Popen[str]", recipe: Recipe, folder: Path, built: dict[str, str]
) -> dict[str, Any]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        worker.stdin.write(json.dumps({"slug": recipe.slug, "folder": str(folder), "built": built}) + "\n")
        worker.stdin.flush()
        line = worker.stdout.readline()
    except OSError as error:
        return {"error": str(error), "errno": None}
    if not line:
        return {"error": f"its process ended with {worker.wait()}", "errno": None}
    answer: dict[str, Any] = json.loads(line)
    return answer


@contextmanager
def _lock(cache: Path, report: Report) -> Iterator[None]:
    from filelock import FileLock, Timeout

    cache.mkdir(parents=True, exist_ok=True)
    lock = FileLock(cache / "build.lock")
    try:
        lock.acquire(timeout=0.1)
    except Timeout:
        report("another process is building the demo content; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _errors_in_words(cache: Path) -> Iterator[None]:
    elsewhere = "Free some space, or set HF_NB_HUB_CACHE to a folder on another disk."
    try:
        cache.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(cache).free
        if free < ROOM:
            need, left = ROOM // 1024**2, free // 1024**2
            raise Refused(f"The demo content needs {need} MB in {cache}, and {left} MB are free.", elsewhere)
        yield
    except PermissionError as error:
        raise Refused(
            f"The demo content cannot be written: {error}.", "Set HF_NB_HUB_CACHE to another folder."
        ) from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refused(f"The disk filled up while building in {cache}.", elsewhere) from error


def _clear_leftovers(cache: Path) -> None:
    """What a killed build left; nobody else can be writing there, we hold the lock."""
    for path in [*cache.glob(".store-*"), *(cache / "built").glob(".*")]:
        shutil.rmtree(path, ignore_errors=True)


def _forget_old(cache: Path, store: Path, usable: list[Recipe]) -> None:
    """Contents of earlier versions, once nobody has touched them for a while."""
    current = {store, *(built_folder(recipe, cache) for recipe in usable)}
    before = time.time() - KEPT_DAYS * 86400
    for path in [*cache.glob("store-*"), *(cache / "built").glob("*")]:
        if path not in current and path.stat().st_mtime < before:
            shutil.rmtree(path, ignore_errors=True)
