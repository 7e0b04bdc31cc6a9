"""Faults on what is sent to the Hub, through the official client and without: half an upload leaves nothing behind."""

from __future__ import annotations

import hashlib
import io
import time

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

from tests.offline.small import TEACHER, incoming

pytestmark = pytest.mark.slow

GONE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
COMMIT = "POST /api/{types}/{ns}/{name}/commit/{rev}"
LARGE = bytes(range(256)) * 4096  # a megabyte: many pieces
REPO = "demo/tiny"


@pytest.fixture
def writer(mine, monkeypatch):
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda _: None)
    return HfApi(endpoint=mine.url, token=TEACHER)


@pytest.fixture
def raw(mine):
    with httpx.Client(base_url=mine.url, timeout=10, trust_env=False) as client:
        yield client


def commits(writer: HfApi) -> int:
    return len(writer.list_repo_commits(REPO))


def upload(writer: HfApi, content: bytes, name: str = "notes.txt", title: str = "notes"):
    operation = CommitOperationAdd(name, io.BytesIO(content))
    return writer.create_commit(REPO, [operation], commit_message=title)


def large_link(raw, content: bytes) -> str:
    found = raw.post(
        f"/{REPO}.git/info/lfs/objects/batch",
        json={
            "operation": "upload",
            "transfers": ["basic"],
            "objects": [{"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}],
        },
        headers={"authorization": f"Bearer {TEACHER}"},
    ).json()
    return str(found["objects"][0]["actions"]["upload"]["href"])


def test_a_commit_that_is_cut_while_it_comes_in_was_never_made(mine, writer):
    before = commits(writer)
    with mine.fault("cut-upload", match=COMMIT, at=0.7), pytest.raises(GONE):
        upload(writer, b"a" * 3_000_000)
    assert commits(writer) == before
    assert incoming(mine) == []
    assert mine.requests()[-1]["path"].endswith("/commits/main")
    struck = [line for line in mine.requests() if "cut-upload" in line["faults"]]
    assert [(line["method"], line["status"]) for line in struck] == [("POST", 0)]
    upload(writer, b"a" * 3_000_000)
    assert commits(writer) == before + 1


# the client's own way of sending a file
@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
def test_a_large_file_that_is_cut_leaves_nothing_and_is_sent_again(mine, writer, raw):
    link = large_link(raw, LARGE)
    with mine.fault("cut-upload", origin="cdn", at=0.5), pytest.raises(GONE):
        raw.put(link, content=LARGE)
    assert incoming(mine) == []
    with mine.fault("cut-upload", origin="cdn", at=0.5, count=1) as fault:
        upload(writer, LARGE + b"!", "weights.bin", "weights")
        assert fault.used == 1
    assert [line["status"] for line in mine.requests() if line["method"] == "PUT"] == [0, 0, 200]
    with raw.stream("GET", f"/{REPO}/resolve/main/weights.bin", follow_redirects=True) as answer:
        assert answer.read() == LARGE + b"!"


def test_only_the_first_part_of_a_large_file_arrives_and_is_refused(mine, raw):
    content = LARGE + b"short"
    link = large_link(raw, content)
    with mine.fault("short-upload", origin="cdn", match="PUT *"):
        answer = raw.put(link, content=content)
    assert answer.status_code == 400
    assert "x-error-code" in answer.headers
    assert incoming(mine) == []
    assert raw.put(link, content=content).status_code == 200


def test_truncated_lines_of_a_commit_are_refused_whole(mine, writer):
    before = commits(writer)
    with mine.fault("short-upload", match=COMMIT, at=0.8), pytest.raises(HfHubHTTPError) as caught:
        upload(writer, b"b" * 5000)
    assert caught.value.response.status_code == 400
    assert commits(writer) == before


def test_a_lost_answer_hides_a_commit_that_was_made(mine, writer):
    before = commits(writer)
    with mine.fault("lost", match=COMMIT, count=1), pytest.raises(GONE):
        upload(writer, b"lost")
    assert commits(writer) == before + 1


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_lost_answer_can_be_another_one(mine, writer, status):
    before = commits(writer)
    with mine.fault("lost", match=COMMIT, status=status), pytest.raises(HfHubHTTPError) as caught:
        upload(writer, str(status).encode())
    assert caught.value.response.status_code == status
    assert commits(writer) == before + 1
    line = next(line for line in mine.requests() if line["faults"])
    assert (line["faults"], line["status"]) == (["lost"], status)


def test_who_asks_again_after_a_lost_answer_meets_their_own_repository(mine, writer):
    with mine.fault("lost", match="POST /api/repos/create"), pytest.raises(GONE):
        writer.create_repo("demo/twice")
    with pytest.raises(HfHubHTTPError) as caught:
        writer.create_repo("demo/twice")
    assert caught.value.response.status_code == 409
    assert writer.create_repo("demo/twice", exist_ok=True).repo_id == "demo/twice"


def test_a_stalled_read_holds_the_sender_up_and_ends_with_its_rule(mine, raw):
    link = large_link(raw, LARGE + b"stall")
    impatient = httpx.Timeout(0.3)
    with mine.fault("stall-upload", origin="cdn", at=1000), pytest.raises(httpx.TimeoutException):
        raw.put(link, content=LARGE + b"stall", timeout=impatient)
    deadline = time.monotonic() + 3
    while incoming(mine) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert incoming(mine) == []


def test_a_slow_read_takes_its_time_and_gets_everything(mine, raw):
    content = LARGE + b"slow"
    link = large_link(raw, content)
    with mine.fault("slow-upload", origin="cdn", seconds=0.3):
        began = time.perf_counter()
        assert raw.put(link, content=content).status_code == 200
        assert time.perf_counter() - began >= 0.29


def test_a_body_of_unannounced_length_is_cut_too(mine, raw):
    link = large_link(raw, LARGE + b"chunked")
    pieces = (LARGE[at : at + 65536] for at in range(0, len(LARGE), 65536))
    with mine.fault("cut-upload", origin="cdn", at=100_000), pytest.raises(GONE):
        raw.put(link, content=pieces)
    assert incoming(mine) == []


@pytest.mark.parametrize("how", [{"kind": "status", "status": 503}, {"kind": "lost", "status": 504}])
def test_a_status_reaches_a_sender_who_is_still_sending(mine, raw, how):
    content = LARGE * 12 + how["kind"].encode()
    link = large_link(raw, content)
    with mine.fault(**how, match="PUT *", count=1):
        assert raw.put(link, content=content).status_code == how["status"]
    assert raw.put(link, content=content).status_code == 200
