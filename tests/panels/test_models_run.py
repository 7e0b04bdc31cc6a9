"""A model tried from its panel, and the code beside it run in a kernel."""

from __future__ import annotations

import re

import pytest

from hf_nb.plumbing.session import Session
from tests.kernels import Kernel
from tests.panels.asking import Page, until
from tests.panels.shapes import fits

pytestmark = pytest.mark.slow  # it loads torch
MODEL = "hfnb-demo/sentiment-en"


def test_an_example_is_run_drawn_and_remembered(page: Page):
    details = page.ask("models.details", id=MODEL)
    ran = page.ask("models.run", id=MODEL, task=details["row"]["task"], input=details["example"]["input"])
    fits("models", "Ran", ran)
    assert "positive" in ran["text"]
    assert 'class="hfnb' in ran["html"]
    assert ran["source"].startswith(f"{MODEL} · local (cpu) · ")
    assert ran["code"] == details["example"]["code"]
    row = page.ask("models.details", id=MODEL)["row"]
    assert row["status"] == "loaded"
    assert row["speed"]["calls"] == 1
    assert row["speed"]["seconds"] > 0


def test_an_answer_that_is_written_comes_bit_by_bit_and_a_stop_ends_it(page: Page, session: Session):
    from hf_nb.plumbing import jobs

    id = "hfnb-demo/pydoc-gpt"
    going = page.begin("models.run", id=id, task="text-generation", input="Return the list of")
    ran = going.answer(60)
    assert going.events
    for event in going.events:
        assert event.keys() == {"html", "text"}
    assert "Return the list of" in re.sub(r"<[^>]*>", "", ran["html"])
    slow = page.begin("models.run", id=id, task="text-generation", input="Return a new list of the")
    slow.event(60)
    slow.cancel()
    until(lambda: not page.desk._running)
    until(lambda: not any(one.state in ("running", "queued") for one in session.jobs.seen()))
    assert jobs.ENDED
    assert page.ask("models.run", id=MODEL, input="I love it")["text"], "the next one is answered"


@pytest.mark.parametrize("id", ["hfnb-demo/qa-en", "hfnb-demo/similar-en", "hfnb-demo/chat-en"])
def test_examples_of_several_fields_run_as_they_are_shown(id: str, page: Page):
    details = page.ask("models.details", id=id)
    ran = page.ask("models.run", id=id, task=details["row"]["task"], input=details["example"]["input"])
    fits("models", "Ran", ran)
    assert ran["text"]


def test_what_cannot_be_run_is_refused_with_a_next_step(page: Page):
    cases = [
        ({"id": "hfnb-demo/sentimnt-en", "input": "x"}, "NotFound"),
        ({"id": MODEL, "input": "  "}, "BadInput"),
        ({"id": "hfnb-demo/qa-en", "task": "question-answering", "input": "{no json"}, "BadInput"),
        ({"id": MODEL, "task": "text-to-image", "input": "x"}, "BadInput"),
        ({"id": "../../tmp", "input": "x"}, "BadInput"),
    ]
    for args, kind in cases:
        said = page.refused("models.run", **args)
        assert (said["type"], bool(said["hint"])) == (kind, True), (args, said)
    assert (
        Page(page.desk.session, kernel=False).refused("models.run", id=MODEL, input="x")["type"] == "Refused"
    )


def test_the_code_beside_an_answer_runs_in_a_kernel(page: Page, kernel: Kernel):
    kernel.run("%load_ext hf_nb")
    details = page.ask("models.details", id=MODEL)
    codes = [
        details["example"]["code"],
        page.ask(
            "models.code", id=MODEL, task="text-classification", input='It said "fine", {nobody} cried\nI did'
        ),
        page.ask("models.search", text="sentiment", language="en", size="<100M", callable=True, limit=3)[
            "code"
        ],
        page.ask("models.search", cached=True)["code"],
        page.ask("spaces.search", text="demo", sdk="gradio", state="running", sort="likes")["code"],
    ]
    for code in codes:
        for text in (code["magic"], code["python"]):
            ran = kernel.run(text)
            assert ran.error is None, (text, ran.error)
            assert ran.text, text
