"""`hf-nb` as a person and as a program meet it: a process of its own."""

import json
import os
import shlex
import subprocess
import sys
from typing import Any

import pytest

import hf_nb


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hf_nb", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | variables,
    )


def test_the_terminal_the_notebook_and_python_give_the_same_value(hub: Any) -> None:
    from hf_nb.hub.finding.search import search
    from hf_nb.plumbing.session import Session

    done = run("search", "models", "sentiment", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == search("sentiment", session=Session()).to_dict()


def test_text_is_for_people_and_quiet_is_ids(hub: Any) -> None:
    shown = run("search", "models", "sentiment")
    assert "hfnb-demo/sentiment-en" in shown.stdout
    assert "\x1b" not in shown.stdout, "no colour codes when piped"
    ids = run("search", "models", "sentiment", "-q").stdout.split()
    assert "hfnb-demo/sentiment-en" in ids
    assert all("/" in one for one in ids)


def test_the_bare_word_says_what_to_run(hub: Any) -> None:
    shown = run()
    assert shown.returncode == 0
    assert "hf-nb search models sentiment" in shown.stdout


def test_version() -> None:
    assert run("--version").stdout.strip() == f"hf-nb {hf_nb.__version__}"


@pytest.mark.parametrize(
    ("words", "variables", "status", "said"),
    [
        (("serach",), {}, 2, "Did you mean search"),
        (("info", "hfnb-demo/sentimant-en"), {}, 1, "Nearest: hfnb-demo/sentiment-en"),
        (("infer", "-m", "no/such", "x"), {}, 1, "Try: hf-nb search models"),
        (("info", "a/b"), {"HF_ENDPOINT": "http://127.0.0.1:9"}, 75, "hf-nb hub run"),
        (("settings",), {"HF_ENDPOINT": "http://far.example"}, 2, "endpoint"),
    ],
    ids=["wrong word", "wrong id", "what to type", "no Hub", "wrong setting"],
)
def test_an_error_is_short_on_stderr_and_has_an_exit_code(
    words: tuple[str, ...], variables: dict[str, str], status: int, said: str, hub: Any
) -> None:
    done = run(*words, **variables)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 3
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(hub: Any) -> None:
    pipe = f"{shlex.quote(sys.executable)} -m hf_nb search models --json | head -1"
    done = subprocess.run(["sh", "-c", pipe], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "{\n"
    assert done.stderr == ""
