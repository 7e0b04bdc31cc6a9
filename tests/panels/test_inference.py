"""The Inference panel sees what runs, whoever began it, stops it for good, repeats it, and is told no more than that.

The models are a real server on loopback that answers, hangs or breaks off by the name it is asked for.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors, infer
from hf_nb.hub.disk.pull import pull
from hf_nb.infer import remote
from hf_nb.panels import inference
from hf_nb.panels.wire import LONGEST
from hf_nb.plumbing.session import Session
from tests.infer.remote import served as standing
from tests.kernels import Kernel
from tests.panels.asking import Going, Page
from tests.panels.shapes import fits

ROOT = Path(__file__).parents[2]
ENDED = ("done", "failed", "stopped")
TOKEN = "hf_" + "q" * 34


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A failing server is asked again at once, and never left alone."""
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr("hf_nb.infer.policies.waits.FIRST", 0.01)
    monkeypatch.setattr("hf_nb.infer.policies.breaker.FAILURES", 1_000)


@pytest.fixture
def served() -> Iterator[standing.Served]:
    with standing.served() as running:
        yield running


@pytest.fixture
def here(session: Session, served: standing.Served) -> Iterator[Session]:
    """A session whose servers are one: "box"."""
    session.settings.servers = {"box": served.address}
    yield session
    remote.client(session).close()


def ask(model: str, session: Session, **how: Any) -> Any:
    return infer.run("Go on.", task="text-generation", model=model, provider="box", session=session, **how)


class Cell:
    """Somebody's call, in a thread."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.value: Any = None
        self.wrong: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], Any]) -> None:
        try:
            self.value = work()
        except BaseException as wrong:  # noqa: BLE001 -- it is looked at
            self.wrong = wrong

    def ends(self) -> Cell:
        self._thread.join(60)
        assert not self._thread.is_alive()
        return self


def until(watching: Going, true: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The first dashboard of which it holds."""
    while True:
        shown = watching.event()
        fits("inference", "Dashboard", shown)
        if true(shown):
            return shown


def job_of(watching: Going, true: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The first job of which it holds, as soon as it does."""
    shown = until(watching, lambda shown: any(true(one) for one in shown["jobs"]))
    found: dict[str, Any] = next(one for one in shown["jobs"] if true(one))
    return found


def is_over(job: dict[str, Any]) -> bool:
    return job["state"] in ENDED


# -- watching


def test_the_dashboard_comes_at_once_even_when_nothing_has_run(page: Page) -> None:
    shown = page.begin("inference.watch").event()
    fits("inference", "Dashboard", shown)
    assert shown == {
        "counts": {"queued": 0, "running": 0, "done": 0, "failed": 0, "stopped": 0},
        "jobs": [],
        "loaded": [],
        "memory": [],
        "turns": {"answering": 0, "most": 0, "waiting": 0},
        "methods": [],
    }


def test_a_call_is_seen_from_its_beginning_to_its_end(here: Session, page: Page) -> None:
    watching = page.begin("inference.watch")
    cell = Cell(lambda: ask("plain", here))
    job = job_of(watching, is_over)
    assert cell.ends().wrong is None
    assert (job["state"], job["method"], job["model"], job["task"]) == (
        "done",
        "box",
        "plain",
        "text-generation",
    )
    assert (job["done"], job["unit"], job["excerpt"]) == (4, "tokens", "You said: Go on.")
    assert 0 <= job["first"] <= job["seconds"]
    assert not job["mayCancel"]
    (method,) = watching.events[-1]["methods"]
    assert (method["method"], method["calls"], method["failed"], len(method["latencies"])) == ("box", 1, 0, 1)


def test_the_words_of_an_answer_are_counted_while_they_come(here: Session, page: Page) -> None:
    watching = page.begin("inference.watch")
    cell = Cell(lambda: ask("endless", here))
    job = job_of(watching, lambda one: one["done"] > 5)
    more = job_of(watching, lambda one: one["done"] > job["done"] + 5)
    assert (more["id"], more["state"], more["mayCancel"]) == (job["id"], "running", True)
    assert more["rate"] > 0
    assert more["excerpt"].endswith("on and on ")
    page.ask("inference.cancel", job=job["id"])
    assert isinstance(cell.ends().wrong, errors.Stopped)


def test_nothing_is_told_where_nothing_is_different(here: Session, page: Page) -> None:
    watching = page.begin("inference.watch")
    watching.event()
    for _ in range(20):
        here.jobs.told()  # somebody says so, but it looks the same
        time.sleep(0.02)
    here.jobs.begin("infer", task="chat")
    assert [one["task"] for one in watching.event()["jobs"]] == ["chat"]


def test_news_come_at_most_four_times_a_second(here: Session, page: Page) -> None:
    job = here.jobs.begin("infer", unit="tokens")
    watching = page.begin("inference.watch")
    began = time.monotonic()
    while time.monotonic() - began < 1.2:
        job.wrote("x", job.done + 1)
        time.sleep(0.001)
    watching.cancel()
    passed = time.monotonic() - began
    assert watching.heard.qsize() <= passed / inference.BETWEEN + 1


def test_a_rate_of_work_that_stands_still_goes_down(here: Session, page: Page) -> None:
    watching = page.begin("inference.watch")
    cell = Cell(lambda: ask("stalled", here))
    job = job_of(watching, lambda one: one["done"] == 5 and one["rate"])
    assert job_of(watching, lambda one: one["rate"] < job["rate"] / 2)["done"] == 5
    page.ask("inference.cancel", job=job["id"])
    cell.ends()


def test_two_watchers_see_the_same_and_one_that_leaves_is_not_missed(here: Session, page: Page) -> None:
    other = Page(here)
    both = [page.begin("inference.watch"), other.begin("inference.watch")]
    ask("plain", here)
    first, second = (job_of(one, is_over) for one in both)
    assert first == second
    both[0].cancel()
    ask("plain", here)
    assert until(both[1], lambda shown: shown["counts"]["done"] == 2)
    other.desk.close()


def test_a_watch_ends_promptly_when_nobody_watches_any_more(page: Page) -> None:
    watching = page.begin("inference.watch")
    watching.event()
    began = time.monotonic()
    watching.cancel()
    while not page.desk.idle:
        time.sleep(0.005)
        assert time.monotonic() - began < 30
    assert watching.heard.empty()


def test_a_thousand_jobs_fit_into_a_message(here: Session, page: Page) -> None:
    for number in range(1_000):
        job = here.jobs.begin(
            "infer", task="chat", model=f"owner/{number}", unit="tokens", again=lambda: None
        )
        job.running("local")
        job.wrote("a word or two " * 100, 300)
        here.jobs.end(job, errors.Busy("It is overloaded. " * 200, "Try again. " * 200))
    shown = page.begin("inference.watch").event()
    fits("inference", "Dashboard", shown)
    assert (len(shown["jobs"]), shown["counts"]["failed"]) == (100, 1_000)
    assert shown["jobs"][0]["model"] == "owner/999"
    assert len(json.dumps(shown).encode()) < LONGEST / 2


def test_no_credential_is_in_anything_a_panel_is_told(here: Session, page: Page) -> None:
    watching = page.begin("inference.watch")
    job = here.jobs.begin("infer", unit="tokens")
    for letter in f"The token is {TOKEN} ":
        job.wrote(letter, job.done + 1)
    said = [job_of(watching, lambda one: one["done"] > len(TOKEN))]
    here.jobs.end(job, errors.Refused(f"{TOKEN} is refused.", f"Leave {TOKEN} out."))
    said.append(job_of(watching, is_over))
    with pytest.raises(errors.HfNbError):
        ask("no-key", here)
    assert "qqqq" not in json.dumps([said, watching.events])


# -- stopping


@pytest.mark.parametrize("model", ["silent", "endless", "stalled"])
def test_a_call_is_stopped_and_the_answer_says_so_when_it_has_ended(
    model: str, here: Session, page: Page, served: standing.Served
) -> None:
    watching = page.begin("inference.watch")
    cell = Cell(lambda: ask(model, here))
    parts = 0 if model == "silent" else 3
    job = job_of(watching, lambda one: one["state"] == "running" and one["done"] >= parts)
    began = time.monotonic()
    assert page.ask("inference.cancel", job=job["id"]) == {"state": "stopped"}
    assert time.monotonic() - began < inference.ENDING
    stopped = cell.ends().wrong
    assert isinstance(stopped, errors.Stopped)
    assert (stopped.partial is None) is (model == "silent")
    assert served.idle(10), "the other side was told"
    job = job_of(watching, is_over)
    assert (job["state"], job["error"], job["mayRetry"]) == ("stopped", None, True)


def test_a_stop_at_the_very_end_tells_what_became_of_it(here: Session, page: Page) -> None:
    for _ in range(5):
        watching = page.begin("inference.watch")
        before = {one["id"] for one in watching.event()["jobs"]}
        cell = Cell(lambda: ask("open-end", here))  # a whole answer, on a line that stays open a little
        job = job_of(watching, lambda one: one["id"] not in before and one["done"] > 0)  # noqa: B023 -- used at once
        state = page.ask("inference.cancel", job=job["id"])["state"]
        assert state == ("done" if cell.ends().wrong is None else "stopped")
        watching.cancel()


def test_what_has_ended_is_not_stopped_any_more(here: Session, page: Page) -> None:
    ask("plain", here)
    (job,) = page.begin("inference.watch").event()["jobs"]
    assert page.ask("inference.cancel", job=job["id"]) == {"state": "done"}


def test_work_that_goes_on_for_a_while_is_said_to_be_ending(
    here: Session, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference, "ENDING", 0.05)
    job = here.jobs.begin("infer")
    said = page.refused("inference.cancel", job=job.id)
    assert (said["type"], said["retry"]) == ("Busy", True)
    assert "still ending" in said["message"]
    assert said["hint"]
    shown = page.begin("inference.watch").event()
    assert not shown["jobs"][0]["mayCancel"]


@pytest.mark.parametrize("op", ["inference.cancel", "inference.retry"])
def test_a_job_that_is_not_known_is_said_with_a_next_step(op: str, page: Page) -> None:
    said = page.refused(op, job="j404")
    assert (said["type"], said["hint"]) == ("NotFound", "Run its cell again.")


def test_a_server_without_a_kernel_has_no_work_to_show(session: Session) -> None:
    assert Page(session, kernel=False).refused("inference.watch")["type"] == "Refused"


# -- repeating


def test_what_failed_is_repeated_once_the_fault_is_gone(
    here: Session, page: Page, monkeypatch: pytest.MonkeyPatch, served: standing.Served
) -> None:
    monkeypatch.setitem(standing.ANSWERS, "moody", standing.page(502))
    with pytest.raises(errors.HfNbError):
        ask("moody", here)
    watching = page.begin("inference.watch")
    failed = job_of(watching, is_over)
    fits("inference", "Job", failed)
    assert (failed["state"], failed["mayRetry"], failed["retriedAs"]) == ("failed", True, None)
    assert failed["error"]["retry"] is True
    assert failed["error"]["hint"]
    assert len(failed["tries"]) > 1
    assert {one["method"] for one in failed["tries"]} == {"box"}
    assert all(one["error"] for one in failed["tries"])

    monkeypatch.setitem(standing.ANSWERS, "moody", standing.plain)
    again = page.ask("inference.retry", job=failed["id"])["job"]
    job = job_of(watching, lambda one: one["id"] == again and is_over(one))
    assert (job["state"], job["excerpt"], job["model"]) == ("done", "You said: Go on.", "moody")
    before = next(one for one in watching.events[-1]["jobs"] if one["id"] == failed["id"])
    assert (before["retriedAs"], before["mayRetry"]) == (again, False)
    assert page.refused("inference.retry", job=failed["id"])["type"] == "Refused"
    asked = [one.body for one in served.requests if one.body]
    assert all(one == asked[0] for one in asked)


def test_what_was_stopped_is_repeated_and_may_be_stopped_again(here: Session, page: Page) -> None:
    watching = page.begin("inference.watch")
    cell = Cell(lambda: ask("endless", here))
    first = job_of(watching, lambda one: one["done"] > 2)
    page.ask("inference.cancel", job=first["id"])
    cell.ends()
    again = page.ask("inference.retry", job=first["id"])["job"]
    job_of(watching, lambda one: one["id"] == again and one["done"] > 2)
    assert page.ask("inference.cancel", job=again) == {"state": "stopped"}
    assert until(watching, lambda shown: shown["counts"]["stopped"] == 2)


# -- downloads


def test_a_download_is_a_job_too_and_one_that_was_stopped_goes_on(
    session: Session, page: Page, hub: Any
) -> None:
    watching = page.begin("inference.watch")
    with hub.fault("stall", match="*/model.safetensors", origin="cdn", at=2_000):
        cell = Cell(lambda: pull("hfnb-demo/sentiment-en", session=session))
        job = job_of(watching, lambda one: one["done"] > 0)
        assert (job["kind"], job["unit"], job["state"], job["mayCancel"]) == (
            "pull",
            "bytes",
            "running",
            True,
        )
        assert job["model"] == "hfnb-demo/sentiment-en"
        assert 0 < job["done"] < job["total"]
        assert page.ask("inference.cancel", job=job["id"]) == {"state": "stopped"}
        stopped = cell.ends().wrong
    assert isinstance(stopped, errors.Stopped)
    assert "the same line goes on" in str(stopped)
    again = page.ask("inference.retry", job=job["id"])["job"]
    whole = job_of(watching, lambda one: one["id"] == again and is_over(one))
    assert (whole["state"], whole["done"]) == ("done", whole["total"])
    assert pull("hfnb-demo/sentiment-en", session=session).moved == 0


# -- numbers


def test_the_numbers_of_a_method_are_those_of_all_its_models(here: Session, page: Page) -> None:
    for model in ("plain", "whole", "plain"):
        ask(model, here)
    with pytest.raises(errors.HfNbError):
        ask("bad", here)
    infer.embed(["a", "b"], provider="hashing", session=here)
    shown = page.begin("inference.watch").event()
    by_name = {one["method"]: one for one in shown["methods"]}
    assert set(by_name) == {"box", "hashing"}
    box = by_name["box"]
    assert (box["calls"], box["failed"], len(box["latencies"])) == (4, 1, 3)
    stats = infer.stats(session=here)
    assert sum(one.seconds for one in stats if one.method == "box") == pytest.approx(
        sum(box["latencies"]), abs=1e-4
    )
    assert min(box["latencies"]) - 1e-5 <= box["p50"] <= box["p95"] <= max(box["latencies"]) + 1e-5
    infer.stats(reset=True, session=here)
    assert page.begin("inference.watch").event()["methods"] == []


def test_of_many_answers_the_latest_two_hundred_are_drawn(session: Session, page: Page) -> None:
    for number in range(230):
        infer.embed(f"text {number}", provider="hashing", session=session)
    (method,) = page.begin("inference.watch").event()["methods"]
    assert (method["calls"], len(method["latencies"])) == (230, 200)


# -- a cell of a real notebook

BEGIN = f"""
import sys, tempfile, threading
sys.path.insert(0, {str(ROOT)!r})
from hf_nb.plumbing.session import current
from tests.infer.scripted import Scripted
from tests.panels.asking import Page
model = tempfile.mkdtemp()
current().backends["local"] = Scripted(*[" ".join(map(str, range(2000)))] * 2, pause=0.05)
page, said = Page(), []
def stop():
    watching = page.begin("inference.watch")
    while not (running := [one for one in watching.event()["jobs"] if one["done"] > 3 and one["mayCancel"]]):
        pass
    said.append(page.ask("inference.cancel", job=running[0]["id"]))
    watching.cancel()
def stops():
    thread = threading.Thread(target=stop)
    thread.start()
    return thread
"""


def test_a_cell_that_is_stopped_from_the_panel_ends_as_by_the_stop_button(kernel: Kernel) -> None:
    for code in ("%load_ext hf_nb", BEGIN, "thread = stops()"):
        assert kernel.run(code).error is None
    ran = kernel.run("%%hf infer -m {model} --task text-generation\nCount.")
    assert ran.error is not None
    assert (ran.error.name, ran.error.shown) == ("Stopped", "Stopped.")
    (left,) = ran.displays
    assert left["text/plain"].startswith("0 1 2 3"), "what had come is kept, and seen"
    assert (
        kernel.run("thread.join(); said[-1], _hf.source.finish").text == "({'state': 'stopped'}, 'stopped')"
    )

    code = (
        "h = %hf infer -m {model} --task text-generation -b Count.\nthread = stops()\nthread.join(); said[-1]"
    )
    assert kernel.run(code).text.splitlines()[-1] == "{'state': 'stopped'}"
    assert kernel.run("type(h.exception()).__name__, h.done").text == "('Stopped', True)"
