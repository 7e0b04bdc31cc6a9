"""A small Hub of our own making, served by a real process: `box`. What it holds is written out in small.py."""

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
    """The small Hub, with an empty request log and no faults."""
    _box.clear_requests()
    yield _box
    _box.clear_faults()


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
def bearer() -> dict[str, dict[str, str]]:
    tokens = {"learner": LEARNER, "teacher": TEACHER, "stranger": STRANGER, "garbage": "hf_nobody"}
    return {name: {"authorization": f"Bearer {token}"} for name, token in tokens.items()}
