"""A Hub that may be written to, and the official client in a process of its own.

served    the small Hub with lab/large, a model of TEACHER's, and datasets/lab/other, which is private
client    the official client, Xet on: client.upload(served, REPO, folder) says what went wrong, or nothing
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hf_nb.offline.running import Running, start
from tests.offline.xet.uploading import Client, fill


@pytest.fixture(scope="package")
def _served(box_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with start(fill(tmp_path_factory.mktemp("xet") / "store", box_root)) as hub:
        yield hub


@pytest.fixture
def served(_served: Running) -> Iterator[Running]:
    """A Hub that may be written to."""
    _served.clear_requests()
    yield _served
    _served.clear_faults()
    _served.reset_clock()


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """The official client, which remembers what it sent where."""
    return Client(tmp_path / "home")
