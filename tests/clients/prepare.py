"""Install what the tests of other clients need, pinned, into a cache folder outside the repository.

python -m tests.clients.prepare      before the tests, which run without a network; at once where it is done already

    npm-<…>     @huggingface/hub, the official JavaScript client, as node/package-lock.json says
    olah-<…>    olah, a caching mirror, in a virtual environment of its own: it needs versions we do not
    oracle-<…>  the official Python client's own tests (its source distribution) and an environment to run them in
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import venv
from collections.abc import Callable
from pathlib import Path

from hf_nb.plumbing import folders
from tests.node import npm

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
CLIENT = "huggingface_hub==2.4.0"
PLUGINS = "pytest pytest-mock pytest-vcr pytest-asyncio pytest-timeout jedi Jinja2 Pillow safetensors numpy"
ORACLE = CACHE / f"oracle-{hashlib.sha256(f'{CLIENT} {PLUGINS} {sys.executable}'.encode()).hexdigest()[:12]}"
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
    MIRROR: install_mirror,
    ORACLE: install_oracle,
}


def main() -> None:
    """Whatever is missing. A folder without the mark is what an interrupted run left."""
    for folder, install in PARTS.items():
        if not is_ready(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            install(folder)
            (folder / READY).touch()
        print(folder)


if __name__ == "__main__":
    main()
