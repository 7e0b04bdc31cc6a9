"""The models in memory: under a budget, each loaded once however many ask for it, the longest unused let go first.

a call comes      its model is there, or what it will take is reckoned (`weighing`) and room is made for it
where             the accelerator with most room for it, else the CPU (`placing`)
room              idle models go, those first that were not used for longest; one at work never goes
beyond the budget a model larger than all of it is loaded alone, where the machine holds it at all
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hf_nb import tasks
from hf_nb.errors import Busy, HfNbError
from hf_nb.infer import lookup, weighing
from hf_nb.infer.backends.local import embedding, loading, matmul, owned, placing, room
from hf_nb.infer.backends.local.model import Loaded, answering
from hf_nb.infer.call import Call, Parts, Terms
from hf_nb.infer.own import objects
from hf_nb.plumbing import http, progress
from hf_nb.plumbing.extras import require
from hf_nb.values import LoadedModel

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

Key = tuple[str, str | None, str]
Answer = Callable[[Loaded, Call, Terms], Parts]
# Where those at work hold all the room: so long it is waited for one of them to end, then the budget is overdrawn.
PATIENCE = 20.0
LOOK = 0.02


class Memory:
    """Least recently used goes first."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.placing = placing.Placing(session.settings)
        self._loaded: dict[Key, Loaded] = {}
        self._locks: dict[Key, threading.Lock] = {}
        self._coming: dict[Key, tuple[str, int]] = {}  # being loaded: where, and what it will take
        # Reentrant: an answer that nobody reads any more is closed wherever the collector finds it.
        self._lock = threading.RLock()
        self._mine = threading.local()

    @contextlib.contextmanager
    def lent(
        self, call: Call, auto: str, answer: Answer, terms: Terms | None = None, device: str | None = None
    ) -> Iterator[Loaded]:
        """The model of a call, loaded when it is first asked for, and not thrown out while the block uses it.

        `device`: there and nowhere else.
        """
        own = objects.find(call.model)
        if own is not None:
            with owned.lent(own, auto) as held:
                yield held
            return
        loaded = self._get(call, auto, answer, terms or Terms(), device)
        self._mine.count = self._holds + 1
        try:
            yield loaded
        finally:
            self._mine.count = self._holds - 1
            with self._lock:
                loaded.busy -= 1

    @property
    def _holds(self) -> int:
        """How many models this thread uses now: while it does, it does not wait for room."""
        return getattr(self._mine, "count", 0)

    def _get(self, call: Call, auto: str, answer: Answer, terms: Terms, device: str | None) -> Loaded:
        key = (call.model, call.revision, auto)
        if (found := self._used(key, call.task, device)) is not None:
            return found
        require("torch", "local", "Running a model here")
        require("transformers", "local", "Running a model here")
        with self._lock:
            mine = self._locks.setdefault(key, threading.Lock())
        with mine:
            if (found := self._used(key, call.task, device)) is not None:
                return found
            self._forget(key)  # one on another device than it is wanted on now
            try:
                where, note = self._room(key, call, terms, device)
                loaded = self._load(call, auto, where)
                # The first pass through a model is many times slower than the next; it belongs to loading.
                self._warm(loaded, call, answer)
                loaded.kept["placed"] = note
                with self._lock:
                    self._coming.pop(key)
                    self._loaded[key] = loaded
                    _use(loaded, call.task)
                    self._trim(where)
            finally:
                with self._lock:
                    self._coming.pop(key, None)
            self.session.jobs.told()
            return loaded

    # -- what is there

    def seen(self) -> tuple[LoadedModel, ...]:
        """What is in memory, the last used first."""
        with self._lock:
            return tuple(_value(key, one) for key, one in reversed(self._loaded.items()))

    def budgets(self) -> dict[str, int]:
        """What the models may take together, on every device that holds one."""
        with self._lock:
            there = {one.device for one in self._loaded.values()}
            return {device: self.placing.budget(device, self._taken(device)) for device in sorted(there)}

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
            self._drop(mine)
        return gone

    def spare(self) -> tuple[str, ...]:
        """Let every model go that is idle; their names."""
        with self._lock:
            idle = [key for key, one in self._loaded.items() if not one.busy]
            self._drop(idle)
        return tuple(dict.fromkeys(key[0] for key in idle))

    # -- room

    def _room(self, key: Key, call: Call, terms: Terms, device: str | None) -> tuple[str, str]:
        """Where it is loaded, with room made for it there; and why there, where that needs a word."""
        sizes: dict[str, int] = {}
        known = lookup.kept(call.model, call.revision, self.session)
        told = (known.parameters, known.bytes) if known is not None and known.parameters else None

        def takes(where: str) -> int:
            if where not in sizes:
                sizes[where] = weighing.expected(call, where, told) or 0
                if where == "cpu":  # as `Loaded.quicken` may hold them
                    least, tied = matmul.LEAST // matmul.ROWS, key[2] == "AutoModelForCausalLM"
                    sizes[where] += weighing.beside(call, least, matmul.TWICE, tied=tied)
            return sizes[where]

        with self._lock:
            where, note = self.placing.choose(call.model, takes, self._idle, device)
        until = time.monotonic() + PATIENCE
        while not self._reserved(key, where, takes(where), wait=not self._holds and time.monotonic() < until):
            terms.check()
            time.sleep(LOOK)
        return where, note

    def _reserved(self, key: Key, where: str, need: int, *, wait: bool) -> bool:
        """Whether there is room now; where there is, it is this model's. Not `wait`: there has to be."""
        with self._lock:
            budget = self.placing.budget(where, self._taken(where))
            self._trim(where, below=budget - need)
            others = any(one.busy for one in self._loaded.values() if one.device == where) or any(
                device == where for device, _ in self._coming.values()
            )
            if wait and others and self._taken(where) + need > budget:
                return False
            self._coming[key] = (where, need)
            return True

    def _taken(self, device: str) -> int:
        """Bytes of the models there, and of those that are on their way."""
        there = sum(cost(one) for one in self._loaded.values() if one.device == device)
        return there + sum(need for where, need in self._coming.values() if where == device)

    def _idle(self, device: str) -> int:
        """Bytes that could be free again."""
        return sum(cost(one) for one in self._loaded.values() if one.device == device and not one.busy)

    def _trim(self, device: str, below: int | None = None) -> None:
        """Idle models go until the rest takes no more than the budget, or than `below`."""
        taken = self._taken(device)
        most = self.placing.budget(device, taken) if below is None else below
        gone = []
        for key, one in self._loaded.items():
            if taken <= most:
                break
            if one.device == device and not one.busy:
                gone.append(key)
                taken -= cost(one)
        self._drop(gone)

    def _drop(self, keys: list[Key]) -> None:
        gone = {self._loaded.pop(key).device for key in keys}
        for device in gone:
            room.give_back(device)
        if gone:
            self.session.jobs.told()

    def _forget(self, key: Key) -> None:
        with self._lock:
            # Of a folder whose files have changed, what they were before goes as well.
            old = [one for one in self._loaded if one[0] == key[0] and one[2] == key[2]]
            stale = [one for one in old if one == key or weighing.is_folder(key[0])]
            self._drop([one for one in stale if not self._loaded[one].busy])

    def _used(self, key: Key, task: str, device: str | None) -> Loaded | None:
        with self._lock:
            if key not in self._loaded or device not in (None, self._loaded[key].device):
                return None
            found = self._loaded[key] = self._loaded.pop(key)
            _use(found, task)
            return found

    # -- loading

    def _load(self, call: Call, auto: str, device: str) -> Loaded:
        http.install(self.session)
        progress.say(f"Loading {call.model} …")
        before = room.allocated(device)
        with self.session.span("infer.load", **{"gen_ai.request.model": call.model}):
            loaded = loading.load(call, auto, device, self.session)
            if auto == "AutoModel":
                embedding.prepare(loaded, lambda name: loading.file(loaded, call, name, self.session))
        loaded.kept["measured"] = room.allocated(device) - before
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


def cost(loaded: Loaded) -> int:
    """What a model takes: its numbers, or what the accelerator counted while it was loaded; and its other forms."""
    return max(loaded.bytes, int(loaded.kept.get("measured", 0))) + int(loaded.kept.get("bytes_beside", 0))


def _use(loaded: Loaded, task: str) -> None:
    loaded.task, loaded.used = task, time.time()
    loaded.uses += 1
    loaded.busy += 1


def _value(key: Key, loaded: Loaded) -> LoadedModel:
    revision = key[1] or getattr(loaded.config, "_commit_hash", None)
    used = datetime.fromtimestamp(loaded.used, tz=UTC)
    return LoadedModel(
        loaded.name, loaded.task, revision, cost(loaded), loaded.device, used, loaded.uses, loaded.busy > 0
    )
