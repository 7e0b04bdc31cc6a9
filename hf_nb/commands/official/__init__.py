r"""The official `hf` commands, in this process: no second interpreter, and typed rows in place of a printed table.

run(["models", "ls", "--search", "bert"], "notebook")      -> OfficialRows
knows("models")                                            without importing the official client

    bridge.py    runs a line
    said.py      what one call says, kept for it alone           layer.py    over the official output object and bars
    refused.py   words that have no place in a notebook          wrong.py    errors in our words
    answers.py   what was said, as a value                       index.py    the tree's words, for TAB and for `knows`
    endpoint.py  the session's Hub for the official client       kept.py     those of another installed version

The official `main` is never used: it looks for updates. Nor is its way of finding a command: for a word it does not
know it asks the network for a program of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from hf_nb.commands.official import index

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session
    from hf_nb.values.official import Official


def knows(*words: str) -> bool:
    """Whether these are official words. Another version than the one tree.json is of is asked for what may be new."""
    if index.path(words) != words and not index.is_current():
        from hf_nb.plumbing import http

        http.install()  # the official tree asks its Hub something when it is imported
        index.learn()
    return index.path(words) == words


def run(
    words: Sequence[str],
    face: Literal["notebook", "terminal"] = "notebook",
    *,
    body: str | None = None,
    session: Session | None = None,
) -> Official:
    """Run one official command line and return what it said. Whatever goes wrong is an `HfNbError`."""
    from hf_nb.commands.official import bridge  # keeps TAB, which needs the words alone, quick

    return bridge.run(words, face, body=body, session=session)
