"""B16: TAB in `%hf`, in a real kernel, beside IPython's own completion of Python in the same kernel without us.

Each time is a whole complete_request and its reply, from the client's side. The cache holds a thousand repositories.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.kernels import CELL_SECONDS, Kernel

ROUNDS = 40
CACHED = 1000
WATCH = """
import sys
reached = []
sys.addaudithook(lambda event, args: reached.append(event) if event.startswith("socket.") else None)
"""
NAMES = "movie = 'x'; table = [1]; import os"
OURS = {
    "a word": "%hf mo",
    "every word": "%hf ",
    "an official word": "%hf models l",
    "an option": "%hf models ls --so",
    "an option's value": "%hf models ls --sort ",
    "our option": "%%hf infer --mo",
    "an id, of a thousand": "%hf info owner-7/na",
    "an id, every one": "%hf pull ",
    "a file": "%hf push me/x fi",
    "a variable on the line": "%hf infer $mo",
    "a variable in the text": "%%hf infer -m x\nI saw {mo",
    "the text, nothing fits": "%%hf infer -m x\nimport os; os.",
    "an assignment": "x = %hf mo",
    "without the %": "hf models ls --so",
}
THEIRS = {
    "bare IPython: a magic": "%ti",
    "bare IPython: a name": "mov",
    "bare IPython: an attribute (Jedi)": "os.pa",
    "bare IPython: the text of a cell magic": "%%time\nimport os; os.",
}


def main() -> str:
    """The table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _fill(home)
        environment = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(home)}
        ours, reached = _timed(environment, home, OURS, load=True)
        theirs, _ = _timed(environment, home, THEIRS, load=False)
    every = [one for taken in ours.values() for one in taken[1:]]
    lines = [
        "## B16: TAB",
        "",
        f"{ROUNDS} requests of each kind in turn, {len(every)} in all, {CACHED} repositories in the cache.",
        "Target: median at most 5 ms, 95th percentile at most 20 ms, no socket.",
        "",
        "| TAB on | first, ms | median, ms | 95 %, ms |",
        "|---|--:|--:|--:|",
        *(_line(name, taken) for name, taken in (ours | theirs).items()),
        f"| **all of `%hf`** | | **{_ms(statistics.median(every))}** | **{_ms(_late(every))}** |",
        "",
        f"Sockets opened by the kernel meanwhile: {reached}.",
    ]
    return "\n".join(lines)


def _fill(home: Path) -> None:
    for number in range(CACHED):
        (home / "hub" / f"models--owner-{number % 10}--name-{number}").mkdir(parents=True)
    for number in range(100):
        (home / f"file-{number}.txt").touch()


def _timed(
    environment: dict[str, str], home: Path, texts: dict[str, str], *, load: bool
) -> tuple[dict[str, list[float]], int]:
    taken: dict[str, list[float]] = {name: [] for name in texts}
    with Kernel(environment, folder=home) as kernel:
        kernel.run(WATCH)
        kernel.run(NAMES)
        if load:
            kernel.run("%load_ext hf_nb")
        for _ in range(ROUNDS):
            for name, text in texts.items():
                began = time.perf_counter()
                kernel._client.complete(text, len(text), reply=True, timeout=CELL_SECONDS)
                taken[name].append(time.perf_counter() - began)
        return taken, int(kernel.run("len(reached)").text)


def _line(name: str, taken: list[float]) -> str:
    rest = taken[1:]
    return f"| {name} | {_ms(taken[0])} | {_ms(statistics.median(rest))} | {_ms(_late(rest))} |"


def _late(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


if __name__ == "__main__":
    print(main())
