"""What a test of a client can ask for, and the two tables at the end.

own_home      the served Hub's variables with an HF_HOME nobody else has     own_home("hf", HF_TOKEN=…)
workers       a client's process, kept for the session      workers("hub", HF_HUB_DISABLE_XET="1").call("module:name")
writable_hub  a Hub that begins empty, with the people of people.py: nobody counts what lies there
writers_home, writers                         as own_home and workers, on that Hub and with ME's token
node_modules, mirror_program              what `python -m tests.clients.prepare` installed
@pytest.mark.cell(client, operation)      what this test fills in the table of clients
faults_table                              the table of faults: `note(fault, operation, word)`
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients import prepare
from tests.clients.operations import READING, WRITING
from tests.clients.people import LAB, ME_TOKEN, PEOPLE
from tests.clients.table import Table
from tests.clients.worker import Worker

if TYPE_CHECKING:
    from hf_nb.offline.running import Running

CLIENTS = pytest.StashKey[Table]()
FAULTS = pytest.StashKey[Table]()
Environment = Callable[..., dict[str, str]]
Workers = Callable[..., Worker]


def pytest_configure(config: pytest.Config) -> None:
    """The marker and the tables are this folder's own."""
    config.addinivalue_line(
        "markers", "cell(client, operation): what this test fills in the table of clients"
    )
    config.stash[CLIENTS] = Table(
        "what each client did on the offline Hub", "operation", rows=(*READING, *WRITING)
    )
    config.stash[FAULTS] = Table("what huggingface_hub says to each fault", "fault")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Every cell is the outcome of its tests; nothing is filled in by hand."""
    report: Any = yield
    if report.when == "call" or report.outcome != "passed":
        for mark in item.iter_markers("cell"):
            client, operation = mark.args
            outcome = "ok" if report.outcome == "passed" else report.outcome
            item.config.stash[CLIENTS].take(operation, client, outcome)
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The tables, when there is something in them."""
    for key in (CLIENTS, FAULTS):
        table = config.stash[key]
        if table.cells:
            terminalreporter.section(table.title)
            for line in table.lines():
                terminalreporter.line(line, red="failed" in line)


@pytest.fixture(scope="session")
def own_home(served_hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment for one client: None as a value takes a variable away."""
    return lambda name, **variables: _environment(served_hub, tmp_path_factory.mktemp(name), variables)


@pytest.fixture(scope="session")
def writers_home(writable_hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The same for a client that writes."""
    return lambda name, **variables: _environment(
        writable_hub, tmp_path_factory.mktemp(name), {"HF_TOKEN": ME_TOKEN, **variables}
    )


def _environment(hub: Running, home: Path, variables: Mapping[str, str | None]) -> dict[str, str]:
    environment = {**os.environ, **hub.environment, "HF_HOME": str(home)}
    # Rust's and DuckDB's threads beside pytest's own: two cores are enough for nobody to starve
    environment |= {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1", "NO_COLOR": "1"}
    for variable, value in variables.items():
        if value is None:
            environment.pop(variable, None)
        else:
            environment[variable] = value
    return environment


@pytest.fixture(scope="session")
def workers(own_home: Environment) -> Iterator[Workers]:
    """Client processes by name, started once a session."""
    yield from _processes(own_home)


@pytest.fixture(scope="session")
def writers(writers_home: Environment) -> Iterator[Workers]:
    """The same on the writable Hub."""
    yield from _processes(writers_home)


def _processes(home: Environment) -> Iterator[Workers]:
    kept: dict[str, Worker] = {}

    def named(name: str, **variables: str | None) -> Worker:
        if name not in kept:
            kept[name] = Worker(home(name, **variables))
        return kept[name]

    yield named
    for worker in kept.values():
        worker.stop()


@pytest.fixture(scope="session")
def writable_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Empty, and everybody is known."""
    from hf_nb.offline.running import start
    from hf_nb.offline.store import Store

    root = tmp_path_factory.mktemp("writable") / "store"
    store = Store.open(root)
    store.organisation(LAB)
    for name, (token, role, orgs) in PEOPLE.items():
        store.user(name, token, role=role, orgs=orgs)
    store.close()
    with start(root) as running:
        yield running


def installed(folder: Path) -> Path:
    """One of the clients that are installed before the tests, which have no network."""
    if not prepare.is_ready(folder):
        pytest.fail(f"This client is not installed. Install it with: {prepare.HOW}", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Where the JavaScript client is."""
    return installed(prepare.NPM)


@pytest.fixture(scope="session")
def mirror_program() -> Path:
    """The command of olah."""
    return installed(prepare.MIRROR) / "bin" / "olah-cli"


@pytest.fixture
def faults_table(request: pytest.FixtureRequest) -> Table:
    """The second table."""
    return request.config.stash[FAULTS]
