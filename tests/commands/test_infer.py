"""`hf-nb infer` and its kin in a terminal: what an input may be, how an answer is printed, how a mistake is told."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hf_nb import tasks, terminal
from hf_nb.commands import tree
from hf_nb.commands.tree import answer
from hf_nb.plumbing import session
from hf_nb.tasks import FIELDS, In
from tests.infer.scripted import Scripted

SECRET = "hf_" + "K9j8H7g6F5" * 3


def code(*words: str, body: str | None = None) -> str:
    """The Python of a line."""
    made = answer(tree, [*words, "--code"], "notebook" if body else "terminal", body=body).value
    return str(made.source)


def python(*words: str, body: str | None = None) -> str:
    return code(*words, body=body).replace("import hf_nb\n\n", "")


# What a line means.


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["infer", "I love it"], 'hf_nb.infer.run("I love it", task="text-classification")'),
        (["infer", "-m", "a/b", "I", "love"], 'hf_nb.infer.run("I love", model="a/b")'),
        (
            ["infer", "Where?", "--context", "Here."],
            'hf_nb.infer.run({"question": "Where?", "context": "Here."}, task="question-answering")',
        ),
        (
            ["infer", "Goal", "--labels", "sport, money"],
            (
                'hf_nb.infer.run(\n    {"text": "Goal", "candidate_labels": ["sport", "money"]},\n'
                '    task="zero-shot-classification",\n)'
            ),
        ),
        (
            ["infer", "a", "--sentences", "b, c", "--sentences", "d"],
            (
                'hf_nb.infer.run(\n    {"source_sentence": "a", "sentences": ["b, c", "d"]},\n'
                '    task="sentence-similarity",\n)'
            ),
        ),
        (
            ["infer", "Hi", "--to", "fr", "--from", "en"],
            'hf_nb.infer.run("Hi", task="translation", params={"tgt_lang": "fr", "src_lang": "en"})',
        ),
        (
            [
                "infer",
                "x",
                "-m",
                "a/b",
                "--param",
                "top_k=3",
                "--param",
                "stop=end",
                "--param",
                "do-sample=true",
            ],
            'hf_nb.infer.run("x", model="a/b", params={"top_k": 3, "stop": "end", "do_sample": True})',
        ),
        (
            ["infer", "x", "-m", "a/b", "--max-tokens", "5", "--temperature", "0.5", "--timeout", "3"],
            (
                'hf_nb.infer.run(\n    "x",\n    model="a/b",\n'
                '    params={"max_new_tokens": 5, "temperature": 0.5},\n    timeout=3.0,\n)'
            ),
        ),
        (
            ["infer", "x", "-m", "a/b", "--fallback", "c/d", "--fallback", "e/f", "--provider", "hf"],
            'hf_nb.infer.run("x", model="a/b", provider="hf", fallback=["c/d", "e/f"])',
        ),
        (["chat", "Hello", "there"], 'hf_nb.infer.chat("Hello there")'),
        (
            ["chat", "Hi", "--name", "a", "--system", "Brief."],
            'hf_nb.infer.chat("Hi", name="a", system="Brief.")',
        ),
        (["chat", "--list"], "hf_nb.infer.conversations()"),
        (["chat", "--reset", "--name", "a"], 'hf_nb.infer.forget("a")'),
        (["embed", "a", "b"], 'hf_nb.infer.embed(["a", "b"])'),
        (["similar", "a", "b", "c", "-m", "d/e"], 'hf_nb.infer.similar("a", ["b", "c"], model="d/e")'),
        (["stats"], "hf_nb.infer.stats()"),
        (["stats", "--prometheus"], "hf_nb.infer.stats().prometheus()"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_a_line_is_this_python(words: list[str], meant: str) -> None:
    made = python(*words).rstrip()
    assert made == meant
    compile(made, "line", "exec")


@pytest.mark.parametrize(
    ("words", "body", "meant"),
    [
        (["infer"], "I love it\n", 'hf_nb.infer.run("I love it", task="text-classification")'),
        (["chat", "poems"], "Hello\n", 'hf_nb.infer.chat("Hello", name="poems")'),
        (["embed"], "a\n\nb\n", 'hf_nb.infer.embed(["a", "b"])'),
        (["similar"], "a\nb\nc\n", 'hf_nb.infer.similar("a", ["b", "c"])'),
        (["similar", "a"], "b\nc\n", 'hf_nb.infer.similar("a", ["b", "c"])'),
    ],
    ids=str,
)
def test_a_cell_is_this_python(words: list[str], body: str, meant: str) -> None:
    assert python(*words, body=body).rstrip() == meant


def test_a_text_that_says_its_task_is_not_classified() -> None:
    assert python("infer", "translate to French: The house is small.").rstrip() == (
        'hf_nb.infer.run("translate to French: The house is small.")'
    )


def test_a_path_is_read_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "notes.txt"
    note.write_text("Gut, söhr gut.", encoding="utf-8")
    here, talk = session.current(), Scripted("seen")
    here.backends["local"] = talk
    said: list[str] = []
    monkeypatch.setattr("hf_nb.plumbing.progress.say", said.append)
    assert terminal.run(["infer", str(note), "-m", str(tmp_path), "--task", "text-generation"]) == 0
    assert talk.asked[0].input == "Gut, söhr gut."
    assert said == ["Read notes.txt (15 B)."]
    assert "seen" in capsys.readouterr().out
    assert f'open("{note}", encoding="utf-8").read()' in code("infer", str(note))


def test_a_file_that_no_model_may_read_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "token").write_text(SECRET)
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe")
    for name, said in (("token", "Hub token"), ("picture", "no text")):
        assert terminal.run(["infer", str(tmp_path / name)]) == 2
        shown = capsys.readouterr().err
        assert said in shown
        assert SECRET not in shown


# How it is printed.


@pytest.fixture
def talk(tmp_path: Path) -> tuple[Scripted, list[str]]:
    made = Scripted()
    session.current().backends["local"] = made
    return made, ["-m", str(tmp_path)]


class Pieces:
    """A standard output that remembers what came in one go."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        """One piece."""
        self.pieces.append(text)
        return len(text)

    def flush(self) -> None:
        """Nothing is held."""

    def isatty(self) -> bool:
        """A pipe."""
        return False

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)


def printed(words: list[str]) -> Pieces:
    """What a line writes on standard output, piece by piece."""
    with contextlib.redirect_stdout(Pieces()) as pieces:
        assert terminal.run(words) == 0
    return pieces


GENERATE = ["infer", "Once", "--task", "text-generation"]


def test_words_are_printed_as_they_come_and_once(talk: Any) -> None:
    talk[0].steps, talk[0].pause = ["there was one king"], 0.08
    out = printed([*GENERATE, *talk[1]])
    assert [one for one in out.pieces if one.strip()][:3] == ["there", " was", " one"]
    first, rest = out.text.split("\n", 1)
    assert first == "there was one king"
    assert "local (script)" in rest
    assert "there" not in rest


@pytest.mark.parametrize("option", ["--json", "-q", "--no-stream", "--format=agent"])
def test_a_program_gets_all_of_it_at_once(option: str, talk: Any) -> None:
    talk[0].steps, talk[0].pause = ["there was one king"], 0.08
    out = printed([*GENERATE, *talk[1], option])
    assert "there was one king" in out.pieces[0]
    if option == "--json":
        assert json.loads(out.text)["text"] == "there was one king"
    if option == "-q":
        assert out.text == "there was one king\n"


def test_what_breaks_off_is_left_there_and_the_error_follows(
    talk: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from hf_nb.infer.call import Chunk

    monkeypatch.setattr(talk[0], "stream", lambda *_: (one for one in [Chunk(text="half a")]))
    assert terminal.run([*GENERATE, *talk[1]]) == 75
    shown = capsys.readouterr()
    assert shown.out == "half a\n"
    assert len(shown.err.splitlines()) <= 3


@pytest.mark.parametrize("text", [f"it is {SECRET} ok", f"it is {SECRET}", f"a {SECRET[:14]} {SECRET}"])
def test_a_token_is_not_printed_even_in_pieces(text: str, talk: Any) -> None:
    from hf_nb.infer.call import Chunk, Usage

    def letters(*_: Any) -> Any:
        for letter in text:
            yield Chunk(text=letter, seconds=0.1)
        yield Chunk(finish="stop", usage=Usage(1, 1))

    talk[0].stream = letters
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["hf_nb.infer.run"], "BETWEEN_DRAWINGS", 0.0)
        out = printed([*GENERATE, *talk[1]])
    assert "hf_[redacted]" in out.text
    assert SECRET[:16] not in out.text


def test_control_characters_of_a_model_do_nothing_to_a_terminal(talk: Any) -> None:
    talk[0].steps = ["a\x1b[2J b\x07 c\td\n\x9be"]
    out = printed([*GENERATE, *talk[1]])
    assert not {"\x1b", "\x07", "\x9b"} & set(out.text)


def test_a_tool_call_is_a_line_of_the_answer(talk: Any, capsys: pytest.CaptureFixture[str]) -> None:
    talk[0].steps = ["Fine."]
    assert terminal.run(["chat", "Hello", *talk[1]]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "Fine."


# Mistakes.


def wrong_inputs(task: tasks.Task) -> list[list[str]]:
    """Inputs that it cannot read, and options that mean nothing."""
    inputs = ["", "   "]
    if task.input not in (In.TEXT, In.CHAT):
        field = FIELDS[task.input][0]
        inputs += ["words alone", "{", "[]", '{"nothing": 1}']
        inputs += [f'{{"{field}": "alone"}}', f'{{"{field}": 3}}']
    example = task.example if isinstance(task.example, str) else json.dumps(task.example)
    options = (
        "--param nonsense=1",
        "--param alone",
        "--timeout -1",
        "--max-tokens 0",
        "--provider nowhere-at-all",
        "--policy nonsense",
        "--labels a --context b",
    )
    return [*([one] for one in inputs), *([example, *one.split()] for one in options)]


@pytest.mark.parametrize("task", tasks.TASKS.values(), ids=lambda one: one.name)
def test_a_wrong_call_is_told_in_three_lines(
    task: tasks.Task, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in wrong_inputs(task):
        status = terminal.run(["infer", "-m", str(tmp_path), "--task", task.name, "--json", *words])
        shown = capsys.readouterr()
        assert (status, shown.out) == (2, ""), (words, shown)
        assert 1 <= len(shown.err.splitlines()) <= 3, (words, shown.err)
        assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["infer", "--task", "text-clasification", "x"], 2, "text-classification"),
        (["infer", "--task", "image-to-video", "x"], 2, "cannot be run from here yet"),
        (["infer"], 2, "empty"),
        (["infer", "-m", "hfnb-demo/sentimant-en", "x"], 1, "hfnb-demo/sentiment-en"),
        (["chat"], 2, "needs words"),
        (["embed"], 2, ""),
        (["similar"], 2, "sentence"),
        (["infer", "-b", "x"], 2, "terminal"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_a_process_ends_with_its_status(words: list[str], status: int, said: str, hub: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hf_nb", *words, "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 3


@pytest.mark.parametrize("verb", ["infer", "chat", "embed", "similar", "stats"])
def test_help_shows_what_to_type(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert terminal.run([verb, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.count(f"hf-nb {verb}") >= 2, "how to call it, and an example"
    assert "%hf" not in said, "a terminal has no magics"


@pytest.mark.slow  # PyTorch loads
def test_a_program_types_json_and_reads_json(hub: Any) -> None:
    asked = json.dumps({"question": "Where does Maria live?", "context": "Maria lives in Geneva."})
    words = ["infer", "--task", "question-answering", "--provider", "local", "--json", asked]
    done = subprocess.run(
        [sys.executable, "-m", "hf_nb", *words], capture_output=True, text=True, timeout=100, check=True
    )
    said = json.loads(done.stdout)
    assert said["answer"] == "Geneva"
    assert said["source"]["method"] == "local"
