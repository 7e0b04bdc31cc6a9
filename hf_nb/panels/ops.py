"""Every op a panel can ask for.

An op is a function `op(ask, *, …)`: keyword arguments are what the page sends, its dict is the answer, and on the way
it may `ask.tell(…)`. It runs in a thread of its own; `ask.stopped` is set when nobody waits for it any more.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

OPS: dict[str, str] = {
    "hello": "hf_nb.panels.hello:hello",
}
# What happens in a kernel and nowhere else: models in its memory, its running work. The rest a server answers too.
KERNEL = frozenset({"inference"})


def needs_kernel(op: str) -> bool:
    """Whether this op makes sense in a kernel only."""
    return op in KERNEL or op.partition(".")[0] in KERNEL


def find(op: str) -> Callable[..., Any] | None:
    """The function behind an op's name."""
    place = OPS.get(op)
    if place is None:
        return None
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function
