"""Build what is missing of the demo content, once.

    ensure(cache)    -> cache/store-<fingerprint of all>         a Hub's store, whole or not there at all
    provide([…])     -> cache/built/<slug>-<fingerprint>/        one folder per repository, whole or not there at all
                        cache/built/<slug>-<fingerprint>.json    how long it took, and its one line

Everything is written beside its place and renamed, under a lock (one for the store, one for each repository): a killed
build leaves nothing that looks ready, and of two processes that build at once the second waits and finds the work done.
What is for `later` is only promised in the store; whoever serves it calls `provide` when it is first asked for.
"""

import difflib
import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from hf_nb.errors import BadInput, HfNbError, Refused
from hf_nb.offline.content import catalogue, rounding
from hf_nb.offline.content.recipe import Recipe
from hf_nb.offline.content.seed import seed
from hf_nb.plumbing import folders

Report = Callable[[str], None]
WORKERS = 2
ROOM = 500 * 1024**2  # with the embeddings' weights twice (built, and in the store), about 220 MB are used
LITTLE = 50 * 1024**2  # for one more
KEPT_DAYS = 14
HERE = Path(__file__).parent
WORKER = ("-m", "hf_nb.offline.content.worker")
# Contents depend on how a store is laid out; a change there seeds a new one (a second, no training).
STORE_SOURCES = ("*.py", "derive/*.py")


def ensure(cache_root: Path | None = None, report: Report = print) -> Path:
    """The root of a store with the demo content; builds and reports only what is missing."""
    cache = cache_root or folders.demo()
    usable, lacking = catalogue.possible()
    store = cache / f"store-{_fingerprint(usable)}"
    if not store.exists():
        with _errors_in_words(cache, ROOM), _lock(cache, report):
            if not store.exists():
                _build_all(cache, store, usable, lacking, report)
    return store


def provide(recipes: Iterable[Recipe], cache_root: Path | None = None, report: Report = print) -> None:
    """Build these and what they are built on, as far as it is missing."""
    cache = cache_root or folders.demo()
    every = {one.slug: one for recipe in recipes for one in catalogue.lineage(recipe)}.values()
    wanted = [recipe for recipe in every if not built_folder(recipe, cache).exists()]
    if wanted:
        with _errors_in_words(cache, LITTLE + sum(recipe.room for recipe in wanted)):
            _Builders(cache, wanted, report).run()


def everything(cache_root: Path | None = None, report: Report = print) -> Path:
    """As `ensure`, and all that would be built later too, but for what is too large."""
    store = ensure(cache_root, report)
    began = time.perf_counter()
    later = [recipe for recipe in catalogue.possible()[0] if recipe.later and not recipe.by_name]
    wanted = [recipe for recipe in later if not built_folder(recipe, cache_root).exists()]
    if wanted:
        minutes = sum(recipe.seconds for recipe in wanted) / WORKERS / 60
        report(f"building {len(wanted)} more, about {minutes:.0f} minutes, once")
    provide(wanted, cache_root, report)
    report(f"ready: {len(later)} more repositories, {time.perf_counter() - began:.0f} s")
    return store


def named(id: str) -> Recipe:
    """The recipe with this id, if it can be built here."""
    usable, lacking = catalogue.possible()
    if id in lacking:
        raise BadInput(f"{id} needs {', '.join(lacking[id])}.", 'pip install "hf-nb[content]"')
    found = next((recipe for recipe in usable if recipe.id == id), None)
    if found is None:
        near = difflib.get_close_matches(id, [recipe.id for recipe in usable], 3)
        raise BadInput(f"The demo Hub has no {id!r}.", f"Near it: {', '.join(near)}" if near else "")
    return found


def built_folder(recipe: Recipe, cache_root: Path | None = None) -> Path:
    """Where a recipe's files are once built."""
    return (cache_root or folders.demo()) / "built" / f"{recipe.slug}-{catalogue.fingerprint(recipe.slug)}"


def note(recipe: Recipe, cache_root: Path | None = None) -> dict[str, Any]:
    """How a build went: `seconds`, and its `summary`."""
    found: dict[str, Any] = json.loads(_note(built_folder(recipe, cache_root)).read_text(encoding="utf-8"))
    return found


def _note(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _fingerprint(usable: list[Recipe]) -> str:
    offline = HERE.parent
    sources = [path for pattern in STORE_SOURCES for path in sorted(offline.glob(pattern))]
    sources += [HERE / name for name in ("seed.py", "promise.py", "records.py")]
    return catalogue.digest(sources, [f"{r.slug}-{catalogue.fingerprint(r.slug)}" for r in usable])


def _build_all(
    cache: Path, store: Path, usable: list[Recipe], lacking: dict[str, list[str]], report: Report
) -> None:
    began = time.perf_counter()
    for half in cache.glob(".store-*"):  # what a killed build left; we hold the lock
        shutil.rmtree(half, ignore_errors=True)
    if lacking:
        names = sorted({name for names in lacking.values() for name in names})
        report(
            f'without {", ".join(names)}: {len(lacking)} repositories left out (pip install "hf-nb[content]")'
        )
    at_once = [recipe for recipe in usable if not recipe.later]
    if wanted := [recipe for recipe in at_once if not built_folder(recipe, cache).exists()]:
        report(f"building {len(wanted)} demo repositories in {cache}, about a minute, once")
        provide(wanted, cache, report)
    half = cache / f".store-{os.getpid()}"
    seed(half, usable, lambda recipe: built_folder(recipe, cache))
    half.rename(store)
    _forget_old(cache, store, usable)
    later = f", {len(usable) - len(at_once)} more when they are asked for" if usable != at_once else ""
    report(f"ready: {len(at_once)} repositories{later}, {time.perf_counter() - began:.0f} s")


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
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = self.cache / "locks" / f"{recipe.slug}.lock"
        lock.parent.mkdir(exist_ok=True)
        with FileLock(lock):
            if target.exists():  # by another process, while we waited
                return
            for left in target.parent.glob(f".{target.name}-*"):  # by a killed one
                shutil.rmtree(left, ignore_errors=True)
            self._build_alone(worker, recipe, target)

    def _build_alone(self, worker: "subprocess.Popen[str]", recipe: Recipe, target: Path) -> None:
        half = target.with_name(f".{target.name}-{os.getpid()}")
        half.mkdir()
        built = {id: str(built_folder(catalogue.of_id(id), self.cache)) for id in recipe.after}
        answer = _ask(worker, recipe, half, built)
        if "error" in answer:
            shutil.rmtree(half, ignore_errors=True)
            if answer["errno"] == errno.ENOSPC:
                raise OSError(errno.ENOSPC, answer["error"])
            raise HfNbError(
                f"The demo repository {recipe.id} could not be built: {answer['error']}",
                f"Try again; if it stays, delete {self.cache} and report it.",
            )
        _note(target).write_text(json.dumps(answer), encoding="utf-8")
        half.rename(target)
        self.report(f"  {recipe.id}  {answer['summary']} · {answer['seconds']:.1f} s")


def _start_worker() -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        **rounding.settings(),
    }
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(HERE.parents[2]), environment.get("PYTHONPATH", "")])
    )
    return subprocess.Popen(
        [sys.executable, *WORKER],
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
def _errors_in_words(cache: Path, room: int) -> Iterator[None]:
    elsewhere = "Free some space, or set HF_NB_HUB_CACHE to a folder on another disk."
    try:
        cache.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(cache).free
        if free < room:
            need, left = room // 1024**2, free // 1024**2
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


def _forget_old(cache: Path, store: Path, usable: list[Recipe]) -> None:
    """Contents of earlier versions, once nobody has touched them for a while."""
    current = {store.name, *(built_folder(recipe, cache).name for recipe in usable)}
    before = time.time() - KEPT_DAYS * 86400
    for path in [*cache.glob("store-*"), *(cache / "built").glob("*")]:
        if path.name.removesuffix(".json") in current or path.stat().st_mtime >= before:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
