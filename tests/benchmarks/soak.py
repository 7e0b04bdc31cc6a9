"""Long trials of the offline Hub: started, put under load, stopped, again and again. A wrong answer ends them.

python tests/benchmarks/soak.py 300        for this many seconds
python tests/benchmarks/soak.py pool 500   the pool of models instead, so many calls
"""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from hf_nb.offline import running

CLIENTS = 16
LOAD_SECONDS = 20.0
LISTINGS = (
    "/api/models?limit=100",
    "/api/models?search=sentiment&full=true",
    "/api/datasets?limit=100",
    "/api/spaces?limit=100",
)


@dataclass
class Tally:
    """What all clients saw."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """One line of it."""
        if len(self.seconds) < 2:
            return "no answers"
        cuts = statistics.quantiles(self.seconds, n=100)
        start = statistics.median(self.starts)
        return (
            f"{len(self.starts)} starts (median {start:.2f} s), {len(self.seconds)} requests of {CLIENTS} clients, "
            f"median {cuts[49] * 1000:.1f} ms, p95 {cuts[94] * 1000:.1f} ms, {len(self.wrong)} wrong"
        )


def main(seconds: float) -> int:
    """Trials until the time is over; the exit code."""
    tally, ends = Tally(), time.monotonic() + seconds
    while time.monotonic() < ends and not tally.wrong:
        began = time.perf_counter()
        with running.start() as hub:
            tally.starts.append(time.perf_counter() - began)
            before = hub.memory().get("RssAnon", 0)
            load(hub.url, tally, until=min(ends, time.monotonic() + LOAD_SECONDS))
            grown = (hub.memory().get("RssAnon", 0) - before) / 1024
        print(f"{tally.line()}, {grown:+.0f} MB", flush=True)
    for line in tally.wrong[:20]:
        print(line)
    return 1 if tally.wrong else 0


def load(url: str, tally: Tally, *, until: float) -> None:
    """Every client walks over everything there is, from a place of its own, until the time is over."""
    models = [model["id"] for model in json.loads(ask(url, LISTINGS[0], tally))]
    paths = [
        *LISTINGS,
        *(f"/api/models/{id}" for id in models),
        *(f"/{id}/resolve/main/README.md" for id in models),
    ]

    def client(number: int) -> None:
        place = number * 7
        while time.monotonic() < until and not tally.wrong:
            ask(url, paths[place % len(paths)], tally)
            place += 1

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))


def ask(url: str, path: str, tally: Tally) -> bytes:
    """One request. The same file has the same bytes every time, whoever asks and however busy it is."""
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(url + path, timeout=60) as answer:  # noqa: S310 -- our own server
            body: bytes = answer.read()
    except urllib.error.HTTPError as refused:
        # gated repositories are listed, and not for everybody
        if refused.code not in (401, 403):
            tally.wrong.append(f"{path}: {refused.code}")
        return b""
    except OSError as broken:
        tally.wrong.append(f"{path}: {type(broken).__name__}: {broken}")
        return b""
    tally.seconds.append(time.perf_counter() - began)
    if (
        "/resolve/" in path
        and tally.bodies.setdefault(path, digest := hashlib.sha256(body).hexdigest()) != digest
    ):
        tally.wrong.append(f"{path}: other bytes than before")
    return body


if __name__ == "__main__":
    if sys.argv[1:2] == ["pool"]:  # the models in memory instead: pool [CALLS]
        from tests.benchmarks import pool

        sys.exit(pool.main(int(sys.argv[2]) if len(sys.argv) > 2 else 500))
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 300.0))
