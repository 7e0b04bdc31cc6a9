"""What is used and left, and the copies that keep it from being used up."""

import re
from pathlib import Path
from typing import Any

import pytest

from hf_nb.commands import tree
from hf_nb.commands.tree import answer
from hf_nb.hub.checkup.limits import limits
from hf_nb.hub.disk.responses import responses
from hf_nb.hub.finding.search import search
from hf_nb.plumbing import http
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session


@pytest.fixture
def session(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_NB_DATA_DIR", str(tmp_path / "data"))
    made = Session()
    sessions.use(made)
    return made


def test_the_hub_is_asked_once_and_says_what_is_left(hub: Any, session: Session) -> None:
    found = limits(session=session)
    api, files, pages = found.windows
    assert (api.what, api.limit, api.window, api.token) == ("api", 50_000, 300, False)
    assert api.left is not None
    assert api.used == 50_000 - api.left > 0
    assert api.resets is not None
    assert 0 < api.resets <= 300
    assert (files.left, pages.left) == (None, None)
    assert len(hub.requests()) == 1
    limits(session=session)
    assert len(hub.requests()) == 1, "what is known is not asked for"
    assert found.month_used == 1


def test_each_kind_of_request_has_a_counter_of_its_own(session: Session, tmp_path: Path) -> None:
    from huggingface_hub import hf_hub_download

    http.install(session)
    hf_hub_download(
        "hfnb-demo/sentiment-en", "config.json", cache_dir=tmp_path, endpoint=session.settings.endpoint
    )
    api, files, _ = limits(session=session).windows
    assert files.what == "resolvers"
    assert files.limit == 300_000
    assert files.used
    assert api.used


def test_a_token_has_counters_of_its_own(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    limits(session=session)
    monkeypatch.setenv("HF_TOKEN", "hf_learner_offline")
    found = limits(session=session)
    assert [(one.what, one.token) for one in found.windows[:2]] == [("api", True), ("api", False)]
    assert found.token == "token from HF_TOKEN"
    assert (
        "hf_learner_offline" not in str(found) + str(found.to_dict()) + found._repr_mimebundle_()["text/html"]
    )


def test_ones_own_limits_are_shown_with_what_is_left(session: Session) -> None:
    session.settings.monthly_requests = 100
    session.settings.requests_per_minute = 30
    search("sentiment", session=session)
    found = limits(session=session)
    assert (found.month_used, found.month_left, found.minute_left) == (1, 99, 29)
    assert "99 left of your own 100" in str(found)
    assert "29 of your own 30 a minute" in str(found)


def test_without_the_hub_ones_own_are_shown_and_why_the_others_are_not(session: Session) -> None:
    with http.fault("connect", session):
        found = limits(session=session)
    assert all(one.left is None for one in found.windows)
    assert found.note is not None
    assert "not heard" in found.note
    assert "not heard" in str(found)


def test_no_monthly_number_is_claimed_that_the_hub_does_not_say(session: Session) -> None:
    shown = limits(session=session)
    assert "30,000" not in str(shown) + str(shown.to_dict())
    assert "a month" not in str(shown)


def test_the_command_gives_complete_json_and_fits_the_screen(session: Session) -> None:
    found = answer(tree, ["limits"], "terminal").value
    told = found.to_dict()
    assert {"hub", "windows", "minute_limit", "month_used", "month_limit", "note"} <= told.keys()
    assert all(len(line) <= 100 for line in str(found).splitlines())
    assert re.search(r"API calls \(api\)", str(found))
    assert "<table" in found._repr_mimebundle_()["text/html"]


def test_the_copies_are_counted_and_can_be_removed(hub: Any, session: Session) -> None:
    assert responses(session=session).entries == 0
    search("sentiment", session=session)
    kept = answer(tree, ["cache", "responses"], "terminal").value
    assert kept.entries == 1
    assert kept.bytes > 500
    assert "1 answer of the Hub" in str(kept)
    gone = answer(tree, ["cache", "responses", "--clear"], "terminal").value
    assert "1 answer removed" in str(gone)
    hub.clear_requests()
    search("sentiment", session=session)
    assert len(hub.requests()) == 1
