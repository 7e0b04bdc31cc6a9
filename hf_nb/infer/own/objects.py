"""A model that the kernel holds, used as it is: nothing is copied, moved or loaded a second time.

    model                       its tokenizer is found by the name it was loaded from
    (model, tokenizer)          both given
    pipeline(…)                 its model and its tokenizer
    SentenceTransformer(…)      as it pools and normalises itself

It goes by a name ("your BertForMaskedLM"), and is held only as long as its owner holds it. While it answers it is in
evaluation mode; afterwards as it was before.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import BadInput, Busy
from hf_nb.infer.architectures import task_of
from hf_nb.infer.own import digest

WANTED = "An id, a folder, or a model object: model, (model, tokenizer), a Pipeline or a SentenceTransformer."


@dataclass
class Own:
    """One of them, by a weak hand. `sentences`: the SentenceTransformer it is the heart of."""

    name: str
    model: weakref.ref[Any]
    tokenizer: Any
    task: str | None
    chats: bool
    sentences: weakref.ref[Any] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    kept: dict[str, Any] = field(default_factory=dict)
    reader: Any = None
    busy: int = 0
    modes: list[weakref.ref[Any]] = field(default_factory=list)
    stamp: tuple[Any, ...] = ()
    digest: str = ""

    @property
    def revision(self) -> str:
        """What stands for its commit."""
        model = self.there()
        with self.lock:
            now = digest.stamp(model)
            if now != self.stamp:
                self.digest, self.stamp = digest.of_object(model), now
            return self.digest

    def there(self) -> Any:
        """The model itself."""
        model = self.model()
        if model is None:
            raise BadInput(f"{self.name} is gone from the kernel.", "Name the object again: model=model")
        return model

    def begins(self, model: Any) -> None:
        """It answers: in evaluation mode, under its lock."""
        if not self.busy and any(one.training for one in model.modules()):
            self.modes = [weakref.ref(one) for one in model.modules() if one.training]
            model.eval()
        self.busy += 1

    def ended(self) -> None:
        """It has answered; the last one puts everything back as it was."""
        self.busy -= 1
        if not self.busy:
            for one in self.modes:
                if (module := one()) is not None:
                    module.training = True
            self.modes = []


_by_name: dict[str, Own] = {}
_names: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
_guard = threading.RLock()


def find(name: str) -> Own | None:
    """The one that goes by a name."""
    return _by_name.get(name)


def named(given: Any) -> Any:
    """The name an object goes by from now on; a text, a path or None as the text it is."""
    if given is None or isinstance(given, str):
        return given
    if hasattr(given, "__fspath__"):
        return str(given)
    model, tokenizer, sentences, task = _parts(given)
    with _guard:
        holder = sentences if sentences is not None else model
        name = _names.get(holder)
        if name is None or name not in _by_name:
            name = _fresh(f"your {type(holder).__name__}")
            _names[holder] = name
            _by_name[name] = Own(
                name,
                weakref.ref(model),
                tokenizer,
                task or _task(model, sentences),
                _has_template(model, tokenizer),
                None if sentences is None else weakref.ref(sentences),
            )
            weakref.finalize(holder, _by_name.pop, name, None)
        elif tokenizer is not None and _by_name[name].tokenizer is not tokenizer:
            own = _by_name[name]
            if own.busy:
                raise Busy(f"{name} is answering with another tokenizer.", "Wait until it is done.")
            own.tokenizer, own.reader = tokenizer, None
        return name


def _fresh(name: str) -> str:
    return next(
        one
        for one in itertools.chain([name], (f"{name} {at}" for at in itertools.count(2)))
        if one not in _by_name
    )


def _parts(given: Any) -> tuple[Any, Any, Any, str | None]:
    """The model, its tokenizer, the SentenceTransformer around it, and the task it says."""
    if isinstance(given, (tuple, list)):
        if len(given) != 2:
            raise BadInput(f"A pair (model, tokenizer) is wanted, not {len(given)} things.", WANTED)
        model, _, sentences, task = _parts(given[0])
        if not callable(getattr(given[1], "decode", None)):
            raise BadInput(f"A {type(given[1]).__name__} is no tokenizer.", "model=(model, tokenizer)")
        return model, given[1], sentences, task
    kinds = {one.__module__.partition(".")[0] for one in type(given).__mro__}
    if "sentence_transformers" in kinds and hasattr(given, "encode"):
        return *_heart(given), given, None
    if "transformers" in kinds and hasattr(given, "preprocess"):
        task = str(getattr(given, "task", "") or "")
        return given.model, given.tokenizer, None, task or None
    if {"transformers", "peft"} & kinds and hasattr(given, "config") and hasattr(given, "parameters"):
        return given, None, None, None
    raise BadInput(f"A {type(given).__name__} cannot stand for a model.", WANTED)


def _task(model: Any, sentences: Any) -> str | None:
    if sentences is not None:
        return "sentence-similarity"
    return task_of([type(model).__name__, *(getattr(model.config, "architectures", None) or [])])


def _has_template(model: Any, tokenizer: Any) -> bool:
    return bool(getattr(tokenizer, "chat_template", None))


def _heart(whole: Any) -> tuple[Any, Any]:
    """The model inside a SentenceTransformer, and its tokenizer."""
    first = whole[0]
    model = getattr(first, "auto_model", None) or getattr(first, "model", None)
    if model is None or not hasattr(model, "config"):
        raise BadInput(
            f"A SentenceTransformer that begins with {type(first).__name__} cannot be used here.",
            "One that begins with a Transformer can.",
        )
    return model, whole.tokenizer
