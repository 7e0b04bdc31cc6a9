"""What the Spaces panel asks, through a desk: found, watched, started anew, on a Hub whose Spaces change."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from hf_nb.offline import restarts
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from hf_nb.panels.spaces import owner, states, watch
from hf_nb.panels.spaces import restart as restarting
from hf_nb.panels.spaces.stages import RESTING, STATES, state
from hf_nb.plumbing.session import Session
from tests.hub.owning import TOKENS
from tests.offline import small
from tests.offline.small import DAY
from tests.panels.asking import Page, until
from tests.panels.shapes import fits
from tests.render.hostile import CALL

ERROR = "Traceback\nKeyError: 'x'\n"
RUNS = {"hardware": {"current": "cpu-basic", "requested": "cpu-basic"}, "storage": None}
TITLE = f"<img src=x onerror={CALL}> " + "x" * 400


@pytest.fixture(scope="module")
def _places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("places") / "store"
    store = Store.open(root)
    small.fill(store)
    stages = {"up": "RUNNING", "down": "RUNTIME_ERROR", "asleep": "SLEEPING", "held": "PAUSED"}
    for name, stage in stages.items():
        store.create_repo(
            "space",
            f"teacher/{name}",
            created_at=DAY,
            runtime={"stage": stage, **RUNS, "errorMessage": ERROR},
        )
        card = f"---\ntitle: {json.dumps(TITLE if name == 'down' else name)}\nsdk: gradio\n---\n# {name}\n"
        store.commit(
            "space", f"teacher/{name}", {"README.md": card.encode()}, title="c", author="teacher", date=DAY
        )
    static = b"---\nsdk: static\ntitle: Page\n---\n"
    store.create_repo("space", "teacher/page", created_at=DAY)
    store.commit("space", "teacher/page", {"README.md": static}, title="c", author="teacher", date=DAY)
    for number in range(30):
        store.create_repo("space", f"owner{number}/one", created_at=DAY)
    store.close()
    with start(root) as running:
        yield running


@pytest.fixture
def places(_places: Running, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The small Hub with Spaces in several states; the token in use is the teacher's, who owns most of them."""
    session.settings.endpoint = _places.url
    monkeypatch.setenv("HF_TOKEN", TOKENS["teacher"])
    for module, names in ((states, ("_known", "_lists")), (owner, ("_known", "_asking"))):
        for name in names:
            getattr(module, name).clear()
    _places.reset_clock()
    _places.clear_requests()
    yield _places
    _places.clear_faults()
    _places.pass_(3600)  # whatever was begun is over, for the next one


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who watches looks often."""
    monkeypatch.setattr(watch, "PERIOD", 0.05)
    monkeypatch.setattr(watch, "LONGEST", 0.2)
    monkeypatch.setattr(states, "NOW", 0.0)
    monkeypatch.setattr(restarting, "LOOK", 0.05)


def asked(hub: Running, part: str = "/api/spaces") -> list[str]:
    return [one["path"] for one in hub.requests() if one["path"].startswith(part)]


# -- finding


def test_rows_say_how_spaces_stand_and_which_of_them_may_be_restarted(page: Page, places: Running):
    found = page.ask("spaces.search")
    fits("spaces", "Page<SpaceRow>", found)
    rows = {row["name"]: row for row in found["rows"] if row["author"] in ("teacher", "demo")}
    assert {name: row["state"] for name, row in rows.items()} == {
        "up": "running", "down": "error", "asleep": "sleeping", "held": "paused", "page": "running", "app": "running",
    }  # fmt: skip
    assert {name for name, row in rows.items() if row["mayRestart"]} == {
        "up",
        "down",
        "asleep",
        "held",
        "app",
    }
    assert rows["up"]["title"] == "up"
    assert rows["down"]["title"].startswith("<img"), "text, which the view shows as text"
    assert len(rows["down"]["title"]) <= 200
    assert rows["up"]["app"] is None, "this Hub serves none"
    assert found["code"]["magic"] == "%hf search spaces --limit 40"
    assert len(asked(places)) == 1
    assert len(asked(places, "/api/whoami")) == 1
    page.ask("spaces.search", text="up")
    assert len(asked(places, "/api/whoami")) == 1, "who one is, is asked once"


@pytest.mark.parametrize(("who", "names"), [("learner", set()), ("stranger", set()), (None, set())])
def test_others_may_restart_nothing(who, names, page: Page, places: Running, monkeypatch: pytest.MonkeyPatch):
    if who is None:
        monkeypatch.delenv("HF_TOKEN")
    else:
        monkeypatch.setenv("HF_TOKEN", TOKENS[who])
    assert {row["id"] for row in page.ask("spaces.search")["rows"] if row["mayRestart"]} == names


def test_a_hub_that_does_not_say_who_one_is_keeps_no_search_waiting(
    page: Page, places: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(owner, "PATIENCE", 0.2)
    faults: list[dict[str, Any]] = [{"kind": "latency", "seconds": 8}, {"kind": "status", "status": 503}]
    for fault in faults:
        owner._known.clear()
        with places.fault(match="/api/whoami-v2", **fault):
            began = time.monotonic()
            found = page.ask("spaces.search", limit=3)
            assert time.monotonic() - began < 6
        assert found["rows"]
        assert not any(row["mayRestart"] for row in found["rows"])
        until(lambda: not owner._asking)


@pytest.mark.parametrize("word", ["running", "sleeping", "paused", "error"])
def test_a_state_admits_no_other_and_says_how_many_were_looked_at(word: str, page: Page, places: Running):
    found = page.ask("spaces.search", state=word)
    assert found["rows"]
    assert {row["state"] for row in found["rows"]} == {word}
    assert found["looked"] >= len(found["rows"])
    assert page.refused("spaces.search", state="tired")["type"] == "BadInput"


def test_every_choice_is_one_the_search_understands(page: Page, places: Running):
    facets = page.ask("spaces.facets")
    fits("spaces", "SpaceFacets", facets)
    for facet, name in {"sdks": "sdk", "states": "state", "hardware": "hardware", "sorts": "sort"}.items():
        for choice in facets[facet]:
            fits("spaces", "Page<SpaceRow>", page.ask("spaces.search", limit=2, **{name: choice["value"]}))


def test_every_stage_is_one_of_the_seven_words():
    from huggingface_hub import SpaceStage

    assert {one.value for one in SpaceStage} <= STATES.keys()
    assert STATES.keys() >= RESTING
    for stage in [*STATES, "SOMETHING_NEW", "NEW_ERROR", None]:
        fits("spaces", "SpaceState", state(stage))
    assert (state("NEW_ERROR"), state("APP_BUILDING_SLOWLY")) == ("error", "building")


def test_pages_follow_one_another(page: Page, places: Running):
    found = page.ask("spaces.search", limit=10)
    seen = [row["id"] for row in found["rows"]]
    while found["more"]:
        found = page.ask("spaces.search", limit=10, more=found["more"])
        seen += [row["id"] for row in found["rows"]]
    assert len(seen) == len(set(seen)) == 36
    assert page.refused("spaces.search", more="lost")["hint"] == "Search again."


# -- one Space


def test_details_say_why_one_does_not_run(page: Page, places: Running):
    found = page.ask("spaces.details", id="teacher/down")
    fits("spaces", "SpaceDetails", found)
    assert found["problem"] == ERROR.strip()
    assert found["row"]["mayRestart"]
    fine = page.ask("spaces.details", id="demo/app")
    assert fine["problem"] is None
    assert fine["models"] == ["demo/tiny"]
    said = page.refused("spaces.details", id="teacher/dwn")
    assert (said["type"], said["nearest"][0]) == ("NotFound", "spaces/teacher/down")


# -- watching


def test_whoever_watches_hears_what_changes_and_nothing_else(page: Page, places: Running, quick: None):
    ids = [row["id"] for row in page.ask("spaces.search")["rows"]]
    going = page.begin("spaces.watch", ids=ids)
    first = going.event()
    fits("spaces", "SpaceNews", first)
    assert first["states"].keys() == set(ids)
    page.ask("spaces.details", id="demo/app")  # something else goes on
    assert going.heard.empty()
    from huggingface_hub import HfApi

    HfApi(endpoint=places.url, token=TOKENS["teacher"]).restart_space("teacher/up")
    assert going.event()["states"] == {
        "teacher/up": {"state": "building", "stage": "BUILDING", "hardware": "cpu-basic"}
    }
    places.pass_(restarts.BUILDING)
    assert going.event()["states"]["teacher/up"]["state"] == "starting"
    places.pass_(restarts.STARTING)
    assert going.event()["states"]["teacher/up"]["state"] == "running"
    going.cancel()
    until(lambda: not page.desk._running)
    places.clear_requests()
    time.sleep(0.3)
    assert places.requests() == [], "when nobody watches, nothing is asked"


def test_a_page_of_spaces_is_one_request_a_round_whoever_owns_them(page: Page, places: Running, quick: None):
    ids = [row["id"] for row in page.ask("spaces.search", limit=36)["rows"]]
    assert len({id.partition("/")[0] for id in ids}) > 30
    places.clear_requests()
    going = page.begin("spaces.watch", ids=ids)
    assert going.event()["states"].keys() == set(ids)
    until(lambda: len(places.requests()) >= 4)
    going.cancel()
    until(lambda: not page.desk._running)
    assert set(asked(places)) == {"/api/spaces"}, "the list itself, asked again"


def test_spaces_of_no_list_are_asked_for_by_owner_and_a_few_at_a_time(
    page: Page, places: Running, quick: None
):
    ids = ["teacher/up", "teacher/down", *(f"owner{number}/one" for number in range(12)), "nobody/nothing"]
    going = page.begin("spaces.watch", ids=ids)
    heard: set[str] = set()
    while len(heard) < len(ids) - 1:
        heard |= going.event()["states"].keys()
    going.cancel()
    assert "nobody/nothing" not in heard
    until(lambda: not page.desk._running)
    rounds = [
        list(group)
        for one, group in itertools.groupby(asked(places), lambda path: path == "/api/spaces")
        if not one
    ]
    assert max(map(len, rounds)) <= states.ALONE


def test_two_who_watch_the_same_cost_no_more_than_one(
    session: Session, places: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watch, "PERIOD", 0.2)
    monkeypatch.setattr(states, "NOW", 60.0)
    pages = [Page(session) for _ in range(4)]
    ids = [row["id"] for row in pages[0].ask("spaces.search")["rows"]]
    places.clear_requests()
    going = [one.begin("spaces.watch", ids=ids) for one in pages]
    news = [one.event()["states"] for one in going]
    assert all(one == news[0] for one in news)
    for one in going:
        one.cancel()
    assert asked(places) == [], "it was known already"


def test_a_hub_in_trouble_is_asked_less_often_and_the_panel_is_told(page: Page, places: Running, quick: None):
    page.desk.session.settings.deadline = 1
    ids = [row["id"] for row in page.ask("spaces.search")["rows"]]
    going = page.begin("spaces.watch", ids=ids)
    going.event()
    with places.fault("status", status=503, match="/api/spaces*"):
        news = going.event()
        fits("spaces", "SpaceNews", news)
        assert "cannot answer now" in news["trouble"]
        assert news["states"] == {}
    assert going.event()["trouble"] is None
    going.cancel()


def test_pauses_grow_after_failures_and_obey_the_hub(monkeypatch: pytest.MonkeyPatch):
    from hf_nb import errors

    pause, pauses = watch.PERIOD, []
    for _ in range(8):
        pause = watch._longer(pause, errors.Busy("x"))
        pauses.append(pause)
    assert pauses == sorted(pauses)
    assert pauses[-1] == watch.LONGEST
    assert watch._longer(3.0, errors.RateLimited("x", after=90.0)) == 90.0
    assert watch._longer(3.0, errors.Refused("x")) == watch.LONGEST


# -- starting anew


def test_a_restart_is_followed_until_it_rests(page: Page, places: Running, quick: None):
    going = page.begin("spaces.restart", id="teacher/asleep")
    assert going.event() == {"state": "building", "stage": "BUILDING"}
    places.pass_(restarts.BUILDING)
    assert going.event() == {"state": "starting", "stage": "APP_STARTING"}
    places.pass_(restarts.STARTING)
    answer = going.answer()
    fits("spaces", "Restarted", answer)
    assert answer == {"state": "running", "stage": "RUNNING"}
    assert page.ask("spaces.details", id="teacher/asleep")["row"]["state"] == "running"


def test_one_whose_code_is_broken_comes_to_rest_in_its_error(page: Page, places: Running, quick: None):
    going = page.begin("spaces.restart", id="teacher/down")
    going.event()
    places.pass_(60)
    assert going.answer() == {"state": "error", "stage": "RUNTIME_ERROR"}


def test_a_hub_that_stumbles_meanwhile_is_asked_again(page: Page, places: Running, quick: None):
    going = page.begin("spaces.restart", id="teacher/held")
    going.event()
    with places.fault("status", status=503, match="*/runtime", count=10):
        places.pass_(60)
        assert going.answer()["state"] == "running"


@pytest.mark.parametrize(
    ("id", "kind"),
    [
        ("teacher/page", "Refused"),
        ("teacher/nothing", "NotFound"),
        ("owner1/one", "Unauthorized"),
        ("../../etc", "BadInput"),
        ("a/b\nc", "BadInput"),
    ],
)
def test_what_cannot_be_restarted_says_so(id: str, kind: str, page: Page, places: Running):
    said = page.refused("spaces.restart", id=id)
    assert said["type"] == kind, said
    assert said["hint"]


def test_one_that_takes_too_long_ends_with_where_to_look(
    page: Page, places: Running, quick: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(restarting, "WITHIN", 0.2)
    said = page.refused("spaces.restart", id="teacher/up")
    assert (said["type"], said["retry"]) == ("Timeout", True)
    assert "still building" in said["message"]
    assert f"{places.url}/spaces/teacher/up" in said["hint"]


def test_a_restart_nobody_waits_for_is_still_one(page: Page, places: Running, quick: None):
    going = page.begin("spaces.restart", id="teacher/up")
    going.event()
    going.cancel()
    until(lambda: not page.desk._running)
    assert page.ask("spaces.details", id="teacher/up")["row"]["state"] == "building"


# -- when the Hub does something else


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 429}, "RateLimited"),
        ({"kind": "status", "status": 503}, "Busy"),
        ({"kind": "cut"}, "Unreachable"),
        ({"kind": "refuse"}, "Unreachable"),
        ({"kind": "stall"}, "Timeout"),
    ],
    ids=str,
)
def test_a_hub_in_trouble_is_an_error_with_a_next_step(fault, kind, page: Page, places: Running):
    settings = page.desk.session.settings
    settings.read_timeout, settings.deadline = 0.3, 1.5
    with places.fault(match="/api/spaces*", **fault):
        for op, args in (("spaces.search", {}), ("spaces.details", {"id": "teacher/up"})):
            said = page.refused(op, **args)
            assert (said["type"], bool(said["hint"])) == (kind, True), said
    assert page.ask("spaces.search", limit=1)["rows"]
