"""Everything a token to write allows, done by hand: what is wrong is refused with a word and leaves nothing."""

from __future__ import annotations

import hashlib
import json

import pytest
from huggingface_hub.utils import httpx

from hf_nb.offline.xet import hashes
from tests.offline.small import TEACHER
from tests.offline.xet import making
from tests.offline.xet.uploading import REPO, left, post, token

pytestmark = pytest.mark.slow


class TestARogue:
    """Everything a token to write allows, by hand."""

    CHUNKS = (b"one " * 500, b"two " * 700)

    @pytest.fixture
    def send(self, served):
        told = token(served).json()
        return lambda path, body: post(told["casUrl"], told["accessToken"], path, body)

    @pytest.fixture
    def name(self):
        return hashes.text(making.name(list(self.CHUNKS)))

    @pytest.fixture
    def xorb(self):
        return b"".join(making.chunk(chunk, 1) for chunk in self.CHUNKS)

    def test_a_hand_made_upload_is_as_good_as_any(self, send, name, xorb, served):
        assert send(f"v1/xorbs/default/{name}", xorb).json() == {"was_inserted": True}
        assert send(f"v1/xorbs/default/{name}", xorb).json() == {"was_inserted": False}
        whole = b"".join(self.CHUNKS)
        shard = making.shard(making.file([making.term(list(self.CHUNKS))], whole))
        assert send("v1/shards", shard).json() == {"result": 1}
        assert send("v2/shards", shard).json() == {"type": "result", "result": 1}
        digest = hashlib.sha256(whole).hexdigest()
        assert (served.root / "blobs" / "sha256" / digest[:2] / digest).read_bytes() == whole

    @pytest.mark.parametrize(
        "body", [b"", b"\0", b"XETBLOB", bytes(1000), b"\xff" * 1000, making.chunk(b"something else")]
    )
    def test_a_wrong_xorb_is_refused_with_a_word(self, send, body):
        answer = send("v1/xorbs/default/" + "0" * 64, body)
        assert answer.status_code == 400
        assert "xorb" in answer.json()["error"]

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            bytes(1000),
            making.shard()[:-1],
            making.shard(making.file([], b"x")),
            making.shard(making.file([making.term([b"never sent"])], b"never sent")),
            making.shard(making.file([], b"", count=10**9)),
        ],
    )
    def test_a_wrong_shard_is_refused_with_a_word(self, send, body, served):
        answer = send("v1/shards", body)
        assert answer.status_code == 400
        assert answer.json()["error"]
        told = send("v2/shards", body).json()
        assert (told["type"], told["retryable"], told["message"]) == ("error", False, answer.json()["error"])
        assert left(served) == []

    def test_what_would_take_longer_than_a_client_listens_is_sent_to_where_it_waits(self, send, name, xorb):
        send(f"v1/xorbs/default/{name}", xorb)
        claimed = making.term(list(self.CHUNKS))._replace(length=2**32 - 1)
        shard = making.shard(making.file([claimed] * 2, b""))
        assert send("v2/shards", shard).status_code == 404
        assert send("v1/shards", shard).status_code == 400

    def test_a_body_that_is_too_long_is_refused_without_being_kept(self, send, served):
        assert send("v1/shards", bytes(65 << 20)).status_code == 413
        assert left(served) == []
        assert served.memory()["RssAnon"] < 300_000

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "v1/xorbs/default/" + "G" * 64,
            "v1/xorbs/default/..%2f..%2fhub.sqlite",
            "v1/xorbs/other/" + "0" * 64,
            "v1/xorb-grants/default/" + "0" * 64,
        ],
    )
    def test_other_addresses_are_nowhere(self, send, path):
        assert send(path, b"").status_code == 404

    def test_a_question_about_a_chunk_is_answered_with_no(self, served):
        told = token(served, "read").json()
        answer = httpx.get(
            f"{told['casUrl']}/v1/chunks/default/{'0' * 64}",
            headers={"authorization": f"Bearer {told['accessToken']}"},
            trust_env=False,
        )
        assert answer.status_code == 404

    def test_what_one_repository_was_sent_another_may_not_name(self, served, send, name, xorb):
        send(f"v1/xorbs/default/{name}", xorb)
        whole = b"".join(self.CHUNKS)
        send("v1/shards", making.shard(making.file([making.term(list(self.CHUNKS))], whole)))
        digest = hashlib.sha256(whole).hexdigest()
        lines = [
            {"key": "header", "value": {"summary": "take it"}},
            {
                "key": "lfsFile",
                "value": {"path": "it.bin", "algo": "sha256", "oid": digest, "size": len(whole)},
            },
        ]
        statuses = [
            httpx.post(
                f"{served.url}/api/{repo}/commit/main",
                content="\n".join(map(json.dumps, lines)),
                headers={"authorization": f"Bearer {TEACHER}", "content-type": "application/x-ndjson"},
                trust_env=False,
            ).status_code
            for repo in ("datasets/lab/other", f"models/{REPO}")
        ]
        assert statuses == [400, 200]
