"""The one client: traced, gated, with a wait on everything; failures on demand look like real ones."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hf_nb.errors import Refused
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session

TOKEN = "hf_" + "A1b2C3d4E5" * 3


class Echo(BaseHTTPRequestHandler):
    """Answers 200, remembers the headers, redirects /away to another origin."""

    protocol_version = "HTTP/1.1"  # a connection is kept, unless somebody asks otherwise

    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        type(self).seen.append({key.lower(): value for key, value in self.headers.items()})
        if self.path == "/hang":
            threading.Event().wait(3)
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "https://elsewhere.example/file")
        else:
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[tuple[str, type[Echo]]]:
    handler = type("Fresh", (Echo,), {"seen": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", handler
        listening.shutdown()
        thread.join()


@pytest.fixture
def session(server: tuple[str, type[Echo]], monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("HF_ENDPOINT", server[0])
    return Session()


@pytest.fixture
def client(session: Session) -> Iterator[Any]:
    with http.client(session) as made:
        yield made


def test_every_request_leaves_a_span_and_carries_its_ids(
    client: Any, session: Session, server: tuple[str, type[Echo]]
) -> None:
    with session.span("outer") as outer:
        client.get(f"{server[0]}/api/models?search=secret-word")
    inner = session.spans.recent()[0]
    assert (inner.name, inner.parent_id) == ("HTTP GET", outer.span_id)
    assert inner.attributes["http.response.status_code"] == 200
    assert "secret-word" not in str(inner.to_dict())
    sent = server[1].seen[0]
    assert sent["traceparent"] == inner.traceparent
    assert sent["x-hf-nb-trace-id"] == outer.trace_id


def test_the_official_calls_go_through_it(session: Session, server: tuple[str, type[Echo]]) -> None:
    from huggingface_hub import get_session

    http.install(session)
    get_session().get(f"{server[0]}/api/x")
    assert "x-hf-nb-trace-id" in server[1].seen[0]
    assert "x-amzn-trace-id" in server[1].seen[0], "the library's own request hook is kept"


def test_a_hub_token_is_sent_to_the_hub(client: Any, server: tuple[str, type[Echo]]) -> None:
    client.get(f"{server[0]}/api/whoami-v2", headers={"authorization": f"Bearer {TOKEN}"})
    assert server[1].seen[0]["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example.com/v1/chat",
        "http://127.0.0.1:1/v1",
        "https://huggingface.co.evil.example/api",
        "https://evilhuggingface.co/api",
        "http://huggingface.co/api",
    ],
)
def test_a_hub_token_never_goes_anywhere_else(client: Any, address: str) -> None:
    for how in (
        {"headers": {"authorization": f"Bearer {TOKEN}"}},
        {"params": {"key": TOKEN}},
        {"headers": {"x-api-key": TOKEN}},
    ):
        with pytest.raises(Refused) as refused:
            client.get(address, **how)
        assert TOKEN not in str(refused.value)


@pytest.mark.parametrize(
    "host", ["huggingface.co", "router.huggingface.co", "cdn-lfs.hf.co", "user-app.hf.space"]
)
def test_hosts_of_hugging_face_may_have_it(session: Session, host: str) -> None:
    httpx = http.library()
    reached: list[str] = []

    class Inner:
        def handle_request(self, request: Any) -> Any:
            reached.append(request.url.host)
            return httpx.Response(200, request=request)

        def close(self) -> None:
            """Nothing is held."""

    request = httpx.Request("GET", f"https://{host}/api", headers={"authorization": f"Bearer {TOKEN}"})
    http.wrapped(Inner(), session, httpx).handle_request(request)
    assert reached == [host]


def test_local_only_refuses_before_anything_is_sent_and_redirects_too(
    client: Any, session: Session, server: tuple[str, type[Echo]]
) -> None:
    session.settings.local_only = True
    assert client.get(f"{server[0]}/x").status_code == 200
    with pytest.raises(Refused, match="local_only"):
        client.get("https://huggingface.co/api/models")
    with pytest.raises(Refused, match="elsewhere"):
        client.get(f"{server[0]}/away")


@pytest.mark.parametrize(
    "asked", [{}, {"timeout": None}], ids=["the default", "timeout=None, as the official client passes"]
)
def test_nothing_waits_for_ever(
    client: Any, session: Session, server: tuple[str, type[Echo]], asked: dict[str, Any]
) -> None:
    session.settings.read_timeout = session.settings.deadline = 0.2
    with pytest.raises(http.library().ReadTimeout):
        client.get(f"{server[0]}/hang", **asked)


def test_faults_on_demand_strike_by_address_and_count(
    client: Any, session: Session, server: tuple[str, type[Echo]], monkeypatch: pytest.MonkeyPatch
) -> None:
    httpx = http.library()
    monkeypatch.setattr("hf_nb.plumbing.transports.retry.TRIES", 1)
    monkeypatch.setattr("hf_nb.plumbing.transports.retry.CONNECTIONS", 1)
    with http.fault("connect", session, match="*/api/*", count=1), pytest.raises(httpx.ConnectError):
        client.get(f"{server[0]}/api/models")
    with http.fault("status", session, status=429, headers={"retry-after": "2"}):
        assert client.get(f"{server[0]}/x").headers["retry-after"] == "2"
    with http.fault("timeout", session), pytest.raises(httpx.ReadTimeout):
        client.get(f"{server[0]}/x")
    with http.fault("cut", session, match="*/other"):
        assert client.get(f"{server[0]}/x").status_code == 200
    assert session.faults == []


def test_the_environments_proxies_are_kept_and_gated_too(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    session.settings.local_only = True
    with http.client(session) as made:
        assert [inner for inner in made._mounts.values() if inner is not None], "the proxy is used"
        with pytest.raises(Refused):
            made.get("https://huggingface.co/api/models")


def test_a_try_that_begins_after_the_client_was_closed_leaves_no_socket_open(session, server):
    made = http.client(session)
    pool = made._transport
    while hasattr(pool, "inner"):
        pool = pool.inner
    made.get(f"{server[0]}/")
    assert len(pool._pool.connections) == 1, "a connection is kept for the next question"
    answers: list[int] = []
    with http.fault("latency", session, seconds=0.3):
        late = threading.Thread(target=lambda: answers.append(made.get(f"{server[0]}/late").status_code))
        late.start()
        while not session.faults:
            threading.Event().wait(0.01)
        threading.Event().wait(0.1)
        made.close()
        late.join()
    assert answers == [200]
    assert pool._pool.connections == []
