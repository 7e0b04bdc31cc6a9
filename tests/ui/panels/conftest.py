"""Panels in cells of a real notebook, over a Hub with the demo content and more (content.py).

hub          this folder's Hub; whoever asks it is the learner
bench        one open notebook for the tests of a file: bench("models") -> its panel, shown by a cell
hand         the reader of a walk, mouse or keyboard, with the theme and the width set: `walks` is the parameter
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from hf_nb.offline.running import Running
from tests.ui.conftest import Watched
from tests.ui.notebook import Notebook
from tests.ui.panels import content
from tests.ui.panels.cell import InCell
from tests.ui.panels.hands import Keyboard, Mouse
from tests.ui.server import LabServer

WIDE, NARROW = 1280, 430
# every pair of light or dark, mouse or keyboard, wide or narrow is among them
WALKS = [
    pytest.param(("light", Mouse, WIDE), id="light mouse wide"),
    pytest.param(("light", Keyboard, NARROW), id="light keyboard narrow"),
    pytest.param(("dark", Mouse, NARROW), id="dark mouse narrow"),
    pytest.param(("dark", Keyboard, WIDE), id="dark keyboard wide"),
]


@pytest.fixture(scope="session")
def served_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with content.served(tmp_path_factory.mktemp("panels-hub")) as running:
        yield running


@pytest.fixture(scope="module")
def seen() -> Watched:
    """What the page of the bench asked for and complained about."""
    return Watched()


@pytest.fixture(scope="module")
def bench_page(chromium: Browser, seen: Watched) -> Iterator[Page]:
    """One window for a file; it may use the clipboard."""
    context = chromium.new_context(
        viewport={"width": WIDE, "height": 1000}, service_workers="block", locale="en-GB"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(30_000)
    context.on("request", lambda request: seen.ask(request.url))
    page = context.new_page()
    page.on("websocket", lambda socket: seen.ask(socket.url))
    page.on("console", seen.say)
    page.on("pageerror", lambda error: seen.console_errors.append(f"{error.message} {error.stack or ''}"))
    yield page
    context.close()
    assert not seen.reached_out, f"The page reached for other machines: {seen.reached_out}"
    assert not seen.ours(), f"Errors of ours in the console: {seen.ours()}"


@pytest.fixture(scope="module")
def opened(
    lab: LabServer, bench_page: Page, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Notebook]:
    """A notebook of these cells, open, hf_nb loaded in its first cell with an empty cache of its own."""

    def open_(name: str, *cells: str, first: str = "") -> Notebook:
        home = tmp_path_factory.mktemp("home")
        lab.write(name, f"%env HF_HOME={home}\n{first}%load_ext hf_nb", *cells)
        bench_page.goto(lab.address(name))
        nb = Notebook(bench_page, name)
        nb.panel.wait_for()
        nb.wait_splash_gone()
        nb.wait_idle()
        nb.command("application:toggle-left-area")
        nb.run(0)
        return nb

    return open_


@pytest.fixture
def walk(request: pytest.FixtureRequest) -> Any:
    """How one walk goes: theme, hand, width."""
    return request.param


def prepared(nb: Notebook, panel: InCell, walk: tuple[Any, Any, int]) -> Mouse | Keyboard:
    """The reader, in front of a page of that theme and width."""
    theme, hand, width = walk
    nb.theme(theme)
    nb.page.set_viewport_size({"width": width, "height": 1000})
    panel.here.scroll_into_view_if_needed()
    reader: Mouse | Keyboard = hand(nb.page)
    reader.enter(panel.here)
    return reader


class Filters:
    """Where there is little room they are a drawer, to be opened first and shut then."""

    def __init__(self, panel: InCell, reader: Mouse | Keyboard) -> None:
        self.panel = panel
        self.reader = reader
        self.opens = panel.here.locator(".hfnb-opens-filters")

    def __enter__(self) -> None:
        if self.opens.is_visible():
            self.reader.press(self.opens)

    def __exit__(self, *_: object) -> None:
        if self.opens.is_visible():
            self.reader.press(self.panel.here.locator(".hfnb-closes-filters"))
            expect(self.opens).to_be_focused()
