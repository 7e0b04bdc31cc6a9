"""The tour of the Hub as a newcomer takes it: by the menus, in light and dark; TAB, the stop button, a login."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from hf_nb.offline.running import Running, start
from tests.ui.notebook import OUT, Notebook
from tests.ui.server import LabServer, copy_of_notebooks
from tests.ui.tour import ROOT, Written, faint, style_lengths

TOUR = Written("hub.ipynb")
cell = TOUR.cell
BIG = "hfnb-demo/minilm-embeddings"
MOST_BYTES = 250_000
MOST_STYLE = 4_500

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own() -> Iterator[Running]:
    """A Hub of its own: the tour writes to it."""
    with start() as running:
        yield running


@pytest.fixture(scope="module")
def lab(own: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A JupyterLab that sees it."""
    place = tmp_path_factory.mktemp("lab")
    folder = copy_of_notebooks(ROOT, place / "notebooks")
    with LabServer(folder, place / "private", own.environment) as server:
        yield server


def test_the_tour_runs_by_the_menus_and_every_output_can_be_read(
    open_notebook: Callable[[str], Notebook], lab: LabServer
) -> None:
    tour = open_notebook(TOUR.name)
    TOUR.run_by_the_menus(tour, cell("%hf logout"), "learner")
    says_what_it_promises(tour)
    for theme in ("light", "dark"):
        tour.theme(theme)
        reads_well(tour, theme)
    tour.theme("light")
    stays_small(tour, lab)


def says_what_it_promises(tour: Notebook) -> None:
    found = tour.output(cell("%hf search models")).locator(".hfnb tbody tr")
    expect(found.first).to_contain_text("hfnb-demo/sentiment-en")
    numbers = found.first.locator("td.num")
    assert numbers.first.evaluate("element => getComputedStyle(element).textAlign") == "right"
    ids = tour.output(cell("%hf search datasets")).locator("td.id code")
    assert all("\n" not in text for text in ids.all_inner_texts())
    heights = ids.evaluate_all("elements => elements.map(element => element.getClientRects().length)")
    assert set(heights) == {1}, "an id stands on one line"
    facts = tour.output(cell("%hf info hfnb-demo/sentiment-en")).locator(".facts > div")
    expect(facts.filter(has_text="Parameters")).to_contain_text("318 k")
    commits = tour.output(cell("%hf log")).locator("tbody tr")
    expect(commits).to_have_count(4)
    expect(commits.last).to_contain_text("initial commit")
    expect(tour.output(cell("%hf lock")).locator("tbody tr").first).to_contain_text("apache-2.0")
    expect(tour.output(cell("%hf login")).locator(".name")).to_have_text("learner")
    secret = tour.text(cell("%hf push learner/project project"))
    assert "config.py, line 1 (Hugging Face token)" in secret
    assert "aB3dE5gH7j" not in secret
    expect(tour.output(cell("%%hf discuss")).locator(".name")).to_contain_text(
        "Where are the 150 flowers from?"
    )
    expect(tour.output(cell("%hf models ls")).locator("tbody tr")).to_have_count(4)


def reads_well(tour: Notebook, theme: str) -> None:
    assert faint(tour, least=150) == []
    OUT.mkdir(exist_ok=True)
    for name in ("%hf search models", "%hf info hfnb-demo/sentiment-en", "%hf lock", "%%hf discuss"):
        place = cell(name)
        tour.cell(place).scroll_into_view_if_needed()
        tour.cell(place).screenshot(path=OUT / f"hub-{theme}-{place:02}.png")


def stays_small(tour: Notebook, lab: LabServer) -> None:
    tour.save()
    saved = lab.folder / TOUR.name
    assert saved.stat().st_size < MOST_BYTES
    styles = style_lengths(tour)
    assert len(styles) > 8
    assert max(styles) < MOST_STYLE


def test_tab_offers_what_can_stand_there_and_nothing_else(
    open_notebook: Callable[[str], Notebook], page: Page, lab: LabServer
) -> None:
    name = lab.write("tab.ipynb", "%load_ext hf_nb\nflowers, flag = [1], 2", "")
    notebook = open_notebook(name)
    notebook.run(0)
    popup = page.locator(".jp-Completer:not(.lm-mod-hidden)")
    for typed, offered in {
        "%hf se": ["search", "settings"],
        "%hf push learner/flowers $fl": ["flag", "flowers"],
    }.items():
        notebook.cell(1).locator(".cm-content").fill(typed)
        page.keyboard.press("Tab")
        expect(popup.locator(".jp-Completer-match")).to_have_text(offered)
        page.keyboard.press("Escape")
        expect(popup).to_have_count(0)


def test_the_stop_button_keeps_what_came_and_the_same_line_goes_on(
    open_notebook: Callable[[str], Notebook], lab: LabServer, own: Running
) -> None:
    notebook = open_notebook(lab.write("stop.ipynb", "%load_ext hf_nb", f"%hf pull {BIG}", "1 + 1"))
    notebook.run(0)
    output = notebook.output(1)
    with own.fault("slow", origin="cdn", match="*", seconds=60):
        notebook.begin(1)
        bar = output.locator("[role=progressbar]")
        expect(bar).to_be_visible(timeout=60_000)
        expect(output).to_contain_text("of 92 MB")
        notebook.screenshot("hub-pull")
        notebook.stop()
        expect(output).to_contain_text("the same line goes on")
    notebook.wait_idle()
    expect(bar).to_have_count(0)
    assert "Traceback" not in notebook.text(1)
    assert output.locator("pre:empty").count() == 0
    assert notebook.run(2, may_fail=True) == "2"
    again = notebook.run(1)
    assert again.startswith(f"{BIG} @ main")
    assert "1 file (91 MB)" in again
    assert "11 here already" in again


def test_a_login_shows_a_code_and_then_who_one_is(
    open_notebook: Callable[[str], Notebook], lab: LabServer, own: Running
) -> None:
    notebook = open_notebook(lab.write("login.ipynb", "%load_ext hf_nb", "%hf login"))
    notebook.run(0)
    notebook.begin(1)
    output = notebook.output(1)
    code = output.locator(".login .code")
    expect(code).to_be_visible()
    shown = code.inner_text()
    expect(output.get_by_role("link")).to_have_attribute("href", f"{own.url}/oauth/device?user_code={shown}")
    own.approve(shown, "learner")
    expect(output.locator(".name")).to_have_text("learner")
    expect(code).to_have_count(0)
    notebook.wait_idle()
    notebook.save()
    saved = (lab.folder / "login.ipynb").read_text(encoding="utf-8")
    assert shown not in saved
    assert "hf_oauth_" not in saved
