"""One question, and whether anybody still waits for its answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any


class Wrong(Exception):
    """The question cannot be answered. `kind` is the viewer's own name for it."""

    def __init__(self, kind: str, problem: str) -> None:
        super().__init__(problem)
        self.kind = kind


class Asked:
    """What is wanted, and of which files: `{"path", "rows"}` each, one after another."""

    def __init__(self, ask: Mapping[str, Any]) -> None:
        self.ask = ask
        self.kind = str(ask["kind"])
        self._stopped = threading.Event()
        self._at_stop: Callable[[], None] | None = None

    def __getitem__(self, name: str) -> Any:
        return self.ask[name]

    @property
    def files(self) -> list[Mapping[str, Any]]:
        """The split's Parquet files in their order."""
        return list(self.ask["files"])

    @property
    def total(self) -> int:
        """Rows in all of them."""
        return sum(file["rows"] for file in self.files)

    @property
    def features(self) -> Any:
        """The columns as `datasets` describes them."""
        from datasets import Features  # type: ignore[import-untyped]

        return Features.from_dict(self.ask["features"])

    def at_stop(self, act: Callable[[], None] | None) -> None:
        """What ends the work where it is."""
        self._at_stop = act

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._stopped.set()
        if self._at_stop is not None:
            self._at_stop()

    def check(self) -> None:
        """Stop here if nobody waits."""
        if self._stopped.is_set():
            raise Wrong("Stopped", "Nobody waits for it any more.")
