"""B6 in the long run: two hundred jumps to anywhere in ten gigabytes, and what stays in memory.

python tests/benchmarks/jumps.py [JUMPS]        200 of them

A server of ranges repeats one row group a hundred times, so the ten million rows need not exist. The explorer's own
questions are asked in a process of its own, whose memory is looked at. The exit code is 1 where it grew too much.
"""

from __future__ import annotations

import io
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.benchmarks.memory import from_here, memory  # noqa: E402 -- it is found only from here on

JUMPS, PAGE = 200, 100
GROUP, TIMES = 100_000, 100
MOST = 150.0  # MB
HEAD: tuple[str, ...] = (
    "columns shown",
    "MB more, in the end",
    "at its most",
    "MB moved a jump",
    "ms a page, p50",
    "p95",
)
HEAD += ("of one in memory, p50", "p95", "KB a page")


def main(jumps: int) -> int:
    """The table; the exit code."""
    from tests.data.parquet.tiled import tiled
    from tests.data.serving import serving

    file = tiled(_group(), TIMES)
    lines = [
        f"{jumps} jumps in {file.size / 1e9:.1f} GB of {GROUP * TIMES:,} rows. Target: at most {MOST:.0f} MB more.",
        "",
        f"| {' | '.join(HEAD)} |",
        "|---|" + "--:|" * (len(HEAD) - 1),
    ]
    grown = 0.0
    with serving({"/big.parquet": file}) as server:
        for said, columns in (("all 10", "all"), ("all but the long one", "short")):
            server.clear()
            words = [sys.executable, __file__, "jump", server.url("/big.parquet"), columns, str(jumps)]
            told = json.loads(subprocess.check_output(words, env={**os.environ, "PYTHONPATH": str(ROOT)}))
            grown = max(grown, told["now"])
            cells = [f"{told['now']:.0f}", f"{told['most']:.0f}", f"{server.bytes / jumps / 1e6:.2f}"]
            cells += [f"{told[name] * 1000:.1f}" for name in ("p50", "p95", "again", "again95")]
            lines.append(f"| {said} | {' | '.join(cells)} | {told['bytes'] / 1000:.1f} |")
    print("\n".join(lines), flush=True)
    return 0 if grown <= MOST else 1


def jump(url: str, which: str, jumps: int) -> dict[str, float]:
    """Pages from anywhere; each is asked for twice, the second time it is in memory."""
    from tests.panels.asking import Packed

    page, of, where = Packed(), {"what": url}, random.Random(5)  # noqa: S311 -- the same each time, no secret
    opened = page.ask("data.open", of=of)
    names = [one["name"] for one in opened["columns"] if which == "all" or one["name"] != "blob"]
    long = {one["name"]: 10 if one["stored"] in ("double", "float") else 48 for one in opened["columns"]}
    columns = [{"name": name, "chars": long[name]} for name in names]  # as many as the grid asks for

    def show(offset: int) -> tuple[float, int]:
        began = time.perf_counter()
        said = page.ask("data.page", of=of, offset=offset, limit=PAGE, columns=columns, packed=True)
        took = time.perf_counter() - began
        assert said["cells"][names.index("id")][0] == str(offset % GROUP)
        return took, page.weighs

    for offset in (0, GROUP * 5):  # what is loaded and begun by then is there in any case
        show(offset)
    before = from_here()
    first, again, size = [], [], 0
    for _ in range(jumps):
        offset = where.randrange(opened["rows"] - PAGE)
        took, bytes_ = show(offset)
        first.append(took)
        again.append(show(offset)[0])
        size = max(size, bytes_)
    first.sort(), again.sort()
    at = int(0.95 * jumps)
    told = {
        "p50": statistics.median(first),
        "p95": first[at],
        "again": statistics.median(again),
        "again95": again[at],
    }
    return {**told, "most": memory("VmHWM") - before, "now": memory("VmRSS") - before, "bytes": size}


def _group() -> bytes:
    """A row group of ten columns, a kilobyte a row."""
    import numpy
    import pyarrow
    import pyarrow.parquet

    dice = numpy.random.default_rng(3)
    columns: dict[str, Any] = {f"float {at}": dice.normal(size=GROUP) for at in range(6)}
    columns |= {"id": numpy.arange(GROUP), "few": dice.integers(0, 30, GROUP).astype("int16")}
    columns["text"] = pyarrow.array(
        [f"a text of some words, {one}" for one in dice.integers(0, 10**6, GROUP)]
    )
    columns["blob"] = pyarrow.array([dice.bytes(950) for _ in range(GROUP)], pyarrow.binary())
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), sink, row_group_size=GROUP, write_page_index=True)
    return sink.getvalue()


if __name__ == "__main__":
    if sys.argv[1:2] == ["jump"]:
        print(json.dumps(jump(sys.argv[2], sys.argv[3], int(sys.argv[4]))), flush=True)
        os._exit(0)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else JUMPS))
