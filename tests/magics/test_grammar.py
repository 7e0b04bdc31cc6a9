"""The grammar of `%hf` and `%%hf`, in a real kernel: names in, values out, and nothing of a text is ever parsed."""

import ast
import json
import time
from typing import Any

import pytest

from tests.kernels import Kernel

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

MODEL = "hfnb-demo/sentiment-en"


@pytest.fixture(scope="module")
def loaded(served_hub: Any) -> Any:
    with Kernel(served_hub.environment) as started:
        assert started.run("%load_ext hf_nb").error is None
        assert started.run(f"word, model = 'sentiment', '{MODEL}'").error is None
        yield started


def good(kernel: Kernel, code: str) -> str:
    ran = kernel.run(code)
    assert ran.error is None, ran.error.shown
    return ran.text


def error(kernel: Kernel, code: str) -> tuple[str, str]:
    ran = kernel.run(code)
    assert ran.error is not None, ran.text
    assert len(ran.error.shown.splitlines()) <= 3, ran.error.shown
    return ran.error.name, ran.error.shown


def test_a_variable_on_the_line_is_its_value(loaded: Kernel) -> None:
    assert MODEL in good(loaded, "%hf search models {word} -q").split()
    assert good(loaded, "def f():\n    inner = 'digits'\n    %hf search models {inner} -q\nf()").startswith(
        "hfnb-"
    )
    assert good(loaded, "%hf info {_hf[0].id} -q") == _first(loaded)


def _first(kernel: Kernel) -> str:
    return good(kernel, "print(_hf.id)")


def test_four_ways_to_keep_a_result(loaded: Kernel) -> None:
    assert good(loaded, "%hf search models {word} -o one") == ""
    assert good(loaded, "%hf two << search models {word}") == ""
    assert "params" in good(loaded, "%hf search models {word} -O three")
    assert good(loaded, "four = %hf search models {word}") == ""
    assert good(loaded, "one == two == three == four == _hf") == "True"


def test_a_semicolon_silences_and_the_result_is_still_there(loaded: Kernel) -> None:
    assert good(loaded, "%hf search models digits;") == ""
    assert good(loaded, "'digits' in _hf.ids[0]") == "True"


def test_last_shows_it_again_in_another_format(loaded: Kernel) -> None:
    good(loaded, "%hf search models {word};")
    assert json.loads(good(loaded, "%hf last --json"))["rows"][0]["id"] == MODEL
    lines = good(loaded, "%hf last --format agent").splitlines()
    assert lines[0].split("\t")[:2] == ["kind", "id"]
    assert len({line.count("\t") for line in lines}) == 1
    assert good(loaded, "%hf last -q").split()[0] == MODEL


def test_code_is_python_that_does_the_same(loaded: Kernel) -> None:
    code = good(loaded, "%hf search models {word} --language en --limit 3 --code")
    assert code == 'import hf_nb\n\nhf_nb.search("sentiment", language="en", limit=3)'
    good(loaded, "x = %hf search models {word} --language en --limit 3")
    assert good(loaded, f"{code} == x") == "True"


def test_the_code_of_a_cell_holds_its_text(loaded: Kernel) -> None:
    text = 'It said "fine", didn\'t it?\n\tTabs, \\slashes, {word}.\n'
    code = good(loaded, f"%%hf infer -m {{model}} --code\n{text}")
    call = ast.parse(code).body[1].value  # type: ignore[attr-defined]
    assert ast.unparse(call.func) == "hf_nb.infer.run"
    assert call.args[0].value == text.removesuffix("\n").replace("{word}", "sentiment")
    assert [(one.arg, one.value.value) for one in call.keywords] == [("model", MODEL)]


# What stands in a cell is text; it comes back as it was (the names x and n exist).
TORTURE = [
    '{"a": 1, "b": [{"c": "d"}]}',
    "{'x': x, 'n': n, **rest}",
    r"\begin{align} \frac{x}{n} &= \alpha^{n} \\ \text{x} \end{align}",
    "{% for x in rows %}{{ x }}{% endfor %}",
    "a -> b; -1; --limit 5; -o nope; # comment; %hf search",
    "${x} and $x and $5 and `x` and !x and ?x",
    "Ünïcödé 漢字 🙂 \u202e \u200b",
    "one 'quote and one \" quote",
    "x[:2] :name ::cast",
    "  leading and trailing  ",
]


@pytest.mark.slow  # PyTorch loads in the kernel
@pytest.mark.parametrize("text", TORTURE)
def test_a_cells_text_arrives_as_it_was_written(text: str, loaded: Kernel) -> None:
    good(loaded, "x, n = 'NOT THIS', 7")
    good(loaded, f"%%hf infer -m {{model}} -o answer\n{text}")
    assert good(loaded, "import json; print(json.dumps(answer.input))") == json.dumps(text)


@pytest.mark.slow
def test_a_cells_text_takes_names_that_exist_once(loaded: Kernel) -> None:
    good(loaded, "word = 'sentiment'; sly = '{word}'")
    good(loaded, "%%hf infer -m {model} -o answer\nA {word}, a {sly}, a {nothing}.")
    assert good(loaded, "print(answer.input)") == "A sentiment, a {word}, a {nothing}."
    good(loaded, "%%hf infer -m {model} --raw -o answer\nA {word}.")
    assert good(loaded, "print(answer.input)") == "A {word}."
    assert "no variable 'nothing'" in error(loaded, "%%hf infer -m {model} --strict\nA {nothing}.")[1]


@pytest.mark.slow
@pytest.mark.parametrize("text", ["I -> -1 {{x}} --", "100% 'x' \\$", "$5 or 5$"])
def test_a_text_on_the_line_is_no_option(text: str, loaded: Kernel) -> None:
    good(loaded, f'%hf infer -m {{model}} "{text}" -o answer')
    said = text.replace("{{x}}", "{x}")
    assert good(loaded, "print(answer.input)") == said


@pytest.mark.slow
def test_words_that_begin_like_options_and_are_none_are_text(loaded: Kernel) -> None:
    good(loaded, "%hf infer -m {model} -1 -> +2 -o answer")
    assert good(loaded, "print(answer.input)") == "-1 -> +2"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("%hf search models {wurd}", "Did you mean word?"),
        ("%hf search models $wurd", "Did you mean word?"),
        ("%hf info {model.nope}", "cannot be read"),
        ("it = object()\n%hf info $it", "a text is wanted"),
        ("%%hf search models\nbody", "no use for the text below"),
        ("%hf search models --limit x", "integer"),
        ("%hf search models --limt 3", "--limit"),
        ("%hf saerch models", "Did you mean search"),
        ("%hf search models -o 1x", "not a name"),
        ("%hf last extra", "extra"),
        ("%%hf infer\n   \n", "empty"),
    ],
)
def test_a_misuse_says_what_to_write(code: str, said: str, loaded: Kernel) -> None:
    name, shown = error(loaded, code)
    assert name == "BadInput"
    assert said in shown


def test_an_empty_body_stops_the_run(loaded: Kernel) -> None:
    wrong, after = loaded.begin("%%hf infer"), loaded.begin("print('reached')")
    ran = loaded.finish(wrong)
    assert ran.error or "cell body is empty" in ran.stderr
    assert loaded.finish(after).stdout == ""


def test_the_stack_of_the_last_error_is_kept(loaded: Kernel) -> None:
    error(loaded, "%hf info no/thing-at-all")
    stack = good(loaded, "%hf tb")
    assert stack.startswith("Traceback")
    assert "hf_nb/hub/" in stack
    assert "NotFound" in stack.splitlines()[-2] + stack.splitlines()[-1]


def test_in_the_background_the_next_cell_runs_and_the_result_can_be_awaited(loaded: Kernel, hub: Any) -> None:
    with hub.fault("latency", seconds=3, match="/api/models*"):
        ran = loaded.run("h = %hf search models {word} --limit 4 -b")
        assert ran.error is None
        assert ran.seconds < 2.5
        assert good(loaded, "h.done") == "False"
        assert good(loaded, "(await h).ids[0], h.done") == f"('{MODEL}', True)"
    assert good(loaded, "_hf.ids[0]") == f"'{MODEL}'"


def test_a_handle_shown_becomes_its_result(loaded: Kernel) -> None:
    ran = loaded.run("h = %hf search models {word} -b\ndisplay(h)\nimport time; time.sleep(1)")
    assert ran.error is None
    assert MODEL in ran.text, "updated in place"


def test_what_fails_in_the_background_is_raised_where_it_is_awaited(loaded: Kernel) -> None:
    good(loaded, "h = %hf info no/thing-at-all -b")
    assert error(loaded, "await h")[0] == "NotFound"
    assert "NotFound" in good(loaded, "h")
    assert "NotFound" in good(loaded, "%hf tb")


def test_work_in_the_background_can_be_stopped(loaded: Kernel, hub: Any) -> None:
    with hub.fault("latency", seconds=2, match="/api/models*"):
        good(loaded, "h = %hf search models something-{word} -b")
        assert good(loaded, "h.cancel()") == "True"
        began = time.monotonic()
        assert error(loaded, "await h")[0] == "Stopped"
        assert time.monotonic() - began < 10
    assert good(loaded, "h.cancel()") == "False"


def test_config_knows_the_settings(loaded: Kernel) -> None:
    assert "HF.search_limit=<Int>" in good(loaded, "%config HF")
    good(loaded, "%config HF.search_limit = 2")
    try:
        assert len(good(loaded, "%hf search models -q").split()) == 2
        assert "cannot be" in loaded.run("%config HF.search_limit = 0").stderr
        assert good(loaded, "%config HF.search_limit") == "2"
        good(loaded, "import hf_nb; hf_nb.settings().search_limit = 3")
        assert good(loaded, "%config HF.search_limit") == "3"
    finally:
        good(loaded, "%config HF.search_limit = 20")


def test_help_is_there_for_every_word_and_examples_stand_on_their_lines(loaded: Kernel) -> None:
    listed = good(loaded, "%hf --help")
    assert listed == good(loaded, "%hf help")
    assert "search" in listed
    text = good(loaded, "%hf help search")
    assert "\n  %hf search models sentiment" in text
    assert good(loaded, "%hf search --help") == text


def test_unloading_leaves_nothing(served_hub: Any) -> None:
    with Kernel(served_hub.environment) as kernel:
        good(kernel, "%load_ext hf_nb")
        good(kernel, "%unload_ext hf_nb")
        assert good(kernel, "'HF' in [type(c).__name__ for c in get_ipython().configurables]") == "False"
        assert "not found" in kernel.run("%hf").stderr
        good(kernel, "%load_ext hf_nb")
        assert MODEL in good(kernel, "%hf search models sentiment -q")
