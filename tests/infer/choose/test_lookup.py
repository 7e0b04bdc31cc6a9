"""What the Hub says of a model is asked once, and what a lock or a list says counts all the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import hf_hub_download

from hf_nb import errors
from hf_nb.hub.versions.lock import write
from hf_nb.infer.choose import Choice, Wish, choose
from hf_nb.offline.people import LEARNER
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session

MODEL = "hfnb-demo/sentiment-en"


class Later:
    """A clock that is moved by hand."""

    virtual = True

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float, stop: object = None) -> None:
        self.time += seconds


@pytest.fixture
def logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The router wants to know who asks."""
    monkeypatch.setenv("HF_TOKEN", LEARNER)


@pytest.fixture
def asks(hub: Any) -> Any:
    """The session, and how often the Hub was asked about a model since."""

    def count() -> int:
        return len([one for one in hub.requests() if "/api/models/" in one["path"]])

    return count


def chosen(session: Session, **wish: Any) -> Choice:
    return choose(Wish(model=MODEL, input="I love it", **wish), session)


def test_the_second_choice_asks_nothing(asks: Any) -> None:
    session = Session()
    first = chosen(session)
    assert asks() == 1
    assert chosen(session) == first
    assert choose(Wish(task="text-classification", input="I love it so much"), session).targets
    assert asks() == 1


def test_after_its_minutes_it_is_asked_again_and_at_once_where_that_is_wanted(asks: Any) -> None:
    session = Session()
    session.clock = clock = Later()
    chosen(session)
    clock.time += session.settings.response_cache_minutes * 60 - 1
    chosen(session)
    assert asks() == 1
    clock.time += 2
    chosen(session)
    assert asks() == 2
    with http.fresh():
        chosen(session)
    assert asks() == 3
    session.settings.response_cache_minutes = 0
    with http.fresh():
        chosen(session)
    clock.time += 0.001
    chosen(session)
    assert asks() == 5


def test_another_session_asks_for_itself(asks: Any) -> None:
    chosen(Session())
    chosen(Session())
    assert asks() == 2


def test_a_known_model_is_noted_as_used_again_after_it_was_dropped(asks: Any) -> None:
    session = Session()
    commit = chosen(session).targets[0].revision
    session.ledger.drop("model", MODEL)
    assert not session.ledger.uses()
    chosen(session)
    (use,) = session.ledger.uses()
    assert (use.id, use.commit, use.asked) == (MODEL, commit, {"main"})
    assert asks() == 1


def test_a_lock_that_appears_counts_for_a_known_model(
    asks: Any, logged_in: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = Session()
    hf_hub_download(MODEL, "config.json", revision=chosen(session).targets[0].revision)
    write(session=session)
    assert [one.method for one in chosen(session).targets] == ["local"]  # no provider can be held to a commit
    held = json.loads((tmp_path / "hf.lock").read_text())
    text = json.dumps(held).replace(chosen(session).targets[0].revision or "?", "a" * 40)
    (tmp_path / "hf.lock").write_text(text)
    with pytest.raises(errors.HfNbError):
        chosen(session)


def test_a_list_of_licences_that_appears_counts_for_a_known_model(hub: Any) -> None:
    session = Session()
    chosen(session)
    session.settings.allowed_licences = ["mit"]
    with pytest.raises(errors.Refused, match=r"apache-2\.0"):
        chosen(session)


def test_size_and_providers_come_with_the_one_request(asks: Any) -> None:
    from hf_nb.infer.lookup import look_up

    known = look_up(MODEL, None, Session())
    assert known.parameters is not None
    assert known.bytes is not None
    assert 200_000 < known.parameters < 1_000_000
    assert known.parameters * 2 <= known.bytes <= known.parameters * 4
    assert known.providers is not None
    assert "hf-inference" in known.providers
    assert asks() == 1


def test_the_routers_prices_are_read_once(hub: Any, logged_in: None) -> None:
    session = Session()
    wish = Wish(model="hfnb-demo/pydoc-gpt", input="Return", policy="free first")
    assert wish.model is not None
    choice = choose(wish, session)
    assert [one.method for one in choice.targets][:2] == ["local", "hf/thrifty-demo"]
    assert all(one.read is not None and one.written is not None for one in choice.targets[1:])
    assert choice.targets[0].window is None
    config = json.loads(Path(hf_hub_download(wish.model, "config.json")).read_text())
    window = config["max_position_embeddings"]
    assert {one.window for one in choice.targets[1:]} == {window}
    for provider in ("hf", "thrifty-demo"):
        (named,) = choose(replace(wish, provider=provider, policy=None), session).targets
        assert named.window == window
    choose(wish, session)
    assert len([one for one in hub.requests() if one["path"] == "/router/v1/models"]) == 1


def test_without_prices_the_order_is_the_listed_one(hub: Any, logged_in: None) -> None:
    session = Session()
    choose(Wish(model="hfnb-demo/pydoc-gpt", input="Return"), session)
    with http.fault("connect", session):
        choice = choose(Wish(model="hfnb-demo/pydoc-gpt", input="Return", policy="free first"), session)
    assert [one.method for one in choice.targets] == ["local", "hf"]


def test_a_provider_of_the_offline_hub_is_known_by_its_name(hub: Any) -> None:
    choice = choose(Wish(model="hfnb-demo/pydoc-gpt", input="Return", provider="swift-demo"), Session())
    assert [one.method for one in choice.targets] == ["hf/swift-demo"]
    with pytest.raises(errors.BadInput, match="swift-dmo") as unknown:
        choose(Wish(model="hfnb-demo/pydoc-gpt", input="Return", provider="swift-dmo"), Session())
    assert "swift-demo" in unknown.value.next_step
