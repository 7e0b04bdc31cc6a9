"""What is sent to ask, and what the answers mean: OpenAI's routes, and the Hub's task routes.

chat completion embeddings task       the bodies
streamed whole vectors output         what comes back, as Parts

A stream is complete with a finish reason or `[DONE]`; without either nothing here says it ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hf_nb.errors import BadInput, Broken, Filtered
from hf_nb.plumbing.wire import refusal
from hf_nb.plumbing.wire.sse import DONE, Event

# The names local models have for a parameter, and OpenAI's for the same.
_NAMES = {"max_new_tokens": "max_tokens", "max_length": "max_tokens"}
# What no server of OpenAI's kind knows; left out in silence it would be another answer.
_UNKNOWN = frozenset(
    "min_new_tokens num_beams no_repeat_ngram_size early_stopping length_penalty adapter_id best_of"
    " decoder_input_details details grammar return_full_text top_n_tokens truncate typical_p watermark"
    " truncation src_lang tgt_lang clean_up_tokenization_spaces prompt_name truncation_direction".split()
)
# The parameters of the tasks that rewrite a text; any other is one of generation.
_REWRITES = {
    "summarization": ("clean_up_tokenization_spaces", "truncation"),
    "translation": ("clean_up_tokenization_spaces", "src_lang", "tgt_lang", "truncation"),
    "text2text-generation": ("clean_up_tokenization_spaces", "truncation"),
}
_FINISHES = {
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "stop_sequence": "stop",
    "end_turn": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "tool_use": "tool_calls",
}


class Wanted(NamedTuple):
    """A call of a tool, put together."""

    name: str
    arguments: str
    id: str = ""


class Part(NamedTuple):
    """A part of an answer. The last one has `finish`: "stop", "length" or "tool_calls"."""

    text: str = ""
    calls: tuple[Wanted, ...] = ()
    finish: str | None = None
    read: int | None = None
    written: int | None = None
    provider: str = ""


class Who(NamedTuple):
    """Who is asked, for the words of errors. `secrets`: what must not be quoted; `step`: against a refused key."""

    name: str
    model: str = ""
    step: str = ""
    secrets: tuple[str, ...] = ()

    def error(self, event: str) -> Exception:
        """The error an event inside a stream tells of."""
        return refusal.inside(event, who=self.name, model=self.model, step=self.step, secrets=self.secrets)


# -- asking


def chat(
    model: str, messages: Sequence[Any], params: Mapping[str, Any], *, stream: bool = True
) -> dict[str, Any]:
    """The body of a chat. `model` comes first, so that a router need not read on."""
    return {"model": model, "messages": list(messages), **_sampling(params), **_streaming(stream=stream)}


def completion(model: str, prompt: str, params: Mapping[str, Any], *, stream: bool = True) -> dict[str, Any]:
    """The body of a text to be gone on with."""
    return {"model": model, "prompt": prompt, **_sampling(params), **_streaming(stream=stream)}


def embeddings(model: str, texts: Sequence[str], params: Mapping[str, Any]) -> dict[str, Any]:
    """The body of texts that become vectors."""
    if params:
        raise BadInput(f"This server does not know the parameter {min(params)} for embeddings.")
    return {"model": model, "input": list(texts), "encoding_format": "float"}


def task(name: str, value: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a task route of the Hub."""
    given = {key: one for key, one in params.items() if one is not None}
    if name == "feature-extraction":
        return {"inputs": value, **given}
    if name == "zero-shot-classification":
        given = {"candidate_labels": value["candidate_labels"], **given}
        value = value["text"]
    elif name in ("text-generation", "code-generation"):
        return {"inputs": value, "parameters": {"return_full_text": False, **given}, "stream": True}
    elif name in _REWRITES:  # how the words are found stands by itself there
        own = {key: one for key, one in given.items() if key not in _REWRITES[name]}
        given = {key: one for key, one in given.items() if key in _REWRITES[name]}
        given |= {"generate_parameters": own} if own else {}
    return {"inputs": value, **({"parameters": given} if given else {})}


def encoded(body: Mapping[str, Any]) -> bytes:
    """A body as bytes."""
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise BadInput("The input holds half a character (a lone surrogate), which cannot be sent.") from None
    except (ValueError, TypeError) as wrong:
        raise BadInput(f"This cannot be sent as JSON: {wrong}.") from None


def _sampling(params: Mapping[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for name, value in params.items():
        if value is None:
            continue
        if name in _UNKNOWN:
            raise BadInput(
                f"Servers of OpenAI's kind have no parameter {name}.", "Leave it out, or: --provider local"
            )
        if name == "do_sample":
            if not value:
                sent["temperature"] = 0
            continue
        sent[_NAMES.get(name, name)] = value
    return sent


def _streaming(*, stream: bool) -> dict[str, Any]:
    return {"stream": True, "stream_options": {"include_usage": True}} if stream else {"stream": False}


# -- the answers


def streamed(events: Iterable[Event], who: Who, ended: Callable[[], object] = lambda: None) -> Iterator[Part]:
    """The parts of a streamed answer; the last has its finish. Ends without one where the stream did.

    `ended` is called when the answer is complete: only the tokens' count and a second end mark may still follow.
    """
    heard = _Heard(who)
    for event in events:
        if event.data.strip() == DONE:
            heard.finish = heard.finish or "stop"
            break
        yield from heard.hear(event)
        if heard.finish is not None:
            ended()
    if heard.finish is not None:
        yield heard.last()


def whole(answer: Any, who: Who) -> Iterator[Part]:
    """The one part of an answer that did not come as a stream."""
    heard = _Heard(who)
    if isinstance(answer, Mapping) and isinstance(answer.get("choices"), list) and answer["choices"]:
        choice = answer["choices"][0]
        said = {**choice, "delta": choice.get("message")} if isinstance(choice, Mapping) else choice
        yield from heard.take({**answer, "choices": [said]})
        heard.finish = heard.finish or "stop"  # whole JSON is its own end mark
        yield heard.last()
        return
    raise Broken(f"{who.name} answered with something that is no answer.")


@dataclass
class _Heard:
    """What has come of a streamed answer, as far as it cannot be handed on at once."""

    who: Who
    finish: str | None = None
    read: int | None = None
    written: int | None = None
    provider: str = ""
    thinking: bool = False  # a sign of life that is no part of the answer
    tools: dict[Any, dict[str, str]] = field(default_factory=dict)

    def hear(self, event: Event) -> Iterator[Part]:
        """The parts of one event."""
        if event.name == "error":
            raise self.who.error(event.data)
        try:
            said = json.loads(event.data)
        except (ValueError, RecursionError):
            raise Broken(f"{self.who.name} sent a part that is no JSON.") from None
        if not isinstance(said, Mapping):
            raise Broken(f"{self.who.name} sent a part that is no answer.")
        if said.get("error"):
            raise self.who.error(event.data)
        yield from self.take(said)

    def take(self, said: Mapping[str, Any]) -> Iterator[Part]:
        """The parts of one JSON object."""
        try:
            text = self._token(said) if isinstance(said.get("token"), Mapping) else self._choice(said)
            self._count(said.get("usage"))
        except (TypeError, KeyError, AttributeError, ValueError):
            raise Broken(f"{self.who.name} sent a part that makes no sense.") from None
        provider = said.get("provider")
        if isinstance(provider, str) and provider:
            self.provider = provider
        if text or self.thinking:
            yield Part(text)

    def last(self) -> Part:
        """The last part: the tools that are wanted, the tokens, the end."""
        calls = tuple(Wanted(one["name"], one["arguments"], one["id"]) for one in self.tools.values())
        finish = "tool_calls" if calls and self.finish == "stop" else self.finish
        return Part("", calls, finish, self.read, self.written, self.provider)

    def _choice(self, said: Mapping[str, Any]) -> str:
        self.thinking = False
        choices = said.get("choices")
        if not choices:
            return ""
        choice = choices[0]
        delta = choice.get("delta") or {}
        self.thinking = any(delta.get(name) for name in ("reasoning_content", "reasoning", "tool_calls"))
        text = delta.get("content") if "delta" in choice else choice.get("text")
        if isinstance(text, list):  # content in pieces, each with its kind
            text = "".join(one.get("text") or "" for one in text if isinstance(one, Mapping))
        for number, one in enumerate(delta.get("tool_calls") or ()):
            self._tool(one, number)
        if refusal_text := delta.get("refusal"):
            text = (text or "") + str(refusal_text)
        self._ends(choice.get("finish_reason"))
        return text or ""

    def _token(self, said: Mapping[str, Any]) -> str:
        """A token as TGI streams it; the last one brings the whole text, or details."""
        token, details = said["token"], said.get("details") or {}
        if details or said.get("generated_text") is not None:
            self._ends(details.get("finish_reason") or "stop")
            self.written = details.get("generated_tokens", self.written)
        return "" if token.get("special") else str(token.get("text") or "")

    def _ends(self, reason: str | None) -> None:
        if not reason:
            return
        if reason == "content_filter":
            raise Filtered(f"{self.who.name} stopped the answer for its content.")
        if reason == "error":
            raise Broken(f"{self.who.name} broke the answer off with an error.")
        self.finish = _FINISHES.get(reason, "stop")

    def _tool(self, one: Mapping[str, Any], number: int) -> None:
        """A piece of a call of a tool: its name comes once, its arguments in bits. Some servers give no index."""
        index, id_ = one.get("index"), one.get("id") or ""
        if index is None:
            known = next((key for key, tool in self.tools.items() if id_ and tool["id"] == id_), None)
            begins = id_ or (one.get("function") or {}).get("name")
            index = (
                known
                if known is not None
                else len(self.tools)
                if begins
                else max(len(self.tools) - 1, number)
            )
        tool = self.tools.setdefault(index, {"name": "", "arguments": "", "id": ""})
        function = one.get("function") or {}
        tool["id"] = tool["id"] or id_
        tool["name"] = tool["name"] or str(function.get("name") or "")
        bit = function.get("arguments")
        tool["arguments"] += bit if isinstance(bit, str) else json.dumps(bit) if bit is not None else ""

    def _count(self, usage: Any) -> None:
        if isinstance(usage, Mapping):
            read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
            self.read = read if isinstance(read, int) else self.read
            self.written = written if isinstance(written, int) else self.written


def vectors(answer: Any, count: int, who: Who) -> tuple[list[list[float]], int | None]:
    """The vectors of an embeddings answer, in the order of the texts; and the tokens read."""
    try:
        rows = sorted(answer["data"], key=lambda one: one.get("index", 0))
        found = [list(map(float, one["embedding"])) for one in rows]
        read = (answer.get("usage") or {}).get("prompt_tokens")
    except (TypeError, KeyError, ValueError, AttributeError):
        raise Broken(f"{who.name} answered with something that is no embeddings.") from None
    if len(found) != count or len({len(one) for one in found}) != 1 or not found[0]:
        raise Broken(f"{who.name} sent {len(found)} vectors for {count} texts.")
    return found, read if isinstance(read, int) else None
