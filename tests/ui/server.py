"""One real JupyterLab server on a free port of 127.0.0.1, with folders of its own and nothing of the user's."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import nbformat

READY = "Jupyter Server"  # "… Jupyter Server 2.21.1 is running at:"
READY_SECONDS = 60.0
STOP_SECONDS = 15.0
# What a first start would put in the way of a test, and how its notebooks are drawn.
SETTINGS: dict[str, dict[str, object]] = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    # Cells outside the window are in the page too: a test reads them without scrolling.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}


class LabServer:
    """Started by `with`. `folder` is what the file browser shows."""

    def __init__(self, folder: Path, private: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.token = secrets.token_hex(16)
        self.log: list[str] = []
        self._private = private
        self._environment = {**os.environ, **environment, **self._folders(), "JUPYTER_TOKEN": self.token}
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._write_settings()
        self.port = _free_port()
        self._process = subprocess.Popen(
            self._command(),
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(READY_SECONDS) or self._process.poll() is not None:
            self.__exit__()
            raise RuntimeError("JupyterLab did not start:\n" + "".join(self.log[-30:]))
        self._until_heard()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(STOP_SECONDS)
        if self._process.stdout:
            self._process.stdout.close()

    def address(self, notebook: str = "") -> str:
        """The page of a notebook, or the launcher."""
        where = f"tree/{notebook}" if notebook else ""
        return f"http://127.0.0.1:{self.port}/lab/{where}?reset&token={self.token}"

    def write(self, name: str, *cells: str) -> str:
        """Put a notebook of these code cells where the file browser shows it; its name."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, self.folder / name)
        return name

    def _command(self) -> list[str]:
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.open_browser": False,
            "ServerApp.root_dir": self.folder,
            "ServerApp.terminals_enabled": False,
            "ServerApp.allow_root": True,
            "ServerApp.jpserver_extensions": "{'jupyter_lsp': False}",
            "LabApp.expose_app_in_browser": True,  # `window.jupyterapp`: a test waits for a command's own promise
            "LabApp.extension_manager": "readonly",  # the other one asks PyPI
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        }
        return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]

    def _folders(self) -> dict[str, str]:
        return {
            "JUPYTER_CONFIG_DIR": str(self._private / "config"),
            "JUPYTER_DATA_DIR": str(self._private / "data"),
            "JUPYTER_RUNTIME_DIR": str(self._private / "run"),
            "IPYTHONDIR": str(self._private / "ipython"),
        }

    def _write_settings(self) -> None:
        overrides = self._private / "config" / "labconfig" / "default_setting_overrides.json"
        overrides.parent.mkdir(parents=True)
        overrides.write_text(json.dumps(SETTINGS), encoding="utf-8")

    def _until_heard(self) -> None:
        """It says that it runs a moment before its port is open."""
        until = time.monotonic() + READY_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
            else:
                return

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.log.append(line)
            if READY in line and "is running at" in line:
                self._ready.set()
        self._ready.set()  # it ended: whoever waits looks at its exit code


def copy_of_notebooks(root: Path, to: Path) -> Path:
    """The tours, where a test may run and save them."""
    return shutil.copytree(root / "notebooks", to, ignore=shutil.ignore_patterns(".*", "__pycache__"))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
