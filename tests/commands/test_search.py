"""`search` on a line: its options reach the function, it goes on, and every misuse says what to type."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import hf_nb
from hf_nb.commands import tree
from hf_nb.commands.search import search
from hf_nb.commands.tree import answer
from hf_nb.errors import BadInput
from hf_nb.hub.finding.filters import FITS, OPTIONS
from hf_nb.plumbing import session


def run(*words: str) -> Any:
    return answer(tree, ["search", *words], "notebook").value


@pytest.fixture(autouse=True)
def _no_copies(hub: Any) -> None:
    session.current().settings.response_cache_minutes = 0


def test_options_reach_the_function() -> None:
    found = run("models", "--min-likes", "10", "--max-parameters", "1M", "--sort", "likes", "--limit", "3")
    assert found.ids == hf_nb.search(min_likes=10, max_parameters="1M", sort="likes", limit=3).ids
    assert (
        run("datasets", "--size", "1k-10k", "--license", "cc0-1.0").ids
        == hf_nb.search(kind="datasets", size="1k-10k", license="cc0-1.0").ids
    )
    assert run("spaces", "--status", "error").ids == ["hfnb-demo/digit-reader"]


def test_the_official_spellings_work() -> None:
    assert run("models", "--num-parameters", "min:10k,max:100k").ids == ["hfnb-demo/digits-vit"]
    assert (
        run("models", "--pipeline-tag", "text-generation").ids
        == run("models", "--task", "text-generation").ids
    )
    assert run("models", "--filter", "license:mit").ids == run("models", "--licence", "mit").ids
    assert run("models", "--sort", "last_modified").ids == run("models", "--sort", "updated").ids
    assert set(run("models", "--gated").ids).isdisjoint(run("models", "--no-gated").ids)


def test_it_goes_on() -> None:
    first = run("models", "--limit", "4")
    more = run("--more")
    assert [*first.ids, *more.ids] == hf_nb.search(limit=8).ids


def test_plain_python_is_what_it_says() -> None:
    code = run("models", "bert", "--min-likes", "3", "--code")
    assert 'hf_nb.search("bert", min_likes="3")' in str(code)
    assert "search_more(limit=5)" in str(run("--more", "--limit", "5", "--code"))


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ((), "models, datasets or spaces"),
        (("bert",), "%hf search models bert"),
        (("modles",), "Did you mean models"),
        (("models", "--more"), "leave out everything but --limit"),
        (("--more", "--task", "text-generation"), "leave out everything but --limit"),
        (("--more",), "no search here"),
        (("spaces", "--task", "text-generation"), "Spaces cannot be filtered by task"),
        (("models", "--status", "running"), "%hf search spaces --status running"),
        (("models", "--max-size", "5GB"), "%hf search datasets --max-size 5GB"),
        (("models", "--details"), "%hf info"),
        (("models", "--sort", "size"), "Models have no size"),
        (("models", "--num-parameters", "7B"), "min:6B,max:128B"),
        (("models", "--min-parameters", "7B", "--max-parameters", "1B"), "No model has at least 7B"),
        (("models", "--limit", "0"), "limit"),
    ],
    ids=str,
)
def test_a_misuse_says_what_to_type(words: tuple[str, ...], hint: str, hub: Any) -> None:
    session.use(None)
    with pytest.raises(BadInput) as refused:
        run(*words)
    assert hint in str(refused.value)
    assert len(refused.value._render_traceback_()) <= 3
    assert hub.requests() == [], "nothing is asked"


def test_every_argument_of_the_function_is_an_option() -> None:
    named = {one.name for one in search.params}
    arguments = set(inspect.signature(hf_nb.search).parameters) - {"session", "license"}
    assert arguments <= named
    spelled = {word for one in search.params for word in one.opts}
    assert {f"--{OPTIONS.get(name, name).replace('_', '-')}" for name in FITS} <= spelled
