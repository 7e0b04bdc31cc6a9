"""A value as text and as HTML: one file per kind, each with `text(value)` and `html(value)`."""

import importlib
from typing import Any

RENDERERS: dict[str, str] = {
    "Row": "hf_nb.render.repos",
    "SearchResult": "hf_nb.render.repos",
    "RepoInfo": "hf_nb.render.card",
    "Labels": "hf_nb.render.labels",
    "Table": "hf_nb.render.table",
    "Text": "hf_nb.render.verbatim",
    "Code": "hf_nb.render.verbatim",
}


def bundle(value: Any) -> dict[str, str]:
    """What a notebook shows: HTML where it can, text where it cannot."""
    return {"text/plain": text(value), "text/html": html(value)}


def text(value: Any) -> str:
    """For a terminal, a log, a screen reader. Control characters are taken out here, once: a terminal obeys them."""
    from hf_nb.render import plain

    module = _module(value)
    shown = str(module.text(value)) if module else _fields(value)
    return "\n".join(plain.clean(line) for line in shown.split("\n"))


def html(value: Any) -> str:
    """For a notebook, in light and dark; everything that came from outside is escaped."""
    from hf_nb.render import page

    module = _module(value)
    return str(module.html(value)) if module else page.frame(f"<pre>{page.escape(_fields(value))}</pre>")


def _module(value: Any) -> Any:
    name = RENDERERS.get(type(value).__name__)
    return importlib.import_module(name) if name else None


def _fields(value: Any) -> str:
    return "\n".join(
        f"{key}: {item}" for key, item in value.to_dict().items() if item not in (None, "", [], {})
    )
