"""What happens around a whole test session, tests and notebooks alike (nbval's items run no fixtures).

configure            a clean environment, folders of its own, loopback only; nothing is started yet
collection finished  the offline Hub, if a selected test or notebook needs it
end                  seconds per area against the budget; one socket that left this machine fails the session
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import socket
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.offline import running  # imports nothing of Hugging Face
from hf_nb.plumbing import folders
from tests.guard import loopback
from tests.ui import browser

# Seconds an area may take on two cores. Over it is printed loudly and fails nothing: machines differ.
BUDGET: dict[str, float] = {
    "building the content": 400,  # once a machine, and again when a recipe changes
    "the offline Hub": 10,  # its start
    "tests": 150,  # the files directly in tests/, the canary among them
    "tests/plumbing": 90,  # every fault, three processes on one cache, a company's wall
    "tests/render": 30,  # hostile cards
    "tests/hub": 600,  # pulls and pushes killed, logins, diffs of random histories
    "tests/infer": 600,  # batches killed, pools, prompts of all lengths
    "tests/compare": 90,  # models compared, killed and gone on with; servers that fail
    "tests/data": 240,  # every way of writing Parquet, every format, kills, simulated queries
    "tests/commands": 90,  # every official command
    "tests/magics": 90,
    "tests/offline": 420,  # every route with every fault and every role, kills, hostile uploads
    "tests/clients": 420,  # ninety of them the official client's own tests
    "tests/guard": 20,
    "tests/panels": 150,  # pulls stopped, Hubs that hang, models loaded
    "tests/lab": 120,  # a wheel built and installed where nothing else is
    "tests/front": 40,  # the TypeScript: types, format, its own tests, sizes
    "tests/ui": 1500,  # real JupyterLab and Notebook, VS Code's renderer, every panel
    "notebooks": 240,
}
ELSEWHERE = 20.0

# What a user's shell may hold and a test must not see. The kept ones are how this session is told things.
CLEARED_PREFIXES = ("HF_", "HUGGING", "TRANSFORMERS_", "DATASETS_", "JUPYTER", "JPY_", "IPYTHON")
CLEARED_SUFFIXES = ("_PROXY", "_API_KEY")
KEPT = frozenset({browser.VARIABLE, "HF_NB_HUB_CACHE"})
# variable -> folder under the session's temporary one
FOLDERS = {
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_RUNTIME_DIR": "run",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/run",
    "MPLCONFIGDIR": "matplotlib",
    "HF_NB_CONFIG_DIR": "hf-nb/config",
    "HF_NB_DATA_DIR": "hf-nb/data",
    "HF_NB_CACHE_DIR": "hf-nb/cache",
}


class OfflineHub:
    """The one offline Hub of a session.

    Its variables are known before it runs: libraries read HF_ENDPOINT when they are imported, once.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.seconds: dict[str, float] = {}
        self._running: running.Running | None = None
        self._failed: str | None = None
        self._held = [_hold_a_port(), _hold_a_port()]
        address = f"http://127.0.0.1:{self._held[0].getsockname()[1]}"
        self.environment = running.environment(address, home, before={}, demo=True)

    def start(self) -> running.Running:
        """The running Hub, started by the first who asks. Its content is built once a machine: a minute or two."""
        if self._failed:
            pytest.fail(self._failed, pytrace=False)
        if self._running is None:
            from hf_nb.offline.content import build

            try:
                with self._timed("building the content"):
                    build.ensure()
                with self._timed("the offline Hub"):
                    self._running = self._start()
                # as under `hf-nb hub run`: a notebook may ask for faults
                os.environ.update(self._running.key)
            except Exception as wrong:
                self._failed = f"The offline Hub did not start: {type(wrong).__name__}: {wrong}"
                raise
        return self._running

    def stop(self) -> None:
        """End it, and give the ports back."""
        for held in self._held:
            held.close()
        if self._running is not None:
            self._running.stop()

    @contextlib.contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began

    def _start(self) -> running.Running:
        port, cdn_port = (held.getsockname()[1] for held in self._held)
        for held in self._held:
            held.close()
        answer, rows = "hf_nb.infer.serving", "hf_nb.data.serving"
        return running.start(port=port, cdn_port=cdn_port, home=self.home, answer=answer, rows=rows)


HUB = pytest.StashKey[OfflineHub]()
FOLDER = pytest.StashKey[Path]()
SECONDS = pytest.StashKey[dict[str, float]]()


def pytest_configure(config: pytest.Config) -> None:
    """Before anything of the project, or of Hugging Face, is imported."""
    folder = Path(tempfile.mkdtemp(prefix="hf-nb-tests-"))
    config.stash[FOLDER] = folder
    config.stash[SECONDS] = defaultdict(float)
    clean_environment(folder)
    config.stash[HUB] = OfflineHub(folder / "hub-home")
    os.environ.update(config.stash[HUB].environment)
    os.environ.update(loopback.environment(_log(config)))
    loopback.install()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if HUB in config.stash:
        config.stash[HUB].stop()
    if FOLDER in config.stash:
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The markers that follow from where a test lies."""
    for item in items:
        if _is_notebook(item):
            item.add_marker(pytest.mark.notebooks)
        elif area(item.nodeid) == "tests/ui":
            item.add_marker(pytest.mark.ui)
            item.add_marker(pytest.mark.timeout(400))  # a walk of many steps, each with its own bound
        elif (
            area(item.nodeid) == "tests/clients"
        ):  # every operation of every official client, in processes of their own
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Outside every test's time limit, and before the first kernel."""
    if session.config.option.collectonly:
        return
    _read_the_endpoint({area(item.nodeid) for item in session.items})
    if any(_is_notebook(item) or "served_hub" in getattr(item, "fixturenames", ()) for item in session.items):
        hub = session.config.stash[HUB]
        try:
            hub.start()
        except Exception as wrong:  # noqa: BLE001 -- the tests that need it will fail with it; the others run
            print(f"\nThe offline Hub did not start: {type(wrong).__name__}: {wrong}")
        session.config.stash[SECONDS].update(hub.seconds)


def _read_the_endpoint(areas: set[str]) -> None:
    """Official libraries read HF_ENDPOINT once, at import: now, not in a test that has set it to another Hub."""
    libraries = ["huggingface_hub.constants"]
    if areas & {"tests/data", "tests/panels", "tests/offline", "tests/hub"}:
        libraries.append("datasets")
    for library in libraries:
        with contextlib.suppress(ImportError):  # the light environments have less
            importlib.import_module(library)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A notebook without its Hub fails with that reason, not with a refused connection."""
    if _is_notebook(item):
        item.config.stash[HUB].start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Wall time of a test with its fixtures, added to its area."""
    began = time.perf_counter()
    try:
        return (yield)
    finally:
        item.config.stash[SECONDS][area(item.nodeid)] += time.perf_counter() - began


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leaving this machine is a failure even where the code that tried it swallowed the error."""
    if violations(session.config) and session.exitstatus in (
        pytest.ExitCode.OK,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Seconds per area, and who left this machine."""
    spent = config.stash[SECONDS]
    if sum(spent.values()) > 1:
        terminalreporter.section("seconds per area")
        for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
            budget = BUDGET.get(name, ELSEWHERE)
            over = f"   OVER ITS BUDGET BY {seconds - budget:.0f} s" if seconds > budget else ""
            terminalreporter.line(
                f"{seconds:8.1f} of {budget:4.0f}  {name}{over}", red=bool(over), bold=bool(over)
            )
        terminalreporter.line(f"{sum(spent.values()):8.1f}          in all")
    if lines := violations(config):
        terminalreporter.section("LEFT THIS MACHINE (this fails the session)", red=True, bold=True)
        for line in lines:
            terminalreporter.line(line)


def area(nodeid: str) -> str:
    """`tests/hub/test_search.py::test_x` -> `tests/hub`; whatever lies in notebooks/ -> `notebooks`."""
    parts = nodeid.partition("::")[0].split("/")
    return "/".join(parts[:2]) if parts[0] == "tests" and len(parts) > 2 else parts[0]


def violations(config: pytest.Config) -> list[str]:
    """What the loopback guard wrote down, from whichever process."""
    log = _log(config)
    return sorted(set(log.read_text(encoding="utf-8").splitlines())) if log.is_file() else []


def _log(config: pytest.Config) -> Path:
    return config.stash[FOLDER] / "left-this-machine.txt"


def _is_notebook(item: pytest.Item) -> bool:
    return item.path.suffix == ".ipynb"


def _keep_what_is_asked_of_home() -> None:
    """The browser and the built content are the user's, outside the session's folders: found before those hide them."""
    os.environ.setdefault("HF_NB_HUB_CACHE", str(folders.demo()))
    if found := browser.find():
        os.environ[browser.VARIABLE] = found


def clean_environment(folder: Path) -> None:
    """Nothing of the user's shell, and folders of our own."""
    _keep_what_is_asked_of_home()
    for name in list(os.environ):
        shouted = name.upper()
        if name not in KEPT and (shouted.startswith(CLEARED_PREFIXES) or shouted.endswith(CLEARED_SUFFIXES)):
            del os.environ[name]
    for name, below in FOLDERS.items():
        path = folder / below
        path.mkdir(parents=True, mode=0o700)
        os.environ[name] = str(path)
    # a test asks a model to see what it does; what was asked by an earlier one must not stand in for it
    os.environ["HF_NB_ANSWERS_CACHE"] = "0"
    # debugpy, which ipykernel imports, complains about frozen modules on stderr
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"


def _hold_a_port() -> socket.socket:
    """Bound and not listening: a connection is refused, and nobody else is given the port."""
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held
