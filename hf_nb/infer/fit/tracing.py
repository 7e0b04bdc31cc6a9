"""A config becomes memory and seconds: the model is built of shapes, watched, and its steps are timed here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.hub import fits
from hf_nb.infer import machine
from hf_nb.infer.backends.local import WAYS, loading, narrow
from hf_nb.infer.fit import reckon, shapes
from hf_nb.values.fits import Fit

if TYPE_CHECKING:
    from hf_nb.infer.fit.reading import Read

# What a reckoning was off by, on architectures that had no part in its making (tests/benchmarks/fit.py).
TIME_BAND = 0.3
# What reads text lay within a tenth. What convolves may take more: small blocks are taken and given back, and what the
# holes between them come to is another in each run (of the same model 104 MB and 137 MB).
LESS, MORE, MORE_SEEN = 0.1, 0.1, 0.4
SOUND = 5.0  # seconds
TIMED = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}
# Tasks whose answer is a text, token by token.
WRITES = frozenset(
    {
        "summarization",
        "translation",
        "text2text-generation",
        "text-generation",
        "code-generation",
        "chat",
        "automatic-speech-recognition",
        "image-to-text",
    }
)


def traced(made: Fit, found: Read, each: float) -> Fit | None:
    """`each`: bytes of a number. None where its architecture is none of transformers', or this process lacks torch."""
    try:
        import torch
        import transformers

        assert transformers
    except ImportError:
        return None
    kind = getattr(torch, TIMED.get(made.dtype, "float32"))
    timed = made.dtype in TIMED and _on_processor()
    here = machine.this() if timed else None
    try:
        model = _built(found.config, made.task, kind)
        if made.task in WAYS and _on_processor():
            narrow.shapes(model)  # as the engine does before the first pass
        reckoned = reckon.reckon(
            model,
            here,
            tokens=_within(model, made.tokens),
            new_tokens=made.new_tokens,
            seconds=SOUND,
            writes=made.task in WRITES,
        )
    except Exception:  # noqa: BLE001 -- anybody's config, anybody's code: what cannot be built is counted instead
        return None
    finally:
        if here is not None and not machine.busy():
            here.save()
    return _filled(made, found, reckoned, each, model)


def _on_processor() -> bool:
    import torch

    return not torch.cuda.is_available() and not torch.backends.mps.is_available()


def _built(config: dict[str, Any], task: str | None, kind: Any) -> Any:
    read = shapes.config_of(config)
    auto = WAYS[task].auto if task in WAYS else None
    with loading._ONE:  # noqa: SLF001 -- transformers makes one model at a time, with or without weights
        if auto is not None:
            try:
                return shapes.built(read, auto, kind)
            except (ValueError, shapes.Unknown):  # made for something else than its task says
                pass
        return shapes.built(read, None, kind)


def _within(model: Any, tokens: int) -> int:
    text = getattr(model.config, "text_config", None) or model.config
    window = getattr(text, "max_position_embeddings", None) or getattr(text, "n_positions", None)
    return min(tokens, window - 2) if isinstance(window, int) and window > 4 else tokens


def _filled(made: Fit, found: Read, reckoned: reckon.Reckoned, each: float, model: Any) -> Fit:
    scale = each / next((one.element_size() for one in model.parameters()), 4)
    weights = round(reckoned.weights * scale)
    need = reckon.peak(reckoned, model, found.stored, scale)
    ways = (0, reckoned.either) if reckoned.either else (reckoned.beside,)
    needs = [reckon.peak(replace(reckoned, beside=one), model, found.stored, scale) for one in ways]
    took = reckoned.seconds
    return replace(
        made,
        memory=need,
        least=round(min(needs) * (1 - LESS)),
        most=round(max(needs) * (1 + (MORE if _input(model) == "text" else MORE_SEEN))),
        verdict=fits.verdict(need, made.free),
        seconds=took,
        quickest=None if took is None else took * (1 - TIME_BAND),
        slowest=None if took is None else took * (1 + TIME_BAND),
        token=reckoned.token,
        parameters=reckoned.parameters,
        weights=weights,
        kept=reckoned.kept,
        input=_input(model),
        tokens=_within(model, made.tokens) if _input(model) == "text" else 0,
        new_tokens=made.new_tokens if reckoned.token is not None else 0,
        notes=(*made.notes, *_said(made, timed=took is not None)),
    )


def _input(model: Any) -> str:
    name = model.main_input_name
    return {"pixel_values": "picture", "input_values": "sound", "input_features": "sound"}.get(name, "text")


def _said(made: Fit, *, timed: bool) -> list[str]:
    """What is to be known of the time."""
    if timed:
        busy = "This machine is at work on something else just now: alone it will be quicker."
        return [busy] if machine.busy() else []
    if made.dtype not in TIMED:
        return [f"How fast it is in {made.dtype} depends on what computes it: not reckoned."]
    return ["How fast it is on this accelerator is not reckoned; the memory is this machine's own."]
