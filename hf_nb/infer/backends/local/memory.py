"""The models in memory: the last few, each loaded once however many ask for it."""

from __future__ import annotations

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hf_nb import tasks
from hf_nb.errors import Busy, HfNbError
from hf_nb.infer.backends.local import embedding, loading
from hf_nb.infer.backends.local.model import Loaded, answering
from hf_nb.infer.call import Call, Parts, Terms
from hf_nb.plumbing import http, progress
from hf_nb.plumbing.extras import require
from hf_nb.values import LoadedModel

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

    @contextlib.contextmanager
    def lent(self, call: Call, auto: str, device: str, answer: Answer) -> Iterator[Loaded]:
        """The model of a call, loaded when it is first asked for, and not thrown out while the block uses it."""
        loaded = self._get(call, auto, device, answer)
        try:
            yield loaded
        finally:
            with self._lock:
                loaded.busy -= 1

    def _get(self, call: Call, auto: str, device: str, answer: Answer) -> Loaded:
        key = (call.model, call.revision, auto)
        if (found := self._used(key, call.task)) is not None:
            return found
        with self._lock:
            mine = self._locks.setdefault(key, threading.Lock())
        with mine:
            if (found := self._used(key, call.task)) is not None:
                return found
            loaded = self._load(call, auto, device)
            # The first pass through a model is many times slower than the next; it belongs to loading.
            self._warm(loaded, call, answer)
            with self._lock:
                self._loaded[key] = loaded
                _use(loaded, call.task)
                while len(self._loaded) > KEPT:
                    self._loaded.pop(next(iter(self._loaded)))
            self.session.jobs.told()
            return loaded

    def seen(self) -> tuple[LoadedModel, ...]:
        """What is in memory, the last used first."""
        with self._lock:
            return tuple(_value(key, one) for key, one in reversed(self._loaded.items()))

    def unload(self, model: str, auto: str | None = None) -> tuple[LoadedModel, ...]:
        """Forget this model, or what one of transformers' Auto classes made of it; what it was. Busy ones stay."""
        with self._lock:
            mine = [key for key in self._loaded if key[0] == model and auto in (None, key[2])]
            if any(self._loaded[key].busy for key in mine):
                raise Busy(
                    f"{model} is answering right now.",
                    "Stop its work, or wait until it is done; then unload it.",
                )
            gone = tuple(_value(key, self._loaded[key]) for key in mine)
            for key in mine:
                del self._loaded[key]
        if gone:
            _return(gone[0].device)
            self.session.jobs.told()
        return gone

    def _used(self, key: Key, task: str) -> Loaded | None:
        with self._lock:
            if key not in self._loaded:
                return None
            found = self._loaded[key] = self._loaded.pop(key)
            _use(found, task)
            return found

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


def _use(loaded: Loaded, task: str) -> None:
    loaded.task, loaded.used = task, time.time()
    loaded.uses += 1
    loaded.busy += 1


def _value(key: Key, loaded: Loaded) -> LoadedModel:
    revision = key[1] or getattr(loaded.config, "_commit_hash", None)
    used = datetime.fromtimestamp(loaded.used, tz=UTC)
    return LoadedModel(
        loaded.name, loaded.task, revision, loaded.bytes, loaded.device, used, loaded.uses, loaded.busy > 0
    )


def _return(device: str) -> None:
    """What was freed goes back to the machine, not to torch's store."""
    gc.collect()
    if device in ("cuda", "mps"):
        import torch

        getattr(torch, device).empty_cache()
