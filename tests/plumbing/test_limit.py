"""Asked no more often than the Hub and the user allow; what was asked is counted for good."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.errors import RateLimited, Refused
from hf_nb.hub.translate import translated
from hf_nb.offline import running
from hf_nb.plumbing import http, progress, ratelimits
from hf_nb.plumbing.ratelimits import Limits, Month
from hf_nb.plumbing.session import Session

REPO = "hfnb-demo/sentiment-en"
CLOCKED = (
    "hf_nb.plumbing.reading",
    "hf_nb.plumbing.ratelimits",
    "hf_nb.plumbing.transports.retry",
    "hf_nb.plumbing.transports.limit",
    "hf_nb.plumbing.transports.timeouts",
    "huggingface_hub.utils._http",
)


class Heard(progress.Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def session(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("HF_NB_DATA_DIR", str(tmp_path / "data"))
    made = http.install(Session())
    made.settings.response_cache_minutes = 0
    return made


@pytest.fixture
def clock(clock: Any) -> Any:
    clock.rule(*CLOCKED)
    return clock


@pytest.fixture
def tight(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A Hub that allows three requests in half a minute."""
    users = ["ada:hf_ada_offline"]
    with running.start(
        tmp_path / "store", users=users, home=tmp_path / "home", limits="api=3,window=30"
    ) as own:
        monkeypatch.setenv("HF_NB_DATA_DIR", str(tmp_path / "data"))
        yield own


def api(session: Session, token: str | None = None) -> Any:
    from huggingface_hub import HfApi

    return HfApi(endpoint=session.settings.endpoint, token=token or False)


def listed(session: Session) -> list[Any]:
    with http.verb(session), translated("models", session.settings):
        return list(api(session).list_models(limit=1))


def at(hub: Any) -> Session:
    session = Session()
    session.settings.endpoint = hub.url
    session.settings.response_cache_minutes = 0
    return http.install(session)


def test_the_hubs_window_is_obeyed_before_it_is_spent_twice(tight: Any, clock: Any) -> None:
    session, heard = at(tight), Heard()
    for _ in range(3):
        listed(session)
    asked = len(tight.requests())
    tight.pass_(30)  # its clock goes with ours: nothing sleeps here
    with progress.to(heard):
        listed(session)
    assert [one["status"] for one in tight.requests()[asked:]] == [200], "not one request was refused"
    assert len(clock.slept) == 1
    assert 25 <= clock.slept[0] <= 30
    assert heard.lines == [f"The Hub asks us to wait {clock.slept[0]:.0f} s."]


def test_a_wait_beyond_the_deadline_is_refused_here_and_nothing_is_sent(tight: Any, clock: Any) -> None:
    session = at(tight)
    session.settings.deadline = 10
    for _ in range(3):
        listed(session)
    asked = len(tight.requests())
    with pytest.raises(RateLimited) as caught:
        listed(session)
    assert caught.value.after
    assert 25 <= caught.value.after <= 30
    assert "%hf limits" in caught.value.next_step
    from huggingface_hub.errors import HfHubHTTPError

    with pytest.raises(HfHubHTTPError, match="429"):
        api(session).model_info("ada/none")
    assert len(tight.requests()) == asked
    assert clock.slept == []


def test_another_person_has_a_window_of_their_own(tight: Any, clock: Any) -> None:
    session = at(tight)
    for _ in range(3):
        listed(session)
    api(session, "hf_ada_offline").whoami()
    assert clock.slept == []
    assert {one.token for one in session.limits.windows.known(tight.url.removeprefix("http://"))} == {
        True,
        False,
    }


def test_a_window_that_has_passed_holds_nobody_up(session: Session, clock: Any) -> None:
    host = session.settings.endpoint.removeprefix("http://")
    session.limits.windows.learn(host, None, {"ratelimit": '"api";r=0;t=9'})
    clock.pass_(9)
    listed(session)
    assert clock.slept == []


def test_headers_that_are_nonsense_change_nothing(session: Session, clock: Any) -> None:
    host = session.settings.endpoint.removeprefix("http://")
    for said in ('"api";r=-1;t=9', "api", '"api"', '"api";r=x;t=y', "\x00", '"' * 5000):
        session.limits.windows.learn(host, None, {"ratelimit": said, "ratelimit-policy": said})
    assert session.limits.windows.known(host) == ()


def test_ones_own_limit_a_minute_spreads_requests_out(session: Session, clock: Any) -> None:
    session.settings.requests_per_minute = 6
    session.settings.deadline = 100
    for _ in range(6):
        listed(session)
    assert clock.slept == [], "a minute's requests may come at once"
    for _ in range(3):
        listed(session)
    assert clock.slept == pytest.approx([10, 10, 10])
    session.settings.deadline = 5
    with pytest.raises(RateLimited, match="6 requests a minute"):
        listed(session)
    clock.pass_(60)
    for _ in range(6):
        listed(session)
    assert len(clock.slept) == 3


def test_every_try_counts(hub: Any, session: Session, clock: Any) -> None:
    month = Month(session.settings.endpoint)
    before = month.used()
    with hub.fault("status", status=503, match="/api/models*", count=2):
        listed(session)
    assert month.used() - before == len(hub.requests()) == 3


def test_a_months_budget_refuses_when_it_is_spent(hub: Any, session: Session) -> None:
    session.settings.monthly_requests = 3
    for _ in range(3):
        listed(session)
    with pytest.raises(Refused, match="3 requests a month") as caught:
        listed(session)
    assert "hf_nb.settings().monthly_requests = 6" in caught.value.next_step
    assert len(caught.value._render_traceback_()) <= 3
    assert len(hub.requests()) == 3
    again = http.install(Session())  # as after a restart
    again.settings.monthly_requests = 3
    with pytest.raises(Refused):
        listed(again)
    again.settings.monthly_requests = 4
    listed(again)


def test_official_calls_are_held_to_the_budget_too(session: Session) -> None:
    session.settings.monthly_requests = 1
    api(session).model_info(REPO)
    with pytest.raises(Refused):
        api(session).model_info(REPO)


SPEND = """
from hf_nb.plumbing.ratelimits import Month
month = Month("https://hub.example")
print(sum(month.take(100) for _ in range(80)))
"""


def test_two_processes_spend_one_budget_and_not_a_request_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_DATA_DIR", str(tmp_path))
    both = [
        subprocess.Popen([sys.executable, "-c", SPEND], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    assert sum(int(one.communicate(timeout=30)[0]) for one in both) == 100
    assert Month("https://hub.example").used() >= 100
    assert Month("https://other.example").used() == 0, "each Hub has a count of its own"
    assert not Month("https://hub.example").take(100)
    (counted,) = (path for path in tmp_path.rglob("*.requests"))
    assert counted.stat().st_mode & 0o077 == 0


def test_a_month_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_NB_DATA_DIR", str(tmp_path))
    month = Month("https://hub.example")
    assert month.take(1)
    assert not month.take(1)
    month.file.rename(month.file.with_name("last month"))
    assert month.take(1)


def test_a_disk_that_takes_no_count_stops_nothing_but_a_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    monkeypatch.setenv("HF_NB_DATA_DIR", str(tmp_path / "data"))
    month = Month("https://hub.example")
    assert month.take()
    assert not month.take(10), "a budget that cannot be kept lets nothing through"
    assert month.used() == 0


@pytest.mark.parametrize(
    ("path", "bucket"),
    [
        ("/api/models", "api"),
        ("/api/models/a/resolve", "api"),
        ("/a/b/resolve/main/README.md", "resolvers"),
        ("/datasets/a/b/raw/main/x", "resolvers"),
        ("/api/resolve-cache/models/a/b/c/d", "resolvers"),
        ("/a/b", "pages"),
        ("/", "pages"),
        ("", "pages"),
    ],
)
def test_a_path_falls_under_one_counter(path: str, bucket: str) -> None:
    assert ratelimits.bucket_of(path) == bucket


def test_the_limiters_state_is_small_and_one_per_session(session: Session) -> None:
    assert isinstance(session.limits, Limits)
    listed(session)
    (window,) = session.limits.windows.known(session.settings.endpoint.removeprefix("http://"))
    assert json.dumps(window.__dict__)
    assert (window.bucket, window.token) == ("api", False)
