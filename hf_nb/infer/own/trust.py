"""A repository's own code: refused, unless the repository is named together with its commit.

    run("…", model="owner/name", trust="owner/name@COMMIT")       from now on, in this kernel
    %hf batch --trust owner/name@COMMIT …                           the same by a line
    %hf settings trusted_code=owner/name@COMMIT                     the same as a setting of one's own

What it means: the repository's Python runs in this process, with all its user may do. The commit holds it to what was
looked at; a later one is refused again.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from hf_nb.errors import BadInput, Refused

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

_COMMIT = re.compile(r"[0-9a-f]{40}")
_named: WeakKeyDictionary[Session, set[str]] = WeakKeyDictionary()


def trust(word: str | None, session: Session) -> None:
    """From now on, in this process."""
    if word is None:
        return
    name, at, commit = word.rpartition("@")
    if not Path(word).is_dir() and not (at and "/" in name and _COMMIT.fullmatch(commit)):
        raise BadInput(
            f"trust={word!r} names no repository at one commit.",
            'trust="owner/name@COMMIT", all 40 characters of it',
        )
    _named.setdefault(session, set()).add(word)


def is_trusted(model: str, commit: str | None, session: Session) -> bool:
    """Whether this model's own code may run, at this commit."""
    words = {*_named.get(session, ()), *session.settings.trusted_code}
    if Path(model).is_dir():
        return any(Path(one).is_dir() and Path(one).resolve() == Path(model).resolve() for one in words)
    return commit is not None and f"{model}@{commit}" in words


def refused(model: str, commit: str | None) -> Refused:
    """It has code of its own, and nobody named it."""
    word = model if Path(model).is_dir() or commit is None else f"{model}@{commit}"
    return Refused(
        f"{model} would run code of its own on this machine, which is refused.",
        f"Its Python could do all that you can. Once you have read it: --trust {word}",
    )
