"""Once more where that helps, at one deadline, and never two backoffs on top of each other."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from hf_nb.errors import RateLimited
from hf_nb.hub.translate import translated
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session
from hf_nb.plumbing.transports import retry

REPO = "hfnb-demo/sentiment-en"
CLOCKED = (
    "hf_nb.plumbing.reading",
    "hf_nb.plumbing.ratelimits",
    "hf_nb.plumbing.transports.retry",
    "hf_nb.plumbing.transports.limit",
    "hf_nb.plumbing.transports.timeouts",
    "huggingface_hub.utils._http",
)
HEALING: dict[str, dict[str, Any]] = {
    "429 with a wait": {"kind": "status", "status": 429, "seconds": 7},
    "500": {"kind": "status", "status": 500},
    "502": {"kind": "status", "status": 502},
    "503": {"kind": "status", "status": 503},
    "504": {"kind": "status", "status": 504},
    "hang": {"kind": "latency", "seconds": 0.6},
    "cut": {"kind": "cut"},
    "refused": {"kind": "refuse"},
    "stall": {"kind": "stall"},
}


@pytest.fixture
def session(hub: Any) -> Session:
    made = http.install(Session())
    made.settings.read_timeout = 0.2
    made.settings.deadline = 20
    made.settings.response_cache_minutes = 0
    return made


@pytest.fixture
def clock(clock: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    clock.rule(*CLOCKED)
    monkeypatch.setattr(retry, "FIRST", 0.5)  # as it is outside tests
    return clock


@pytest.fixture
def api(session: Session) -> Any:
    from huggingface_hub import HfApi

    return HfApi(endpoint=session.settings.endpoint)


def info_in_a_verb(api: Any, session: Session) -> Any:
    with http.verb(session), translated(REPO, session.settings):
        return api.model_info(REPO)


def list_in_a_verb(api: Any, session: Session) -> Any:
    with http.verb(session), translated("models", session.settings):
        return list(api.list_models(limit=5))


def official_info(api: Any, session: Session) -> Any:
    return api.model_info(REPO)


def official_list(api: Any, session: Session) -> Any:
    return list(api.list_models(limit=5))


CALLS: dict[str, Callable[[Any, Session], Any]] = {
    "info in a verb": info_in_a_verb,
    "list in a verb": list_in_a_verb,
    "official info": official_info,
    "official list": official_list,
}


@pytest.mark.parametrize("fault", HEALING)
@pytest.mark.parametrize("call", CALLS)
def test_what_heals_is_not_noticed_and_asked_once_more_than_it_failed(
    call: str, fault: str, hub: Any, session: Session, api: Any, clock: Any
) -> None:
    api.model_info(REPO)  # no once-a-day question of the client's among those that are counted
    hub.clear_requests()
    with hub.fault(**HEALING[fault], match="GET /api/models*", count=2):
        assert CALLS[call](api, session)
    assert len(hub.requests()) == 3


@pytest.mark.parametrize("call", ["info in a verb", "list in a verb"])
@pytest.mark.parametrize("fault", ["500", "503", "cut", "refused"])
@pytest.mark.parametrize("deadline", [5, 20])
def test_what_does_not_heal_ends_inside_the_deadline_with_one_backoff(
    call: str, fault: str, deadline: float, hub: Any, session: Session, api: Any, clock: Any
) -> None:
    from hf_nb.errors import Passing

    session.settings.deadline = deadline
    began = clock.now
    hub.clear_requests()
    with hub.fault(**HEALING[fault], match="/api/*"), pytest.raises(Passing) as caught:
        CALLS[call](api, session)
    assert clock.now - began <= deadline
    assert len(caught.value._render_traceback_()) <= 3
    # waits of up to 0.5, 1, 2, 4 and 8 seconds, and at least half of each
    assert len(hub.requests()) in ((retry.TRIES,) if deadline == 20 else (4, 5))
    assert all(earlier < 2.1 * later for earlier, later in zip(clock.slept, clock.slept[1:], strict=False))


def test_an_official_call_that_has_a_backoff_keeps_its_own_and_gets_no_second(
    hub: Any, session: Session, api: Any, clock: Any
) -> None:
    from huggingface_hub.errors import HfHubHTTPError

    hub.clear_requests()
    with hub.fault("status", status=503, match="/api/*"), pytest.raises(HfHubHTTPError):
        api.list_models(limit=5).__next__()
    assert len(hub.requests()) == 6
    assert clock.slept == [1, 2, 4, 8, 8], "the official client's waits, none of ours"


def test_an_official_call_without_one_gets_ours_and_ends_in_its_own_error(
    hub: Any, session: Session, api: Any, clock: Any
) -> None:
    from huggingface_hub.errors import HfHubHTTPError

    with hub.fault("status", status=503, match="/api/*"), pytest.raises(HfHubHTTPError) as caught:
        api.model_info(REPO)
    assert caught.value.response.status_code == 503
    assert len(clock.slept) >= 4
    here = session.spans.recent()[-1]
    assert here.attributes["http.request.resend_count"] == len(clock.slept)


def test_a_file_that_is_cached_is_found_at_once_when_the_hub_is_gone(
    hub: Any, session: Session, clock: Any, tmp_path: Any
) -> None:
    from huggingface_hub import hf_hub_download

    first = hf_hub_download(REPO, "config.json", cache_dir=tmp_path, endpoint=session.settings.endpoint)
    with http.fault("connect", session):
        again = hf_hub_download(REPO, "config.json", cache_dir=tmp_path, endpoint=session.settings.endpoint)
    assert again == first
    assert clock.slept == [], "the official client turns to its cache after one try, and still may"


def test_no_connection_is_tried_three_times_and_not_for_a_minute(
    session: Session, api: Any, clock: Any
) -> None:
    from hf_nb.errors import Unreachable

    with http.fault("connect", session, count=100) as fault, pytest.raises(Unreachable):
        info_in_a_verb(api, session)
    assert fault.count == 100 - retry.CONNECTIONS
    assert sum(clock.slept) < 2


def test_a_wait_that_ends_after_the_deadline_is_not_begun(
    hub: Any, session: Session, api: Any, clock: Any
) -> None:
    with hub.fault("status", status=429, seconds=120, match="/api/*"), pytest.raises(RateLimited) as caught:
        info_in_a_verb(api, session)
    assert caught.value.after == 120
    assert clock.slept == []


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ({"retry-after": "7"}, 7),
        ({"ratelimit": '"api";r=0;t=9', "retry-after": "1"}, 9),
        ({"ratelimit": '"api";r=3;t=9'}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sat, 01 Jan 2000 00:00:00 GMT"}, 0),
        ({}, None),
    ],
)
def test_the_wait_is_read_from_whichever_header_names_it(said: dict[str, str], wait: float | None) -> None:
    assert retry.told_wait(http.library().Headers(said)) == wait


def test_the_stop_button_ends_a_wait_and_the_next_question_works(
    hub: Any, session: Session, api: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(seconds: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(clock, "sleep", pressed)
        with hub.fault("status", status=503, match="/api/*"), pytest.raises(KeyboardInterrupt):
            info_in_a_verb(api, session)
    assert info_in_a_verb(api, session).id == REPO
    assert list_in_a_verb(api, session)


WRITES: dict[str, tuple[dict[str, Any], bool]] = {
    "429": ({"kind": "status", "status": 429, "seconds": 2}, True),
    "503": ({"kind": "status", "status": 503}, False),
    "done, but the answer was lost": ({"kind": "lost"}, False),
    "cut": ({"kind": "cut-upload", "at": 1}, False),
}


@pytest.mark.parametrize("fault", WRITES)
def test_a_commit_is_repeated_only_where_nothing_was_done(
    fault: str, hub: Any, clock: Any, tmp_path: Any
) -> None:
    from huggingface_hub import CommitOperationAdd, HfApi

    from hf_nb.offline import running

    how, repeated = WRITES[fault]
    with running.start(tmp_path / "store", users=["ada:hf_ada_offline"], home=tmp_path / "home") as own:
        session = Session()
        session.settings.endpoint = own.url
        http.install(session)
        api = HfApi(endpoint=own.url, token="hf_ada_offline")
        api.create_repo("ada/notes")
        files = [CommitOperationAdd("a.txt", b"a")]
        with own.fault(**how, match="POST /api/models/ada/notes/commit/*", count=1):
            if repeated:
                api.create_commit("ada/notes", files, commit_message="one")
            else:
                with pytest.raises(Exception, match=r"503|disconnected|closed|Broken|reset"):
                    api.create_commit("ada/notes", files, commit_message="one")
        commits = [one for one in own.requests() if "/commit/main" in one["path"]]
        assert len(commits) == (2 if repeated else 1)
        titles = [one.title for one in api.list_repo_commits("ada/notes")]
        assert titles.count("one") <= 1


def test_a_question_asked_by_post_may_be_asked_again(
    hub: Any, session: Session, api: Any, clock: Any
) -> None:
    with hub.fault("status", status=503, match="POST */paths-info/*", count=2):
        assert api.get_paths_info(REPO, ["config.json"])


@pytest.fixture
def really(hub: Any) -> Session:
    made = http.install(Session())
    made.settings.deadline = 1.0
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", [{"kind": "latency", "seconds": 5}, {"kind": "stall"}, {"kind": "slow", "seconds": 6}]
)
def test_a_hub_that_hangs_or_drips_ends_at_the_deadline_on_a_real_clock(
    fault: dict[str, Any], hub: Any, really: Session
) -> None:
    from huggingface_hub import HfApi

    from hf_nb.errors import Timeout

    api = HfApi(endpoint=really.settings.endpoint)
    api.model_info(REPO)
    began = time.monotonic()
    with hub.fault(**fault, match="/api/models*"), pytest.raises(Timeout):
        info_in_a_verb(api, really)
    assert time.monotonic() - began < 8
    began = time.monotonic()
    with hub.fault(**fault, match="/api/models*"), pytest.raises(http.library().ReadTimeout):
        api.model_info(REPO)
    assert time.monotonic() - began < 8


@pytest.mark.slow
def test_a_file_may_take_longer_than_the_deadline(hub: Any, really: Session, tmp_path: Any) -> None:
    from huggingface_hub import hf_hub_download

    with hub.fault("slow", seconds=2, match="GET */resolve/*"):
        path = hf_hub_download(REPO, "tokenizer.json", cache_dir=tmp_path, endpoint=really.settings.endpoint)
    assert path
