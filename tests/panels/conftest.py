"""`session`: one that sees the offline Hub, with a cache of its own; `page`: the other end of a desk that has it.

`names`: the variables of a notebook.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hf_nb.offline.running import Running
from hf_nb.plumbing.session import Session
from tests.hub.pulling import own_cache
from tests.panels.asking import Page


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache; the official library does not wait between its tries."""
    hurried = SimpleNamespace(**{**vars(time), "sleep": lambda _: None})
    monkeypatch.setattr("huggingface_hub.file_download.time", hurried)
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "answers"))
    return own_cache(tmp_path / "cache", monkeypatch)


@pytest.fixture
def session(hub: Running, cache: Path) -> Session:
    made = Session()
    made.settings.read_timeout = 5
    return made


@pytest.fixture
def page(session: Session) -> Iterator[Page]:
    made = Page(session)
    yield made
    made.desk.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A notebook's variables."""
    ipython = pytest.importorskip("IPython")
    shell = SimpleNamespace(user_ns={})
    monkeypatch.setattr(ipython, "get_ipython", lambda: shell)
    return shell.user_ns
