"""The same thing in code: the line a notebook takes, and the Python of it.

A text that the line would read as something else ($name, {name}) is given as Python in both.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.hub.finding.filters import OPTIONS
from hf_nb.values import SearchResult

LONGEST_LINE = 88
_ID = re.compile(r"[A-Za-z0-9_][\w.-]{0,95}(?:/[A-Za-z0-9_][\w.-]{0,95})?")
# What a line or a cell's body would put a value in for.
_TAKEN = re.compile(r"[{}$]")
_TAKEN_IN_BODY = re.compile(r"\{\s*[^\W\d]\w*")


def checked(id: str) -> str:
    """An id as one may stand in code; anything else was made up."""
    if not _ID.fullmatch(id) or not id.isascii():
        raise BadInput(f"{id!r:.60} is not a repository id.", "Ids look like owner/name.")
    return id


def line(*words: str, python: str) -> dict[str, str]:
    """`%hf` and its words, each quoted where it must be."""
    if any(_TAKEN.search(word) or not word.isprintable() for word in words):
        return {"magic": python, "python": python}
    return {"magic": f"%hf {' '.join(map(shlex.quote, words))}", "python": python}


def cell(*words: str, body: str, python: str) -> dict[str, str]:
    """`%%hf`, its words, and a text below."""
    if any(_TAKEN.search(word) for word in words) or _TAKEN_IN_BODY.search(body):
        return {"magic": python, "python": python}
    return {"magic": f"%%hf {' '.join(map(shlex.quote, words))}\n{body}", "python": python}


def searched(found: SearchResult) -> dict[str, str]:
    """The same search in a cell, and in Python."""
    named = {key: value for key, value in found.query.items() if key != "text"}
    if named.get("sort") == "trending":
        del named["sort"]
    words = ["search", f"{found.kind}s"]
    if text := found.query.get("text"):
        words.append(text)
    for key, value in named.items():
        option = f"--{OPTIONS.get(key, key).replace('_', '-')}"
        for one in value if isinstance(value, (list, tuple)) else [value]:
            words += [option, *([] if one is True else [str(one)])]
    kind = {} if found.kind == "model" else {"kind": f"{found.kind}s"}
    call = python("hf_nb.search", [text] if text else [], {**kind, **named})
    return line(*words, python=call)


def python(verb: str, args: Sequence[Any] = (), named: Mapping[str, Any] | None = None) -> str:
    """A call of a public function, as a formatter would write it."""
    parts = [literal(one) for one in args]
    parts += [f"{name}={literal(value)}" for name, value in (named or {}).items()]
    call = f"{verb}({', '.join(parts)})"
    if len(call) > LONGEST_LINE:
        call = f"{verb}(\n" + "".join(f"    {part},\n" for part in parts) + ")"
    return f"import hf_nb\n\n{call}"


def literal(value: Any) -> str:
    """One value; texts in double quotes."""
    if isinstance(value, str):
        # what cannot be printed is escaped; JSON's escapes are Python's, but for signs beyond the first plane
        return json.dumps(value, ensure_ascii=False) if value.isprintable() or "\n" in value else repr(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {literal(one)}' for key, one in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value)
