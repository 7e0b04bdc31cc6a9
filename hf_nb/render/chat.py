"""A turn of a conversation: who said what, the earlier exchanges folded; what tools did, as lines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from hf_nb.render import code, markdown, page, plain, source, texts
from hf_nb.values import Reply, ToolCall

# Signs that a model meant Markdown: fences, lists, headings, emphasis, inline code, a table.
_MARKDOWN = re.compile(r"```|^\s*(?:[-*+]|\d+\.)\s|^#{1,6}\s|\*\*\S|`[^`\n]+`|^\s*\|.+\|", re.MULTILINE)
_FENCE = re.compile(
    r"^ {0,3}```(?P<language>[\w+#-]*)[^\n]*\n(?P<code>.*?)(?:^ {0,3}```[^\S\n]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
CUT = 200  # characters of a tool's result in its line
EARLIER = 20  # exchanges in the fold: an output is stored with its notebook
Message = Mapping[str, Any]


def text(value: Reply | ToolCall) -> str:
    """What the model said, after what it had done for that."""
    if isinstance(value, ToolCall):
        return plain.clean(_line(value))
    said = json.dumps(value.data, indent=2, ensure_ascii=False) if value.data is not None else value.text
    return "\n".join([*done(value), *([texts.lines(said)] if said else []), source.text(value.source)])


def html(value: Reply | ToolCall) -> str:
    """The same, with what was said before."""
    if isinstance(value, ToolCall):
        return page.frame(f'<div class="done">{page.escape(_line(value))}</div>', "texts")
    system, earlier, last = _parts(value.messages)
    shown = system + (_earlier(earlier, value) if earlier else "")
    shown += f'<div class="turns">{_turns(last, value, value.data)}</div>'
    return page.frame(shown + source.html(value.source), "card", "texts", "code")


def done(reply: Reply) -> list[str]:
    """What tools were called for this reply, a line each."""
    return [plain.clean(_line(one)) for one in reply.calls]


def _parts(messages: Sequence[Message]) -> tuple[str, list[list[Message]], list[Message]]:
    """The system prompt, the earlier exchanges, the last one; an exchange begins with what the user says."""
    said = [one for one in messages if one["role"] != "system"]
    system = "".join(
        f'<div class="who">system: {page.escape(_said(one))}</div>'
        for one in messages
        if one["role"] == "system"
    )
    exchanges: list[list[Message]] = []
    for one in said:
        if one["role"] == "user" or not exchanges:
            exchanges.append([])
        exchanges[-1].append(one)
    return system, exchanges[:-1], exchanges[-1] if exchanges else []


def _earlier(exchanges: list[list[Message]], value: Reply) -> str:
    count = len(exchanges)
    words = "1 earlier exchange" if count == 1 else f"{count} earlier exchanges"
    hidden = count - EARLIER
    rest = f'<div class="soft">… {hidden} before these</div>' if hidden > 0 else ""
    turns = "".join(_turns(one, value, None) for one in exchanges[-EARLIER:])
    return (
        f'<details class="earlier"><summary>{words}</summary>{rest}<div class="turns">{turns}</div></details>'
    )


def _turns(exchange: Sequence[Message], value: Reply, data: Any) -> str:
    results = {one.get("tool_call_id"): _said(one) for one in exchange if one["role"] == "tool"}
    made = ""
    for one in exchange:
        if one["role"] == "tool":
            continue
        mine = one["role"] == "user"
        calls = "".join(_called(call, results) for call in one.get("tool_calls") or ())
        said = _said(one)
        if data is not None and one is exchange[-1]:
            shown = f"<pre>{page.escape(json.dumps(data, indent=2, ensure_ascii=False))}</pre>"
        elif not said:
            shown = ""
        elif mine or not value.source.whole or not _MARKDOWN.search(said):
            shown = f'<div class="wrote">{page.escape(said)}</div>'
        else:
            shown = _rich(said)
        if not shown:
            made += f'<div class="turn">{calls}</div>'
            continue
        who = "you" if mine else "model" if one["role"] == "assistant" else page.escape(one["role"])
        kind = "user" if mine else "model"
        made += f'<div class="turn {kind}"><div class="who">{who}</div>{calls}{shown}</div>'
    return made


def _rich(said: str) -> str:
    """Markdown, its fenced code coloured; a fence that is left open goes on to the end."""
    made, at = "", 0
    for found in _FENCE.finditer(said):
        if before := said[at : found.start()].strip():
            made += markdown.rendered(before)
        made += f'<pre class="fenced">{code.html(found["code"].rstrip(), found["language"].lower())}</pre>'
        at = found.end()
    rest = said[at:].strip()
    return made + (markdown.rendered(rest) if rest else "")


def _called(call: Any, results: Mapping[Any, str]) -> str:
    function = call.get("function", {})
    one = ToolCall(
        str(function.get("name", "")),
        str(function.get("arguments", "")),
        str(call.get("id", "")),
        results.get(call.get("id")),
    )
    return f'<div class="done">{page.escape(_line(one))}</div>'


def _line(call: ToolCall) -> str:
    """weather(city="Bern") → sunny."""
    try:
        given = json.loads(call.arguments or "{}")
        arguments = ", ".join(f"{name}={json.dumps(one, ensure_ascii=False)}" for name, one in given.items())
    except (ValueError, AttributeError):
        arguments = call.arguments
    said = f"{call.name}({arguments})"
    if call.result is None:
        return said
    result = call.result if len(call.result) <= CUT else f"{call.result[: CUT - 1]}…"
    return f"{said} → {result}"


def _said(message: Message) -> str:
    """Its words; what is no text is named."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(
        str(one.get("text", f"[{one.get('type', 'part')}]")) if isinstance(one, Mapping) else str(one)
        for one in content
    )
