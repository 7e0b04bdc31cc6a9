"""The Playground in a cell: chosen, written, set and run by mouse and by keyboard; stopped; kept with the notebook."""

import json
import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell, knows, says
from tests.ui.panels.conftest import NARROW, WIDE, prepared
from tests.ui.panels.hands import Keyboard, Mouse

pytestmark = pytest.mark.slow  # models answer
PANEL, WARM = 1, 2
OPENS = "import hf_nb.widgets\nground = hf_nb.widgets.Playground()\nground"
# what takes a minute on a busy machine is over before anybody waits for it: torch here, and where the Hub's models run
WARMS = """import hf_nb
one = hf_nb.infer.run("I love it", task="sentiment")
two = hf_nb.infer.run("Hello", model="hfnb-demo/chat-en", provider="hf", timeout=240)"""
HISTORY = "[[one.task, one.model, one.end, one.text, dict(one.params)] for one in ground.history]"
LOADING = 120_000  # milliseconds until torch is there, on a busy machine
TALKS = "*/chat/completions"
CHAT = "hfnb-demo/chat-en"
BOTH = [
    pytest.param(("light", Mouse, WIDE), id="light mouse wide"),
    pytest.param(("dark", Keyboard, NARROW), id="dark keyboard narrow"),
]


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("playground.ipynb", OPENS, WARMS)
    notebook.run(WARM, within=100)
    notebook.run(PANEL)
    return notebook


@pytest.fixture(scope="module")
def shown(nb):
    panel = InCell(nb, "playground")
    expect(panel.here.locator(".hfnb-asking")).to_be_visible()
    expect(panel.here.locator(".hfnb-why")).to_contain_text("sentiment-en")
    panel.empty = violations(panel.here)
    return panel


@pytest.fixture
def panel(nb, shown, hub):
    yield shown
    hub.clear_faults()
    nb.page.set_viewport_size({"width": 1280, "height": 1000})


def task(panel, reader, label):
    reader.choose(panel.choice("Task"), label)


def model(panel):
    return panel.here.get_by_role("combobox", name="Model", exact=True)


def result(panel):
    return panel.here.locator(".hfnb-result")


def line(panel):
    return panel.here.locator(".hfnb-run-line")


def question(panel):
    return panel.here.get_by_role("textbox", name="Question", exact=True)


def past(panel):
    return panel.here.locator(".hfnb-past")


def test_before_anything_was_run_it_says_what_to_try_and_everybody_can_use_it(shown):
    assert shown.empty == []
    expect(shown.here).to_contain_text("Nothing was run yet")


@pytest.mark.parametrize("walk", BOTH)
def test_a_task_and_a_model_are_picked_an_example_is_run_and_set_differently(nb, panel, walk):
    reader = prepared(nb, panel, walk)
    task(panel, reader, "Text generation")
    reader.write(model(panel), "gpt")
    offers = panel.here.get_by_role("option")
    expect(offers.filter(has_text="hfnb-demo/pydoc-gpt").first).to_be_visible()
    assert violations(panel.here) == []
    nb.screenshot(f"playground-picking-{walk[0]}-{walk[2]}")
    nb.page.keyboard.press("ArrowDown")
    picked = panel.here.locator("[role=option][aria-selected=true] > span").first.inner_text()
    nb.page.keyboard.press("Enter")
    expect(model(panel)).to_have_value(picked)
    if picked != "hfnb-demo/pydoc-gpt":
        reader.write(model(panel), "hfnb-demo/pydoc-gpt")
        nb.page.keyboard.press("Enter")
    reader.write(panel.here.get_by_label("Text", exact=True), "Return the list of")
    reader.write(panel.here.get_by_label("max new tokens", exact=True), "24")
    reader.write(panel.here.get_by_label("temperature", exact=True), "0.7")
    reader.press(panel.button("Run"))
    expect(line(panel)).to_contain_text(re.compile(r"first token .* tok/s · \d+ tokens"), timeout=LOADING)
    expect(result(panel)).to_contain_text("Return the list of")
    assert violations(panel.here) == []
    nb.screenshot(f"playground-ran-{walk[0]}-{walk[2]}")
    kept = knows(nb, HISTORY)[0]
    assert kept[:3] == ["text-generation", "hfnb-demo/pydoc-gpt", "done"]
    assert kept[4] == {"max_new_tokens": 24, "temperature": 0.7}
    task(panel, reader, "Entities in text")
    expect(panel.here.locator(".hfnb-why")).to_contain_text("ner-en")
    panel.here.get_by_label("Text", exact=True).fill("Maria Keller moved from Lisbon to Geneva.")
    reader.press(panel.button("Run"))
    expect(result(panel)).to_contain_text("Geneva", timeout=LOADING)
    expect(line(panel)).to_contain_text("local (cpu)")
    assert violations(panel.here) == []
    nb.screenshot(f"playground-spans-{walk[0]}-{walk[2]}")


def test_an_answer_streams_is_stopped_and_what_had_come_stays(nb, panel, hub):
    panel.choice("Task").select_option("chat")
    model(panel).fill(CHAT)
    model(panel).press("Enter")
    expect(panel.choice("Method").locator("option[value=hf]")).to_be_enabled()
    panel.choice("Method").select_option("hf")
    expect(panel.here.locator(".hfnb-why .hfnb-icon")).to_be_visible()
    message = panel.here.get_by_label("Message")
    message.fill("Tell me about the sea.")
    with hub.fault("slow", match=TALKS, seconds=1):
        message.press("Control+Enter")
        expect(result(panel)).to_be_visible(timeout=LOADING)
        expect(line(panel)).to_contain_text("first token")
        nb.screenshot("playground-streaming")
        panel.button("Stop").click()
    expect(panel.here).to_contain_text("Stopped. What had come stays.")
    expect(panel.button("Run")).to_be_visible()
    expect(result(panel)).to_contain_text("Tell me about the sea.")
    assert knows(nb, HISTORY)[0][2] == "stopped"


def test_a_conversation_goes_on(nb, panel):
    panel.choice("Task").select_option("chat")
    panel.choice("Method").select_option("local")
    panel.here.get_by_text("System prompt", exact=False).first.click()
    panel.here.get_by_label("What the model is told beforehand").fill("Answer in one short sentence.")
    panel.here.get_by_label("temperature, as a slider").fill("0.5")
    expect(panel.here.get_by_label("temperature", exact=True)).to_have_value("0.5")
    message = panel.here.get_by_label("Message")
    message.fill("What is the capital of France?")
    message.press("Control+Enter")
    panel.button("Go on from here").click(timeout=LOADING)
    expect(panel.here.locator(".hfnb-said > li")).to_have_count(2)
    expect(message).to_have_value("")
    nb.screenshot("playground-chat")
    message.fill("And of Italy?")
    message.press("Control+Enter")
    expect(panel.button("Run")).to_be_visible(timeout=LOADING)
    asked = knows(nb, "ground.history[0].input['messages']")
    assert [one["role"] for one in asked] == ["system", "user", "assistant", "user"]
    assert knows(nb, HISTORY)[0][4] == {"temperature": 0.5}
    panel.button("temperature: the model's own").click()
    assert violations(panel.here) == []


def test_a_wrong_id_offers_the_nearest_and_one_press_puts_it_right(nb, panel):
    panel.choice("Task").select_option("text-classification")
    model(panel).fill("hfnb-demo/sentimnt-en")
    model(panel).press("Enter")
    expect(panel.failed).to_contain_text("sentimnt-en")
    assert violations(panel.here) == []
    nb.screenshot("playground-wrong")
    panel.failed.get_by_role("button", name="hfnb-demo/sentiment-en", exact=True).click()
    expect(panel.failed).to_have_count(0)
    expect(model(panel)).to_have_value("hfnb-demo/sentiment-en")


def test_a_table_is_typed_and_pasted(nb, panel):
    panel.choice("Task").select_option("table-question-answering")
    cell = panel.here.get_by_label("Name of column 1")
    cell.focus()
    cell.evaluate(
        """(element, text) => {
          const data = new DataTransfer();
          data.setData('text/plain', text);
          element.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        "city,people\nBasel,177000\nLyon,522000\nGraz,303000",
    )
    expect(panel.here.get_by_label("people, row 2")).to_have_value("522000")
    question(panel).fill("Which city has the most people?")
    question(panel).press("Control+Enter")
    expect(result(panel)).to_contain_text("Lyon", timeout=LOADING)
    assert violations(panel.here) == []
    nb.screenshot("playground-table")


def test_a_run_goes_into_the_notebook_as_a_cell_that_gives_the_same(nb, panel):
    panel.choice("Task").select_option("text-classification")
    text = panel.here.get_by_label("Text", exact=True)
    text.fill("We loved the view.")
    text.press("Control+Enter")
    expect(result(panel)).to_contain_text("positive", timeout=LOADING)
    before = nb.panel.locator(".jp-CodeCell").count()
    panel.button("Insert as cell below").click()
    expect(nb.panel.locator(".jp-CodeCell")).to_have_count(before + 1)
    inserted = nb.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source"
    )
    assert inserted == "%%hf infer --task text-classification\nWe loved the view."
    nb.command("notebook:delete-cell")
    expect(nb.panel.locator(".jp-CodeCell")).to_have_count(before)
    panel.button("Copy as Python").click()
    expect(panel.toasts.filter(has_text="The Python is copied")).to_be_visible()
    code = nb.page.evaluate("() => navigator.clipboard.readText()")
    code = code.replace("hf_nb.infer.run", "found = hf_nb.infer.run")
    assert says(nb, f"{code}\nprint(found.label)") == "positive"


def test_a_shared_run_is_pasted_back(nb, panel):
    shared = {
        "hf_nb": "hf_nb playground 1",
        "task": "question-answering",
        "model": "",
        "provider": "auto",
        "input": {"question": "Where does Nora live?", "context": "Nora lives in Oslo."},
        "params": {"top_k": 2},
    }
    panel.here.get_by_role("combobox", name="Task").evaluate(
        """(element, text) => {
          const data = new DataTransfer();
          data.setData('text/plain', text);
          element.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        json.dumps(shared),
    )
    expect(question(panel)).to_have_value("Where does Nora live?")
    expect(panel.here.get_by_label("top k", exact=True)).to_have_value("2")


def test_what_was_run_is_there_after_a_reload_and_readable_without_a_kernel(nb, panel, lab):
    runs = len(knows(nb, HISTORY))
    nb.save()
    nb.page.reload()
    nb.panel.wait_for()
    nb.wait_splash_gone()
    expect(past(panel)).to_contain_text(f"{runs} runs", timeout=60_000)
    past(panel).locator("summary").click()
    expect(panel.here.locator(".hfnb-run")).to_have_count(runs)
    assert violations(panel.here) == []
    nb.screenshot("playground-history")
    saved = nbformat.read(lab.folder / "playground.ipynb", as_version=4)
    (output,) = [one for one in saved.cells[PANEL].outputs if "text/html" in one.get("data", {})]
    assert "We loved the view." in output["data"]["text/html"]
    assert "We loved the view." in output["data"]["text/plain"]
    assert len(output["data"]["text/html"].encode()) <= 20_000


def test_a_run_of_the_past_is_seen_again_deleted_and_brought_back(nb, panel):
    history = panel.here.locator(".hfnb-run")
    if not history.count():
        past(panel).locator("summary").click()
    runs = history.count()
    history.filter(has_text="We loved the view.").first.locator("[data-hfnb-head]").click()
    expect(panel.here.get_by_label("Text", exact=True)).to_have_value("We loved the view.")
    expect(result(panel)).to_contain_text("positive")
    history.first.get_by_role("button", name=re.compile("^Delete")).click()
    expect(history).to_have_count(runs - 1)
    panel.toasts.get_by_role("button", name="Undo").click()
    expect(history).to_have_count(runs)


def test_a_run_from_python_appears_in_the_panel(nb, panel):
    runs = panel.here.locator(".hfnb-run").count()
    assert knows(nb, "str(ground.run('It was a very bad film.', ) and ground.history[0].text)") == "negative"
    expect(panel.here.locator(".hfnb-run")).to_have_count(runs + 1)
    expect(panel.here.locator(".hfnb-run").first).to_contain_text("It was a very bad film.")
