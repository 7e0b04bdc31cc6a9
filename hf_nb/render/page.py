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
def style() -> str:
    """The look, on one line: an output is stored with its notebook."""
    css = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|\n", "", css, flags=re.DOTALL)


def frame(body: str) -> str:
    """A whole output."""
    return f'<div class="hfnb"><style>{style()}</style>{body}</div>'


def foot(line: str) -> str:
    """The last line of an output; what can be typed is set as code."""
    marked = re.sub(r"(%hf .*|--limit \d+)", r"<code>\1</code>", escape(line))
    return f'<div class="foot">{marked}</div>'
