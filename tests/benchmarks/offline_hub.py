"""B15: the offline Hub with 100,000 repositories. Times are reported, never asserted.

    python tests/benchmarks/run.py offline_hub

The client is a bare HTTP one on the same cores, so its own time is in every figure.
"""

# ruff: noqa: S311 -- made-up repositories, the same on every run

from __future__ import annotations

import hashlib
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from huggingface_hub.utils import httpx

from hf_nb.offline.repos import Record
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store

DAY = datetime(2023, 1, 1, tzinfo=UTC)
TASKS = "text-classification text-generation fill-mask image-classification translation summarization".split()
LIBRARIES = "transformers diffusers peft gguf sentence-transformers".split()
FAMILIES = "bert llama qwen vit gpt mistral whisper t5 clip phi".split()
LANGUAGES = "en fr de es zh ja".split()
SORTS = "trendingScore downloads likes createdAt lastModified".split()
FILE = random.Random(3).randbytes(4 << 20)
COUNT, DOWNLOADS, SEARCHES = 100_000, 200, 600


def records(count: int) -> Iterator[Record]:
    """Made-up models with tags as common and as rare as the real Hub's."""
    chance = random.Random(1)
    for number in range(count):
        task, library, family = chance.choice(TASKS), chance.choice(LIBRARIES), chance.choice(FAMILIES)
        tags = [
            library,
            "safetensors",
            family,
            task,
            *chance.sample(LANGUAGES, 1 + chance.randrange(2)),
            "region:us",
            "endpoints_compatible",
        ]
        tags += [
            f"license:{chance.choice(['mit', 'apache-2.0', 'other'])}",
            f"dataset:set-{int(chance.paretovariate(0.4)) % 5000}",
        ]
        tags += [f"arxiv:{2000 + chance.randrange(300)}.{chance.randrange(9)}0000"]
        size, org = chance.choice(["small", "base", "large"]), int(chance.paretovariate(0.5)) % 3000
        yield Record(
            "model",
            f"org-{org}/{family}-{size}-{number}",
            DAY + timedelta(seconds=number * 97),
            tags=tuple(tags),
            pipeline_tag=task,
            library_name=library,
            parameters=int(10 ** chance.uniform(5, 11)),
            downloads=int(chance.paretovariate(0.5)) % 10**8,
            likes=int(chance.paretovariate(0.7)) % 10**5,
            trending=round(chance.random() * 100, 3),
            gated="auto" if chance.random() < 0.03 else None,
            private=chance.random() < 0.05,
        )


def questions() -> Iterator[dict[str, Any]]:
    """Filters of every kind and mixture, each asked once."""
    chance = random.Random(2)
    while True:
        asked: dict[str, Any] = {"sort": chance.choice(SORTS), "limit": chance.choice([10, 20, 50, 100])}
        tags = [
            *TASKS,
            *LIBRARIES,
            *FAMILIES,
            *LANGUAGES,
            "license:mit",
            "license:apache-2.0",
            f"dataset:set-{chance.randrange(300)}",
        ]
        asked["filter"] = chance.sample(tags, chance.randrange(4))
        if chance.random() < 0.4:
            asked["search"] = chance.choice(
                [*FAMILIES, "small", "base-1", "99", "ma", str(chance.randrange(10**5)), "no-such-name"]
            )
        if chance.random() < 0.15:
            asked["author"] = f"org-{int(chance.paretovariate(0.5)) % 3000}"
        if chance.random() < 0.15:
            asked["num_parameters"] = chance.choice(["min:1B,max:8B", "max:500M", "min:70B"])
        if chance.random() < 0.1:
            asked["gated"] = chance.choice(["true", "false"])
        if chance.random() < 0.1:
            asked["pipeline_tag"] = chance.choice(TASKS)
        yield asked


def page_through(hub: Running, client: httpx.Client) -> tuple[int, float, list[int]]:
    """(repositories listed, seconds, anonymous KB of the server before, halfway and after)."""
    memory, seen, began = [hub.memory().get("RssAnon", 0)], set(), time.perf_counter()
    address = "/api/models?limit=1000"
    while address:
        answer = client.get(address)
        seen |= {one["id"] for one in answer.json()}
        address = answer.headers.get("link", "")[1:].partition(">")[0]
        if len(seen) % 10_000 < 1000:
            memory.append(hub.memory().get("RssAnon", 0))
    return len(seen), time.perf_counter() - began, memory


def search(client: httpx.Client) -> list[float]:
    """Milliseconds of each question."""
    found = []
    for _, asked in zip(range(SEARCHES), questions(), strict=False):
        began = time.perf_counter()
        assert client.get("/api/models", params=asked).status_code == 200
        found.append((time.perf_counter() - began) * 1000)
    return found


def download(client: httpx.Client) -> float:
    """Seconds for all downloads at once; every one is checked."""

    def one(_: int) -> str:
        with client.stream("GET", "/bench/file/resolve/main/model.safetensors") as answer:
            digest = hashlib.sha256()
            for piece in answer.iter_raw(1 << 18):
                digest.update(piece)
            return digest.hexdigest()

    began = time.perf_counter()
    with ThreadPoolExecutor(DOWNLOADS) as pool:
        found = set(pool.map(one, range(DOWNLOADS)))
    assert found == {hashlib.sha256(FILE).hexdigest()}
    return time.perf_counter() - began


def main() -> str:
    """The section of results.md."""
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        began = time.perf_counter()
        store.create_many(records(COUNT))
        rows.append(("filling", f"{COUNT:,} repositories in {time.perf_counter() - began:.1f} s", ""))
        store.create_repo("model", "bench/file", created_at=DAY)
        store.commit(
            "model", "bench/file", {"model.safetensors": FILE}, title="file", author="bench", date=DAY
        )
        store.close()
        began = time.perf_counter()
        with start(Path(folder), answer="hf_nb.infer.serving") as hub:
            rows.append(("ready", f"{time.perf_counter() - began:.2f} s", "< 2 s"))
            limits = httpx.Limits(max_connections=DOWNLOADS)
            with httpx.Client(
                base_url=hub.url, timeout=120, trust_env=False, follow_redirects=True, limits=limits
            ) as client:
                rows += measured(hub, client)
    table = ["| work | measured | target |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(["## B15: the offline Hub", "", *table, ""])


def measured(hub: Running, client: httpx.Client) -> Iterator[tuple[str, str, str]]:
    """The lines that need the running Hub."""
    for turn in ("paging, first time", "paging, again"):
        listed, seconds, memory = page_through(hub, client)
        before, halfway, after = (memory[place] / 1024 for place in (0, len(memory) // 2, -1))
        held = f"server {before:.1f} MB, halfway {halfway:.1f}, after {after:.1f}"
        yield turn, f"{listed:,} visible in {seconds:.1f} s; {held}", "no growth"
    times = sorted(search(client))
    p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
    yield (
        f"{SEARCHES} different filtered searches",
        f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, slowest {times[-1]:.0f} ms",
        "p95 <= 50 ms",
    )
    seconds = download(client)
    yield (
        f"{DOWNLOADS} parallel downloads of {len(FILE) >> 20} MB",
        f"{seconds:.1f} s, {DOWNLOADS * len(FILE) / 1e6 / seconds:.0f} MB/s, all right",
        "work",
    )
    yield "server after all of it", f"{hub.memory().get('RssAnon', 0) / 1024:.1f} MB", ""


if __name__ == "__main__":
    print(main())
