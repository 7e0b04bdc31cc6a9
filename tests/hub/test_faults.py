"""Whatever the Hub does wrong, a verb ends inside its waits in a typed error of three lines with a next step."""

import time
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.info import info
from hf_nb.hub.search import search
from hf_nb.plumbing.session import Session

VERBS = {
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


@pytest.fixture
def session(hub: Any, monkeypatch: pytest.MonkeyPatch) -> Session:
    made = Session()
    made.settings.read_timeout = 0.3
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda _: None)
    return made


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("verb", VERBS)
def test_a_fault_of_the_hub_is_typed_short_and_in_time(
    verb: str, fault: str, session: Session, hub: Any
) -> None:
    how, kind = FAULTS[fault]
    began = time.monotonic()
    with hub.fault(**how, match="/api/*"), pytest.raises(kind) as caught:
        VERBS[verb](session)
    assert time.monotonic() - began < 5
    lines = caught.value._render_traceback_()
    assert len(lines) <= 3
    assert caught.value.next_step or isinstance(caught.value, errors.NotFound)
    assert "not running" not in str(caught.value), "the Hub is there; it only misbehaves"


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
