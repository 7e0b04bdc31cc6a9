"""Tool calls heard in a reply: well written, badly written, cut off, or only looking like one."""

import json
import random
from typing import Any

import pytest

from hf_nb.infer.backends.local.tools import Listener

NAMES = ("weather", "price")
CALL = '{"name": "weather", "arguments": {"city": "Zürich"}}'


def heard(text: str, sizes: Any = None, names: tuple[str, ...] = NAMES) -> tuple[str, list[tuple[str, str]]]:
    """What is shown, and what is called, when the text comes in parts of these sizes."""
    listener, shown, at = Listener(names), "", 0
    while at < len(text):
        size = next(sizes) if sizes else len(text)
        shown += listener.add(text[at : at + size])
        at += size
    shown += listener.end()
    return shown, [(one.name, one.arguments) for one in listener.calls]


ZURICH = [("weather", '{"city": "Zürich"}')]
CASES = [
    (f"<tool_call>{CALL}</tool_call>", "", ZURICH),
    (f"<tool_call>\n{CALL}\n</tool_call>\n", "", ZURICH),
    (f"Let me see. <tool_call>{CALL}</tool_call>", "Let me see. ", ZURICH),
    (f"<tool_call>{CALL}</tool_call><tool_call>{CALL}</tool_call>", "", ZURICH * 2),
    (f"<tool_call>{CALL}", "", ZURICH),
    (CALL, "", ZURICH),
    (f"  [{CALL}, {CALL}]", "", ZURICH * 2),
    (f"[TOOL_CALLS] [{CALL}]", "", ZURICH),
    (f"<|python_tag|>{CALL}", "", ZURICH),
    ('{"name": "weather", "parameters": {"city": "Zürich"}}', "", ZURICH),
    (
        '{"type": "function", "function": {"name": "weather", "arguments": "{\\"city\\": \\"Zürich\\"}"}}',
        "",
        ZURICH,
    ),
    ('<tool_call>{"name": "weather", "arguments": {"city": "Zürich"}</tool_call>', "", ZURICH),
    ('<tool_call>{"name": "weather", "arguments": {"city": "Zür', "", [("weather", '{"city": "Zür')]),
    (
        "<tool_call>{'name': 'weather', 'arguments': {'city': 'Bern'}}</tool_call>",
        "",
        [("weather", "{'city': 'Bern'}")],
    ),
    ('<tool_call>{"name": "weather"}</tool_call>', "", [("weather", "{}")]),
    (
        '<tool_call>{"name": "nobody", "arguments": {}}</tool_call>',
        '<tool_call>{"name": "nobody", "arguments": {}}</tool_call>',
        [],
    ),
    ("<tool_call>nonsense</tool_call>", "<tool_call>nonsense</tool_call>", []),
    ("a < b and [x] and {y}", "a < b and [x] and {y}", []),
    ('{"name": "Maria", "age": 3}', '{"name": "Maria", "age": 3}', []),
    ("[1] is a note. <tool", "[1] is a note. <tool", []),
    ("", "", []),
    (" \n", " \n", []),
]


@pytest.mark.parametrize(("text", "shown", "calls"), CASES)
def test_calls_are_heard_and_all_else_is_shown(text: str, shown: str, calls: list[tuple[str, str]]) -> None:
    got, called = heard(text)
    assert (got.strip(), called) == (shown.strip(), calls)


@pytest.mark.parametrize(("text", "shown", "calls"), CASES)
def test_it_is_the_same_however_the_text_is_cut(text: str, shown: str, calls: list[tuple[str, str]]) -> None:
    whole = heard(text)
    for seed in range(20):
        cut = random.Random(seed)  # noqa: S311 -- no secret
        assert heard(text, (cut.randint(1, 9) for _ in text)) == whole
    assert heard(text, iter(lambda: 1, 0)) == whole


def test_nothing_is_held_back_where_no_tool_was_offered() -> None:
    listener = Listener(())
    assert listener.add('<tool_call>{"name": "weather"') == '<tool_call>{"name": "weather"'
    assert listener.calls == []


def test_text_before_a_call_is_shown_at_once() -> None:
    listener = Listener(NAMES)
    assert listener.add("The weather <") == "The weather "
    assert listener.add("b") == "<b"


def test_arguments_that_are_json_stay_json() -> None:
    _, calls = heard('{"name": "price", "arguments": {"of": ["a", {"b": null}], "€": 1.5}}')
    assert json.loads(calls[0][1]) == {"of": ["a", {"b": None}], "€": 1.5}


def test_calls_of_a_long_conversation_have_numbers_of_their_own() -> None:
    listener = Listener(NAMES, 3)
    listener.add(f"<tool_call>{CALL}</tool_call><tool_call>{CALL}</tool_call>")
    assert [one.id for one in listener.calls] == ["call_3", "call_4"]
