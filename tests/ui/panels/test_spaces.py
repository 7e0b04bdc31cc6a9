"""The Spaces panel in a cell: every action by mouse and by keyboard, light and dark, wide and narrow."""

from typing import Any

import pytest
from huggingface_hub import HfApi
from playwright.sync_api import expect

from hf_nb.offline.people import LEARNER
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell, knows
from tests.ui.panels.conftest import WALKS, Filters, prepared

DEMO = "hfnb-demo/sentiment-demo"
BROKEN = "hfnb-demo/digit-reader"
# a Space for each walk: what one has started stays so
ASLEEP = iter(("learner/shop", "learner/cart", "learner/booth", "learner/stall"))
WHERE: dict[str, tuple[str, Any]] = {
    "SDK": ("Docker", {"sdk": "docker"}),
    "State": ("Failing", "error"),
    "Hardware": ("Nvidia T4", "t4"),
}


def found(nb, *args, **filters):
    """What the kernel finds when it is asked the same in Python."""
    asked = {"kind": "spaces", "sort": "trending", "limit": 24} | filters
    return knows(nb, f"[row.id for row in __import__('hf_nb').search(*{args!r}, **{asked!r}).rows]")


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("spaces.ipynb", "%hf panel spaces")
    notebook.run(1)
    return notebook


@pytest.fixture(scope="module")
def shown(nb):
    panel = InCell(nb, "spaces")
    panel.rows.first.wait_for()
    return panel


@pytest.fixture
def panel(shown, hub):
    """As it was at first."""
    yield shown
    hub.clear_faults()
    shown.back_to_the_start()


@pytest.fixture
def owner(served_hub):
    """The learner at another screen."""
    return HfApi(endpoint=served_hub.url, token=LEARNER)


@pytest.mark.parametrize("walk", WALKS)
def test_looking_for_a_space(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    reader.write(panel.search, "demo")
    panel.lists(found(nb, "demo"))
    reader.write(panel.search, "")
    panel.lists(found(nb))
    with Filters(panel, reader):
        reader.choose(panel.choice("SDK"), "Docker")
    panel.lists(found(nb, sdk="docker"))
    with Filters(panel, reader):
        reader.press(panel.button("Clear all"))
    reader.choose(panel.choice("Sort"), "Most likes first")
    panel.lists(found(nb, sort="likes"))
    assert violations(panel.here) == []
    nb.screenshot(f"panels-spaces-{walk[0]}-{walk[2]}")
    reader.write(panel.search, "no such space anywhere")
    expect(panel.here).to_contain_text("No Space fits")
    assert violations(panel.here) == []
    reader.press(panel.button("Clear the search").last)
    expect(panel.rows.first).to_be_visible()


@pytest.mark.parametrize("walk", WALKS)
def test_reading_about_a_space(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    page = nb.page
    reader.press(panel.head(BROKEN))
    expect(panel.drawer).to_contain_text("What went wrong")
    expect(panel.drawer.locator(".hfnb-prose")).to_be_visible()
    assert violations(panel.here) == []
    nb.screenshot(f"panels-spaces-open-{walk[0]}-{walk[2]}")
    reader.press(panel.drawer.get_by_role("button", name="Copy the id"))
    expect(panel.toasts.last).to_contain_text("Id copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == BROKEN
    with page.context.expect_page() as opening:
        reader.press(panel.drawer.get_by_role("button", name="Open on the Hub"))
    expect(opening.value.locator("body")).to_contain_text("digit-reader")
    assert opening.value.url.endswith(f"/spaces/{BROKEN}")
    opening.value.close()
    reader.press(panel.drawer.locator("header .hfnb-button").locator("visible=true").first)
    expect(panel.drawer).to_have_count(0)
    expect(panel.head(BROKEN)).to_be_focused()


@pytest.mark.parametrize("walk", WALKS)
def test_starting_a_space_anew(nb, panel, walk, hub, owner):
    reader = prepared(nb, panel, walk)
    space = next(ASLEEP)
    began = [one for one in hub.requests() if one["method"] == "POST"]
    reader.write(panel.search, space.partition("/")[2])
    expect(panel.rows).to_have_count(1)
    reader.press(panel.button(f"Restart {space}"))
    expect(panel.row(space)).to_contain_text("Building")
    assert violations(panel.here) == []
    hub.pass_(10)
    expect(panel.row(space)).to_contain_text("Restarted:")
    expect(panel.row(space)).to_contain_text("Running")
    assert owner.get_space_runtime(space).stage == "RUNNING"
    (asked,) = [one for one in hub.requests() if one["method"] == "POST" and one not in began]
    assert asked["path"].endswith(f"/{space}/restart")


@pytest.mark.parametrize("label", WHERE)
def test_each_filter_finds_what_fits(nb, panel, label):
    chosen, how = WHERE[label]
    panel.choice(label).select_option(label=chosen)
    if label == "SDK":
        panel.lists(found(nb, **how))
    elif label == "State":
        expect(panel.rows).to_have_count(2)
        assert set(panel.ids()) == {BROKEN, "odd/trap"}
    else:
        panel.lists(["learner/studio"])


def test_what_happens_at_the_hub_is_seen_here(nb, panel, hub, owner):
    row = panel.row("hfnb-demo/table-explorer")
    expect(row).to_contain_text("Asleep")
    HfApi(endpoint=hub.url, token="hf_teacher_offline").restart_space("hfnb-demo/table-explorer")
    hub.pass_(10)
    expect(row).to_contain_text("Running", timeout=15_000)


def test_nobody_but_its_owner_may_start_a_space(panel):
    panel.row(DEMO).wait_for()
    expect(panel.button(f"Restart {DEMO}")).to_have_count(0)


def test_what_costs_is_asked_first(panel, owner):
    studio = "learner/studio"
    panel.search.fill("studio")
    panel.button(f"Restart {studio}").click()
    question = panel.here.get_by_role("group", name=f"Restart {studio}?")
    expect(question).to_contain_text("paid for by the hour")
    assert violations(panel.here) == []
    assert owner.get_space_runtime(studio).stage == "PAUSED"
    question.get_by_role("button", name="Leave it").press("Enter")
    expect(question).to_have_count(0)
    expect(panel.button(f"Restart {studio}")).to_be_focused()
    assert owner.get_space_runtime(studio).stage == "PAUSED"


def test_a_silent_hub_is_told_and_the_states_come_back(panel, hub, owner):
    row = panel.row("learner/studio")
    expect(row).to_contain_text("Paused")
    old = panel.here.get_by_text("may be old")
    with hub.fault("status", match="/api/spaces*", status=503):
        expect(old).to_be_visible(timeout=20_000)
        expect(panel.button("Try again")).to_be_visible()
        assert violations(panel.here) == []
    # by itself, with the next look; "Try again" would only be sooner, and may be gone before it is pressed
    expect(old).to_have_count(0, timeout=60_000)
