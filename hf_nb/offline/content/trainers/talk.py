"""Conversations: what they are made of, and how one reads as text, as the chat template writes it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SYSTEM, USER, ASSISTANT, TOOL, TOOLS = ROLES = tuple(
    f"<|{role}|>" for role in ("system", "user", "assistant", "tool", "tools")
)
END, PAD = "<|end|>", "<|pad|>"
CALL, CALLED = MARKS = ("<tool_call>", "</tool_call>")

Message = dict[str, Any]

# The roles follow one another without line breaks: a token less for a model that has few. A tool is a line of its
# name, its arguments (with their types where they are no strings), and what it is for.
TEMPLATE = """\
{%- macro text(content) -%}
    {%- if content is string -%}{{ content }}
    {%- elif content is mapping or content is number -%}{{ content | tojson }}
    {%- elif content -%}
        {%- for part in content -%}
            {%- if part is string -%}{{ part }}
            {%- elif part.type == 'text' -%}{{ part.text }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
{%- for message in messages if message.role in ('system', 'developer') -%}
    {{- '<|system|>' + text(message.content) + '<|end|>' -}}
{%- endfor -%}
{%- if tools -%}
    {{- '<|tools|>' -}}
    {%- for tool in tools -%}
        {%- set tool = tool.function if tool.function else tool -%}
        {{- tool.name + '(' -}}
        {%- if tool.parameters is mapping and tool.parameters.properties -%}
            {%- for name, about in tool.parameters.properties.items() -%}
                {{- name -}}
                {{- ': ' + about.type if about.type is string and about.type != 'string' -}}
                {{- ', ' if not loop.last -}}
            {%- endfor -%}
        {%- endif -%}
        {{- ') ' + (tool.description or '') + '\\n' -}}
    {%- endfor -%}
    {{- '<|end|>' -}}
{%- endif -%}
{%- for message in messages if message.role not in ('system', 'developer') -%}
    {{- '<|tool|>' if message.role == 'tool' else '<|assistant|>' if message.role == 'assistant' else '<|user|>' -}}
    {{- text(message.content) -}}
    {%- for call in message.tool_calls or [] -%}
        {%- set call = call.function if call.function else call -%}
        {{- '<tool_call>{"name": ' + call.name | tojson + ', "arguments": ' -}}
        {{- call.arguments if call.arguments is string else call.arguments | tojson -}}
        {{- '}</tool_call>' -}}
    {%- endfor -%}
    {{- '<|end|>' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}
"""

# How what it writes is read back into a message: transformers' own form.
RESPONSE = {
    "defaults": {"role": "assistant"},
    "start_anchor": ASSISTANT,
    "fields": {
        "tool_calls": {
            "open": CALL,
            "close": CALLED,
            "repeats": True,
            "content": "json",
            "transform": {"type": "function", "function": "{content}"},
        },
        "content": {"close": [END, PAD], "content": "text"},
    },
}


@dataclass(frozen=True)
class Talk:
    """One conversation, what it shows, and what of it is either trained on or tested, never both."""

    ability: str
    messages: tuple[Message, ...]
    keys: tuple[str, ...] = ()
    tools: tuple[Mapping[str, Any], ...] = ()

    def rendered(self) -> list[tuple[str, bool]]:
        """Its parts in order, and whether the assistant writes them."""
        return list(_parts(self))

    @property
    def question(self) -> str:
        """Everything before the last answer, up to where the model begins."""
        before = Talk("", self.messages[:-1], tools=self.tools)
        return "".join(part for part, _ in before.rendered()) + ASSISTANT

    @property
    def answer(self) -> str:
        """What the model should write last."""
        return written(self.messages[-1])


def written(message: Message) -> str:
    """What stands between the mark of an assistant and the end."""
    calls = [call["function"] for call in message.get("tool_calls") or ()]
    return (message.get("content") or "") + "".join(
        f'{CALL}{{"name": {_json(call["name"])}, "arguments": {_json(call["arguments"])}}}{CALLED}'
        for call in calls
    )


def _parts(talk: Talk) -> Iterator[tuple[str, bool]]:
    for message in talk.messages:
        if message["role"] == "system":
            yield f"{SYSTEM}{message['content']}{END}", False
    if talk.tools:
        yield TOOLS + "".join(_line(tool) for tool in talk.tools) + END, False
    for message in talk.messages:
        if message["role"] == "assistant":
            yield ASSISTANT, False
            yield written(message) + END, True
        elif message["role"] != "system":
            yield f"<|{message['role']}|>{message['content']}{END}", False


def _line(tool: Mapping[str, Any]) -> str:
    function = tool["function"]
    properties = function["parameters"]["properties"]
    kinds = {
        name: "" if about["type"] == "string" else f": {about['type']}" for name, about in properties.items()
    }
    arguments = ", ".join(name + kind for name, kind in kinds.items())
    return f"{function['name']}({arguments}) {function['description']}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def user(text: str) -> Message:
    """What a person writes."""
    return {"role": "user", "content": text}


def assistant(text: str) -> Message:
    """What the model answers."""
    return {"role": "assistant", "content": text}


def system(text: str) -> Message:
    """What the model is told beforehand."""
    return {"role": "system", "content": text}


def result(text: str) -> Message:
    """What a tool gave back."""
    return {"role": "tool", "content": text}


def calling(name: str, arguments: Mapping[str, Any]) -> Message:
    """An assistant that calls a tool."""
    call = {"type": "function", "function": {"name": name, "arguments": dict(arguments)}}
    return {"role": "assistant", "tool_calls": [call]}


def tool(name: str, about: str, arguments: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A tool in the form chat services are given them; `arguments` are names and types."""
    properties = {argument: {"type": kind} for argument, kind in arguments}
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    return {
        "type": "function",
        "function": {"name": name, "description": about, "parameters": parameters},
    }
