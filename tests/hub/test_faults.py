"""Whatever the Hub does wrong, a verb ends inside its deadline in a typed error of three lines with a next step."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.finding.search import search
from hf_nb.hub.reading.info import info
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

VERBS: dict[str, Callable[[Session], Any]] = {
    "search": lambda session: search("sentiment", session=session),
    "info": lambda session: info("hfnb-demo/sentiment-en", session=session),
}
FAULTS: dict[str, tuple[dict[str, Any], type[errors.HfNbError]]] = {
    "401": ({"kind": "status", "status": 401}, errors.Unauthorized),
    "403": ({"kind": "status", "status": 403}, errors.Unauthorized),
    "404": ({"kind": "status", "status": 404}, errors.NotFound),
    "429": ({"kind": "status", "status": 429}, errors.RateLimited),
    "500": ({"kind": "status", "status": 500}, errors.Busy),
    "502": ({"kind": "status", "status": 502}, errors.Busy),
    "503": ({"kind": "status", "status": 503}, errors.Busy),
    "504": ({"kind": "status", "status": 504}, errors.Busy),
    "cut": ({"kind": "cut"}, errors.Unreachable),
    "stall": ({"kind": "stall", "seconds": 20}, errors.Timeout),
    "corrupt": ({"kind": "corrupt"}, errors.Busy),
    "wrong length": ({"kind": "wrong-length"}, errors.Busy),
}
HEALS = ("429", "500", "502", "503", "504", "cut", "stall")


@pytest.fixture
def session(hub: Any, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Its waits are short, and between tries nothing sleeps."""
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    clock.rule(
        "hf_nb.plumbing.reading",
        "hf_nb.plumbing.ratelimits",
        "hf_nb.plumbing.transports.retry",
        "hf_nb.plumbing.transports.limit",
        "hf_nb.plumbing.transports.timeouts",
        "huggingface_hub.utils._http",
    )
    made = Session()
    made.settings.read_timeout = 0.3
    made.settings.deadline = 15
    return made


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("verb", VERBS)
def test_a_fault_of_the_hub_is_typed_short_and_in_time(
    verb: str, fault: str, session: Session, hub: Any, clock: Any
) -> None:
    how, kind = FAULTS[fault]
    began, then = time.monotonic(), clock.now
    with hub.fault(**how, match="/api/*"), pytest.raises(kind) as caught:
        VERBS[verb](session)
    assert time.monotonic() - began < 8
    assert clock.now - then <= 15
    lines = caught.value._render_traceback_()
    assert len(lines) <= 3
    assert caught.value.next_step or isinstance(caught.value, errors.NotFound)
    assert "not running" not in str(caught.value), "the Hub is there; it only misbehaves"


@pytest.mark.parametrize("fault", HEALS)
@pytest.mark.parametrize("verb", VERBS)
def test_what_heals_is_not_noticed(verb: str, fault: str, session: Session, hub: Any) -> None:
    how, _ = FAULTS[fault]
    given = {"seconds": 2} if fault == "429" else {}
    with hub.fault(**{**how, **given}, match="/api/*", count=2) as struck:
        assert VERBS[verb](session)
        assert struck.used == 2


@pytest.mark.parametrize("verb", VERBS)
def test_when_the_hub_goes_away_what_was_seen_is_shown_again_with_a_note(
    verb: str, session: Session, hub: Any
) -> None:
    from hf_nb.plumbing import http

    first = VERBS[verb](session)
    session.settings.response_cache_minutes = 1e-6
    with hub.fault("status", status=503, match="/api/*"), http.fault("connect", session):
        again = VERBS[verb](session)
    assert again.note is not None
    assert "does not answer" in again.note
    assert "from the copy of" in str(again) or verb == "search"
    assert first.note != again.note
    assert {**first.to_dict(), "note": None, "looked": 0} == {**again.to_dict(), "note": None, "looked": 0}


@pytest.mark.parametrize("verb", VERBS)
def test_asked_again_neither_asks_the_hub(verb: str, session: Session, hub: Any) -> None:
    first = VERBS[verb](session)
    hub.clear_requests()
    again = VERBS[verb](session)
    assert hub.requests() == []
    assert first.to_dict() == again.to_dict()


@pytest.mark.parametrize("verb", VERBS)
def test_the_next_call_works_again(verb: str, session: Session, hub: Any) -> None:
    with hub.fault("cut", match="/api/*"), pytest.raises(errors.Unreachable):
        VERBS[verb](session)
    session.settings.read_timeout = 10
    assert VERBS[verb](session)


@pytest.mark.parametrize("verb", VERBS)
def test_a_slow_hub_is_waited_for(verb: str, session: Session, hub: Any) -> None:
    session.settings.read_timeout = 10
    with hub.fault("latency", seconds=0.5, match="/api/*", count=1):
        assert VERBS[verb](session)
