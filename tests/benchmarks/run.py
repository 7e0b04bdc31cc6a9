"""Run every benchmark and write results.md beside this file.

    python tests/benchmarks/run.py             all of them
    python tests/benchmarks/run.py start tab   these

A benchmark is a file here with `main() -> str`: one Markdown section, its figures beside its peers', measured in
one run. Each has a process of its own, so that nothing is warm or in memory that the one before it left there.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RESULTS = HERE / "results.md"
RUNNERS = {"run", "soak", "kills", "writers", "pulls", "jumps", "pool", "fit"}
SHARED = {"datasets_files", "memory", "peers_reading", "peers_showing"}
VERSIONS = (
    "torch",
    "transformers",
    "huggingface_hub",
    "datasets",
    "pandas",
    "pyarrow",
    "duckdb",
    "jupyterlab",
    "ipykernel",
    "ipython",
)
# Prints nothing but what the benchmark itself prints; its section goes to the file named second.
_ONE = """import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("benchmark", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
pathlib.Path(sys.argv[2]).write_text(module.main(), encoding="utf-8")"""


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in RUNNERS | SHARED | {"__init__"})


def run(name: str) -> tuple[str, bool]:
    """One benchmark in a fresh process: its section, and whether it worked."""
    with tempfile.TemporaryDirectory() as folder:
        section = Path(folder) / "section.md"
        command = [sys.executable, "-c", _ONE, str(HERE / f"{name}.py"), str(section)]
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        environment = {**_clean(), "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        ended = subprocess.run(command, env=environment, check=False)
        if ended.returncode == 0 and section.is_file():
            return section.read_text(encoding="utf-8").strip(), True
    return f"## {name}\n\nDid not finish (exit code {ended.returncode}).", False


def machine() -> str:
    """What the figures were measured on. No paths, no names of hosts or people."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    rows = [
        ("cores", cores),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("python", platform.python_version()),
        *((name, _version(name)) for name in VERSIONS),
    ]
    return "| machine | |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows)


def main(chosen: list[str]) -> int:
    """Run, print and write; the exit code."""
    if unknown := set(chosen) - set(names()):
        print(
            f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(names()) or 'none yet'}"
        )
        return 2
    sections, all_worked = [], True
    for name in chosen or names():
        began = time.perf_counter()
        section, worked = run(name)
        all_worked &= worked
        print(f"\n{section}\n\n({name}: {time.perf_counter() - began:.0f} s)", flush=True)
        sections.append(section)
    text = "\n\n".join(["# Benchmarks", "Written by `make bench`.", machine(), *sections])
    if not chosen:
        RESULTS.write_text(text + "\n", encoding="utf-8")
        print(f"\nWritten: {RESULTS.relative_to(ROOT)}")
    return 0 if all_worked else 1


def _clean() -> dict[str, str]:
    """A user's endpoint, token or cache must not colour a measurement."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HF_") or name == "HF_NB_HUB_CACHE"
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package).partition("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
