"""The frame every HTML output stands in: one look, the host's colours, light and dark."""

import functools
import re
from html import escape as _escape
from pathlib import Path
from typing import Any

# What can be typed: a line of ours to its end, Python to its end, an attribute, an option with its value.
_OPTION = r"(?<![\w-])--[a-z][a-z-]+(?: (?:\d+|\S+:\d+|model|dataset|space)\b)?"
_TYPED = re.compile(rf"%%?hf .*|(?<=In Python: ).*|(?<![^ ])\.[a-z_]+(?:\(\))?|{_OPTION}")
_CLASSES = re.compile(r"""class=["']([^"']*)""")
_TAGS = re.compile(r"<([a-z]\w*)")
_NAMES = re.compile(r"\.([\w-]+)|(?:^|[\s>])([a-z]\w*)")
_VARIABLES = re.compile(r"--hfnb-\w+")


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
    return f'<div class="hfnb mathjax_ignore"><style>{_look(body, ("page", *styles))}</style>{body}</div>'


def foot(*lines: str) -> str:
    """The last lines of an output; what can be typed is set as code."""
    marked = (_TYPED.sub(r"<code>\g<0></code>", escape(line)) for line in lines)
    return f'<div class="foot">{"<br>".join(marked)}</div>'


def _look(body: str, styles: tuple[str, ...]) -> str:
    """The rules this output has something for, and the colours those ask for: a notebook keeps them once per output."""
    there = {"hfnb", *_TAGS.findall(body)}
    there.update(*(names.split() for names in _CLASSES.findall(body)))
    first, *others = (rule for name in styles for rule in _rules(name))
    rules = []
    for selectors, declared in others:
        kept = [selector for selector, names in selectors if names <= there]
        rules += [f"{','.join(kept)}{{{declared}}}"] if kept else []
    used = set(_VARIABLES.findall("".join(rules) + body))
    return _root(first[1], used) + "".join(rules)


def _root(declared: str, used: set[str]) -> str:
    """The first rule of the page: colours by name, of which the unused are left out, and what holds for all of it."""
    lines = declared.split(";")
    own = set(_VARIABLES.findall(";".join(line for line in lines if not line.startswith("--"))))
    kept = (line for line in lines if not line.startswith("--") or line.partition(":")[0] in used | own)
    return f".hfnb.hfnb{{{';'.join(kept)}}}"


@functools.cache
def _rules(name: str) -> list[tuple[list[tuple[str, set[str]]], str]]:
    """Each rule as its selectors, with the classes and tags they speak of, and its declarations."""
    found = re.findall(r"([^{}]+)\{([^{}]*)\}", style(name))
    return [
        ([(one, _spoken_of(one)) for one in _split(selectors)], declared) for selectors, declared in found
    ]


def _split(selectors: str) -> list[str]:
    return re.split(r",(?![^(]*\))", selectors)


def _spoken_of(selector: str) -> set[str]:
    """Not what stands in the brackets of :not(…) and :has(…)."""
    plain = re.sub(r":[\w-]+(?:\([^()]*(?:\([^()]*\))?[^()]*\))?", "", selector)
    return {one or other for one, other in _NAMES.findall(plain)}
