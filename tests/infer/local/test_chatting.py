"""A reply in a conversation: the prompt by the model's template, tools, forms, and what cannot be a conversation."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.call import Call, Terms

pytestmark = pytest.mark.slow
TEMPLATE = """{%- for one in tools or [] %}{{ one | tojson }}
{% endfor -%}
{%- for one in messages %}
{%- if one.role == 'nobody' %}{{ raise_exception('no role ' + one.role) }}{% endif -%}
<{{ one.role }}>{{ one.content }}
{%- for call in one.tool_calls or [] %}{{ call.function.arguments | tojson }}{% endfor %}
{% endfor -%}
{% if add_generation_prompt %}<assistant>{% endif %}"""
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]
HELLO = {"messages": [{"role": "user", "content": "Hello"}]}
# A reply the model is held to, whatever it would have said.
SAYS = '<tool_call>{"name": "weather", "arguments": {"city": "Zürich"}}</tool_call>'


@pytest.fixture
def model(copied: Callable[[str], Path]) -> Path:
    """A model that writes, with a template of its own: what it says means nothing, how it is asked does."""
    folder = copied("hfnb-demo/pydoc-gpt")
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    return folder


def exactly(text: str) -> dict[str, Any]:
    import re

    return {"response_format": {"type": "regex", "value": re.escape(text)}, "max_tokens": 200}


def test_the_reply_is_what_generate_writes_after_the_template(model: Path, ask: Any) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    loaded: Any = AutoModelForCausalLM.from_pretrained(model)
    messages = [{"role": "system", "content": "Be brief."}, *HELLO["messages"]]
    read: Any = tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    made = loaded.generate(**read, do_sample=False, max_new_tokens=20)[0, read.input_ids.shape[1] :]
    answer = ask("chat", model, {"messages": messages}, temperature=0, max_tokens=20)
    assert answer.text == tokenizer.decode(made, skip_special_tokens=True)
    assert (answer.last.usage.read, answer.last.usage.written) == (read.input_ids.shape[1], len(made))
    assert len([one for one in answer.chunks if one.text]) > 5


def test_a_tool_call_comes_whole_and_not_as_text(model: Path, ask: Any) -> None:
    answer = ask("chat", model, HELLO, tools=TOOLS, **exactly(f"Let me see. {SAYS}"))
    assert answer.text.strip() == "Let me see."
    (call,) = answer.last.calls
    assert (call.name, json.loads(call.arguments)) == ("weather", {"city": "Zürich"})
    assert answer.last.finish == "tool_calls"


def test_without_tools_the_same_words_are_text(model: Path, ask: Any) -> None:
    for how in ({}, {"tools": TOOLS, "tool_choice": "none"}):
        answer = ask("chat", model, HELLO, **how, **exactly(SAYS))
        assert (answer.text, answer.last.calls, answer.last.finish) == (SAYS, (), "stop")


def test_the_template_is_told_of_the_tools_and_of_what_they_said(model: Path, ask: Any) -> None:
    plain = ask("chat", model, HELLO, max_tokens=1).last.usage.read
    assert ask("chat", model, HELLO, max_tokens=1, tools=TOOLS).last.usage.read > plain + 10
    called = {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_0",
                "type": "function",
                "function": {"name": "weather", "arguments": '{"city": "B"}'},
            }
        ],
    }
    messages = [*HELLO["messages"], called, {"role": "tool", "tool_call_id": "call_0", "content": "Rain"}]
    answer = ask("chat", model, {"messages": messages}, tools=TOOLS, **exactly(SAYS))
    assert answer.last.calls[0].id == "call_1"


def test_only_the_tool_that_was_chosen_is_offered(model: Path, ask: Any) -> None:
    two = [*TOOLS, {"type": "function", "function": {"name": "price"}}]
    chosen = {"type": "function", "function": {"name": "price"}}
    answer = ask("chat", model, HELLO, tools=two, tool_choice=chosen, **exactly(SAYS))
    assert answer.last.calls == ()
    assert "cannot be made" in ask("chat", model, HELLO, tools=two, tool_choice="required", max_tokens=1).note


def test_json_is_an_object_by_the_schema(model: Path, ask: Any) -> None:
    schema = {
        "type": "object",
        "properties": {"ok": {"type": "boolean"}},
        "required": ["ok"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    assert json.loads(ask("chat", model, HELLO, response_format=form).text) in ({"ok": True}, {"ok": False})
    answer = ask("chat", model, HELLO, response_format={"type": "json_object"}, max_tokens=150, seed=1)
    if answer.last.finish == "stop":
        assert isinstance(json.loads(answer.text), dict)
    assert answer.text.startswith("{")


def test_parts_of_text_are_one_text(model: Path, ask: Any) -> None:
    parts = {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]}
        ]
    }
    assert ask("chat", model, parts, temperature=0).text == ask("chat", model, HELLO, temperature=0).text


@pytest.mark.parametrize(
    ("messages", "how", "said"),
    [
        ([{"role": "user", "content": [{"type": "image_url"}]}], {}, "something else"),
        ([{"role": "user", "content": 3}], {}, "is a text"),
        ([{"role": "nobody", "content": "x"}], {}, "no role nobody"),
        (HELLO["messages"], {"tools": [{"name": "x"}]}, "A tool is"),
        (HELLO["messages"], {"tools": TOOLS, "tool_choice": "price"}, "names no tool"),
        (HELLO["messages"], {"n": 3}, "knows no n"),
        (HELLO["messages"], {"max_tokens": -1}, "max_tokens"),
        (HELLO["messages"], {"response_format": {"type": "xml"}}, "xml"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_said(
    messages: Any, how: dict[str, Any], said: str, model: Path, ask: Any
) -> None:
    with pytest.raises(errors.BadInput, match=said) as refused:
        ask("chat", model, {"messages": messages}, **how)
    assert len(str(refused.value).splitlines()) <= 3


def test_a_model_without_a_template_cannot_chat(ask: Any) -> None:
    with pytest.raises(errors.BadInput, match="no chat template"):
        ask("chat", "hfnb-demo/pydoc-gpt", HELLO)


def test_a_conversation_longer_than_the_window_says_both_numbers(model: Path, ask: Any) -> None:
    with pytest.raises(errors.TooLarge, match=r"\d{4,} tokens; .* 512"):
        ask("chat", model, {"messages": [{"role": "user", "content": "word " * 3000}]})


def test_closing_a_chat_ends_it(model: Path, local: Any, ask: Any) -> None:
    import threading
    import time

    ask("chat", model, HELLO, max_tokens=1)
    parts = local.stream(
        Call("chat", str(model), None, HELLO, {"logit_bias": {0: -100}, "max_tokens": 400}), Terms()
    )
    next(parts)
    began = time.perf_counter()
    parts.close()
    assert time.perf_counter() - began < 0.2
    assert not [one for one in threading.enumerate() if one.name == "hf_nb answer"]
