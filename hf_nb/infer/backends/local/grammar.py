"""Answers of a given form: JSON by a schema, any JSON object, or a regular expression, kept to token by token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.infer.backends.local.model import Loaded
from hf_nb.plumbing.extras import require

WHY = "Answers of a given form"
FORMS = "text, json_object, json_schema, json or regex"
EXAMPLE = 'For example: {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}'


def rules(loaded: Loaded, form: Any, prompt: int) -> Any:
    """What keeps an answer to `form` (`response_format` or `grammar`); None where anything goes."""
    if form is None:
        return None
    if not isinstance(form, Mapping) or "type" not in form:
        raise BadInput("The form of an answer is a mapping with a type.", EXAMPLE)
    if form["type"] == "text":
        return None
    if not loaded.reader.fast or loaded.tokenizer.eos_token_id is None:
        raise BadInput(f"{loaded.name} cannot keep to a form: it has no fast tokenizer, or no end token.")
    matcher = require("llguidance", "local", WHY).LLMatcher(_tokens(loaded), _grammar(form), log_level=0)
    if matcher.is_error():
        raise BadInput(f"The form cannot be kept to: {matcher.get_error().strip().splitlines()[0][:160]}.")
    return Rules(matcher, prompt)


class Rules:
    """Allows the tokens that may follow."""

    def __init__(self, matcher: Any, prompt: int) -> None:
        self._matcher, self._seen = matcher, prompt

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        import torch

        new = input_ids[0, self._seen :].tolist()
        if new:
            self._matcher.consume_tokens(new)
            self._seen += len(new)
        allowed = torch.frombuffer(bytearray(self._matcher.compute_logit_bias()), dtype=torch.uint8)
        mask = torch.zeros(scores.shape[-1], dtype=torch.bool)
        size = min(len(mask), len(allowed))
        mask[:size] = allowed[:size] > 0
        return scores.masked_fill(~mask.to(scores.device), float("-inf"))


def _tokens(loaded: Loaded) -> Any:
    with loaded.lock:
        if "grammar" not in loaded.kept:
            theirs = require("llguidance.hf", "local", WHY)
            ends = loaded.model.generation_config.eos_token_id or loaded.tokenizer.eos_token_id
            loaded.kept["grammar"] = theirs.from_tokenizer(loaded.tokenizer, eos_token=ends)
        return loaded.kept["grammar"]


def _grammar(form: Mapping[str, Any]) -> str:
    matcher = require("llguidance", "local", WHY).LLMatcher
    kind = form["type"]
    if kind == "regex":
        return str(matcher.grammar_from_regex(str(form.get("value") or form.get("regex") or "")))
    if kind == "json_object":
        schema: Any = {"type": "object"}
    elif kind == "json_schema":
        held = form.get("json_schema") or {}
        schema = held.get("schema", held) if isinstance(held, Mapping) else held
    elif kind == "json":
        schema = form.get("value")
    else:
        raise BadInput(f"The form of an answer is {FORMS}, not {kind!r}.", EXAMPLE)
    if isinstance(schema, str):
        try:
            schema = json.loads(schema)
        except ValueError:
            raise BadInput("The schema is no JSON.", EXAMPLE) from None
    if not isinstance(schema, Mapping):
        raise BadInput("The schema is missing.", EXAMPLE)
    # Without this a small model can write spaces for ever, and still keep to the form.
    tight = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
    return str(matcher.grammar_from_json_schema(dict(schema), overrides=tight))
