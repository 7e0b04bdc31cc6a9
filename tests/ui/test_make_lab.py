"""`make lab`, as the README says it: one command, and the quickstart runs in the browser; Ctrl-C ends all of it."""

import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest
from playwright.sync_api import Page, expect

from tests.ui.notebook import Notebook
from tests.ui.tour import choose

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "notebooks" / "quickstart.ipynb"
START_SECONDS = 60.0


class MakeLab:
    """The command in a process group of its own, its output read as it comes."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.process = subprocess.Popen(
            ["make", "lab", "BROWSER=no", f"PORT={port}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def address(self) -> str:
        """Where it says it can be reached."""
        while True:
            try:
                line = self._lines.get(timeout=START_SECONDS)
            except Empty:
                raise TimeoutError("make lab said no address:\n" + "".join(self.said)) from None
            if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", line):
                return found[0]

    def interrupt(self) -> None:
        """Ctrl-C twice, as a person at the terminal: JupyterLab asks once, and goes on after 5 s without an answer."""
        for _ in range(2):
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                continue
            break
        self.process.wait(30)
        self._reader.join(5)

    def close(self) -> None:
        """Whatever is left."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            self._lines.put(line)


@pytest.fixture
def lab_of_make(served_hub) -> Iterator[MakeLab]:  # the content is built once, outside this test's time
    started = MakeLab()
    yield started
    started.close()


def test_make_lab_opens_the_quickstart_and_it_runs(lab_of_make: MakeLab, page: Page):
    before = QUICKSTART.read_bytes()
    page.goto(lab_of_make.address())
    quickstart = Notebook(page, "quickstart.ipynb")
    quickstart.panel.wait_for()
    quickstart.wait_splash_gone()
    quickstart.wait_idle()
    outputs = quickstart.panel.locator(".jp-OutputArea-output")
    choose(page, "Edit", "Clear Outputs of All Cells")
    expect(outputs).to_have_count(0)
    choose(page, "Run", "Run All Cells")
    expect(outputs.last).to_contain_text("%hf COMMAND --help", timeout=90_000)
    said = "\n".join(outputs.all_text_contents())  # those out of sight too
    for promised in ("offline Hub", "hfnb-demo/sentiment-en", "positive", "alcohol", "Nearest:"):
        assert promised in said
    assert QUICKSTART.read_bytes() == before, "nothing was saved"
    page.goto("about:blank")

    lab_of_make.interrupt()
    with pytest.raises(ProcessLookupError):
        os.killpg(lab_of_make.process.pid, 0)
