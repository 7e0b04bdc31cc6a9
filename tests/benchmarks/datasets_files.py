"""What the benchmarks of tables read, and where their peers live: made once, kept in a temporary folder.

index   4,000,000 rows of 11 columns, a gigabyte, row groups of a million, written as `datasets` writes
plain   the same without a page index
wide    250,000 rows of 200 columns: 150 with few values, 50 of numbers that are all different

The seed is fixed. `environment()` is a venv with the peers in it, where a package registry can be reached.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS, GROUP, WIDE = 4_000_000, 1_000_000, 250_000
FEW, FLOATS = 150, 50
WORDS = ["data", "model", "train", "loss", "batch", "token", "layer", "graph", "query", "index"]
READERS = ("polars", "datafusion", "duckdb", "pyarrow", "datasets", "pandas", "fsspec", "aiohttp")


def folder() -> Path:
    """Where all of it lies."""
    made = Path(tempfile.gettempdir()) / "hf_nb_benchmarks"
    made.mkdir(exist_ok=True)
    return made


def files() -> dict[str, Path]:
    """The three files, written where they are not there yet."""
    return {
        "index": _once(
            "index", lambda path: _tall(path, write_page_index=True, use_content_defined_chunking=True)
        ),
        "plain": _once("plain", _tall),
        "wide": _once("wide", _wide),
    }


def environment(packages: tuple[str, ...] = READERS) -> Path | None:
    """A Python with these in it; None where they cannot be installed."""
    named = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:8]
    made = folder() / f"peers-{named}"
    python = made / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = made / "complete"
    if not done.exists():
        venv.create(made, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            return None
        done.touch()
    return python


def versions(python: Path, names: tuple[str, ...]) -> str:
    """What of them is installed, in a line."""
    program = (
        "import importlib.metadata as m, sys; print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
    )
    return subprocess.check_output([str(python), "-c", program, *names], text=True).strip()


def clean() -> dict[str, str]:
    """An environment for a peer: nothing of ours in it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "PYTHON"))}


def _once(name: str, write: Callable[[Path], None]) -> Path:
    """Written beside, then renamed: a half one is never taken for a whole one."""
    path = folder() / f"{name}-{ROWS}.parquet"
    if not path.exists():
        half = path.with_suffix(".half")
        write(half)
        half.replace(path)
    return path


def _tall(path: Path, **how: Any) -> None:
    import numpy
    import pyarrow.parquet

    dice = numpy.random.default_rng(1)
    schema = _group(10, numpy.random.default_rng(1)).schema
    with pyarrow.parquet.ParquetWriter(path, schema, **how) as out:
        for _ in range(ROWS // GROUP):
            out.write_table(_group(GROUP, dice), row_group_size=GROUP)


def _group(rows: int, dice: Any) -> Any:
    """Numbers, most of them different, a stamp, a few words, texts."""
    import numpy
    import pyarrow

    words, letters = numpy.array(WORDS), dice.bytes(rows * 90).hex()
    floats = {f"float {at}": dice.normal(size=rows) for at in range(7)}
    return pyarrow.table(
        floats
        | {
            "id": dice.integers(0, 1 << 40, rows),
            "stamp": pyarrow.array(dice.integers(0, 10**15, rows), pyarrow.timestamp("us")),
            "kind": pyarrow.array(words[dice.integers(0, len(WORDS), rows)]),
            "text": pyarrow.array([letters[at : at + 180] for at in range(0, len(letters), 180)]),
        }
    )


def _wide(path: Path) -> None:
    import numpy
    import pyarrow.parquet

    dice = numpy.random.default_rng(1)
    few = {f"few {at}": dice.integers(0, 40, WIDE).astype("int16") for at in range(FEW)}
    floats = {f"float {at}": dice.normal(size=WIDE) for at in range(FLOATS)}
    pyarrow.parquet.write_table(pyarrow.table(few | floats), path, write_page_index=True)
