"""The Models panel in a cell: every action by mouse and by keyboard, light and dark, wide and narrow."""

import pytest
from playwright.sync_api import expect

from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell, knows, says
from tests.ui.panels.conftest import WALKS, Filters, prepared
from tests.ui.panels.repositories import CELLS, fetched, taken_along

pytestmark = pytest.mark.slow  # the example is run by torch
MODEL = "hfnb-demo/sentiment-en"
ONE_EACH = {
    "Task": ("Translation", {"task": "translation"}),
    "Library": ("timm", {"library": "timm"}),
    "Language": ("French", {"language": "fr"}),
    "Licence": ("mit", {"licence": "mit"}),
    "Size": ("under 100 M", {"max_parameters": "100M"}),
}
# a model for each walk: what one has fetched is there for the next
FETCHED = iter(("hfnb-demo/topic-en", "hfnb-demo/ner-en", "hfnb-demo/nli-en", "hfnb-demo/summarize-en"))
LOADED = "[one.model for one in __import__('hf_nb.infer.kept', fromlist=['kept']).loaded()]"


def found(nb, *args, **filters):
    """What the kernel finds when it is asked the same in Python."""
    asked = {"sort": "trending", "limit": 24} | filters
    return knows(nb, f"[row.id for row in __import__('hf_nb').search(*{args!r}, **{asked!r}).rows]")


def status(nb, id):
    """Where a model stands, as the kernel reads its disk."""
    code = f"""
from hf_nb.panels.models import here
from hf_nb.plumbing.session import current
print(here.stands([{id!r}], current())[{id!r}].status)"""
    return says(nb, code)


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("models.ipynb", "%hf panel models", "7 * 6")
    notebook.run(1)
    return notebook


@pytest.fixture(scope="module")
def shown(nb):
    panel = InCell(nb, "models")
    panel.rows.first.wait_for()
    return panel


@pytest.fixture
def panel(nb, shown, hub):
    """As it was at first."""
    yield shown
    hub.clear_faults()
    shown.back_to_the_start()


@pytest.mark.parametrize("walk", WALKS)
def test_looking_for_a_model(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    reader.write(panel.search, "sentiment")
    panel.lists(found(nb, "sentiment"))
    with Filters(panel, reader):
        reader.choose(panel.choice("Licence"), "mit")
    panel.lists(found(nb, "sentiment", licence="mit"))
    with Filters(panel, reader):
        reader.press(panel.button("Clear all"))
    reader.choose(panel.choice("Sort"), "Most downloads first")
    panel.lists(found(nb, "sentiment", sort="downloads"))
    assert violations(panel.here) == []
    reader.write(panel.search, "no such model anywhere")
    expect(panel.here).to_contain_text("No model fits")
    assert violations(panel.here) == []
    nb.screenshot(f"panels-models-empty-{walk[0]}")
    reader.press(panel.button("Clear the search").last)
    expect(panel.rows.first).to_be_visible()


@pytest.mark.parametrize("walk", WALKS)
def test_reading_about_a_model_and_using_it(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    reader.press(panel.head(MODEL))
    expect(panel.drawer).to_contain_text("Memory the weights need")
    expect(panel.drawer.locator(".hfnb-prose")).to_contain_text("sentiment")
    assert violations(panel.here) == []
    nb.screenshot(f"panels-models-open-{walk[0]}-{walk[2]}")

    code = taken_along(nb, panel, reader, MODEL)
    assert f'model="{MODEL}"' in code
    compile(code, "the cell", "exec")


@pytest.mark.parametrize("walk", WALKS)
def test_getting_a_model(nb, panel, walk, hub):
    reader = prepared(nb, panel, walk)
    model = next(FETCHED)
    fetched(
        nb,
        panel,
        reader,
        model,
        status=status,
        slowly=hub.fault("slow", match=f"*{model}/resolve/*/model.safetensors", origin=None, seconds=60),
        picture=f"panels-models-getting-{walk[0]}-{walk[2]}",
    )


@pytest.mark.parametrize("walk", WALKS)
def test_trying_a_model(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    reader.press(panel.button(f"Try {MODEL}"))
    box = panel.drawer.get_by_label("Input")
    expect(box).to_be_focused()
    reader.write(box, "We hated every minute of it.")
    reader.press(panel.drawer.get_by_role("button", name="Run", exact=True))
    result = panel.drawer.locator(".hfnb-result")
    expect(result.locator(".first").first).to_have_text("negative", timeout=60_000)
    assert MODEL in knows(nb, LOADED)
    assert violations(panel.here) == []
    nb.screenshot(f"panels-models-tried-{walk[0]}-{walk[2]}")


@pytest.mark.parametrize("label", ONE_EACH)
def test_each_filter_finds_what_python_finds(nb, panel, label):
    chosen, filters = ONE_EACH[label]
    panel.choice(label).select_option(label=chosen)
    panel.lists(found(nb, **filters))


def test_only_what_somebody_serves_now(nb, panel):
    panel.tick("Callable now").check()
    panel.lists(found(nb, warm=True))


def test_a_long_list_goes_on_by_itself_and_by_its_button(nb, panel):
    panel.search.fill("many-")
    panel.lists(found(nb, "many-"))
    panel.rows.last.scroll_into_view_if_needed()
    expect(panel.rows).to_have_count(48)
    panel.button("Show more").focus()
    nb.page.keyboard.press("Enter")
    panel.lists(found(nb, "many-", limit=100))
    expect(panel.button("Show more")).to_have_count(0)
    assert len(set(panel.ids())) == 60


def test_letters_typed_in_a_panel_are_not_the_notebooks_keys(nb, panel):
    before = nb.page.evaluate(CELLS)
    for place in (panel.choice("Sort"), panel.button("Keys"), panel.head(MODEL), panel.search):
        place.focus()
        for key in "xxddab":
            nb.page.keyboard.press(key)
    assert nb.page.evaluate(CELLS) == before


def test_the_keys_are_listed_and_work(nb, panel):
    panel.button("Keys").press("?")
    keys = panel.here.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert violations(panel.here) == []
    nb.page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    expect(panel.button("Keys")).to_be_focused()
    nb.page.keyboard.press("/")
    expect(panel.search).to_be_focused()
    nb.page.keyboard.press("ArrowDown")
    expect(panel.rows.first.locator("[data-hfnb-head]")).to_be_focused()
    nb.page.keyboard.press("End")
    expect(panel.rows.last.locator("[data-hfnb-head]")).to_be_focused()
