"""B12 and B14: what our client costs over the bare one, what a repeated question costs, and what a trace costs.

The same official calls against the same offline Hub in one process, taken in turn: once through the official client
as it comes, once through ours. Processor time (of the thread that asks; another one writes the copies) says what was
added, since the Hub runs elsewhere; wall time says what a person waits.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hf_nb.offline import running

ROUNDS = 60
REPO = "hfnb-demo/sentiment-en"
Taken = tuple[float, float]


def main() -> str:
    """The tables."""
    with running.start() as hub, tempfile.TemporaryDirectory() as folder:
        os.environ.update(hub.environment)
        for name in ("HF_NB_CACHE_DIR", "HF_NB_DATA_DIR", "HF_NB_CONFIG_DIR"):
            os.environ[name] = str(Path(folder) / name)
        return "\n".join([*_added(), "", *_repeated(), "", *_traced()])


def _added() -> list[str]:
    from huggingface_hub import HfApi, set_client_factory
    from huggingface_hub.utils._http import default_client_factory

    from hf_nb.plumbing import http
    from hf_nb.plumbing.session import Session

    session = Session()
    api = HfApi()
    calls: dict[str, Callable[[], Any]] = {
        "list of 20 models": lambda: list(api.list_models(limit=20)),
        "one model's info": lambda: api.model_info(REPO, files_metadata=True),
    }

    def ours(call: Callable[[], Any]) -> Callable[[], Any]:
        def cold() -> Any:
            session.responses.clear()
            return None

        def asked() -> Any:
            with http.verb(session):
                return call()

        return lambda: (cold(), _timed(asked))[1]

    lines = [
        "## B12: a question to the Hub",
        "",
        f"Medians of {ROUNDS} calls in turn, ms. Target: at most 1 ms over the bare client where nothing is kept yet.",
        "",
        "| question | bare: processor | ours: processor | added | bare: wall | ours: wall |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, call in calls.items():
        bare, mine = [], []
        for _ in range(ROUNDS // 10):
            set_client_factory(default_client_factory)
            call()
            bare += [_timed(call) for _ in range(10)]
            http._installed_for.clear()
            http.install(session)
            call()
            mine += [ours(call)() for _ in range(10)]
        (cpu, wall), (our_cpu, our_wall) = _medians(bare), _medians(mine)
        lines.append(
            f"| {name} | {cpu:.2f} | {our_cpu:.2f} | {our_cpu - cpu:+.2f} | {wall:.2f} | {our_wall:.2f} |"
        )
    return lines


def _repeated() -> list[str]:
    import hf_nb

    verbs: dict[str, Callable[[], Any]] = {
        "search": lambda: hf_nb.search("sentiment"),
        "info": lambda: hf_nb.info(REPO),
    }
    lines = [
        f"The same question again, from its copy, median of {ROUNDS}. Target: at most 5 ms.",
        "",
        "| verb | first, ms | again, ms |",
        "|---|--:|--:|",
    ]
    for name, verb in verbs.items():
        first = _timed(verb)[1]
        again = _medians([_timed(verb) for _ in range(ROUNDS)])[1]
        lines.append(f"| {name} | {first * 1000:.1f} | {again:.2f} |")
    return lines


def _traced() -> list[str]:
    from hf_nb.plumbing.session import Session

    session = Session()

    def one() -> None:
        with session.span("hub.search", kind="models") as span:
            span.set(rows=20)

    one()
    each = statistics.median(_timed(one)[1] for _ in range(2000)) * 1e6
    return [
        "## B14: tracing one operation",
        "",
        f"{each:.0f} µs a span, written to disk, median of 2,000. Target: at most 100 µs.",
    ]


def _timed(call: Callable[[], Any]) -> Taken:
    wall, cpu = time.perf_counter(), time.thread_time()
    call()
    return time.thread_time() - cpu, time.perf_counter() - wall


def _medians(taken: list[Taken]) -> Taken:
    """In milliseconds."""
    return (
        statistics.median(cpu for cpu, _ in taken) * 1000,
        statistics.median(wall for _, wall in taken) * 1000,
    )


if __name__ == "__main__":
    print(main())
