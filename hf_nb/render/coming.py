"""An answer while it comes: its words so far, without what may turn out to be the beginning of a token."""

from __future__ import annotations

import re

from hf_nb import render
from hf_nb.plumbing import redact, token
from hf_nb.render import page, texts
from hf_nb.values import Written

TAIL = 6_000  # characters in a notebook: they are sent again with each part
_MAYBE = re.compile(r"(?:hf_[\w.-]*|hf?|api_\w*|api?|a)$")
_LEAST = 4  # characters of a token in use: fewer begin too many words


def words(value: object, *, whole: bool = False) -> str:
    """As a terminal may have them; `whole`: nothing comes after them."""
    said = redact.tokens(str(getattr(value, "text", "")))
    return texts.lines(said if whole else said[: len(said) - begun(said)])


def begun(said: str) -> int:
    """How many characters at the end may be the beginning of a token."""
    found = _MAYBE.search(said)
    most = len(said) - found.start() if found else 0
    for secret in token.hidden():
        ends = (n for n in range(len(secret) - 1, _LEAST - 1, -1) if said.endswith(secret[:n]))
        most = max(most, next(ends, 0))
    return most


def text(value: object) -> str:
    """The end of them; of an answer that is no text, all of it."""
    if not hasattr(value, "text"):
        return render.text(value)
    return words(value)[-TAIL:]


def html(value: object) -> str:
    """The same, with nothing that would jump."""
    if not hasattr(value, "text"):
        return render.html(value)
    said = words(value)
    cut = "… " if len(said) > TAIL else ""
    tag = "pre" if getattr(getattr(value, "source", None), "task", "") == texts.CODE else "div"
    before = texts.given(value) if isinstance(value, Written) and not cut else ""
    return page.frame(f'<{tag} class="wrote">{before}{page.escape(cut + said[-TAIL:])}</{tag}>', "texts")
