"""Install what the tests of other clients need, pinned, into a cache folder outside the repository.

python -m tests.clients.prepare      before the tests, which run without a network; at once where it is done already

    npm-<…>     @huggingface/hub, the official JavaScript client, as node/package-lock.json says
    olah-<…>    olah, a caching mirror, in a virtual environment of its own: it needs versions we do not
    oracle-<…>  the official Python client's own tests (its source distribution) and an environment to run them in
    litellm-<…> litellm, for the table of faults, in an environment of its own: it needs versions we do not
    vscode-<…>  VS Code's own widget renderer (see ui/vscode/renderer.py)
    light-<…>   the oldest huggingface_hub we work with, what else hf_nb itself needs, and pytest (see versions.py)
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path

from hf_nb.plumbing import folders
from tests.node import npm
from tests.ui.vscode import renderer

HOW = "python -m tests.clients.prepare"
HERE = Path(__file__).parent / "node"
PINNED = ("package.json", "package-lock.json")
OLAH = "olah==0.5.4"
# beside the demo content: that variable is the one a test session keeps
CACHE = folders.demo()
LOCKED = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in PINNED)).hexdigest()[:12]
NPM = CACHE / f"npm-{LOCKED}"
# an environment names its interpreter: another one needs another
MIRROR = CACHE / f"olah-{hashlib.sha256(f'{OLAH} {sys.executable}'.encode()).hexdigest()[:12]}"
LITELLM = "litellm==1.106.2"  # never 1.82.7 or 1.82.8, which stole credentials
ROUTER = CACHE / f"litellm-{hashlib.sha256(f'{LITELLM} {sys.executable}'.encode()).hexdigest()[:12]}"
CLIENT = "huggingface_hub==2.4.0"
PLUGINS = "pytest pytest-mock pytest-vcr pytest-asyncio pytest-timeout jedi Jinja2 Pillow safetensors numpy"
ORACLE = CACHE / f"oracle-{hashlib.sha256(f'{CLIENT} {PLUGINS} {sys.executable}'.encode()).hexdigest()[:12]}"
# The lower bound in pyproject.toml, and what our tests need beside the base install.
OLDEST = "2.3.0"
TESTING = "pytest pytest-timeout hypothesis nbclient ipykernel jedi trustme"
ROOT = Path(__file__).parents[2]
READY = "ready"


def is_ready(folder: Path) -> bool:
    """Installed to the end."""
    return (folder / READY).is_file()


def install_npm(folder: Path) -> None:
    """What the lock file says, and nothing of it runs."""
    for name in PINNED:
        shutil.copy(HERE / name, folder)
    command = [npm(), "ci", "--omit=optional", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, cwd=folder, stdout=sys.stderr, check=True)


def install_mirror(folder: Path) -> None:
    """With uv where it is, else with pip."""
    _environment(folder, OLAH)


def install_router(folder: Path) -> None:
    """Beside httpx, which it asks by."""
    _environment(folder, LITELLM)


def install_oracle(folder: Path) -> None:
    """Their tests as released, and the client as users have it."""
    environment = folder / "environment"
    _environment(environment, CLIENT, *PLUGINS.split())
    uv = _uv()
    pip = [uv, "tool", "run", "pip"] if uv else [str(environment / "bin" / "python"), "-m", "pip"]
    sources = ["download", "-q", "--no-deps", "--no-binary", ":all:", CLIENT, "-d", str(folder)]
    subprocess.run([*pip, *sources], stdout=sys.stderr, check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()
    (unpacked,) = folder.glob("huggingface_hub-*")
    unpacked.rename(folder / "source")


def light(version: str) -> Path:
    """Where the light environment with this huggingface_hub lies. It holds nothing of a checkout."""
    what = " ".join((version, *_light(version), *_pinned(), sys.executable))
    return CACHE / f"light-{version}-{hashlib.sha256(what.encode()).hexdigest()[:12]}"


def install_light(folder: Path) -> None:
    """The base install as its users have it, with an older huggingface_hub."""
    version = folder.name.split("-")[1]
    pinned = folder / "constraints.txt"
    pinned.write_text("\n".join(_pinned()), encoding="utf-8")
    _environment(folder / "environment", "-c", str(pinned), *_light(version))


def _light(version: str) -> list[str]:
    with (ROOT / "pyproject.toml").open("rb") as read:
        base = tomllib.load(read)["project"]["dependencies"]
    rest = [one for one in base if not one.startswith("huggingface_hub")]
    return [f"huggingface_hub=={version}", *rest, *TESTING.split()]


def _pinned() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith(("#", "huggingface_hub="))]


def make(folder: Path, install: Callable[[Path], None]) -> Path:
    """Where it is missing. A folder without the mark is what an interrupted run left."""
    if not is_ready(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        install(folder)
        (folder / READY).touch()
    return folder


def _environment(folder: Path, *packages: str) -> None:
    uv = _uv()
    venv.create(folder, with_pip=not uv, symlinks=os.name != "nt")
    python = str(folder / "bin" / "python")
    installer = (
        [uv, "pip", "install", "-q", "--python", python] if uv else [python, "-m", "pip", "install", "-q"]
    )
    subprocess.run([*installer, *packages], stdout=sys.stderr, check=True)


def _uv() -> str | None:
    return os.environ.get("UV") or shutil.which("uv")


PARTS: dict[Path, Callable[[Path], None]] = {
    NPM: install_npm,
    renderer.RENDERER: renderer.install,
    MIRROR: install_mirror,
    ROUTER: install_router,
    ORACLE: install_oracle,
    light(OLDEST): install_light,
}


def main() -> None:
    """Whatever is missing."""
    for folder, install in PARTS.items():
        print(make(folder, install))


if __name__ == "__main__":
    main()
