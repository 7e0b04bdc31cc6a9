"""What was measured of this machine: kept, so that the second model of a shape is not measured again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import threading
import time
from functools import cached_property
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
        self._figures: dict[str, float] = _read(kept) if kept is not None else {}

    def known(self, key: str) -> float | None:
        """What was measured before."""
        return self._figures.get(key)

    def learn(self, key: str, figure: float) -> None:
        """Remember a figure; `save` writes it."""
        if len(self._figures) < MOST:
            self._figures[key] = figure
            self._new = True

    def save(self) -> None:
        """To the disk, where there is something new; a disk that takes nothing is no reason to fail."""
        if self.path is None or not self._new:
            return
        with _guard, contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(_read(self.path) | self._figures), encoding="utf-8")
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

    said = "|".join(
        [
            _processor(),
            torch.__version__,
            str(torch.get_num_threads()),
            torch.backends.cpu.get_cpu_capability(),
            platform.python_version(),
        ]
    )
    name = hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()[:16]
    return Machine(folders.cache() / "fit" / f"{name}.json")


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(("model name", "CPU part")):
                return line
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
