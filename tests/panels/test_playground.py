"""The Playground's questions, asked as a page asks them: forms, who would answer, runs; models to choose from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hf_nb import tasks
from hf_nb.infer import asked
from hf_nb.panels.playground import given
from hf_nb.plumbing.session import Session
from tests.kernels import Kernel
from tests.panels.asking import Page, until
from tests.panels.shapes import fits

MODEL = "hfnb-demo/sentiment-en"
TOKEN = "hf_" + "a" * 34


def test_every_task_that_can_be_run_can_be_tried(page: Page):
    found = page.ask("playground.tasks")
    fits("playground", "Tasks", found)
    assert {one["value"] for one in found["tasks"]} == set(tasks.TASKS)
    assert len({one["label"] for one in found["tasks"]}) == len(tasks.TASKS)


@pytest.mark.parametrize("task", tasks.TASKS)
def test_a_form_has_all_controls_and_examples_that_the_engine_takes(task: str, page: Page):
    form = page.ask("playground.form", task=task)
    fits("playground", "Form", form)
    assert {one["name"] for one in form["controls"]} == asked.known(task)
    row = tasks.TASKS[task]
    assert form["examples"]
    for one in form["examples"]:
        assert one["label"]
        assert asked.checked(row, given.taken(row, one["input"]))
    assert asked.checked(row, given.taken(row, form["examples"][0]["input"])) == asked.checked(
        row, row.example
    )


def test_columns_with_numbers_for_names_stay_in_their_order_and_two_of_one_name_stay_two():
    row = tasks.TASKS["table-question-answering"]
    table = {"columns": ["city", "2020", "2019", "city"], "rows": [["Bern", "1", "2", "x"]]}
    taken = given.taken(row, {"query": "q", "table": table})
    assert list(taken["table"]) == ["city", "2020", "2019", "city 2"]
    assert given.shown(row, taken)["table"]["columns"] == list(taken["table"])


def test_who_would_answer_is_said_with_the_reason_before_anything_is_asked_of_it(
    page: Page, session: Session
):
    found = page.ask("playground.place", task="text-classification", model=MODEL)
    fits("playground", "Placed", found)
    chosen = found["chosen"]
    assert (chosen["method"], chosen["model"], chosen["remote"]) == ("local", MODEL, False)
    assert "the model you named" in chosen["reason"]
    ways = {one["value"]: one for one in found["methods"]}
    assert ways["local"]["can"]
    assert (ways["hf"]["can"], ways["hf"]["why"]) == (False, "no token")
    assert session.ledger.uses() == (), "looking is no use"


def test_the_card_of_a_model_brings_its_examples_in_the_form_of_the_task(page: Page):
    for task, model in (
        ("question-answering", "hfnb-demo/qa-en"),
        ("zero-shot-classification", "hfnb-demo/nli-en"),
        ("sentence-similarity", "hfnb-demo/similar-en"),
        ("chat", "hfnb-demo/chat-en"),
        ("table-question-answering", "hfnb-demo/table-qa-en"),
    ):
        examples = page.ask("playground.place", task=task, model=model)["examples"]
        row = tasks.TASKS[task]
        assert examples, model
        for one in examples:
            assert asked.checked(row, given.taken(row, one["input"])), model
    other = page.ask("playground.place", task="chat", model="hfnb-demo/chat-en")["examples"]
    assert other[0]["label"] == "What is the capital of Italy?"


def test_what_cannot_be_asked_is_an_answer_with_the_nearest_ids(page: Page):
    found = page.ask("playground.place", task="text-classification", model="hfnb-demo/sentimnt-en")
    fits("playground", "Placed", found)
    assert found["chosen"] is None
    assert MODEL in found["wrong"]["nearest"]
    other = page.ask("playground.place", task="chat", model=MODEL)
    assert "not for chat" in other["wrong"]["message"]


def test_models_to_choose_from_come_twice_and_fit_the_task(page: Page):
    going = page.begin("models.choices", task="text-classification", text="")
    found = going.answer()
    fits("playground", "ModelChoices", found)
    fits("playground", "ModelChoices", going.events[0])
    assert going.events[0] == {"choices": [], "looked": False, "wrong": None}
    groups = {one["id"]: one["group"] for one in found["choices"]}
    assert groups[MODEL] == "callable"
    assert {one["task"] for one in found["choices"]} == {"text-classification"}
    gated = next(one for one in found["choices"] if one["id"] == "hfnb-lab/sentiment-de")
    assert gated["note"] == "gated"
    chats = page.ask("models.choices", task="chat", text="")["choices"]
    assert "hfnb-demo/chat-en" in {one["id"] for one in chats}
    assert "hfnb-demo/pydoc-gpt" not in {one["id"] for one in chats}, "it has no template"
    assert page.ask("models.choices", text="no such model anywhere")["choices"] == []


@pytest.mark.slow
def test_what_is_here_can_be_chosen_where_the_hub_is_silent(page: Page, hub, session: Session):
    page.ask("playground.run", task="text-classification", model=MODEL, input="I love it")
    with hub.fault("status", match="/api/*", status=503):
        found = page.ask("models.choices", task="text-classification", text="sentiment")
    assert [(one["id"], one["group"]) for one in found["choices"]] == [(MODEL, "loaded")]
    assert found["wrong"]
    assert not found["looked"]


@pytest.mark.slow
def test_a_run_tells_what_was_asked_what_loads_the_answer_and_its_numbers(page: Page, session: Session):
    session.settings.answers_cache = 20_000_000
    asked_for: dict[str, Any] = {
        "task": "text-generation",
        "input": "Return the list of",
        "params": {"max_new_tokens": 200, "temperature": 0},
    }
    going = page.begin("playground.run", **asked_for)
    ran = going.answer()
    fits("playground", "Ran", ran)
    for event in going.events:
        fits("playground", "Telling", event)
    assert going.events[0] == {"asked": {"input": asked_for["input"], "params": asked_for["params"]}}
    assert any("step" in one for one in going.events)
    assert any("said" in one for one in going.events), "it comes while it is written"
    assert (ran["method"], ran["cost"]) == ("local", 0.0)
    assert 0 < ran["written"] <= 200
    assert 0 < ran["first"] < ran["seconds"]
    assert ran["rate"] > 0
    again = page.ask("playground.run", **asked_for)
    assert again["kept"]
    assert again["said"] == ran["said"]
    assert page.ask("playground.run", **asked_for, fresh=True)["kept"] is None


@pytest.mark.slow
def test_a_stop_stops_the_model(page: Page, session: Session):
    slow = page.begin(
        "playground.run", task="text-generation", input="Return a new", params={"max_new_tokens": 400}
    )
    while not slow.event(60).get("said"):
        pass
    slow.cancel()
    until(lambda: not page.desk._running)
    until(lambda: not any(one.state in ("running", "queued") for one in session.jobs.seen()))


@pytest.mark.slow
def test_every_kind_of_input_runs_as_its_form_shows_it(page: Page):
    for task in ("question-answering", "zero-shot-classification", "sentence-similarity", "chat"):
        example = page.ask("playground.form", task=task)["examples"][-1]
        ran = page.ask("playground.run", task=task, input=example["input"])
        fits("playground", "Ran", ran)
        assert ran["said"], task


@pytest.mark.slow
def test_a_token_that_was_pasted_is_in_nothing_that_may_be_kept(page: Page):
    going = page.begin("playground.run", task="text-classification", input=f"my token is {TOKEN}")
    ran = going.answer()
    assert TOKEN not in json.dumps([going.events, ran])
    assert "my token is" in going.events[0]["asked"]["input"]


def test_what_cannot_be_run_is_refused_with_a_next_step(page: Page):
    cases: list[tuple[dict[str, Any], str]] = [
        ({"task": "text-classification", "input": "  "}, "BadInput"),
        ({"task": "question-answering", "input": {"question": "who?"}}, "BadInput"),
        ({"task": "text-to-image", "input": "x"}, "BadInput"),
        ({"task": "chat", "input": "x", "params": {"temprature": 1}}, "BadInput"),
        ({"task": "chat", "input": "x", "model": "hfnb-demo/chatt-en"}, "NotFound"),
    ]
    for args, kind in cases:
        said = page.refused("playground.run", **args)
        assert (said["type"], bool(said["hint"])) == (kind, True), (args, said)
    without = Page(page.desk.session, kernel=False)
    assert without.refused("playground.run", task="chat", input="x")["type"] == "Refused"


@pytest.mark.slow
def test_the_code_of_a_run_gives_the_same_in_a_kernel(page: Page, kernel: Kernel):
    kernel.run("%load_ext hf_nb")
    table = {"columns": ["city", "people"], "rows": [["Basel", "177000"], ["Lyon", "522000"]]}
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is the capital of France?"},
    ]
    for asked_for in (
        {
            "task": "text-classification",
            "input": 'It said "fine", {nobody} cried\nI did',
            "params": {"top_k": 1},
        },
        {
            "task": "question-answering",
            "input": {"question": "Where is Nora?", "context": "Nora is in Oslo."},
        },
        {
            "task": "table-question-answering",
            "input": {"query": "Which has the most people?", "table": table},
        },
        {
            "task": "text-generation",
            "model": "hfnb-demo/pydoc-gpt",
            "provider": "local",
            "input": "Return",
            "params": {"max_new_tokens": 5, "stop": ["\n\n", "a b"], "do_sample": False},
        },
        {"task": "chat", "input": {"messages": messages}, "params": {"max_tokens": 8}},
    ):
        code = page.ask("playground.code", **asked_for)
        ran = page.ask("playground.run", **asked_for)
        assert ran["code"] == code
        for text in (code["magic"], code["python"]):
            done = kernel.run(text)
            assert done.error is None, (text, done.error)
            assert ran["said"].split("\n")[0] in done.text, text
