"""`%hf batch`: columns, cells, datasets and files; the same as Python; into a column or a file."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb.commands import tree
from hf_nb.commands.objects import Held
from hf_nb.commands.tree import Answer, answer
from hf_nb.errors import BadInput
from hf_nb.plumbing.session import use
from hf_nb.render import formats
from hf_nb.values import Batch
from tests.infer import scripted

if TYPE_CHECKING:
    from tests.kernels import Kernel

MODEL = "hfnb-demo/sentiment-en"
TEXTS = ["I love it.", None, "It was awful."]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def code(*words: Any, body: str | None = None) -> str:
    found = answer(tree, ["batch", *words, "--code"], "notebook", body=body)
    return str(found.value.source)


def test_a_line_is_one_call_in_python() -> None:
    column = Held("$df.text", TEXTS)
    assert code(MODEL, column) == f'import hf_nb\n\nhf_nb.infer.batch(df.text, model="{MODEL}")'
    assert 'task="text-classification"' in code("-m", MODEL, "--task", "text-classification", column)


def test_what_is_masked_and_whose_code_may_run_is_said_in_python_too() -> None:
    commit = "c0ffee" * 6 + "c0de"
    said = code(MODEL, Held("$df.text", TEXTS), "--mask", "--trust", f"{MODEL}@{commit}")
    assert f'    mask=True,\n    trust="{MODEL}@{commit}",\n' in said


def test_masked_rows_leave_without_what_belongs_to_somebody_and_come_back_with_it(tmp_path: Path) -> None:
    mail, model = "ann.lee@firma.example.org", tmp_path / "model"
    model.mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (model / name).write_text("{}")
    here, talk, name = scripted.session(model, *itertools.repeat(lambda one: one.input, 4))
    talk.remote = True
    use(here)
    try:
        words = ["batch", "-m", name, "--task", "text-generation", "--mask", "--no-journal"]
        found = answer(tree, words, "notebook", body=f"Write to {mail}.\nGood.\nNot to {mail}").value
    finally:
        use(None)
    assert sorted(one.input for one in talk.asked) == ["Good.", "Not to [EMAIL_1]", "Write to [EMAIL_1]."]
    assert found.values == [f"Write to {mail}.", "Good.", f"Not to {mail}"]


@pytest.mark.parametrize("word", [MODEL, f"{MODEL}@main", "true"])
def test_trust_without_a_commit_is_refused_before_anything_is_loaded(word: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at one commit"):
        answer(tree, ["batch", "-m", str(tmp_path), "--trust", word], "notebook", body="one")


def test_the_lines_of_a_cell_are_rows() -> None:
    assert '["one", "two"]' in code(MODEL, body="one\n\ntwo\n")


def test_a_dataset_and_a_file_are_opened_and_saved_in_python_too() -> None:
    said = code(MODEL, "owner/name", "--split", "test", "--column", "text", "-o", "out.parquet")
    assert said == (
        "import hf_nb\n\n"
        'rows = hf_nb.data.open("owner/name", split="test")\n'
        f'batch = hf_nb.infer.batch(rows, model="{MODEL}", column="text")\n'
        'hf_nb.data.save(batch.to_pandas(), "out.parquet")'
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Rows of what"),
        ((MODEL, "x", "--out", "a.exe"), "What kind of file"),
        ((MODEL, "x", "--out", "nowhere/a.csv"), "no folder"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_asked(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        answer(tree, ["batch", *words], "notebook")


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(BadInput, match="already"):
        answer(tree, ["batch", MODEL, "x.txt", "--out", "a.csv"], "terminal")
    assert (tmp_path / "a.csv").read_text() == "mine"


def test_files_by_a_pattern_go_through_without_a_model(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"text {name}")
    found = answer(
        tree, ["batch", "*.txt", "--task", "feature-extraction", "--provider", "hashing"], "terminal"
    )
    assert isinstance(found.value, Batch)
    assert found.value.vectors.shape == (2, 512)


def test_a_name_after_o_is_a_variable_of_the_notebook() -> None:
    kept = Answer("notebook", cell="one\ntwo")
    answer(
        tree,
        ["batch", "--task", "feature-extraction", "--provider", "hashing", "-o", "found"],
        "notebook",
        kept=kept,
    )
    assert kept.out == "found"
    assert kept.value.rows == 2


def test_a_frame_with_a_new_column_is_kept_under_a_name_printed_and_saved() -> None:
    pandas = pytest.importorskip("pandas")
    given = Held("$df", pandas.DataFrame({"n": [1, 2], "text": ["one", None]}))
    words: list[Any] = [
        "batch",
        "--task",
        "feature-extraction",
        "--provider",
        "hashing",
        given,
        "--column",
        "text",
    ]
    found = answer(tree, [*words, "--into", "v", "-o", "rated"], "notebook")
    assert found.out == "rated"
    assert list(found.value.columns) == ["n", "text", "v", "v_error"]
    for how in ("json", "agent", "quiet"):
        said = formats.printed(answer(tree, [*words, "--into", "v", "--format", how], "notebook").value, how)
        assert said
    saved = answer(tree, [*words, "--into", "v", "-o", "out.parquet"], "notebook").value
    assert "2 rows" in str(saved)
    assert pandas.read_parquet("out.parquet").columns.tolist() == ["n", "text", "v", "v_error"]
    assert 'data.save(batch, "out.parquet"' in code(
        *words[1:], "--into", "v", "-o", "out.parquet", "--replace"
    )


@pytest.mark.slow
def test_a_dataset_of_the_hub_is_answered_into_a_file(hub: object, tmp_path: Path) -> None:
    words = ["batch", MODEL, "hfnb-lab/reviews-with-leaks", "--split", "test", "--column", "text"]
    found = answer(tree, [*words, "--limit", "30", "--out", "out.jsonl"], "terminal")
    assert found.value.rows == 30
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {one["label"] for one in lines} <= {"positive", "negative"}
    assert all(one["input"] for one in lines)


@pytest.mark.slow
def test_in_a_notebook_it_is_stopped_and_what_is_done_is_kept(kernel: Kernel, tmp_path: Path) -> None:
    far = tmp_path / "far"
    kernel.run("import pandas, itertools, pathlib\n%load_ext hf_nb\nimport hf_nb")
    ran = kernel.run(f"pandas.Series(['I love it.']).hf.infer('{MODEL}').tolist()")
    assert "['positive']" in ran.text
    # rows are read some way ahead of those that are answered, and no further
    slow = kernel.begin(
        f"""
def texts():
    for number in itertools.count():
        if number == 6_000:
            pathlib.Path({str(far)!r}).touch()
        yield f"I love number {{number}}"
made = hf_nb.infer.batch(texts(), model="{MODEL}")
"""
    )
    while not far.exists():
        time.sleep(0.05)
    kernel.interrupt()
    assert kernel.finish(slow).error is None
    ran = kernel.run("made.stopped, made.ok > 0, made.rows == made.ok + made.failed + made.left")
    assert ran.text == "(True, True, True)"
