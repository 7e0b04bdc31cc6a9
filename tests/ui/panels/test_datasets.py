"""The Datasets panel in a cell: every action by mouse and by keyboard, light and dark, wide and narrow."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell, knows, says
from tests.ui.panels.conftest import WALKS, Filters, prepared
from tests.ui.panels.repositories import fetched, taken_along

pytestmark = pytest.mark.slow
DATASET = "hfnb-demo/tiny-pictures"
ONE_EACH: dict[str, tuple[str, dict[str, Any]]] = {
    "For": ("Evaluate a model", {"tags": ["benchmark"]}),
    "Task": ("Image classification", {"task": "image-classification"}),
    "Made of": ("Sound", {"modality": "audio"}),
    "Rows": ("under 1 K rows", {"size": "n<1K"}),
    "Field": ("Medical", {"domain": "medical"}),
    "Language": ("Swedish", {"language": "sv"}),
    "Stored as": ("JSON Lines", {"file_format": "json"}),
    "Licence": ("cc-by-4.0", {"licence": "cc-by-4.0"}),
}
# a dataset for each walk: what one has fetched is there for the next
FETCHED = iter(
    ("hfnb-demo/tones", "hfnb-demo/tiny-pictures", "hfnb-lab/orders", "hfnb-lab/shapes-webdataset")
)
DATA = (".parquet", ".csv", ".tar")


def found(nb, *args, **filters):
    """What the kernel finds when it is asked the same in Python."""
    asked = {"kind": "datasets", "sort": "trending", "limit": 24} | filters
    return knows(nb, f"[row.id for row in __import__('hf_nb').search(*{args!r}, **{asked!r}).rows]")


def status(nb, id):
    """Where a dataset stands, as the kernel reads its disk."""
    return says(nb, f"from hf_nb.panels.datasets import here; print(here.stands([{id!r}])[{id!r}].status)")


def bytes_here(nb, id):
    """What of its data is in the cache, as huggingface_hub reads it."""
    code = f"""
import json
from huggingface_hub import scan_cache_dir
files = [file for repo in scan_cache_dir().repos if (repo.repo_type, repo.repo_id) == ("dataset", {id!r})
         for revision in repo.revisions for file in revision.files if file.file_name.endswith({DATA})]
print(json.dumps(sum(file.size_on_disk for file in files)))"""
    return int(says(nb, code))


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("datasets.ipynb", "%hf panel datasets", "7 * 6")
    notebook.run(1)
    says(notebook, "import hf_nb.plumbing.session as s; s.current().settings.deadline = 3")
    return notebook


@pytest.fixture(scope="module")
def shown(nb):
    panel = InCell(nb, "datasets")
    panel.rows.first.wait_for()
    return panel


@pytest.fixture
def panel(nb, shown, hub):
    """As it was at first."""
    yield shown
    hub.clear_faults()
    if (back := shown.here.locator(".hfnb-way-back button")).count():
        back.click()
    shown.back_to_the_start()


@pytest.mark.parametrize("walk", WALKS)
def test_looking_for_a_dataset(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    reader.write(panel.search, "shapes")
    panel.lists(found(nb, "shapes"))
    with Filters(panel, reader):
        reader.choose(panel.choice("Stored as"), "Folder of pictures")
    panel.lists(found(nb, "shapes", file_format="imagefolder"))
    with Filters(panel, reader):
        reader.press(panel.button("Clear all"))
    panel.lists(found(nb, "shapes"))
    reader.choose(panel.choice("Sort"), "Largest first")
    panel.lists(found(nb, "shapes", sort="size"))
    assert violations(panel.here) == []
    nb.screenshot(f"panels-datasets-{walk[0]}-{walk[2]}")
    reader.write(panel.search, "no such dataset anywhere")
    expect(panel.here).to_contain_text("No dataset fits")
    assert violations(panel.here) == []
    nb.screenshot(f"panels-datasets-empty-{walk[0]}")
    reader.press(panel.button("Clear the search").last)
    expect(panel.rows.first).to_be_visible()


@pytest.mark.parametrize("walk", WALKS)
def test_reading_about_a_dataset(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    reader.press(panel.head(DATASET))
    splits = panel.drawer.get_by_role("region", name="Configurations and splits")
    for split, rows in knows(
        nb, f"[[one.name, one.rows] for one in __import__('hf_nb').info({DATASET!r}).subsets[0].splits]"
    ):
        expect(splits.get_by_role("row", name=re.compile(rf"{split}\b.*{rows:,}"))).to_have_count(1)
    expect(panel.drawer.locator(".hfnb-prose")).to_be_visible()
    assert violations(panel.here) == []
    nb.screenshot(f"panels-datasets-open-{walk[0]}-{walk[2]}")

    assert taken_along(nb, panel, reader, DATASET, path="datasets/") == f"%hf preview {DATASET}"


@pytest.mark.parametrize("walk", WALKS)
def test_getting_a_dataset(nb, panel, walk, hub):
    reader = prepared(nb, panel, walk)
    dataset = next(FETCHED)
    fetched(
        nb,
        panel,
        reader,
        dataset,
        status=status,
        slowly=hub.fault("stall", match=f"*{dataset}/resolve/*", origin=None, at=300_000, seconds=60),
        picture=f"panels-datasets-getting-{walk[0]}-{walk[2]}",
    )
    files = knows(nb, f"[[one.path, one.size] for one in __import__('hf_nb').info({dataset!r}).files]")
    assert bytes_here(nb, dataset) == sum(size for path, size in files if path.endswith(DATA))


@pytest.mark.parametrize("walk", WALKS)
def test_exploring_a_dataset_and_coming_back(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    chosen = "hfnb-lab/reviews-with-leaks"
    reader.choose(panel.choice("Sort"), "Most downloads first")
    panel.begins(listed := found(nb, sort="downloads"))
    explore = panel.button(f"Explore {chosen}")
    reader.press(explore)
    grid = panel.here.get_by_role("grid")
    (first,) = knows(nb, f"__import__('hf_nb').data.preview({chosen!r}, limit=1).to_arrow().to_pylist()")
    for at, value in enumerate(list(first.values())[:2]):
        expect(grid.locator(f"[data-hfnb-cell='0 {at}']")).to_contain_text(str(value)[:20])
    panel.settled()
    assert violations(panel.here) == []
    nb.screenshot(f"panels-datasets-explored-{walk[0]}-{walk[2]}")
    reader.press(panel.here.get_by_role("button", name="Back to the datasets"))
    expect(panel.rows.first).to_be_visible()
    panel.begins(listed)
    expect(explore).to_be_focused()
    expect(explore).to_be_in_viewport()


@pytest.mark.parametrize("label", ONE_EACH)
def test_each_filter_finds_what_python_finds(nb, panel, label):
    chosen, filters = ONE_EACH[label]
    panel.choice(label).select_option(label=chosen)
    expected = found(nb, **filters)
    assert expected, "there is something to find"
    panel.lists(expected)


def test_a_long_list_that_breaks_off_says_so_and_goes_on(nb, panel, hub):
    panel.search.fill("herbs-")
    panel.search.press("Enter")
    panel.lists(found(nb, "herbs-"))
    with hub.fault("status", match="GET /api/datasets*", status=503):
        panel.button("Show more").click()
        foot = panel.here.locator(".hfnb-foot")
        expect(foot.get_by_role("button", name="Try again")).to_be_visible()
        expect(foot).to_contain_text(re.compile(r"^2\d datasets so far\. The offline Hub"))
        assert violations(panel.here) == []
        nb.screenshot("panels-datasets-partial")
    foot.get_by_role("button", name="Try again").click()
    panel.lists(found(nb, "herbs-", limit=100))
    assert len(set(panel.ids())) == 30


def test_each_trouble_of_the_hub_is_told_with_what_to_do(nb, panel, hub):
    for number, (kind, how) in enumerate({"refuse": {}, "status": {"status": 429}}.items()):
        with hub.fault(kind, match="/api/datasets*", **how):
            panel.search.fill(f"herbs-{number}")
            panel.search.press("Enter")
            expect(panel.failed).to_be_visible()
            expect(panel.failed.locator(".hfnb-soft")).not_to_be_empty()
            assert violations(panel.here) == []
            nb.screenshot(f"panels-datasets-trouble-{kind}")
        panel.failed.get_by_role("button", name="Try again").click()
        panel.lists(found(nb, f"herbs-{number}"))


def test_rows_that_cannot_be_read_are_told_and_come_later(nb, panel, hub):
    panel.search.fill("herbs-07")
    panel.search.press("Enter")
    panel.lists(["learner/herbs-07"])
    with hub.fault("refuse", match="*herbs-07*", origin=None):
        panel.button("Explore learner/herbs-07").click()
        expect(panel.failed).to_be_visible()
        assert violations(panel.here) == []
        nb.screenshot("panels-datasets-unreadable")
    panel.failed.get_by_role("button", name="Try again").click()
    expect(panel.here.get_by_role("grid").locator("[data-hfnb-cell='0 0']")).to_have_text("mint")
