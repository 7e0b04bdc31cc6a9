"""Failures on demand, seen through the official client."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

from hf_nb.errors import Refused
from tests.offline.small import FILES, WEIGHTS

FILE = "/demo/tiny/resolve/main/tokenizer_config.json"
LARGE = "*/model.safetensors"


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503, 504])
def test_every_status_comes_as_the_hub_sends_it(box, raw, status):
    with box.fault("status", match="/api/models*", status=status, seconds=7):
        answer = raw.get("/api/models/demo/tiny")
        assert raw.get("/api/datasets").status_code == 200
    assert answer.status_code == status
    assert answer.headers["x-request-id"]
    if status in (401, 403, 404):
        assert answer.headers["x-error-code"]
    if status == 429:
        assert answer.headers["ratelimit"] == '"api";r=0;t=7'
    assert raw.get("/api/models/demo/tiny").status_code == 200
    assert box.requests()[0]["status"] == status


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
        ("GET", "anything"),
    ):
        answer = raw.request(method, f"/_offline/{path}", headers={"x-offline-admin": "guess"})
        assert answer.status_code == 403
    for wrong in ({"kind": "meteor"}, {"kind": "status", "status": 418}, {"kind": "latency", "seconds": -1}):
        with pytest.raises(Refused), box.fault(**wrong):
            pass


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
