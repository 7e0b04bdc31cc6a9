"""One answer while others work: as many threads as the pass is worth, beside all of them.

    python tests/benchmarks/run.py threads

Texts are new each time; the two ways take turns, forty answers each, in rounds. What stands beside: two processes that
compute, as a test run or another notebook would.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from typing import Any
from unittest.mock import patch

ROUNDS, ANSWERS = 3, 40
MODELS = (
    ("text-classification", "hfnb-demo/sentiment-en"),
    ("token-classification", "hfnb-demo/ner-en"),
    ("feature-extraction", "hfnb-demo/minilm-embeddings"),
)
TEXT = "Maria Keller loved every minute of it in Geneva, the soup was hot and the people were kind"


def main() -> str:
    """The section."""
    from hf_nb.offline.running import start

    os.environ["HF_NB_ANSWERS_CACHE"] = "0"
    with start(answer=None) as hub:
        os.environ.update(hub.environment)
        rows = [row for busy in (0, 2) for row in beside(busy)]
    lines = [
        "## A small pass has one thread, and a large one those that others leave",
        "",
        "One answer, milliseconds of the clock: median and mean. Two processors.",
        "",
        "| model | beside it | all threads | as worth | mean |",
        "|---|---|---:|---:|---:|",
        *rows,
    ]
    return "\n".join(lines)


def beside(count: int) -> list[str]:
    """A row per model, with so many processes at work beside it."""
    others = [multiprocessing.Process(target=work, daemon=True) for _ in range(count)]
    for one in others:
        one.start()
    if count:
        time.sleep(45)  # until the load average says so
    try:
        return [row(task, model, count) for task, model in MODELS]
    finally:
        for one in others:
            one.kill()


def work() -> None:
    """Computes until it is ended."""
    while True:
        sum(range(100_000))


def row(task: str, model: str, count: int) -> str:
    """Both ways in turn."""
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(ROUNDS):
        for every in (True, False):
            took[every] += answers(task, model, every=every, turn=turn)
    all_, worth = took[True], took[False]
    return (
        f"| `{model}` | {f'{count} processes' if count else 'nothing'} | {ms(statistics.median(all_))} "
        f"(mean {ms(statistics.mean(all_))}) | {ms(statistics.median(worth))} (mean {ms(statistics.mean(worth))}) "
        f"| {statistics.mean(all_) / statistics.mean(worth):.1f}× |"
    )


def answers(task: str, model: str, *, every: bool, turn: int) -> list[float]:
    """Seconds of each; the first one is not counted."""
    import hf_nb
    from hf_nb.infer.backends.local import threads

    took = []
    wanted: Any = (lambda *_: 10_000) if every else threads.wanted
    with patch.object(threads, "wanted", wanted):
        for at in range(ANSWERS + 1):
            began = time.perf_counter()
            hf_nb.infer.run(f"{TEXT} {turn} {at} {every}", task=task, model=model, provider="local")
            took.append(time.perf_counter() - began)
    return took[1:]


def ms(seconds: float) -> str:
    """As it is read."""
    return f"{seconds * 1000:.1f}"


if __name__ == "__main__":
    print(main())
