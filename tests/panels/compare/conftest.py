"""`served`: a server of OpenAI's kind on loopback; `page`: the other end of a desk that knows it as "box"."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hf_nb.infer import remote
from hf_nb.plumbing.session import Session
from tests.infer.remote import served as standing
from tests.panels.asking import Page


@pytest.fixture
def served() -> Iterator[standing.Served]:
    with standing.served() as running:
        yield running


@pytest.fixture
def boxed(served: standing.Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session that asks nobody but the box; votes are written into a folder of its own."""
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "answers"))
    monkeypatch.chdir(tmp_path)
    made = Session()
    made.settings.servers = {"box": served.address}
    yield made
    remote.client(made).close()


@pytest.fixture
def page(boxed: Session) -> Iterator[Page]:
    made = Page(boxed)
    yield made
    made.desk.close()
