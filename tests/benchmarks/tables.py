"""B2, B3, B4: a hundred rows of a large remote Parquet file, beside its peers: bytes, requests, seconds, memory.

One server on loopback, 50 ms a request, 50 MB/s a connection, counts what each of them moves. Each reads in a fresh
process with its library loaded; ours too. The file and the peers' venv are made once, in a temporary folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import datasets_files
from tests.data.serving import OnDisk, Server, serving

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("peers_reading.py")
LATENCY, SPEED = 0.05, 50e6
LONGEST = 150.0  # seconds for one reader
TIMES, QUICK = 3, 2.0  # so often, where it takes fewer seconds than that: the one with the middle time counts
JUMP, NEXT = 2_500_050, 2_600_050
FEW = [f"few {at}" for at in range(0, datasets_files.FEW, 19)]
FLOATS = [f"float {at}" for at in range(0, datasets_files.FLOATS - 2, 6)]
ALL = ("hf_nb", *datasets_files.READERS[:6])
_WRONG = re.compile(r"[\w.]+: ")  # the line of a traceback that says what happened
DEEP = ("hf_nb", "datafusion", "polars", "duckdb", "pyarrow")


class Taken(NamedTuple):
    """What a reading took."""

    seconds: float
    moved: int
    requests: int
    memory: float


Run = list[Taken] | str


class Bench:
    """One server, and readers that come to it one after another."""

    def __init__(self, server: Server, python: Path | None) -> None:
        self.server, self.python = server, python

    def readers(self, names: Sequence[str]) -> list[str]:
        """Those that can be had here."""
        return [name for name in names if name == "hf_nb" or self.python is not None]

    def run(self, name: str, file: str, offsets: Sequence[int], columns: list[str] | None = None) -> Run:
        """The offsets in one process, or in words why not."""
        done: list[list[Taken]] = []
        while len(done) < TIMES:
            taken = self._once(name, file, offsets, columns)
            if isinstance(taken, str):
                return taken
            done.append(taken)
            if taken[0].seconds > QUICK:
                break
        return sorted(done, key=lambda one: one[0].seconds)[len(done) // 2]

    def _once(self, name: str, file: str, offsets: Sequence[int], columns: list[str] | None) -> Run:
        python = Path(sys.executable) if name == "hf_nb" else self.python
        words = [str(python), str(PROGRAM), name, self.server.url(f"/served/{file}.parquet")]
        words += [json.dumps(columns), *map(str, offsets)]
        self.server.clear()
        with subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**datasets_files.clean(), "PYTHONPATH": str(ROOT), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"},
        ) as process:
            late = threading.Timer(LONGEST, process.kill)
            late.start()
            try:
                return self._heard(process, len(offsets))
            finally:
                late.cancel()
                process.kill()

    def _heard(self, process: subprocess.Popen[str], count: int) -> Run:
        assert process.stdout
        assert process.stdin
        assert process.stderr
        taken: list[Taken] = []
        for _ in range(count):
            line = process.stdout.readline()
            if not line.startswith("{"):
                said = [one for one in (line + process.stderr.read()).splitlines() if _WRONG.match(one)]
                return said[-1][:100] if said else f"not done after {LONGEST:.0f} s"
            facts = json.loads(line)
            taken.append(Taken(facts["seconds"], self.server.bytes, self.server.requests, facts["memory"]))
            self.server.clear()
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write("\n")
                process.stdin.flush()
        return taken


def main() -> str:
    """The tables."""
    files, python = datasets_files.files(), datasets_files.environment()
    contents = {f"/served/{name}.parquet": OnDisk(path) for name, path in files.items()}
    with serving(contents, latency=LATENCY, speed=SPEED) as server:
        bench = Bench(server, python)
        sections = [_first(bench), _jumps(bench), _wide(bench)]
    size = files["index"].stat().st_size / 1e9
    said = (
        f"Parquet of {size:.2f} GB, {datasets_files.ROWS:,} rows × 11 columns in row groups of a million, and one of"
        f" 200 columns, from one server: {LATENCY * 1000:.0f} ms a request, {SPEED / 1e6:.0f} MB/s a connection. Each"
        f" reader in a fresh process with its library loaded, the middle of {TIMES} runs where it takes less than"
        f" {QUICK:.0f} s. Memory is what comes on top."
    )
    head = ["## B2, B3, B4: rows of a large remote file", "", said]
    if python is None:
        head += ["", "The peers could not be installed here, so they are not measured."]
    else:
        head += ["", f"Peers: {datasets_files.versions(python, datasets_files.READERS[:6])}."]
    return "\n".join([*head, *(line for section in sections for line in ("", *section))])


def _first(bench: Bench) -> list[str]:
    rows = {name: bench.run(name, "index", [0]) for name in bench.readers(ALL)}
    rows["hf_nb, a file without a page index"] = bench.run("hf_nb", "plain", [0])
    ours, theirs = rows["hf_nb"], rows.get("datafusion")
    lines = [
        "### The first 100 rows",
        "",
        "Target: at most 12 MB and 15 requests, 0.6 of DataFusion's bytes, and no slower than it.",
        "",
        *_table(rows),
    ]
    if theirs and not isinstance(theirs, str) and not isinstance(ours, str):
        bytes_, seconds = ours[0].moved / theirs[0].moved, ours[0].seconds / theirs[0].seconds
        lines += ["", f"Of DataFusion's bytes {bytes_:.2f}, of its time {seconds:.2f}."]
    return lines


def _jumps(bench: Bench) -> list[str]:
    rows = {name: bench.run(name, "index", [JUMP, NEXT]) for name in bench.readers(DEEP)}
    rows["hf_nb, a file without a page index"] = bench.run("hf_nb", "plain", [JUMP, NEXT])
    lines = [
        f"### A jump to row {JUMP:,}, then to row {NEXT:,} in the same row group",
        "",
        "Target: at most 12 MB, then 2 MB; a tenth of the best peer's. datasets and pandas read all before it.",
        "",
        *_table(rows),
    ]
    done = {name: run for name, run in rows.items() if not isinstance(run, str)}
    peers = {name: run[0].moved for name, run in done.items() if not name.startswith("hf_nb")}
    if peers and "hf_nb" in done:
        best = min(peers, key=peers.__getitem__)
        lines += [
            "",
            f"The best peer, {best}, moves {peers[best] / done['hf_nb'][0].moved:.0f} times as much.",
        ]
    return lines


def _wide(bench: Bench) -> list[str]:
    lines = [
        "### Eight of 200 columns, the first 100 rows",
        "",
        "Target: at most 3 MB where they have few values, 10 MB where they are numbers that are all different.",
    ]
    for said, columns in (("Few values", FEW), ("Numbers", FLOATS)):
        rows = {name: bench.run(name, "wide", [0], columns) for name in bench.readers(DEEP)}
        lines += ["", f"{said}:", "", *_table(rows)]
    return lines


def _table(rows: dict[str, Run]) -> list[str]:
    jumps = max((len(run) for run in rows.values() if not isinstance(run, str)), default=1)
    head = ["MB moved", "requests", "seconds", "MB of memory"]
    if jumps > 1:
        head += [f"{name}, second" for name in head[:3]]
    lines = [f"| reader | {' | '.join(head)} |", "|---|" + "--:|" * len(head)]
    for name, run in rows.items():
        if isinstance(run, str):
            lines.append(f"| {name} | {run.replace('|', '/')} |" + " |" * (len(head) - 1))
            continue
        cells = [
            f"{run[0].moved / 1e6:.2f}",
            f"{run[0].requests}",
            f"{run[0].seconds:.2f}",
            f"{run[0].memory:.0f}",
        ]
        for one in run[1:]:
            cells += [f"{one.moved / 1e6:.2f}", f"{one.requests}", f"{one.seconds:.2f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    print(main(), flush=True)
    os._exit(0)
