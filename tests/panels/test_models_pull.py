"""Pulling from the Models panel: told how far it is, stopped, gone on with, and believed only once the disk has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.hub.disk.pull import pull as onto_disk
from hf_nb.offline.running import Running
from hf_nb.plumbing.session import Session
from tests.hub.pulling import REPO, fetched, files, parts, serving, whole
from tests.panels.asking import Page, until
from tests.panels.shapes import fits

WEIGHTS = "model-00003-of-00005.safetensors"


@pytest.fixture(scope="module")
def _many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, str]]]:
    with serving(tmp_path_factory.mktemp("many"), files(part_bytes=600_000)) as served:
        yield served


@pytest.fixture
def many(_many: Any, session: Session) -> Iterator[tuple[Running, dict[str, str]]]:
    hub, digests = _many
    hub.clear_requests()
    session.settings.endpoint = hub.url
    yield hub, digests
    hub.clear_faults()


def status(page: Page) -> str:
    found: str = page.ask("models.status", ids=[REPO])[REPO]["status"]
    return found


def test_a_pull_tells_how_far_it_is_and_ends_when_the_disk_has_it(page: Page, many: Any, cache: Path):
    hub, digests = many
    with hub.fault("slow", match=f"*/{WEIGHTS}", origin="cdn", seconds=1):
        going = page.begin("models.pull", id=REPO)
        pulled = going.answer()
    fits("models", "Pulled", pulled)
    for event in going.events:
        fits("models", "Pulling", event)
    counts = [event["done"] for event in going.events if event["total"]]
    assert counts == sorted(counts)
    assert going.events[-1]["done"] == going.events[-1]["total"] == pulled["bytes"]
    assert len(going.events) < 60, "so often that it moves, and no oftener"
    assert pulled["status"] == "cached"
    assert pulled["files"] == len(digests) + 1, "and .gitattributes"
    whole(cache, digests)
    assert status(page) == "cached"


def test_while_it_comes_it_is_loading_for_every_client_and_in_every_search(
    page: Page, many: Any, session: Session, cache: Path
):
    hub, _ = many
    with hub.fault("stall", match=f"*/{WEIGHTS}", origin="cdn"):
        going = page.begin("models.pull", id=REPO)
        going.event()
        until(lambda: any(parts(cache).values()))  # of one without a byte nothing is kept
        assert status(page) == "loading"
        other = Page(session)
        assert other.ask("models.search", text="many")["rows"][0]["status"] == "loading"
        going.cancel()
        until(lambda: status(page) == "partial")


def test_one_that_is_stopped_in_the_midst_goes_on_where_it_stopped(page: Page, many: Any, cache: Path):
    hub, digests = many
    with hub.fault("stall", match=f"*/{WEIGHTS}", origin="cdn", at=300_000):
        going = page.begin("models.pull", id=REPO)
        until(lambda: parts(cache).get(digests[WEIGHTS], 0) >= 250_000)
        going.cancel()
        until(lambda: status(page) == "partial")
    begun = parts(cache)[digests[WEIGHTS]]
    assert going.heard.qsize() == len([one for one in going.heard.queue if "event" in one]), (
        "nobody is told the end"
    )
    hub.clear_requests()
    assert page.ask("models.pull", id=REPO)["status"] == "cached"
    assert fetched(hub)[WEIGHTS] == [f"bytes={begun}-"]
    whole(cache, digests)


def test_one_that_broke_off_is_an_error_until_it_goes_through(page: Page, many: Any, cache: Path):
    hub, digests = many
    with (
        hub.fault("cut", match=f"*/{WEIGHTS}", origin="cdn", at=200_000, count=1),
        hub.fault("refuse", match=f"*/{WEIGHTS}", origin="cdn", after=1),
    ):
        said = page.refused("models.pull", id=REPO)
    assert (said["type"], said["retry"]) == ("Unreachable", True)
    assert "the same line goes on" in said["hint"]
    assert status(page) == "error"
    assert page.ask("models.pull", id=REPO)["status"] == "cached"
    assert status(page) == "cached"
    whole(cache, digests)


def test_what_the_disk_does_not_have_is_not_believed(page: Page, many: Any, monkeypatch: pytest.MonkeyPatch):
    def lies(*args: Any, **named: Any) -> Any:
        pulled = onto_disk(*args, **named)
        (Path(pulled.path) / WEIGHTS).unlink()
        return pulled

    monkeypatch.setattr("hf_nb.panels.models.pulling.onto_disk", lies)
    said = page.refused("models.pull", id=REPO)
    assert said["type"] == "Broken"
    assert WEIGHTS in said["message"]
    assert status(page) == "error"


def test_two_clients_who_pull_the_same_fetch_it_once(page: Page, many: Any, cache: Path, session: Session):
    hub, digests = many
    going = [one.begin("models.pull", id=REPO) for one in (page, Page(session))]
    assert [one.answer()["status"] for one in going] == ["cached", "cached"]
    whole(cache, digests)
    assert len(fetched(hub)[WEIGHTS]) == 1


def test_a_closed_page_stops_what_it_had_begun(page: Page, many: Any, session: Session):
    hub, _ = many
    with hub.fault("stall", match=f"*/{WEIGHTS}", origin="cdn"):
        page.begin("models.pull", id=REPO).event()
        other = Page(session)
        until(lambda: status(other) == "loading")
        page.desk.close()
        until(lambda: status(other) in ("partial", "available"))
