"""The Playground as an object of a notebook: what it begins with, runs from Python, its history, its picture."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb.errors import BadInput
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session
from hf_nb.widgets import Playground, panel
from hf_nb.widgets.base import PICTURE

TOKEN = "hf_" + "b" * 34


@pytest.fixture
def used(session: Session):
    """The process's session is the one of this test."""
    sessions.use(session)
    return session


def test_it_begins_with_what_it_is_given_in_the_form_of_the_page():
    table = {"2020": ["1"], "city": ["Bern"]}
    made = Playground(task="table-qa", input={"query": "q", "table": table}, params={"top_k": 2})
    assert made.options == {
        "task": "table-question-answering",
        "input": {"query": "q", "table": {"columns": ["2020", "city"], "rows": [["1", "Bern"]]}},
        "params": {"top_k": 2},
    }
    assert panel("playground", text="hello", task="chat").options["input"] == {
        "messages": [{"role": "user", "content": "hello"}]
    }
    assert [one.name for one in made.controls]
    with pytest.raises(BadInput):
        Playground(task="text-to-imagination")


def test_before_a_run_its_picture_says_so():
    text, html = Playground(task="chat").picture()
    assert "Nothing was run" in text
    assert "run the cell" in html
    assert list(Playground().history) == []


@pytest.mark.slow
def test_runs_from_python_are_its_history_and_its_picture(used: Session):
    ground = Playground(task="text-classification", input="I love it")
    assert ground.run().brief() == ["positive"]
    assert ground.run("It was a very bad film.", top_k=1).brief() == ["negative"]
    first, second = ground.history
    assert (first.text, first.params, first.end) == ("negative", {"top_k": 1}, "done")
    assert (second.input, second.method) == ("I love it", "local")
    frame = ground.history.to_pandas()
    assert list(frame["text"]) == ["negative", "positive"]
    assert (frame["seconds"] > 0).all()
    text, html = ground.picture()
    assert "It was a very bad film." in text
    assert "It was a very bad film." in html
    assert "negative" in html
    assert len(html.encode()) <= PICTURE


@pytest.mark.slow
def test_a_token_that_was_asked_with_is_not_written_into_the_notebook(used: Session):
    ground = Playground()
    ground.run(f"I love {TOKEN}")
    assert TOKEN not in str(ground.options)
    assert TOKEN not in "".join(ground.picture())


def test_what_a_page_kept_is_history_too_whatever_else_is_in_it():
    ground = Playground()
    kept = {
        "task": "chat",
        "model": "",
        "input": {"messages": [{"role": "user", "content": "hi"}]},
        "params": {},
    }
    ground.options = {
        "history": [{**kept, "end": "failed", "wrong": "No.", "html": "", "said": ""}, "x", None]
    }
    (one,) = ground.history
    assert (one.end, one.wrong, one.seconds) == ("failed", "No.", None)
    assert "hi" in ground.picture()[0]


def test_a_result_that_is_too_large_for_a_picture_leaves_the_table():
    ground = Playground()
    kept = {"task": "chat", "input": "hi", "params": {}, "end": "done", "said": "words"}
    ground.options = {"history": [{**kept, "html": "<p>" + "x" * PICTURE}]}
    html = ground.picture()[1]
    assert "words" in html
    assert len(html.encode()) <= PICTURE


def test_the_line_opens_it_with_a_task_a_model_and_words(shell: Any):
    shell.run_cell("%load_ext hf_nb")
    shell.run_cell("ground = %hf panel playground -m hfnb-demo/chat-en --task chat 'Hello, who are you?'")
    made = shell.user_ns["ground"]
    assert isinstance(made, Playground)
    assert made.options["model"] == "hfnb-demo/chat-en"
    assert made.options["input"]["messages"][0]["content"] == "Hello, who are you?"


def test_a_panel_that_begins_with_no_model_says_which_one_does(shell: Any):
    shell.run_cell("%load_ext hf_nb")
    with pytest.raises(Exception, match="does not begin with a model"):
        shell.run_cell("%hf panel spaces -m hfnb-demo/chat-en")
