"""A small Hub of our own making, served by a real process: `box`, and `mine`, a copy to write to.

What it holds is written out in small.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.offline.small import LEARNER, STRANGER, TEACHER, fill

if TYPE_CHECKING:
    from huggingface_hub import HfApi


@pytest.fixture(scope="session")
def box_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hub") / "store"
    store = Store.open(root)
    fill(store)
    store.close()
    return root


@pytest.fixture(scope="session")
def _box(box_root: Path) -> Iterator[Running]:
    with start(box_root) as running:
        yield running


@pytest.fixture
def box(_box: Running) -> Iterator[Running]:
    """The small Hub, with an empty request log, no faults, room on its disk and this machine's time."""
    _box.clear_requests()
    yield _box
    _box.clear_faults()
    _box.empty_disk()
    _box.reset_clock()


@pytest.fixture(scope="module")
def _mine(box_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("mine") / "store"
    Store.overlay(box_root, root).close()
    with start(root) as running:
        yield running


@pytest.fixture
def mine(_mine: Running) -> Iterator[Running]:
    """A copy of the small Hub that a file of tests may write to; otherwise as `box`."""
    _mine.clear_requests()
    yield _mine
    _mine.clear_faults()
    _mine.empty_disk()
    _mine.reset_clock()


@pytest.fixture
def api(box: Running) -> HfApi:
    """The official client as nobody in particular."""
    # not above: this file may load before the session has set HF_ENDPOINT, which is read at import
    from huggingface_hub import HfApi

    return HfApi(endpoint=box.url, token=False)


@pytest.fixture(scope="session")
def _raw(_box: Running) -> Iterator[Any]:
    from huggingface_hub.utils import httpx

    with httpx.Client(base_url=_box.url, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def raw(box: Running, _raw: Any) -> Any:
    """A bare HTTP client that follows nothing."""
    return _raw


@pytest.fixture
def raw_mine(mine: Running) -> Iterator[Any]:
    """The same for `mine`."""
    from huggingface_hub.utils import httpx

    with httpx.Client(base_url=mine.url, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def bearer() -> dict[str, dict[str, str]]:
    tokens = {"learner": LEARNER, "teacher": TEACHER, "stranger": STRANGER, "garbage": "hf_nobody"}
    return {name: {"authorization": f"Bearer {token}"} for name, token in tokens.items()}
