"""The messages of `hfnb/1`, as `labextension/src/protocol.ts` spells them.

    panel -> {v, id, op, generation, args}
    panel <- {v, id, event}*  then  {v, id, ok}  or  {v, id, error: {type, message, hint, retry, …}}

`tests/protocol/*.json` holds conversations that both sides are tried with.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hf_nb.errors import BadInput, HfNbError, Passing, Stopped
from hf_nb.plumbing import redact

PROTOCOL = "hfnb/1"
# Bytes of one message's JSON and of its buffers; a channel between a page and a kernel is no place for more.
LONGEST = 512 * 1024
ID_CHARACTERS = 64


@dataclass(frozen=True)
class Request:
    """What a panel asks."""

    id: str
    op: str
    generation: int
    args: Mapping[str, Any]
    lane: str

    @classmethod
    def read(cls, message: object) -> Request | None:
        """A message as a request; None where it is none of ours, and needs no answer."""
        if not isinstance(message, dict) or not str(message.get("v", "")).startswith("hfnb/"):
            return None
        id, op, generation, args = (message.get(name) for name in ("id", "op", "generation", "args"))
        if not isinstance(id, str) or not 0 < len(id) <= ID_CHARACTERS or not isinstance(op, str):
            return None
        if not isinstance(generation, int) or isinstance(generation, bool):
            generation = 0
        # `<client>-<number>`: what a client asks replaces what it asked before, never what another one asked
        lane = f"{id.rpartition('-')[0]}/{op}"
        return cls(id, op, generation, args if isinstance(args, dict) else {}, lane)


def wrong(error: BaseException) -> dict[str, Any]:
    """An error as a panel shows it. A stranger (a bug of ours) is named without its stack."""
    if isinstance(error, HfNbError):
        said: dict[str, Any] = {
            "type": type(error).__name__,
            "message": error.problem,
            "hint": error.next_step,
            "retry": isinstance(error, Passing),
        }
        if nearest := getattr(error, "nearest", None):
            said["nearest"] = list(nearest)
        if (after := getattr(error, "after", None)) is not None:
            said["after"] = after
        return said
    if isinstance(error, (Stopped, KeyboardInterrupt)):
        return {"type": "Stopped", "message": "Stopped.", "hint": "", "retry": True}
    return {
        "type": type(error).__name__,
        "message": redact.text(f"Something went wrong inside hf_nb: {error}"),
        "hint": "%hf doctor --report makes a text to paste into a bug report.",
        "retry": False,
    }


def fitting(function: Callable[..., Any], args: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments a page sent, held against what a function takes: names, and plain types."""
    wanted = {
        name: one
        for name, one in inspect.signature(function).parameters.items()
        if one.kind is inspect.Parameter.KEYWORD_ONLY
    }
    if unknown := sorted(set(args) - set(wanted)):
        raise BadInput(f"No such argument here: {', '.join(unknown)}.", f"Known: {', '.join(wanted)}.")
    if missing := [name for name, one in wanted.items() if one.default is one.empty and name not in args]:
        raise BadInput(f"Missing: {', '.join(missing)}.")
    hints = typing.get_type_hints(function, localns={"Ask": object})
    for name, value in args.items():
        if not _is(value, hints.get(name, Any)):
            raise BadInput(f"{name} cannot be {value!r:.60}.")
    return dict(args)


def _is(value: object, hint: Any) -> bool:
    if hint is Any or hint is object:
        return True
    if hint is None or hint is type(None):
        return value is None
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return any(_is(value, one) for one in typing.get_args(hint))
    if origin is list:
        return isinstance(value, list) and all(_is(one, typing.get_args(hint)[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict)
    if origin is typing.Literal:
        return value in typing.get_args(hint)
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint) if isinstance(hint, type) else True
