"""The messages of hfnb/1: whatever comes, a request is one or is none, and every answer fits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb import errors
from hf_nb.errors import BadInput
from hf_nb.panels import ops, wire
from hf_nb.panels.desk import Desk
from hf_nb.panels.wire import LONGEST, PROTOCOL, Request, fitting, sendable, wrong
from tests.panels import small

CANARY = "hf_" + "sekretSEKRET" * 3
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(CANARY)
json_like = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["v", "id", "op", "generation", "args", "buffers"])
almost = st.fixed_dictionaries(
    {},
    optional={
        "v": st.sampled_from([PROTOCOL, "hfnb/", "hfnb/2", "other/1"]) | leaves,
        "id": st.sampled_from(["p-1", "", "x" * 65, CANARY]) | leaves,
        "op": st.sampled_from([*small.OPS, "cancel", "", "x" * 65, "__class__", CANARY]) | leaves,
        "generation": st.sampled_from([0, 1, -1, 10**400, True]) | leaves,
        "args": json_like,
    },
)


@settings(max_examples=400, deadline=None)
@given(message=json_like | almost | st.dictionaries(names, json_like))
def test_any_message_is_answered_plainly_or_is_none_of_ours(message):
    """No exception gets out, no thread stays, and what is said is JSON without a token in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ops, "OPS", {name: place for name, place in small.OPS.items() if name in QUICK})
        patch.setenv("HF_TOKEN", CANARY)
        said: list[dict[str, Any]] = []
        desk = Desk(lambda reply, _: said.append(reply))
        ours = desk.receive(message)
        until_idle(desk)
        assert ours == (Request.read(message) is not None)
        for reply in said:
            assert ours
            written = json.dumps(reply, allow_nan=False)
            assert len(written.encode()) <= LONGEST + 1024
            assert CANARY.removeprefix("hf_") not in written.replace(json.dumps(reply["id"]), "")
        if ours and message.get("op") != "cancel":
            assert said[-1].keys() & {"ok", "error"}


QUICK = ("echo", "fail", "turned", "anything")


@given(value=json_like)
def test_what_may_be_sent_is_what_came(value):
    """Apart from a token, figures that are none, and halves of letters."""
    text = json.dumps({"x": value}, ensure_ascii=True)
    if "NaN" not in text and "Infinity" not in text and "\\ud" not in text and CANARY not in text:
        message, _ = sendable("p-1", {"ok": value})
        assert message["ok"] == json.loads(json.dumps(value))


@given(raw=st.binary(max_size=2000))
def test_bytes_go_as_they_are(raw):
    assert sendable("p-1", {"ok": 1}, [raw])[1] == [raw]


def takes(
    ask: object,
    *,
    text: str,
    number: int = 0,
    share: float = 0,
    flag: bool = False,
    names: Sequence[str] = (),
    many: list[int] | None = None,
    how: Literal["a", 1] | None = None,
    table: Mapping[str, str] | None = None,
    all: Any = None,
) -> None:
    """An op with arguments of every plain type."""


@pytest.mark.parametrize(
    "args",
    [
        {"text": ""},
        {"text": "a", "number": -3, "share": 1, "flag": True},
        {"text": "a", "share": 0.5, "names": [], "many": [1, 2], "how": "a", "table": {"a": "b"}},
        {"text": "a", "names": ["x"], "many": None, "how": None, "table": None, "all": {"a": [1]}},
        {"text": "a", "how": 1},
    ],
)
def test_arguments_that_fit_are_handed_on(args):
    assert fitting(takes, args) == args


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({}, "Missing: text."),
        ({"text": None}, "text cannot be None."),
        ({"text": "a", "number": True}, "number cannot be True."),
        ({"text": "a", "number": 1.5}, "number cannot be 1.5."),
        ({"text": "a", "share": "1"}, "share cannot be '1'."),
        ({"text": "a", "flag": 1}, "flag cannot be 1."),
        ({"text": "a", "names": "abc"}, "names cannot be 'abc'."),
        ({"text": "a", "names": [1]}, "names cannot be [1]."),
        ({"text": "a", "many": [1, True]}, "many cannot be [1, True]."),
        ({"text": "a", "how": True}, "how cannot be True."),
        ({"text": "a", "how": "b"}, "how cannot be 'b'."),
        ({"text": "a", "table": {"a": 1}}, "table cannot be {'a': 1}."),
        ({"text": "a", "ask": 1}, "No such argument here: ask."),
        (None, "Arguments are names and values."),
    ],
)
def test_arguments_that_do_not_fit_are_named(args, said):
    with pytest.raises(BadInput) as refused:
        fitting(takes, args)
    assert refused.value.problem == said


def test_what_an_error_quotes_stays_short():
    with pytest.raises(BadInput) as refused:
        fitting(takes, {"text": ["x" * 10_000]})
    assert len(refused.value.problem) < 100
    with pytest.raises(BadInput) as refused:
        fitting(takes, {"y" * 1000 + str(number): 1 for number in range(100)})
    assert len(refused.value.problem) < 200
    assert len(wrong(ValueError("z" * 10_000))["message"]) < 400


def test_an_op_that_wants_more_than_json_is_found_out_at_once():
    def odd(ask: object, *, path: bytes) -> None:
        """What no page can send."""

    with pytest.raises(TypeError, match="cannot take"):
        fitting(odd, {"path": "a"})


def test_an_error_that_cannot_even_be_printed_is_still_an_answer():
    class Odd(Exception):
        def __str__(self) -> str:
            raise ValueError

    assert wrong(Odd())["message"] == "Something went wrong inside hf_nb: Odd"


def test_a_passing_error_may_be_tried_again_and_says_when():
    said = wrong(errors.RateLimited("Too often.", "Wait.", after=3))
    assert (said["retry"], said["after"]) == (True, 3)
    assert wrong(errors.NotFound("None.", nearest=["a/b"]))["nearest"] == ["a/b"]


def test_the_page_and_this_side_name_the_same_protocol():
    from pathlib import Path

    source = Path(__file__).parents[2] / "labextension" / "src" / "protocol.ts"
    assert f"PROTOCOL = '{wire.PROTOCOL}'" in source.read_text("utf-8")


def until_idle(desk: Desk) -> None:
    import time

    end = time.monotonic() + 20
    while not desk.idle:
        assert time.monotonic() < end
        time.sleep(0.0005)
