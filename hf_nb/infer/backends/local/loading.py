"""From the Hub, the cache or a folder into memory: safetensors only, quietly, and no code that nobody trusted."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, Refused
from hf_nb.hub.translate import translated
from hf_nb.infer import lookup, weighing
from hf_nb.infer.backends.local.model import Loaded, too_big, unfit
from hf_nb.infer.backends.local.reader import Reader
from hf_nb.infer.call import Call
from hf_nb.infer.own import adapters, folders, trust

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

# Where neither tokenizer nor model names a window, what most models have.
USUAL_WINDOW = 512
# transformers makes a model while torch's own functions and defaults are changed for the whole process: two at once
# leave weights out ("its weights lack lm_head.weight", about one load in four of eight threads).
_ONE = threading.Lock()
# transformers' word for "no limit" is a number like this one and beyond.
NO_LIMIT = 10**9


def load(call: Call, auto: str, device: str, session: Session) -> Loaded:
    """The model of a call by one of transformers' Auto classes."""
    if Path(call.model).is_dir():
        folders.check(call.model)
    trusted = trust.is_trusted(call.model, call.revision, session)
    with quiet(), translated(f"model {call.model}", session.settings), _words(call):
        known = lookup.kept(call.model, call.revision, session)
        adapter = adapters.find(call, known.tags if known is not None else frozenset(), session)
        if adapter is not None:
            config, tokenizer, model = _adapted(call, auto, device, adapter, session)
        else:
            config, tokenizer, model = _cached_first(
                call, lambda cached: _parts(call, auto, device, cached=cached, trusted=trusted)
            )
        model = model.eval().to(device)
    reader = Reader(tokenizer, call.model, window(tokenizer, config))
    return Loaded(call.model, model, tokenizer, reader, device, adapter or _folder(config, call))


def _adapted(call: Call, auto: str, device: str, folder: Path, session: Session) -> tuple[Any, Any, Any]:
    """The base of an adapter, with it worked in; the adapter's own tokenizer, where it brings one."""
    import transformers

    base, revision = adapters.base_of(folder, call.model)
    if not Path(base).is_dir():
        revision = lookup.look_up(base, revision, session).commit or revision
    below = replace(call, model=base, revision=revision)
    classes = adapters.classes(folder) if auto != "AutoModel" else None
    config, tokenizer, model = _cached_first(
        below, lambda cached: _parts(below, auto, device, cached=cached, headless=True, classes=classes)
    )
    if (folder / "tokenizer_config.json").is_file():
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False)
    return config, tokenizer, adapters.worked_in(model, folder, call.model)


def window(tokenizer: Any, config: Any) -> int:
    """Tokens the model reads at once."""
    text = config.get_text_config()
    limits = [getattr(tokenizer, "model_max_length", None), getattr(text, "max_position_embeddings", None)]
    known = [int(one) for one in limits if one is not None and 0 < one < NO_LIMIT]
    return min(known, default=USUAL_WINDOW)


def _parts(
    call: Call,
    auto: str,
    device: str,
    *,
    cached: bool,
    trusted: bool = False,
    headless: bool = False,
    classes: int | None = None,
) -> tuple[Any, Any, Any]:
    """`headless`: its head comes from elsewhere, for so many `classes`."""
    import torch
    import transformers

    how: dict[str, Any] = {
        "revision": None if Path(call.model).is_dir() else call.revision,
        "trust_remote_code": trusted,
        "local_files_only": cached,
    }
    config = transformers.AutoConfig.from_pretrained(call.model, **how)
    if classes is not None:
        config.num_labels = classes
    if not headless:
        _fits(config, auto, call, trusted=trusted)
    if trusted:
        _own_code_only(config, call)
    tokenizer = transformers.AutoTokenizer.from_pretrained(call.model, **how)
    if not cached:
        _fetch(call)  # what takes long holds nobody up
    with _ONE:
        model, report = getattr(transformers, auto).from_pretrained(
            call.model,
            config=config,
            use_safetensors=True,
            dtype=torch.float32 if torch.device(device).type == "cpu" else "auto",
            output_loading_info=True,
            ignore_mismatched_sizes=classes is not None,
            **how,
        )
    if auto != "AutoModel" and not headless and (missing := sorted(report["missing_keys"])):
        raise unfit(call.model, call.task, f"its weights lack {missing[0]}")
    return config, tokenizer, model


def _fits(config: Any, auto: str, call: Call, *, trusted: bool = False) -> None:
    """An architecture of another kind would get a head of random numbers, and answer at random."""
    import transformers

    made_for = getattr(config, "architectures", None) or []
    if auto == "AutoModel" or not made_for or (trusted and auto in (getattr(config, "auto_map", None) or {})):
        return
    mapping = getattr(transformers, auto)._model_mapping  # noqa: SLF001 -- it has no public name
    fitting = mapping.get(type(config), ())
    names = {one.__name__ for one in (fitting if isinstance(fitting, (tuple, list)) else (fitting,))}
    if not names & set(made_for):
        raise unfit(call.model, call.task, f"it is a {made_for[0]}")


def _fetch(call: Call) -> None:
    """The weights into the cache; where there is anything odd about them, loading says what."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    try:
        hf_hub_download(call.model, weighing.WEIGHTS, revision=call.revision)
    except EntryNotFoundError:
        with contextlib.suppress(EntryNotFoundError):
            index = Path(hf_hub_download(call.model, weighing.INDEX, revision=call.revision))
            for name in weighing.named(index):
                hf_hub_download(call.model, name, revision=call.revision)


def _own_code_only(config: Any, call: Call) -> None:
    """The commit that was named holds one repository's code to what was read; another's would be anything."""
    named = (getattr(config, "auto_map", None) or {}).values()
    if any("--" in str(one) and not str(one).startswith(f"{call.model}--") for one in named):
        raise Refused(f"{call.model} takes its code from another repository, which nobody has named.")


def _cached_first(call: Call, read: Callable[[bool], tuple[Any, Any, Any]]) -> tuple[Any, Any, Any]:
    """From the cache when this very commit is there: nothing is asked, and no network is no reason to wait."""
    if Path(call.model).is_dir():
        return read(True)
    from huggingface_hub import try_to_load_from_cache

    if call.revision and isinstance(
        try_to_load_from_cache(call.model, "config.json", revision=call.revision), str
    ):
        with contextlib.suppress(OSError, ValueError):  # a download that broke off left only a part
            return read(True)
    return read(False)


def _folder(config: Any, call: Call) -> Path | None:
    """Where the repository's files lie."""
    if Path(call.model).is_dir():
        return Path(call.model)
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(
        call.model, "config.json", revision=call.revision or getattr(config, "_commit_hash", None)
    )
    return Path(found).parent if isinstance(found, str) else None


def file(loaded: Loaded, call: Call, name: str, session: Session) -> Path | None:
    """A further file of the repository; None where it has none of that name."""
    if loaded.folder is not None and (loaded.folder / name).is_file():
        return loaded.folder / name
    if Path(call.model).is_dir():
        return None
    from huggingface_hub import hf_hub_download, try_to_load_from_cache
    from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError

    if try_to_load_from_cache(call.model, name, revision=call.revision) is not None:
        return None  # the cache remembers that there is none
    with quiet(), translated(f"model {call.model}", session.settings):
        try:
            return Path(hf_hub_download(call.model, name, revision=call.revision))
        except LocalEntryNotFoundError:
            raise
        except EntryNotFoundError:
            return None


@contextlib.contextmanager
def _words(call: Call) -> Iterator[None]:
    """What transformers raises when a repository cannot be loaded, in our words."""
    name = call.model
    import torch
    from safetensors import SafetensorError

    try:
        yield
    except (torch.OutOfMemoryError, MemoryError):
        raise too_big(name) from None
    except (ValueError, LookupError, TypeError, AttributeError, ImportError, SafetensorError) as wrong:
        said = str(wrong)
        if "trust_remote_code" in said:
            raise trust.refused(name, call.revision) from None
        raise _unloadable(name, said) from wrong
    except OSError as wrong:
        said = str(wrong)
        if "safetensors" in said or "pytorch_model" in said:
            raise Refused(
                f"{name} has no safetensors weights; pickled ones can run code and are refused."
            ) from None
        if isinstance(wrong.__cause__, Exception):
            raise wrong.__cause__ from None
        raise _unloadable(name, said) from wrong
    except RuntimeError as wrong:
        if "memory" in str(wrong):
            raise too_big(name) from None
        raise _unloadable(name, str(wrong)) from wrong


def _unloadable(name: str, said: str) -> BadInput:
    lines = said.strip().splitlines() or [""]
    return BadInput(f"{name} cannot be loaded: {lines[0][:200]}")


_guard = threading.RLock()
_quiet: list[tuple[bool, bool, int]] = []  # how loud it was before, once for each that is at it


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Other people's progress bars, off while we say one line ourselves; the last one out turns them on again."""
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars
    from transformers.utils import logging

    with _guard:
        now = (are_progress_bars_disabled(), logging.is_progress_bar_enabled(), logging.get_verbosity())
        _quiet.append(_quiet[0] if _quiet else now)
        disable_progress_bars()
        logging.disable_progress_bar()
        logging.set_verbosity_error()
    try:
        yield
    finally:
        with _guard:
            hub_was_off, ours_was_on, level = _quiet.pop()
            if not _quiet:
                logging.set_verbosity(level)
                if ours_was_on:
                    logging.enable_progress_bar()
                if not hub_was_off:
                    enable_progress_bars()
