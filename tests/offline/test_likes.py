"""Likes, and what people drag into a discussion."""

from __future__ import annotations

from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from tests.offline.small import LEARNER, STRANGER, TEACHER

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def refusal(call: Any, *args: Any, **named: Any) -> int:
    with pytest.raises(HfHubHTTPError) as refused:
        call(*args, **named)
    return int(refused.value.response.status_code)


def test_a_like_counts_once_and_can_be_taken_back(mine, raw_mine, bearer):
    teacher = HfApi(endpoint=mine.url, token=TEACHER)
    before = teacher.model_info("demo/base").likes or 0
    for _ in range(2):
        assert raw_mine.post("/api/models/demo/base/like", headers=bearer["teacher"]).status_code == 200
    assert teacher.model_info("demo/base").likes == before + 1
    assert [one.username for one in teacher.list_repo_likers("demo/base")] == ["teacher"]
    assert "demo/base" in teacher.list_liked_repos().models
    for _ in range(2):
        teacher.unlike("demo/base")
    assert teacher.model_info("demo/base").likes == before
    assert list(teacher.list_repo_likers("demo/base")) == []


def test_a_like_needs_a_token_that_writes_and_a_repository_one_may_see(mine, raw_mine, bearer):
    assert raw_mine.post("/api/models/demo/base/like").status_code == 401
    assert raw_mine.post("/api/models/demo/base/like", headers=bearer["stranger"]).status_code == 403
    assert refusal(HfApi(endpoint=mine.url, token=STRANGER).unlike, "demo/base") == 403
    with pytest.raises(RepositoryNotFoundError):
        HfApi(endpoint=mine.url, token=LEARNER).unlike("lab/secret")


def test_an_attachment_is_kept_and_shown_as_what_it_is(mine, raw_mine, tmp_path):
    learner = HfApi(endpoint=mine.url, token=LEARNER)
    for ending, content in (("png", PNG), ("webm", b"\x1aE\xdf\xa3" + bytes(40 << 20))):
        file = tmp_path / f"seen.{ending}"
        file.write_bytes(content)
        url = learner.upload_attachment(file)
        assert url.startswith(f"{mine.url}/uploads/")
        shown = raw_mine.get(url)
        assert shown.content == content
        assert shown.headers["content-type"] in ("image/png", "video/webm")
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in shown.headers["content-security-policy"]
    assert learner.upload_attachment(tmp_path / "seen.png") != learner.upload_attachment(
        tmp_path / "seen.png"
    )
    assert raw_mine.get("/uploads/nothing.png").status_code == 404


def test_what_is_no_picture_is_not_kept(mine, raw_mine, bearer, tmp_path):
    def sent(content: bytes, kind: str, who: str = "learner") -> int:
        headers = {"content-type": kind, **bearer.get(who, {})}
        return int(raw_mine.post("/uploads", content=content, headers=headers).status_code)

    assert sent(b"<script>alert(1)</script>", "image/png") == 400
    assert sent(b"<svg/>", "image/svg+xml") == 415
    assert sent(b"<html>", "text/html") == 415
    assert sent(PNG, "image/png", "nobody") == 401
    assert sent(PNG, "image/png", "stranger") == 403
    assert sent(PNG + bytes(10 << 20), "image/png") == 413
    assert sent(b"", "image/png") == 400
