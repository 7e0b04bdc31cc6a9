"""A client in a process of its own, with its own environment: libraries read HF_* variables at import, once.

with Worker(environment) as worker:
    worker.call("tests.clients.reading.files:snapshot")          its value, or `Failed` with traceback and locals
    worker.outcome("tests.clients.faulty:model_info")         the same, but an exception of the client is the answer
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Failed(AssertionError):
    """What a worker was asked to do went wrong there."""


@dataclass(frozen=True)
class Outcome:
    """A call's value, or the exception's classes (nearest first), message and traceback."""

    value: Any = None
    classes: list[str] = field(default_factory=list)
    message: str = ""
    traceback: str = ""
    seconds: float = 0.0

    @property
    def word(self) -> str:
        """For a table."""
        return self.classes[0] if self.classes else "ok"


class Worker:
    """The parent's end. A worker that was interrupted is replaced by the next call."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def call(self, function: str, *arguments: Any) -> Any:
        """What the function returns there."""
        outcome = self.outcome(function, *arguments)
        if outcome.classes:
            raise Failed(f"in the client's process:\n{outcome.traceback}")
        return outcome.value

    def outcome(self, function: str, *arguments: Any) -> Outcome:
        """What became of the call."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps([function, arguments]) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BaseException:
            self.stop()
            raise
        if not line:
            status = process.wait()
            self.stop()
            raise Failed(f"the client's process ended with {status} during {function}")
        return Outcome(**json.loads(line))

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.clients.worker"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def main() -> None:
    """The child's end. What a library prints goes to stderr; answers have the real stdout."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        function, arguments = json.loads(line)
        answers.write(json.dumps(_do(function, arguments)) + "\n")
        answers.flush()


def _do(function: str, arguments: list[Any]) -> dict[str, Any]:
    import time

    module, _, name = function.partition(":")
    began = time.perf_counter()
    answer: dict[str, Any]
    try:
        answer = {"value": getattr(importlib.import_module(module), name)(*arguments)}
    except BaseException as wrong:  # noqa: BLE001 -- the parent's test judges it
        answer = {
            "classes": [one.__name__ for one in type(wrong).__mro__],
            "message": str(wrong),
            "traceback": _shown(wrong)[-8000:],
        }
    return answer | {"seconds": time.perf_counter() - began}


def _shown(wrong: BaseException) -> str:
    """With the locals, unless one of them cannot be shown: an object that is half built."""
    for capture_locals in (True, False):
        with contextlib.suppress(Exception):
            shown = traceback.TracebackException.from_exception(
                wrong, capture_locals=capture_locals, limit=-8
            )
            return "".join(shown.format())
    return repr(wrong)


if __name__ == "__main__":
    main()
