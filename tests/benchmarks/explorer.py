"""B5, B6: ten million rows in the explorer, beside widgets that show a DataFrame: memory, seconds, bytes.

Each shows the frame in a fresh process, having shown a small one before; ours answers the explorer's own questions.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import datasets_files

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("peers_showing.py")
ROWS = 10_000_000
LONGEST = 300
# A widget, and what is installed for it: buckaroo sends texts by a module that pandas 3 has not any more.
NEWEST = ("quak", "itables", "pandas", "pyarrow", "ipython")
OLDER = ("buckaroo", "pandas<3", "pyarrow", "six", "ipython")  # it needs six, and does not say so
WIDGETS = {"quak": NEWEST, "buckaroo": OLDER, "itables": NEWEST}

Told = dict[str, Any] | str


def main() -> str:
    """The tables."""
    told: dict[str, Told] = {"hf_nb": _run(Path(sys.executable), "hf_nb")}
    versions = []
    for name, packages in WIDGETS.items():
        python = datasets_files.environment(packages)
        told[name] = _run(python, name) if python else "could not be installed here"
        versions += [datasets_files.versions(python, (name, "pandas"))] if python else []
    targets = (
        "Target: at most 5 % more memory while browsing, 4 bytes a row more while sorted; the first sorted page, the"
        " middle of three columns, in 0.15 s, one deep in it in 1.5 s, then 0.05 s; a page in 15 ms (p95) and 20 KB."
        " All rows, or it says so."
    )
    return "\n".join(
        [
            "## B5, B6: ten million rows in the explorer",
            "",
            f"A DataFrame of {ROWS:,} rows × 10 columns; a page has 100 rows. Peers: {'; '.join(versions) or 'none'}.",
            "",
            targets,
            "",
            *_memory(told),
            "",
            *_seconds(told),
            "",
            *_more(told["hf_nb"]),
        ]
    )


def _run(python: Path, name: str) -> Told:
    done = subprocess.run(
        [str(python), str(PROGRAM), name, str(ROWS)],
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
        env={**datasets_files.clean(), "PYTHONPATH": str(ROOT)},
    )
    line = next((one for one in done.stdout.splitlines() if one.startswith("{")), None)
    if line is None:
        said = done.stderr.strip().splitlines()
        return said[-1][:120].replace("|", "/") if said else f"ended with {done.returncode}"
    found: dict[str, Any] = json.loads(line)
    return found


def _memory(told: dict[str, Told]) -> list[str]:
    lines = [
        "| widget | rows shown | frame, MB | MB more browsing | % | at its most | MB more sorted | at its most |",
        "|---|" + "--:|" * 7,
    ]
    for name, one in told.items():
        if isinstance(one, str):
            lines.append(f"| {name} | {one} |" + " |" * 6)
            continue
        cells = [f"{one['rows']:,}", f"{one['frame']:.0f}", f"{one['browsing']:.0f}"]
        cells += [f"{100 * one['browsing'] / one['frame']:.1f}", f"{one['browsing most']:.0f}"]
        cells += [f"{one[key]:.0f}" for key in ("sorted", "sorted most")] if "first" in one else ["–", "–"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _seconds(told: dict[str, Told]) -> list[str]:
    lines = [
        "| widget | open, s | page p50, ms | p95, ms | KB a page | first sorted page, s | deep, s | another deep, s |",
        "|---|" + "--:|" * 7,
    ]
    for name, one in told.items():
        if isinstance(one, str):
            continue
        cells = [f"{one['open']:.2f}", f"{one['page'] * 1000:.1f}", f"{one['page95'] * 1000:.1f}"]
        cells += [f"{one['bytes'] / 1000:.1f}"]
        cells += [f"{one[key]:.3f}" for key in ("first", "deep", "deeper")] if "first" in one else ["–"] * 3
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _more(ours: Told) -> list[str]:
    if isinstance(ours, str):
        return []
    kept = (ours["sorted"] - ours["browsing"]) * 1024 * 1024 / ours["rows"]
    said = (
        f"Ours: figures and bars of all ten columns over all rows {ours['head']:.1f} s; a stretch of a chart chosen,"
        f" its rows and all other bars for them {ours['brush']:.1f} s; {kept:.1f} bytes a row more while sorted."
    )
    theirs = (
        "buckaroo shows a sample of a million rows, itables as many as 64 KB hold, all of them sent at once and sorted"
        " in the page; quak sorts anew for every page. Bytes are those of a page's answer; of itables, of all it sends."
    )
    return [said, "", theirs]


if __name__ == "__main__":
    print(main(), flush=True)
