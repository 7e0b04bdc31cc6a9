"""A notebook in a real JupyterLab in a real browser: what a reader does, as verbs.

    nb = open_notebook("quickstart.ipynb")      opened, its kernel idle
    nb.run_all()                                waits for the last cell; a cell that fails fails the test
    nb.run(2)                                   cell 2 (of all cells, from 0), by Shift+Enter
    nb.begin(2)   nb.stop()                     begun only; the toolbar's stop button
    nb.text(2), nb.html(2), nb.output(2)        what is under it: text, HTML, or a locator to click and expect on
    nb.restart()   nb.theme("dark")   nb.screenshot("quickstart")

Nothing here sleeps: every verb ends when JupyterLab says that it is done.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import Locator, Page, expect

OUT = Path(__file__).parent / "out"
CELL_SECONDS = 60.0
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
STOP = "[data-command='notebook:interrupt-kernel'], jp-button[title*='Interrupt']"
RUN_ONE = "notebook:run-cell-and-select-next"
RUN_ALL = "notebook:run-all-cells"

# Remembers the end of a command, whoever starts it: a key, a menu, or a test.
_LISTEN = """id => {
  const commands = window.jupyterapp.commands;
  window.hfnbDone = false;
  const slot = (_, ran) => {
    if (ran.id !== id) return;
    commands.commandExecuted.disconnect(slot);
    const done = () => { window.hfnbDone = true; };
    ran.result.then(done, done);
  };
  commands.commandExecuted.connect(slot);
}"""
_DONE = "() => window.hfnbDone"
_COMMAND = "([id, args]) => { window.jupyterapp.commands.execute(id, args ?? {}); }"
# Every output in the model is drawn in the page.
_DRAWN = """() => window.jupyterapp.shell.currentWidget.content.widgets.every(
  cell => !cell.outputArea || cell.outputArea.widgets.length >= cell.outputArea.model.length)"""
_FAILURES = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, index) =>
  (cell.outputArea?.model.toJSON() ?? [])
    .filter(output => output.output_type === 'error')
    .map(output => `cell ${index}: ${output.ename}: ${output.evalue}`))"""
_COUNT = """index => window.jupyterapp.shell.currentWidget.content.widgets[index].model.executionCount"""


class Notebook:
    """One open notebook."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def wait_idle(self, *, within: float = CELL_SECONDS) -> None:
        """The status bar says that the kernel waits."""
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=within * 1000)

    def wait_splash_gone(self) -> None:
        """The turning planets, shown at start and while a theme loads."""
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    def cell(self, index: int) -> Locator:
        """The whole cell, counted from 0 and with the text cells."""
        return self.panel.locator(".jp-WindowedPanel-viewport > .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """What is under a cell."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def text(self, index: int) -> str:
        """What a reader reads under a cell, without the `[3]:` in the margin."""
        return "\n".join(self.output(index).locator(".jp-OutputArea-output").all_inner_texts())

    def html(self, index: int) -> str:
        """The HTML under a cell, as it is in the page."""
        parts = self.output(index).locator(".jp-OutputArea-output")
        return "\n".join(parts.nth(number).inner_html() for number in range(parts.count()))

    def count(self, index: int) -> int | None:
        """The number in `[3]:`."""
        number: int | None = self.page.evaluate(_COUNT, index)
        return number

    def run(self, index: int, *, within: float = CELL_SECONDS, may_fail: bool = False) -> str:
        """Click into a cell, press Shift+Enter, wait for its end; the text under it."""
        self.cell(index).locator(".cm-content").click()
        self.page.evaluate(_LISTEN, RUN_ONE)
        self.page.keyboard.press("Shift+Enter")
        self._wait_done(within, may_fail=may_fail)
        return self.text(index)

    def begin(self, index: int) -> None:
        """Run a cell without waiting for its end."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def stop(self) -> None:
        """The toolbar's stop button."""
        self.page.locator(STOP).first.click()

    def run_all(self, *, within: float = 2 * CELL_SECONDS, may_fail: bool = False) -> None:
        """Run every cell and wait for the last."""
        self.page.evaluate(_LISTEN, RUN_ALL)
        self.command(RUN_ALL)
        self._wait_done(within, may_fail=may_fail)

    def command(self, id: str, **arguments: object) -> None:
        """Any command of JupyterLab, without waiting for it (it may ask something first)."""
        self.page.evaluate(_COMMAND, [id, arguments])

    def failures(self) -> list[str]:
        """The error outputs in the notebook."""
        found: list[str] = self.page.evaluate(_FAILURES)
        return found

    def restart(self) -> None:
        """A fresh kernel: the menu's command and its question answered."""
        self.command("notebook:restart-kernel")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)
        self.wait_idle()

    def save(self) -> None:
        """Write it to disk."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def theme(self, name: Literal["light", "dark"]) -> None:
        """Change the theme and wait for its colours."""
        self.command("apputils:change-theme", theme=THEMES[name])
        light = "true" if name == "light" else "false"
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light)
        self.wait_splash_gone()

    def screenshot(self, name: str) -> Path:
        """The window as it is now, in tests/ui/out (which git ignores)."""
        OUT.mkdir(exist_ok=True)
        path = OUT / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def _wait_done(self, within: float, *, may_fail: bool) -> None:
        self.page.wait_for_function(_DONE, timeout=within * 1000)
        self.page.wait_for_function(_DRAWN)
        failed = self.failures()
        assert may_fail or not failed, f"{self.name}: " + "; ".join(failed)
