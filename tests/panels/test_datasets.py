"""What the Datasets panel asks, through a desk, of the offline Hub: found, looked at, pulled, told where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.hub.finding.search import search
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from hf_nb.panels import pages
from hf_nb.panels.datasets import here
from hf_nb.panels.datasets.facets import USES, rows_in
from hf_nb.plumbing.session import Session
from tests.hub.many import fill, recipes
from tests.offline.small import DAY
from tests.panels.asking import Page, until
from tests.panels.shapes import fits
from tests.render.hostile import CALL, CARD

DATASET = "hfnb-demo/chats"


@pytest.fixture(scope="module")
def _stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Hub of some hundred repositories, and a few with something the matter."""
    root = tmp_path_factory.mktemp("stocked") / "store"
    fill(root, recipes())
    store = Store.open(root)
    store.user("someone")
    for name, card in {"hostile": CARD, "huge": "# Huge\n\n" + "Many words. " * 60_000, "quiet": ""}.items():
        store.create_repo("dataset", f"odd/{name}", created_at=DAY)
        files = {"README.md": card.encode(), "data/train.csv": b"a,b\n1,2\n" * 50_000}
        store.commit("dataset", f"odd/{name}", files, title="files", author="someone", date=DAY)
    store.create_repo("dataset", "odd/gated", created_at=DAY, gated="manual")
    store.commit("dataset", "odd/gated", {"a.csv": b"a\n1\n"}, title="c", author="someone", date=DAY)
    store.close()
    with start(root) as running:
        yield running


@pytest.fixture
def stocked(_stocked: Running, session: Session) -> Iterator[Running]:
    session.settings.endpoint = _stocked.url
    _stocked.clear_requests()
    yield _stocked
    _stocked.clear_faults()


# -- finding


def test_what_may_be_filtered_by_is_understood_by_the_search(page: Page, hub: Running):
    found = page.ask("datasets.facets")
    fits("datasets", "Facets", found)
    assert hub.requests() == [], "it is from our own tables"
    named = {"tasks": "task", "domains": "domain", "uses": "use", "modalities": "modality"}
    named |= {"formats": "format", "languages": "language", "licences": "licence", "sizes": "size"}
    for facet, name in {**named, "sorts": "sort"}.items():
        for choice in (found[facet][0], found[facet][-1]):
            fits(
                "datasets",
                "Page<DatasetRow>",
                page.ask("datasets.search", limit=1, **{name: choice["value"]}),
            )


def test_rows_say_what_the_hub_knows_and_cost_one_request(page: Page, hub: Running):
    found = page.ask("datasets.search", text="chats", language="en", limit=40)
    fits("datasets", "Page<DatasetRow>", found)
    assert [one["path"] for one in hub.requests()] == ["/api/datasets"]
    (row,) = found["rows"]
    assert (row["id"], row["author"], row["name"]) == (DATASET, "hfnb-demo", "chats")
    assert row["tasks"] == ["text-generation"]
    assert row["formats"] == ["parquet"]
    assert row["rowsClass"] == "under 1 K rows"
    assert row["status"] == "available"
    assert row["url"].endswith("/datasets/hfnb-demo/chats")
    assert found["code"]["magic"] == "%hf search datasets chats --language en --limit 40"


@pytest.mark.parametrize("use", USES)
def test_a_use_finds_what_has_all_its_tags_and_the_line_says_them(use: str, page: Page, stocked: Running):
    found = page.ask("datasets.search", use=use, limit=100)
    tags = USES[use][1]
    everything = search(kind="datasets", limit=1000, session=page.desk.session).rows
    expected = {row.id for row in everything if set(tags) <= set(row.tags)}
    assert {row["id"] for row in found["rows"]} == expected
    assert all(f"--tag {tag}" in found["code"]["magic"] for tag in tags)


def test_pages_follow_one_another_and_repeat_nothing(page: Page, stocked: Running):
    found = page.ask("datasets.search", limit=20)
    seen = [row["id"] for row in found["rows"]]
    while found["more"]:
        found = page.ask("datasets.search", limit=20, more=found["more"])
        seen += [row["id"] for row in found["rows"]]
    everything = search(kind="datasets", limit=1000, session=page.desk.session).ids
    assert len(everything) > 40
    assert sorted(seen) == sorted(everything)


def test_sizes_and_gates_are_in_the_list(page: Page, stocked: Running):
    rows = {row["id"]: row for row in page.ask("datasets.search", text="odd", limit=40)["rows"]}
    assert rows["odd/quiet"]["bytes"] == 8 * 50_000
    assert rows["odd/gated"]["gated"] == "manual"
    assert rows["odd/gated"]["licenceKind"] == "gated"


def test_a_lost_place_and_a_wrong_word_say_what_to_do(page: Page, hub: Running):
    assert page.refused("datasets.search", more="made up")["hint"] == "Search again."
    assert page.refused("datasets.search", use="world peace")["hint"].startswith("Uses: chat")
    assert page.refused("datasets.search", limit=pages.MOST + 1)["type"] == "BadInput"


@pytest.mark.parametrize(
    ("size", "words"),
    [("1K<n<10K", "1 K to 10 K rows"), ("n<1K", "under 1 K rows"), ("n>1T", "over 1 T rows"), ("x", "")],
)
def test_a_class_of_sizes_is_said_in_words(size: str, words: str):
    assert rows_in(size) == words


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 503}, "Busy"),
        ({"kind": "status", "status": 429}, "RateLimited"),
        ({"kind": "refuse"}, "Unreachable"),
    ],
    ids=str,
)
def test_a_hub_that_fails_is_said_and_may_be_tried_again(
    fault: dict[str, Any], kind: str, page: Page, hub: Running
):
    page.desk.session.settings.deadline = 2
    with hub.fault(match="/api/*", **fault):
        said = page.refused("datasets.search", text="nothing asked before")
    assert (said["type"], said["retry"]) == (kind, True)
    assert page.ask("datasets.search", text="chats")["rows"]


# -- one dataset


def test_details_say_configurations_splits_and_how_to_see_rows(page: Page, hub: Running):
    found = page.ask("datasets.details", id=DATASET)
    fits("datasets", "Details", found)
    (config,) = found["configs"]
    assert {one["name"]: one["rows"] for one in config["splits"]} == {"train": 800, "test": 100}
    assert found["row"]["rows"] == 900
    assert found["code"]["magic"] == f"%hf preview {DATASET}"
    assert "psf-2.0" in found["licence"]["words"]
    assert "<h1" in found["card"] or "<h2" in found["card"]


def test_what_a_stranger_wrote_in_a_card_does_nothing_and_stays_short(page: Page, stocked: Running):
    found = page.ask("datasets.details", id="odd/hostile")
    card = found["card"]
    assert not re.search(r"<(script|img|iframe|svg|style|form|object|base|meta|link)\b", card, re.IGNORECASE)
    assert not re.search(r"<[^>]*\son\w+\s*=", card)
    assert f"javascript:{CALL}" not in re.sub(r">[^<]*<", "><", card), "no link runs"
    huge = page.ask("datasets.details", id="odd/huge")
    assert huge["cardShortened"]
    assert len(huge["card"]) < 210_000
    assert page.ask("datasets.details", id="odd/quiet")["card"] == ""
    gated = page.ask("datasets.details", id="odd/gated")
    assert gated["row"]["gated"] == "manual"
    assert any("Gated" in line for line in gated["warnings"])


def test_an_id_that_nothing_has_offers_the_nearest(page: Page, hub: Running):
    said = page.refused("datasets.details", id="hfnb-demo/chat")
    assert said["type"] == "NotFound"
    assert f"datasets/{DATASET}" in said["nearest"]
    assert page.ask("datasets.details", id=said["nearest"][0])["row"]["id"] == DATASET, "it can be picked"


# -- onto this machine


def test_a_pull_tells_how_far_it_is_and_the_disk_confirms_it(page: Page, hub: Running, cache: Path):
    going = page.begin("datasets.pull", id=DATASET)
    pulled = going.answer()
    fits("datasets", "Pulled", pulled)
    for event in going.events:
        fits("datasets", "Pulling", event)
    assert pulled["status"] == "cached"
    assert any(Path(pulled["path"]).rglob("*.parquet"))
    status = page.ask("datasets.status", ids=[DATASET, "hfnb-demo/digits"])
    fits("datasets", "Statuses", status)
    assert status[DATASET]["status"] == "cached"
    assert status[DATASET]["cachedBytes"] >= pulled["bytes"]
    assert status["hfnb-demo/digits"] == {"status": "available", "cachedBytes": None}


def test_one_that_is_stopped_stands_as_partial_and_goes_on(page: Page, stocked: Running, cache: Path):
    def status() -> str:
        found: str = page.ask("datasets.status", ids=["odd/quiet"])["odd/quiet"]["status"]
        return found

    def begun() -> int:
        return max(
            (one.stat().st_size for one in here.folder_of("odd/quiet").rglob("*.incomplete")), default=0
        )

    with stocked.fault("stall", match="*/train.csv*", at=300_000):
        going = page.begin("datasets.pull", id="odd/quiet")
        going.event()
        until(lambda: begun() >= 250_000)
        assert status() == "loading"
        going.cancel()
        until(lambda: status() == "partial")
    assert page.ask("datasets.pull", id="odd/quiet")["status"] == "cached"


def test_one_that_did_not_arrive_says_so_until_it_does(page: Page, stocked: Running, cache: Path):
    page.desk.session.settings.deadline = 2
    with stocked.fault("status", match="/datasets/odd/huge/resolve/*", status=503):
        said = page.refused("datasets.pull", id="odd/huge")
    assert said["retry"]
    assert page.ask("datasets.status", ids=["odd/huge"])["odd/huge"]["status"] in ("error", "partial")
    assert page.ask("datasets.pull", id="odd/huge")["status"] == "cached"
    assert page.ask("datasets.status", ids=["odd/huge"])["odd/huge"]["status"] == "cached"


def test_what_is_here_is_found_with_no_question_to_the_hub(page: Page, hub: Running, cache: Path):
    page.ask("datasets.pull", id=DATASET)
    page.ask("datasets.pull", id="hfnb-demo/digits")
    hub.clear_requests()
    found = page.ask("datasets.search", cached=True, text="CHAT")
    fits("datasets", "Page<DatasetRow>", found)
    (row,) = found["rows"]
    assert (row["id"], row["status"], row["title"]) == (DATASET, "cached", "Chats about the standard library")
    assert (row["formats"], row["rows"]) == (["parquet"], 900)
    assert [one["id"] for one in page.ask("datasets.search", cached=True, use="chat")["rows"]] == [DATASET]
    both = page.ask("datasets.search", cached=True, sort="size:asc", limit=1)
    rest = page.ask("datasets.search", cached=True, more=both["more"])
    sizes = [one["cachedBytes"] for one in both["rows"] + rest["rows"]]
    assert len(sizes) == 2
    assert sizes == sorted(sizes)
    assert hub.requests() == []


def test_reading_a_card_is_not_having_the_dataset(page: Page, hub: Running, cache: Path):
    page.ask("datasets.details", id=DATASET)
    assert page.ask("datasets.status", ids=[DATASET])[DATASET]["status"] == "available"
    assert page.ask("datasets.search", cached=True)["rows"] == []
