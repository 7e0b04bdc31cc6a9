"""One conversation: requests in, events and answers out, however they cross."""

from __future__ import annotations

import gc
import os
import queue
import random
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from hf_nb.errors import Stopped
from hf_nb.panels import desk as desks
from hf_nb.panels import ops
from hf_nb.panels.desk import Desk
from hf_nb.panels.wire import LONGEST, PROTOCOL
from tests.panels import small

TOKEN = "hf_" + "canaryCANARY" * 3


class Panel:
    """A panel's end of a desk."""

    def __init__(self, **how: Any) -> None:
        self.said: queue.Queue[dict[str, Any]] = queue.Queue()
        self.buffers: list[list[bytes]] = []
        self.desk = Desk(self.hear, **how)

    def hear(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        self.buffers.append([bytes(one) for one in buffers])
        self.said.put(message)

    def ask(self, op: str, *, id: str = "p-1", generation: int = 0, **args: Any) -> None:
        self.desk.receive({"v": PROTOCOL, "id": id, "op": op, "generation": generation, "args": args})

    def cancel(self, id: str) -> None:
        self.desk.receive({"v": PROTOCOL, "id": "p-999", "op": "cancel", "generation": 0, "args": {"id": id}})

    def next(self) -> dict[str, Any]:
        return self.said.get(timeout=10)

    def rest(self) -> list[dict[str, Any]]:
        """What else was said, after every thread has ended."""
        until(lambda: self.desk.idle)
        found = []
        while not self.said.empty():
            found.append(self.said.get())
        return found


def until(true: Any) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it never happens"
        time.sleep(0.002)


@pytest.fixture(autouse=True)
def _small_ops(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ops, "OPS", small.OPS)
    small.go.clear()
    small.begun, small.ended = threading.Semaphore(0), threading.Semaphore(0)
    yield
    small.go.set()


@pytest.fixture
def panel() -> Iterator[Panel]:
    made = Panel()
    yield made
    small.go.set()
    made.desk.close()
    until(lambda: made.desk.idle)


def test_a_cancelled_question_is_stopped_and_nothing_is_said(panel):
    panel.ask("wait")
    assert small.begun.acquire(timeout=10)
    panel.cancel("p-1")
    assert small.ended.acquire(timeout=10)
    assert panel.rest() == []


def test_what_is_cancelled_before_it_began_is_never_worked_on(panel, monkeypatch):
    begin = desks.Ask.begin

    def later(ask: desks.Ask) -> None:
        panel.cancel(ask.request.id)
        begin(ask)

    monkeypatch.setattr(desks.Ask, "begin", later)
    panel.ask("wait")
    assert panel.rest() == []
    assert not small.begun.acquire(blocking=False)


def test_a_later_question_stops_the_earlier_one_of_the_same_page_alone(panel):
    panel.ask("wait", id="a-1", generation=1)
    panel.ask("wait", id="b-1", generation=1)
    panel.ask("wait", id="a-2", generation=2)
    assert small.ended.acquire(timeout=10)
    assert not small.ended.acquire(timeout=0.1)
    small.go.set()
    assert {one["id"] for one in panel.rest()} == {"a-2", "b-1"}


def test_a_stop_may_come_at_any_moment_and_the_next_question_is_answered(panel, capfd):
    """Thrown into running Python some hundreds of times: nothing is printed, no thread stays, no lock is held."""
    chance = random.Random(7)  # noqa: S311 -- moments, no secrets
    for number in range(300):
        panel.ask("busy" if number % 2 else "echo", id=f"p-{number}", **({} if number % 2 else {"text": "a"}))
        if number % 2:
            assert small.begun.acquire(timeout=10)
        time.sleep(chance.random() / 2000)
        panel.cancel(f"p-{number}")
    panel.rest()
    panel.ask("echo", text="still here")
    assert panel.next()["ok"]["text"] == "still here"
    assert "Exception in thread" not in capfd.readouterr().err


def test_a_message_is_sent_whole_though_it_is_stopped_meanwhile(panel):
    cut: list[int] = []

    def slow(message: dict[str, Any], buffers: Sequence[Any]) -> None:
        cut.append(1)
        for _ in range(20_000):  # where a stop thrown in would land
            pass
        cut.pop()

    panel.desk._send = slow
    for number in range(30):
        panel.ask("busy", id=f"p-{number}")
        assert small.begun.acquire(timeout=10)
        time.sleep(0.002)
        panel.cancel(f"p-{number}")
    until(lambda: panel.desk.idle)
    assert cut == []


def test_work_elsewhere_that_tells_is_not_stopped_with_the_question(panel, monkeypatch):
    told: list[str] = []

    def watch(ask: desks.Ask) -> None:
        def job() -> None:
            ask.stopped.wait(10)
            ask.tell({"late": True})
            told.append("went on")

        worker = threading.Thread(target=job)
        worker.start()
        small.begun.release()
        while True:
            time.sleep(0.001)

    monkeypatch.setattr(small, "wait", watch)
    panel.ask("wait")
    assert small.begun.acquire(timeout=10)
    panel.cancel("p-1")
    until(lambda: told)
    assert panel.rest() == []


def test_a_closed_desk_stops_its_work_and_takes_nothing_more(panel):
    panel.ask("wait")
    assert small.begun.acquire(timeout=10)
    panel.desk.close()
    assert small.ended.acquire(timeout=10)
    panel.ask("echo", id="p-2", text="a")
    assert panel.rest() == []


def test_a_host_that_is_gone_ends_the_work(panel):
    def gone(message: dict[str, Any], buffers: Sequence[Any]) -> None:
        raise RuntimeError("closed")

    panel.desk._send = gone
    panel.ask("busy")
    until(lambda: panel.desk.idle)


def test_too_many_questions_of_one_page_are_refused_until_some_have_ended(panel):
    for number in range(desks.MOST):
        panel.ask("wait", id=f"p-{number}")
    panel.ask("echo", id="p-999", text="one too many")
    refused = panel.next()
    assert (refused["id"], refused["error"]["type"], refused["error"]["retry"]) == ("p-999", "Busy", True)
    small.go.set()
    assert len(panel.rest()) == desks.MOST
    panel.ask("echo", id="p-1000", text="now")
    assert panel.next()["ok"]["text"] == "now"


def test_pages_that_were_reloaded_make_room_for_the_one_that_is_there(panel):
    """A reload says no good-bye: what the page watched goes on, until somebody needs its place."""
    for number in range(desks.MOST):
        panel.ask("wait", id=f"page{number}-1", generation=1)
    panel.ask("echo", id="here-1", text="hello")
    said = {panel.next()["id"]: True for _ in range(2)}
    assert set(said) == {"page0-1", "here-1"}


def test_questions_that_hear_no_stop_are_bounded(panel, monkeypatch):
    monkeypatch.setattr(desks, "LINGERING", 4)
    before = threading.active_count()
    for number in range(desks.MOST + 20):
        panel.ask("deaf", id=f"p-{number}", generation=number + 1)
    assert threading.active_count() - before <= desks.MOST + 4
    assert panel.next()["error"]["type"] == "Busy"
    small.go.set()
    until(lambda: panel.desk.idle)
    panel.ask("echo", id="p-500", text="again")
    until(lambda: any("ok" in one for one in panel.rest()))


def test_threads_and_questions_are_let_go_when_they_end(panel):
    before = threading.active_count()
    for number in range(50):
        panel.ask("count", id=f"p-{number}", to=3)
    panel.rest()
    until(lambda: threading.active_count() <= before)
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one) is desks.Ask]


def test_the_same_id_twice_is_one_question(panel):
    panel.ask("wait")
    panel.ask("wait")
    small.go.set()
    assert len(panel.rest()) == 1


def test_what_needs_a_kernel_is_refused_where_there_is_none():
    panel = Panel(kernel=False)
    panel.ask("inference.here", text="a")
    error = panel.next()["error"]
    assert (error["type"], error["hint"]) == ("Refused", "Start one, then try again.")


def test_an_answer_that_is_too_large_says_so_instead(panel):
    panel.ask("large", size=LONGEST)
    error = panel.next()["error"]
    assert error["type"] == "TooLarge"
    assert panel.rest() == []
    panel.ask("large", id="p-2", size=LONGEST - 200)
    assert "ok" in panel.next()


def test_a_question_that_is_too_large_is_not_worked_on(panel):
    panel.ask("echo", text="x" * LONGEST)
    assert panel.next()["error"]["type"] == "TooLarge"
    message = {"v": PROTOCOL, "id": "p-2", "op": "turned", "generation": 0, "args": {}}
    panel.desk.receive(message, [memoryview(bytes(LONGEST + 1))])
    assert panel.next()["error"]["type"] == "TooLarge"


def test_bytes_come_beside_a_question_and_go_beside_its_answer(panel):
    message = {"v": PROTOCOL, "id": "p-1", "op": "turned", "generation": 0, "args": {}}
    panel.desk.receive(message, [memoryview(b"\x00\x01"), b"abc"])
    assert panel.next()["ok"] == {"buffers": 2}
    assert panel.buffers == [[b"\x01\x00", b"cba"]]


@pytest.mark.parametrize("what", ["object", "bytes", "deep"])
def test_an_answer_that_is_no_json_is_an_error_and_no_silence(panel, what):
    panel.ask("unfit", what=what)
    assert panel.next()["error"]["message"].startswith("Something went wrong inside hf_nb")


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("not a number", {"mean": None, "most": None}),
        ("half a letter", {"name": "a?b"}),
        ("keys", {"1": "one"}),
    ],
)
def test_what_python_says_more_loosely_than_browsers_read_is_mended(panel, what, answer):
    panel.ask("unfit", what=what)
    assert panel.next()["ok"] == answer


def test_a_token_reaches_no_page(panel, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    places = {"text": f"a {TOKEN} b", TOKEN: [TOKEN, {"deep": (TOKEN,)}], "url": f"http://u:{TOKEN}@h/"}
    panel.ask("anything", value=places)
    panel.ask("fail", id="p-2", kind=TOKEN)
    panel.ask(TOKEN, id="p-3")
    panel.ask("echo", id="p-4", **{TOKEN: 1})
    said = panel.rest()
    assert len(said) == 4
    assert TOKEN.removeprefix("hf_") not in repr(said)


def test_a_token_among_bytes_stops_the_answer(panel, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    message = {"v": PROTOCOL, "id": "p-1", "op": "turned", "generation": 0, "args": {}}
    panel.desk.receive(message, [b"x" + TOKEN.encode()[::-1]])
    assert panel.next()["error"]["type"] == "Refused"
    assert panel.buffers == [[]]


def test_words_that_only_look_like_secrets_are_shown(panel):
    """A card may say password=, and `hello` names the token in use."""
    shown = {"token": 'token "work"', "code": "login(token=os.environ['HF_TOKEN'], password='…hidden')"}
    panel.ask("anything", value=shown)
    assert panel.next()["ok"] == shown


def test_an_op_that_is_stopped_by_itself_says_so(panel, monkeypatch):
    def stops(ask: desks.Ask) -> None:
        raise Stopped

    monkeypatch.setattr(small, "wait", stops)
    panel.ask("wait")
    assert panel.next()["error"] == {"type": "Stopped", "message": "Stopped.", "hint": "", "retry": True}


def test_every_op_there_is_takes_plain_arguments(monkeypatch):
    import inspect
    import typing

    from hf_nb.panels import wire

    monkeypatch.undo()
    assert "hello" in ops.OPS
    for name in ops.OPS:
        function = ops.find(name)
        assert function is not None, name
        hints = typing.get_type_hints(function, localns={"Ask": object})
        for one in list(inspect.signature(function).parameters.values())[1:]:
            assert one.kind is inspect.Parameter.KEYWORD_ONLY, (name, one.name)
            wire._is(object(), hints[one.name])  # raises for a type that JSON has not


def test_nothing_of_the_environment_is_asked_of_a_panel_that_says_hello(monkeypatch):
    monkeypatch.undo()
    panel = Panel(kernel=False)
    panel.ask("hello", version="0")
    answer = panel.next()["ok"]
    assert answer["protocol"] == PROTOCOL
    assert answer["kernel"] is False
    assert os.environ.get("HF_TOKEN", "none") not in repr(answer)
