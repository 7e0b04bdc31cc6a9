"""The tour of inference as a newcomer takes it: by the menus, in light and dark, twice; a long answer stopped."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from hf_nb.offline.running import Running
from tests.ui.notebook import OUT, Notebook
from tests.ui.server import LabServer
from tests.ui.tour import Written, faint, own_hub, own_lab, style_lengths

TOUR = Written("inference.ipynb")
cell = TOUR.cell
READ = ":is(td, th, .foot, .name, .soft, summary, .tag, .who, .wrote, .done, .mark, .read, .legend span, .num, .answer)"
CHAT = {
    "%%hf chat\nWhat is the capital of France?": "The capital of France is Paris.",
    "%%hf chat\nAnd of Italy?": "The capital of Italy is Rome.",
    "%%hf chat short": "Madrid",
}
LONG = '%hf infer --provider hf --task text-generation --max-tokens 400 --param seed=3 "Return the list of"'
MOST_BYTES = 150_000
MOST_STYLE = 4_500

pytestmark = pytest.mark.slow


own = own_hub(answer="hf_nb.infer.serving")
lab = own_lab()


def test_the_tour_runs_by_the_menus_and_every_output_can_be_read(
    open_notebook: Callable[[str], Notebook], lab: LabServer
) -> None:
    tour = open_notebook(TOUR.name)
    run_all(tour)
    says_what_it_promises(tour)
    first = same_every_time(tour)
    assert len(first) > 20
    for theme in ("light", "dark"):
        tour.theme(theme)
        tour.panel.locator(".hfnb details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert faint(tour, READ, least=150) == []
        pictures(tour, theme)
    tour.theme("light")
    tour.save()
    assert (lab.folder / TOUR.name).stat().st_size < MOST_BYTES
    styles = style_lengths(tour)
    assert len(styles) > 15
    assert max(styles) < MOST_STYLE

    tour.restart()
    run_all(tour)
    assert same_every_time(tour) == first


def run_all(tour: Notebook) -> None:
    TOUR.run_by_the_menus(tour, cell("%hf logout"), "Forgotten: learner")


def same_every_time(tour: Notebook) -> dict[int, str]:
    """What the cells say that measure nothing."""
    return {number: tour.text(number) for number in TOUR.stable}


def says_what_it_promises(tour: Notebook) -> None:
    labels_and_texts(tour)
    conversations(tour)
    similarity(tour)
    who_answered(tour)


def labels_and_texts(tour: Notebook) -> None:
    for beginning, best in {
        "%%hf infer\nThe room": "positive",
        "%%hf infer --task zero-shot": "sport",
    }.items():
        found = tour.output(cell(beginning))
        expect(found.locator(".bars .first").first).to_have_text(best)
        expect(found.locator(".foot")).to_contain_text("the default for")
    people = tour.output(cell("%%hf infer --task ner"))
    expect(people.locator("mark")).to_contain_text(["Maria Keller", "Lisbon", "Geneva", "Nestlé"])
    expect(people.locator("mark .tag")).to_have_text(["PER", "LOC", "LOC", "ORG"])
    expect(people.locator(".legend > span")).to_have_text(["PER 1", "LOC 2", "ORG 1"])
    colours = people.locator(".legend i").evaluate_all(
        "all => all.map(i => getComputedStyle(i).borderBottomColor)"
    )
    assert len(set(colours)) == 3
    answer = tour.output(cell("%%hf infer --task question-answering"))
    expect(answer.locator(".answer")).to_contain_text("Geneva")
    expect(answer.locator("mark.found")).to_have_text("Geneva")
    expect(tour.output(cell("%%hf infer --task fill-mask")).locator(".read")).to_have_text(
        "Return a new object with the same keys."
    )
    for beginning, words in {
        "%%hf infer --task translation": "elle voit une maison blanche",
        "%%hf infer --task summarization": "They decided to repair ten chairs by May",
    }.items():
        expect(tour.output(cell(beginning)).locator(".wrote")).to_contain_text(words)
        expect(tour.output(cell(beginning)).locator(".foot")).to_contain_text(
            re.compile("first token .* tokens/s")
        )
    table = tour.output(cell("%%hf infer --task table-qa"))
    expect(table.locator("td", has=tour.page.locator("mark, b, strong"))).to_have_text("Lyon")
    missing = tour.text(cell("%hf infer --task zero-shot"))
    assert "candidate_labels is missing" in missing
    assert "Traceback" not in missing
    grown = tour.output(cell("%hf infer --task text-generation")).locator(".wrote")
    expect(grown.locator(".soft")).to_have_text("Return the list of")


def conversations(tour: Notebook) -> None:
    for beginning, words in CHAT.items():
        expect(tour.output(cell(beginning)).locator(".turn.model").last).to_contain_text(words)
    second = tour.output(cell("%%hf chat\nAnd of Italy?"))
    expect(second.locator("summary")).to_have_text("1 earlier exchange")
    left, right = (
        second.locator(".turn.model").last.bounding_box(),
        second.locator(".turn.user").last.bounding_box(),
    )
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] < right["x"], "the two speak in columns of their own"
    tools = tour.output(cell("%%hf chat tools"))
    expect(tools.locator(".done")).to_have_text('weather(city="Paris") → rain, 12 degrees')
    expect(tools.locator(".turn.model").last).to_contain_text("12 degrees")
    form = tour.output(cell("%%hf chat form")).locator("pre")
    assert json.loads(form.inner_text()) == {"name": "Maria", "age": 34}


def similarity(tour: Notebook) -> None:
    near = tour.output(cell('%hf similar "The soup'))
    expect(near.locator(".bars .first").first).to_have_text("My meal was not hot.")
    lengths = near.locator(".bar > div").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > 3 * lengths[-1]
    expect(near.locator(".mark")).to_have_count(0)
    expect(tour.output(cell("%hf similar --provider hashing")).locator(".mark")).to_contain_text(
        "not a model"
    )


def who_answered(tour: Notebook) -> None:
    far = tour.output(cell("%%hf infer --provider hf"))
    expect(far.locator(".foot")).to_contain_text("hf/hf-inference")
    saved = tour.output(cell("from hf_nb.offline.running import here"))
    expect(saved.locator(".foot")).to_contain_text("local")
    fold = saved.locator("details", has_text="2 tries")
    fold.locator("summary").click()
    expect(fold.locator("tbody tr").first).to_contain_text("Busy")
    expect(fold.locator("tbody tr").last).to_contain_text("it answered")
    stats = tour.output(cell("%hf stats"))
    names = stats.locator("tbody td:first-child").all_inner_texts()
    methods = stats.locator("tbody td:nth-child(2)").all_inner_texts()
    rows = list(zip(names, methods, strict=True))
    assert len(rows) > 12
    assert len(set(rows)) == len(rows), "no two rows look the same"
    assert {"local", "hashing", "hf/hf-inference"} <= set(methods)
    box = stats.locator(".scroll")
    assert box.evaluate("one => one.scrollWidth <= one.clientWidth"), "the table is not cut"


def pictures(tour: Notebook, theme: str) -> None:
    OUT.mkdir(exist_ok=True)
    for beginning in ("%%hf infer --task ner", "%%hf chat\nAnd of Italy?", "%hf stats"):
        place = cell(beginning)
        tour.cell(place).screenshot(path=OUT / f"inference-{theme}-{place:02}.png")


def test_a_long_answer_grows_and_the_stop_button_keeps_what_came(
    open_notebook: Callable[[str], Notebook], lab: LabServer, own: Running
) -> None:
    said = "answer = _hf\nanswer.source.finish, 20 < len(answer.text) < 400, answer.source.whole"
    login = "%hf login learner --from-env HF_NB_LEARNER_TOKEN"
    notebook = open_notebook(lab.write("long.ipynb", f"%load_ext hf_nb\n{login}", LONG, said))
    notebook.run(0)
    output = notebook.output(1)
    with own.fault("slow", match="POST /router/*", seconds=0.1):
        notebook.begin(1)
        wrote = output.locator(".wrote")
        expect(wrote).to_have_text(re.compile(r"Return the list of.{10,}", re.DOTALL), timeout=60_000)
        before = wrote.inner_text()
        expect(wrote).to_have_text(re.compile(f".{{{len(before) + 20},}}", re.DOTALL))
        assert wrote.inner_text().startswith(before), "what has been shown stays"
        expect(output.locator(".foot")).to_have_count(0)
        notebook.screenshot("inference-growing")
        began = time.monotonic()
        notebook.stop()
        expect(output.locator(".mark")).to_have_text("Stopped: this is what had come.")
        assert notebook.run(2, may_fail=True) == "('stopped', True, False)"
        assert time.monotonic() - began < 10
    notebook.screenshot("inference-stopped")
    assert output.locator(".wrote").inner_text().startswith(before)
    assert output.locator(".wrote").count() == 1
    assert "Traceback" not in notebook.text(1)
    assert notebook.failures() == ["cell 1: Stopped: Stopped."], "so that no later cell runs on by itself"
