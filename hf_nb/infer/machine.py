"""What was measured of this machine: kept, so that the second model of a shape is not measured again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import threading
import time
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from hf_nb.plumbing import folders, processors

MOST = 50_000  # figures kept
MODULES = 24
TRIES = 30
COPIED = 64_000_000  # bytes copied to see how fast they are
_guard = threading.Lock()


class Machine:
    """Figures of this machine, with this torch and this number of threads. `kept`: None keeps nothing."""

    def __init__(self, kept: Path | None) -> None:
        self.path = kept
        self._new = False

    @cached_property
    def _figures(self) -> dict[str, float]:
        return _read(self.path) if self.path is not None else {}

    @cached_property
    def choices(self) -> Machine:
        """Figures by which something is chosen, which is the same with any number of threads."""
        return self if self.path is None else chosen()

    def known(self, key: str) -> float | None:
        """What was measured before."""
        return self._figures.get(key)

    def learn(self, key: str, figure: float) -> None:
        """Remember a figure; `save` writes it."""
        if len(self._figures) < MOST:
            self._figures[key] = figure
            self._new = True

    def settled(self, key: str, measure: Callable[[], float | None]) -> float | None:
        """A figure by which something is chosen: who measures it first chooses for all that come after."""
        if self.known(key) is None and (figure := measure()) is not None:
            self.learn(key, figure)
            self.save()
        return self.known(key)

    def keeps(self, key: str) -> bool:
        """Whether others will find this figure."""
        return self.path is not None and not self._new and self.known(key) is not None

    def save(self) -> None:
        """To the disk, where there is something new; a disk that takes nothing is no reason to fail.

        What another process has written in the meantime stays.
        """
        if self.path is None or not self._new:
            return
        with _guard, contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(f".{os.getpid()}")
            self._figures.update(_read(self.path))
            part.write_text(json.dumps(self._figures), encoding="utf-8")
            part.replace(self.path)
            self._new = False

    @cached_property
    def unit(self) -> float:
        """Seconds that Python takes to call one small layer: what a model's own code costs is a multiple of it."""
        return self._once("unit", _unit)

    @cached_property
    def bandwidth(self) -> float:
        """Bytes a second through the memory."""
        return self._once("bandwidth", _bandwidth)

    def _once(self, key: str, measure: Any) -> float:
        figure = self.known(key)
        if figure is None:
            figure = float(measure())
            self.learn(key, figure)
        return figure


def busy() -> bool:
    """Others keep every processor at work: what is measured now is not kept."""
    load = processors.load()
    return load is not None and load > 1.5 * (os.cpu_count() or 1)


def this() -> Machine:
    """The machine we are on."""
    import torch

    name = _named(
        _processor(),
        torch.__version__,
        str(torch.get_num_threads()),
        torch.backends.cpu.get_cpu_capability(),
        platform.python_version(),
    )
    return Machine(folders.cache() / "fit" / f"{name}.json")


def chosen() -> Machine:
    """By what something is chosen on it: a few lines of their own, since every model that is loaded reads them."""
    import torch

    capability, limit = torch.backends.cpu.get_cpu_capability(), os.environ.get("ONEDNN_MAX_CPU_ISA", "")
    return Machine(
        folders.cache() / "fit" / f"{_named(_processor(), torch.__version__, capability, limit)}.chosen.json"
    )


def _named(*parts: str) -> str:
    return hashlib.sha1("|".join(parts).encode(), usedforsecurity=False).hexdigest()[:16]


@cache
def _processor() -> str:
    with (
        contextlib.suppress(OSError),
        Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines,
    ):
        for line in lines:
            if line.startswith(("model name", "CPU part")):
                return line.rstrip("\n")
    return platform.processor() or platform.machine()


def _read(path: Path) -> dict[str, float]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {key: one for key, one in read.items() if isinstance(one, float) and 0 < one < 1e12}


def _unit() -> float:
    import torch

    layers = torch.nn.Sequential(*(torch.nn.LayerNorm(8) for _ in range(MODULES))).eval()
    given = torch.zeros(1, 8)
    best = float("inf")
    with torch.inference_mode():
        for _ in range(TRIES):
            began = time.process_time()
            layers(given)
            best = min(best, time.process_time() - began)
    return best / MODULES


def _bandwidth() -> float:
    import torch

    some = torch.zeros(COPIED // 4)
    other = torch.empty_like(some)
    best = float("inf")
    for _ in range(4):
        began = time.perf_counter()
        other.copy_(some)
        best = min(best, time.perf_counter() - began)
    return COPIED / best
