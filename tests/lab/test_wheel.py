"""A wheel, installed where nothing of its source is: JupyterLab shows the extension, and a panel is answered.

The wheel is built from a copy of this checkout, which is then deleted, with what this environment has: tests ask no
registry. `bare` is an environment of its own that sees this one's packages, but none of this one's extensions.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hf_nb import __version__
from hf_nb.panels.wire import PROTOCOL
from tests.ui.conftest import chromium, page, watched  # noqa: F401 -- fixtures
from tests.ui.lab.sidebar import Sidebar
from tests.ui.server import LabServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
KEPT = ("pyproject.toml", "README.md", "LICENSE", "hf_nb", "labextension")
LEFT = ("node_modules", "__pycache__", "lib")
BUILD = "import sys, hatchling.build as made; print(getattr(made, sys.argv[1])(sys.argv[2]))"
LISTED = "import sys; from {module} import main; sys.argv[1:] = ['list']; main()"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, by way of a source distribution."""
    _run([sys.executable, str(ROOT / "labextension" / "front.py")], ROOT)
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in KEPT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns(*LEFT))
        else:
            shutil.copy2(ROOT / name, source)
    packed = folder / _made("build_sdist", source, folder)
    shutil.rmtree(source)
    shutil.unpack_archive(packed, folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    made = folder / _made("build_wheel", unpacked, folder)
    shutil.rmtree(folder / "unpacked")
    packed.unlink()
    return made


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    _run([str(python), "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", str(wheel)], folder)
    # beside the wheel, the packages it stands on; a path named so brings no editable install along
    packages = next((folder / "lib").glob("python*/site-packages"))
    (packages / "beside.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    where = _run([str(python), "-P", "-c", "import hf_nb; print(hf_nb.__file__)"], folder).strip()
    assert Path(where).is_relative_to(folder)
    return python


class Bare(LabServer):
    """JupyterLab of that environment."""

    python = ""

    def _command(self) -> list[str]:
        return [self.python, "-P", *super()._command()[1:]]


@pytest.fixture(scope="module")
def server(bare: Path, served_hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    place = tmp_path_factory.mktemp("bare-lab")
    (place / "notebooks").mkdir()
    Bare.python = str(bare)
    with Bare(place / "notebooks", place / "private", {**served_hub.environment, **_lab()}) as started:
        yield started


def test_the_wheel_holds_the_panels_and_the_extension_once_and_no_sources(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    widgets = {name for name in names if name.startswith("hf_nb/widgets/static/")}
    assert {Path(name).name for name in widgets} >= {
        "loader.js",
        "models.js",
        "spaces.js",
        "inference.js",
        "NOTICES.txt",
    }
    lab = [name for name in names if "/labextensions/hf-nb/" in name]
    assert sum(name.endswith("/remoteEntry.js") or "/remoteEntry." in name for name in names) == 1
    assert any(name.endswith("third-party-licenses.json") for name in lab)
    assert sum(name.endswith("/hf_nb.json") for name in names) == 1
    assert not [
        name for name in names if name.endswith((".ts", ".tsx", ".map", ".pyc")) or "node_modules" in name
    ]
    assert not [name for name in names if name.startswith(("labextension", "tests", "hf_nb/lab/static"))]


def test_jupyterlab_lists_the_extension_as_enabled(bare):
    said = _listed(bare, "jupyterlab.labextensions")
    line = next(one for one in said.splitlines() if "hf-nb" in one)
    assert f"v{__version__}" in line
    assert "enabled" in line
    assert "OK" in line


def test_the_jupyter_server_lists_its_extension_as_enabled(bare):
    said = _listed(bare, "jupyter_server.extension.serverextension")
    lines = said.splitlines()
    at = next(place for place, one in enumerate(lines) if "hf_nb.lab" in one)
    assert "enabled" in lines[at]
    assert "OK" in "".join(lines[at : at + 3])


def test_a_server_of_that_environment_answers_a_panel_and_serves_the_extension(server):
    message = {"v": PROTOCOL, "id": "p-1", "op": "hello", "generation": 0, "args": {}}
    answer = json.loads(_asked(server, "hf-nb/panel", json.dumps(message).encode()))
    assert (answer["ok"]["version"], answer["ok"]["hub"]) == (__version__, "offline Hub")
    search = {**message, "id": "p-2", "op": "models.search", "args": {"text": "sentiment"}}
    found = [
        json.loads(line)
        for line in _asked(server, "hf-nb/panel", json.dumps(search).encode()).splitlines()
        if line
    ]
    assert "hfnb-demo/sentiment-en" in json.dumps(found[-1]["ok"])
    described = json.loads(_asked(server, "lab/extensions/hf-nb/package.json"))
    entry = described["jupyterlab"]["_build"]["load"]
    assert b"hf-nb" in _asked(server, f"lab/extensions/hf-nb/{entry}")


def test_its_panels_work_in_a_browser(server: LabServer, page: Page):  # noqa: F811
    from playwright.sync_api import expect

    page.goto(server.address(server.write("bare.ipynb", "%load_ext hf_nb")))
    page.locator(".jp-Notebook").wait_for()
    bar = Sidebar(page).open()
    expect(bar.panel("models")).to_contain_text("pydoc-gpt")
    bar.panel("models").get_by_label("Search models").fill("sentiment")
    expect(bar.panel("models")).not_to_contain_text("pydoc-gpt")
    expect(bar.panel("models")).to_contain_text("sentiment-en")
    bar.do("Load hf_nb")
    bar.says("ready")
    expect(bar.tab("Inference")).to_contain_text("Models in memory")


def test_a_panel_in_a_cell_brings_its_bundle(bare, served_hub):
    code = """
import hf_nb
panel = hf_nb.panel("models")
said = []
panel.send = lambda content, buffers=None: said.append((content, buffers))
panel._hear(None, {"bundle": panel._bundle}, [])
(content, (code,)) = said[0]
print(content["bundle"].partition("@")[0], len(code) > 10_000, len(panel._esm) < 4096)
"""
    environment = {**os.environ, **served_hub.environment}
    assert _run([str(bare), "-P", "-c", code], bare.parent, environment).split() == ["models", "True", "True"]


def _lab() -> dict[str, str]:
    """The application itself is this environment's."""
    return {"JUPYTERLAB_DIR": str(Path(sys.prefix) / "share" / "jupyter" / "lab")}


def _listed(python: Path, module: str) -> str:
    """What `jupyter … list` says, in that environment."""
    code = LISTED.format(module=module)
    done = subprocess.run(
        [str(python), "-P", "-c", code],
        env={**os.environ, **_lab()},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def _asked(server: LabServer, path: str, body: bytes | None = None) -> bytes:
    address = f"http://127.0.0.1:{server.port}/{path}"
    asked = urllib.request.Request(address, body, {"Authorization": f"token {server.token}"})
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 -- loopback
        said: bytes = answer.read()
    return said


def _made(what: str, source: Path, to: Path) -> str:
    return _run([sys.executable, "-c", BUILD, what, str(to)], source).strip().splitlines()[-1]


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
