"""`many`: a Hub of some hundred made-up repositories, and the recipes they came from; `own`: one to write to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from hf_nb.plumbing.session import Session
from tests.hub.many import Recipe, fill, recipes
from tests.hub.owning import Own
from tests.offline import small


@pytest.fixture(scope="session")
def made() -> list[Recipe]:
    return recipes()


@pytest.fixture(scope="session")
def _many(made: list[Recipe], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("many") / "store"
    fill(root, made)
    with start(root) as running:
        yield running


@pytest.fixture
def many(_many: Running) -> Iterator[Running]:
    """Served, with an empty request log and no faults."""
    _many.clear_requests()
    yield _many
    _many.clear_faults()


@pytest.fixture(scope="module")
def own_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The small Hub of tests/offline/small.py, for a file of tests to write to."""
    root = tmp_path_factory.mktemp("own") / "store"
    store = Store.open(root)
    small.fill(store)
    store.close()
    with start(root) as running:
        yield running


@pytest.fixture
def own(served_hub: Running, own_hub: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Own]:
    """It, with a session that talks to it, as the teacher."""
    # the session's Hub is there as well: what the official client asks before it hears of ours must not leave
    own_hub.clear_requests()
    session = Session()
    session.settings.endpoint = own_hub.url
    session.settings.response_cache_minutes = 0
    made = Own(own_hub, session, monkeypatch)
    made.be("teacher")
    yield made
    own_hub.clear_faults()
