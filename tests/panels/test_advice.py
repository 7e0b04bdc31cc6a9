"""The buttons of advice: looked for when asked, stopped, taken and taken back; a notebook's output carries them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from hf_nb import infer
from hf_nb.infer.advice import asking, repeats
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session
from hf_nb.values import Tip
from tests.infer.advice.test_advice import told
from tests.kernels import Kernel
from tests.panels.asking import Page, until
from tests.panels.shapes import fits

TOKEN = "hf_" + "q" * 34
# The same question six times, of which each took a second.
HABIT = """from hf_nb.infer import numbers
from hf_nb.infer.call import Call, Target
from hf_nb.plumbing.session import current

current().settings.answers_cache = 0
key = ("local", "own/model", "text-classification")
asked = Call(key[2], key[1], "c0ffee", "We loved the view.", {})
seen = numbers.Seen(key, 1, 1.0, None, 0, 0, asked, Target(key[0], key[1], "c0ffee"), False, False)
kept = numbers._of(current())
kept.counted[key] = numbers.Counted(answers=6, total=6.0)
kept.latest.extend([seen] * 6)"""


@pytest.fixture
def here(tmp_path: Any) -> Iterator[Session]:
    made = Session()
    made.settings.answers_cache = 0
    sessions.use(made)
    yield made
    sessions.use(None)


@pytest.fixture
def page(here: Session) -> Iterator[Page]:
    made = Page(here)
    yield made
    made.desk.close()


def test_advice_is_told_taken_and_taken_back_by_its_buttons(here: Session, page: Page) -> None:
    told(here, "the same", 2.0, times=4)
    looking = page.begin("inference.advice")
    found = looking.answer()
    assert any("Trying" in one["what"] for one in looking.events)
    fits("inference", "Dashboard", page.begin("inference.watch").event())  # it may be shown beside it
    fits("advice", "Advice", found)
    (tip,) = found["tips"]
    assert (tip["setting"], tip["taken"]) == (True, False)
    now = page.ask("inference.take", tip=tip["key"])
    fits("advice", "Setting", now)
    assert (now["taken"], now["name"], now["value"]) == (True, "answers_cache", str(repeats.BYTES))
    assert here.settings.answers_cache == repeats.BYTES
    back = page.ask("inference.undo", tip=tip["key"])
    assert (back["taken"], here.settings.answers_cache) == (False, 0)
    assert page.refused("inference.undo", tip=tip["key"])["type"] == "BadInput"


def test_a_button_does_what_it_says_also_after_another_look(here: Session, page: Page) -> None:
    told(here, "the same", 2.0, times=4)
    (old,) = page.ask("inference.advice")["tips"]
    told(here, "far", target=infer_target("hf/slow"), seconds=30.0, times=5)
    told(here, "far", target=infer_target("hf/fast"), seconds=1.0, times=5)
    first = page.ask("inference.advice")["tips"][0]
    assert first["key"] != old["key"]
    page.ask("inference.take", tip=old["key"])
    assert (here.settings.answers_cache, here.settings.policy) == (repeats.BYTES, "as listed")


def infer_target(method: str) -> Any:
    from hf_nb.infer.call import Target

    return Target(method, "own/model")


def test_a_change_of_code_is_a_cell_and_no_setting(here: Session, page: Page) -> None:
    here.settings.answers_cache = 1_000_000
    for number in range(20):
        told(here, f"text {number}", 1.0, target=infer_target("hf/far"))
    (tip,) = page.ask("inference.advice")["tips"]
    assert not tip["setting"]
    assert 'texts = hf_nb.infer.questions("own/model", "text-classification")' in tip["cell"]
    compile(tip["cell"], "cell", "exec")
    assert page.refused("inference.take", tip=tip["key"])["type"] == "BadInput"
    assert infer.questions("own/model", "text-classification")[-1] == "text 19"


def test_what_no_session_told_is_refused_and_a_token_is_never_told(
    here: Session, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page.refused("inference.take", tip="0" * 16)["hint"] == "%hf advice"

    def look(*_: Any, **__: Any) -> Iterator[Tip]:
        yield Tip("keep", f"{TOKEN} was seen.", TOKEN, f"%hf {TOKEN}", TOKEN, 5.0, cell=TOKEN)

    monkeypatch.setattr(asking, "LOOKS", {"keep": look})
    told(here)
    assert "qqqq" not in str(page.ask("inference.advice"))


def test_looking_is_stopped_when_nobody_waits(
    here: Session, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def look(*_: Any, **__: Any) -> Iterator[Tip]:
        begun.set()
        try:
            while True:
                threading.Event().wait(0.01)
        finally:
            ended.set()
        yield

    monkeypatch.setattr(asking, "LOOKS", {"batch": look})
    told(here)
    looking = page.begin("inference.advice")
    assert begun.wait(60)
    looking.cancel()
    assert ended.wait(10)
    until(lambda: page.desk.idle)


def test_in_a_notebook_the_output_carries_its_buttons_and_text_for_where_there_is_none(
    kernel: Kernel,
) -> None:
    assert kernel.run(f"%load_ext hf_nb\n{HABIT}").error is None
    ran = kernel.run("%hf advice --no-trial")
    assert ran.error is None
    data = ran.result or {}
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["application/vnd.hf-nb.panel+json"] == {"panel": "inference"}
    for kind in ("text/plain", "text/html"):
        assert "%hf advice --take 1" in data[kind]
    assert kernel.run("type(_hf).__name__").text == "'Advice'"
