"""Objects of the notebook that a panel was made for: a handle for each, which a page can name.

They are the notebook's: what nobody else keeps is gone here too. What cannot be held weakly (a list) is kept until the
panel is closed.
"""

from __future__ import annotations

import itertools
import keyword
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

from hf_nb.errors import NotFound

GONE = "This table is no longer in memory."
AGAIN = "Run its cell again."

_numbers = itertools.count(1)
_held: dict[str, tuple[Callable[[], Any], str]] = {}
_guard = threading.Lock()


def hold(thing: Any, name: str = "") -> str:
    """A handle for it, like `$3`. `name`: what the notebook calls it, where that is known."""
    try:
        way: Callable[[], Any] = weakref.ref(thing)
    except TypeError:
        way = lambda: thing  # noqa: E731 -- a list, a dict: they have no weak references
    name = name or _called(thing)
    with _guard:
        handle = f"${next(_numbers)}"
        _held[handle] = way, name
    return handle


def held(handle: str) -> Any:
    """The object behind a handle."""
    way, _ = _held.get(handle) or (lambda: None, "")
    thing = way()
    if thing is None:
        raise NotFound(GONE, AGAIN)
    return thing


def name_of(handle: str) -> str:
    """What the notebook calls it; nothing where that is not known."""
    return _held.get(handle, (None, ""))[1]


def let_go(handle: str) -> None:
    """Nobody names it any more."""
    with _guard:
        _held.pop(handle, None)


def _called(thing: Any) -> str:
    """The variable of the notebook that is this very object."""
    library = sys.modules.get("IPython")
    shell = library.get_ipython() if library else None
    names = dict(shell.user_ns) if shell else {}
    return next((name for name, value in names.items() if value is thing and _plain(name)), "")


def _plain(name: object) -> bool:
    """One that a person gave, and that may stand in code."""
    return (
        isinstance(name, str)
        and name.isidentifier()
        and not keyword.iskeyword(name)
        and not name.startswith("_")
    )
