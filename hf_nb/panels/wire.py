"""The messages of `hfnb/1`, as `labextension/src/protocol.ts` spells them.

    panel -> {v, id, op, generation, args}
    panel <- {v, id, event}*  then  {v, id, ok}  or  {v, id, error: {type, message, hint, retry, …}}

Binary buffers stand beside a message, in either direction. `tests/protocol/*.json` holds conversations that both
sides are tried with.
"""

from __future__ import annotations

import collections.abc
import inspect
import json
import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hf_nb.errors import BadInput, Costly, HfNbError, Passing, Refused, Stopped, TooLarge
from hf_nb.plumbing import redact, token

PROTOCOL = "hfnb/1"
# Bytes of one message's JSON and of its buffers; a channel between a page and a kernel is no place for more.
LONGEST = 512 * 1024
ID_CHARACTERS = 64
# What an error quotes of a stranger's words.
QUOTED = 300

Buffer = bytes | bytearray | memoryview


@dataclass(frozen=True)
class Request:
    """What a panel asks. `args` is None where they are no names and values."""

    v: str
    id: str
    op: str
    generation: int
    args: Mapping[str, Any] | None
    lane: str

    @classmethod
    def read(cls, message: object) -> Request | None:
        """A message as a request; None where it is none of ours, or says not where an answer should go."""
        if not isinstance(message, dict):
            return None
        v, id, op, generation = (message.get(name) for name in ("v", "id", "op", "generation"))
        args = message.get("args")
        if not isinstance(v, str) or not v.startswith("hfnb/"):
            return None
        if not isinstance(id, str) or not 0 < len(id) <= ID_CHARACTERS:
            return None
        if not isinstance(op, str) or len(op) > ID_CHARACTERS:
            op = ""
        if not isinstance(generation, int) or isinstance(generation, bool):
            generation = 0
        # `<client>-<number>`: what a client asks replaces what it asked before, never what another one asked
        lane = f"{id.rpartition('-')[0]}/{op}"
        return cls(
            v, id, op, generation, {} if args is None else args if isinstance(args, dict) else None, lane
        )

    @property
    def client(self) -> str:
        """Which of the pages that share this conversation asks."""
        return self.id.rpartition("-")[0]


def size(message: object, buffers: Sequence[Buffer] = ()) -> int:
    """Bytes on the wire."""
    said = json.dumps(message, ensure_ascii=False, allow_nan=False)
    return len(said.encode(errors="replace")) + sum(memoryview(one).nbytes for one in buffers)


def sendable(
    id: str, said: Mapping[str, Any], buffers: Sequence[Buffer] = ()
) -> tuple[dict[str, Any], list[bytes]]:
    """A reply as it may leave this process: plain JSON, no credential in it, within bounds."""
    message: dict[str, Any] = {"v": PROTOCOL, "id": id, **_plain(said)}
    if (bytes_ := size(message, buffers)) > LONGEST:
        raise TooLarge(f"An answer of {bytes_:,} bytes.", "Ask for less at once.")
    beside = [bytes(one) for one in buffers]
    secrets = [secret.encode() for secret in token.hidden()] if beside else []
    if any(secret in one for one in beside for secret in secrets):
        raise Refused("A token stands in what was about to be sent to the page.")
    return message, beside


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
            said["nearest"] = [redact.text(str(one)) for one in nearest]
        if (after := getattr(error, "after", None)) is not None:
            said["after"] = after
        if isinstance(error, Costly):
            said |= {"bytes": error.bytes, "spent": error.spent}
        return said
    if isinstance(error, (Stopped, KeyboardInterrupt)):
        return {"type": "Stopped", "message": "Stopped.", "hint": "", "retry": True}
    return {
        "type": type(error).__name__,
        "message": redact.text(f"Something went wrong inside hf_nb: {_quoted(error)}"),
        "hint": "%hf doctor --report makes a text to paste into a bug report.",
        "retry": False,
    }


def fitting(function: Callable[..., Any], args: Mapping[str, Any] | None) -> dict[str, Any]:
    """Arguments a page sent, held against what a function takes: names, and plain types."""
    if args is None:
        raise BadInput("Arguments are names and values.")
    wanted = {
        name: one
        for name, one in inspect.signature(function).parameters.items()
        if one.kind is inspect.Parameter.KEYWORD_ONLY
    }
    if unknown := sorted(set(args) - set(wanted)):
        listed = ", ".join(f"{name:.40}" for name in unknown[:3])
        raise BadInput(f"No such argument here: {listed}.", f"Known: {', '.join(wanted) or 'none'}.")
    if missing := [name for name, one in wanted.items() if one.default is one.empty and name not in args]:
        raise BadInput(f"Missing: {', '.join(missing)}.")
    hints = typing.get_type_hints(function, localns={"Ask": object})
    for name, value in args.items():
        if not _is(value, hints.get(name, Any)):
            raise BadInput(f"{name} cannot be {value!r:.60}.")
    return dict(args)


def _plain(said: Any) -> Any:
    """JSON as every browser reads it; a Hub token is taken out, and nothing is for its name alone."""
    secrets = token.hidden()

    def cleaned(value: str) -> str:
        if not value.isascii():  # half a character, as in some file names, is none that can be sent
            value = value.encode(errors="replace").decode()
        return redact.tokens(value, secrets)

    def plain(value: Any) -> Any:
        match value:
            case str():
                return cleaned(value)
            case None | bool() | int():
                return value
            case float():
                return value if math.isfinite(value) else None
            case Mapping():
                return {cleaned(str(key)): plain(item) for key, item in value.items()}
            case list() | tuple():
                return [plain(item) for item in value]
            case _:
                raise TypeError(f"{type(value).__name__} is not JSON")

    return plain(said)


def _quoted(error: BaseException) -> str:
    try:
        return f"{error}"[:QUOTED]
    except Exception:  # noqa: BLE001 -- an error that cannot even be printed is still an answer
        return type(error).__name__


def _is(value: object, hint: Any) -> bool:
    """Whether plain JSON fits a type; a type that is not plain is a fault of the op, and said."""
    if hint is Any or hint is object:
        return True
    if hint is None or hint is type(None):
        return value is None
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint in (str, bool):
        return isinstance(value, hint)
    origin, inside = typing.get_origin(hint) or hint, typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return any(_is(value, one) for one in inside)
    if origin is typing.Literal:
        return any(value == one and type(value) is type(one) for one in inside)
    if origin in (list, collections.abc.Sequence, collections.abc.Collection, collections.abc.Iterable):
        return isinstance(value, list) and all(_is(one, inside[0] if inside else Any) for one in value)
    if origin in (dict, collections.abc.Mapping):
        return isinstance(value, dict) and all(
            _is(one, inside[1] if inside else Any) for one in value.values()
        )
    raise TypeError(f"An op cannot take {hint!r}")
