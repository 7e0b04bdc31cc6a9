"""Libraries that tables are read with, loaded whole.

Most of what a page asks is given up again: the reader scrolls on, or sorts twice. A stop in the middle of an import
leaves a module half loaded for as long as the kernel lives, and two threads that begin the same imports from different
ends may each see half of them. So they are loaded here, one after the other, and no stop comes in between.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

READING = ("pyarrow", "pyarrow.csv", "pyarrow.json", "pyarrow.parquet", "pyarrow.compute")
# DuckDB looks for these by itself, when it is first handed a table.
ASKING = ("numpy", "pandas", "pyarrow.pandas_compat", "pyarrow.dataset", "fsspec", "duckdb")
# What `huggingface_hub` imports when one of its names is first used, from whichever thread that is.
HUB = ("huggingface_hub.hf_api",)
_turn = threading.Lock()


def reading(ask: Ask) -> None:
    """Rows as they stand can be read."""
    _load(ask, READING)


def finding(ask: Ask) -> None:
    """A table of the Hub can be found, and its rows read."""
    _load(ask, HUB + READING)


def asking(ask: Ask) -> None:
    """They can be searched, sorted and counted too."""
    _load(ask, READING + ASKING)


def _load(ask: Ask, names: tuple[str, ...]) -> None:
    with ask.in_one_piece(), _turn:
        for name in names:
            if name not in sys.modules or _half(name):
                with contextlib.suppress(ImportError):  # whoever needs what is missing says so
                    importlib.import_module(name)


def _half(name: str) -> bool:
    """Somebody else is loading it now: to import it is to wait for them."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return bool(getattr(spec, "_initializing", False))
