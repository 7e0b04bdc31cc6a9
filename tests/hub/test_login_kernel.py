"""`%hf login` in real kernels: the panel, the masked prompt, the switch, and what a saved notebook holds."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.kernels import Kernel, Ran

LEARNER, TEACHER = "hf_learner_offline", "hf_teacher_offline"
ROOT = Path(__file__).parents[2]
DAY = datetime(2026, 1, 2, tzinfo=UTC)
CODE = r"\b[A-Z]{4}-[A-Z]{4}\b"

pytestmark = pytest.mark.slow  # kernels


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Hub with a learner and a teacher, whose model `teacher/secret` is private."""
    root = tmp_path_factory.mktemp("hub") / "store"
    store = Store.open(root)
    store.user("learner", LEARNER)
    store.user("teacher", TEACHER)
    store.create_repo("model", "teacher/secret", private=True, created_at=DAY)
    store.commit(
        "model", "teacher/secret", {"README.md": b"# Secret"}, title="one", author="teacher", date=DAY
    )
    store.close()
    with start(root) as running:
        yield running


@pytest.fixture
def kernel(own: Running, tmp_path: Path) -> Iterator[Kernel]:
    with Kernel(
        {**own.environment, "HF_HOME": str(tmp_path / "home"), "MINE": TEACHER}, folder=tmp_path
    ) as started:
        assert started.run("%load_ext hf_nb").error is None
        yield started


@pytest.fixture(scope="module")
def nobody(own: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel for tests that leave it as it was: not logged in."""
    with Kernel({**own.environment, "HF_HOME": str(tmp_path_factory.mktemp("home"))}) as started:
        assert started.run("%load_ext hf_nb").error is None
        yield started


def until(kernel: Kernel, handle: str, ran: Ran, text: str, within: float = 30) -> str:
    """Take what the cell shows until it shows this."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        message = kernel._client.get_iopub_msg(timeout=within)
        if message["parent_header"].get("msg_id") == handle:
            ran.take(message["msg_type"], message["content"])
            if found := re.search(text, ran.text):
                return found[0]
    raise AssertionError(ran.text)


@pytest.mark.parametrize("line", ["%hf login", "import hf_nb; hf_nb.login()"])
def test_a_panel_in_place_then_who_one_is(line: str, kernel: Kernel, own: Running) -> None:
    handle = kernel.begin(line)
    seen = Ran()
    code = until(kernel, handle, seen, CODE)
    assert "Waiting for you" in seen.html
    assert f'href="{own.url}/oauth/device?user_code={code}"' in seen.html
    own.approve(code, "learner")
    done = kernel.finish(handle)
    assert done.error is None, done.error
    assert done.result is not None
    assert "learner" in done.result["text/plain"]
    assert kernel.run("import huggingface_hub\nhuggingface_hub.whoami()['name']").text == "'learner'"


def test_the_stop_button_leaves_a_kernel_that_can_log_in(kernel: Kernel, own: Running) -> None:
    handle = kernel.begin("%hf login")
    seen = Ran()
    until(kernel, handle, seen, CODE)
    kernel.interrupt()
    until(kernel, handle, seen, "Nothing was stored", within=10)
    assert "/oauth/device" not in seen.text, "the link is of no use any more"
    stopped = kernel.finish(handle, within=10)
    assert stopped.error is not None
    assert (stopped.error.name, stopped.error.shown) == ("Stopped", "Stopped.")
    assert kernel.run("%hf login work --from-env MINE").error is None


def test_the_prompt_is_masked_and_the_answer_stays_nowhere(kernel: Kernel) -> None:
    client = kernel._client
    handle = client.execute("%hf login mine --paste", allow_stdin=True)
    asked = client.get_stdin_msg(timeout=30)
    assert asked["content"]["password"] is True
    client.input(TEACHER)
    ran = kernel.finish(handle)
    assert ran.error is None, ran.error
    history = kernel.run("print(In, Out, globals())")
    assert "teacher" in str(ran.result)
    assert TEACHER not in f"{ran}{history}"


def test_without_anybody_to_ask_it_says_what_to_do(nobody: Kernel) -> None:
    ran = nobody.run("%hf login --paste")
    assert ran.error is not None
    assert ran.error.name == "BadInput"
    assert "--from-env" in ran.error.shown


def test_switching_in_a_running_kernel_counts_for_the_official_client_and_for_ours(kernel: Kernel) -> None:
    kernel.run(
        "import os, huggingface_hub\nos.environ['A'] = 'hf_' + 'learner_offline'\napi = huggingface_hub.HfApi()"
    )
    assert kernel.run("%hf login play --from-env A").error is None
    assert kernel.run("%hf login work --from-env MINE").error is None
    assert "README.md" in kernel.run("%hf info teacher/secret").text
    kernel.run("os.environ['HF_TOKEN'] = os.environ['A']")
    assert kernel.run("api.whoami()['name']").text == "'learner'"
    missing = kernel.run("%hf info teacher/secret").error
    assert missing is not None
    assert missing.name == "NotFound"
    switched = kernel.run("%hf tokens use work")
    assert "HF_TOKEN no longer counts" in switched.text
    assert (
        kernel.run("api.whoami()['name'], api.model_info('teacher/secret').private").text
        == "('teacher', True)"
    )
    assert "README.md" in kernel.run("%hf info teacher/secret").text
    listed = json.loads(kernel.run("%hf tokens --json").stdout)
    assert [(one["name"], one["active"]) for one in listed["tokens"]] == [("play", False), ("work", True)]
    assert kernel.run("%hf tokens -q").stdout.split() == ["play", "work"]


@pytest.mark.parametrize(
    "line",
    ["%hf login hf_learner_offline", "%hf tokens use hf_oauth_abcdefghij0123", "%hf whoami api_org_abcdefgh"],
)
def test_a_token_on_a_line_is_refused_and_not_repeated(line: str, nobody: Kernel) -> None:
    ran = nobody.run(line)
    assert ran.error is not None
    assert ran.error.name == "BadInput"
    assert line.rsplit(maxsplit=1)[-1] not in f"{ran.error.shown}{ran.text}{ran.stderr}"


RUN = """
import sys, nbclient, nbformat
from jupyter_client.manager import AsyncKernelManager
from tests.kernels import OfThisInterpreter

notebook = nbformat.read(sys.argv[1], as_version=4)
manager = AsyncKernelManager(kernel_spec_manager=OfThisInterpreter())
nbclient.NotebookClient(notebook, km=manager, timeout=90).execute()
nbformat.write(notebook, sys.argv[1])
"""


def test_a_planted_project_is_named_at_once_and_nothing_is_asked_for_anybody(
    own: Running, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.hf_nb]\nendpoint = "http://127.0.0.1:9"\n')
    own.clear_requests()
    environment = {**own.environment, "HF_HOME": str(tmp_path / "home"), "HF_TOKEN": LEARNER}
    with Kernel(environment, folder=tmp_path) as planted:
        said = planted.run("%load_ext hf_nb").text.splitlines()
        assert said[0].startswith("hf_nb ")
        assert "may not set endpoint" in said[1]
        theirs = "import huggingface_hub\nfrom hf_nb.plumbing import http\nhttp.install()\nhuggingface_hub.whoami()"
        for line in ("%hf search models x", "%hf whoami", "%hf models ls", "hf_nb.info('a/b')", theirs):
            wrong = planted.run(f"import hf_nb\n{line}").error
            assert wrong is not None, line
            assert wrong.name == "Refused", line
        assert "may not set endpoint" in planted.run("%hf settings").text
    assert own.requests() == []


def test_a_saved_notebook_holds_the_login_and_no_token(own: Running, tmp_path: Path) -> None:
    cells = ["%load_ext hf_nb", "%hf login", "%hf whoami", "import hf_nb; hf_nb.tokens.list()"]
    path, home = tmp_path / "login.ipynb", tmp_path / "home"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)
    environment = {**os.environ, **own.environment, "HF_HOME": str(home)}
    known = codes(own)
    with subprocess.Popen([sys.executable, "-c", RUN, path], env=environment, cwd=ROOT) as running:
        own.approve(new_code(own, known), "teacher")
        assert running.wait(90) == 0
    text = path.read_text()
    assert "may do what was allowed in the browser" in text
    assert "renewed by itself" in text
    kept = (home / "stored_tokens").read_text()
    secret = [
        line.partition(" = ")[2] for line in kept.splitlines() if line.startswith(("hf_token", "refresh"))
    ]
    assert len(secret) == 2
    assert not any(part in text for part in secret)
    assert "widgets" not in nbformat.read(path, as_version=4).metadata, (
        "there is no widget that could hold one"
    )


def codes(hub: Running) -> set[str]:
    """The codes of logins, as the Hub keeps them."""
    with contextlib.closing(sqlite3.connect(hub.root / "hub.sqlite")) as sql:
        return {str(row[0]) for row in sql.execute("SELECT code FROM logins")}


def new_code(hub: Running, known: set[str], within: float = 60) -> str:
    """The code of the login that begins now."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        if found := codes(hub) - known:
            return found.pop()
        time.sleep(0.2)
    raise AssertionError("nobody logs in")
