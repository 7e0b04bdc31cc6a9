"""The Inference panel and real models on this machine: what is in memory, let go, and what a saved notebook shows."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from hf_nb import infer
from hf_nb.infer.call import Terms
from hf_nb.infer.followed import Followed
from hf_nb.panels.wire import LONGEST
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session
from hf_nb.widgets.base import PICTURE
from tests.kernels import Kernel
from tests.panels.asking import Page
from tests.panels.shapes import fits

pytestmark = pytest.mark.slow
LABELS, WRITES = "hfnb-demo/sentiment-en", "hfnb-demo/pydoc-gpt"
TOKEN = "hf_" + "q" * 34


@pytest.fixture
def here(served_hub: object) -> Session:
    made = Session()
    sessions.use(made)
    return made


def test_a_loaded_model_is_shown_and_let_go_by_the_panel(here: Session) -> None:
    page = Page(here)
    watching = page.begin("inference.watch")
    assert watching.event()["loaded"] == []
    infer.run("I love it.", model=LABELS, session=here)
    while not (shown := watching.event())["loaded"] or shown["loaded"][0]["busy"]:
        fits("inference", "Dashboard", shown)
    fits("inference", "Dashboard", shown)
    (one,) = shown["loaded"]
    assert (one["model"], one["task"], one["device"], one["uses"]) == (
        LABELS,
        "text-classification",
        "cpu",
        1,
    )
    assert page.ask("inference.unload", model=LABELS, task=one["task"]) == {"freed": one["bytes"]}
    while watching.event()["loaded"]:
        pass
    said = page.refused("inference.unload", model=LABELS, task=one["task"])
    assert (said["type"], bool(said["hint"])) == ("NotFound", True)
    page.desk.close()


def test_one_that_is_answering_is_refused_with_what_to_do(here: Session) -> None:
    page = Page(here)
    writing = infer.stream(
        "def f", task="text-generation", model=WRITES, params={"max_new_tokens": 2_000}, session=here
    )
    next(writing)
    said = page.refused("inference.unload", model=WRITES, task="text-generation")
    assert (said["type"], said["retry"]) == ("Busy", True)
    assert said["hint"]
    (job,) = page.begin("inference.watch").event()["jobs"]
    cancelling = page.begin("inference.cancel", job=job["id"])
    with pytest.raises(KeyboardInterrupt):
        list(writing)
    assert cancelling.answer() == {"state": "stopped"}
    assert page.ask("inference.unload", model=WRITES, task="text-generation")["freed"] > 0
    page.desk.close()


def test_what_waits_is_shown_with_its_place_hurried_stopped_and_repeated(here: Session) -> None:
    here.settings.local_at_once = 1
    page, answers = Page(here), []
    watching = page.begin("inference.watch")
    infer.run("I love it.", model=LABELS, session=here)
    go = threading.Event()

    def slow() -> None:
        with here.backends["local"].turns.turn(Terms()):
            go.wait(60)

    def asks(text: str) -> None:
        try:
            said: Any = infer.run(text, model=LABELS, session=here)
            answers.append((text, said.label))
        except KeyboardInterrupt:
            answers.append((text, "stopped"))

    threads = [threading.Thread(target=slow)]
    threads[0].start()
    while not here.backends["local"].turns.going:
        time.sleep(0.005)
    for text in ("fine one", "fine two", "fine three"):
        waiting = len(here.backends["local"].turns.waiting())
        threads.append(threading.Thread(target=asks, args=(text,)))
        threads[-1].start()
        while len(here.backends["local"].turns.waiting()) == waiting:
            time.sleep(0.005)
    while not ((shown := watching.event())["counts"]["queued"] == 3 and shown["turns"]["waiting"] == 3):
        pass
    fits("inference", "Dashboard", shown)
    assert shown["turns"] == {"answering": 1, "most": 1, "waiting": 3}
    (room,) = shown["memory"]
    assert 0 < room["taken"] <= room["budget"]
    third, second, first = [job for job in shown["jobs"] if job["state"] == "queued"]
    assert [job["place"] for job in (first, second, third)] == [1, 2, 3]
    assert page.ask("inference.hurry", job=third["id"]) == {}
    assert here.backends["local"].turns.waiting()[0] == third["id"]
    assert page.ask("inference.cancel", job=second["id"]) == {"state": "stopped"}
    go.set()
    for thread in threads:
        thread.join(60)
    assert answers == [("fine two", "stopped"), ("fine three", "positive"), ("fine one", "positive")]
    again = page.ask("inference.retry", job=second["id"])["job"]
    while here.jobs.find(again).state != "done":
        time.sleep(0.005)
    assert page.refused("inference.hurry", job=again)["type"] == "NotFound"
    page.desk.close()


def test_many_texts_are_counted_while_they_are_read(here: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    page, seen, plainly = Page(here), [], Followed.rows

    def rows(self: Followed, share: float) -> None:
        plainly(self, share)
        (job,) = page.begin("inference.watch").event()["jobs"]
        seen.append((job["state"], job["done"], job["total"]))

    monkeypatch.setattr(Followed, "rows", rows)
    infer.embed(
        [f"a text about {number} " * 50 for number in range(90)], model="hfnb-demo/similar-en", session=here
    )
    page.desk.close()
    assert {(state, total) for state, _, total in seen} == {("running", 90)}
    counted = [done for _, done, _ in seen]
    assert len(counted) > 2
    assert counted == sorted(counted)
    assert 0 < counted[0] < counted[-1] == 90


def test_a_saved_notebook_shows_what_ran_and_what_is_in_memory_and_no_text_of_the_users(
    here: Session,
) -> None:
    from hf_nb.widgets import Inference

    assert "Nothing has run here yet." in Inference().picture()[0]
    infer.run("I love it.", model=LABELS, session=here)
    here.jobs.begin("infer", task="<script>alert(1)</script>", model=f"{TOKEN}/{'x' * 3_000}").wrote(
        "A secret.", 2
    )
    for number in range(300):
        here.jobs.end(here.jobs.begin("infer", task="chat", model=f"owner/model-{number}" + "y" * 200))
    text, html = Inference().picture()
    for shown in (text, html):
        assert "301 done" in shown
        assert LABELS in shown
        assert "local" in shown
        assert "qqqq" not in shown
        assert "A secret." not in shown
    assert "<script" not in html
    assert len(html.encode()) < PICTURE < LONGEST


def test_the_command_lists_models_and_lets_one_go(kernel: Kernel) -> None:
    assert kernel.run("%load_ext hf_nb").error is None
    assert "No model is in memory" in kernel.run("%hf loaded").text
    assert kernel.run(f"r = %hf infer -m {LABELS} fine").error is None
    shown = kernel.run("%hf loaded")
    assert LABELS in shown.text
    assert "idle" in shown.text
    assert "unloaded" in kernel.run(f"%hf loaded --unload {LABELS}").text
    assert kernel.run("%hf loaded --code").text == "import hf_nb\n\nhf_nb.infer.loaded()"
    wrong = kernel.run(f"%hf loaded --unload {LABELS}").error
    assert wrong is not None
    assert (wrong.name, len(wrong.traceback) <= 3) == ("NotFound", True)
