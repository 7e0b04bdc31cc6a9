"""Who takes part: ids, folders, objects, mappings; each by a name of its own, and what cannot be is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from hf_nb.compare import contenders
from hf_nb.compare.asking import fill, holes, question
from hf_nb.errors import BadInput
from hf_nb.values import Contender


def names(given: object) -> list[str]:
    return [one.name for one in contenders(given)]


def test_models_are_called_by_their_own_names() -> None:
    assert names(["owner/a", "other/b"]) == ["a", "b"]


def test_two_of_one_name_are_told_apart_by_what_differs() -> None:
    assert names(["one/same", "two/same"]) == ["one/same", "two/same"]
    by_copy = [{"model": "owner/a"}, {"model": "owner/a", "copy": "int8"}]
    assert names(by_copy) == ["a full", "a int8"]
    by_heat = [{"model": "o/a", "params": {"temperature": heat}} for heat in (0.2, 0.9)]
    assert names(by_heat) == ["a temperature 0.2", "a temperature 0.9"]
    by_place = [{"model": "o/a", "provider": "local"}, {"model": "o/a", "provider": "hf"}]
    assert names(by_place) == ["a local", "a hf"]


def test_the_very_same_twice_is_numbered() -> None:
    assert names(["owner/a", "owner/a", "owner/a"]) == ["a", "a 2", "a 3"]


def test_a_name_given_is_the_name_used(tmp_path: Path) -> None:
    made = contenders({"mine": tmp_path, "theirs": {"model": "owner/b", "provider": "hf"}})
    assert [(one.name, one.model, one.provider) for one in made] == [
        ("mine", str(tmp_path), "auto"),
        ("theirs", "owner/b", "hf"),
    ]


def test_parameters_of_the_call_are_for_all_and_ones_own_come_first() -> None:
    made = contenders(
        [{"model": "o/a", "params": {"seed": 7}}, "o/b"], params={"seed": 1, "max_new_tokens": 5}, task="chat"
    )
    assert [dict(one.params) for one in made] == [
        {"seed": 7, "max_new_tokens": 5},
        {"seed": 1, "max_new_tokens": 5},
    ]
    assert {one.task for one in made} == {"chat"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["owner/a"], "One contender"),
        ([], "No contender"),
        (["o/a", {"provider": "hf"}], "needs a model"),
        (["o/a", {"model": "o/b", "temprature": 1}], "no temprature"),
        (["o/a", {"model": "o/b", "copy": "int2"}], "no copy called int2"),
        (["o/a", {"model": "o/b", "task": "levitation"}], "no task called levitation"),
        (["o/a", {"model": "o/b", "task": "translation", "system": "Be brief."}], "for a conversation"),
        ([Contender("a", "o/a"), Contender("a", "o/b")], "Two contenders are called a"),
        ([f"o/{at}" for at in range(40)], "too many"),
        (["o/a", 3.5], "cannot stand for a model"),
    ],
)
def test_what_cannot_take_part_is_told_with_what_can(given: object, said: str) -> None:
    with pytest.raises(BadInput, match=said) as wrong:
        contenders(given)
    assert wrong.value.next_step


def test_a_template_is_filled_with_the_input_and_with_columns() -> None:
    assert fill("Is {{this}} good? {input}", "a film") == "Is {this} good? a film"
    assert fill("{title}: {input}", "long text", {"title": "News"}) == "News: long text"
    assert holes("{title}: {input} {{no}}") == ["title", "input"]
    with pytest.raises(BadInput, match=r"asks for \{titel\}") as wrong:
        fill("{titel}", "x", {"title": "News"})
    assert "title" in wrong.value.next_step


def test_a_system_prompt_stands_before_what_is_asked() -> None:
    one = Contender("a", "o/a", "chat", system="Be brief.", template="Q: {input}")
    assert question(one, "why?") == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Q: why?"},
    ]


def test_what_an_input_holds_is_never_taken_for_a_template() -> None:
    assert fill("Say: {input}", "{secret} {0} {input}") == "Say: {secret} {0} {input}"
