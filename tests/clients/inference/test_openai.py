"""OpenAI's own client on the router."""

from __future__ import annotations

import json

import pytest

from tests.clients.inference.conftest import CHAT, GPT
from tests.clients.inference.test_official import FRANCE, TOOL

OPENAI = "openai"


@pytest.mark.cell(OPENAI, "chat")
def test_a_chat_answers(spoken):
    answer = spoken.chat.completions.create(model=CHAT, messages=FRANCE, max_tokens=40)
    assert "Paris" in answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@pytest.mark.cell(OPENAI, "chat, streamed")
def test_a_chat_streams_with_its_usage(spoken):
    stream = spoken.chat.completions.create(
        model=CHAT, messages=FRANCE, max_tokens=40, stream=True, stream_options={"include_usage": True}
    )
    *chunks, last = list(stream)
    assert "Paris" in "".join(one.choices[0].delta.content or "" for one in chunks)
    assert last.choices == []
    assert last.usage.completion_tokens > 0


@pytest.mark.cell(OPENAI, "chat, tools")
def test_a_chat_wants_a_tool(spoken):
    answer = spoken.chat.completions.create(
        model=CHAT,
        messages=[{"role": "user", "content": "What is the weather in Paris?"}],
        tools=[TOOL],
        tool_choice="required",
        max_tokens=60,
    )
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "get_weather"
    assert "city" in json.loads(call.function.arguments)


@pytest.mark.cell(OPENAI, "text-generation")
@pytest.mark.cell(OPENAI, "text-generation, streamed")
def test_a_text_is_the_same_whole_and_in_pieces(spoken):
    how = {"model": GPT, "prompt": "Return the list of", "max_tokens": 10, "temperature": 0}
    whole = spoken.completions.create(**how)
    parts = list(spoken.completions.create(stream=True, **how))
    assert "".join(one.choices[0].text for one in parts) == whole.choices[0].text
    assert whole.choices[0].finish_reason == "length"
    assert whole.usage.completion_tokens == 10
    assert len(parts) > 5


@pytest.mark.cell(OPENAI, "feature-extraction")
def test_embeddings_come_as_the_client_asks_for_them(spoken):
    # left alone, it asks for base64
    packed = spoken.embeddings.create(model="hfnb-demo/similar-en", input=["a quiet room", "a loud street"])
    plain = spoken.embeddings.create(
        model="hfnb-demo/similar-en", input=["a quiet room", "a loud street"], encoding_format="float"
    )
    assert [len(one.embedding) for one in packed.data] == [96, 96]
    for one, other in zip(packed.data, plain.data, strict=True):
        assert one.embedding == pytest.approx(other.embedding, abs=1e-6)


@pytest.mark.cell(OPENAI, "models")
def test_models_are_listed_with_who_serves_them(spoken):
    listed = {one.id: one for one in spoken.models.list()}
    assert {CHAT, GPT} <= set(listed)
    one = spoken.models.retrieve(GPT)
    assert one.id == GPT
    assert [provider["provider"] for provider in one.providers] == [
        "hf-inference",
        "swift-demo",
        "thrifty-demo",
    ]


@pytest.mark.cell(OPENAI, "errors")
def test_errors_are_its_own(spoken):
    import openai

    with pytest.raises(openai.BadRequestError, match='"n" must be 1'):
        spoken.chat.completions.create(model=CHAT, messages=FRANCE, n=2)
    with pytest.raises(openai.NotFoundError) as caught:
        spoken.chat.completions.create(model="hfnb-demo/nothing", messages=FRANCE)
    assert caught.value.code == "model_not_found"
    with pytest.raises(openai.AuthenticationError):
        spoken.with_options(api_key="hf_nobody_at_all").chat.completions.create(model=CHAT, messages=FRANCE)


@pytest.mark.cell(OPENAI, "errors")
def test_an_error_inside_a_stream_is_raised(hub, spoken):
    import openai

    with hub.fault("error-event", match="POST /router/v1/completions", at=2):
        stream = spoken.completions.create(model=GPT, prompt="Return the list of", max_tokens=10, stream=True)
        with pytest.raises(openai.APIError, match="overloaded"):
            list(stream)
