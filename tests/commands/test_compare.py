"""`%hf compare`: a prompt, lines, tables; the same as Python; what does not fit is told before anybody is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hf_nb.commands import tree
from hf_nb.commands.objects import Held
from hf_nb.commands.tree import answer
from hf_nb.errors import BadInput
from hf_nb.plumbing.session import use
from hf_nb.render import formats
from hf_nb.values import Comparison
from tests.infer.many.places import Place, several

A, B = "owner/a", "owner/b"
BOTH = ("-m", A, "-m", B)
LINES = "text one\ntext bad two\n\ntext three\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def code(*words: Any, body: str | None = None) -> str:
    found = answer(tree, ["compare", *words, "--code"], "notebook", body=body)
    return str(found.value.source).removeprefix("import hf_nb\n\n")


def test_a_cell_is_one_prompt_and_with_lines_many() -> None:
    said = code(*BOTH, body="What is\na tensor?\n")
    assert said.startswith(f'hf_nb.compare.run(\n    ["{A}", "{B}"],\n')
    assert 'a tensor?"""' in said
    assert code(*BOTH, "--lines", body="one\n\ntwo\n") == f'hf_nb.compare.run(["{A}", "{B}"], ["one", "two"])'
    assert code(*BOTH, "one", "prompt") == f'hf_nb.compare.run(["{A}", "{B}"], "one prompt")'


def test_a_table_its_labels_and_its_parts_are_named() -> None:
    said = code(
        *BOTH, Held("$df", object()), "--column", "text", "--labels", "label", "--slices", "length, kind"
    )
    for one in ("df,", 'labels="label"', 'column="text"', 'slices=["length", "kind"]'):
        assert one in said


def test_one_model_is_varied_by_copy_parameter_template_or_place() -> None:
    one = ("-m", A, "x")
    assert '"copy": "int8"' in code(*one, "--copy", "int8")
    assert f'["{A}", {{"model": "{A}", "copy": "int8"}}]' in code(*one, "--copy", "int8")
    heat = code(*one, "--vary", "temperature=0.2,0.9")
    assert '"params": {"temperature": 0.2}' in heat
    assert '"params": {"temperature": 0.9}' in heat
    asked = code(*one, "--template", "Say {input}", "--template", "Sing {input}")
    assert '"template": "Sing {input}"' in asked
    place = code(*one, "--provider", "local", "--provider", "hf")
    assert '"provider": "local"' in place
    assert '"provider": "hf"' in place
    assert 'template="Say {input}"' in code(*BOTH, "x", "--template", "Say {input}")


def test_a_report_is_a_second_line() -> None:
    said = code(*BOTH, "x", "--report", "r.html")
    assert said.startswith("comparison = hf_nb.compare.run(")
    assert said.endswith('comparison.report("r.html")')


@pytest.mark.parametrize(
    ("words", "body", "said"),
    [
        (["x"], None, "Which models?"),
        ([*BOTH], None, "Compare them on what?"),
        ([*BOTH], "\n\n", "The cell is empty"),
        ([*BOTH, "x"], "y", "The prompt is in the cell's body"),
        ([*BOTH, "--lines", "x"], None, "--lines is for a cell"),
        ([*BOTH, "x", "--vary", "temperature"], None, "--vary takes a parameter and two values"),
        ([*BOTH, "-m", "o/c", "x", "--provider", "hf", "--provider", "local"], None, "--provider says 2"),
        ([*BOTH, "x", "--report", "no/such/r.html"], None, "There is no folder"),
        ([*BOTH, "x", "--budget", "-1"], None, "--budget"),
        (["-m", A, "x"], None, "One contender cannot be compared"),
    ],
)
def test_what_does_not_fit_is_told(words: list[str], body: str | None, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        answer(tree, ["compare", *words], "notebook", body=body)


def test_a_file_that_is_there_is_not_written_over_unasked(tmp_path: Path) -> None:
    (tmp_path / "r.html").write_text("mine")
    with pytest.raises(BadInput, match="there already"):
        answer(tree, ["compare", *BOTH, "x", "--report", "r.html"], "notebook")
    assert (tmp_path / "r.html").read_text() == "mine"


def test_the_answer_is_a_comparison_shown_as_text_json_and_a_page(tmp_path: Path) -> None:
    use(several(a=Place(), b=Place()))
    try:
        places = ("--provider", "a", "--provider", "b", "--task", "text-classification")
        words = ["compare", "-m", "own/model", *places, "--lines", "--report", "r.html"]
        made = answer(tree, words, "notebook", body=LINES)
        assert isinstance(made.value, Comparison)
        assert made.value.values(0) == ["good", "bad", "good"]
        assert made.value.names == ("model a", "model b")
        assert "answer the same in 3 of 3 rows" in str(made.value)
        assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")
        assert '"verdict"' in formats.printed(made.value, "json")
    finally:
        use(None)
