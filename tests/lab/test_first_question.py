"""The first question loads what answers it; meanwhile the Jupyter server answers everybody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.lab import routes
from tests.lab.test_routes import BASE, Server, until
from tests.ui.server import LabServer

pytestmark = pytest.mark.slow
# Stands before all that finds modules: what the routes need is not found before a file says go.
CONFIG = """
import pathlib, sys, time
place = pathlib.Path({place!r})

class Late:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in {names!r}:
            (place / "asked").touch()
            while not (place / "go").exists():
                time.sleep(0.02)

sys.meta_path.insert(0, Late)
c.ServerApp.base_url = {base!r}
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Where the server is told to go on."""
    yield tmp_path
    (tmp_path / "go").touch()


@pytest.fixture
def server(place: Path, served_hub: Any) -> Iterator[Server]:
    (place / "notebooks").mkdir()
    config = place / "private" / "config" / "jupyter_server_config.py"
    config.parent.mkdir(parents=True)
    config.write_text(CONFIG.format(place=str(place), names=routes.USED, base=BASE))
    with LabServer(place / "notebooks", place / "private", served_hub.environment) as lab:
        yield Server(lab)


def test_while_it_loads_what_the_first_question_needs_others_are_answered(server: Server, place: Path):
    answers: list[Any] = []
    first = [
        threading.Thread(target=lambda: answers.append(server.panel("hello"))),
        threading.Thread(target=server.ask, args=("GET", "hf-nb/files/models/a/b/main/README.md")),
    ]
    for one in first:
        one.start()
    try:
        until((place / "asked").exists)
        assert server.ask("GET", "api/sessions")[0].status == 200
    finally:
        (place / "go").touch()
        for one in first:
            one.join(60)
    assert answers[0][-1]["ok"]["hub"] == "offline Hub"
