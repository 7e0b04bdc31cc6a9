"""The models in memory: the last few, each loaded once however many ask for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from hf_nb import tasks
from hf_nb.errors import HfNbError
from hf_nb.infer.backends.local import embedding, loading
from hf_nb.infer.backends.local.model import Loaded, answering
from hf_nb.infer.call import Call, Parts, Terms
from hf_nb.plumbing import http, progress
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

KEPT = 4
Key = tuple[str, str | None, str]
Answer = Callable[[Loaded, Call, Terms], Parts]


class Memory:
    """Least recently used goes first."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._loaded: dict[Key, Loaded] = {}
        self._locks: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, call: Call, auto: str, device: str, answer: Answer) -> Loaded:
        """The model of a call, loaded when it is first asked for."""
        key = (call.model, call.revision, auto)
        if (found := self._used(key)) is not None:
            return found
        with self._lock:
            mine = self._locks.setdefault(key, threading.Lock())
        with mine:
            if (found := self._used(key)) is not None:
                return found
            loaded = self._load(call, auto, device)
            # The first pass through a model is many times slower than the next; it belongs to loading.
            self._warm(loaded, call, answer)
            with self._lock:
                self._loaded[key] = loaded
                while len(self._loaded) > KEPT:
                    self._loaded.pop(next(iter(self._loaded)))
            return loaded

    def _used(self, key: Key) -> Loaded | None:
        with self._lock:
            if key in self._loaded:
                self._loaded[key] = self._loaded.pop(key)
                return self._loaded[key]
        return None

    def _load(self, call: Call, auto: str, device: str) -> Loaded:
        require("torch", "local", "Running a model here")
        require("transformers", "local", "Running a model here")
        http.install(self.session)
        progress.say(f"Loading {call.model} …")
        with self.session.span("infer.load", **{"gen_ai.request.model": call.model}):
            loaded = loading.load(call, auto, device, self.session)
            if auto == "AutoModel":
                embedding.prepare(loaded, lambda name: loading.file(loaded, call, name, self.session))
        return loaded

    def _warm(self, loaded: Loaded, call: Call, answer: Answer) -> None:
        task = tasks.TASKS[call.task]
        mask = loaded.tokenizer.mask_token if call.task == "fill-mask" else None
        example = f"A {mask}." if mask else task.example
        short = {"max_new_tokens": 2, "do_sample": False} if task.streams else {}
        # What is wrong with the model is said when it is asked; what is wrong with the example is nobody's.
        with contextlib.suppress(HfNbError), answering(call.model):
            for _ in answer(loaded, replace(call, input=example, params=short), Terms()):
                pass
