"""The Hub's time, set forward: windows, links and dates follow it."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.utils import httpx

from hf_nb.errors import BadInput, Refused
from hf_nb.offline.clock import Clock
from hf_nb.offline.running import start
from hf_nb.offline.store import Store
from tests.offline.small import TEACHER

HOUR, DAY = 3600, 86_400
LARGE = "/demo/tiny/resolve/main/model.safetensors"


def close(one: datetime | None, other: datetime) -> bool:
    return one is not None and abs(one - other) < timedelta(seconds=20)


def test_time_passes_when_told_and_returns():
    clock = Clock()
    before = clock.now(), clock.time(), clock.monotonic()
    clock.pass_(DAY)
    after = clock.now(), clock.time(), clock.monotonic()
    assert (after[0] - before[0]).total_seconds() == pytest.approx(DAY, abs=5)
    assert [b - a for a, b in zip(before[1:], after[1:], strict=True)] == pytest.approx([DAY, DAY], abs=5)
    clock.reset()
    assert close(clock.now(), datetime.now(UTC))


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), "an hour", True, None])
def test_time_goes_forward_by_seconds_only(wrong):
    with pytest.raises(BadInput):
        Clock().pass_(wrong)


def test_the_hub_says_its_time(box):
    assert close(box.now(), datetime.now(UTC))
    box.pass_(DAY)
    box.pass_(HOUR)
    assert close(box.now(), datetime.now(UTC) + timedelta(days=1, hours=1))
    box.reset_clock()
    assert close(box.now(), datetime.now(UTC))
    with pytest.raises(Refused, match="forward"):
        box.pass_(-1)


def test_a_rate_window_ends_with_the_clock(box_root, tmp_path):
    Store.overlay(box_root, tmp_path / "hub").close()
    with (
        start(tmp_path / "hub", limits="api=2") as hub,
        httpx.Client(base_url=hub.url, timeout=10, trust_env=False) as client,
    ):
        assert [client.get("/api/models").status_code for _ in range(3)] == [200, 200, 429]
        hub.pass_(299 - 10)
        assert client.get("/api/models").status_code == 429
        hub.pass_(15)
        assert [client.get("/api/models").status_code for _ in range(3)] == [200, 200, 429]
        hub.reset_clock()
        answer = client.get("/api/models")
        assert answer.status_code == 200
        assert answer.headers["ratelimit"] == '"api";r=1;t=300'


def test_a_signed_link_expires(box, raw):
    link = raw.get(LARGE).headers["location"]
    with httpx.Client(timeout=10, trust_env=False) as other:
        box.pass_(HOUR - 20)
        assert other.get(link).status_code == 200
        box.pass_(40)
        assert other.get(link).status_code == 403
        assert other.get(raw.get(LARGE).headers["location"]).status_code == 200


def test_the_token_of_a_storage_bears_the_hubs_time(box, raw):
    def ends() -> float:
        return float(raw.get("/api/models/demo/tiny/xet-read-token/main").json()["exp"])

    now = ends()
    box.pass_(DAY)
    assert ends() - now == pytest.approx(DAY, abs=20)


def test_the_address_of_an_upload_expires(mine):
    content = b"late" * 100
    order = {
        "operation": "upload",
        "transfers": ["basic"],
        "objects": [{"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}],
    }
    with httpx.Client(timeout=10, trust_env=False) as client:
        told = client.post(
            f"{mine.url}/demo/tiny.git/info/lfs/objects/batch",
            json=order,
            headers={"authorization": f"Bearer {TEACHER}"},
        ).json()
        link = told["objects"][0]["actions"]["upload"]["href"]
        mine.pass_(2 * HOUR)
        assert client.put(link, content=content).status_code == 403
        mine.reset_clock()
        assert client.put(link, content=content).status_code == 200


def test_what_is_new_bears_the_hubs_date(mine):
    api = HfApi(endpoint=mine.url, token=TEACHER)
    mine.pass_(30 * DAY)
    api.create_repo("demo/tomorrow")
    then = mine.now()
    mine.pass_(DAY)
    operation = CommitOperationAdd("a.txt", io.BytesIO(b"a"))
    api.create_commit("demo/tomorrow", [operation], commit_message="a")
    found = api.model_info("demo/tomorrow")
    last, first = api.list_repo_commits("demo/tomorrow")
    assert close(found.created_at, then)
    assert close(first.created_at, then)
    assert close(found.last_modified, then + timedelta(days=1))
    assert close(last.created_at, then + timedelta(days=1))
