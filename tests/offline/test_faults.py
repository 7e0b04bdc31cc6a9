"""Failures on demand, seen through the official client."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from huggingface_hub import errors, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

from hf_nb.errors import Refused
from hf_nb.offline.server.outages import OUTAGES
from tests.offline.small import FILES, WEIGHTS

FILE = "/demo/tiny/resolve/main/tokenizer_config.json"
LARGE = "*/model.safetensors"


STATUSES = [(status, code) for status, codes in OUTAGES.items() for code in codes]


@pytest.mark.parametrize(("status", "code"), STATUSES)
def test_every_status_comes_as_the_hub_sends_it(box, raw, status, code):
    with box.fault("status", match="/api/models*", status=status, code=code or None, seconds=7):
        answer = raw.get("/api/models/demo/tiny")
        assert raw.get("/api/datasets").status_code == 200
    assert answer.status_code == status
    assert answer.headers["x-request-id"]
    assert answer.headers.get("x-error-code", "") == code
    if status not in (502, 504):
        assert answer.json()["error"] == answer.headers["x-error-message"]
    said = {
        416: ("content-range", "bytes */0"),
        429: ("ratelimit", '"api";r=0;t=7'),
        502: ("content-type", "text/html"),
        503: ("retry-after", "7"),
        504: ("content-type", "text/html"),
    }
    if status in said:
        assert answer.headers[said[status][0]] == said[status][1]
    assert raw.get("/api/models/demo/tiny").status_code == 200
    assert (box.requests()[0]["status"], box.requests()[0]["faults"]) == (status, ["status"])


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, None, errors.BadRequestError),
        (401, "GatedRepo", errors.GatedRepoError),
        (403, "GatedRepo", errors.GatedRepoError),
        (403, "DisabledRepo", errors.DisabledRepoError),
        (404, None, errors.RepositoryNotFoundError),
        (404, "RevisionNotFound", errors.RevisionNotFoundError),
        (404, "EntryNotFound", errors.RemoteEntryNotFoundError),
    ],
)
def test_the_client_knows_what_a_code_means(box, api, status, code, kind):
    with box.fault("status", match="*/demo/tiny", status=status, code=code), pytest.raises(kind):
        api.model_info("demo/tiny")


def test_the_client_asks_again_at_once_while_another_operation_is_in_progress(box, api):
    with box.fault("status", match="POST /api/repos/create", status=409, count=2) as fault:
        with pytest.raises(HfHubHTTPError) as caught:
            api.create_repo("demo/tiny")
        assert fault.used == 2
    assert caught.value.response.status_code == 401, "nobody in particular may create nothing"


def test_the_client_retries_a_list_and_not_an_info(box, api):
    with box.fault("status", match="/api/models*", status=503, count=1):
        assert len(list(api.list_models())) == 4
    with (
        box.fault("status", match="GET /api/models/demo*", status=503, count=1),
        pytest.raises(HfHubHTTPError),
    ):
        api.model_info("demo/tiny")


def test_latency_and_rates(box, raw):
    with box.fault("latency", seconds=0.3, count=1):
        began = time.perf_counter()
        assert raw.get("/api/models").status_code == 200
        assert time.perf_counter() - began >= 0.3
    with box.fault("status", status=500, rate=0.5):
        found = [raw.get("/api/models?limit=1").status_code for _ in range(60)]
    assert 10 < found.count(500) < 50


def test_a_latency_with_jitter_differs_and_stays_within_it(box, raw):
    waited: list[float] = []
    with box.fault("latency", seconds=0.05, jitter=0.2):
        for _ in range(6):
            began = time.perf_counter()
            raw.get("/api/models?limit=1")
            waited.append(time.perf_counter() - began)
    assert min(waited) >= 0.05
    assert max(waited) - min(waited) > 0.02


def test_a_refused_connection_says_nothing_and_is_seen_in_the_log(box, raw):
    with box.fault("refuse", count=1), pytest.raises(httpx.RemoteProtocolError):
        raw.get("/api/models")
    assert raw.get("/api/models").status_code == 200
    first, second = box.requests()
    assert (first["status"], first["faults"], second["status"], second["faults"]) == (0, ["refuse"], 200, [])


def test_the_client_meets_a_page_nothing_and_a_loop(box, api):
    with box.fault("portal", match="*/demo/tiny"), pytest.raises(ValueError, match="Expecting value"):
        api.model_info("demo/tiny")
    with box.fault("empty", match="*/demo/tiny"), pytest.raises(ValueError, match="Expecting value"):
        api.model_info("demo/tiny")
    with box.fault("loop", match="*/demo/tiny"), pytest.raises(httpx.TooManyRedirects):
        api.model_info("demo/tiny")


def test_a_user_a_repository_and_an_origin_are_told_apart(box, raw, bearer):
    def seen(path: str, who: str | None = None) -> int:
        return raw.get(path, headers=bearer[who] if who else {}).status_code

    with box.fault("status", status=503, user="learner"):
        assert seen("/api/models", "learner") == 503
        assert {seen("/api/models", "teacher"), seen("/api/models")} == {200}
    with box.fault("status", status=503, user=""):
        assert {seen("/api/models"), seen("/api/models", "garbage")} == {503}
        assert seen("/api/models", "teacher") == 200
    with box.fault("status", status=503, repo="demo/tiny"):
        assert seen("/api/models/demo/tiny/refs") == 503
        assert seen("/api/models/demo/base/refs") == 200
    link = raw.get("/demo/tiny/resolve/main/model.safetensors").headers["location"]
    with box.fault("status", status=503, origin="cdn", repo="demo/tiny"):
        assert seen("/api/models/demo/tiny") == 200
        assert raw.get(link).status_code == 503


def test_faults_are_listed_with_how_often_they_struck(box, raw):
    with box.fault("status", status=500, after=1, match="/api/*") as fault, box.fault("cut", match="/x"):
        for _ in range(3):
            raw.get("/api/models")
        assert fault.used == 2
        assert [(line["kind"], line["used"], line["seen"]) for line in box.faults()] == [
            ("status", 2, 3),
            ("cut", 0, 0),
        ]
    assert box.faults() == []


def test_a_slow_body_comes_in_pieces(box, raw):
    began, pieces = time.perf_counter(), []
    with box.fault("slow", match=FILE, seconds=0.2), raw.stream("GET", FILE) as answer:
        pieces += list(answer.iter_raw())
    assert time.perf_counter() - began >= 0.19
    assert len(pieces) > 3
    assert b"".join(pieces) == FILES["tokenizer_config.json"]


def test_a_stall_ends_with_its_rule(box, raw):
    fault = box.add_fault("stall", match=FILE)
    ending = threading.Timer(0.2, fault.end)
    ending.start()
    assert raw.get(FILE).content == FILES["tokenizer_config.json"]
    ending.join()


def test_a_cut_connection_breaks_the_body_where_it_was_told_to(box, raw):
    with box.fault("cut", match=FILE, at=5):
        got: list[bytes] = []
        with pytest.raises(httpx.RemoteProtocolError), raw.stream("GET", FILE) as answer:
            got.extend(answer.iter_raw())
    assert b"".join(got) == FILES["tokenizer_config.json"][:5]


def test_the_client_tries_again_after_a_cut(box, tmp_path):
    with box.fault("cut", match=LARGE, at=0.5, count=1):
        path = hf_hub_download(
            "demo/tiny", "model.safetensors", endpoint=box.url, cache_dir=tmp_path, token=False
        )
    assert Path(path).read_bytes() == WEIGHTS
    assert len([line for line in box.requests() if line["origin"] == "cdn"]) == 2


def test_a_stall_sends_nothing_more_and_ends_with_the_caller(box):
    with (
        box.fault("stall", match=FILE, at=5),
        httpx.Client(base_url=box.url, timeout=0.3, trust_env=False) as client,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.get(FILE)
    with (
        box.fault("stall", match=FILE, at=0.5, seconds=0.2),
        httpx.Client(base_url=box.url, timeout=5, trust_env=False) as client,
    ):
        assert client.get(FILE).content == FILES["tokenizer_config.json"]


def test_corrupt_bytes_keep_their_number(box, raw, tmp_path):
    with box.fault("corrupt", match=LARGE):
        path = hf_hub_download(
            "demo/tiny", "model.safetensors", endpoint=box.url, cache_dir=tmp_path, token=False
        )
    got = Path(path).read_bytes()
    assert len(got) == len(WEIGHTS)
    assert 0 < sum(a != b for a, b in zip(got, WEIGHTS, strict=True)) <= 64


def test_a_body_of_the_wrong_length_is_noticed_by_the_client(box, tmp_path):
    with box.fault("wrong-length", match=LARGE), pytest.raises(OSError, match="Consistency check failed"):
        hf_hub_download("demo/tiny", "model.safetensors", endpoint=box.url, cache_dir=tmp_path, token=False)


def test_the_way_in_needs_the_admin_token(box, raw):
    for method, path in (
        ("GET", "requests"),
        ("POST", "faults"),
        ("DELETE", "faults"),
        ("GET", "memory"),
        ("POST", "disk"),
        ("POST", "clock"),
        ("GET", "anything"),
    ):
        answer = raw.request(method, f"/_offline/{path}", headers={"x-offline-admin": "guess"})
        assert answer.status_code == 403
    for wrong in ({"kind": "meteor"}, {"kind": "status", "status": 418}, {"kind": "latency", "seconds": -1}):
        with pytest.raises(Refused) as caught, box.fault(**wrong):
            pass
        assert caught.value.problem
        assert "\n" not in caught.value.problem


def test_the_log_tells_who_asked_for_what_and_keeps_no_token(box, raw, bearer):
    raw.get("/api/models?search=x", headers={**bearer["learner"], "user-agent": "me/1; hf_learner_offline"})
    raw.get("/api/models?token=hf_learner_offline")
    first, second = box.requests()
    assert (first["method"], first["path"], first["query"], first["status"], first["origin"]) == (
        "GET",
        "/api/models",
        "search=x",
        200,
        "hub",
    )
    assert (first["authorization"], second["authorization"]) == (True, False)
    assert "learner" not in str((first, second))
    box.clear_requests()
    assert box.requests() == []
