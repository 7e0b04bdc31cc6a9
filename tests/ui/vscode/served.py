"""The page that stands for VS Code, on a free port of 127.0.0.1.

/  /frame.html           page/*.html
/editor.js  /frame.js    page/*.js with what they import, by the front end's own esbuild
/renderer/…              VS Code's renderer and require.js, as npm has them
/nbextensions/…          modules of widgets, from this environment
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from tests.node import node
from tests.ui.vscode.renderer import RENDERER

PAGE = Path(__file__).parent / "page"
FRONT = Path(__file__).parents[3] / "labextension"
BUNDLER = FRONT / "node_modules" / "esbuild"
NBEXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "nbextensions"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def build(to: Path) -> None:
    """The page's two scripts."""
    subprocess.run(
        [
            node(),
            str(BUNDLER / "bin" / "esbuild"),
            *(str(PAGE / name) for name in ("editor.js", "frame.js")),
            "--bundle",
            "--format=esm",
            "--external:/renderer/*",
            "--log-level=warning",
            f"--outdir={to}",
        ],
        env={**os.environ, "NODE_PATH": str(FRONT / "node_modules")},
        check=True,
    )


class Page:
    """Served while inside `with`."""

    def __init__(self, built: Path) -> None:
        self.folders = {"": PAGE, "renderer": RENDERER, "nbextensions": NBEXTENSIONS}
        self.built = built

    def __enter__(self) -> Self:
        build(self.built)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Answer, self))
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def find(self, path: str) -> Path | None:
        """The file behind a path."""
        first, _, rest = path.strip("/").partition("/")
        folder, name = (self.folders.get(first), rest) if rest else (PAGE, first or "index.html")
        if folder == PAGE and name.endswith(".js"):
            folder = self.built
        if folder is None or ".." in name or not (folder / name).is_file():
            return None
        return folder / name


class _Answer(BaseHTTPRequestHandler):
    def __init__(self, page: Page, *rest: object) -> None:
        self.page = page
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        file = self.page.find(self.path.partition("?")[0])
        self.send_response(200 if file else 404)
        self.send_header(
            "Content-Type", TYPES.get(file.suffix, "application/octet-stream") if file else "text/plain"
        )
        self.end_headers()
        if file:
            self.wfile.write(file.read_bytes())

    def log_message(self, format: str, *args: object) -> None:
        """Said nowhere."""
