"""The engine as a process of its own: questions come as lines of JSON, answers go as lines of JSON.

    python -m hf_nb.infer.serving

Whoever starts it names a folder with a model for every question, so it asks no Hub. It ends when its input does. The
lines are described in `hf_nb/offline/engine.py`, which is one that starts it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput, HfNbError, Stopped
from hf_nb.infer import asked, backends
from hf_nb.infer.call import Call, Chunk, Terms
from hf_nb.plumbing.session import Session

if TYPE_CHECKING:
    from hf_nb.infer.call import Backend

AHEAD = 32  # parts that may be on their way before somebody has read one
AT_ONCE = 8


class Engine:
    """Answers with the local backend, as a notebook does."""

    def __init__(self, out: IO[bytes], session: Session | None = None) -> None:
        self.session = session or Session()
        self._out, self._lock = out, threading.Lock()
        self._jobs: dict[int, Job] = {}
        self._turns = threading.Semaphore(AT_ONCE)

    def read(self, lines: IO[bytes]) -> None:
        """Until there are no more."""
        for line in lines:
            self.told(json.loads(line))

    def told(self, message: Mapping[str, Any]) -> None:
        """One line."""
        number = message["id"]
        if "ask" in message:
            job = self._jobs[number] = Job(self, number, message["ask"])
            threading.Thread(target=job.run, args=(self._turns,), daemon=True, name="answer").start()
        elif job_there := self._jobs.get(number):
            if message.get("stop"):
                job_there.stop()
            else:
                job_there.more(message.get("more", 0))

    def say(self, number: int, **what: Any) -> None:
        """One line back."""
        line = json.dumps({"id": number, **what}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        with self._lock:
            self._out.write(line)
            self._out.flush()

    def done(self, number: int) -> None:
        """Nothing more will be said of it."""
        self._jobs.pop(number, None)

    @property
    def backend(self) -> Backend:
        """Who answers."""
        return backends.find("local", self.session)


class Job:
    """One question."""

    def __init__(self, engine: Engine, number: int, ask: Mapping[str, Any]) -> None:
        self.engine, self.number, self.ask = engine, number, ask
        self.terms = Terms(engine.session.clock, seen=True)
        self._room = threading.Semaphore(AHEAD)

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self.terms.stop.set()
        self._room.release()

    def more(self, count: int) -> None:
        """So many more parts may be said."""
        if count:
            self._room.release(count)

    def run(self, turns: threading.Semaphore) -> None:
        """Answer it, whatever happens with a last line."""
        try:
            with turns:
                self._answer(turns)
        except (Stopped, BrokenPipeError):
            pass
        except HfNbError as wrong:
            self._wrong(type(wrong).__name__, wrong.problem, wrong.next_step, getattr(wrong, "after", None))
        except Exception as wrong:  # noqa: BLE001 -- whoever waits must hear of it
            self._wrong("HfNbError", f"{type(wrong).__name__}: {wrong}")
        finally:
            self.engine.done(self.number)

    def _answer(self, turns: threading.Semaphore) -> None:
        ask, clock = self.ask, self.terms.clock
        task = tasks.TASKS[ask["task"]]
        given = asked.checked(task, ask["input"])
        params = asked.parameters(task, ask["params"])
        call = Call(task.name, ask["folder"], None, given, params)
        backend = self.engine.backend
        if not backend.can(call):
            raise BadInput(f"{task.name} cannot be run here.")
        self.terms.check()
        self.terms.ends = clock.now() + ask["seconds"]
        parts = backend.stream(call, self.terms)
        try:
            for chunk in parts:
                self._wait(turns)
                if self.terms.stop.is_set():
                    return
                self.engine.say(self.number, part=_part(chunk))
        finally:
            parts.close()

    def _wait(self, turns: threading.Semaphore) -> None:
        """Until there is room for one more part; meanwhile it is somebody else's turn."""
        if self._room.acquire(blocking=False):
            return
        turns.release()
        try:
            self._room.acquire()
        finally:
            turns.acquire()

    def _wrong(self, kind: str, problem: str, next_step: str = "", after: float | None = None) -> None:
        folder, model = self.ask["folder"], self.ask["model"]
        words = {"problem": problem.replace(folder, model), "next_step": next_step.replace(folder, model)}
        self.engine.say(self.number, wrong={"kind": kind, **words, "after": after})


def _part(chunk: Chunk) -> dict[str, Any]:
    """A chunk, without what is not said."""
    found: dict[str, Any] = {
        "text": chunk.text,
        "output": chunk.output,
        "calls": [{"id": one.id, "name": one.name, "arguments": one.arguments} for one in chunk.calls],
        "finish": chunk.finish,
        "usage": chunk.usage and {"read": chunk.usage.read, "written": chunk.usage.written},
        "note": chunk.note,
        "seconds": chunk.seconds,
    }
    # no entities found is an answer: an empty output is one
    return {name: value for name, value in found.items() if value or (name == "output" and value is not None)}


def main() -> None:
    """Answer until nobody asks any more."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    Engine(out).read(sys.stdin.buffer)
    os._exit(0)  # a thread in the midst of a model is not waited for


if __name__ == "__main__":
    main()
