"""What the router answers, with a stand-in for the engine: the formats, who may ask what, and what is refused."""

from __future__ import annotations

import base64
import json
import struct
import time
from typing import Any

import pytest

from hf_nb.offline.running import start
from hf_nb.plumbing.wire.sse import events
from tests.offline.router.conftest import CHAT, CLASSES, GATED, SECRET, VECTORS
from tests.offline.small import STRANGER


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"model": CHAT, "messages": [{"role": "user", "content": text}], **more}


def streamed(answer: Any) -> list[Any]:
    found = [event.data for event in events([answer.content])]
    return [json.loads(one) if one != "[DONE]" else one for one in found]


def test_a_chat_is_one_message_with_its_tokens_counted(router):
    answer = router("v1/chat/completions", said("one two three"))
    found = answer.json()
    assert answer.headers["x-inference-provider"] == "swift-demo"
    assert found["object"] == "chat.completion"
    assert found["model"] == CHAT
    assert found["choices"] == [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "one two three "},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ]
    assert found["usage"] == {"prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6}


def test_a_stream_says_the_same_and_ends_with_its_mark(router):
    answer = router("v1/chat/completions", said("one two three", stream=True))
    *chunks, done = streamed(answer)
    assert answer.headers["content-type"] == "text/event-stream"
    assert "content-length" not in answer.headers
    assert done == "[DONE]"
    assert "".join(one["choices"][0]["delta"].get("content", "") for one in chunks) == "one two three "
    assert [one["choices"][0]["finish_reason"] for one in chunks][-2:] == [None, "stop"]
    assert len({one["id"] for one in chunks}) == 1
    assert not any("usage" in one for one in chunks)


def test_usage_comes_in_a_chunk_of_its_own_when_asked_for(router):
    answer = router(
        "v1/chat/completions", said("one two", stream=True, stream_options={"include_usage": True})
    )
    *chunks, last, done = streamed(answer)
    assert all(one["usage"] is None for one in chunks)
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == 2
    assert done == "[DONE]"


@pytest.mark.parametrize("stream", [False, True])
def test_a_call_of_a_tool_is_told(router, stream):
    answer = router("v1/chat/completions", said("look", stream=stream, tools=[{"type": "function"}]))
    if stream:
        choices = [one["choices"][0] for one in streamed(answer)[:-1]]
        calls = [one["delta"]["tool_calls"][0] for one in choices if "tool_calls" in one["delta"]]
        assert calls[0].pop("index") == 0
        assert choices[-1]["finish_reason"] == "tool_calls"
    else:
        calls = answer.json()["choices"][0]["message"]["tool_calls"]
        assert answer.json()["choices"][0]["finish_reason"] == "tool_calls"
    assert calls == [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]


def test_parameters_reach_the_model_in_its_own_names(router):
    answer = router(
        "v1/completions",
        {"model": CHAT, "prompt": "parameters", "max_tokens": 4, "temperature": 0, "stop": "x", "user": "me"},
    )
    assert json.loads(answer.json()["choices"][0]["text"]) == {
        "do_sample": False,
        "max_new_tokens": 4,
        "stop": ["x"],
    }


def test_a_completion_streams_its_text(router):
    *chunks, done = streamed(router("v1/completions", {"model": CHAT, "prompt": "a b", "stream": True}))
    assert "".join(one["choices"][0]["text"] for one in chunks) == "a b "
    assert done == "[DONE]"


def test_embeddings_come_as_numbers_or_packed(router):
    body = {"model": VECTORS, "input": ["a", "bcd"]}
    plain = router("v1/embeddings", body).json()
    packed = router("v1/embeddings", body | {"encoding_format": "base64"}).json()
    assert [one["embedding"] for one in plain["data"]] == [[1.0, 0.5], [3.0, 0.5]]
    assert struct.unpack("<2f", base64.b64decode(packed["data"][1]["embedding"])) == (3.0, 0.5)


def test_a_task_route_answers_in_its_own_form_best_first(router):
    answer = router(f"hf-inference/models/{CLASSES}", {"inputs": "x"})
    assert answer.json() == [[{"label": "b", "score": 0.75}, {"label": "a", "score": 0.25}]]
    assert answer.headers["x-inference-provider"] == "hf-inference"


def test_text_generation_streams_as_its_own_server_does(router):
    answer = router(f"hf-inference/models/{CHAT}", {"inputs": "a b", "stream": True})
    *tokens, last = streamed(answer)
    assert [one["token"]["text"] for one in tokens] == ["a ", "b "]
    assert last["generated_text"] == "a b "
    assert last["details"]["generated_tokens"] == 2


@pytest.mark.parametrize(
    ("suffix", "provider"),
    [
        ("", "swift-demo"),
        (":fastest", "swift-demo"),
        (":cheapest", "thrifty-demo"),
        (":preferred", "hf-inference"),
        (":hf-inference", "hf-inference"),
    ],
)
def test_a_suffix_chooses_who_answers(router, suffix, provider):
    answer = router("v1/chat/completions", said("hello") | {"model": CHAT + suffix})
    assert answer.headers["x-inference-provider"] == provider
    assert answer.json()["model"] == CHAT


def test_a_provider_can_be_asked_by_its_address(router):
    assert router("thrifty-demo/v1/completions", {"model": CHAT, "prompt": "a"}).headers[
        "x-inference-provider"
    ] == ("thrifty-demo")
    assert router("nobody/v1/completions", {"model": CHAT, "prompt": "a"}).status_code == 404


def test_the_thrifty_one_takes_its_time(router):
    seconds = {}
    for name in ("swift-demo", "thrifty-demo"):
        began = time.perf_counter()
        router("v1/chat/completions", said("a b c d e f g h i j") | {"model": f"{CHAT}:{name}"})
        seconds[name] = time.perf_counter() - began
    assert seconds["thrifty-demo"] > 0.55
    assert seconds["swift-demo"] < seconds["thrifty-demo"] - 0.2


def test_the_list_the_page_and_the_search_agree_about_who_serves_what(parrots, client):
    listed = {one["id"]: one for one in client.get("v1/models").json()["data"]}
    assert set(listed) == {CHAT, CLASSES, VECTORS}
    api = f"{parrots.url}/api/models"
    for id, one in listed.items():
        names = [provider["provider"] for provider in one["providers"]]
        expand = {"expand[]": ["inferenceProviderMapping", "inference"]}
        info = client.get(f"{api}/{id}", params=expand).json()
        assert [said["provider"] for said in info["inferenceProviderMapping"]] == names
        assert {said["task"] for said in info["inferenceProviderMapping"]} == {one["task"]}
        assert info["inference"] == "warm"
        assert one == client.get(f"v1/models/{id}").json()
        assert one == client.get(f"v1/models/{id.replace('/', '%2F')}").json()
        for name in ("hf-inference", "swift-demo", "thrifty-demo"):
            found = client.get(api, params={"inference_provider": name}).json()
            assert (id in [model["id"] for model in found]) == (name in names)
    assert {one["id"] for one in client.get("swift-demo/v1/models").json()["data"]} == {CHAT}
    first = listed[CHAT]["providers"][0]
    assert first["context_length"] == 128
    assert first["supports_tools"] is True
    assert first["pricing"]["input"] > 0


PICTURE = [{"role": "user", "content": [{"type": "image_url"}]}]
BAD: list[tuple[str, dict[str, Any], int, str]] = [
    ("v1/chat/completions", {"model": CHAT}, 400, "messages"),
    ("v1/chat/completions", said("x", n=2), 400, '"n" must be 1'),
    ("v1/chat/completions", said("x", logprobs=True), 400, "logprobs"),
    ("v1/chat/completions", said("x", max_tokens=0), 400, "max_tokens"),
    ("v1/chat/completions", said("x", temperature=9), 400, "temperature"),
    ("v1/chat/completions", said("x", response_format="json"), 400, "response_format"),
    ("v1/chat/completions", {"messages": said("x")["messages"]}, 400, '"model"'),
    ("v1/chat/completions", said("x") | {"model": "learner/nothing"}, 404, "does not exist"),
    ("v1/chat/completions", said("x") | {"model": CLASSES}, 404, "text-classification"),
    ("v1/chat/completions", said("x") | {"model": f"{CHAT}:nobody"}, 404, "swift-demo"),
    ("v1/chat/completions", said("x") | {"messages": PICTURE}, 400, "text"),
    ("v1/embeddings", {"model": VECTORS, "input": []}, 400, "input"),
    ("v1/embeddings", {"model": CLASSES, "input": "x"}, 404, "feature-extraction"),
    ("v1/completions", {"model": CHAT, "prompt": ["a", "b"]}, 400, "prompt"),
    (f"hf-inference/models/{CLASSES}", {"input": "x"}, 400, "inputs"),
    (f"hf-inference/models/{CLASSES}", {"inputs": ["x"]}, 400, "expects a text"),
    (f"hf-inference/models/{CLASSES}/pipeline/fill-mask", {"inputs": "x"}, 404, "fill-mask"),
    (f"hf-inference/models/{CLASSES}/pipeline/cooking", {"inputs": "x"}, 404, "cooking"),
    ("hf-inference/models/learner/nothing", {"inputs": "x"}, 404, "not found"),
    ("v1/chat/completions", said("busy"), 503, "Too much"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "status", "words"), BAD)
def test_what_is_wrong_is_said(router, path, body, status, words):
    answer = router(path, body)
    error = answer.json()["error"]
    assert answer.status_code == status, answer.text
    assert words in (error if isinstance(error, str) else error["message"])
    assert answer.headers["x-error-message"]


def test_a_busy_engine_says_when_to_come_back(router):
    assert router("v1/chat/completions", said("busy", stream=True)).headers["retry-after"] == "7"


def test_no_token_and_nobodys_token_are_refused(parrots):
    from huggingface_hub.utils import httpx

    for headers in ({}, {"authorization": "Bearer hf_nobody"}):
        answer = httpx.post(
            f"{parrots.url}/router/v1/chat/completions", json=said("x"), headers=headers, trust_env=False
        )
        assert answer.status_code == 401


def test_a_private_model_answers_its_own_people_alone(router):
    body = said("hello") | {"model": SECRET}
    stranger = {"authorization": f"Bearer {STRANGER}"}
    assert router("v1/chat/completions", body).status_code == 200
    hidden = router("v1/chat/completions", body, **stranger)
    missing = router("v1/chat/completions", body | {"model": "learner/nothin"}, **stranger)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace("secret", "nothin") == missing.text
    address = f"hf-inference/models/{SECRET}"
    assert router(address, {"inputs": "x"}).status_code == 200
    assert router(address, {"inputs": "x"}, **stranger).status_code == 404


def test_a_gated_model_answers_those_who_were_let_in(router):
    body = said("hello") | {"model": GATED}
    assert router("v1/chat/completions", body).status_code == 200
    answer = router("v1/chat/completions", body, authorization=f"Bearer {STRANGER}")
    assert answer.status_code == 403
    assert answer.headers["x-error-code"] == "GatedRepo"


def test_a_former_name_still_answers(router):
    assert router("v1/chat/completions", said("hello") | {"model": "talks"}).json()["model"] == CHAT
    assert router("hf-inference/models/talks", {"inputs": "a b"}).json() == [{"generated_text": "a b "}]


def test_half_a_character_is_no_text(client):
    answer = client.post(f"hf-inference/models/{CLASSES}", content=b'{"inputs": "\\ud800"}')
    assert answer.status_code == 400
    assert "surrogate" in answer.json()["error"]


def test_too_long_a_body_is_refused(router):
    assert router("v1/chat/completions", said("x" * (33 << 20))).status_code == 413


def test_a_hub_without_an_engine_says_so(router_root, tmp_path):
    from huggingface_hub.utils import httpx

    from hf_nb.offline.store import Store
    from tests.offline.small import LEARNER

    root = tmp_path / "store"
    Store.overlay(router_root, root).close()
    with start(root) as hub:
        answer = httpx.post(
            f"{hub.url}/router/v1/chat/completions",
            json=said("x"),
            headers={"authorization": f"Bearer {LEARNER}"},
            trust_env=False,
        )
    assert answer.status_code == 501
    assert "hub serve" in answer.json()["error"]["message"]


def test_the_limits_of_the_hub_count_here_too(router_root, tmp_path):
    from huggingface_hub.utils import httpx

    from hf_nb.offline.store import Store

    root = tmp_path / "store"
    Store.overlay(router_root, root).close()
    with start(root, limits="api=2") as hub:
        answers = [httpx.get(f"{hub.url}/router/v1/models", trust_env=False) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "ratelimit" in answers[-1].headers
