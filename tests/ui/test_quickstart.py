"""The quickstart as a newcomer meets it: opened in JupyterLab, run from top to bottom, read in light and dark."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.ui.notebook import OUT, Notebook
from tests.ui.tour import CONTRAST

QUICKSTART = Path(__file__).parents[2] / "notebooks" / "quickstart.ipynb"
PLACES = {cell["id"]: number for number, cell in enumerate(json.loads(QUICKSTART.read_text())["cells"])}


@pytest.fixture
def quickstart(open_notebook):
    """Opened, outputs cleared: what is read below was made just now."""
    notebook = open_notebook("quickstart.ipynb")
    notebook.command("notebook:clear-all-cell-outputs")
    return notebook


MEANT_TO_FAIL = f"cell {PLACES['typo']}: NotFound: "


def run_all(quickstart: Notebook) -> None:
    """One cell shows an error on purpose; it is the only one, and the cells after it run."""
    quickstart.run_all(may_fail=True)
    (failure,) = quickstart.failures()
    assert failure.startswith(MEANT_TO_FAIL)


def test_it_runs_from_top_to_bottom_and_says_what_it_promises(quickstart: Notebook):
    assert quickstart.text(PLACES["infer"]) == ""
    run_all(quickstart)
    said = {name: quickstart.text(place) for name, place in PLACES.items()}

    assert said["load"].startswith("hf_nb ")
    assert "offline Hub" in said["load"]
    assert "hfnb-demo/sentiment-en" in said["search"]
    assert "text-classification" in said["search"]
    assert "hfnb-demo/sentiment-fr" not in said["filter"]
    assert "hfnb-demo/sentiment-en" in said["filter"]
    assert "apache-2.0" in said["info"]
    assert "Files: 6 files" in said["info"]
    assert "hfnb-demo/sklearn-tables" in said["datasets"]
    assert "alcohol" in said["wine"]
    assert "142 wines" in said["wine"]
    assert said["typo"].splitlines()[0] == 'NotFound: No model, dataset or Space "hfnb-demo/sentimant-en".'
    assert "Nearest: hfnb-demo/sentiment-en" in said["typo"]
    assert "Traceback" not in said["typo"]
    assert "%hf COMMAND --help" in said["start"]

    bars = quickstart.output(PLACES["infer"]).locator(".hfnb .bars")
    expect(bars.locator(".first").first).to_have_text("positive")
    assert "local (cpu)" in said["infer"] or "local (cuda)" in said["infer"]
    rows = quickstart.output(PLACES["many"]).locator("tbody tr")
    labels = [row.locator("td").nth(1).inner_text() for row in rows.all()]
    assert labels[:3] == ["positive", "negative", "positive"]
    assert "the default for text-classification" in said["infer-default"]


def test_it_reads_well_in_light_and_dark(quickstart: Notebook):
    run_all(quickstart)
    OUT.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        quickstart.theme(theme)
        for name in ("search", "info", "infer", "datasets", "typo", "start"):
            output = quickstart.output(PLACES[name])
            output.scroll_into_view_if_needed()
            output.screenshot(path=OUT / f"quickstart-{theme}-{name}.png")
            for piece in output.locator(".hfnb td, .hfnb th, .hfnb .foot, .hfnb .name, .hfnb summary").all():
                contrast = piece.evaluate(CONTRAST)
                assert contrast >= 4.5, f"{theme} {name}: {contrast:.1f} for {piece.inner_text()!r}"
    quickstart.theme("light")


def test_the_folds_open_by_keyboard(quickstart: Notebook):
    for name in ("load", "info"):
        quickstart.run(PLACES[name])
    fold = quickstart.output(PLACES["info"]).locator("details", has_text="Files: ")
    fold.locator("summary").focus()
    quickstart.page.keyboard.press("Enter")
    expect(fold.locator("td", has_text="model.safetensors")).to_be_visible()


def test_a_restart_and_a_second_run_give_the_same(quickstart: Notebook):
    run_all(quickstart)
    first = {name: quickstart.text(place) for name, place in PLACES.items() if not name.startswith("infer")}
    quickstart.restart()
    run_all(quickstart)
    assert {name: quickstart.text(PLACES[name]) for name in first} == first
