"""TAB in `%hf`: what fits where the cursor is, from memory and this disk, quick enough to be pressed at any time."""

from __future__ import annotations

import json
import shlex
import statistics
import time
import timeit
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.commands.official import index
from hf_nb.magics import complete, met, offers
from hf_nb.plumbing import seen
from hf_nb.values.official import OfficialRows
from tests.kernels import CELL_SECONDS, Kernel

CACHED = {
    "model": ["hfnb-demo/sentiment-en", "hfnb-demo/sentiment-fr", "o'brien/tea-pot"],
    "dataset": ["hfnb-demo/digits"],
    "space": ["hfnb-demo/sentiment-demo"],
}
TEA = shlex.quote("o'brien/tea-pot")
# One that tells every try to reach something; ZeroMQ's own sockets are not Python's.
WATCH = """
import sys as _sys
_reached, _imported = [], set(_sys.modules)
_sys.addaudithook(lambda event, args: _reached.append(event) if event.startswith("socket.") else None)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with repositories in it, and a folder with files."""
    folder = tmp_path_factory.mktemp("home")
    for kind, ids in CACHED.items():
        for id in ids:
            name = f"{kind}s--{id.replace('/', '--')}"
            (folder / "hub" / name / "refs").mkdir(parents=True)
            (folder / "hub" / name / "refs" / "main").write_text("0" * 40)
    (folder / "work" / "data folder").mkdir(parents=True)
    (folder / "work" / "café.csv").write_text("a\n")
    (folder / "work" / "data folder" / "rows.csv").write_text("a\n")
    return folder


@pytest.fixture(scope="module")
def kernel(home: Path) -> Iterator[Kernel]:
    """With nothing to reach: a Hub that is not there."""
    environment = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(home)}
    with Kernel(environment, folder=home / "work") as started:
        assert started.run(WATCH).error is None
        assert started.run("%load_ext hf_nb").error is None
        made = "movie = 'good'; film_2 = 'bad'; df = [1]; _hidden = 0\nclass Box: width = 3\nbox = Box()"
        assert started.run(made).error is None
        yield started


def tab(kernel: Kernel, text: str) -> tuple[list[str], str]:
    """Press TAB at `|`: what is offered, and what it would replace."""
    at = text.index("|")
    code = text.replace("|", "", 1)
    reply = kernel._client.complete(code, at, reply=True, timeout=CELL_SECONDS)["content"]
    assert reply["cursor_end"] == at
    return list(reply["matches"]), code[reply["cursor_start"] : reply["cursor_end"]]


@pytest.mark.parametrize(
    ("text", "offered", "replaces"),
    [
        # words, ours and official
        ("%hf sea|", {"search"}, "sea"),
        ("%hf mod|", {"models"}, "mod"),
        ("%hf help inf|", {"info", "infer"}, "inf"),
        ("%hf models l|", {"list", "ls"}, "l"),
        ("%hf repos tag |", {"create", "list", "ls", "delete"}, ""),
        ("%hf cache |", {"status", "pin", "rm", "verify"}, ""),
        ("%hf sea|rch models", {"search"}, "sea"),
        # options and their values
        ("%hf models ls --so|", {"--sort"}, "--so"),
        ("%hf models ls --sort |", {"downloads", "likes"}, ""),
        ("%hf models ls --sort=do|", {"downloads"}, "do"),
        ("%hf models ls --format j|", {"json"}, "j"),
        ("%hf models ls --j|", {"--json"}, "--j"),
        ("%hf search models --sort d|", {"downloads"}, "d"),
        ("%hf search m|", {"models"}, "m"),
        ("%hf search models --ta|", {"--task", "--tag"}, "--ta"),
        ("%%hf infer --mo|", {"--model"}, "--mo"),
        ("%%hf infer --task text-c|", {"text-classification"}, "text-c"),
        ("%hf infer --he|", {"--help"}, "--he"),
        ("%hf infer --prov|", {"--provider"}, "--prov"),
        ("%hf infer --provider l|", {"local"}, "l"),
        ("%hf chat --provider=|", {"auto", "local", "hf"}, ""),
        ("%hf infer --policy lo|", {"'local only'"}, "lo"),
        ("%hf infer --fallback hfnb-demo/sentiment-f|", {"hfnb-demo/sentiment-fr"}, "hfnb-demo/sentiment-f"),
        ("%hf infer --to f|", {"fr", "fi"}, "f"),
        ("%hf chat --tools $mo|", {"movie"}, "mo"),
        ("%%hf chat --no|", {"--no-stream", "--no-truncate"}, "--no"),
        ("%hf sim|", {"similar"}, "sim"),
        ("%hf settings read|", {"read_timeout"}, "read"),
        # ids, with slashes and hyphens, in quotes, of the kind that is meant
        (
            "%hf info hfnb-demo/sentiment-|",
            {"hfnb-demo/sentiment-en", "hfnb-demo/sentiment-fr"},
            "hfnb-demo/sentiment-",
        ),
        ("%hf info sentiment-e|", {"hfnb-demo/sentiment-en"}, "sentiment-e"),
        ("%hf info datasets/hf|", {"datasets/hfnb-demo/digits"}, "datasets/hf"),
        ("%hf pull hf|", {"hfnb-demo/sentiment-en"}, "hf"),
        ('%hf info "hfnb-demo/sentiment-e|', {"hfnb-demo/sentiment-en"}, "hfnb-demo/sentiment-e"),
        ("%hf info o\\'b|", {TEA}, "o\\'b"),
        (
            "%%hf infer -m hfnb-demo/sentiment-f|\nsome text",
            {"hfnb-demo/sentiment-fr"},
            "hfnb-demo/sentiment-f",
        ),
        ("%hf infer --model=hfnb-demo/sentiment-f|", {"hfnb-demo/sentiment-fr"}, "hfnb-demo/sentiment-f"),
        ("%hf models info hfnb|", {"hfnb-demo/sentiment-en"}, "hfnb"),
        ("%hf datasets info |", {"hfnb-demo/digits"}, ""),
        ("%hf download --repo-type dataset hf|", {"hfnb-demo/digits"}, "hf"),
        ("%hf cp hf://hfnb-demo/sentiment-e|", {"hf://hfnb-demo/sentiment-en"}, "hf://hfnb-demo/sentiment-e"),
        (
            "%hf cache rm model/hfnb-demo/sentiment-e|",
            {"model/hfnb-demo/sentiment-en"},
            "model/hfnb-demo/sentiment-e",
        ),
        ("%hf info hfnb-demo/sentiment-en --revision m|", {"main"}, "m"),
        ("%hf models ls --author hf|", {"hfnb-demo"}, "hf"),
        # files
        ("%hf push me/x caf|", {"café.csv"}, "caf"),
        ("%hf upload me/x ./caf|", {"./café.csv"}, "./caf"),
        ("%hf push me/x dat|", {"'data folder/'"}, "dat"),
        ("%hf push me/x 'data folder/ro|", {"data folder/rows.csv"}, "data folder/ro"),
        # the notebook's own
        ("%hf infer $mo|", {"movie"}, "mo"),
        ('%hf infer "I saw {mo|', {"movie"}, "mo"),
        ("%hf search models {box.w|", {"box.width"}, "box.w"),
        ("%hf search models -o fi|", {"film_2"}, "fi"),
        ("%%hf infer -m x\nI saw {mo|", {"movie"}, "mo"),
        ("%%hf infer -m x\nÜber {fi| and\nmore", {"film_2"}, "fi"),
        # wherever a line of ours begins
        ("x = %hf mod|", {"models"}, "mod"),
        ("rows, x = %hf mod|", {"models"}, "mod"),
        ("hf mod|", {"models"}, "mod"),
        ("%hf kept << mod|", {"models"}, "mod"),
        ("a = 1\n%hf mod|\nb = 2", {"models"}, "mod"),
        ("%hf search models \\\n  --so|", {"--sort"}, "--so"),
        ("\n%%hf inf|", {"infer", "info"}, "inf"),
        ("for x in y:\n    %hf mod|", {"models"}, "mod"),
    ],
)
def test_what_fits_is_offered(text: str, offered: set[str], replaces: str, kernel: Kernel) -> None:
    found, replaced = tab(kernel, text)
    assert offered <= set(found), found
    assert replaced == replaces


@pytest.mark.parametrize(
    "text",
    [
        "%%hf infer -m x\nimport os; os.|",
        "%%hf infer -m x\nplain words |",
        "%hf models ls --author |zz",
        "%hf models info --author zz|",
        "%hf no-such-word x|",
        "%hf infer some tex|",
    ],
)
def test_where_nothing_fits_python_is_not_offered_either(text: str, kernel: Kernel) -> None:
    found, _ = tab(kernel, text)
    assert not [one for one in found if one in ("path", "getcwd") or one.startswith("%")], found


@pytest.mark.parametrize("text", ["hf = 3\nhf.re|", "movie.upp|", "%confi|", "hf_| = 1"])
def test_elsewhere_ipython_completes_as_ever(text: str, kernel: Kernel) -> None:
    found, _ = tab(kernel, text)
    assert not {"search", "models"} & set(found)
    if text in ("movie.upp|", "%confi|"):
        assert found


def test_hidden_names_and_modules_are_not_offered(kernel: Kernel) -> None:
    found, _ = tab(kernel, "%hf infer $|")
    assert {"movie", "df", "box"} <= set(found)
    assert not {"_hidden", "In", "Out", "exit", "get_ipython"} & set(found)


def test_it_is_quick(kernel: Kernel) -> None:
    texts = (
        "%hf |",
        "%hf models ls --so|",
        "%hf info hfnb-demo/s|",
        "%%hf infer -m x\nI saw {m|",
        "x = %hf mo|",
    )
    took = []
    for _ in range(20):
        for text in texts:
            began = time.perf_counter()
            tab(kernel, text)
            took.append(time.perf_counter() - began)
    # the benchmark measures it; on a busy machine this says only that nothing slow is in the way
    assert statistics.median(took) < 0.05
    assert sorted(took)[int(len(took) * 0.95)] < 0.25


@pytest.mark.slow
def test_ids_of_a_search_are_offered_after_it(hub: Any, tmp_path: Path) -> None:
    with Kernel({**hub.environment, "HF_HOME": str(tmp_path)}) as fresh:
        assert fresh.run("%load_ext hf_nb").error is None
        assert tab(fresh, "%hf info hfnb-demo/senti|")[0] == []
        assert fresh.run("%hf search models sentiment;").error is None
        assert "hfnb-demo/sentiment-en" in tab(fresh, "%hf info hfnb-demo/senti|")[0]
        assert fresh.run("x = %hf datasets ls --author hfnb-demo").error is None
        assert "hfnb-demo/digits" in tab(fresh, "%hf datasets info hfnb-demo/|")[0]


@pytest.mark.slow
def test_from_the_first_tab_on_nothing_is_asked_and_nothing_heavy_imported_and_unloading_ends_it(
    home: Path,
) -> None:
    with Kernel({"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(home)}) as fresh:
        assert fresh.run(WATCH).error is None
        assert fresh.run("%load_ext hf_nb\n%reload_ext hf_nb").error is None
        for text in ("%hf |", "%hf models ls |", "%hf info hf|", "%hf search models --sort |"):
            assert tab(fresh, text)[0], text
        for text in ("%hf models ls --token |", "%%hf infer -m hfnb|\nx", "%%hf infer\nimport os; os.|"):
            tab(fresh, text)
        assert fresh.run("_reached").text == "[]"
        heavy = (
            "{'huggingface_hub', 'torch', 'transformers', 'pandas', 'numpy', 'datasets', 'httpx2', 'jedi'}"
        )
        assert fresh.run(f"sorted({heavy} & (set(_sys.modules) - _imported))").text == "[]"
        count = "len([one for one in get_ipython().Completer.custom_matchers])"
        assert fresh.run(count).text == "1"
        assert fresh.run("%unload_ext hf_nb").error is None
        assert fresh.run(count).text == "0"


def test_ids_of_an_answer_are_offered_from_then_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    seen.forget()
    rows = ({"id": "me/first"}, {"id": "me/second"})
    met.note(OfficialRows(command="%hf datasets ls", columns=("id",), rows=rows))
    met.note(object())
    met.note(None)
    assert [one.text for one in offers.on_line("datasets info me/", {})[1]] == ["me/first", "me/second"]
    assert list(seen.ids("model")) == []
    seen.forget()


def test_what_is_met_is_bounded_and_the_newest_is_first() -> None:
    seen.forget()
    seen.note("model", (f"o/{n}" for n in range(seen.MOST + 50)))
    seen.note("model", ["o/7", "no-slash", "bad\x1b/name"])
    ids = list(seen.ids("model"))
    assert ids[0] == "o/7"
    assert len(ids) <= seen.MOST + 1
    assert "no-slash" not in ids
    seen.forget()


def test_a_cache_that_changes_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    seen.forget()
    assert list(seen.ids("model")) == []
    (tmp_path / "models--a--b-c--d").mkdir()
    assert list(seen.ids("model")) == ["a/b-c--d"]
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "none"))
    assert list(seen.ids("model")) == []


@pytest.mark.parametrize(
    ("text", "words", "word", "quote"),
    [
        ("", [], "", ""),
        ("a b", ["a"], "b", ""),
        ("a b ", ["a", "b"], "", ""),
        ("a 'b c", ["a"], "b c", "'"),
        ('a "b c" d', ["a", "b c"], "d", ""),
        ("a \"it's", ["a"], "it's", '"'),
        ("a '' ", ["a", ""], "", ""),
    ],
)
def test_a_line_is_read_however_unfinished(text: str, words: list[str], word: str, quote: str) -> None:
    cursor = offers.read(text)
    assert (cursor.words, cursor.word, cursor.quote) == (words, word, quote)
    assert text.endswith(cursor.raw)


def test_every_option_of_every_command_can_be_completed() -> None:
    def walk(node: Any, before: list[str]) -> Iterator[tuple[list[str], Any]]:
        for name, child in node.words.items():
            if child.words:
                yield from walk(child, [*before, name])
            else:
                yield [*before, name], child

    tried = 0
    for words, leaf in walk(index.tree(), []):
        if words[0] in offers.ours():
            continue
        for option in leaf.options:
            for name in option.names:
                _, offered = offers.on_line(" ".join([*words, name]), {})
                assert name in [one.text for one in offered], (words, name)
                tried += 1
    assert tried > 1000


def test_outside_hf_there_is_no_place() -> None:
    for cell in ("hf = 1", "print('%hf x')", "%hff x", "%%time\n%%hf x", "hf in x", "hf - 1", "hf(1)"):
        row = cell.count("\n")
        assert complete.place(cell, row, len(cell.split("\n")[row]), bare_word=True) is None, cell


def test_the_words_are_few_enough_to_be_read_at_once() -> None:
    text = index.FILE.read_text(encoding="utf-8")
    assert len(text) < 200_000
    fastest = min(timeit.repeat(lambda: json.loads(text), number=1, repeat=5))
    assert fastest < 0.1, "2 ms on a quiet machine"


def test_every_place_to_run_a_model_is_offered() -> None:
    from hf_nb.infer.backends import BACKENDS
    from hf_nb.magics import sources

    assert set(sources.PLACES) == set(BACKENDS)
