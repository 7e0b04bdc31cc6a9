"""`transformers serve`, the real program in a process of its own. The fixture `serving` starts it once a session."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

MODEL = "hfnb-demo/pydoc-gpt"
TEMPLATE = "{% for one in messages %}{{ one['content'] }}{% endfor %}"
TICK = 1 / os.sysconf("SC_CLK_TCK")


class Serving:
    """The running program."""

    def __init__(self, folder: Path, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.model, self.root, self.log = str(folder), f"http://127.0.0.1:{port}", log
        how = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "transformers.cli.transformers", "serve", self.model, *how],
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        until = time.monotonic() + 90
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.root}/health", timeout=5):  # noqa: S310 -- on loopback
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def used(self) -> float:
        """Seconds of processor time, so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK

    def idle(self, seconds: float) -> bool:
        """Whether it stops computing within so many seconds."""
        until = time.monotonic() + seconds
        while True:
            before = self.used()
            time.sleep(0.1)
            if self.used() - before <= TICK:
                return True
            if time.monotonic() > until + 0.1:
                return False
