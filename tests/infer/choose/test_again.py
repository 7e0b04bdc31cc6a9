"""The choice of a moment ago is taken again, until anything that decided about it is otherwise."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.choose import Choice, Wish, again, choose
from hf_nb.offline.people import LEARNER
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session

MODEL = "hfnb-demo/sentiment-en"


@pytest.fixture
def session(hub: Any) -> Session:
    return Session()


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often places were looked for since this was asked last."""
    module = sys.modules["hf_nb.infer.choose"]
    real, times = module.possible, []

    def possible(*given: Any, **named: Any) -> Any:
        times.append(1)
        return real(*given, **named)

    def count() -> int:
        found = len(times)
        times.clear()
        return found

    monkeypatch.setattr(module, "possible", possible)
    return count


def chosen(session: Session, **wish: Any) -> Choice:
    return choose(Wish(**{"model": MODEL, "input": "I love it", **wish}), session)


def test_the_same_wish_is_chosen_once_whatever_the_text(session: Session, anew: Callable[[], int]) -> None:
    first = chosen(session)
    assert anew() == 1
    assert chosen(session, input="I hate it") is first
    assert anew() == 0
    assert chosen(session, task="text-classification").targets == first.targets
    assert anew() == 1
    chosen(Session())
    assert anew() == 1


def test_a_token_that_comes_or_goes_counts_at_once(
    session: Session, anew: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [one.method for one in chosen(session).targets] == ["local"]
    monkeypatch.setenv("HF_TOKEN", LEARNER)
    assert [one.method for one in chosen(session).targets] == ["local", "hf"]
    assert [one.method for one in chosen(session).targets] == ["local", "hf"]
    assert anew() == 2
    monkeypatch.delenv("HF_TOKEN")
    assert [one.method for one in chosen(session).targets] == ["local"]


def test_a_setting_that_is_set_counts_at_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", LEARNER)
    chosen(session)
    session.settings.methods = ["hf", "local"]
    assert [one.method for one in chosen(session).targets] == ["hf", "local"]
    session.settings.methods = ["local", "hf"]
    assert len(chosen(session).targets) == 2
    session.settings.methods.remove("hf")  # in place, which the settings are not told
    assert [one.method for one in chosen(session).targets] == ["local"]
    session.settings.methods.append("hf")
    assert len(chosen(session).targets) == 2
    session.settings.local_only = True
    assert [one.method for one in chosen(session).targets] == ["local"]
    session.settings.allowed_licences = ["mit"]
    with pytest.raises(errors.Refused):
        chosen(session)


def test_other_settings_altogether_count_at_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", LEARNER)
    assert len(chosen(session).targets) == 2
    other = Session().settings
    other.allow_remote = False
    session.settings = other
    assert len(chosen(session).targets) == 1


def test_a_folder_that_gets_the_models_name_is_the_one_that_answers(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chosen(session)
    (tmp_path / MODEL).mkdir(parents=True)
    with pytest.raises(errors.NotFound, match="holds no model"):
        chosen(session)


def test_a_server_of_ones_own_is_always_looked_for(
    session: Session, anew: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(session)
    monkeypatch.setattr("hf_nb.infer.choose.servers.serves", lambda *_: True)
    session.settings.servers = {"mine": "http://127.0.0.1:9/v1"}
    for _ in range(2):
        assert [one.method for one in chosen(session).targets] == ["local", "mine"]
    assert anew() == 3


def test_what_looks_like_fields_is_chosen_by_what_it_is(session: Session) -> None:
    similar = "hfnb-demo/minilm-embeddings"
    fields = '{"source_sentence": "a", "sentences": ["b"]}'
    assert chosen(session, model=similar).task == "feature-extraction"
    assert chosen(session, model=similar, input=fields).task == "sentence-similarity"
    assert chosen(session, model=similar).task == "feature-extraction"


def test_few_choices_are_kept_and_none_keeps_its_session_alive(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "MOST", 3)
    for policy in (None, "as listed", "local only"):
        for task in (None, "text-classification"):
            chosen(session, policy=policy, task=task)
    assert len(again._kept[session][1]) == 3
    other = Session()
    chosen(other)
    http.install(session)  # the client of the process holds the session it was made for
    gone = weakref.ref(other)
    del other
    gc.collect()
    assert gone() is None
