"""The frame every HTML output stands in: one look, the host's colours, light and dark."""

import functools
import re
from html import escape as _escape
from pathlib import Path
from typing import Any


def escape(value: Any) -> str:
    """Safe between tags and inside quoted attributes."""
    return _escape(str(value), quote=True)


@functools.cache
def style(name: str = "page") -> str:
    """The look, on one line: an output is stored with its notebook."""
    css = (Path(__file__).parent / f"{name}.css").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|\n", "", css, flags=re.DOTALL)


def frame(body: str, *styles: str) -> str:
    """A whole output; `styles`: further style sheets it needs. JupyterLab would set $…$ as formulas: not in here."""
    look = "".join(style(name) for name in ("page", *styles))
    return f'<div class="hfnb mathjax_ignore"><style>{look}</style>{body}</div>'


def foot(*lines: str) -> str:
    """The last lines of an output; what can be typed is set as code."""
    marked = (re.sub(r"(%%?hf .*|--limit \d+)", r"<code>\1</code>", escape(line)) for line in lines)
    return f'<div class="foot">{"<br>".join(marked)}</div>'
