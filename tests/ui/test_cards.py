"""Cards by strangers in a real JupyterLab: nothing of theirs runs, loads, or looks like a part of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from hf_nb.offline.running import Running
from tests.hub import odd
from tests.render.hostile import CORPUS, HEAVY
from tests.ui.server import LabServer

# every way a card could make something happen ends here
TRAP = """() => {
  window.hfnbHacked = () => { window.hfnbRan = true; };
  window.hfnbRan = false;
}"""
SHOW_ALL = """
from hf_nb.values import RepoInfo
from tests.render.hostile import CORPUS
for name, card in CORPUS.items():
    display(RepoInfo("model", f"odd/{name}", "https://huggingface.co", card=card, view="card"))
"""
# without our cleaning the page does run what it is given: the trap works, and formulas are set
CONTROL = """
from IPython.display import HTML
HTML("<p class=control>$x^2$<img src=x onerror=hfnbHacked()></p>")
"""
SHOW_FACTS = """
from tests.render.test_card import everything
from tests.render.hostile import AWAY
for text in ("<script>hfnbHacked()</script>", "<img src=x onerror=hfnbHacked()>", f"<img src={AWAY}>",
             '" onmouseover="hfnbHacked()', "$\\\\href{javascript:hfnbHacked()}{x}$", "javascript:hfnbHacked()"):
    for kind in ("model", "dataset", "space"):
        display(everything(text, kind=kind))
"""


@pytest.fixture(scope="module")
def odd_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with odd.served(tmp_path_factory.mktemp("odd")) as running:
        yield running


@pytest.fixture(scope="module")
def lab(odd_hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A notebook over the Hub of odd repositories."""
    place = tmp_path_factory.mktemp("lab")
    (place / "notebooks").mkdir()
    cells = ["%load_ext hf_nb", "%hf info odd/hostile --card", SHOW_ALL, SHOW_FACTS, CONTROL]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel}
    )
    nbformat.write(notebook, place / "notebooks" / "cards.ipynb")
    environment = {**odd_hub.environment, "PYTHONPATH": str(Path(__file__).parents[2])}
    with LabServer(place / "notebooks", place / "private", environment) as server:
        yield server


@pytest.mark.slow
def test_nothing_a_stranger_wrote_runs_or_loads(open_notebook: Any, page: Any, watched: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    dialogs: list[str] = []

    def dismiss(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    notebook = open_notebook("cards.ipynb")
    page.evaluate(TRAP)
    for cell in range(4):
        notebook.run(cell)
    assert page.evaluate("() => window.hfnbRan") is False
    notebook.run(4)
    page.wait_for_function("() => window.hfnbRan")
    page.locator(".control mjx-container").first.wait_for()
    page.evaluate("() => { window.hfnbRan = false; }")
    outputs = notebook.panel.locator(".hfnb")
    assert outputs.count() >= 1 + len(CORPUS) + 18
    page.evaluate("() => document.querySelectorAll('.hfnb details').forEach(one => { one.open = true; })")
    for name in ("p", "a", "td", "summary"):  # where a handler could sit
        page.evaluate(
            """name => document.querySelectorAll(`.hfnb ${name}`).forEach(one => {
                for (const kind of ['mouseover', 'focus', 'toggle', 'animationstart'])
                    one.dispatchEvent(new Event(kind, {bubbles: true}));
            })""",
            name,
        )
    page.evaluate(
        """() => document.querySelectorAll('.hfnb a').forEach(one => {
            one.addEventListener('click', event => event.preventDefault());
            one.click();
        })"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.hfnbRan") is False
    assert dialogs == []
    assert [url for url in asked if "127.0.0.1:9/" in url or "/leak" in url] == []
    foreign = (
        "script, img, svg, iframe, object, embed, form, input, link, meta, base, video, audio, mjx-container"
    )
    assert page.locator(f".hfnb :is({foreign})").count() == 0
    assert page.evaluate("() => [...document.querySelectorAll('.hfnb [id], .hfnb [name]')].length") == 0
    fixed = """() => [...document.querySelectorAll('.hfnb *')]
        .filter(one => getComputedStyle(one).position === 'fixed').length"""
    assert page.evaluate(fixed) == 0
    assert page.locator("#jp-main-dock-panel").count() == 1
    notebook.screenshot("cards")


def test_the_corpus_is_not_empty() -> None:
    assert len(CORPUS) > 30
    assert len(HEAVY) > 15
