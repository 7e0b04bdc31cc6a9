"""Ops made to try the wire with: `OPS` is what a desk knows while these tests run."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from hf_nb import errors

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

go = threading.Event()  # `wait` and `deaf` end with it
begun = threading.Semaphore(0)  # released by each that has begun
ended = threading.Semaphore(0)


def echo(ask: Ask, *, text: str, times: int = 1, tags: list[str] | None = None) -> dict[str, Any]:
    """What it was given."""
    return {"text": text * times, "tags": tags}


def count(ask: Ask, *, to: int) -> dict[str, Any]:
    """Events on the way."""
    for number in range(to):
        ask.tell({"number": number})
    return {"told": to}


def fail(ask: Ask, *, kind: str, after: float | None = None) -> dict[str, Any]:
    """An error of ours by its name, or of no one's."""
    made: type[Exception] = getattr(errors, kind, ZeroDivisionError)
    more: dict[str, Any] = {"after": after} if after is not None else {}
    if kind == "NotFound":
        more["nearest"] = ["owner/name"]
    raise (
        made("What happened.", "What to do next.", **more)
        if more or made is not ZeroDivisionError
        else made("by nothing")
    )


def wait(ask: Ask) -> dict[str, Any]:
    """Until it is stopped, or let go."""
    begun.release()
    try:
        while not go.wait(0.01):
            pass
        return {}
    finally:
        ended.release()


def pause(ask: Ask, *, seconds: float) -> dict[str, Any]:
    """Silence, and then an answer."""
    ask.stopped.wait(seconds)
    return {}


def running(ask: Ask) -> dict[str, Any]:
    """How many wait here."""
    names = [thread.name for thread in threading.enumerate()]
    return {"waiting": names.count("hf_nb wait")}


def deaf(ask: Ask) -> dict[str, Any]:
    """What does not hear a stop: it waits in one long call."""
    begun.release()
    try:
        while True:
            try:
                if go.wait():
                    return {}
            except BaseException:  # noqa: BLE001, S110 -- that is the point
                pass
    finally:
        ended.release()


def turned(ask: Ask) -> dict[str, Any]:
    """Each buffer backwards."""
    ask.buffers += [bytes(one)[::-1] for one in ask.given]
    return {"buffers": len(ask.given)}


def large(ask: Ask, *, size: int) -> dict[str, Any]:
    """An answer of about so many bytes."""
    return {"text": "x" * size}


def busy(ask: Ask) -> dict[str, Any]:
    """Work in Python, which a stop may hit anywhere."""
    begun.release()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        ask.tell({"at": time.monotonic()})
    return {}


def anything(ask: Ask, *, value: Any) -> Any:
    """The answer itself."""
    return value


def unfit(ask: Ask, *, what: str) -> Any:
    """Answers that are no JSON, or hardly."""
    return {
        "object": {"one": object()},
        "not a number": {"mean": float("nan"), "most": float("inf")},
        "half a letter": {"name": "a\ud800b"},
        "bytes": {"raw": b"abc"},
        "deep": _deep(),
        "keys": {1: "one"},
    }[what]


def _deep() -> list[Any]:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    return deep


OPS = {
    name: f"tests.panels.small:{name}"
    for name in ("echo", "count", "fail", "wait", "deaf", "turned", "large")
}
OPS |= {name: f"tests.panels.small:{name}" for name in ("busy", "anything", "unfit", "pause", "running")}
OPS["inference.here"] = "tests.panels.small:echo"
