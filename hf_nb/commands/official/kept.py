"""The words of a huggingface_hub other than the one tree.json was read from: read once, kept in a file of the cache."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from hf_nb.plumbing import folders

LAYOUT = 1  # of the file
_SAYS = re.compile(r"""^__version__ = ["']([\w.+!-]+)["']""", re.MULTILINE)
T = TypeVar("T")


def version() -> str:
    """Of the huggingface_hub in this process, else of the installed one, which is not imported for it."""
    loaded = getattr(sys.modules.get("huggingface_hub"), "__version__", None)
    return str(loaded or _said() or _installed())


def _said() -> str | None:
    """As its source says: asking importlib.metadata would be most of the time a first TAB takes."""
    with contextlib.suppress(OSError, ValueError):
        spec = importlib.util.find_spec("huggingface_hub")
        source = Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""
        found = _SAYS.search(source)
        return found[1] if found else None
    return None


def _installed() -> str:
    import importlib.metadata

    return importlib.metadata.version("huggingface_hub")


def load(version: str, of: Callable[[Mapping[str, Any]], T]) -> T | None:
    """What `of` makes of the words kept; None where none are kept, or what lies there is something else."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        read = json.loads(_file(version).read_text(encoding="utf-8"))
        return of(read) if read["huggingface_hub"] == version else None
    return None


def save(words: Mapping[str, Any]) -> None:
    """Whole or not at all. Where nothing can be kept, they are read again another time."""
    path = _file(words["huggingface_hub"])
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()


def _file(version: str) -> Path:
    return folders.cache() / f"official-{LAYOUT}-{version}.json"
