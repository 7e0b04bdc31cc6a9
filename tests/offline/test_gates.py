"""Requests to gated repositories: asked, granted, refused, and what the files say to each."""

from __future__ import annotations

import csv
import io
import tempfile
from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from tests.offline.small import LEARNER, STRANGER, TEACHER


@pytest.fixture
def teacher(mine) -> HfApi:
    return HfApi(endpoint=mine.url, token=TEACHER)


@pytest.fixture
def learner(mine) -> HfApi:
    return HfApi(endpoint=mine.url, token=LEARNER)


@pytest.fixture
def gate(teacher) -> Any:
    """A repository of lab's own, gated as said."""
    made = []

    def make(name: str, gated: Any) -> str:
        repo = teacher.create_repo(f"lab/{name}").repo_id
        teacher.upload_file(path_or_fileobj=b"behind", path_in_repo="x.txt", repo_id=repo)
        teacher.update_repo_settings(repo, gated=gated)
        made.append(repo)
        return str(repo)

    yield make
    for repo in made:
        teacher.delete_repo(repo)


def refusal(call: Any, *args: Any, **named: Any) -> int:
    with pytest.raises(HfHubHTTPError) as refused:
        call(*args, **named)
    return int(refused.value.response.status_code)


def ask(raw: Any, repo: str, headers: dict[str, str], **fields: str) -> tuple[int, Any]:
    answer = raw.post(f"/{repo}/ask-access", data=fields, headers=headers)
    return answer.status_code, answer.json().get("status")


def readable(api: HfApi, repo: str, folder: Any) -> bool:
    try:
        api.hf_hub_download(repo, "x.txt", cache_dir=tempfile.mkdtemp(dir=folder))
    except GatedRepoError:
        return False
    return True


def test_an_automatic_gate_opens_for_whoever_asks(teacher, learner, gate, raw_mine, bearer, tmp_path):
    repo = gate("door", "auto")
    assert not readable(learner, repo, tmp_path)
    assert ask(raw_mine, repo, bearer["learner"], Country="Chad", Reason="=1+1") == (200, "accepted")
    assert ask(raw_mine, repo, bearer["learner"]) == (200, "accepted")
    assert readable(learner, repo, tmp_path)
    (request,) = teacher.list_accepted_access_requests(repo)
    assert (request.username, request.email, request.fields) == (
        "learner",
        "learner@example.invalid",
        {"Country": "Chad", "Reason": "=1+1"},
    )
    report = raw_mine.get(f"/{repo}/user-access-report", headers=bearer["teacher"])
    assert report.headers["content-type"].startswith("text/csv")
    (line,) = csv.DictReader(io.StringIO(report.text))
    assert (line["username"], line["status"], line["Country"], line["Reason"]) == (
        "learner",
        "accepted",
        "Chad",
        "'=1+1",
    )


def test_a_manual_gate_waits_for_its_keeper(teacher, learner, gate, raw_mine, bearer, tmp_path):
    repo = gate("vault", "manual")
    assert ask(raw_mine, repo, bearer["learner"]) == (200, "pending")
    assert not readable(learner, repo, tmp_path)
    (request,) = teacher.list_pending_access_requests(repo)
    assert (request.username, request.status, len(request.request_id)) == ("learner", "pending", 24)
    teacher.accept_access_request(repo, request_id=request.request_id)
    assert readable(learner, repo, tmp_path)
    teacher.cancel_access_request(repo, "learner")
    assert not readable(learner, repo, tmp_path)
    teacher.reject_access_request(repo, "Learner", rejection_reason="not yet")
    assert [one.username for one in teacher.list_rejected_access_requests(repo)] == ["learner"]
    shown = raw_mine.get(f"/api/models/{repo}/user-access-request/rejected", headers=bearer["teacher"]).json()
    assert shown[0]["rejectionReason"] == "not yet"
    assert ask(raw_mine, repo, bearer["learner"])[0] == 400
    assert not readable(learner, repo, tmp_path)
    teacher.accept_access_request(repo, "learner")
    assert readable(learner, repo, tmp_path)
    assert list(teacher.list_pending_access_requests(repo)) == []


def test_a_request_can_be_taken_back(teacher, gate, raw_mine, bearer):
    repo = gate("undo", "manual")
    address = f"/api/models/{repo}/user-access-request/cancel"
    assert raw_mine.post(address, headers=bearer["learner"]).status_code == 404
    ask(raw_mine, repo, bearer["learner"])
    assert raw_mine.post(address, headers=bearer["learner"]).status_code == 200
    assert list(teacher.list_pending_access_requests(repo)) == []


def test_access_can_be_granted_unasked(teacher, learner, gate, tmp_path):
    repo = gate("gift", "manual")
    teacher.grant_access(repo, "learner")
    assert readable(learner, repo, tmp_path)
    (request,) = teacher.list_accepted_access_requests(repo)
    assert (request.username, request.email, request.fields) == ("learner", None, None)


def test_the_documented_refusals(teacher, learner, gate, mine, raw_mine, bearer):
    repo, other, open_one = gate("one", "manual"), gate("two", "manual"), gate("three", False)
    teacher.grant_access(repo, "learner")
    assert refusal(teacher.grant_access, repo, "learner") == 400
    assert refusal(teacher.grant_access, repo, "nobody-of-this-name") == 404
    assert refusal(teacher.grant_access, open_one, "learner") == 400
    assert refusal(teacher.accept_access_request, repo, "learner") == 404
    assert refusal(teacher.accept_access_request, repo, "nobody-of-this-name") == 404
    assert refusal(teacher.accept_access_request, other, "learner") == 404
    (request,) = teacher.list_accepted_access_requests(repo)
    assert refusal(teacher.accept_access_request, other, request_id=request.request_id) == 404
    assert refusal(list, teacher.list_pending_access_requests(open_one)) == 400
    for api, status in (
        (learner, 403),
        (HfApi(endpoint=mine.url, token=STRANGER), 403),
        (HfApi(endpoint=mine.url, token=False), 401),
    ):
        assert refusal(list, api.list_accepted_access_requests(repo)) == status
        assert refusal(api.grant_access, repo, "stranger") == status
        assert refusal(api.reject_access_request, repo, "learner", rejection_reason=None) == status
    assert ask(raw_mine, repo, {})[0] == 401
    assert ask(raw_mine, repo, bearer["stranger"])[0] == 403
    assert ask(raw_mine, open_one, bearer["learner"])[0] == 400
    assert ask(raw_mine, "lab/secret", bearer["learner"])[0] == 404
    assert raw_mine.get(f"/{repo}/user-access-report", headers=bearer["learner"]).status_code == 403
    address = f"/api/models/{repo}/user-access-request"
    assert raw_mine.get(f"{address}/lost", headers=bearer["teacher"]).status_code == 404
    for body in (
        {},
        {"user": "learner"},
        {"user": "learner", "status": "gone"},
        {"user": 3, "status": "pending"},
    ):
        assert raw_mine.post(f"{address}/handle", json=body, headers=bearer["teacher"]).status_code == 400
    with pytest.raises(RepositoryNotFoundError):
        learner.grant_access("lab/secret", "learner")


def test_several_requests_at_once_are_answered_one_by_one(teacher, gate, raw_mine, bearer):
    repo = gate("many", "manual")
    ask(raw_mine, repo, bearer["learner"])
    asked = [
        {"user": "learner", "status": "accepted"},
        {"user": "learner", "status": "accepted"},
        {"user": "nobody-of-this-name", "status": "accepted"},
        {"status": "accepted"},
    ]
    answer = raw_mine.post(
        f"/api/models/{repo}/user-access-request/batch", json={"requests": asked}, headers=bearer["teacher"]
    ).json()
    assert [one["success"] for one in answer["results"]] == [True, False, False, False]
    assert [one.username for one in teacher.list_accepted_access_requests(repo)] == ["learner"]
