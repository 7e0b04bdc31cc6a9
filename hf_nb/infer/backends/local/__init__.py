"""On this machine, with transformers and torch: safetensors only, and never a repository's own code."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, Refused, TooLarge
from hf_nb.hub.translate import translated
from hf_nb.infer.call import Call, Chunk, Parts, Terms
from hf_nb.plumbing import http, progress
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

OVERLAP = 16
WIDEST_WINDOW = 512
KEPT = 4


@dataclass(frozen=True)
class Loaded:
    """A model in memory, with what it needs to read a text."""

    model: Any
    tokenizer: Any
    window: int


class Local:
    """Keeps the last few models loaded."""

    name = "local"
    remote = False

    def __init__(self, session: Session) -> None:
        self.session = session
        self._loaded: dict[tuple[str, str | None], Loaded] = {}
        self._lock = threading.RLock()

    @property
    def device(self) -> str:
        """The best device torch has."""
        torch = require("torch", "local", "Running a model here")
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"

    def can(self, call: Call) -> bool:
        """The tasks below."""
        return call.task in _TASKS

    def stream(self, call: Call, terms: Terms) -> Parts:
        """One chunk: a class is known at once or not at all."""
        with self._lock:
            loaded = self._load(call)
        yield _TASKS[call.task](loaded, call, self.device)

    def _load(self, call: Call) -> Loaded:
        key = (call.model, call.revision)
        if key in self._loaded:
            self._loaded[key] = self._loaded.pop(key)
            return self._loaded[key]
        require("torch", "local", "Running a model here")
        require("transformers", "local", "Running a model here")
        http.install(self.session)
        progress.say(f"Loading {call.model} …")
        with self.session.span("infer.load", **{"gen_ai.request.model": call.model}):
            loaded = self._from_hub(call)
            # The first pass through a model is many times slower than the next; it belongs to loading.
            _TASKS[call.task](loaded, replace(call, input="."), self.device)
        self._loaded[key] = loaded
        while len(self._loaded) > KEPT:
            self._loaded.pop(next(iter(self._loaded)))
        return loaded

    def _from_hub(self, call: Call) -> Loaded:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        def load(*, cached: bool) -> tuple[Any, Any]:
            how = {"revision": call.revision, "trust_remote_code": False, "local_files_only": cached}
            tokenizer = AutoTokenizer.from_pretrained(call.model, **how)
            model = AutoModelForSequenceClassification.from_pretrained(
                call.model, use_safetensors=True, **how
            )
            return tokenizer, model

        with _quiet(), translated(f"model {call.model}", self.session.settings), _loading(call):
            tokenizer, model = _cached_first(call, load)
        model = model.eval().to(self.device)
        longest = min(
            tokenizer.model_max_length,
            getattr(model.config, "max_position_embeddings", WIDEST_WINDOW),
            WIDEST_WINDOW,
        )
        return Loaded(model, tokenizer, longest)


def _cached_first(call: Call, load: Callable[..., tuple[Any, Any]]) -> tuple[Any, Any]:
    """From the cache when this very commit is there: nothing is asked, and no network is no reason to wait."""
    from huggingface_hub import try_to_load_from_cache

    if call.revision and isinstance(
        try_to_load_from_cache(call.model, "config.json", revision=call.revision), str
    ):
        with contextlib.suppress(OSError, ValueError):  # a download that broke off left only a part
            return load(cached=True)
    return load(cached=False)


def _classify(loaded: Loaded, call: Call, device: str) -> Chunk:
    import torch

    began = time.perf_counter()
    stride = min(OVERLAP, loaded.window // 4)
    encoded = loaded.tokenizer(
        call.input,
        truncation=True,
        max_length=loaded.window,
        stride=stride,
        return_overflowing_tokens=True,
        padding=True,
        return_tensors="pt",
    )
    encoded.pop("overflow_to_sample_mapping", None)
    with torch.inference_mode():
        logits = loaded.model(**encoded.to(device)).logits.float()
    several = loaded.model.config.problem_type == "multi_label_classification"
    scores = torch.sigmoid(logits) if several else torch.softmax(logits, dim=-1)
    # A text longer than the model's window is read in pieces; each counts by its length.
    weights = encoded["attention_mask"].sum(dim=1, keepdim=True).float()
    mean = (scores * weights).sum(dim=0) / weights.sum()
    names = loaded.model.config.id2label
    windows = len(logits)
    note = (
        f"longer than the model's {loaded.window} tokens: read in {windows} pieces, averaged"
        if windows > 1
        else ""
    )
    output = [{"label": names[i], "score": value} for i, value in enumerate(mean.tolist())]
    return Chunk(output=output, seconds=time.perf_counter() - began, finish="stop", note=note)


_TASKS = {"text-classification": _classify}


@contextlib.contextmanager
def _loading(call: Call) -> Iterator[None]:
    """What transformers raises when a repository cannot be loaded, in our words."""
    import torch

    try:
        yield
    except torch.OutOfMemoryError:
        raise TooLarge(
            f"{call.model} does not fit into the memory of the device.", "Choose a smaller model."
        ) from None
    except ValueError as wrong:
        said = str(wrong)
        if "trust_remote_code" in said:
            raise Refused(
                f"{call.model} would run code of its own on this machine, which is refused."
            ) from None
        raise BadInput(f"{call.model} cannot be loaded: {said.strip().splitlines()[0][:200]}") from wrong
    except OSError as wrong:
        said = str(wrong)
        if "safetensors" in said or "pytorch_model" in said:
            raise Refused(
                f"{call.model} has no safetensors weights; pickled ones can run code and are refused."
            ) from None
        if wrong.__cause__ is not None and isinstance(wrong.__cause__, Exception):
            raise wrong.__cause__ from None
        raise BadInput(f"{call.model} cannot be loaded: {said.strip().splitlines()[0][:200]}") from wrong


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Other people's progress bars, off while we say one line ourselves."""
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars
    from transformers.utils import logging

    hub_was_off, ours_was_on, level = (
        are_progress_bars_disabled(),
        logging.is_progress_bar_enabled(),
        logging.get_verbosity(),
    )
    disable_progress_bars()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if ours_was_on:
            logging.enable_progress_bar()
        if not hub_was_off:
            enable_progress_bars()
