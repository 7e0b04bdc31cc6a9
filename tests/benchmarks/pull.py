"""B12, the half about files: a pull beside `hf download`, each in a process of its own, on the same Hub."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hf_nb.offline.running import Running
from tests.hub.pulling import REPO, contents, serving

ROUNDS = 7
MEGABYTE = 1_000_000


def main() -> str:
    """One Markdown section."""
    dice = random.Random(0)  # noqa: S311 -- a die
    cases = {
        "one file of 200 MB": {"model.safetensors": dice.randbytes(200 * MEGABYTE)},
        "8 files of 20 MB": {
            f"part-{number}.safetensors": dice.randbytes(20 * MEGABYTE) for number in range(8)
        },
        "200 files of 10 kB": {
            f"data/{number}.txt": dice.randbytes(5_000).hex().encode() for number in range(200)
        },
    }
    rows = [_row(name, files) for name, files in cases.items()]
    table = "\n".join(
        [
            "| work | hf download | hf_nb pull | ratio | again: hf | again: hf_nb |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
        ]
    )
    return (
        "## B12 Files: a pull beside `hf download`\n\n"
        f"Seconds, the fastest of {ROUNDS} rounds that take turns, the start of the process included; a pull also "
        "compares every checksum. Again: everything is in the cache.\n\n" + table
    )


def _row(name: str, files: dict[str, bytes]) -> str:
    took: dict[str, list[float]] = {"hf": [], "pull": [], "hf again": [], "pull again": []}
    with (
        tempfile.TemporaryDirectory(prefix="hf-nb-bench-") as folder,
        serving(Path(folder), files) as (hub, _),
    ):
        for number in range(ROUNDS):
            for peer in ("hf", "pull") if number % 2 else ("pull", "hf"):
                cache = Path(folder) / "cache"
                took[peer].append(_seconds(hub, cache, peer))
                assert len(contents(cache)) >= len(files), f"{peer} left files out"
                took[f"{peer} again"].append(_seconds(hub, cache, peer))
                shutil.rmtree(cache)
    best = {peer: min(seconds) for peer, seconds in took.items()}
    ratio = best["pull"] / best["hf"]
    return (
        f"| {name} | {best['hf']:.2f} | {best['pull']:.2f} | {ratio:.2f} | "
        f"{best['hf again']:.2f} | {best['pull again']:.2f} |"
    )


def _seconds(hub: Running, cache: Path, peer: str) -> float:
    environment = hub.environment_for(os.environ) | {"HF_HUB_CACHE": str(cache)}
    program = {
        "hf": [sys.executable, "-m", "huggingface_hub.cli.hf", "download", REPO, "--quiet"],
        "pull": [sys.executable, "-m", "hf_nb", "pull", REPO, "--quiet"],
    }[peer]
    began = time.perf_counter()
    subprocess.run(program, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    print(main())
