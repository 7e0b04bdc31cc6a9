"""What a browser test can ask for.

    lab             one JupyterLab per test file, over a copy of notebooks/, with the offline Hub's environment
    page            a fresh browser window
    open_notebook   open_notebook("quickstart.ipynb") -> Notebook, with its verbs (notebook.py)

A test fails when its page reaches for another machine, or when our code errs in the page's console.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.guard.loopback import stays_here
from tests.ui import browser as browsers
from tests.ui.notebook import Notebook
from tests.ui.server import LabServer, copy_of_notebooks

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

    from hf_nb.offline.running import Running

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # small in containers
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# Until a page says what it should: Playwright's own 5 seconds are too few for a kernel on a busy machine.
PATIENCE = 30_000  # milliseconds
OURS = ("hf_nb", "hf-nb", "hfnb")


@dataclass
class Watched:
    """What a page did that a test should know of."""

    reached_out: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)

    def ask(self, address: str) -> None:
        """One request of the page."""
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and not stays_here(parts.hostname):
            self.reached_out.append(address)

    def say(self, message: ConsoleMessage) -> None:
        """One line of the console."""
        if message.type == "error":
            self.console_errors.append(f"{message.text} ({message.location.get('url', '')})")

    def ours(self) -> list[str]:
        """Errors that name us; JupyterLab has a few of its own."""
        return [line for line in self.console_errors if any(name in line for name in OURS)]


@pytest.fixture(scope="module")
def lab(served_hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """One server for the tests of a file."""
    place = tmp_path_factory.mktemp("lab")
    folder = copy_of_notebooks(ROOT, place / "notebooks")
    with LabServer(folder, place / "private", served_hub.environment) as server:
        yield server


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file. Ended with it: Playwright's event loop stays out of other tests' way."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    path = browsers.find()
    if path is None:
        pytest.fail(f"The browser tests need a browser, and none was found. {browsers.HOW}", pytrace=False)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def watched() -> Watched:
    """What the page of this test asked for and complained about."""
    return Watched()


@pytest.fixture
def page(chromium: Browser, watched: Watched) -> Iterator[Page]:
    """A window without history, cookies or settings."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, service_workers="block", locale="en-GB"
    )
    context.set_default_timeout(30_000)
    context.on("request", lambda request: watched.ask(request.url))
    opened = context.new_page()
    opened.on("websocket", lambda socket: watched.ask(socket.url))
    opened.on("console", watched.say)
    opened.on(
        "pageerror", lambda error: watched.console_errors.append(f"{error.message} {error.stack or ''}")
    )
    yield opened
    context.close()
    assert not watched.reached_out, f"The page reached for other machines: {watched.reached_out}"
    assert not watched.ours(), f"Errors of ours in the console: {watched.ours()}"


@pytest.fixture
def open_notebook(lab: LabServer, page: Page) -> Iterator[Callable[[str], Notebook]]:
    """Open a notebook by its name in the file browser, and wait for its kernel. Kernels end with the test."""

    def opened(name: str) -> Notebook:
        page.goto(lab.address(name))
        notebook = Notebook(page, name)
        notebook.panel.wait_for()
        notebook.wait_splash_gone()
        notebook.wait_idle()
        return notebook

    yield opened
    sessions = f"http://127.0.0.1:{lab.port}/api/sessions"
    key = {"Authorization": f"token {lab.token}"}
    for session in page.request.get(sessions, headers=key).json():
        page.request.delete(f"{sessions}/{session['id']}", headers=key)
