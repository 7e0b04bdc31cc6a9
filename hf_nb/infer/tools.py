"""Python functions a model may ask for: described by their signature and docstring, called with checked arguments."""

from __future__ import annotations

import inspect
import json
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.infer.schema import misfit
from hf_nb.plumbing import redact
from hf_nb.values import ToolCall

LONGEST = 20_000  # characters of a result that a model is given
_NAME = re.compile(r"[A-Za-z_][\w-]{0,63}")
_SAID = re.compile(r"^\s*(?::param\s+)?(\w+)(?:\s*\([^)]*\))?:\s+(\S.*)$", re.MULTILINE)
_SIMPLE: dict[Any, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    dict: "object",
    list: "array",
    tuple: "array",
    set: "array",
    type(None): "null",
}


class Tools:
    """The functions of one question, and no others."""

    def __init__(self, functions: Sequence[Callable[..., Any]]) -> None:
        self._functions = {_name(one): one for one in functions}
        self._described = {name: described(one) for name, one in self._functions.items()}

    def __bool__(self) -> bool:
        return bool(self._functions)

    def listed(self) -> list[dict[str, Any]]:
        """As a model is told of them."""
        return [{"type": "function", "function": one} for one in self._described.values()]

    def result(self, call: ToolCall) -> str:
        """What came of it, as the model is told; what went wrong is an answer too."""
        if call.name not in self._functions:
            return f"Error: there is no tool {call.name!r}; there is {', '.join(self._functions)}."
        try:
            arguments = json.loads(call.arguments or "{}")
        except ValueError as wrong:
            return f"Error: the arguments are no JSON: {wrong}."
        if wrong_at := misfit(self._described[call.name]["parameters"], arguments):
            return f"Error: the arguments do not fit: {wrong_at}."
        try:
            said = _words(self._functions[call.name](**arguments))
        except Exception as wrong:  # noqa: BLE001 -- the user's function may raise anything; the model is told
            said = f"Error: {type(wrong).__name__}: {wrong}"
        # a result goes where the model is, which may be another machine
        said = redact.tokens(said)
        return (
            said if len(said) <= LONGEST else f"{said[:LONGEST]} … ({len(said) - LONGEST:,} more characters)"
        )


def described(function: Callable[..., Any]) -> dict[str, Any]:
    """Name, description and parameters (a JSON schema) of a function."""
    signature = inspect.signature(function)
    try:
        kinds = typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 -- an annotation may name what is not there
        kinds = {}
    doc = inspect.getdoc(function) or ""
    said = dict(_SAID.findall(doc))
    properties: dict[str, Any] = {}
    required = []
    for name, one in signature.parameters.items():
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD, one.POSITIONAL_ONLY):
            raise BadInput(
                f"{function.__name__} cannot be a tool: its parameter {one} has no name to call it by.",
                "Write one with plain parameters: def tool(city: str) -> str",
            )
        properties[name] = _kind(kinds.get(name)) | ({"description": said[name]} if name in said else {})
        required += [name] if one.default is one.empty else []
    parameters = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    first = " ".join(doc.partition("\n\n")[0].split())
    return {"name": _name(function), "description": first, "parameters": parameters}


def _kind(kind: Any) -> dict[str, Any]:
    """A type as a JSON schema; of one that is not known, anything fits."""
    if kind in _SIMPLE:
        return {"type": _SIMPLE[kind]}
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return {"enum": list(inner)}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_kind(one) for one in inner]}
    if origin in (list, set, Sequence):
        return {"type": "array", "items": _kind(inner[0])}
    if origin is tuple:
        return {"type": "array"}
    if origin in (dict, Mapping):
        return {"type": "object"}
    return {}


def _name(function: Any) -> str:
    name = getattr(function, "__name__", "")
    if not callable(function) or not _NAME.fullmatch(name):
        raise BadInput(
            f"A tool is a function with a name, not {type(function).__name__} {name}".rstrip() + ".",
            "Write it with def, and name it: --tools $weather",
        )
    if inspect.iscoroutinefunction(function):
        raise BadInput(
            f"{name} is async, and a tool is called and waited for.", "Write it with def instead of async def"
        )
    return str(name)


def _words(result: Any) -> str:
    if isinstance(result, str):
        return result
    try:
        return json.dumps(result, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(result)
