"""The routes of a real Jupyter server, asked as a page asks and as a stranger would."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import socket
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hf_nb.panels.wire import LONGEST, PROTOCOL
from tests.ui.server import LabServer

pytestmark = pytest.mark.slow
TOKEN = "hf_teacher_offline"
BASE = "/user/ada/"
OPS = """
import hf_nb.panels.ops as ops
from hf_nb.lab import routes
from tests.panels import small
ops.OPS.update(small.OPS)
from hf_nb.lab import files
routes.BEAT, routes.QUESTIONS, files.MOST = 0.2, 3, 100_000
"""
FILE = "hf-nb/files/models/hfnb-demo/digits-vit/main"


class Server:
    """A Jupyter server below an address of its own, as a JupyterHub gives one."""

    def __init__(self, lab: LabServer) -> None:
        self.lab = lab

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        *,
        key: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        named = {"Authorization": f"token {self.lab.token}"} if key else {}
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.lab.port, timeout=30)) as line:
            line.request(method, f"{BASE}{path}", body, {**named, **(headers or {})})
            answer = line.getresponse()
            return answer, answer.read()

    def panel(
        self, op: str, *, id: str = "p-1", buffers: list[bytes] | None = None, **args: Any
    ) -> list[Any]:
        """Every line that is said to one question; None for an empty one."""
        message = {"v": PROTOCOL, "id": id, "op": op, "generation": 0, "args": args}
        if buffers:
            message["buffers"] = [base64.b64encode(one).decode() for one in buffers]
        answer, body = self.ask("POST", "hf-nb/panel", json.dumps(message))
        assert answer.status == 200, body
        assert answer.headers["Content-Type"] == "application/x-ndjson"
        return [json.loads(line) if line else None for line in body.decode().splitlines()]

    def hanging(self, op: str) -> socket.socket:
        """A question whose answer is not waited for; its line."""
        message = json.dumps({"v": PROTOCOL, "id": "p-1", "op": op, "generation": 0, "args": {}})
        line = socket.create_connection(("127.0.0.1", self.lab.port), timeout=30)
        head = (
            f"POST {BASE}hf-nb/panel HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: token {self.lab.token}\r\n"
        )
        line.sendall(f"{head}Content-Length: {len(message)}\r\n\r\n{message}".encode())
        return line


@pytest.fixture(scope="module")
def server(served_hub, tmp_path_factory) -> Iterator[Server]:
    place = tmp_path_factory.mktemp("server")
    (place / "notebooks").mkdir()
    lab = LabServer(place / "notebooks", place / "private", {**served_hub.environment, "HF_TOKEN": TOKEN})
    config = place / "private" / "config" / "jupyter_server_config.py"
    config.parent.mkdir(parents=True)
    config.write_text(f"{OPS}\nc.ServerApp.base_url = {BASE!r}\n")
    with lab:
        yield Server(lab)


def until(true: Any) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "it never happens"
        time.sleep(0.02)


def test_a_question_is_answered_without_a_kernel_by_the_server_itself(server):
    (answer,) = server.panel("hello")
    assert (answer["ok"]["kernel"], answer["ok"]["hub"]) == (False, "offline Hub")


def test_events_come_as_lines_before_the_answer(server):
    lines = server.panel("count", to=3)
    assert [line["event"]["number"] for line in lines[:-1]] == [0, 1, 2]
    assert lines[-1]["ok"] == {"told": 3}


def test_many_events_wait_for_a_page_that_reads_slowly(server):
    assert len(server.panel("count", to=500)) == 501


def test_bytes_stand_as_base64_in_both_directions(server):
    (answer,) = server.panel("turned", buffers=[b"abc"])
    assert (answer["ok"], answer["buffers"]) == ({"buffers": 1}, ["Y2Jh"])


def test_what_only_a_kernel_can_do_is_refused_with_a_next_step(server):
    (answer,) = server.panel("inference.here", text="a")
    assert (answer["error"]["type"], answer["error"]["hint"]) == ("Refused", "Start one, then try again.")


def test_while_work_goes_on_a_line_says_so_now_and_then(server):
    lines = server.panel("pause", seconds=0.7)
    assert lines[0] is None
    assert lines[-1]["ok"] == {}


def test_who_hangs_up_cancels(server):
    line = server.hanging("wait")
    until(lambda: server.panel("running")[0]["ok"]["waiting"] == 1)
    line.close()
    until(lambda: server.panel("running")[0]["ok"]["waiting"] == 0)


def test_too_many_questions_at_once_are_refused_until_some_have_ended(server):
    lines = [server.hanging("wait") for _ in range(3)]
    until(lambda: server.panel("running")[0].get("error", {}).get("type") == "Busy")
    for line in lines:
        line.close()
    until(lambda: "ok" in server.panel("running")[0])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"v": "hfnb/1"}',
        '{"v": "hfnb/1", "id": "a", "op": "x", "buffers": ["*"]}',
        "\xff",
    ],
)
def test_what_is_no_request_is_refused(server, body):
    answer, said = server.ask("POST", "hf-nb/panel", body.encode("latin-1"))
    assert answer.status == 400
    assert json.loads(said)["error"]["type"] == "BadInput"


def test_a_question_that_is_too_long_is_refused(server):
    answer, said = server.ask("POST", "hf-nb/panel", b"x" * (2 * LONGEST + 1))
    assert (answer.status, json.loads(said)["error"]["type"]) == (413, "TooLarge")
    (line,) = server.panel("echo", text="x" * LONGEST)
    assert line["error"]["type"] == "TooLarge"


def test_a_cancel_needs_no_answer(server):
    message = {"v": PROTOCOL, "id": "p-2", "op": "cancel", "generation": 0, "args": {"id": "p-1"}}
    assert server.ask("POST", "hf-nb/panel", json.dumps(message))[0].status == 204


def test_a_stranger_gets_nothing(server):
    for method, path in (("POST", "hf-nb/panel"), ("GET", FILE + "/README.md")):
        answer, said = server.ask(method, path, "{}" if method == "POST" else None, key=False)
        assert answer.status == 403
        assert b"digits" not in said


def test_another_sites_page_gets_nothing_though_the_user_is_logged_in(server):
    """A cookie alone is no proof of where a page comes from: JupyterLab's own names itself or sends the XSRF token."""
    login, _ = server.ask("GET", f"lab?token={server.lab.token}", key=False)
    cookie = "; ".join(one.partition(";")[0] for one in login.headers.get_all("Set-Cookie") or ())
    xsrf = next(one.partition("=")[2] for one in cookie.split("; ") if one.startswith("_xsrf="))
    home = f"http://127.0.0.1:{server.lab.port}"
    body = json.dumps({"v": PROTOCOL, "id": "p-1", "op": "hello", "generation": 0, "args": {}})

    def post(**headers: str) -> int:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return server.ask("POST", "hf-nb/panel", body, key=False, headers={"Cookie": cookie, **given})[
            0
        ].status

    def get(**headers: str) -> int:
        return server.ask("GET", FILE + "/README.md", key=False, headers={"Cookie": cookie, **headers})[
            0
        ].status

    assert post(X_XSRFToken=xsrf) == 200
    assert post() == 403
    assert post(X_XSRFToken=xsrf, Origin="https://elsewhere.example") in (403, 404)
    assert get(Referer=f"{home}{BASE}lab") == 200
    assert get(Referer="https://elsewhere.example/page") == 403
    assert get() == 403


def test_a_file_of_the_hub_comes_with_the_servers_token(server):
    answer, body = server.ask("GET", "hf-nb/files/models/hfnb-lab/sentiment-de/main/config.json")
    assert answer.status == 200
    assert json.loads(body)["model_type"]
    assert TOKEN not in repr(answer.headers.items()) + repr(body)


def test_a_file_is_never_a_page_of_ours(server):
    answer, body = server.ask("GET", "hf-nb/files/spaces/hfnb-demo/welcome/main/index.html")
    assert answer.status == 200
    assert b"<" in body
    headers = answer.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''index.html"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_text_is_shown_as_text(server):
    for id in ("hfnb-demo/digits-vit", "hfnb-demo%2Fdigits-vit"):
        answer, body = server.ask("GET", f"hf-nb/files/models/{id}/main/README.md")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert answer.headers["Content-Disposition"] is None
        assert len(body) == int(answer.headers["Content-Length"])


def test_a_part_of_a_file_may_be_asked_for(server):
    _, whole = server.ask("GET", f"{FILE}/config.json")
    answer, part = server.ask("GET", f"{FILE}/config.json", headers={"Range": "bytes=2-9"})
    assert (answer.status, part) == (206, whole[2:10])
    assert answer.headers["Content-Range"] == f"bytes 2-9/{len(whole)}"
    answer, whole_again = server.ask("GET", f"{FILE}/config.json", headers={"Range": "lines=2-9"})
    assert (answer.status, whole_again) == (200, whole)


def test_a_part_of_a_large_file_may_be_asked_for_and_not_the_whole(server):
    answer, said = server.ask("GET", f"{FILE}/model.safetensors")
    assert answer.status == 413
    assert json.loads(said)["error"]["hint"] == "%hf pull hfnb-demo/digits-vit model.safetensors"
    answer, part = server.ask("GET", f"{FILE}/model.safetensors", headers={"Range": "bytes=0-7"})
    assert (answer.status, len(part)) == (206, 8)


def test_what_a_page_has_is_not_sent_again(server):
    answer, _ = server.ask("GET", f"{FILE}/config.json")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again, body = server.ask("GET", f"{FILE}/config.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, body) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status", "type_"),
    [
        (f"{FILE}/nothing.png", 404, "NotFound"),
        ("hf-nb/files/models/hfnb-demo/no-such/main/README.md", 404, "NotFound"),
        ("hf-nb/files/models/hfnb-demo/digits-vit/no-such/README.md", 404, "NotFound"),
        (f"{FILE}/../../../../api/whoami-v2", 400, "BadInput"),
        (f"{FILE}/%2e%2e/%2e%2e/README.md", 400, "BadInput"),
        (f"{FILE}/a//b", 400, "BadInput"),
        (f"{FILE}/a%5cb", 400, "BadInput"),
        (f"{FILE}/a%00b", 400, "BadInput"),
        ("hf-nb/files/buckets/hfnb-demo/digits-vit/main/README.md", 400, "BadInput"),
        ("hf-nb/files/models/hfnb-demo/..%2F..%2Fx/main/README.md", 400, "BadInput"),
        ("hf-nb/files/models/127.0.0.1:1%2Fx/main/README.md", 400, "BadInput"),
        ("hf-nb/files/models/a@b%2Fx/main/README.md", 400, "BadInput"),
        ("hf-nb/files/models/hfnb-demo/digits-vit/..%2f..%2fx/README.md", 400, "BadInput"),
        ("hf-nb/files/models/hfnb-demo/digits-vit/a%3fb/README.md", 400, "BadInput"),
    ],
)
def test_what_is_no_file_is_answered_in_our_words(server, path, status, type_):
    answer, said = server.ask("GET", path)
    assert (answer.status, json.loads(said)["error"]["type"]) == (status, type_)


def test_a_hub_that_breaks_off_ends_the_file_early_and_not_the_server(server, hub):
    with hub.fault("cut", match="*/config.json"):
        try:
            answer, _ = server.ask("GET", f"{FILE}/config.json")
            assert answer.status in (502, 503, 504)
        except (http.client.IncompleteRead, ConnectionError):
            pass
    assert server.ask("GET", f"{FILE}/config.json")[0].status == 200


def test_no_token_stands_in_the_servers_log(server):
    server.panel("fail", kind=TOKEN)
    assert TOKEN.removeprefix("hf_") not in "".join(server.lab.log)
