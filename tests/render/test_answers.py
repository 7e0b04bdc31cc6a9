"""Every kind of answer is drawn: the answer first, everything escaped, the marks where they must be, small."""

from __future__ import annotations

import json
import re
from array import array
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from hf_nb.render import coming, excerpt, projection
from hf_nb.values import (
    Attempt,
    Cells,
    Extract,
    Fill,
    Fills,
    Label,
    Labels,
    Reply,
    Similarities,
    Similarity,
    Source,
    Span,
    Spans,
    ToolCall,
    Vectors,
    Written,
)

EVIL = '<script>alert("x")</script>'
SOURCE = Source("owner/name", "abc", "local", "the model you named", 0.0123, "cpu")
TEXT = f"Maria Keller moved from Lisbon to {EVIL}."


def spans(text: str, *found: tuple[str, str]) -> Spans:
    made = (Span(label, 0.9, word, text.index(word), text.index(word) + len(word)) for label, word in found)
    return Spans(tuple(made), SOURCE, text)


def reply(*messages: dict[str, Any], **how: Any) -> Reply:
    return Reply(messages[-1]["content"], SOURCE, messages, **how)


def user(said: str) -> dict[str, Any]:
    return {"role": "user", "content": said}


def model(said: str, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": said, **more}


CALL = {"id": "1", "type": "function", "function": {"name": EVIL, "arguments": f'{{"a": "{EVIL}"}}'}}
ONE_OF_EACH: dict[str, Any] = {
    "labels": Labels((Label(EVIL, 0.9), Label("b", 0.1)), SOURCE, EVIL),
    "spans": spans(TEXT, ("PER", "Maria Keller"), (EVIL, "Lisbon"), ("ORG", EVIL)),
    "no spans": spans(TEXT),
    "extract": Extract(EVIL, 0.8, TEXT.index(EVIL), TEXT.index(EVIL) + len(EVIL), "?", TEXT, SOURCE),
    "no extract": Extract("", 0.8, 0, 0, EVIL, TEXT, SOURCE),
    "fills": Fills((Fill(EVIL, 0.9, f"a {EVIL}"), Fill("b", 0.1, "a b")), SOURCE, EVIL),
    "two gaps": Fills((Fill(EVIL, 0.9, "", 0), Fill("b", 0.1, "", 1)), SOURCE, EVIL),
    "cells": Cells(EVIL, (EVIL,), ((0, 0),), "NONE", EVIL, {EVIL: [EVIL, "b"], "n": ["1", "2"]}, SOURCE),
    "vectors": Vectors(tuple(array("f", [i, 1.0, i * i]) for i in range(4)), (EVIL, "b", "c", "d"), SOURCE),
    "similarities": Similarities((Similarity(EVIL, -0.1), Similarity("b", 0.9)), EVIL, SOURCE),
    "written": Written(EVIL, replace(SOURCE, task="translation"), EVIL),
    "code": Written(EVIL, replace(SOURCE, task="code-generation"), EVIL),
    "reply": reply(
        {"role": "system", "content": EVIL},
        user(EVIL),
        model(EVIL),
        user("Again"),
        model("", tool_calls=[CALL]),
        {"role": "tool", "tool_call_id": "1", "content": EVIL},
        model(f"**bold** {EVIL}\n\n```\n{EVIL}\n```"),
    ),
    "data": reply(user("x"), model("{}"), data={EVIL: EVIL}),
    "tool call": ToolCall(EVIL, f'{{"a": "{EVIL}"}}', "1", EVIL),
    "tries": Labels(
        (Label("a", 1.0),),
        replace(
            SOURCE, substitute=True, attempts=(Attempt(EVIL, EVIL, "Busy", EVIL, 1.0), Attempt("hf", "m"))
        ),
    ),
}


class Balanced(HTMLParser):
    """Tags that were opened are closed, in their order; which ones there were."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.met: set[str] = set()
        self.feed(html)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.met.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_nothing_a_model_says_acts_and_every_tag_is_closed(name: str) -> None:
    value = ONE_OF_EACH[name]
    html = value._repr_mimebundle_()["text/html"]
    assert "script" not in Balanced(html).met
    assert "<script" not in html
    assert len(html) < 7_000
    text = str(value)
    assert text
    assert all(char.isprintable() or char == "\n" for char in text)
    json.dumps(value.to_dict())
    assert isinstance(value.brief(), list)


@pytest.mark.parametrize("name", [one for one in ONE_OF_EACH if one != "tool call"])
def test_every_answer_says_who_gave_it(name: str) -> None:
    bundle = ONE_OF_EACH[name]._repr_mimebundle_()
    for shown in bundle.values():
        read = re.sub("<[^>]+>", "", shown)
        assert "owner/name · local (cpu) · 12 ms · the model you named" in read


def test_the_grey_line_says_what_is_known_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    chatty = Written("x", replace(SOURCE, first=0.21, seconds=1.4, written=48, cost=0.0000123))
    monkeypatch.setenv("COLUMNS", "120")
    assert str(chatty).splitlines()[-1] == (
        "owner/name · local (cpu) · 1.4 s · first token 210 ms · 39.5 tokens/s · $0.000012 · the model you named"
    )
    monkeypatch.setenv("COLUMNS", "80")  # on a narrow screen it breaks between two things
    assert str(chatty).splitlines()[1:] == [
        "owner/name · local (cpu) · 1.4 s · first token 210 ms · 39.5 tokens/s ·",
        "  $0.000012 · the model you named",
    ]
    assert "$1.20" in str(Written("x", replace(SOURCE, cost=1.2)))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"finish": "stopped"}, "Stopped: this is what had come."),
        ({"finish": "cut"}, "It broke off: this is what had come."),
        ({"finish": "length"}, "Ended at the limit of tokens."),
        ({"substitute": True}, "owner/name is not the model that was asked for"),
    ],
    ids=str,
)
def test_what_must_not_be_overlooked_is_a_mark_with_words(how: dict[str, Any], said: str) -> None:
    value = Written("x", replace(SOURCE, **how))
    for shown in value._repr_mimebundle_().values():
        assert said in shown
    assert 'class="mark"' in value._repr_mimebundle_()["text/html"]
    assert 'class="mark"' not in Written("x", SOURCE)._repr_mimebundle_()["text/html"]


def test_the_tries_are_a_fold_and_one_try_is_none() -> None:
    tries = (
        Attempt("local", "m", "OutOfMemory", "Too large.", 0.2),
        Attempt("hf", "m", seconds=1.0, waited=2.0),
    )
    value = Labels((Label("a", 1.0),), replace(SOURCE, attempts=tries))
    html = value._repr_mimebundle_()["text/html"]
    assert "<details><summary>2 tries: local OutOfMemory, hf answered</summary>" in html
    assert "OutOfMemory: Too large." in html
    assert "after 2.0 s" in html
    assert "Before: local, m: OutOfMemory, Too large. (200 ms)" in str(value)
    once = Labels((Label("a", 1.0),), replace(SOURCE, attempts=tries[1:]))
    assert "tries" not in once._repr_mimebundle_()["text/html"]


def test_places_are_coloured_by_kind_and_tagged() -> None:
    html = spans("Ann met Bob in Bern.", ("PER", "Ann"), ("PER", "Bob"), ("LOC", "Bern"))._repr_mimebundle_()[
        "text/html"
    ]
    marks = re.findall(r'<mark style="--c:(#\w+)"[^>]*>(\w+)<span class="tag">(\w+)', html)
    assert [(word, tag) for _, word, tag in marks] == [("Ann", "PER"), ("Bob", "PER"), ("Bern", "LOC")]
    assert len({colour for colour, _, tag in marks if tag == "PER"}) == 1
    assert marks[0][0] != marks[2][0]
    assert html.count("<i style=") == 2, "a legend"


def test_places_over_each_other_are_all_listed_and_the_text_stays_whole() -> None:
    found = spans("New York City Hall", ("A", "New York City"), ("B", "York City Hall"))
    html = found._repr_mimebundle_()["text/html"]
    read = html.partition('class="read">')[2].partition("</div>")[0]
    assert re.sub(r'<span class="tag">.*?</span>|<[^>]+>', "", read) == "New York City Hall"
    assert "York City Hall" in html.partition("2 places")[2]


def test_a_long_text_is_shortened_round_its_places_and_whole_in_a_fold() -> None:
    text = "word " * 600 + "Ann " + "word " * 600 + "Bob " + "word " * 600
    html = spans(text, ("P", "Ann"), ("P", "Bob"))._repr_mimebundle_()["text/html"]
    shown, _, whole = html.partition("<summary>The whole text</summary>")
    assert shown.count("<mark") == whole.count("<mark") == 2
    assert len(shown) < 4_000
    assert whole.count("word ") == 1800
    huge = spans("word " * 100_000 + "Ann", ("P", "Ann"))._repr_mimebundle_()["text/html"]
    assert len(huge) < 40_000
    assert "more characters" in huge


@pytest.mark.parametrize("places", [[(0, 0)], [(3, 2)], [(5, 99)], [(-3, 2)]])
def test_a_place_that_is_none_is_not_drawn(places: Any) -> None:
    assert excerpt.apart(places, 10) == []


def test_the_answer_stands_above_its_text_and_is_marked_there() -> None:
    text = "Maria lives in Geneva."
    html = Extract("Geneva", 0.8, 15, 21, "Where?", text, SOURCE)._repr_mimebundle_()["text/html"]
    assert html.index('class="answer">Geneva') < html.index('<mark class="found">Geneva</mark>.')
    elsewhere = Extract("In Geneva", 0.8, 12, 21, "Where?", text, SOURCE)._repr_mimebundle_()["text/html"]
    assert "<mark" not in elsewhere, "words the text does not have are not marked in it"


def test_the_cells_that_answer_are_marked_and_never_left_out() -> None:
    table = {"city": [f"c{i}" for i in range(100)], "people": [str(i) for i in range(100)]}
    value = Cells("99", ("99",), ((99, 1),), "SUM", "?", table, SOURCE)
    html = value._repr_mimebundle_()["text/html"]
    assert re.findall(r'<mark class="found">(\w+)</mark>', html) == ["99"]
    assert "the sum of 1 cell" in html
    assert "… 89 more rows" in html
    assert "[99]" in str(value)


def test_the_nearest_comes_first_and_a_negative_bar_has_no_length() -> None:
    value = ONE_OF_EACH["similarities"]
    html = value._repr_mimebundle_()["text/html"]
    assert html.index(">b</div>") < html.index("−0.100")
    assert re.findall(r"width:([\d.]+)%", html) == ["90.0", "0.0"]


def test_three_texts_have_a_drawing_and_two_have_none() -> None:
    four = ONE_OF_EACH["vectors"]
    assert "<svg" in four._repr_mimebundle_()["text/html"]
    two = replace(four, vectors=four.vectors[:2], texts=four.texts[:2])
    assert "<svg" not in two._repr_mimebundle_()["text/html"]
    same = replace(four, vectors=(four.vectors[1],) * 4)
    assert "<svg" not in same._repr_mimebundle_()["text/html"], "all in one point"


def test_the_plane_is_that_of_the_principal_components() -> None:
    import numpy

    made = numpy.random.default_rng(7).normal(size=(30, 12)) * numpy.linspace(5, 0.1, 12)
    points, kept = projection.flat(made.tolist())
    centred = made - made.mean(axis=0)
    values = numpy.linalg.svd(centred, compute_uv=False) ** 2
    assert kept == pytest.approx(values[:2].sum() / values.sum(), abs=1e-3)
    ours = numpy.array(points)
    assert numpy.linalg.norm(ours, axis=0) ** 2 == pytest.approx(values[:2], rel=1e-2)


def test_hashed_words_are_always_said_to_be_no_meaning() -> None:
    value = replace(ONE_OF_EACH["vectors"], source=replace(SOURCE, method="hashing", model="hashing-512"))
    for shown in value._repr_mimebundle_().values():
        assert "not the same meaning" in shown


def test_only_the_last_exchange_is_open() -> None:
    html = reply(
        user("one"), model("1"), user("two"), model("2"), user("three"), model("3")
    )._repr_mimebundle_()["text/html"]
    folded = html.partition("<summary>2 earlier exchanges</summary>")[2].partition("</details>")[0]
    assert "one" in folded
    assert "two" in folded
    assert "three" not in folded


def test_a_reply_in_markdown_is_drawn_and_plain_words_keep_their_lines() -> None:
    drawn = reply(user("x"), model("**bold**\n\n```python\nx = 1\n```"))._repr_mimebundle_()["text/html"]
    assert "<strong>bold</strong>" in drawn
    assert "<pre" in drawn
    plain = reply(user("x"), model("one\ntwo"))._repr_mimebundle_()["text/html"]
    assert "one\ntwo" in plain


def test_code_is_coloured_where_its_language_is_known_and_never_changed() -> None:
    source = 'def f(x: int = 3) -> str:\n    """<Doc>."""\n    return "a" if x else None  # why\n'
    fenced = reply(user("x"), model(f"So:\n```python\n{source}```\nDone."))._repr_mimebundle_()["text/html"]
    shown = fenced.partition('<pre class="fenced">')[2].partition("</pre>")[0]
    assert {"kw", "str", "rem", "lit", "fn"} == set(re.findall(r'class="(\w+)"', shown))
    assert unescape(re.sub(r"<[^>]+>", "", shown)) == source.rstrip()
    assert "<p>Done.</p>" in fenced
    unknown = reply(user("x"), model("```klingon\nqapla = 1\n```"))._repr_mimebundle_()["text/html"]
    assert '<pre class="fenced">qapla = 1</pre>' in unknown
    opened = reply(user("x"), model("```python\nx = 1"))._repr_mimebundle_()["text/html"]
    assert '<span class="lit">1</span></pre>' in opened, "a fence left open goes on to the end"


def test_a_tool_is_a_line_with_what_came_of_it() -> None:
    line = str(ToolCall("weather", '{"city": "Bern", "days": 2}', "1", "sunny"))
    assert line == 'weather(city="Bern", days=2) → sunny'
    assert str(ToolCall("weather", "{broken")) == "weather({broken)"
    assert len(str(ToolCall("f", "{}", "1", "x" * 1000))) < 220


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Hello wor", "Hello wor"),
        ("the hf_K9j8H7g6F5", "the "),
        ("the h", "the "),
        ("path", "pat"),
        ("path ", "path "),
        ("hf_" + "K9j8H7g6F5" * 3 + " is", "hf_[redacted] is"),
    ],
)
def test_the_beginning_of_a_token_is_kept_back(said: str, shown: str) -> None:
    assert coming.words(Written(said, SOURCE)) == shown
    assert coming.words(Written("path", SOURCE), whole=True) == "path"


def test_the_beginning_of_a_token_in_use_is_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.plumbing.token.secrets", lambda: ("company-key-1234567",))
    assert coming.words(Written("say company-key-12", SOURCE)) == "say "
    assert coming.words(Written("say company", SOURCE)) == "say "
    assert coming.words(Written("say com", SOURCE)) == "say com"


def test_a_long_answer_that_is_coming_is_sent_by_its_end() -> None:
    html = coming.html(Written("word " * 50_000 + "end", SOURCE))
    assert len(html) < 8_000
    assert "end" in html
