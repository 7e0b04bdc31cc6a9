"""The harness itself, on a notebook of its own: if one of these fails, no other browser test means anything."""

import pytest
from playwright.sync_api import expect

CELLS = (
    "import os\nprint('two words')\n6 * 7",
    "from IPython.display import HTML\nHTML('<b class=\"hfnb-mark\">bold</b>')",
    "print(os.environ['HF_ENDPOINT'])",
    "1 / 0",
)


@pytest.fixture
def tiny(lab, open_notebook):
    """Four cells; the last one fails."""
    return open_notebook(lab.write("tiny.ipynb", *CELLS))


def test_a_notebook_runs_and_its_outputs_can_be_read(tiny, hub):
    tiny.run_all(may_fail=True)
    assert tiny.text(0).split() == ["two", "words", "42"]
    assert tiny.output(1).locator("b.hfnb-mark").inner_text() == "bold"
    assert '<b class="hfnb-mark">' in tiny.html(1)
    assert tiny.text(2).strip() == hub.url
    assert tiny.failures() == ["cell 3: ZeroDivisionError: division by zero"]


def test_a_failing_cell_fails_the_test(tiny):
    with pytest.raises(AssertionError, match="cell 3: ZeroDivisionError"):
        tiny.run_all()


def test_one_cell_runs_by_its_key_and_a_restart_forgets_it(tiny):
    assert tiny.run(0).endswith("42")
    assert (tiny.count(0), tiny.count(1)) == (1, None)
    tiny.restart()
    assert "NameError" in tiny.run(2, may_fail=True)


def test_the_theme_changes_and_a_picture_is_taken(tiny):
    before = tiny.page.evaluate("getComputedStyle(document.body).backgroundColor")
    tiny.theme("dark")
    expect(tiny.page.locator("body")).not_to_have_css("background-color", before)
    assert tiny.screenshot("harness-dark").stat().st_size > 10_000


def test_a_page_that_reaches_for_another_machine_is_noticed(lab, page, watched):
    page.set_content("<img src='http://192.0.2.1/x.png'><img src='https://huggingface.co/x.png'>")
    page.wait_for_load_state("load")
    assert sorted(watched.reached_out) == ["http://192.0.2.1/x.png", "https://huggingface.co/x.png"]
    watched.reached_out.clear()


def test_an_error_of_ours_in_the_console_is_noticed(page, watched):
    page.evaluate("console.error('hf_nb: a panel failed')")
    page.evaluate("console.error('somebody else failed')")
    assert len(watched.ours()) == 1
    watched.console_errors.clear()


def test_the_terminals_are_off(lab, page):
    answer = page.request.get(f"http://127.0.0.1:{lab.port}/api/terminals?token={lab.token}")
    assert answer.status != 200
