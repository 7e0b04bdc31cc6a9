"""Run notebooks from top to bottom and save what they gave: what nbval compares with from then on.

    python -m tests.rerun                          every notebook of notebooks/
    python -m tests.rerun notebooks/search.ipynb

They run as they do under pytest: a clean environment, the offline Hub, loopback only. Nothing is kept that differs
from run to run: no times, no widget state, no versions.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import uuid
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests.guard import loopback
from tests.session import OfflineHub, clean_environment

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
CELL_SECONDS = 300
WIDGET = "application/vnd.jupyter.widget-view+json"


def rerun(path: Path) -> None:
    """One notebook; a cell that fails leaves the file as it was."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    _steady(notebook)
    notebook.metadata.clear()
    notebook.metadata.update(kernelspec=KERNEL, language_info={"name": "python"})
    nbformat.write(notebook, path)


def _steady(notebook: nbformat.NotebookNode) -> None:
    """A widget's name is drawn anew with every run: its place in the notebook stands in for it."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if view := output.get("data", {}).get(WIDGET):
                view["model_id"] = uuid.uuid5(uuid.NAMESPACE_OID, f"cell {number}").hex


def main(names: list[str]) -> None:
    """Each in a kernel of its own, on one Hub."""
    paths = [Path(name).resolve() for name in names] or sorted(NOTEBOOKS.glob("*.ipynb"))
    with tempfile.TemporaryDirectory(prefix="hf-nb-tests-") as folder:
        clean_environment(Path(folder))
        os.environ.update(loopback.environment(Path(folder) / "left-this-machine.txt"))
        hub = OfflineHub(Path(folder) / "hub-home")
        os.environ.update(hub.environment)
        hub.start()
        try:
            for path in paths:
                began = time.perf_counter()
                rerun(path)
                print(f"{path.name}: {time.perf_counter() - began:.1f} s", flush=True)
        finally:
            hub.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
