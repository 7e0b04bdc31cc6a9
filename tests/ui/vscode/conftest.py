"""Outputs as VS Code draws them: its own renderer, in a frame that can reach nothing, with a real kernel.

vscode.run("hf_nb.widgets.Models()")     a cell; its widget is drawn, its text comes back
vscode.begin("…")                        a cell that takes its time
vscode.panel("models")                   the panel drawn last
vscode.redraw()   vscode.restart()       it was out of view; the kernel is another one
vscode.theme("dark")   vscode.faint()    what cannot be read in these colours
vscode.opened()                          the addresses it asked to have opened
vscode.screenshot("models")
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.ui.notebook import OUT
from tests.ui.vscode import renderer
from tests.ui.vscode.served import BUNDLER, FRONT
from tests.ui.vscode.served import Page as Served

if TYPE_CHECKING:
    from playwright.sync_api import Frame, FrameLocator, Locator, Page

    from tests.ui.conftest import Watched
    from tests.ui.server import LabServer

THEMES: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "themes.json").read_text(encoding="utf-8")
)
# The renderer itself says at every start, as an error, that it starts.
THEIRS = ("ipywidgets8",)
AXE = FRONT / "node_modules" / "axe-core" / "axe.min.js"
_FAINT = """async () => (await axe.run('[data-hfnb-panel]', { runOnly: ['color-contrast'] })).violations.flatMap(
  one => one.nodes.map(node => `${node.html} ${node.any[0]?.message}`))"""


class VSCode:
    """One notebook with its kernel."""

    def __init__(self, page: Page, lab: LabServer) -> None:
        self.page = page
        self.may_say = list(THEIRS)
        self._server = f"http://127.0.0.1:{lab.port}/"
        self._key = {"Authorization": f"token {lab.token}"}
        kernel = page.request.post(
            f"{self._server}api/kernels", headers=self._key, data={"name": "python3"}
        ).json()
        self._kernel = f"{self._server}api/kernels/{kernel['id']}"
        where = {"server": self._server, "token": lab.token, "model": kernel}
        page.evaluate("where => window.vscode.connect(where)", where)
        self.theme("light")

    def run(self, code: str) -> str:
        """One cell to its end; an error in it fails the test."""
        said: str = self.page.evaluate("code => window.vscode.run(code)", code)
        return said

    def begin(self, code: str) -> None:
        """One cell, not waited for."""
        self.page.evaluate("code => { window.vscode.run(code); }", code)

    def redraw(self) -> None:
        """The last widget was out of view, and comes back."""
        self.page.evaluate("() => window.vscode.redraw()")

    def restart(self) -> None:
        """Another kernel in the place of this one."""
        self.page.request.post(f"{self._kernel}/restart", headers=self._key)
        self.page.evaluate("() => window.vscode.restarted()")

    def close(self) -> None:
        """End the kernel."""
        self.page.request.delete(self._kernel, headers=self._key)

    @property
    def outputs(self) -> FrameLocator:
        """The frame everything is drawn in."""
        return self.page.frame_locator("#active-frame")

    def panel(self, name: str) -> Locator:
        """The latest panel of that name."""
        return self.outputs.locator(f"[data-hfnb-panel={name}]").last

    def theme(self, name: Literal["light", "dark"]) -> None:
        """Colours, as VS Code says them to every frame."""
        kind = f"vscode-{name}"
        self.page.evaluate("theme => window.vscode.theme(theme)", {"kind": kind, "variables": THEMES[kind]})
        self.outputs.locator(f"body.{kind}").wait_for(state="attached")
        # what lies behind the frame
        self.page.evaluate(
            "colour => { document.body.style.background = colour; }", THEMES[kind]["editor-background"]
        )

    def faint(self) -> list[str]:
        """Text of the panels with too little contrast to what is really behind it."""
        frame = self._frame()
        frame.evaluate(AXE.read_text(encoding="utf-8"))
        faint: list[str] = frame.evaluate(_FAINT)
        return faint

    def opened(self) -> list[str]:
        """What it was asked to open."""
        addresses: list[str] = self.page.evaluate("() => window.vscode.opened")
        return addresses

    def clipboard(self) -> str:
        """What was copied last; the page must be allowed to read it."""
        text: str = self._frame().evaluate("() => navigator.clipboard.readText()")
        return text

    def _frame(self) -> Frame:
        (frame,) = self.page.main_frame.child_frames
        return frame

    def screenshot(self, name: str) -> None:
        """For a person to look at."""
        OUT.mkdir(exist_ok=True)
        self.page.screenshot(path=OUT / f"vscode-{name}.png")


@pytest.fixture(scope="session")
def outputs_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page, served."""
    if not BUNDLER.is_dir():
        pytest.fail(
            "The page is put together by esbuild. Get it with: npm ci --prefix labextension", pytrace=False
        )
    if not (renderer.RENDERER / "ready").is_file():
        pytest.fail(f"VS Code's renderer is not installed. Get it with: {renderer.HOW}", pytrace=False)
    with Served(tmp_path_factory.mktemp("vscode")) as served:
        yield served


@pytest.fixture
def vscode(lab: LabServer, page: Page, watched: Watched, outputs_page: Served) -> Iterator[VSCode]:
    """A new kernel, and nothing in the outputs yet. Any error in the page fails the test, ours or not."""
    page.goto(outputs_page.address)
    page.wait_for_function("() => window.vscode")
    opened = VSCode(page, lab)
    yield opened
    opened.close()
    wrong = [line for line in watched.console_errors if not any(name in line for name in opened.may_say)]
    assert not wrong, f"Errors in the console: {wrong}"
