"""What one side says the other understands: every body that is asked is read, every answer that is written is heard."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.errors import BadInput, Broken, Busy, HfNbError
from hf_nb.plumbing.wire import answering, asking, outputs, sse
from hf_nb.plumbing.wire.asking import Who

WHO = Who("The router")
MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Héllo 🦜"}]
texts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), max_size=8)


def over(asked: answering.Asked, parts: list[dict[str, Any]], *, end: bool = True) -> list[asking.Part]:
    """Parts written as a stream, and heard by the other side."""
    writer = answering.writer(asked, "owner/name", 0.0)
    wire = [one for part in parts for one in writer.events(part)] + (writer.end() if end else [])
    return list(asking.streamed(sse.events(wire), WHO))


def again(body: Any) -> Any:
    return json.loads(asking.encoded(body))


def ended(finish: str = "stop", **more: Any) -> dict[str, Any]:
    return {"finish": finish, "usage": {"read": 5, "written": 7}, **more}


@settings(deadline=None)
@given(texts)
def test_a_chat_arrives_as_it_was_said(said):
    asked = answering.chat(again(asking.chat("owner/name", MESSAGES, {"max_tokens": 9, "seed": 1})))
    assert (asked.model, asked.input["messages"], asked.stream) == ("owner/name", MESSAGES, True)
    assert asked.params == {"max_tokens": 9, "seed": 1}
    heard = over(asked, [*({"text": one} for one in said), ended("length")])
    assert "".join(one.text for one in heard) == "".join(said)
    assert (heard[-1].finish, heard[-1].read, heard[-1].written) == ("length", 5, 7)


@settings(deadline=None)
@given(texts)
def test_a_completion_and_a_task_route_do_too(said):
    for asked in (
        answering.completion(again(asking.completion("owner/name", "Once", {"max_new_tokens": 3}))),
        answering.task(
            "text-generation", again(asking.task("text-generation", "Once", {"max_new_tokens": 3}))
        ),
    ):
        assert (asked.input, dict(asked.params), asked.stream) == ("Once", {"max_new_tokens": 3}, True)
        heard = over(asked, [*({"text": one} for one in said), ended()])
        assert "".join(one.text for one in heard) == "".join(said)
        assert (heard[-1].finish, heard[-1].written) == ("stop", 7)


@pytest.mark.parametrize("end", [True, False])
def test_without_the_end_of_the_answer_the_other_side_hears_none(end):
    asked = answering.chat(again(asking.chat("owner/name", MESSAGES, {})))
    heard = over(asked, [{"text": "half"}], end=end)
    assert [one.finish for one in heard] == ([None, "stop"] if end else [None])


@pytest.mark.parametrize("stream", [True, False])
def test_calls_of_tools_arrive_whole(stream):
    tools = [{"type": "function", "function": {"name": "look", "parameters": {}}}]
    asked = answering.chat(again(asking.chat("owner/name", MESSAGES, {"tools": tools}, stream=stream)))
    calls = [{"id": f"call_{i}", "name": "look", "arguments": f'{{"at": {i}}}'} for i in range(2)]
    parts = [{"text": "well"}, ended("tool_calls", calls=calls)]
    if stream:
        heard = over(asked, parts)
    else:
        heard = list(asking.whole(answering.writer(asked, "owner/name", 0.0).whole(parts), WHO))
    assert [one._asdict() for one in heard[-1].calls] == calls
    assert heard[-1].finish == "tool_calls"
    assert asked.params["tools"] == tools


def test_embeddings_arrive_in_order():
    asked = answering.embeddings(again(asking.embeddings("owner/name", ["a", "b"], {})))
    answer = answering.writer(asked, "owner/name", 0.0).whole(
        [{"output": [[1.0, 2.0], [3.0, 4.0]], "finish": "stop"}]
    )
    assert asking.vectors(again(answer), 2, WHO)[0] == [[1.0, 2.0], [3.0, 4.0]]


TASKS: list[tuple[str, Any, Any]] = [
    ("text-classification", "x", [{"label": "b", "score": 0.9}, {"label": "a", "score": 0.1}]),
    ("zero-shot-classification", {"text": "x", "candidate_labels": ["b", "a"]}, [{"label": "b", "score": 0.9}]),
    ("token-classification", "Ann", [{"entity_group": "PER", "score": 0.9, "word": "Ann", "start": 0, "end": 3}]),
    ("token-classification", "none", []),
    ("question-answering", {"question": "q", "context": "Ann"}, {"answer": "Ann", "score": 0.9, "start": 0, "end": 3}),
    ("fill-mask", "a [MASK]", [{"sequence": "a b", "score": 0.5, "token": 3, "token_str": "b"}]),
    ("feature-extraction", "x", [[1.0, 2.0]]),
    ("feature-extraction", ["x", "y"], [[1.0, 2.0], [3.0, 4.0]]),
    ("sentence-similarity", {"source_sentence": "x", "sentences": ["y", "z"]}, [0.5, 0.25]),
    (
        "table-question-answering",
        {"query": "q", "table": {"a": ["1"]}},
        {"answer": "1", "coordinates": [[0, 0]], "cells": ["1"], "aggregator": "NONE"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "output"), TASKS)
def test_every_task_route_is_read_and_its_answer_heard(name, value, output):
    asked = answering.task(name, again(asking.task(name, value, {"top_k": 2})))
    assert asked.input == value
    assert asked.params == {"top_k": 2}
    answer = again(answering.writer(asked, "owner/name", 0.0).whole([{"output": output, "finish": "stop"}]))
    assert again({"heard": outputs.output(name, value, answer, WHO)[0]})["heard"] == output


@pytest.mark.parametrize("name", ["summarization", "translation", "text2text-generation", "text-generation"])
def test_every_task_that_answers_with_a_text_does(name):
    asked = answering.task(name, {"inputs": "x"})
    answer = answering.writer(asked, "owner/name", 0.0).whole([{"text": "un "}, {"text": "mot"}, ended()])
    assert outputs.text(name, again(answer), WHO) == "un mot"


@pytest.mark.parametrize("form", [answering.chat, lambda body: answering.task("text-generation", body)])
def test_an_error_in_the_midst_is_an_error_on_the_other_side(form):
    asked = form({"model": "a/b", "messages": MESSAGES, "inputs": "x", "stream": True})
    writer = answering.writer(asked, "a/b", 0.0)
    wire = [*writer.events({"text": "half"}), writer.wrong("The model is overloaded", "overloaded")]
    with pytest.raises(HfNbError) as caught:
        list(asking.streamed(sse.events(wire), WHO))
    assert isinstance(caught.value, Busy | Broken)


def test_a_schema_comes_in_both_forms_that_clients_send():
    schema = {"type": "object"}
    both = (
        {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}},
        {"type": "json_object", "value": schema},
    )
    found = [answering.chat({"model": "a/b", "messages": MESSAGES, "response_format": one}) for one in both]
    assert found[0].params == found[1].params


def test_a_message_in_pieces_is_one_text():
    pieces = [{"type": "text", "text": "one "}, {"type": "text", "text": "two"}]
    asked = answering.chat({"model": "a/b", "messages": [{"role": "user", "content": pieces}]})
    assert asked.input["messages"][0]["content"] == "one two"


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = "model messages prompt input inputs parameters stream stream_options n stop max_tokens tools response_format"


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES.split()), junk, max_size=8))
def test_no_body_makes_anything_but_a_question_or_a_plain_no(body):
    readers: list[Callable[[Any], answering.Asked]] = [
        answering.chat,
        answering.completion,
        answering.embeddings,
    ]
    readers += [partial(answering.task, name) for name, _, _ in TASKS]
    for read in readers:
        with contextlib.suppress(BadInput):
            assert isinstance(read(body).params, dict)
