"""What a server of inference reads and says: bodies in, objects and events out. The other side of asking.py.

asked = chat(body) | completion(body) | embeddings(body) | task("fill-mask", body)     BadInput says what was expected
writer(asked, "owner/name", now)
    .whole(parts)                   the answer as one object
    .events(part), .end()           or as events

A part is a mapping: text, output, calls [{id, name, arguments}], finish, usage {read, written}; the last has `finish`.
"""

from __future__ import annotations

import base64
import json
import struct
import uuid
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.plumbing.wire import sse

FINGERPRINT = "offline"
Part = Mapping[str, Any]
# What clients send that says nothing about the answer.
_IDLE = frozenset(
    "user metadata store service_tier parallel_tool_calls prompt_cache_key safety_identifier model stream"
    " stream_options messages prompt n best_of echo logprobs top_logprobs logit_bias suffix".split()
)
# task -> the fields of its input, where it has several
FIELDS: Mapping[str, tuple[str, ...]] = {
    "question-answering": ("question", "context"),
    "table-question-answering": ("query", "table"),
    "sentence-similarity": ("source_sentence", "sentences"),
}
_TEXTS = {"summarization": "summary_text", "translation": "translation_text"}


@dataclass(frozen=True)
class Asked:
    """A question as it was sent. `form`: which route's way of writing the answer is to have."""

    form: str
    task: str
    model: str
    input: Any
    params: Mapping[str, Any] = field(default_factory=dict)
    stream: bool = False
    usage: bool = False
    how: Mapping[str, Any] = field(default_factory=dict)


def chat(body: Mapping[str, Any], model: str = "") -> Asked:
    """`POST …/v1/chat/completions`."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadInput('"messages" must be a list of at least one {"role": "user", "content": "…"}')
    _one_answer(body)
    params = _params(body)
    formats = params.pop("response_format", None)
    if formats is not None:
        params["response_format"] = _format(formats)
    return Asked(
        "chat",
        "chat",
        _model(body, model),
        {"messages": [_message(one) for one in messages]},
        params,
        _flag(body, "stream"),
        _usage(body),
    )


def completion(body: Mapping[str, Any]) -> Asked:
    """`POST …/v1/completions`."""
    prompt = body.get("prompt")
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str):
        raise BadInput('"prompt" must be one text')
    _one_answer(body)
    if body.get("echo") or body.get("suffix"):
        raise BadInput('"echo" and "suffix" cannot be had here')
    params = _params(body)
    if "max_tokens" in params:
        params["max_new_tokens"] = params.pop("max_tokens")
    return Asked(
        "completion",
        "text-generation",
        _model(body),
        prompt,
        params,
        _flag(body, "stream"),
        _usage(body),
    )


def embeddings(body: Mapping[str, Any]) -> Asked:
    """`POST …/v1/embeddings`."""
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) for one in texts):
        raise BadInput('"input" must be a text, or a list of at least one')
    form = body.get("encoding_format", "float")
    if form not in ("float", "base64"):
        raise BadInput('"encoding_format" must be float or base64')
    size = body.get("dimensions")
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
        raise BadInput('"dimensions" must be a number of at least 1')
    return Asked(
        "embeddings",
        "feature-extraction",
        _model(body),
        texts,
        {} if size is None else {"dimensions": size},
        how={"base64": form == "base64"},
    )


def task(name: str, body: Mapping[str, Any], model: str = "") -> Asked:
    """`POST …/models/{id}`: one of the Hub's task routes."""
    if "inputs" not in body:
        raise BadInput(f'"inputs" is missing: {_expected(name)}')
    params = body.get("parameters") or {}
    if not isinstance(params, Mapping):
        raise BadInput('"parameters" must be an object')
    params = {key: value for key, value in params.items() if value is not None}
    if name == "feature-extraction":  # its parameters stand beside the inputs
        beside = {
            key: value
            for key, value in body.items()
            if key not in ("inputs", "parameters", "options", "stream") and value is not None
        }
        params |= beside
    params.pop("model", None)  # the official client says it here too, of a table
    own = params.pop("generate_parameters", None)
    if isinstance(own, Mapping):
        params |= own
    inputs = body["inputs"]
    if fields := FIELDS.get(name):
        if not isinstance(inputs, Mapping) or not set(fields) <= set(inputs):
            raise BadInput(f'"inputs" is wrong: {_expected(name)}')
        inputs = {key: inputs[key] for key in fields}
    elif name == "zero-shot-classification":
        labels = params.pop("candidate_labels", None)
        if not isinstance(inputs, str) or not labels:
            raise BadInput(f'"inputs" is wrong: {_expected(name)}')
        inputs = {"text": inputs, "candidate_labels": labels}
    elif name == "feature-extraction":
        if not isinstance(inputs, str | list) or not inputs:
            raise BadInput(f'"inputs" is wrong: {_expected(name)}')
    elif not isinstance(inputs, str):
        raise BadInput(f'"inputs" is wrong: {_expected(name)}')
    how = {"one": isinstance(inputs, str)}
    if name == "text-generation":
        how |= _generation(params)
    return Asked(
        "task",
        name,
        model,
        inputs,
        params,
        name == "text-generation" and _flag(body, "stream"),
        how=how,
    )


def writer(asked: Asked, model: str, now: float) -> Writer:
    """Whoever writes the answer to a question."""
    return {"chat": Chat, "completion": Completion, "embeddings": Embeddings, "task": Task}[asked.form](
        asked, model, now
    )


def failure(
    words: str, kind: str = "invalid_request_error", code: str = "", param: str | None = None
) -> dict[str, Any]:
    """An error as OpenAI's clients read it."""
    return {"error": {"message": words, "type": kind, "param": param, "code": code or None}}


class Writer:
    """Writes one answer."""

    kind = ""

    def __init__(self, asked: Asked, model: str, now: float) -> None:
        self.asked, self.model, self.now = asked, model, int(now)
        self.number = f"{self.kind}-{uuid.uuid4().hex}"
        self.used: Mapping[str, Any] | None = None
        self.said = self.calls = 0
        self.texts: list[str] = []

    def whole(self, parts: Sequence[Part]) -> Any:
        """All of it as one object."""
        raise NotImplementedError

    def events(self, part: Part) -> list[bytes]:
        """A part as events."""
        raise NotImplementedError

    def end(self) -> list[bytes]:
        """What ends a stream that is whole."""
        return []

    def wrong(self, words: str, kind: str) -> bytes:
        """What is said in a stream that has begun when something goes wrong."""
        return sse.event(_json(failure(words, kind)))

    def head(self, kind: str) -> dict[str, Any]:
        """What every object of this answer begins with."""
        return {
            "id": self.number,
            "object": kind,
            "created": self.now,
            "model": self.model,
            "system_fingerprint": FINGERPRINT,
        }


class Chat(Writer):
    """A message, or its pieces."""

    kind = "chatcmpl"

    def whole(self, parts: Sequence[Part]) -> dict[str, Any]:
        calls = [_call(one) for part in parts for one in part.get("calls") or ()]
        text = _text(parts)
        message: dict[str, Any] = {"role": "assistant", "content": text if text or not calls else None}
        if calls:
            message["tool_calls"] = calls
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(parts)}
        return self.head("chat.completion") | {"choices": [choice], "usage": _counted(parts)}

    def events(self, part: Part) -> list[bytes]:
        made = []
        if not self.said and (part.get("text") or part.get("calls") or part.get("finish")):
            made.append(self._delta({"content": ""}))
        if part.get("text"):
            made.append(self._delta({"content": part["text"]}))
        for one in part.get("calls") or ():
            made.append(self._delta({"tool_calls": [{"index": self.calls, **_call(one)}]}))
            self.calls += 1
        self.used = part.get("usage") or self.used
        if part.get("finish"):
            made.append(self._delta({}, part["finish"]))
        self.said += len(made)
        return made

    def end(self) -> list[bytes]:
        made = [sse.event(sse.DONE)]
        if self.asked.usage:
            one = self.head("chat.completion.chunk") | {"choices": [], "usage": _usage_of(self.used)}
            made.insert(0, sse.event(_json(one)))
        return made

    def _delta(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {
            "index": 0,
            "delta": {"role": "assistant", **delta},
            "logprobs": None,
            "finish_reason": finish,
        }
        one = self.head("chat.completion.chunk") | {"choices": [choice]}
        return sse.event(_json(one | {"usage": None} if self.asked.usage else one))


class Completion(Writer):
    """A text that goes on."""

    kind = "cmpl"

    def whole(self, parts: Sequence[Part]) -> dict[str, Any]:
        return self._object(_text(parts), _finish(parts)) | {"usage": _counted(parts)}

    def events(self, part: Part) -> list[bytes]:
        self.used = part.get("usage") or self.used
        if not part.get("text") and not part.get("finish"):
            return []
        one = self._object(part.get("text") or "", part.get("finish"))
        return [sse.event(_json(one | {"usage": None} if self.asked.usage else one))]

    def end(self) -> list[bytes]:
        made = [sse.event(sse.DONE)]
        if self.asked.usage:
            one = self.head("text_completion") | {"choices": [], "usage": _usage_of(self.used)}
            made.insert(0, sse.event(_json(one)))
        return made

    def _object(self, text: str, finish: str | None) -> dict[str, Any]:
        choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": finish}
        return self.head("text_completion") | {"choices": [choice]}


class Embeddings(Writer):
    """Vectors."""

    kind = "embd"

    def whole(self, parts: Sequence[Part]) -> dict[str, Any]:
        vectors = _output(parts)
        if self.asked.how.get("base64"):
            vectors = [_packed(one) for one in vectors]
        data = [{"object": "embedding", "index": i, "embedding": one} for i, one in enumerate(vectors)]
        counted = _counted(parts)
        return {
            "object": "list",
            "data": data,
            "model": self.model,
            "usage": {key: counted[key] for key in ("prompt_tokens", "total_tokens")},
        }


class Task(Writer):
    """An answer of one of the Hub's task routes."""

    kind = "task"

    def whole(self, parts: Sequence[Part]) -> Any:
        name = self.asked.task
        if name == "text-generation":
            return [self._generated(parts)]
        if key := _TEXTS.get(name) or ("generated_text" if name == "text2text-generation" else ""):
            return [{key: _text(parts)}]
        output = _output(parts)
        if name == "text-classification":
            return [sorted(output, key=lambda one: -one["score"])]
        if name == "zero-shot-classification":
            return sorted(output, key=lambda one: -one["score"])
        if name == "feature-extraction" and self.asked.how.get("one"):
            return output[0]
        return output

    def events(self, part: Part) -> list[bytes]:
        """As text-generation-inference says them: the last one holds the whole text."""
        self.used = part.get("usage") or self.used
        self.texts.append(part.get("text") or "")
        if not part.get("text") and not part.get("finish"):
            return []
        self.said += 1
        finish, text = part.get("finish"), part.get("text") or ""
        one: dict[str, Any] = {
            "index": self.said,
            "token": {"id": None, "text": text, "logprob": None, "special": not text},
            "generated_text": "".join(self.texts) if finish else None,
            "details": _details(finish, self.used) if finish else None,
        }
        return [sse.event(_json(one))]

    def wrong(self, words: str, kind: str) -> bytes:
        return sse.event(_json({"error": words, "error_type": "generation"}))

    def _generated(self, parts: Sequence[Part]) -> dict[str, Any]:
        before = self.asked.input if self.asked.how.get("full") else ""
        made: dict[str, Any] = {"generated_text": before + _text(parts)}
        if self.asked.how.get("details"):
            used = next((part["usage"] for part in reversed(parts) if part.get("usage")), None)
            made["details"] = _details(_finish(parts), used)
        return made


def _details(finish: str, used: Mapping[str, Any] | None) -> dict[str, Any]:
    reason = "length" if finish == "length" else "eos_token"
    return {
        "finish_reason": reason,
        "generated_tokens": (used or {}).get("written") or 0,
        "input_length": (used or {}).get("read"),
        "prefill": [],
        "tokens": [],
    }


def _generation(params: dict[str, Any]) -> dict[str, Any]:
    """text-generation-inference's own words, taken out of the parameters."""
    found = {
        "details": bool(params.pop("details", False)),
        "full": bool(params.pop("return_full_text", False)),
    }
    for name in ("decoder_input_details", "watermark"):
        if not params.get(name):
            params.pop(name, None)
    if params.get("best_of") == 1:
        params.pop("best_of")
    if "stop_sequences" in params:
        params["stop"] = params.pop("stop_sequences")
    _cool(params)
    return found


def _params(body: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an answer, in the names the models know."""
    params = {key: value for key, value in body.items() if key not in _IDLE and value is not None}
    if "max_completion_tokens" in params:
        params["max_tokens"] = params.pop("max_completion_tokens")
    most = params.get("max_tokens")
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
        raise BadInput('"max_tokens" must be a number of at least 1')
    if isinstance(params.get("stop"), str):
        params["stop"] = [params["stop"]]
    for name, least, highest in (("temperature", 0, 2), ("top_p", 0, 1)):
        value = params.get(name)
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= highest
        ):
            raise BadInput(f'"{name}" must be a number from {least} to {highest}')
    _cool(params)
    return params


def _cool(params: dict[str, Any]) -> None:
    """No temperature is no chance at all."""
    if params.get("temperature") == 0:
        del params["temperature"]
        params["do_sample"] = False
    elif params.get("temperature") is not None:
        params.setdefault("do_sample", True)


def _one_answer(body: Mapping[str, Any]) -> None:
    if body.get("n") not in (None, 1) or body.get("best_of") not in (None, 1):
        raise BadInput('"n" must be 1: one answer to a question')
    if body.get("logprobs") or body.get("top_logprobs"):
        raise BadInput('"logprobs" cannot be had here')
    if body.get("logit_bias"):
        raise BadInput('"logit_bias" cannot be had here')


def _model(body: Mapping[str, Any], known: str = "") -> str:
    named = known or body.get("model")
    if not isinstance(named, str) or not named:
        raise BadInput('"model" must be the id of a model, such as "owner/name"')
    return named


def _flag(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name)
    if value not in (None, True, False):
        raise BadInput(f'"{name}" must be true or false')
    return bool(value)


def _usage(body: Mapping[str, Any]) -> bool:
    options = body.get("stream_options") or {}
    if not isinstance(options, Mapping):
        raise BadInput('"stream_options" must be an object')
    return bool(options.get("include_usage"))


def _message(one: Any) -> dict[str, Any]:
    """One message; a content in pieces as one text."""
    if not isinstance(one, Mapping) or not isinstance(one.get("role"), str):
        raise BadInput('A message must be {"role": "user", "content": "…"}')
    content = one.get("content")
    if isinstance(content, list):
        if not all(isinstance(piece, Mapping) and piece.get("type") == "text" for piece in content):
            raise BadInput("A message's content may hold texts alone here: no images, no sound")
        content = "".join(str(piece.get("text", "")) for piece in content)
    if not isinstance(content, str) and not (content is None and one.get("tool_calls")):
        raise BadInput('A message\'s "content" must be a text')
    return {**{key: value for key, value in one.items() if value is not None}, "content": content or ""}


def _format(given: Any) -> Any:
    """A schema in OpenAI's form; the Hub's own client writes it in another one for hf-inference."""
    if not isinstance(given, Mapping) or given.get("type") not in (
        "text",
        "json_object",
        "json_schema",
        "json",
    ):
        raise BadInput('"response_format" must have a "type": text, json_object or json_schema')
    if "value" in given:
        return {"type": "json_schema", "json_schema": {"name": "answer", "schema": given["value"]}}
    return dict(given)


def _expected(name: str) -> str:
    if fields := FIELDS.get(name):
        return f"{name} expects an object with {' and '.join(fields)}"
    if name == "zero-shot-classification":
        return f"{name} expects a text, and candidate_labels among its parameters"
    return f"{name} expects a text"


def _call(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"],
        "type": "function",
        "function": {"name": one["name"], "arguments": one["arguments"]},
    }


def _text(parts: Iterable[Part]) -> str:
    return "".join(part.get("text") or "" for part in parts)


def _output(parts: Iterable[Part]) -> Any:
    return next((part["output"] for part in parts if part.get("output") is not None), None)


def _finish(parts: Sequence[Part]) -> str:
    return next((part["finish"] for part in parts if part.get("finish")), "stop")


def _counted(parts: Sequence[Part]) -> dict[str, int]:
    return _usage_of(next((part["usage"] for part in reversed(parts) if part.get("usage")), None))


def _usage_of(used: Mapping[str, Any] | None) -> dict[str, int]:
    read, written = (used or {}).get("read") or 0, (used or {}).get("written") or 0
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _packed(vector: Iterable[float]) -> str:
    """Little-endian, whatever this machine is."""
    numbers = array("f", vector)
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
