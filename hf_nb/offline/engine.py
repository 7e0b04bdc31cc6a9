"""The process that answers questions to models. It starts with the first one, and ends with the Hub.

It is run as `python -m MODULE` and spoken to in lines of JSON. The Hub knows no more of it than this:

    to it      {"id", "ask": {task, model, folder, input, params, seconds}}   a question
               {"id", "more": n}                                              n more parts may come
               {"id", "stop": true}                                           nobody waits for it any more
    from it    {"id", "part": {text, output, calls, finish, usage, note}}     the last part has `finish`
               {"id", "wrong": {kind, problem, next_step, after}}             kind is a class of errors.py
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

AHEAD = 32  # parts that may lie here unread; then the engine waits
MOST = 64  # questions at once
LONGEST = 1 << 28
SECONDS = 600.0
# A shell's own settings, token and cache are nothing to the Hub's engine.
_THEIRS = ("HF_", "HUGGING", "TRANSFORMERS_", "DATASETS_")
Part = Mapping[str, Any]


class Wrong(Exception):
    """The engine could not answer. `kind` is the name of a class of errors.py."""

    def __init__(self, kind: str, problem: str, next_step: str = "", after: float | None = None) -> None:
        super().__init__(problem)
        self.kind, self.problem, self.next_step, self.after = kind, problem, next_step, after


class Engine:
    """One process, many questions at once. Everything here happens in the Hub's loop."""

    def __init__(self, module: str, url: str) -> None:
        self.module, self.url = module, url
        self._folder: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._waiting: dict[int, asyncio.Queue[Mapping[str, Any]]] = {}
        self._numbers = 0

    @property
    def folder(self) -> Path:
        """A folder of its own, for as long as the Hub runs."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="hf-nb-engine-"))
        return self._folder

    async def ask(self, question: Mapping[str, Any]) -> AsyncGenerator[Part, None]:
        """The parts of an answer; closing this stops the work."""
        if len(self._waiting) >= MOST:
            raise Wrong("Busy", f"{MOST} questions are being answered already.", after=1)
        self._numbers += 1
        number, came = self._numbers, asyncio.Queue[Mapping[str, Any]]()
        self._waiting[number] = came
        ended = False
        try:
            await self._started()
            await self._tell({"id": number, "ask": {"seconds": SECONDS, **question}})
            taken = 0
            while True:
                one = await came.get()
                if "wrong" in one:
                    ended = True
                    raise Wrong(**one["wrong"])
                yield one["part"]
                if one["part"].get("finish"):
                    ended = True
                    return
                taken += 1
                if taken == AHEAD // 2:
                    await self._tell({"id": number, "more": taken})
                    taken = 0
        finally:
            del self._waiting[number]
            if not ended:
                # no await: whoever closes this may be in the midst of being cancelled
                self._say({"id": number, "stop": True})

    async def close(self) -> None:
        """End the process, and whatever it was at."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if process is not None and process.stdin is not None:
            process.stdin.close()
        if self._reading is not None:  # ends with the process, and its pipes with it
            await asyncio.wait([self._reading], timeout=5)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _started(self) -> None:
        async with self._starting:
            if self._process is not None and self._process.returncode is None:
                return
            with (self.folder / "log.txt").open("wb") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-P",  # nothing in its folder is a module
                    "-m",
                    self.module,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                    cwd=self.folder,
                    env=self._environment(),
                    limit=LONGEST,
                    start_new_session=True,  # Ctrl-C is for the Hub, which ends it
                )
            self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Hand out what comes; when nothing more will, tell everybody who waits."""
        assert process.stdout
        try:
            async for line in process.stdout:
                one = json.loads(line)
                if waiting := self._waiting.get(one["id"]):
                    waiting.put_nowait(one)
        except ValueError:  # a line that is none, or endless: it can no longer be understood
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        if self._process is process:
            self._process = None
        gone = {"kind": "Busy", "problem": f"The engine ended: {self._last_words()}", "after": 1}
        for waiting in self._waiting.values():
            waiting.put_nowait({"wrong": gone})

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace").split("\n")
            return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "without a word")
        return "without a word"

    async def _tell(self, message: Mapping[str, Any]) -> None:
        self._say(message)
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(ConnectionError):
                await self._process.stdin.drain()

    def _say(self, message: Mapping[str, Any]) -> None:
        if self._process is None or self._process.stdin is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_THEIRS)}
        home = str(self.folder / "home")
        package = str(Path(__file__).parents[2])
        return kept | {
            "PYTHONPATH": os.pathsep.join(filter(None, (package, kept.get("PYTHONPATH")))),
            "HF_ENDPOINT": self.url,
            "HF_HOME": home,
            "HF_HUB_OFFLINE": "1",  # it is given folders, and asks nobody
            "HF_NB_CONFIG_DIR": home,
            "HF_NB_DATA_DIR": home,
            "HF_NB_CACHE_DIR": home,
            "TOKENIZERS_PARALLELISM": "false",
        }
