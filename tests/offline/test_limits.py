"""Rate limits: the figures of the real plans, in fixed windows."""

from __future__ import annotations

import re

import pytest
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

from hf_nb.errors import BadInput
from hf_nb.offline.people import ANYBODY, Caller
from hf_nb.offline.running import start
from hf_nb.offline.server.limits import Limits, policy


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("plan", "quotas"),
    [("anonymous", (500, 3000, 100)), ("free", (1000, 5000, 200)), ("pro", (2500, 12000, 400))],
)
def test_the_real_plans(plan, quotas):
    assert tuple(policy("real").quota(plan, bucket) for bucket in ("api", "resolvers", "pages")) == quotas
    assert policy("roomy").quota(plan, "api") == 100 * quotas[0]


def test_a_window_counts_down_and_starts_anew():
    clock = Clock()
    limits = Limits(policy("real"), clock)
    for left in range(499, -1, -1):
        taken = limits.take(ANYBODY, "1.2.3.4", "api")
        assert taken.allowed
        assert taken.left == left
    clock.now += 299.5
    refused = limits.take(ANYBODY, "1.2.3.4", "api")
    assert not refused.allowed
    assert refused.headers() == {
        "ratelimit": '"api";r=0;t=1',
        "ratelimit-policy": '"fixed window";"api";q=500;w=300',
    }
    assert limits.take(ANYBODY, "5.6.7.8", "api").allowed
    assert limits.take(Caller("me", plan="free"), "1.2.3.4", "api").left == 999
    assert limits.take(ANYBODY, "1.2.3.4", "resolvers").left == 2999
    clock.now += 1
    assert limits.take(ANYBODY, "1.2.3.4", "api").left == 499


@pytest.mark.parametrize("words", ["", "plenty", "api=x", "api=-1", "teapots=3"])
def test_nonsense_is_no_limit(words):
    with pytest.raises(BadInput):
        policy(words)


def test_every_answer_says_what_is_left(raw):
    for path, bucket in (
        ("/api/models", "api"),
        ("/api/models/tiny", "api"),
        ("/api/none", "api"),
        ("/demo/tiny/resolve/main/config.json", "resolvers"),
        ("/", "pages"),
    ):
        answer = raw.get(path)
        assert re.fullmatch(rf'"{bucket}";r=\d+;t=\d+', answer.headers["ratelimit"])
        assert answer.headers["ratelimit-policy"].startswith(f'"fixed window";"{bucket}";q=')


def test_the_official_client_reads_a_429_and_waits_for_the_window(box_root, tmp_path):
    from huggingface_hub import HfApi

    from hf_nb.offline.store import Store

    Store.overlay(box_root, tmp_path / "copy").close()
    with start(tmp_path / "copy", limits="api=2,window=2") as hub:
        api = HfApi(endpoint=hub.url, token=False)
        api.model_info("demo/tiny")
        api.model_info("demo/tiny")
        with pytest.raises(HfHubHTTPError, match=r"0/2 requests remaining in current 2s window"):
            api.model_info("demo/tiny")
        assert len(list(api.list_models())) == 4
        assert 429 in [line["status"] for line in hub.requests() if line["path"] == "/api/models"]


def test_request_ids_echo_the_clients_own(raw):
    own = raw.get("/api/models").headers["x-request-id"]
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", own)
    assert (
        raw.get("/api/models", headers={"x-amzn-trace-id": "abc-1"})
        .headers["x-request-id"]
        .endswith(";abc-1")
    )
    assert raw.get("/none", headers={"x-request-id": "abc-2"}).headers["x-request-id"] == "abc-2"
    assert isinstance(raw, httpx.Client)
