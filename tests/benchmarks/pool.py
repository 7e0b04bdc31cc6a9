"""Many threads, more models than there is memory for: nothing fails, the budget holds, memory does not grow.

python tests/benchmarks/pool.py 500        so many mixed calls, of 8 threads
"""

from __future__ import annotations

import contextlib
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from hf_nb.infer import weighing
from hf_nb.infer.backends.local import Local
from hf_nb.infer.call import Call, Terms
from hf_nb.plumbing.session import Session

THREADS = 8
SHARE = 0.4  # of what all of the models take together
OVER = 1.1  # the budget is held within 10 %
LOOK = 0.005
TEXT = "The room was small, but we loved the view. "
ASKED: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "text-classification": ("hfnb-demo/sentiment-en", TEXT, {}),
    "feature-extraction": ("hfnb-demo/similar-en", [TEXT, "fish"], {}),
    "sentence-similarity": (
        "hfnb-demo/similar-en",
        {"source_sentence": TEXT, "sentences": ["a room", "fish"]},
        {},
    ),
    "text-generation": (
        "hfnb-demo/pydoc-gpt",
        "Return the list of",
        {"max_new_tokens": 4, "do_sample": False},
    ),
}


@dataclass
class Seen:
    """What was seen while they worked."""

    budget: int
    all: int
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    loads: int = 0
    most: int = 0  # bytes of the models together
    rss: int = 0
    rss_before: int = 0
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        """Whether the budget was, within a tenth."""
        return self.most <= OVER * self.budget

    def line(self) -> str:
        """One line of it."""
        return (
            f"{self.asked.total()} calls of {THREADS} threads over models of {self.all / 1e6:.1f} MB, budget "
            f"{self.budget / 1e6:.1f} MB: {self.loads} loaded, {self.most / 1e6:.1f} MB at most "
            f"({self.most / self.budget:.0%}), "
            f"RSS {self.rss / 1e6:.0f} MB ({(self.rss - self.rss_before) / 1e6:+.0f}), "
            f"{len(self.wrong)} failed, {self.seconds:.0f} s"
        )


def soak(count: int, folder: Path, seed: int = 7) -> Seen:
    """So many calls, mixed; each model there several times over, as folders."""
    session = Session()
    local = Local(session)
    calls = [
        Call(task, str(one), None, input, params) for task, one, input, params in _models(folder, session)
    ]
    sizes = {one.model: weighing.expected(one, "cpu") or 0 for one in calls}
    seen = Seen(int(SHARE * sum(sizes.values())), sum(sizes.values()))
    session.settings.model_memory = seen.budget
    expected = {id(one): _answer(local, one) for one in calls}
    _count_loads(local, seen)
    seen.rss_before = seen.rss = _rss()
    began, draw = time.monotonic(), random.Random(seed)  # noqa: S311 -- the same calls every time
    drawn = [draw.choice(calls) for _ in range(count)]

    def one(call: Call) -> None:
        seen.asked[call.task] += 1
        try:
            if not _alike(_answer(local, call), expected[id(call)]):
                seen.wrong.append(f"{call.task}: another answer than before")
        except Exception as wrong:  # noqa: BLE001 -- it is counted
            seen.wrong.append(f"{call.task}: {type(wrong).__name__}: {wrong}")

    with _watched(local, seen), ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, drawn))
    seen.seconds = time.monotonic() - began
    if any(one.busy for one in local.memory.seen()) or local.turns.going:
        seen.wrong.append("something is still busy")
    return seen


def _models(folder: Path, session: Session) -> Iterator[tuple[str, Path, Any, dict[str, Any]]]:
    import shutil

    from huggingface_hub import snapshot_download

    from hf_nb.plumbing import http

    http.install(session)
    for task, (model, input, params) in ASKED.items():
        for copy in range(3):
            where = folder / f"{model.rpartition('/')[2]}-{copy}"
            if not where.exists():
                shutil.copytree(snapshot_download(model), where, symlinks=False)
            yield task, where, input, params


def _answer(local: Local, call: Call) -> Any:
    chunks = list(local.stream(call, Terms()))
    return "".join(one.text for one in chunks) or next(one.output for one in chunks if one.output is not None)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1e-4
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, Sequence) and isinstance(other, Sequence) and not isinstance(one, str):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def _count_loads(local: Local, seen: Seen) -> None:
    plainly = local.memory._load

    def load(*given: Any) -> Any:
        seen.loads += 1
        return plainly(*given)

    local.memory._load = load  # type: ignore[method-assign,assignment]


@contextlib.contextmanager
def _watched(local: Local, seen: Seen) -> Iterator[None]:
    """The most of it, looked at all the time."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK):
            seen.most = max(seen.most, sum(one.bytes for one in local.memory.seen()))
            seen.rss = max(seen.rss, _rss())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _rss() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def main(count: int) -> int:
    """So many calls over the demo models; the exit code."""
    import os

    from hf_nb.offline import running

    with running.start() as hub, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HF_ENDPOINT": hub.url, "HF_HOME": f"{folder}/home", "HF_HUB_DISABLE_XET": "1"}
        seen = soak(count, Path(folder))
    print(seen.line(), flush=True)
    for line in seen.wrong[:20]:
        print(line)
    return 1 if seen.wrong or not seen.held else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
