"""A control for every parameter there is, each with bounds that the engine lets through and marks that are true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.infer import asked
from hf_nb.infer.backends import local
from hf_nb.infer.backends.local import options
from hf_nb.infer.controls import MOST_FIRST, controls

KINDS = {"slider", "number", "whole", "choice", "switch", "words", "text", "json"}
# What is built of parts is written as JSON, and nothing else is.
BUILT = {"grammar", "logit_bias", "response_format", "tool_choice", "tools", "parameters"}
# Words that stand in that code for something else.
ELSEWHERE = {
    "table-question-answering": {"padding", "sequential", "truncation"},
    "sentence-similarity": {"parameters"},
}
CODE = "\n".join(one.read_text("utf-8") for one in sorted(Path(local.__file__).parent.glob("*.py")))


def test_every_parameter_of_every_task_has_a_control():
    without = {
        task: left
        for task in tasks.TASKS
        if (left := asked.known(task) - {one.name for one in controls(task)})
    }
    print("without a control:", without or "none")
    assert without == {}
    everything = [one for task in tasks.TASKS for one in controls(task)]
    assert len(everything) > 100
    assert {one.kind for one in everything} <= KINDS
    assert {one.name for one in everything if one.kind == "json"} == BUILT


@pytest.mark.parametrize("task", tasks.TASKS)
def test_each_says_what_it_does_and_the_few_that_matter_come_first(task):
    made = list(controls(task))
    assert [one.name for one in made if not one.help] == []
    first = [one for one in made if one.first]
    assert made[: len(first)] == first
    assert len(first) <= MOST_FIRST
    assert [one.name for one in first if one.unused] == [], "what changes nothing is not put in front"
    assert json.dumps([one.to_dict() for one in made])


@pytest.mark.parametrize("task", tasks.TASKS)
def test_what_is_marked_as_unused_here_is_what_nothing_here_reads(task):
    for one in controls(task):
        refused = one.name in options.NOT_HERE and tasks.TASKS[task].streams
        read = f'"{one.name}"' in CODE and one.name not in ELSEWHERE.get(task, ())
        assert ("local" in one.unused) == (refused or not read), one.name


@pytest.mark.parametrize("task", [row.name for row in tasks.TASKS.values() if row.streams])
def test_the_ends_of_a_control_are_let_through_and_what_is_beyond_is_not(task):
    for one in controls(task):
        if "local" in one.unused:
            continue
        for value in (one.least, one.most, one.low, one.high):
            if value is not None:
                options._check({one.name: int(value) if one.kind == "whole" else value})
        if one.name in options.NUMBERS and one.most is not None:
            with pytest.raises(BadInput):
                options._check({one.name: one.most + 1})


def test_a_chat_elsewhere_says_what_its_route_does_not_take():
    remote = {one.name for one in controls("chat") if "remote" in one.unused}
    assert "num_beams" in remote
    assert not remote & {"temperature", "max_tokens", "tools", "seed", "do_sample"}


def test_other_names_of_a_task_lead_to_the_same_and_a_wrong_one_is_told():
    assert controls("ner") == controls("token-classification")
    with pytest.raises(BadInput, match="no task called"):
        controls("text-to-imagination")


def test_controls_are_read_as_text_and_as_rows():
    text = str(controls("chat"))
    assert "temperature" in text
    assert "model's own" in text
    rows = controls("token-classification").to_pandas()
    assert list(rows["name"])[:1] == ["aggregation_strategy"]
    assert "simple" in rows["choices"][0]
