"""Python runs this first in every child of a test: watch its sockets, then run the machine's own sitecustomize."""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

_HERE = Path(__file__).parent


def _load(name: str, path: str) -> None:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec and spec.loader:
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)


def _chain() -> None:
    """The sitecustomize we stand in front of (distributions, coverage and debuggers have one)."""
    elsewhere = [entry for entry in sys.path if Path(entry or ".").resolve() != _HERE.resolve()]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
    if spec and spec.origin:
        _load("sitecustomize", spec.origin)


if __name__ == "sitecustomize":
    _load("hf_nb_tests_loopback", str(_HERE / "loopback.py"))
    sys.modules["hf_nb_tests_loopback"].install()
    # Nothing of this folder is for import: a test module here must not shadow anybody's.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _HERE.resolve()]
    _chain()
