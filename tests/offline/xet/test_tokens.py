"""Tokens to the storage: who gets one, and what it opens."""

from __future__ import annotations

import time

import pytest

from tests.offline.small import LEARNER, STRANGER, TEACHER
from tests.offline.xet import making
from tests.offline.xet.uploading import post, token


class TestTheTokens:
    def test_json_and_headers_say_the_same(self, served):
        answer = token(served)
        told = answer.json()
        assert told["casUrl"].startswith(served.cdn_url + "/xet/")
        assert told["exp"] > time.time() + 600
        assert [
            answer.headers[f"x-xet-{name}"] for name in ("access-token", "token-expiration", "cas-url")
        ] == [
            told["accessToken"],
            str(told["exp"]),
            told["casUrl"],
        ]

    @pytest.mark.parametrize(
        ("who", "how", "status"),
        [
            ("", {}, 401),
            ("hf_nobody", {}, 401),
            (STRANGER, {}, 403),
            (LEARNER, {}, 403),
            (LEARNER, {"rev": "main?create_pr=1"}, 200),
            (STRANGER, {"rev": "main?create_pr=1"}, 403),
            (LEARNER, {"repo": "datasets/lab/other"}, 404),
            (LEARNER, {"repo": "datasets/lab/other", "rev": "main?create_pr=1"}, 404),
            (LEARNER, {"repo": "datasets/lab/other", "scope": "read"}, 404),
            (LEARNER, {"scope": "read"}, 200),
            (TEACHER, {"rev": "nowhere"}, 404),
        ],
    )
    def test_only_who_may_write_gets_one_to_write_with(self, served, who, how, status):
        assert token(served, who=who, **how).status_code == status

    @pytest.mark.parametrize(
        "spoiled", ["{given}x", "X{given}", "nothing", "xet_e30=.00", "{given}é", "xet_."]
    )
    def test_a_token_that_was_tampered_with_opens_nothing(self, served, spoiled):
        told = token(served).json()
        bearer = spoiled.format(given=told["accessToken"])
        assert post(told["casUrl"], bearer, "v1/shards", making.shard()).status_code == 401

    def test_a_token_of_the_hub_opens_nothing_here_and_one_from_here_nothing_there(self, served):
        told = token(served).json()
        assert post(told["casUrl"], TEACHER, "v1/shards", making.shard()).status_code == 401
        assert token(served, who=told["accessToken"]).status_code == 401

    def test_a_token_ends(self, served):
        told = token(served).json()
        assert post(told["casUrl"], told["accessToken"], "v1/shards", making.shard()).status_code == 200
        served.pass_(1000)
        assert post(told["casUrl"], told["accessToken"], "v1/shards", making.shard()).status_code == 401

    def test_a_token_to_read_writes_nothing(self, served):
        told = token(served, "read").json()
        for path in ("v1/shards", "v2/shards", "v1/xorbs/default/" + "0" * 64):
            assert post(told["casUrl"], told["accessToken"], path, b"").status_code == 403
