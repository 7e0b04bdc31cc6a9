"""`data …` on a line: in a terminal, as Python, as JSON, and what is wrong in three lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import hf_nb
from hf_nb.commands import tree
from hf_nb.commands.objects import Held
from hf_nb.commands.official import index
from hf_nb.commands.tree import Answer, answer
from hf_nb.errors import BadInput, HfNbError
from hf_nb.offline.running import Running
from hf_nb.values import Prepared
from tests.hub.pulling import own_cache

LEAKS = "hfnb-lab/reviews-with-leaks"
ROWS = [{"text": f"some words {at}", "stars": at % 3} for at in range(90)]


@pytest.fixture(autouse=True)
def folders(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_cache(tmp_path / "cache", monkeypatch)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def value(*words: str) -> Any:
    kept = Answer("notebook")
    return answer(tree, ["data", *words], kept.face, kept=kept).value


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["balance", LEAKS, "stars", "--split", "train"], "The 5 classes are uneven: 5 has"),
        (["duplicates", LEAKS, "--split", "train"], "60 rows stand there before (2.9 %): 60 word for word."),
        (["leakage", LEAKS, "--exact"], "40 rows of test stand in train (8.2 %): 40 word for word."),
        (["tokens", LEAKS, "text", "--tokenizer", "hfnb-demo/sentiment-en", "--at", "64"], "cut at 64: "),
        (["languages", LEAKS], "en"),
        (["personal", "hfnb-lab/tickets", "--split", "test"], "rows hold something"),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_every_look_says_what_it_found_and_from_how_many_rows(words: list[str], said: str) -> None:
    found = value(*words)
    assert said in str(found)
    assert "from all" in str(found)
    assert "commit" in str(found)
    bundle = found._repr_mimebundle_()
    assert "<table>" in bundle["text/html"]
    assert json.loads(json.dumps(found.to_dict()))["looked"]["rows"] > 0
    assert found.brief()


def test_a_line_prepares_a_table_of_the_notebook(tmp_path: Path) -> None:
    words = [
        "ready",
        "--filter",
        "stars > 0",
        "--map",
        "n=length(text)",
        "--split",
        "train=90%,test=0.1",
        "--stratify",
        "stars",
    ]
    made = value("prepare", Held("$rows", ROWS), *words)
    assert isinstance(made, Prepared)
    assert made.splits == (("train", 54), ("test", 6))
    assert made.columns == ("text", "stars", "n")
    assert "60 rows in ready." in str(made)
    assert 'load_dataset("ready")' in str(made)
    found = value("duplicates", "ready/data/train-00000-of-00001.parquet")
    assert found.looked.rows == 54


def test_as_python_it_is_the_same_call() -> None:
    code = str(
        value(
            "prepare",
            LEAKS,
            "out",
            "--filter",
            "stars > 2",
            "--map",
            "n=length(text)",
            "--split",
            "a=0.5,b=0.5",
            "--code",
        )
    )
    assert 'hf_nb.data.prepare(\n    "hfnb-lab/reviews-with-leaks",\n    to="out",' in code
    assert 'map={"n": "length(text)"}' in code
    space: dict[str, Any] = {}
    exec(code, space)  # noqa: S102 -- what a person would paste
    assert hf_nb.data.open("out/data/b-00000-of-00001.parquet").count() > 500
    assert str(value("leakage", LEAKS, "--code")).endswith(
        'hf_nb.data.leakage("hfnb-lab/reviews-with-leaks")'
    )


@pytest.mark.parametrize(
    "words",
    [
        ["balance", LEAKS],
        ["balance", LEAKS, "nope"],
        ["tokens", LEAKS, "text"],
        ["prepare", LEAKS, "out", "--map", "nonsense"],
        ["prepare", LEAKS, "out", "--split", "train=most"],
        ["prepare", LEAKS, "out", "--filter", "nope > 1"],
        ["duplicates", "hfnb-lab/no-such-table"],
        ["duplicate", LEAKS],
    ],
    ids=" ".join,
)
def test_what_is_wrong_is_said_in_three_lines(words: list[str]) -> None:
    with pytest.raises(HfNbError) as caught:
        value(*words)
    assert 2 <= len(caught.value._render_traceback_()) <= 3
    assert isinstance(caught.value, BadInput) or words[0] == "duplicates"


def test_the_word_is_no_official_one() -> None:
    assert "data" not in index.tree().words
