"""The tour of batches as a newcomer takes it: run to the end, what it promises stands there, and can be read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ui.notebook import OUT, Notebook
from tests.ui.server import LabServer
from tests.ui.tour import Written, faint, own_hub, own_lab

TOUR = Written("batches.ipynb")
cell = TOUR.cell
READ = ":is(td, th, .foot, .name, .soft, summary, .tag, .mark, .num)"
SECONDS = 300.0  # a model's quicker copies are made and measured
MOST_BYTES = 150_000
SHOWN = ("%hf batch hfnb-demo/sentiment-en $reviews.text", "%hf parity", "%hf loaded", "%hf fit", "%hf pick")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2 * SECONDS)]


own = own_hub(answer="hf_nb.infer.serving", rows="hf_nb.data.serving")
lab = own_lab()


def test_the_tour_runs_to_its_end_and_every_output_can_be_read(
    open_notebook: Callable[[str], Notebook], lab: LabServer
) -> None:
    tour = open_notebook(TOUR.name)
    TOUR.run_by_the_menus(tour, cell("import shutil"), "Forgotten: learner", within=SECONDS)
    says_what_it_promises(tour)
    for theme in ("light", "dark"):
        tour.theme(theme)
        tour.panel.locator(".hfnb details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert faint(tour, READ, least=60) == []
        pictures(tour, theme)
    tour.theme("light")
    tour.save()
    assert (lab.folder / TOUR.name).stat().st_size < MOST_BYTES
    left = {one.name for one in lab.folder.iterdir()}
    assert not left & {"notes", "my-model", "vectors.jsonl", "vectors.jsonl.lock"}, (
        "it clears up after itself"
    )


def says_what_it_promises(tour: Notebook) -> None:
    first = tour.output(cell("%hf batch hfnb-demo/sentiment-en $reviews.text"))
    expect(first.locator("tbody tr").nth(2)).to_contain_text("(BadInput)")
    expect(first.locator("summary")).to_have_text("2 rows failed")
    long = tour.output(cell("long = "))
    expect(long.locator(".foot")).to_contain_text("1 longer than the model's window, read in pieces")
    whole = tour.output(cell("texts = [f"))
    expect(whole.locator(".foot")).to_contain_text(re.compile(r"\d+ of 1,000 rows were there"))
    spread = tour.output(cell("some = [f"))
    expect(spread.locator(".foot")).to_contain_text(re.compile(r"local \d+, hf/|hf/hf-inference \d+, local"))
    masked = tour.output(cell("%%hf infer --task ner --provider hf --mask"))
    expect(masked.locator(".foot")).to_contain_text("an e-mail address masked")
    expect(masked).to_contain_text("maria.keller@example.org")
    refused = tour.text(cell("%hf infer --provider elsewhere"))
    assert "local_only refused a request to models.example" in refused
    assert "Traceback" not in refused


def pictures(tour: Notebook, theme: str) -> None:
    OUT.mkdir(exist_ok=True)
    for place in map(cell, SHOWN):
        tour.cell(place).screenshot(path=OUT / f"batches-{theme}-{place:02}.png")
