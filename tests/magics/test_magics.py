"""`%hf` in a real kernel: values come back, errors stop the run and keep their type, a token never stays in a cell."""

import json
import time
from typing import Any

import pytest

import hf_nb
from tests.kernels import Kernel

TOKEN = "hf_" + "K9j8H7g6F5" * 3


@pytest.fixture(scope="module")
def loaded(served_hub: Any) -> Any:
    with Kernel(served_hub.environment) as started:
        greeting = started.run("%load_ext hf_nb")
        assert greeting.text == f"hf_nb {hf_nb.__version__} · offline Hub · no token · %hf for help"
        yield started


def test_a_search_is_a_value_shown_as_a_table(loaded: Kernel) -> None:
    ran = loaded.run("%hf search models sentiment")
    assert ran.error is None
    assert ran.result is not None
    assert "<table>" in ran.result["text/html"]
    assert "hfnb-demo/sentiment-en" in ran.result["text/plain"]
    assert loaded.run("_.ids[0]").error is None


def test_the_value_is_the_one_python_gives(loaded: Kernel) -> None:
    code = "x = %hf search models sentiment\nimport hf_nb\nassert x == hf_nb.search('sentiment'), x.query"
    ran = loaded.run(code)
    assert ran.error is None, ran.error


@pytest.mark.slow  # PyTorch loads in the kernel
def test_a_cell_is_answered_with_bars(loaded: Kernel) -> None:
    text = "A wonderful, lovely and excellent film, {really} and $truly \\alpha."
    ran = loaded.run(f"%%hf infer -m hfnb-demo/sentiment-en\n{text}")
    assert ran.error is None, ran.error
    assert ran.result is not None
    assert 'class="bars"' in ran.result["text/html"]
    assert loaded.run("_.label").text == "'positive'"
    assert loaded.run("print(__.input)").stdout == f"{text}\n", "never changed"


@pytest.mark.slow
def test_out_keeps_a_result_silently_and_a_semicolon_silences(loaded: Kernel) -> None:
    ran = loaded.run("%%hf infer -m hfnb-demo/sentiment-en -o kept\nWhat a waste of time.")
    assert (ran.error, ran.result) == (None, None)
    assert loaded.run("kept.label").text == "'negative'"
    assert loaded.run("%hf search models;").result is None


@pytest.mark.parametrize(
    ("option", "read"),
    [("--json", lambda text: json.loads(text)["rows"][0]["id"]), ("-q", lambda text: text.split()[0])],
)
def test_json_and_quiet_are_printed(option: str, read: Any, loaded: Kernel) -> None:
    ran = loaded.run(f"%hf search models sentiment {option}")
    assert ran.result is None
    assert "/" in read(ran.stdout)


@pytest.mark.slow
def test_the_bare_word_lists_what_to_run_and_all_of_it_runs(loaded: Kernel) -> None:
    ran = loaded.run("%hf")
    assert "%hf search models sentiment" in ran.text
    for line in loaded.run("for row in _.rows: print(row[0])").stdout.splitlines():
        if "COMMAND" not in line:
            assert loaded.run(line).error is None, line


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        ("%hf info hfnb-demo/sentimant-en", "NotFound", "Nearest: hfnb-demo/sentiment-en"),
        ("%hf serach models", "BadInput", "Did you mean search"),
        ("%hf search models --sort best", "BadInput", "downloads"),
        ('%hf infer "an open quote', "BadInput", "quote"),
        ("%%hf infer words\nbody", "BadInput", "cell's body"),
        ("%hf infer", "BadInput", "empty"),
        ("%hf hub serve", "BadInput", "hf-nb hub run -- jupyter lab"),
    ],
)
def test_an_error_is_typed_and_at_most_three_lines(code: str, name: str, said: str, loaded: Kernel) -> None:
    ran = loaded.run(code)
    assert ran.error is not None
    assert ran.error.name == name
    assert said in ran.error.shown
    assert len(ran.error.shown.splitlines()) <= 3
    assert "Traceback" not in ran.error.shown


def test_an_error_can_be_caught_by_its_type(loaded: Kernel) -> None:
    code = "import hf_nb\ntry:\n    %hf info no/thing\nexcept hf_nb.errors.NotFound:\n    print('caught')"
    ran = loaded.run(code)
    assert ran.stdout.strip() == "caught"


def test_an_error_stops_run_all(kernel: Kernel) -> None:
    # What Run All does: every cell is sent at once, and the kernel drops the rest after an error.
    assert kernel.run("%load_ext hf_nb").error is None
    wrong, next_one = kernel.begin("%hf info no/such-thing"), kernel.begin("print('reached')")
    failed = kernel.finish(wrong)
    assert failed.error is not None
    assert failed.error.name == "NotFound"
    assert kernel.finish(next_one).stdout == ""
    assert kernel.run("print('again')").stdout == "again\n"


@pytest.mark.parametrize("code", [f"%hf search models {TOKEN}", f"%%hf infer\nmy token is {TOKEN}"])
def test_a_token_in_a_cell_is_refused_and_not_repeated(code: str, loaded: Kernel) -> None:
    ran = loaded.run(code)
    assert ran.error is not None
    assert ran.error.name == "BadInput"
    assert TOKEN not in ran.error.shown


def test_the_stop_button_ends_a_call_that_hangs_and_the_kernel_goes_on(loaded: Kernel, hub: Any) -> None:
    with hub.fault("latency", seconds=30, match="/api/models*"):
        slow = loaded.begin("%hf search models never-asked-before")
        deadline = time.monotonic() + 10
        while not hub.requests() and time.monotonic() < deadline:
            time.sleep(0.02)
        loaded.interrupt()
        stopped = loaded.finish(slow)
    assert stopped.error is not None
    assert (stopped.error.name, stopped.error.shown) == ("Stopped", "Stopped.")
    assert stopped.seconds < 5
    assert loaded.run("%hf search models sentiment -q").error is None


def test_loading_twice_and_unloading_work(kernel: Kernel) -> None:
    assert kernel.run("%load_ext hf_nb\n%reload_ext hf_nb").error is None
    assert kernel.run("%unload_ext hf_nb").error is None
    assert "not found" in kernel.run("%hf").stderr
