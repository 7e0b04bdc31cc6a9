"""Conversations: what is tested is never shown, answers are right, and the template writes what was trained on."""

import json
from itertools import islice
from typing import Any

import pytest

from hf_nb.offline.content.trainers import chatting, conversations, talk
from hf_nb.offline.content.trainers.talk import Talk


@pytest.fixture(scope="module")
def made() -> list[Talk]:
    return list(islice(conversations.Conversations(3).talks(), 6000))


@pytest.fixture(scope="module")
def tested() -> dict[str, list[Talk]]:
    return conversations.held_out()


def test_what_is_tested_is_never_trained_on(made: list[Talk], tested: dict[str, list[Talk]]) -> None:
    shown = {(one.ability, key) for one in made for key in one.keys}
    asked = {(one.ability, one.keys[-1]) for talks in tested.values() for one in talks}
    assert len(asked) > 300
    assert not shown & asked


def test_every_ability_is_trained_and_tested(made: list[Talk], tested: dict[str, list[Talk]]) -> None:
    assert {one.ability for one in made} == set(conversations.ABILITIES) == set(tested)
    assert {len(talks) for talks in tested.values()} == {conversations.TESTED}


def test_a_call_names_a_tool_of_the_list_and_its_arguments_and_copies_from_the_question(
    made: list[Talk],
) -> None:
    calls = [one for one in made if one.messages[-1].get("tool_calls")]
    assert len(calls) > 200
    for one in calls:
        call = one.messages[-1]["tool_calls"][0]["function"]
        named = {each["function"]["name"]: each["function"]["parameters"] for each in one.tools}
        assert set(named[call["name"]]["required"]) == set(call["arguments"])
        question = one.messages[-2]["content"]
        assert all(str(value) in question for value in call["arguments"].values())
        assert json.loads(one.answer.removeprefix(talk.CALL).removesuffix(talk.CALLED)) == call


def test_json_answers_hold_what_the_sentence_says(made: list[Talk]) -> None:
    for one in made:
        if one.ability == "json":
            said = one.messages[-2]["content"]
            assert all(str(value) in said for value in json.loads(one.answer).values())


def _template() -> Any:
    environment = pytest.importorskip("jinja2.sandbox").ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment.from_string(talk.TEMPLATE)


def test_the_template_writes_what_was_trained_on(made: list[Talk]) -> None:
    template = _template()
    for one in made[:600]:
        text = template.render(messages=list(one.messages), tools=list(one.tools))
        assert text == "".join(part for part, _ in one.rendered())
        asked = template.render(
            messages=list(one.messages[:-1]), tools=list(one.tools), add_generation_prompt=True
        )
        assert asked == one.question


def test_the_template_takes_what_services_send() -> None:
    bare = {"name": "get_time", "description": "The time.", "parameters": {"type": "object"}}
    call = {"id": "1", "type": "function", "function": {"name": "get_time", "arguments": '{"city": "Oslo"}'}}
    text = _template().render(
        tools=[bare],
        messages=[
            {"role": "user", "content": [{"type": "text", "text": "Time"}, {"type": "text", "text": "?"}]},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "1", "content": {"time": "14:30"}},
            {"role": "system", "content": "Be kind."},
        ],
    )
    assert text == (
        "<|system|>Be kind.<|end|><|tools|>get_time() The time.\n<|end|><|user|>Time?<|end|><|assistant|>"
        '<tool_call>{"name": "get_time", "arguments": {"city": "Oslo"}}</tool_call><|end|>'
        '<|tool|>{"time": "14:30"}<|end|>'
    )


def test_the_tokenizer_gives_back_any_text_and_splits_a_word_the_same_way_everywhere() -> None:
    pytest.importorskip("tokenizers")
    tokenizer = chatting._tokenizer(
        chatting.Plan(lambda: conversations.Conversations(3).talks(), conversations.held_out)
    )
    for text in ("Grüße, 東京 🙂\n\tx = [1, 22]", 'say "Reykjavik" to Reykjavik', "what is  the\u00a0of"):
        assert tokenizer.decode(tokenizer.encode(text).ids) == text
    word = tokenizer.encode("Zolbrek").ids
    for text in ('"Zolbrek"', "in Zolbrek", "(Zolbrek)"):
        ids = tokenizer.encode(text).ids
        assert any(ids[at : at + len(word)] == word for at in range(len(ids)))


@pytest.mark.slow  # PyTorch is loaded
def test_before_any_training_it_says_again_what_stood_before() -> None:
    import torch

    from hf_nb.offline.content.trainers.networks import llama, llama_shapes

    plan = chatting.Plan(lambda: conversations.Conversations(3).talks(), conversations.held_out)
    shapes = llama_shapes(vocabulary=plan.vocabulary, size=plan.size, layers=plan.layers, hidden=plan.hidden)
    random = torch.Generator().manual_seed(1)
    once = torch.randint(10, plan.vocabulary, (16, 20), generator=random)
    twice = torch.cat([once, once], 1)
    scores = llama(chatting._start(plan, shapes), twice[:, :-1], layers=plan.layers, heads=plan.heads)
    right = (scores.argmax(-1) == twice[:, 1:])[:, 20:].float().mean().item()
    assert right > 0.9
