"""A stranger's Markdown, shown: whatever it tries, what comes out is text, and links one has to click."""

import time
from html.parser import HTMLParser

import pytest

from hf_nb.render import markdown
from tests.render.hostile import AWAY, CORPUS, HEAVY

BASE = "https://huggingface.co/owner/name/blob/main/README.md"
LOADING = {
    "src",
    "srcset",
    "poster",
    "data",
    "background",
    "action",
    "formaction",
    "ping",
    "cite",
    "longdesc",
}


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag


def attempts(html: str) -> list[str]:
    """What in the HTML could run, load, style the page, or be mistaken for a part of it."""
    found = []
    for tag, attributes in Tags(html).tags[1:]:  # the first is our own frame
        found += [tag] if tag not in markdown.TAGS else []
        for name, value in attributes.items():
            clean = "".join((value or "").split()).lower()
            bad = name.startswith(("on", "data-", "jp-")) or name in LOADING | {"id", "name", "class"}
            bad |= name == "href" and not clean.startswith(("http://", "https://", "mailto:"))
            bad |= name == "style" and not clean.removeprefix("text-align:").rstrip(";").isalpha()
            found += [f"{tag} {name}={value}"] if bad else []
    return found


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_card_comes_out_with_nothing_in_it_that_could_do_anything(name: str) -> None:
    for base in (BASE, ""):
        for text in (
            CORPUS[name],
            f"before\n\n{CORPUS[name]}\n\nafter",
            f"- {CORPUS[name]}",
            f"> {CORPUS[name]}",
        ):
            assert attempts(markdown.rendered(text, base)) == []


def test_all_of_them_together_are_harmless_too() -> None:
    assert attempts(markdown.rendered("\n\n".join(CORPUS.values()), BASE, markdown.MOST_ASKED)) == []
    assert attempts(markdown.rendered(" ".join(CORPUS.values()), BASE, markdown.MOST_ASKED)) == []


def test_the_check_itself_sees_what_it_looks_for() -> None:
    bad = '<div><script></script><a href="javascript:x">a</a><p onclick="x" id="y">b</p><td style="position:fixed">'
    assert len(attempts(bad)) == 5


@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_card_is_shown_in_a_moment_and_does_not_grow(name: str) -> None:
    began = time.process_time()
    shown = markdown.rendered(HEAVY[name], BASE, markdown.MOST_ASKED)
    markdown.summary(HEAVY[name])
    assert time.process_time() - began < 4
    assert len(shown) < 10 * markdown.MOST_ASKED
    assert [one for one in attempts(shown) if one != "pre"] == []


def test_what_an_author_wants_to_say_is_there() -> None:
    card = """# Title

Some *emphasis*, **weight**, ~~gone~~, `code` and a [link](https://example.org/a?b=1&c=2).

| task | score |
|------|------:|
| one  |  0.91 |

<div align="center"><details><summary>More</summary>

- a
  - b

</details></div>

```python
x = 1 < 2
```
"""
    shown = markdown.rendered(card, BASE)
    for part in (
        "<h1>Title</h1>",
        "<em>emphasis</em>",
        "<strong>weight</strong>",
        "<s>gone</s>",
        "<code>code</code>",
        '<a href="https://example.org/a?b=1&amp;c=2"',
        '<td style="text-align:right">0.91</td>',
        "<summary>More</summary>",
        "<li>b</li>",
        "x = 1 &lt; 2",
    ):
        assert part in shown


def test_a_picture_becomes_a_link_with_its_words_and_nothing_is_loaded() -> None:
    shown = markdown.rendered(
        f"![a diagram]({AWAY}.png) [![badge]({AWAY}.svg)](https://example.org) ![](img/x.png)", BASE
    )
    assert "<img" not in shown
    assert f'<a href="{AWAY}.png"' in shown
    assert "[a diagram]</a>" in shown
    assert '<a href="https://example.org"' in shown
    assert "[badge]</a>" in shown
    assert "blob/main/img/x.png" in shown


def test_relative_links_lead_to_the_hub_or_nowhere() -> None:
    text = "[a](docs/x.md) [b](/datasets/o/d) [c](#part) [d](//example.org/x)"
    shown = markdown.rendered(text, BASE)
    assert 'href="https://huggingface.co/owner/name/blob/main/docs/x.md"' in shown
    assert 'href="https://huggingface.co/datasets/o/d"' in shown
    assert 'href="https://huggingface.co/owner/name/blob/main/README.md#part"' in shown
    assert "href" not in markdown.rendered("[a](docs/x.md) [c](#part)", "")


def test_a_link_opens_beside_the_notebook_and_tells_nobody_where_it_came_from() -> None:
    (link,) = [one for tag, one in Tags(markdown.rendered("[a](https://example.org)")).tags if tag == "a"]
    assert link["target"] == "_blank"
    assert {"noopener", "noreferrer"} <= set(str(link["rel"]).split())


def test_a_long_card_ends_at_the_end_of_a_line() -> None:
    lines = "\n".join(f"line number {n}" for n in range(10_000))
    cut = markdown.bounded(lines, 1000)
    assert len(cut) <= 1000
    assert cut.splitlines()[-1] in lines.splitlines()


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (
            "# T\n\n[![b](x)](y) ![c](z)\n\nA model that\ndoes **one** `thing`.",
            "A model that does one thing.",
        ),
        (
            "<p align=center>x</p>\n\n```\ncode that is long enough\n\nmore of the code\n```\n\nProse of the author.",
            "Prose of the author.",
        ),
        ("[a link alone](x)\n\n| a table | b |\n|--|--|\n| c | d |\n", ""),
        ("", ""),
    ],
)
def test_the_first_paragraph_of_prose_is_the_summary(card: str, said: str) -> None:
    assert markdown.summary(card) == said


def test_a_summary_is_short_and_plain() -> None:
    said = markdown.summary("word <b>bold</b> &amp; [link](x) " * 100)
    assert len(said) <= 400
    assert said.endswith("…")
    assert "<" not in said
