"""Tool calls in a reply: the forms models write them in, also when they write them badly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from hf_nb.infer.backends.local.voice import beginning
from hf_nb.values import ToolCall

OPENS = ("<tool_call>", "[TOOL_CALLS]", "<|python_tag|>", "<function_call>")
CLOSES = {"<tool_call>": "</tool_call>", "<function_call>": "</function_call>"}
NAME = re.compile(r'["\']name["\']\s*:\s*["\']([^"\']+)["\']')
ARGUMENTS = re.compile(r'["\'](?:arguments|parameters)["\']\s*:\s*')


class Listener:
    """Lets a reply's text through and keeps its calls back. `names`: the tools there are; none: all is text."""

    def __init__(self, names: Iterable[str], first: int = 0) -> None:
        self.names = frozenset(names)
        self.calls: list[ToolCall] = []
        self._first = first
        self._held = ""
        self._mark = ""  # of the call that has begun
        self._silent = True  # no text so far: what comes may be a call without a mark

    def add(self, text: str) -> str:
        """What of it is text."""
        if not self.names:
            return text
        self._held += text
        shown = ""
        while (part := self._next()) is not None:
            shown += part
        return shown

    def end(self) -> str:
        """The rest of the text, when the reply is over."""
        held, self._held = self._held, ""
        if self._mark or (self._silent and held.lstrip()[:1] in tuple("{[")):
            return self._called(held, self._mark + held)
        return held if held.strip() or not self.calls else ""

    def _next(self) -> str | None:
        """What can be told now; None until more has come."""
        held = self._held
        if self._mark:
            close = CLOSES.get(self._mark)
            if not close or close not in held:
                return None
            body, self._held = held.split(close, 1)
            mark, self._mark = self._mark, ""
            return self._called(body, mark + body + close)
        if self._silent and _may_be_bare(held.lstrip()):
            return None
        found = min(((at, one) for one in OPENS if (at := held.find(one)) >= 0), default=None)
        if found is not None:
            at, self._mark = found
            self._held = held[at + len(self._mark) :]
            return self._told(held[:at]) if held[:at].strip() else ""
        keep = max(beginning(held, one) for one in OPENS)
        if keep == len(held):
            return None
        self._held = held[len(held) - keep :]
        return self._told(held[: len(held) - keep])

    def _told(self, text: str) -> str:
        self._silent = False
        return text

    def _called(self, body: str, whole: str) -> str:
        """Nothing where it is a call; else it was text after all."""
        calls = parsed(body, self.names)
        if not calls:
            return self._told(whole)
        for name, arguments in calls:
            self.calls.append(ToolCall(name, arguments, f"call_{self._first + len(self.calls)}"))
        return ""


def _may_be_bare(start: str) -> bool:
    """Whether a reply that begins like this may be a call without a mark, or nothing has been said yet."""
    if start[:1] == "[":
        rest = start[1:].lstrip()
        return "[TOOL_CALLS]".startswith(start) or not rest or rest[0] == "{"
    return start[:1] in ("", "{")


def parsed(body: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Names and arguments of calls; arguments that are no JSON stay as they were written."""
    body = body.strip()
    try:
        said = json.loads(body)
    except ValueError:
        return _broken(body, frozenset(names))
    found = []
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, dict) and isinstance(one.get("function"), dict):
            one = one["function"]  # noqa: PLW2901 -- the same call, without its wrapping
        if not isinstance(one, dict) or one.get("name") not in frozenset(names):
            return []
        arguments = one.get("arguments", one.get("parameters", {}))
        found.append((one["name"], arguments if isinstance(arguments, str) else _json(arguments)))
    return found


def _broken(body: str, names: frozenset[str]) -> list[tuple[str, str]]:
    """A call whose JSON is not whole or not JSON: the name, if one of ours can be made out, and the rest as it is."""
    named = NAME.search(body)
    if named is None or named.group(1) not in names:
        return []
    after = ARGUMENTS.search(body)
    if after is None:
        return [(named.group(1), "{}" if body.endswith("}") else "")]
    rest = body[after.end() :].strip()
    try:
        value, _ = json.JSONDecoder().raw_decode(rest)
    except ValueError:
        return [
            (
                named.group(1),
                rest[:-1].rstrip() if rest.endswith("}") and rest.count("}") > rest.count("{") else rest,
            )
        ]
    return [(named.group(1), value if isinstance(value, str) else _json(value))]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
