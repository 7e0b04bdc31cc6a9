"""A card's Markdown as HTML that cannot do anything, whoever wrote it.

    Markdown -> HTML (markdown-it) -> a first cleaning -> pictures become links -> the cleaning that counts (nh3)

The last step is an allow-list, so what the first ones let through does not matter. Nothing in it loads by itself, runs,
styles, or carries a name the page could be confused with. Pictures would be fetched from wherever the author says.
"""

from __future__ import annotations

import functools
import html
import itertools
import re
from typing import Any
from urllib.parse import urlsplit

from hf_nb.render import page

MOST = 12_000  # characters of a card shown without being asked: an output is stored with its notebook
MOST_ASKED = 60_000
_LONGEST_LINE = 8_000
_LEAST_PROSE = 12
_MOST_TAGS = 5_000
_GROWTH = 8  # badly nested tags can multiply: what grows more than this is shown as it was written

TAGS = set(
    "p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code kbd samp var em strong b i u s del ins sub sup "
    "small mark q cite abbr a table caption thead tbody tfoot tr th td details summary div span section figure "
    "figcaption center".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "td": {"align", "colspan", "rowspan", "style"},
    "th": {"align", "colspan", "rowspan", "style"},
    "ol": {"start"},
    "details": {"open"},
    "abbr": {"title"},
}
_DROPPED_WHOLE = set(
    "script style iframe object embed svg math template noscript noembed noframes textarea select title xmp "
    "plaintext video audio canvas applet frameset head".split()
)
_SCHEMES = {"http", "https", "mailto"}
_IMAGE = re.compile(r'<img((?:\s[a-z]+="[^"]*")*)\s*/?>')
_LINKED_IMAGE = re.compile(r'(<a\s[^>]*>)\s*<img((?:\s[a-z]+="[^"]*")*)\s*/?>\s*</a>')
_ATTRIBUTE = re.compile(r'\s([a-z]+)="([^"]*)"')


def rendered(text: str, base: str = "", most: int = MOST) -> str:
    """The beginning of a card; relative links lead to `base` (without one, they lead nowhere)."""
    source = bounded(text, most)
    made = None if source.count("<") > _MOST_TAGS else _sanitised(_parser().render(source), base)
    if made is None or len(made) > _GROWTH * len(source) + 4000:
        made = f"<pre>{page.escape(source)}</pre>"
    # JupyterLab would set $…$ as formulas, wherever it stands: prices, shells, and whatever a formula can be made to do
    return f'<div class="card mathjax_ignore tex2jax_ignore">{made}</div>'


def bounded(text: str, most: int) -> str:
    """At most so many characters, cut at the end of a line; no line without end."""
    lines: list[str] = []
    left = most
    for line in text[: most + 1].splitlines():
        if len(line) >= left:
            lines.append(line[:left] if not lines else "")
            break
        lines.append(line[:_LONGEST_LINE])
        left -= len(line) + 1
    return "\n".join(lines)


def summary(text: str, most: int = 400) -> str:
    """The first paragraph of prose as plain text: what the repository is, in its author's words."""
    tokens = _parser().parse(bounded(text, 8_000))
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "paragraph_open" and opening.level == 0 and _has_prose(inline):
            words = plain(inline.content[:4000])
            return words if len(words) <= most else f"{words[: most - 1].rsplit(' ', 1)[0]} …"
    return ""


def _has_prose(inline: Any) -> bool:
    """More than badges: some words that are neither in a link nor in a tag."""
    inside, said = 0, ""
    for one in inline.children or ():
        inside += one.nesting if one.type.startswith("link_") else 0
        said += one.content if one.type in ("text", "code_inline") and not inside else ""
    return len(said.strip()) >= _LEAST_PROSE


def plain(text: str) -> str:
    """Inline Markdown without its marks."""
    import nh3

    bare = nh3.clean(_parser().renderInline(text), tags=set(), clean_content_tags=_DROPPED_WHOLE)
    return " ".join(html.unescape(bare).split())


@functools.cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable(["table", "strikethrough"])


def _sanitised(made: str, base: str) -> str:
    import nh3

    first = nh3.clean(
        made,
        tags=TAGS | {"img"},
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES | {"img": {"src", "alt"}},
        url_schemes=_SCHEMES,
        url_relative=_relative(base),
        link_rel=None,
    )
    linked = _IMAGE.sub(_picture, _LINKED_IMAGE.sub(_linked_picture, first))
    clean: str = nh3.clean(
        linked,
        tags=TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        filter_style_properties={"text-align"},
        url_schemes=_SCHEMES,
        url_relative="deny",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
    )
    return clean


def _relative(base: str) -> Any:
    return ("rewrite_with_base", base) if urlsplit(base).scheme in ("http", "https") else "deny"


def _picture(found: re.Match[str]) -> str:
    given = dict(_ATTRIBUTE.findall(found[1]))
    words = given.get("alt") or "picture"
    return f'<a href="{given["src"]}">[{words}]</a>' if given.get("src") else f"[{words}]"


def _linked_picture(found: re.Match[str]) -> str:
    given = dict(_ATTRIBUTE.findall(found[2]))
    return f"{found[1]}[{given.get('alt') or 'picture'}]</a>"
