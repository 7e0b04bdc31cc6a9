"""A reply in a conversation, by the model's own chat template."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.infer.backends.local import grammar
from hf_nb.infer.backends.local.generating import Halt, Job, threaded, write
from hf_nb.infer.backends.local.model import Loaded, unfit
from hf_nb.infer.backends.local.options import options
from hf_nb.infer.backends.local.plans import Plan, Said
from hf_nb.infer.backends.local.tools import Listener
from hf_nb.infer.call import Call, Chunk, Parts, Terms, Usage

CHOICES = ("auto", "none", "required")


def reply(loaded: Loaded, call: Call, terms: Terms) -> Parts:
    """The next message: text as it comes, calls of tools when they are whole."""
    asked = _asked(loaded, call)

    def work(put: Callable[[Chunk], None], halt: Halt) -> None:
        listener = asked.listener()
        waited = [0.0]

        def say(text: str, seconds: float) -> None:
            waited[0] += seconds
            if shown := listener.add(text):
                put(Chunk(shown, seconds=waited[0]))
                waited[0] = 0.0

        done = write(loaded, asked.job, halt, say)
        rest = listener.add(done.rest) + listener.end()
        put(asked.last(listener, rest, Said([], done.written, done.finish, waited[0] + done.seconds)))

    yield from threaded(loaded, work, terms)


def plan(loaded: Loaded, call: Call) -> Plan:
    """The same, for many side by side."""
    asked = _asked(loaded, call)

    def made(said: list[Said]) -> Chunk:
        listener = asked.listener()
        *parts, rest = said[0].parts
        text = "".join(map(listener.add, parts)) + listener.add(rest) + listener.end()
        return asked.last(listener, text, said[0])

    return Plan([asked.job], made)


@dataclass
class Asked:
    """A reply to write, and the tools it may call."""

    job: Job
    names: list[str]
    called: int
    note: str

    def listener(self) -> Listener:
        """Who tells calls of tools from text."""
        return Listener(self.names, self.called)

    def last(self, listener: Listener, text: str, said: Said) -> Chunk:
        """The end of the reply."""
        return Chunk(
            text,
            calls=tuple(listener.calls),
            seconds=said.seconds,
            finish="tool_calls" if listener.calls else said.finish,
            usage=Usage(len(self.job.ids), said.written),
            note="; ".join(filter(None, (self.note, self.job.options.note))),
        )


def _asked(loaded: Loaded, call: Call) -> Asked:
    tools, note = _tools(call)
    ids = loaded.reader.plain(_prompt(loaded, call, tools), special=False).ids
    how = options(loaded, call, len(ids))
    rules = grammar.rules(loaded, call.params.get("response_format"), len(ids))
    if rules is not None:
        how = replace(how, beams=1)
    called = sum(len(one.get("tool_calls") or ()) for one in call.input["messages"])
    names = [one["function"]["name"] for one in tools]
    return Asked(Job(ids, how, grammar=rules), names, called, note)


def _prompt(loaded: Loaded, call: Call, tools: list[dict[str, Any]]) -> str:
    if not getattr(loaded.tokenizer, "chat_template", None):
        raise unfit(loaded.name, call.task, "it has no chat template")
    messages = [_plain(one) for one in call.input["messages"]]
    try:
        return str(
            loaded.tokenizer.apply_chat_template(
                messages, tools=tools or None, add_generation_prompt=True, tokenize=False
            )
        )
    except Exception as wrong:  # a template may raise whatever its author wrote
        lines = str(wrong).strip().splitlines() or [type(wrong).__name__]
        raise BadInput(
            f"The chat template of {loaded.name} refuses these messages: {lines[0][:160]}."
        ) from wrong


def _plain(message: Mapping[str, Any]) -> dict[str, Any]:
    """With its parts of text joined, and arguments of tools as the mapping that templates expect."""
    made = dict(message)
    content = made.get("content")
    if isinstance(content, (list, tuple)):
        if any(not isinstance(one, Mapping) or one.get("type") != "text" for one in content):
            raise BadInput("A local chat model reads text, and a message holds something else.")
        made["content"] = "".join(str(one.get("text", "")) for one in content)
    elif content is None:
        made["content"] = ""
    elif not isinstance(content, str):
        raise BadInput("The content of a message is a text.")
    if made.get("tool_calls"):
        calls = []
        for one in made["tool_calls"]:
            function = dict(one.get("function") or {})
            if isinstance(function.get("arguments"), str):
                with contextlib.suppress(ValueError):  # a template may get along with what is no JSON
                    function["arguments"] = json.loads(function["arguments"])
            calls.append({**one, "function": function})
        made["tool_calls"] = calls
    return made


def _tools(call: Call) -> tuple[list[dict[str, Any]], str]:
    """The tools the model is told of, and a note where a wish cannot be kept."""
    given = call.params.get("tools") or []
    if not isinstance(given, (list, tuple)):
        raise BadInput("tools is a list.")
    tools = []
    for one in given:
        function = one.get("function") if isinstance(one, Mapping) else None
        if not isinstance(function, Mapping) or not function.get("name"):
            raise BadInput('A tool is {"type": "function", "function": {"name": "…", "parameters": {…}}}.')
        tools.append({**one, "function": {"description": "", "parameters": {}, **function}})
    choice = call.params.get("tool_choice") or "auto"
    if choice == "none":
        return [], ""
    if isinstance(choice, Mapping):
        choice = (choice.get("function") or {}).get("name")
    if choice in CHOICES:
        return tools, "" if choice == "auto" else "a local model cannot be made to call a tool, only asked"
    named = [one for one in tools if one["function"]["name"] == choice]
    if not named:
        raise BadInput(
            f"tool_choice names no tool that was given: {choice!r}.",
            f"It is {', '.join(CHOICES)}, or one's name",
        )
    return named, ""
