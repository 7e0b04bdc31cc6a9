"""B1: what `%load_ext hf_nb` costs over a bare IPython, beside a peer, each load in a fresh process, in turn.

The peer (JupySQL) is installed into a venv of its own when the package registry can be reached; without it the
table says so. Figures are the medians of the timed loads; modules are those that loading adds.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

LOADS = 15
PEER = "jupysql"
PROGRAM = """
import json, sys, time
from IPython.core.interactiveshell import InteractiveShell
opened = []
NETWORK = ("socket.connect", "socket.getaddrinfo")
sys.addaudithook(lambda event, args: opened.append(event) if event in NETWORK else None)
shell = InteractiveShell.instance()
shell.run_cell("1")
before = len(sys.modules)
began = time.perf_counter()
{statement}
seconds = time.perf_counter() - began
print(json.dumps(dict(seconds=seconds, modules=len(sys.modules) - before, network=len(opened))), file=sys.stderr)
"""
BARE = "pass"
LOAD = "shell.run_line_magic('load_ext', {name!r})"


def main() -> str:
    """The table."""
    with tempfile.TemporaryDirectory() as folder:
        peer = _peer(Path(folder))
        programs = {
            "bare IPython": (sys.executable, BARE),
            "hf_nb": (sys.executable, LOAD.format(name="hf_nb")),
        }
        if peer:
            programs[PEER] = (peer, LOAD.format(name="sql"))
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
        for _ in range(LOADS):
            for name, (python, statement) in programs.items():
                runs[name].append(_once(python, statement))
    ours = _median(runs["hf_nb"]) - _median(runs["bare IPython"])
    lines = [
        "## B1: loading the extension",
        "",
        f"Median of {LOADS} loads in fresh processes, taken in turn. Target: at most 25 ms over bare IPython.",
        "",
        "| what is loaded | ms over bare IPython | modules added | network calls |",
        "|---|--:|--:|--:|",
    ]
    for name, taken in runs.items():
        over = (_median(taken) - _median(runs["bare IPython"])) * 1000
        modules, network = (statistics.median(one[key] for one in taken) for key in ("modules", "network"))
        lines.append(f"| {name} | {over:.1f} | {modules:.0f} | {network:.0f} |")
    if peer:
        theirs = _median(runs[PEER]) - _median(runs["bare IPython"])
        lines += ["", f"{PEER} takes {theirs / ours:.0f} times as long."]
    else:
        lines += ["", f"{PEER} could not be installed here, so it is not measured."]
    return "\n".join(lines)


def _median(taken: list[dict[str, float]]) -> float:
    return statistics.median(one["seconds"] for one in taken)


def _once(python: str, statement: str) -> dict[str, float]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("HF_", "PYTHON"))
    }
    done = subprocess.run(
        [python, "-c", PROGRAM.format(statement=statement)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    facts: dict[str, float] = json.loads(done.stderr.strip().splitlines()[-1])
    return facts


def _peer(folder: Path) -> str | None:
    venv.create(folder / "peer", with_pip=True)
    python = folder / "peer" / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER, "ipython"]
    return str(python) if subprocess.run(install, capture_output=True, check=False).returncode == 0 else None


if __name__ == "__main__":
    print(main())
