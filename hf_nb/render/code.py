"""Code with its words in the editor's colours: five kinds of them, so that an output stays small."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from hf_nb.render import page

MOST = 20_000  # characters that are coloured
_KINDS = {
    "Token.Keyword": "kw",
    "Token.Operator.Word": "kw",
    "Token.Literal.String": "str",
    "Token.Comment": "rem",
    "Token.Literal.Number": "lit",
    "Token.Name.Function": "fn",
    "Token.Name.Class": "fn",
}
_PYTHON = re.compile(r"^\s*(?:def |class |import |from \w|return\b|for .+:|if .+:|@\w|\"\"\")", re.MULTILINE)


def html(source: str, language: str = "") -> str:
    """The code as spans; as it stands, where nobody knows its language."""
    lexer = _lexer(language) if len(source) <= MOST else None
    if lexer is None:
        return page.escape(source)
    return "".join(
        f'<span class="{kind}">{page.escape(text)}</span>' if (kind := _kind(token)) else page.escape(text)
        for token, text in _joined(lexer.get_tokens(source))
    )


def guessed(source: str) -> str:
    """The language of code that says it; the only one guessed is Python."""
    return "python" if _PYTHON.search(source) else ""


def _lexer(language: str) -> Any:
    if not language:
        return None
    try:
        return import_module("pygments.lexers").get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except import_module("pygments.util").ClassNotFound:
        return None


def _joined(tokens: Any) -> list[tuple[Any, str]]:
    """Neighbours of one kind as one."""
    made: list[tuple[Any, str]] = []
    for token, text in tokens:
        if made and _kind(made[-1][0]) == _kind(token):
            made[-1] = (token, made[-1][1] + text)
        else:
            made.append((token, text))
    return made


def _kind(token: Any) -> str:
    """The class of what begins so."""
    name = str(token)
    return next((kind for of, kind in _KINDS.items() if name.startswith(of)), "")
