"""Which parameter makes two calls answer differently."""

from __future__ import annotations

import pytest

from hf_nb import bisect, errors, render
from hf_nb.offline.running import Running

MODEL = "hfnb-demo/pydoc-gpt"
OLD = {"max_new_tokens": 12, "do_sample": False}


def test_of_several_new_parameters_the_one_that_matters_is_named(hub: Running) -> None:
    new = {**OLD, "top_k": 5, "max_new_tokens": 4, "length_penalty": 1.0}
    made = bisect.parameters(MODEL, "Return the list of", old=OLD, new=new)

    assert made.culprit == "max_new_tokens=4"
    assert made.changed == (("max_new_tokens", 12, 4),)
    assert made.old != made.new
    assert "What changes the answer: max_new_tokens=4" in render.text(made)


def test_two_that_act_together_are_both_named(hub: Running) -> None:
    # one without the other draws nothing: a temperature counts only where tokens are drawn
    old = {"max_new_tokens": 12, "do_sample": False, "seed": 3}
    new = {"max_new_tokens": 12, "do_sample": True, "seed": 3, "temperature": 3.0, "length_penalty": 1.0}
    made = bisect.parameters(MODEL, "Return the list of", old=old, new=new)

    assert made.culprit is not None
    assert "do_sample=True" in made.culprit
    assert "length_penalty" not in made.culprit


def test_calls_that_answer_alike_have_no_culprit(hub: Running) -> None:
    made = bisect.parameters(MODEL, "Return the list of", old=OLD, new={**OLD, "length_penalty": 1.0})

    assert made.culprit is None
    assert made.notes == ("Both calls have the same answer.",)


def test_equal_calls_are_refused(hub: Running) -> None:
    with pytest.raises(errors.BadInput, match="same parameters"):
        bisect.parameters(MODEL, "x", old=OLD, new=dict(OLD))
