"""A session whose Hub is not on this machine, as far as choosing is concerned."""

from __future__ import annotations

import sys

import pytest

from hf_nb.errors import NotFound
from hf_nb.infer.choose import Wish, choose
from hf_nb.infer.lookup import Known
from hf_nb.plumbing.session import Session
from tests.infer.choose.world import MODELS, Chooses


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session with a real Hub's address, no token, and the models above."""
    made = Session()
    made.settings.endpoint = "https://hub.example"

    def look_up(model: str, revision: str | None, session: Session) -> Known:
        if model not in MODELS:
            raise NotFound(f'No model "{model}".')
        return MODELS[model]

    monkeypatch.setattr(sys.modules["hf_nb.infer.choose"], "look_up", look_up)
    monkeypatch.setattr("hf_nb.infer.choose.places.is_cached", lambda _: False)
    return made


@pytest.fixture
def chooses(session: Session) -> Chooses:
    return lambda **wish: choose(Wish(**wish), session)


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_" + "a" * 34)


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
