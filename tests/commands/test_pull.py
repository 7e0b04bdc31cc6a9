"""`pull` and `cache` on a line: their options reach the functions; the rest of `cache` is the official command's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hf_nb.commands import tree
from hf_nb.commands.tree import answer
from hf_nb.offline.running import Running
from tests.hub.pulling import own_cache

MODEL = "hfnb-demo/iris-logreg"


@pytest.fixture(autouse=True)
def folders(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_cache(tmp_path / "cache", monkeypatch)
    return tmp_path


def value(*words: str) -> Any:
    return answer(tree, words, "terminal").value


def test_a_line_pulls_and_says_where(folders: Path) -> None:
    plan = value("pull", MODEL, "--dry-run")
    assert plan.of("to fetch")
    pulled = value("pull", MODEL, "--include", "*.json", "--include", "*.md", "--exclude", "config*")
    assert {file.path for file in pulled.files} == {"README.md"}
    one = value("pull", MODEL, "README.md", "--to", str(folders / "mine"))
    assert Path(one) == folders / "mine" / "README.md"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["pull", MODEL], f'hf_nb.pull("{MODEL}")'),
        (
            ["pull", MODEL, "a.json", "--include", "*.md", "--dry-run"],
            f'hf_nb.pull("{MODEL}", "a.json", include=["*.md"], dry_run=True)',
        ),
        (["cache", "status", "--verify"], "hf_nb.cache.status(verify=True)"),
        (["cache", "trim", "20GB", "--dry-run"], 'hf_nb.cache.trim("20GB", dry_run=True)'),
        (["cache", "pin", MODEL, "--revision", "v1"], f'hf_nb.cache.pin("{MODEL}", revision="v1")'),
    ],
    ids=str,
)
def test_the_python_of_a_line_is_what_one_would_write(words: list[str], code: str) -> None:
    assert str(value(*words, "--code")) == f"import hf_nb\n\n{code}"


def test_a_pinned_model_survives_a_trim(folders: Path) -> None:
    value("pull", MODEL)
    value("pull", "hfnb-demo/wine-logreg")
    assert value("cache", "pin", MODEL)[0].pinned
    assert {row.repo for row in value("cache", "status", "--verify")} == {MODEL, "hfnb-demo/wine-logreg"}
    assert {row.repo for row in value("cache", "trim", "1kB", "--dry-run").kept} >= {MODEL}
    assert not value("cache", "unpin", MODEL)[0].pinned


def test_the_official_words_of_cache_stay_official() -> None:
    value("pull", MODEL)
    listed = value("cache", "ls", "--json")
    assert MODEL in str(listed)
    assert "1 file" in str(value("cache", "verify", MODEL)) or MODEL in str(value("cache", "verify", MODEL))
