"""Building the demo content: once, whole, and with words when it cannot be done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hf_nb.errors import HfNbError, Refused
from hf_nb.offline.content import build, catalogue, worker
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.store import Store

ENSURE = (
    "import pathlib, sys; from hf_nb.offline.content import build; build.ensure(pathlib.Path(sys.argv[1]))"
)
LIGHT = {slug: recipe for slug, recipe in catalogue.recipes().items() if recipe.type == "space"}


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the Spaces: they need no training, and building is building."""
    monkeypatch.setattr(catalogue, "possible", lambda: (list(LIGHT.values()), {"hfnb-demo/x": ["torch"]}))


@pytest.mark.usefixtures("light")
def test_what_is_missing_is_built_once_and_then_quiet(tmp_path: Path) -> None:
    said: list[str] = []
    first = build.ensure(tmp_path, said.append)
    assert any("hfnb-demo/welcome" in line for line in said)
    assert any('pip install "hf-nb[content]"' in line for line in said)
    said.clear()
    began = time.perf_counter()
    assert build.ensure(tmp_path, said.append) == first
    assert time.perf_counter() - began < 0.05
    assert said == []
    store = Store.open(first)
    assert store.repo_exists("space", "hfnb-demo/sentiment-demo")
    store.close()


@pytest.mark.usefixtures("light")
def test_the_same_commits_everywhere(tmp_path: Path) -> None:
    stores = [Store.open(build.ensure(tmp_path / name, lambda _: None)) for name in "ab"]
    found = [
        [tuple(row) for row in s.database.connection.execute("SELECT oid, message, date FROM commits")]
        for s in stores
    ]
    assert found[0] == found[1]
    for store in stores:
        store.close()


@pytest.mark.usefixtures("light")
def test_leftovers_of_a_killed_build_are_cleared_and_never_used(tmp_path: Path) -> None:
    recipe = next(iter(LIGHT.values()))
    half = tmp_path / "built" / f".{build.built_folder(recipe, tmp_path).name}-1"
    half.mkdir(parents=True)
    (half / "README.md").write_text("half")
    (tmp_path / ".store-1").mkdir()
    build.ensure(tmp_path, lambda _: None)
    assert not half.exists()
    assert not (tmp_path / ".store-1").exists()
    assert (build.built_folder(recipe, tmp_path) / "README.md").read_text("utf-8").startswith("---")


@pytest.mark.usefixtures("light")
def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "ROOM", 1 << 60)
    with pytest.raises(Refused, match="MB are free"):
        build.ensure(tmp_path, lambda _: None)
    assert not list(tmp_path.glob("store-*"))


@pytest.mark.usefixtures("light")
def test_a_disk_that_fills_up_meanwhile_leaves_nothing_that_looks_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_ask", lambda *_: {"error": "No space left on device", "errno": 28})
    with pytest.raises(Refused, match="disk filled up"):
        build.ensure(tmp_path, lambda _: None)
    assert not list(tmp_path.glob("store-*"))


@pytest.mark.usefixtures("light")
def test_a_recipe_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_ask", lambda *_: {"error": "ValueError: no", "errno": None})
    with pytest.raises(HfNbError, match="could not be built: ValueError"):
        build.ensure(tmp_path, lambda _: None)


def test_an_error_in_a_recipe_comes_back_as_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(folder: Path, context: Context) -> str:
        raise OSError(28, "No space left on device")

    broken = Recipe("space", "a/b", day("2026-01-01"), day("2026-01-01"), fail)
    monkeypatch.setattr(catalogue, "recipes", lambda: {broken.slug: broken})
    answer = worker._build({"slug": broken.slug, "folder": str(tmp_path), "built": {}})
    assert answer["errno"] == 28
    assert "No space left" in answer["error"]


def test_without_a_package_only_what_needs_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "find_spec", lambda name: None if name == "torch" else object())
    usable, lacking = catalogue.possible()
    assert "hfnb-demo/sentiment-en" in lacking
    assert "hfnb-demo/digits-vit" in lacking
    kinds = {recipe.type for recipe in usable}
    assert kinds == {"model", "dataset", "space"}


@pytest.mark.slow
@pytest.mark.timeout(600)  # a whole build, on a machine that may be busy
@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_killed_build_is_taken_up_by_the_next_and_two_at_once_agree(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ENSURE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as first:
        assert first.stdout is not None
        first.stdout.readline()
        time.sleep(3)
        os.killpg(first.pid, signal.SIGKILL)
    assert not list(tmp_path.glob("store-*"))
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=500)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("building" in text and "ready" in text for text in said) == 1
    assert len(list(tmp_path.glob("store-*"))) == 1
