"""What a caller may say about how a text is written, in transformers' terms."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import BadInput, TooLarge
from hf_nb.infer.backends.local.model import Loaded
from hf_nb.infer.call import Call

DEFAULT_NEW = 256  # tokens, where neither the caller nor the model says anything
# What goes to transformers under its own name.
SAME = (
    "min_new_tokens",
    "num_beams",
    "repetition_penalty",
    "no_repeat_ngram_size",
    "early_stopping",
    "length_penalty",
)
DRAWING = ("temperature", "top_k", "top_p", "typical_p", "min_p", "top_h", "epsilon_cutoff", "eta_cutoff")
# Said by the caller, known to the Hub's routes, and not done here; falsy values change nothing.
NOT_HERE = (
    "adapter_id",
    "best_of",
    "decoder_input_details",
    "logprobs",
    "n",
    "top_logprobs",
    "top_n_tokens",
    "watermark",
)
NUMBERS = {
    "temperature": (0, 100),
    "top_p": (0, 1),
    "typical_p": (0, 1),
    "repetition_penalty": (0, 100),
    "frequency_penalty": (-2, 2),
    "presence_penalty": (-2, 2),
    "length_penalty": (-100, 100),
}
WHOLE = ("max_new_tokens", "max_tokens", "max_length", "min_new_tokens", "num_beams", "top_k", "truncate")


@dataclass
class Options:
    """How to write. `draw`: tokens are drawn, not the likeliest taken; `limit`: the most new tokens."""

    config: Any
    limit: int
    draw: bool
    stop: tuple[str, ...] = ()
    seed: int | None = None
    beams: int = 1
    drawing: dict[str, Any] = field(default_factory=dict)
    frequency: float = 0.0
    presence: float = 0.0
    bias: Mapping[int, float] = field(default_factory=dict)
    note: str = ""


def options(loaded: Loaded, call: Call, prompt: int) -> Options:
    """Checked, with the model's own settings where the caller said nothing. `prompt`: tokens that are read."""
    given = {name: one for name, one in call.params.items() if one is not None}
    _check(given)
    config = copy.deepcopy(_own(loaded))
    seq2seq = bool(loaded.config.is_encoder_decoder)
    limit, note = _limit(loaded, config, given, 0 if seq2seq else prompt)
    config.max_new_tokens, config.max_length = limit, None
    for name in SAME:
        if name in given:
            setattr(config, name, given[name])
    beams = int(config.num_beams or 1)
    draw, drawing = _draws(config, given)
    if beams > 1 and draw:
        if "do_sample" in given or "num_beams" not in given:
            raise BadInput(
                "Beams are searched, not drawn: leave out num_beams, or do_sample and temperature."
            )
        draw = False
    config.do_sample = False  # drawing is done here, with a generator of its own
    for name in DRAWING:
        if hasattr(config, name):
            setattr(config, name, None)
    if config.pad_token_id is None:
        config.pad_token_id = loaded.tokenizer.pad_token_id
        if config.pad_token_id is None and (ends := endings(config)):
            config.pad_token_id = ends[0]
    return Options(
        config,
        limit,
        draw,
        _stops(given.get("stop")),
        given.get("seed"),
        beams,
        drawing,
        float(given.get("frequency_penalty", 0)),
        float(given.get("presence_penalty", 0)),
        _bias(given.get("logit_bias"), loaded),
        note,
    )


def _own(loaded: Loaded) -> Any:
    """The model's settings, taken off the model itself: `generate` would mix them with what it is handed."""
    with loaded.lock:
        if "settings" not in loaded.kept:
            own = loaded.model.generation_config
            bare = copy.deepcopy(own)
            for name in ("max_length", "max_new_tokens", "do_sample", "num_beams", *SAME, *DRAWING):
                if hasattr(bare, name):
                    setattr(bare, name, None)
            loaded.model.generation_config = bare
            loaded.kept["settings"] = own
        return loaded.kept["settings"]


def endings(config: Any) -> list[int]:
    """The tokens that end an answer."""
    ends = config.eos_token_id
    return [] if ends is None else list(ends) if isinstance(ends, (list, tuple)) else [int(ends)]


def _check(given: Mapping[str, Any]) -> None:
    for name in NOT_HERE:
        if given.get(name) and not (name in ("n", "best_of") and given[name] == 1):
            raise BadInput(f"A model on this machine knows no {name}.", "Leave it out, or: provider=hf")
    for name, (least, most) in NUMBERS.items():
        if name in given and (
            isinstance(given[name], bool)
            or not isinstance(given[name], (int, float))
            or not least <= given[name] <= most
        ):
            raise BadInput(f"{name} is a number from {least} to {most}, not {given[name]!r}.")
    for name in WHOLE:
        if name in given and (
            isinstance(given[name], bool)
            or not isinstance(given[name], int)
            or given[name] < (name == "max_new_tokens")
        ):
            raise BadInput(f"{name} is a whole number, not {given[name]!r}.")
    if "seed" in given and (isinstance(given["seed"], bool) or not isinstance(given["seed"], int)):
        raise BadInput(f"seed is a whole number, not {given['seed']!r}.")


def _limit(loaded: Loaded, config: Any, given: Mapping[str, Any], prompt: int) -> tuple[int, str]:
    room = room_for_answer(loaded) - prompt
    if room < 1:
        raise TooLarge(
            f"The text has {prompt} tokens; {loaded.name} reads and writes {loaded.window} at most.",
            "Shorten it.",
        )
    asked = given.get("max_new_tokens", given.get("max_tokens"))
    if asked is None and given.get("max_length") is not None:
        asked = given["max_length"] - prompt
    if asked is not None:
        if asked < 1:
            raise BadInput("An answer has at least one token.", "max_new_tokens=100")
        if asked > room:
            return room, f"only {room} tokens of room for the answer, {asked} were asked for"
        return int(asked), ""
    own = config.max_new_tokens
    if own is None and config.max_length is not None:
        own = config.max_length - (prompt or 1)
    own = DEFAULT_NEW if own is None or own < 1 else own
    return min(own, room), ""


def room_for_answer(loaded: Loaded) -> int:
    """Tokens in the window of what writes."""
    text = loaded.config.get_text_config(decoder=True)
    most = getattr(text, "max_position_embeddings", None)
    return min(int(most), 10**9) if most else max(loaded.window, DEFAULT_NEW)


def _draws(config: Any, given: Mapping[str, Any]) -> tuple[bool, dict[str, Any]]:
    own = {name: getattr(config, name, None) for name in DRAWING}
    drawing = {name: given.get(name, value) for name, value in own.items()}
    draw = bool(given.get("do_sample", config.do_sample))
    if "do_sample" not in given and any(
        name in given for name in ("temperature", "top_p", "top_k", "typical_p")
    ):
        draw = True
    if given.get("temperature") == 0:
        draw = False
    return draw, {name: value for name, value in drawing.items() if value is not None}


def _stops(stop: Any) -> tuple[str, ...]:
    if stop is None:
        return ()
    words: Sequence[Any] = [stop] if isinstance(stop, str) else stop
    if not isinstance(words, (list, tuple)) or not all(isinstance(one, str) and one for one in words):
        raise BadInput("stop is a text, or a list of texts.")
    return tuple(words)


def _bias(bias: Any, loaded: Loaded) -> dict[int, float]:
    try:
        made = {int(token): float(value) for token, value in (bias or {}).items()}
    except (AttributeError, TypeError, ValueError):
        raise BadInput("logit_bias is a mapping from a token's number to a number.") from None
    if any(not 0 <= token < len(loaded.tokenizer) for token in made):
        raise BadInput(f"logit_bias names a token that {loaded.name} does not have.")
    return made
