"""A conversation remembers what was said, calls the tools it was given and no others, and never half a turn."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any, Literal

import pytest

from hf_nb import errors, infer
from hf_nb.infer.call import Call
from hf_nb.plumbing.session import Session
from hf_nb.values import Reply, ToolCall
from tests.infer.scripted import Scripted, call, session

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}
FIRST = [("user", "What is the capital of France?")]


def test_what_was_said_before_is_asked_with_what_is_said_now(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, "Paris.", "Rome.")
    first = infer.chat("What is the capital of France?", model=name, system="Be brief.", session=here)
    assert (first.text, first.conversation) == ("Paris.", "default")
    second = infer.chat("And of Italy?", session=here)
    assert model.said[1] == [
        ("system", "Be brief."),
        *FIRST,
        ("assistant", "Paris."),
        ("user", "And of Italy?"),
    ]
    assert [one["content"] for one in second.messages][-1] == "Rome."
    assert model.asked[1].model == name, "the model is remembered"


def test_conversations_do_not_hear_each_other(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, "a", "b", "c")
    infer.chat("one", "left", model=name, session=here)
    infer.chat("two", "right", model=name, session=here)
    assert model.said[1] == [("user", "two")]
    assert infer.conversations(here).rows == (("left", 1, name), ("right", 1, name))
    infer.forget("left", here)
    infer.chat("three", "left", model=name, session=here)
    assert model.said[2] == [("user", "three")]
    with pytest.raises(errors.BadInput, match="right"):
        infer.forget("lefft", here)


def test_reset_begins_anew(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, "a", "b")
    infer.chat("one", model=name, system="Old.", session=here)
    infer.chat("two", model=name, reset=True, session=here)
    assert model.said[1] == [("user", "two")]


def test_another_session_has_its_own(tmp_path: Path) -> None:
    here, _, name = session(tmp_path, "a")
    there, model, _ = session(tmp_path, "b")
    infer.chat("one", model=name, session=here)
    infer.chat("two", model=name, session=there)
    assert model.said == [[("user", "two")]]


@pytest.mark.parametrize(
    "wrong", [errors.Busy("…"), errors.Broken("…"), errors.Stopped("Stopped.")], ids=repr
)
def test_a_turn_that_failed_leaves_no_trace(wrong: Any, tmp_path: Path) -> None:
    here, model, name = session(tmp_path, "Paris.")
    infer.chat(FIRST[0][1], model=name, session=here)
    model.steps += [wrong] * 8
    with pytest.raises(type(wrong)):
        infer.chat("lost", system="lost", timeout=0.5, session=here)
    model.steps[:] = ["Rome."]
    infer.chat("And of Italy?", session=here)
    assert model.said[-1] == [*FIRST, ("assistant", "Paris."), ("user", "And of Italy?")]


def test_what_had_come_of_a_stopped_reply_is_a_reply(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, "It is 18 degrees.")

    class Stopping(Scripted):
        def stream(self, asked: Call, terms: Any) -> Any:
            for number, chunk in enumerate(super().stream(asked, terms)):
                if number == 2:
                    raise KeyboardInterrupt
                yield chunk

    here.backends["local"] = Stopping(*model.steps)
    with pytest.raises(errors.Stopped) as stopped:
        infer.chat("How warm is it?", "talk", model=name, session=here)
    partial = stopped.value.partial
    assert isinstance(partial, Reply)
    assert (partial.text, partial.conversation, partial.source.finish) == ("It is", "talk", "stopped")
    assert partial.messages[0]["content"] == "How warm is it?"


# Tools.


def weather(city: str, unit: Literal["C", "F"] = "C") -> str:
    """How warm it is somewhere.

    city: the name of a city
    """
    if city == "Atlantis":
        raise LookupError("no such city")
    return f"18 {unit} in {city}"


def test_a_tool_is_described_by_its_signature_and_docstring(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, "No need.")
    infer.chat("Hello.", model=name, tools=[weather], session=here)
    (tool,) = model.asked[0].params["tools"]
    assert tool == {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "How warm it is somewhere.",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "the name of a city"},
                    "unit": {"enum": ["C", "F"]},
                },
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    }


def test_a_tool_is_called_and_the_model_told_what_came_of_it(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, call("weather", city="Bern"), "It is 18 degrees.")
    reply = infer.chat("How warm is it in Bern?", model=name, tools=[weather], session=here)
    assert reply.text == "It is 18 degrees."
    assert [(one.name, one.result) for one in reply.calls] == [("weather", "18 C in Bern")]
    assert model.said[1][-1] == ("tool", "18 C in Bern")
    assert model.asked[1].input["messages"][-1]["tool_call_id"] == "1"
    assert 'weather(city="Bern") → 18 C in Bern' in str(reply)
    assert reply.source.written == 11, "both rounds"
    assert reply.source.seconds == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (call("weather", city="Atlantis"), "Error: LookupError: no such city"),
        (call("weather", town="Bern"), "Error: the arguments do not fit: $: "),
        (call("weather", city="Bern", unit="K"), "Error: the arguments do not fit: $.unit: "),
        (call("os.system", command="ls"), "Error: there is no tool 'os.system'; there is weather."),
        (ToolCall("weather", "{city: Bern", "1"), "Error: the arguments are no JSON"),
    ],
)
def test_what_goes_wrong_with_a_tool_is_told_to_the_model(asked: Any, told: str, tmp_path: Path) -> None:
    here, model, name = session(tmp_path, asked, "I cannot say.")
    reply = infer.chat("How warm is it?", model=name, tools=[weather], session=here)
    assert reply.text == "I cannot say."
    assert model.said[1][-1][1].startswith(told)


def test_a_model_that_only_asks_for_tools_is_stopped(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, *[call("weather", city="Bern")] * 20)
    with pytest.raises(errors.Broken, match="8 times"):
        infer.chat("How warm is it?", model=name, tools=[weather], session=here)
    assert len(model.asked) == 9
    assert not infer.conversations(here).rows


def test_a_call_of_a_tool_is_left_alone_where_none_was_named(tmp_path: Path) -> None:
    here, _, name = session(tmp_path, call("weather", city="Bern"))
    reply = infer.chat("How warm is it in Bern?", model=name, session=here)
    assert [(one.name, one.result) for one in reply.calls] == [("weather", None)]


def test_a_hub_token_in_a_result_goes_to_no_model(tmp_path: Path) -> None:
    secret = "hf_" + "K9j8H7g6F5" * 3

    def leak() -> str:
        return f"the token is {secret}"

    here, model, name = session(tmp_path, call("leak"), "Fine.")
    infer.chat("Go.", model=name, tools=[leak], session=here)
    assert secret not in model.said[1][-1][1]


async def later() -> None:
    """Not now."""


@pytest.mark.parametrize(
    ("tool", "said"),
    [(later, "async"), (lambda x: x, "with a name"), (3, "with a name"), (print, "print")],
    ids=str,
)
def test_what_is_no_tool_is_refused_before_anybody_is_asked(tool: Any, said: str, tmp_path: Path) -> None:
    here, model, name = session(tmp_path)
    with pytest.raises(errors.BadInput, match=said):
        infer.chat("Go.", model=name, tools=[tool], session=here)
    assert not model.asked


# A reply in a form.


@pytest.mark.parametrize(
    "text", ['{"name": "Ann", "age": 34}', 'Here:\n```json\n{"name": "Ann", "age": 34}\n```']
)
def test_a_reply_that_fits_its_schema_is_data(text: str, tmp_path: Path) -> None:
    here, model, name = session(tmp_path, text)
    reply = infer.chat("Ann is 34.", model=name, schema=PERSON, session=here)
    assert reply.data == {"name": "Ann", "age": 34}
    assert model.asked[0].params["response_format"]["json_schema"]["schema"] == PERSON


def test_a_reply_that_does_not_fit_is_told_so_once(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, '{"name": "Ann"}', '{"name": "Ann", "age": 34}', "Fine.")
    reply = infer.chat("Ann is 34.", model=name, schema=PERSON, session=here)
    assert reply.data == {"name": "Ann", "age": 34}
    assert "'age' is a required property" in model.said[1][-1][1]
    infer.chat("Thanks.", session=here)
    assert model.said[2] == [
        ("user", "Ann is 34."),
        ("assistant", '{"name": "Ann", "age": 34}'),
        ("user", "Thanks."),
    ]


@pytest.mark.parametrize(
    ("text", "said"), [("nothing", "no JSON"), ('{"name": "Ann", "age": "x"}', r"\$\.age")]
)
def test_a_reply_that_never_fits_names_the_place(text: str, said: str, tmp_path: Path) -> None:
    here, model, name = session(tmp_path, text, text)
    with pytest.raises(errors.Broken, match=said) as wrong:
        infer.chat("Ann is 34.", model=name, schema=PERSON, session=here)
    assert len(model.asked) == 2
    assert wrong.value.partial.text == text
    assert len(str(wrong.value).splitlines()) <= 3


def test_a_schema_is_a_mapping_a_text_a_file_or_a_class(tmp_path: Path) -> None:
    class Person:
        @staticmethod
        def model_json_schema() -> dict[str, Any]:
            return PERSON

    file = tmp_path / "person.json"
    file.write_text(json.dumps(PERSON))
    for given in (PERSON, json.dumps(PERSON), str(file), file, Person):
        here, _, name = session(tmp_path, '{"name": "Ann", "age": 34}')
        assert infer.chat("Ann is 34.", model=name, schema=given, session=here).data["age"] == 34


@pytest.mark.parametrize(
    ("given", "said"),
    [("nowhere.json", "no schema"), ("{,", "no JSON"), (3, "int"), ({"type": "objekt"}, "wrong at")],
)
def test_what_is_no_schema_is_refused(given: Any, said: str, tmp_path: Path) -> None:
    here, model, name = session(tmp_path)
    with pytest.raises(errors.BadInput, match=said):
        infer.chat("Ann is 34.", model=name, schema=given, session=here)
    assert not model.asked


def test_a_schema_that_points_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    here, _, name = session(tmp_path, '{"a": 1}')
    with pytest.raises(errors.BadInput, match="points to"):
        infer.chat("Go.", model=name, schema={"$ref": "https://far.example/schema.json"}, session=here)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (PERSON, {"name": "a", "age": 1}, {"name": "a", "age": 1.5}),
        (PERSON, {"name": "a", "age": 1, "x": 0}, {"name": "a"}),
        ({**PERSON, "additionalProperties": False}, {"name": "a", "age": 1}, {"name": "a", "age": 1, "x": 0}),
        ({"type": "array", "items": {"type": "boolean"}}, [True], [True, 1]),
        ({"type": ["string", "null"]}, None, 3),
        ({"enum": ["a", 1]}, 1, "b"),
        ({"const": 3}, 3, 4),
        ({"anyOf": [{"type": "string"}, {"type": "number", "minimum": 2}]}, 2, 1),
        ({"type": "integer", "maximum": 5}, 5.0, 6),
        ({"type": "number"}, 1, True),
    ],
    ids=str,
)
def test_without_jsonschema_the_same_is_said(schema: Any, good: Any, bad: Any) -> None:
    from hf_nb.infer.schema import _misfit, misfit

    for wrong in (misfit(schema, good), _misfit(schema, good, "$")):
        assert wrong is None
    for wrong in (misfit(schema, bad), _misfit(schema, bad, "$")):
        assert str(wrong).startswith("$")


# The window.


def test_the_oldest_turns_are_left_out_when_the_window_is_full_and_that_is_said(tmp_path: Path) -> None:
    def full(asked: Call) -> Any:
        return errors.TooLarge("too long") if len(asked.input["messages"]) > 4 else "short"

    here, model, name = session(tmp_path, *[full] * 20)
    for number in range(3):
        reply = infer.chat(f"turn {number}", model=name, system="Be brief.", session=here)
    assert [words for _, words in model.said[-1]] == ["Be brief.", "turn 1", "short", "turn 2"]
    assert "the oldest turn left out" in reply.source.reason
    assert [one["content"] for one in reply.messages if one["role"] == "user"] == [
        "turn 0",
        "turn 1",
        "turn 2",
    ]
    before = len(model.asked)
    infer.chat("turn 3", session=here)
    assert len(model.asked) == before + 2, "what was left out once is not tried again"


def test_one_message_that_is_too_long_is_too_large(tmp_path: Path) -> None:
    here, _, name = session(tmp_path, *[errors.TooLarge("too long")] * 5)
    with pytest.raises(errors.TooLarge):
        infer.chat("long", model=name, session=here)


def test_a_machine_without_memory_is_no_full_window(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, "a", errors.OutOfMemory("too large"))
    infer.chat("one", model=name, session=here)
    with pytest.raises(errors.OutOfMemory):
        infer.chat("two", session=here)
    assert len(model.asked) == 2


@pytest.mark.parametrize("message", ["", "  \n", None, 3])
def test_a_message_needs_words(message: Any, tmp_path: Path) -> None:
    here, model, name = session(tmp_path)
    with pytest.raises(errors.BadInput, match="needs words"):
        infer.chat(message, model=name, session=here)
    assert not model.asked


def test_two_threads_in_one_conversation_speak_one_after_the_other(tmp_path: Path) -> None:
    here, model, name = session(tmp_path, *["yes"] * 6)
    threads = [
        threading.Thread(target=infer.chat, args=(f"{i}",), kwargs={"model": name, "session": here})
        for i in range(6)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(len(said) for said in model.said) == [1, 3, 5, 7, 9, 11]


@pytest.mark.slow  # PyTorch loads, and the model is built when first asked for
def test_a_real_model_remembers_and_calls_a_tool(hub: Any) -> None:
    here = Session()
    assert "Paris" in infer.chat(FIRST[0][1], session=here).text
    assert "Rome" in infer.chat("And of Italy?", session=here).text
    reply = infer.chat("What is the weather in Bern?", "tools", tools=[weather], session=here)
    assert [(one.name, one.result) for one in reply.calls] == [("weather", "18 C in Bern")]
    assert "Bern" in reply.text
