"""Code and text that is shown as it stands."""

from hf_nb.render import page
from hf_nb.values import Code, Text


def text(value: Code | Text) -> str:
    """Itself."""
    return value.source if isinstance(value, Code) else value.text


def html(value: Code | Text) -> str:
    """Itself, in the font of code."""
    return page.frame(f"<pre>{page.escape(text(value))}</pre>")
