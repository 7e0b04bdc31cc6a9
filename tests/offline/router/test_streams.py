"""Streams under way: callers that go away or do not read, an engine that crashes, faults in the midst of it."""

from __future__ import annotations

import json
import os
import queue
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub.utils import httpx

from hf_nb.offline.running import start
from hf_nb.offline.server import app, process
from hf_nb.offline.store import Store
from tests.offline.router.conftest import CHAT, PARROT
from tests.offline.small import LEARNER

ROUTE = "v1/chat/completions"


def said(text: str, *, stream: bool = True) -> dict[str, Any]:
    return {"model": CHAT, "messages": [{"role": "user", "content": text}], "stream": stream}


def soon(true: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)
    return found


def lines(client: Any, body: dict[str, Any], path: str = ROUTE) -> tuple[list[str], BaseException | None]:
    """What came of a stream, and how it ended where it did not end well."""
    got: list[str] = []
    try:
        with client.stream("POST", path, json=body) as answer:
            assert answer.status_code == 200
            got.extend(line for line in answer.iter_lines() if line)
    except httpx.TransportError as wrong:
        return got, wrong
    return got, None


@pytest.mark.parametrize("stream", [True, False])
def test_a_caller_who_goes_away_stops_the_work(parrots, client, notes, stream):
    before = len(notes())
    body = json.dumps(said("one two endless slowly", stream=stream)).encode()
    with socket.create_connection((httpx.URL(parrots.url).host, httpx.URL(parrots.url).port)) as caller:
        caller.sendall(
            f"POST /router/{ROUTE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {LEARNER}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        if stream:
            caller.recv(100)
        else:
            time.sleep(0.3)
        gone = time.monotonic()
    stopped = soon(lambda: [line for line in notes()[before:] if line.startswith("stopped")])
    assert len(stopped) == 1
    assert time.monotonic() - gone < 1


def test_who_does_not_read_holds_the_engine_back_and_nobody_else(parrots, client, notes):
    before = len(notes())
    word = "x" * 20_000
    address = httpx.URL(parrots.url)
    body = json.dumps(said(f"{word} endless")).encode()
    with socket.create_connection((address.host, address.port)) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        caller.sendall(
            f"POST /router/{ROUTE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {LEARNER}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        time.sleep(1.5)
        for _ in range(12):  # more than the Hub has threads
            assert client.post(ROUTE, json=said("hello", stream=False)).status_code == 200
    stopped = soon(lambda: [line for line in notes()[before:] if line.startswith("stopped")])
    # some lie in the buffers of the two sockets; an engine nobody holds back says thousands
    assert int(stopped[0].split()[-1]) < 600


def test_many_streams_at_once_each_get_their_own_words(client):
    got: dict[int, str] = {}

    def one(number: int) -> None:
        found, _ = lines(client, said(f"word-{number} slowly and so on"))
        chunks = [json.loads(line.removeprefix("data: ")) for line in found[:-1]]
        got[number] = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {number: f"word-{number} slowly and so on " for number in range(20)}


def test_an_error_in_the_midst_is_said_and_there_is_no_end_mark(client):
    found, wrong = lines(client, said("one two midway three"))
    assert wrong is None
    assert json.loads(found[-1].removeprefix("data: "))["error"]["message"] == "No room."
    assert "data: [DONE]" not in found


def test_an_engine_that_crashes_is_said_and_started_anew(client, notes):
    answer = client.post(ROUTE, json=said("crash"))
    assert answer.status_code == 503
    assert "engine ended" in answer.json()["error"]["message"]
    assert client.post(ROUTE, json=said("hello", stream=False)).status_code == 200
    assert len({line.split()[1] for line in notes() if line.startswith("began")}) >= 2


def test_the_engine_begins_with_the_first_question_and_ends_with_the_hub(router_root, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    root = tmp_path / "store"
    Store.overlay(router_root, root).close()
    with start(root, answer=PARROT) as hub:
        httpx.get(f"{hub.url}/router/v1/models", trust_env=False)
        assert not list(tmp_path.glob("hf-nb-engine-*"))
        httpx.post(
            f"{hub.url}/router/{ROUTE}",
            json=said("hello"),
            headers={"authorization": f"Bearer {LEARNER}"},
            trust_env=False,
        )
        (folder,) = tmp_path.glob("hf-nb-engine-*")
        pid = int((folder / "parrot.txt").read_text().split()[1])
        os.kill(pid, 0)
    soon(lambda: not _lives(pid))
    assert not folder.exists()


def test_the_engine_ends_when_the_hub_is_killed(router_root, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    root = tmp_path / "store"
    Store.overlay(router_root, root).close()
    with start(root, answer=PARROT) as hub:
        httpx.post(
            f"{hub.url}/router/{ROUTE}",
            json=said("hello"),
            headers={"authorization": f"Bearer {LEARNER}"},
            trust_env=False,
        )
        (folder,) = tmp_path.glob("hf-nb-engine-*")
        pid = int((folder / "parrot.txt").read_text().split()[1])
        hub.process.kill()
        soon(lambda: not _lives(pid))


def _lives(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


# -- faults


def test_a_stream_can_be_cut_after_some_events(parrots, client):
    with parrots.fault("cut", match=f"POST /router/{ROUTE}", at=3) as fault:
        found, wrong = lines(client, said("a b c d e f"))
        assert fault.used == 1
    assert isinstance(wrong, httpx.RemoteProtocolError)
    assert len(found) == 3


def test_a_cut_comes_before_the_end_even_of_a_short_stream(parrots, client):
    with parrots.fault("cut", match=f"POST /router/{ROUTE}", at=99):
        found, wrong = lines(client, said("a b"))
    assert isinstance(wrong, httpx.RemoteProtocolError)
    assert len(found) == 3
    assert 'finish_reason":"' not in "".join(found)


@pytest.mark.parametrize("path", [ROUTE, f"hf-inference/models/{CHAT}"])
def test_a_stream_can_lack_its_end_marks(parrots, client, path):
    body = said("a b c") | {"inputs": "a b c"}
    whole, _ = lines(client, body, path)
    with parrots.fault("no-end"):
        found, wrong = lines(client, body, path)
    assert wrong is None
    assert len(found) == len(whole) - (2 if path == ROUTE else 1)
    assert all('"finish_reason":"' not in line and "[DONE]" not in line for line in found)


def test_an_event_can_be_no_json(parrots, client):
    with parrots.fault("corrupt", at=2):
        found, wrong = lines(client, said("a b c d"))
    assert wrong is None
    assert found[-1] == "data: [DONE]"
    bad = []
    for place, line in enumerate(found[:-1]):
        try:
            json.loads(line.removeprefix("data: "))
        except ValueError:
            bad.append(place)
    assert bad == [2]


def test_an_error_can_come_inside_a_stream(parrots, client):
    with parrots.fault("error-event", at=2):
        found, wrong = lines(client, said("a b c d"))
    assert wrong is None
    assert len(found) == 3
    assert json.loads(found[-1].removeprefix("data: "))["error"]["code"] == 503


def test_a_stream_can_stall(parrots, client):
    with parrots.fault("stall", at=2, seconds=0.6):
        began, times = time.perf_counter(), []
        with client.stream("POST", ROUTE, json=said("a b c d")) as answer:
            times = [time.perf_counter() - began for line in answer.iter_lines() if line]
    assert times[1] < 0.4
    assert times[2] > 0.55


def test_a_caller_who_leaves_a_stalled_stream_frees_the_engine(parrots, client, notes):
    before = len(notes())
    with parrots.fault("stall", at=2):
        with pytest.raises(httpx.ReadTimeout):
            client.post(ROUTE, json=said("a b c d endless"), timeout=0.5)
        soon(lambda: [line for line in notes()[before:] if line.startswith("stopped")])


def test_an_answer_can_be_lost_or_something_else(parrots, client):
    with parrots.fault("lost", match="POST /router/*"), pytest.raises(httpx.RemoteProtocolError):
        client.post(ROUTE, json=said("a b c d"))
    with parrots.fault("status", status=429, match=f"POST /router/{ROUTE}"):
        assert client.post(ROUTE, json=said("a")).status_code == 429


def test_who_never_reads_is_given_up(router_root, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "SLOWEST", 0.5)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    root = tmp_path / "store"
    Store.overlay(router_root, root).close()
    ready, until = queue.SimpleQueue[Any](), threading.Event()
    told = {"ready": ready.put, "until": until, "answer": PARROT}
    serving = threading.Thread(target=process.serve, args=(root,), kwargs=told, daemon=True)
    serving.start()
    address = httpx.URL(ready.get(timeout=20).url)
    body = json.dumps(said(f"{'x' * 20_000} endless")).encode()
    with socket.create_connection((address.host, address.port)) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        caller.sendall(
            f"POST /router/{ROUTE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {LEARNER}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        notes = soon(lambda: list(tmp_path.glob("hf-nb-engine-*/parrot.txt")))[0]
        soon(lambda: "stopped" in notes.read_text())
    until.set()
    serving.join(10)
    assert not serving.is_alive()
