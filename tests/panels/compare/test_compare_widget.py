"""The Compare panel in a cell: what it begins with, and the picture a saved notebook keeps of what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hf_nb.panels.compare import meant
from hf_nb.panels.data import held
from hf_nb.panels.wire import PROTOCOL
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session
from hf_nb.values import Contender
from hf_nb.widgets import Compare, panel
from hf_nb.widgets.base import PICTURE
from tests.panels.asking import until
from tests.render.hostile import CALL

WHO = [{"model": one, "provider": "box", "task": "chat"} for one in ("echo", "whole")]


@pytest.fixture(autouse=True)
def _session(boxed: Session) -> Iterator[None]:
    """A panel in a cell works with the process's session."""
    sessions.use(boxed)
    yield
    sessions.use(None)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes one; `ask` does what its page does, and waits for the answer."""
    made: list[Compare] = []

    def show(*given: Any, **options: Any) -> Compare:
        one = Compare(*given, **options)
        one.heard = []
        monkeypatch.setattr(one, "send", lambda message, *_: one.heard.append(message))
        made.append(one)
        return one

    yield show
    for one in made:
        one.close()


def ask(one: Any, op: str, **args: Any) -> None:
    one._hear(None, {"v": PROTOCOL, "id": f"page-{op}", "op": op, "generation": 0, "args": args}, [])
    until(lambda: any("ok" in said or "error" in said for said in one.heard))


def test_it_begins_with_its_contenders_and_what_they_are_asked(shown: Any):
    one = shown(
        ["owner/a", {"model": "owner/b", "provider": "hf"}, Contender("c", "owner/c", copy="int8")],
        input="Hi",
    )
    assert one.options["contenders"] == [
        {"model": "owner/a"},
        {"model": "owner/b", "provider": "hf"},
        {"name": "c", "model": "owner/c", "provider": "auto", "copy": "int8"},
    ]
    assert one.options["input"] == "Hi"
    assert panel("compare", text="Hi", task="chat").options == {"input": "Hi", "task": "chat"}


def test_an_object_of_the_notebook_takes_part_by_a_handle(shown: Any):
    class Model:
        """As the library's own look from outside."""

        __module__ = "transformers.small"
        config = SimpleNamespace(architectures=None)

        def parameters(self) -> list[Any]:
            return []

    thing = Model()
    one = shown([thing, "owner/b"], inputs=["a", "b"])
    first = one.options["contenders"][0]
    assert held.held(first["model"]) is thing
    assert first["name"] == "your Model"
    assert meant.contenders(one.options["contenders"])[0].held is thing
    assert one.options["given"]["name"].startswith("$")
    assert one.options["source"] == "rows"


def test_its_picture_says_that_nothing_was_compared_yet(shown: Any):
    text, html = shown(WHO, input="Hello").picture()
    assert "A echo · B whole" in text
    assert "Nothing was compared yet" in html
    assert "To open it again, run the cell." in html


def test_its_picture_keeps_contenders_and_answers(shown: Any):
    one = shown(WHO, input="Hello")
    ask(one, "compare.live", contenders=[*WHO, {**WHO[0], "model": "no-key"}], input="Hello there")
    text, html = one.picture()
    for said in (text, html):
        for word in ("Hello there", "echo", "whole", "You said: Hello there", "does not accept the key"):
            assert word in said
    assert len(html.encode()) <= PICTURE


def test_its_picture_keeps_the_verdict_of_many_rows(shown: Any):
    one = shown(WHO)
    given = {"kind": "lines", "text": "one\tYou said: one\ntwo\tno"}
    ask(one, "compare.rows", contenders=WHO, given=given)
    text, html = one.picture()
    for said in (text, html):
        assert "2 rows" in said
        assert "No difference between echo and whole" in said
        assert "exact_match" in said or "exact match" in said


def test_nothing_in_a_picture_acts_and_a_long_answer_is_cut(shown: Any, served: Any):
    one = shown(WHO)
    ask(one, "compare.live", contenders=WHO, input=f"<img src=x onerror={CALL}> " + "long words " * 5_000)
    _, html = one.picture()
    assert len(html.encode()) <= PICTURE
    assert "<img" not in html
    assert "&lt;img" in html
