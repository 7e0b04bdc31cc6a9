"""What the tests of answering share, and their table.

serving       `transformers serve` at work, started once
everywhere    a session that knows every place a task can be asked at here: this machine, the offline Hub's router,
              the same as a server called "server", and `transformers serve` as "serve"
put           puts files on the offline Hub as a model, for this test
loads         the names of the models that were loaded in this test
@pytest.mark.answers(task, method, word)     what this test, where it passes, says in the table of tasks
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.table import Table
from tests.infer.transformers_serve import MODEL, TEMPLATE, Serving

if TYPE_CHECKING:
    from hf_nb.infer.call import Call
    from hf_nb.offline.running import Running
    from hf_nb.plumbing.session import Session

Put = Callable[[str, dict[str, bytes]], None]
TASKS = pytest.StashKey[Table]()
# Another account than the one that asks the router. Its key passes the gate because this server is the Hub itself.
ACCOUNT, KEY = "box", "hf_key-of-the-box"


def pytest_configure(config: pytest.Config) -> None:
    """The marker and the table are this folder's own."""
    config.addinivalue_line(
        "markers", "answers(task, method, word): what this test fills in the table of tasks"
    )
    config.stash[TASKS] = Table("which task was answered where, and why not elsewhere", "task")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A cell's word is its test's only where that passed."""
    report: Any = yield
    if report.when == "call" or report.outcome != "passed":
        for mark in item.iter_markers("answers"):
            task, method, word = mark.args
            item.config.stash[TASKS].note(
                task, method, word if report.outcome == "passed" else report.outcome
            )
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The table, when there is something in it."""
    table = config.stash[TASKS]
    if table.cells:
        terminalreporter.section(table.title)
        for line in table.lines():
            terminalreporter.line(line, red="failed" in line)


@pytest.fixture
def put(hub: Running) -> Iterator[Put]:
    """Puts files on the Hub as a model, and takes them off again."""
    from hf_nb.offline.store import Store

    made: list[int] = []
    store = Store.open(hub.root)

    def put(id: str, files: dict[str, bytes]) -> None:
        made.append(store.create_repo("model", id, created_at=datetime.now(tz=UTC), files=files))

    yield put
    for rid in made:
        store.delete_repo(rid)
    store.close()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models that were loaded."""
    from hf_nb.infer.backends.local import loading

    names: list[str] = []
    plainly = loading.load

    def load(call: Call, *others: Any) -> Any:
        names.append(call.model)
        return plainly(call, *others)

    monkeypatch.setattr(loading, "load", load)
    return names


@pytest.fixture(scope="session")
def serving(served_hub: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The program, with one model, which goes on for as long as it is let: it knows no token of the end."""
    pytest.importorskip("fastapi")
    from huggingface_hub import snapshot_download

    folder = tmp_path_factory.mktemp("serving")
    shutil.copytree(snapshot_download(MODEL), folder / "model", symlinks=False)
    (folder / "model" / "chat_template.jinja").write_text(TEMPLATE)
    for name in ("config.json", "generation_config.json"):
        file = folder / "model" / name
        file.write_text(json.dumps(json.loads(file.read_text()) | {"eos_token_id": None}))
    started = Serving(folder / "model", folder / "log")
    try:
        started.wait()
        yield started
    finally:
        started.process.terminate()
        started.process.wait(30)


@pytest.fixture(scope="session")
def _account(served_hub: Running) -> None:
    from hf_nb.offline.store import Store

    store = Store.open(served_hub.root)
    store.user(ACCOUNT, KEY)
    store.close()


@pytest.fixture(scope="session")
def _everywhere(served_hub: Running, serving: Serving, _account: None) -> Iterator[Session]:
    from hf_nb.infer import remote
    from hf_nb.plumbing.session import Session

    made = Session()
    made.settings.servers = {"server": f"{served_hub.url}/router/v1", "serve": f"{serving.root}/v1"}
    yield made
    remote.client(made).close()


@pytest.fixture
def everywhere(_everywhere: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Nobody but the server called "server" is given its key, and nobody but the Hub its token."""
    from hf_nb.offline.people import LEARNER

    monkeypatch.setenv("HF_TOKEN", LEARNER)
    monkeypatch.setenv("HF_NB_KEY_SERVER", KEY)
    return _everywhere
