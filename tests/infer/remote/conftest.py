"""`served`: a real server on loopback; `session`: knows it under the name "box"; `ask`: puts a question to it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.infer import remote
from hf_nb.infer.backends.openai_like import Server
from hf_nb.infer.call import Call, Terms
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing.session import Session
from tests.infer.remote import served as standing
from tests.infer.remote.asking import Ask, chat


@pytest.fixture(scope="session")
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()


@pytest.fixture(autouse=True)
def _read_once(_certificates: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading this machine's certificates is half of what a test here would take."""
    monkeypatch.setattr("hf_nb.plumbing.http.certificates", lambda: _certificates)


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def served() -> Iterator[standing.Served]:
    with standing.served() as running:
        yield running


@pytest.fixture
def session(served: standing.Served) -> Iterator[Session]:
    made = Session()
    made.settings.servers = {"box": served.address}
    yield made
    remote.client(made).close()


@pytest.fixture
def ask(session: Session) -> Ask:
    """The whole answer of one model; `terms` may be given."""

    def asked(model: str, task: str = "chat", input: Any = "Hello there", **how: Any) -> Tally:
        call = chat(model, input) if task == "chat" else Call(task, model, None, input)
        tally = Tally()
        for chunk in Server(session, "box").stream(call, how.get("terms") or Terms(first=5, idle=5)):
            tally.add(chunk)
        return tally

    return asked
