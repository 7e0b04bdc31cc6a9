"""Hugging Face's own InferenceClient on the router: every text task by address, and in a notebook with nothing said."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from hf_nb.offline.people import LEARNER
from tests.clients.inference.asked import QUESTIONS, Question
from tests.clients.inference.conftest import CHAT, GPT, there_is

BY_ADDRESS, IN_A_NOTEBOOK = "InferenceClient, by address", "InferenceClient(), %load_ext hf_nb"
FRANCE = [{"role": "user", "content": "What is the capital of France?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def cells(client: str) -> list[Any]:
    return [
        pytest.param(one, marks=pytest.mark.cell(client, one.operation), id=one.operation)
        for one in QUESTIONS
    ]


@pytest.mark.parametrize("question", cells(BY_ADDRESS))
def test_every_task_answers(tasks, at, question: Question):
    there_is(question.model)
    answer = getattr(tasks, question.method)(**question.given, model=at(question.model, question.path))
    assert question.right(answer), answer


@pytest.mark.parametrize("question", cells(IN_A_NOTEBOOK))
def test_every_task_answers_in_a_notebook_that_says_nothing(hub, notebook, question: Question):
    there_is(question.model)
    ran = notebook.run(
        f"answer = c.{question.method}(**{question.given!r}, model='hfnb-demo/{question.model}')\n"
        "import json\nprint(json.dumps(answer if isinstance(answer, (str, list, dict)) else answer.tolist()))"
    )
    assert ran.error is None, ran.error
    asked = [line["path"] for line in hub.requests() if line["path"].startswith("/router/")]
    assert asked == [
        f"/router/hf-inference/models/hfnb-demo/{question.model}"
        + (f"/pipeline/{question.path}" if question.path else "")
    ]
    assert question.right(read(question, json.loads(ran.stdout)))


def read(question: Question, said):
    """What was printed, as the client's own values again."""
    import huggingface_hub

    if question.method == "feature_extraction":
        return np.array(said)
    if question.method in ("text_generation", "sentence_similarity"):
        return said
    words = "".join(part.title() for part in question.method.split("_"))
    for name in (f"{words}OutputElement", f"{words}Output"):
        if found := getattr(huggingface_hub, name, None):
            return found.parse_obj(said)
    raise AssertionError(question.method)


@pytest.mark.cell(BY_ADDRESS, "text-generation, streamed")
def test_a_text_streams_and_is_the_same_as_the_whole_one(tasks, at):
    how = {"max_new_tokens": 12, "do_sample": False, "model": at("pydoc-gpt")}
    whole = tasks.text_generation("Return the list of", **how)
    parts = list(tasks.text_generation("Return the list of", stream=True, **how))
    assert "".join(parts) == whole
    assert len(parts) >= 6


@pytest.mark.cell(BY_ADDRESS, "text-generation, details")
def test_a_text_comes_with_its_details(tasks, at):
    answer = tasks.text_generation(
        "Return the list of", max_new_tokens=2, details=True, model=at("pydoc-gpt")
    )
    assert answer.details.finish_reason == "length"
    assert answer.details.generated_tokens == 2


@pytest.mark.cell(BY_ADDRESS, "chat")
def test_a_chat_answers(official):
    answer = official.chat_completion(FRANCE, model=CHAT, max_tokens=40)
    assert "Paris" in answer.choices[0].message.content
    assert answer.usage.completion_tokens > 0
    assert answer.choices[0].finish_reason == "stop"


@pytest.mark.cell(BY_ADDRESS, "chat, streamed")
def test_a_chat_streams(official):
    chunks = list(official.chat_completion(FRANCE, model=CHAT, max_tokens=40, stream=True))
    assert "Paris" in "".join(one.choices[0].delta.content or "" for one in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"


@pytest.mark.cell(BY_ADDRESS, "chat, tools")
def test_a_chat_wants_a_tool(official):
    answer = official.chat_completion(
        [{"role": "user", "content": "What is the weather in Paris?"}],
        model=CHAT,
        tools=[TOOL],
        tool_choice="required",
        max_tokens=60,
    )
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "get_weather"
    assert "city" in json.loads(call.function.arguments)
    assert answer.choices[0].finish_reason == "tool_calls"


@pytest.mark.cell(BY_ADDRESS, "chat, json schema")
def test_a_chat_keeps_to_a_schema(official):
    schema = {
        "type": "object",
        "properties": {"city": {"enum": ["Paris", "Lyon"]}},
        "required": ["city"],
        "additionalProperties": False,
    }
    answer = official.chat_completion(
        FRANCE,
        model=CHAT,
        max_tokens=60,
        response_format={"type": "json_schema", "json_schema": {"name": "city", "schema": schema}},
    )
    assert set(json.loads(answer.choices[0].message.content)) == {"city"}


@pytest.mark.cell(IN_A_NOTEBOOK, "chat")
def test_a_chat_in_a_notebook_goes_to_the_hub_of_this_machine(hub, notebook):
    ran = notebook.run(
        f"a = c.chat_completion({FRANCE!r}, model={CHAT!r}, max_tokens=40)\nprint(a.choices[0].message.content)"
    )
    assert ran.error is None, ran.error
    assert "Paris" in ran.stdout
    assert [line["path"] for line in hub.requests() if "router" in line["path"]] == [
        "/router/v1/chat/completions"
    ]


@pytest.mark.cell(IN_A_NOTEBOOK, "chat, hf-inference")
def test_a_provider_by_name_in_a_notebook_does_too(hub, notebook):
    ran = notebook.run(
        "c2 = InferenceClient(provider='hf-inference')\n"
        f"a = c2.chat_completion({FRANCE!r}, model={CHAT!r}, max_tokens=40)\nprint(a.choices[0].message.content)"
    )
    assert ran.error is None, ran.error
    assert "Paris" in ran.stdout


LATE = f"""
from huggingface_hub import InferenceClient, constants
import huggingface_hub.inference._providers as providers
before = constants.INFERENCE_PROXY_TEMPLATE
get_ipython().run_line_magic("load_ext", "hf_nb")
client = InferenceClient(token="{LEARNER}")
assert before == "https://router.huggingface.co/{{provider}}"
print(constants.INFERENCE_PROXY_TEMPLATE.startswith("http://127.0.0.1:"))
print(client.text_classification("I love it", model="hfnb-demo/sentiment-en")[0].label)
print(providers.CONVERSATIONAL_AUTO_ROUTER.base_url == constants.ENDPOINT + "/router")
"""


@pytest.mark.cell(IN_A_NOTEBOOK, "text-classification")
def test_a_client_imported_before_is_turned_too(kernel):
    ran = kernel.run(LATE)
    assert ran.error is None, ran.error
    told = ran.stdout.split("for help")[-1].split()
    assert told == ["True", "positive", "True"]


ELSEWHERE = """
%load_ext hf_nb
from huggingface_hub import constants
import huggingface_hub.inference._providers as providers
kept = {one.base_url for one in providers.PROVIDERS["hf-inference"].values()}
print(constants.INFERENCE_PROXY_TEMPLATE, *kept, providers.CONVERSATIONAL_AUTO_ROUTER.base_url)
"""


def test_for_a_hub_elsewhere_nothing_is_changed(hub):
    from tests.kernels import Kernel

    with Kernel({**hub.environment, "HF_ENDPOINT": "https://hub.example"}) as kernel:
        ran = kernel.run(ELSEWHERE)
    assert ran.stdout.split()[-3:] == [
        "https://router.huggingface.co/{provider}",
        "https://router.huggingface.co/hf-inference",
        "https://router.huggingface.co",
    ]


@pytest.mark.cell(BY_ADDRESS, "errors")
def test_errors_are_its_own(tasks, official, at):
    from huggingface_hub import InferenceClient
    from huggingface_hub.errors import BadRequestError, HfHubHTTPError

    with pytest.raises(BadRequestError, match='"n" must be 1'):
        official.chat_completion(FRANCE, model=CHAT, n=2)
    for model, status in ((GPT, 404), ("hfnb-demo/nothing", 404)):
        with pytest.raises(HfHubHTTPError) as caught:
            official.chat_completion(FRANCE, model=model)
        assert caught.value.response.status_code == status
    with pytest.raises(HfHubHTTPError, match="top_k") as caught:
        tasks.text_classification("I love it", top_k=-3, model=at("sentiment-en"))
    assert caught.value.response.status_code == 422
    with pytest.raises(HfHubHTTPError) as caught:
        InferenceClient(token="hf_nobody_at_all").text_classification("x", model=at("sentiment-en"))
    assert caught.value.response.status_code == 401
