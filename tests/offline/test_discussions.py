"""Discussions and pull requests, from the first word to the merge, with the official client."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from hf_nb.offline.store import Store
from tests.offline.small import DAY, LEARNER, STRANGER, TEACHER

REPO = "demo/tiny"


@pytest.fixture
def teacher(mine) -> HfApi:
    """May write to demo/tiny."""
    return HfApi(endpoint=mine.url, token=TEACHER)


@pytest.fixture
def learner(mine) -> HfApi:
    """May read it, and has a token that writes."""
    return HfApi(endpoint=mine.url, token=LEARNER)


@pytest.fixture
def model(teacher) -> Any:
    """A repository of one test's own."""
    made: list[str] = []

    def make(name: str, **files: bytes) -> str:
        repo = teacher.create_repo(f"demo/{name}").repo_id
        put = [CommitOperationAdd(path, content) for path, content in files.items()]
        if put:
            teacher.create_commit(repo, put, commit_message="files")
        made.append(repo)
        return str(repo)

    yield make
    for repo in made:
        teacher.delete_repo(repo)


def refusal(call: Any, *args: Any, **named: Any) -> int:
    with pytest.raises(HfHubHTTPError) as refused:
        call(*args, **named)
    assert refused.value.server_message
    return int(refused.value.response.status_code)


def change(
    api: HfApi, repo: str, revision: str, files: Mapping[str, bytes | None], message: str = "change"
) -> str:
    steps = [
        CommitOperationDelete(path) if content is None else CommitOperationAdd(path, content)
        for path, content in files.items()
    ]
    return str(api.create_commit(repo, steps, commit_message=message, revision=revision).oid)


def test_a_discussion_is_opened_answered_renamed_and_closed(teacher, learner, model):
    repo = model("talk")
    talk = learner.create_discussion(repo, " Why <b>? ", description="Because & so")
    assert (talk.title, talk.num, talk.status, talk.author, talk.is_pull_request) == (
        "Why <b>?",
        1,
        "open",
        "learner",
        False,
    )
    assert (talk.diff, talk.conflicting_files, talk.target_branch) == (None, None, None)
    assert talk.events[0].rendered == "<p>Because &amp; so</p>"
    said = teacher.comment_discussion(repo, 1, "I see")
    assert (said.content, said.author, said.edited, said.hidden) == ("I see", "teacher", False, False)
    renamed = learner.rename_discussion(repo, 1, "Why")
    assert (renamed.old_title, renamed.new_title) == ("Why <b>?", "Why")
    closed = teacher.change_discussion_status(repo, 1, "closed", comment="done")
    assert closed.new_status == "closed"
    assert learner.change_discussion_status(repo, 1, "open").new_status == "open"
    now = learner.get_discussion_details(repo, 1)
    assert [event.type for event in now.events] == [
        "comment",
        "comment",
        "title-change",
        "comment",
        "status-change",
        "status-change",
    ]
    assert len({event.id for event in now.events}) == 6


def test_an_edited_comment_keeps_what_it_said_and_a_hidden_one_nothing(teacher, learner, model, mine):
    repo = model("edit")
    talk = learner.create_discussion(repo, "t", description="secret words")
    first = talk.events[0].id
    learner.edit_discussion_comment(repo, 1, first, "better words")
    edited = teacher.edit_discussion_comment(repo, 1, first.upper(), "best words")
    assert (edited.content, edited.edited, edited.number_of_edits, edited.last_edited_by) == (
        "best words",
        True,
        2,
        "teacher",
    )
    assert [version["raw"] for version in edited.edit_history] == ["secret words", "better words"]
    with pytest.warns(UserWarning, match="irreversible"):
        hidden = learner.hide_discussion_comment(repo, 1, first)
    assert hidden.hidden
    assert refusal(learner.edit_discussion_comment, repo, 1, first, "again") == 400
    assert refusal(learner.edit_discussion_comment, repo, 1, "f" * 24, "x") == 404
    assert "words" not in str(learner.get_discussion_details(repo, 1))
    with contextlib.closing(sqlite3.connect(mine.root / "hub.sqlite")) as sql:
        assert sql.execute("SELECT count(*) FROM events WHERE data LIKE '%words%'").fetchone() == (0,)


def test_who_may_say_what(teacher, learner, model, mine):
    repo = model("roles")
    nobody, reader = HfApi(endpoint=mine.url, token=False), HfApi(endpoint=mine.url, token=STRANGER)
    ours = teacher.create_discussion(repo, "ours")
    comment = ours.events[0].id
    for api, status in ((nobody, 401), (reader, 403)):
        assert refusal(api.create_discussion, repo, "x") == status
        assert refusal(api.create_pull_request, repo, "x") == status
        assert refusal(api.comment_discussion, repo, 1, "x") == status
        assert refusal(api.rename_discussion, repo, 1, "x") == status
        assert refusal(api.change_discussion_status, repo, 1, "closed") == status
        assert refusal(api.edit_discussion_comment, repo, 1, comment, "x") == status
        assert refusal(api.merge_pull_request, repo, 1) == status
    learner.comment_discussion(repo, 1, "may I?")
    assert refusal(learner.rename_discussion, repo, 1, "x") == 403
    assert refusal(learner.change_discussion_status, repo, 1, "closed") == 403
    assert refusal(learner.edit_discussion_comment, repo, 1, comment, "x") == 403
    assert refusal(learner.merge_pull_request, repo, 1) == 403
    with pytest.raises(RepositoryNotFoundError):
        learner.create_discussion("lab/secret", "x")
    assert [one.title for one in learner.get_repo_discussions(repo)] == ["ours"]
    assert refusal(teacher.create_discussion, repo, "  ") == 400
    assert refusal(teacher.comment_discussion, repo, 9, "x") == 404
    assert refusal(teacher.merge_pull_request, repo, 1) == 400


def test_a_pull_request_goes_from_draft_to_merged(teacher, learner, model):
    repo = model("merge", **{"a.txt": b"1\n2\n3\n", "b.txt": b"b\n", "gone.txt": b"x\n"})
    pull = learner.create_pull_request(repo, "Add things", description="please")
    assert (pull.status, pull.git_reference, pull.target_branch, pull.diff) == (
        "draft",
        "refs/pr/1",
        "refs/heads/main",
        "",
    )
    assert learner.model_info(repo, revision="refs/pr/1").sha == teacher.model_info(repo).sha
    first = change(learner, repo, "refs/pr/1", {"a.txt": b"1\n2\nthree\n", "gone.txt": None}, "one")
    second = change(learner, repo, "refs/pr/1", {"big.bin": b"w" * 100}, "two")
    ours = change(teacher, repo, "main", {"b.txt": b"B\n"}, "meanwhile")
    assert refusal(teacher.merge_pull_request, repo, 1) == 409
    learner.change_discussion_status(repo, 1, "open")
    seen = teacher.get_discussion_details(repo, 1)
    assert [(event.summary, event.oid) for event in seen.events if event.type == "commit"] == [
        ("one", first),
        ("two", second),
    ]
    assert "-3\n+three\n" in seen.diff
    assert "deleted file mode 100644" in seen.diff
    assert "+oid sha256:" in seen.diff
    assert "b.txt" not in seen.diff
    assert seen.conflicting_files == []
    teacher.merge_pull_request(repo, 1, comment="thanks")
    merged = teacher.get_discussion_details(repo, 1)
    assert (merged.status, merged.events[-1].new_status, merged.events[-2].content) == (
        "merged",
        "merged",
        "thanks",
    )
    commits = teacher.list_repo_commits(repo)
    assert (commits[0].commit_id, commits[0].title, commits[1].commit_id) == (
        merged.merge_commit_oid,
        "Add things (#1)",
        ours,
    )
    assert f"- one ({first})\n- two ({second})" in commits[0].message
    assert "Co-authored-by: learner" in commits[0].message
    assert sorted(teacher.list_repo_files(repo)) == [".gitattributes", "a.txt", "b.txt", "big.bin"]
    assert teacher.model_info(repo).sha == merged.merge_commit_oid
    assert merged.diff == seen.diff
    assert refusal(teacher.merge_pull_request, repo, 1) == 409
    assert refusal(learner.change_discussion_status, repo, 1, "open") == 409
    assert refusal(change, learner, repo, "refs/pr/1", {"late.txt": b""}) in (403, 409)


def test_both_sides_changing_a_file_differently_is_a_conflict_and_changes_nothing(teacher, learner, model):
    files = {"same.txt": b"0", "both.txt": b"0", "cut.txt": b"0", "apart.txt": b"0"}
    repo = model("conflict", **files)
    pull = learner.create_pull_request(repo, "Mine")
    change(
        learner,
        repo,
        "refs/pr/1",
        {"same.txt": b"1", "both.txt": b"mine", "cut.txt": None, "apart.txt": b"1", "new": b"file"},
    )
    learner.change_discussion_status(repo, pull.num, "open")
    tip = change(
        teacher,
        repo,
        "main",
        {"same.txt": b"1", "both.txt": b"ours", "cut.txt": b"kept", "new/in": b"folder"},
    )
    wanted = ["both.txt", "cut.txt", "new"]
    assert teacher.get_discussion_details(repo, 1).conflicting_files == wanted
    with pytest.raises(HfHubHTTPError) as refused:
        teacher.merge_pull_request(repo, 1)
    assert refused.value.response.status_code == 409
    assert refused.value.response.json()["filesWithConflicts"] == wanted
    assert teacher.model_info(repo).sha == tip
    assert teacher.get_discussion_details(repo, 1).status == "open"
    change(learner, repo, "refs/pr/1", {"both.txt": b"ours", "cut.txt": b"kept", "new": None})
    assert teacher.get_discussion_details(repo, 1).conflicting_files == []
    teacher.merge_pull_request(repo, 1)
    assert sorted(teacher.list_repo_files(repo)) == sorted([".gitattributes", *files, "new/in"])


def test_large_files_of_two_new_kinds_do_not_conflict_over_gitattributes(teacher, learner, model):
    repo = model("two-kinds", **{"a.txt": b"a"})
    large = bytes(10 * 2**20 + 1)
    for who, name in ((learner, "one.kind"), (learner, "other.kind")):
        who.upload_file(path_or_fileobj=large, path_in_repo=name, repo_id=repo, create_pr=True)
    for num in (1, 2):
        assert teacher.get_discussion_details(repo, num).conflicting_files == []
        teacher.merge_pull_request(repo, num)
    attributes = Path(teacher.hf_hub_download(repo, ".gitattributes")).read_text()
    assert attributes.count("one.kind filter=lfs") == attributes.count("other.kind filter=lfs") == 1
    assert {"one.kind", "other.kind"} <= set(teacher.list_repo_files(repo))


def test_a_squashed_base_does_not_lose_what_a_pull_request_changes(teacher, learner, model):
    repo = model("squashed", **{"a.txt": b"a"})
    done = learner.create_commit(
        repo, [CommitOperationAdd("b.txt", b"b")], commit_message="add b", create_pr=True
    )
    assert done.pr_num == 1
    teacher.super_squash_history(repo)
    change(teacher, repo, "main", {"c.txt": b"c"})
    assert "b.txt" in teacher.get_discussion_details(repo, 1).diff
    assert "c.txt" not in teacher.get_discussion_details(repo, 1).diff
    teacher.merge_pull_request(repo, 1)
    assert sorted(teacher.list_repo_files(repo)) == [".gitattributes", "a.txt", "b.txt", "c.txt"]


def test_a_pull_request_without_a_change_is_not_merged(teacher, model):
    repo = model("empty")
    teacher.create_pull_request(repo, "Nothing")
    teacher.change_discussion_status(repo, 1, "open")
    assert refusal(teacher.merge_pull_request, repo, 1) == 400
    assert refusal(teacher.change_discussion_status, repo, 1, "open") == 409


def test_lists_are_filtered_by_kind_status_and_author(teacher, learner, model, raw_mine):
    repo = model("lists")
    for n in range(3):
        learner.create_discussion(repo, f"talk {n}")
    for n in range(3):
        teacher.create_pull_request(repo, f"pull {n}")
    change(teacher, repo, "refs/pr/6", {"x": b"x"})
    teacher.change_discussion_status(repo, 6, "open")
    teacher.merge_pull_request(repo, 6)
    teacher.change_discussion_status(repo, 5, "closed")
    teacher.change_discussion_status(repo, 1, "closed")

    def nums(**query: str) -> list[int]:
        found = raw_mine.get(f"/api/models/{repo}/discussions", params=query).json()
        assert found["count"] == len(found["discussions"])
        assert found["numClosedDiscussions"] == 3
        return [one["num"] for one in found["discussions"]]

    assert nums() == [6, 5, 4, 3, 2, 1]
    assert nums(type="pull_request") == [6, 5, 4]
    assert nums(type="discussion", author="Learner", status="open") == [3, 2]
    assert nums(status="open") == [4, 3, 2]
    assert nums(status="closed") == [6, 5, 1]
    assert (nums(status="draft"), nums(status="merged"), nums(author="nobody")) == ([4], [6], [])
    assert [one.num for one in teacher.get_repo_discussions(repo, discussion_status="closed")] == [6, 5, 1]
    assert raw_mine.get(f"/api/models/{repo}/discussions?status=lost").status_code == 400


def test_more_than_a_page_of_discussions(teacher, model, mine):
    repo = model("pages")
    store = Store.open(mine.root)
    for n in range(120):
        store.discussion("model", repo, title=f"n{n}", author="learner", date=DAY)
    store.close()
    assert [one.num for one in teacher.get_repo_discussions(repo)] == list(range(120, 0, -1))


def test_pinned_ones_come_first_and_deleted_numbers_never_come_again(
    teacher, learner, model, raw_mine, bearer
):
    repo = model("pins")
    address = f"/api/models/{repo}/discussions"
    for title in ("one", "two", "three"):
        learner.create_discussion(repo, title)
    assert (
        raw_mine.post(f"{address}/1/pin", json={"pinned": True}, headers=bearer["learner"]).status_code == 403
    )
    assert (
        raw_mine.post(f"{address}/1/pin", json={"pinned": True}, headers=bearer["teacher"]).status_code == 200
    )
    assert [one.num for one in teacher.get_repo_discussions(repo)] == [1, 3, 2]
    assert raw_mine.delete(f"{address}/3", headers=bearer["learner"]).status_code == 403
    assert raw_mine.delete(f"{address}/3", headers=bearer["teacher"]).status_code == 200
    assert raw_mine.get(f"{address}/3").status_code == 404
    assert raw_mine.delete(f"{address}/3", headers=bearer["teacher"]).status_code == 404
    assert learner.create_discussion(repo, "four").num == 4


def test_the_branch_of_a_pull_request_that_has_ended_can_be_deleted(
    teacher, learner, model, raw_mine, bearer
):
    repo = model("branch")
    learner.create_pull_request(repo, "Try")
    change(learner, repo, "refs/pr/1", {"x": b"x"})
    address = f"/api/models/{repo}/discussions/1/ref"
    assert raw_mine.delete(address, headers=bearer["learner"]).status_code == 409
    learner.change_discussion_status(repo, 1, "closed")
    assert raw_mine.delete(address, headers=bearer["learner"]).status_code == 200
    assert teacher.list_repo_refs(repo, include_pull_requests=True).pull_requests == []
    assert refusal(learner.change_discussion_status, repo, 1, "open") == 409
    assert learner.get_discussion_details(repo, 1).diff == ""


def test_a_gated_repositorys_diff_is_for_those_who_may_read_it(teacher, mine):
    learner = HfApi(endpoint=mine.url, token=LEARNER)
    teacher.create_commit(
        "lab/manual", [CommitOperationAdd("y.txt", b"behind the gate")], commit_message="y", create_pr=True
    )
    num = next(teacher.get_repo_discussions("lab/manual")).num
    assert "behind the gate" in teacher.get_discussion_details("lab/manual", num).diff
    assert learner.get_discussion_details("lab/manual", num).diff == ""
    assert refusal(learner.create_pull_request, "lab/manual", "x") == 403
    assert learner.create_discussion("lab/manual", "May I?").status == "open"


def test_two_who_merge_at_once_merge_once(teacher, learner, model):
    repo = model("race", a=b"a")
    learner.create_pull_request(repo, "Race")
    change(learner, repo, "refs/pr/1", {"b": b"b"})
    learner.change_discussion_status(repo, 1, "open")

    def once(_: int) -> int:
        try:
            teacher.merge_pull_request(repo, 1)
        except HfHubHTTPError as refused:
            return int(refused.response.status_code)
        return 200

    with ThreadPoolExecutor(4) as four:
        assert sorted(four.map(once, range(4))) == [200, 409, 409, 409]
    assert [commit.title for commit in teacher.list_repo_commits(repo)].count("Race (#1)") == 1


@pytest.mark.slow
def test_the_command_line_opens_answers_and_merges(mine, teacher, model, tmp_path):
    repo = model("shell")
    picture = tmp_path / "seen.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")

    def hf(*words: str) -> str:
        environment = mine.environment_for(os.environ) | {"HF_TOKEN": TEACHER, "HF_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "huggingface_hub.cli.hf", "discussions", *words]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    hf("create", repo, "--title", "From a shell", "--body", "see", "--attach", str(picture), "--pr")
    assert f"{mine.url}/uploads/" in teacher.get_discussion_details(repo, 1).events[0].content
    change(teacher, repo, "refs/pr/1", {"new.txt": b"new\n"})
    hf("comment", repo, "1", "--body", "and now?")
    hf("rename", repo, "1", "Better")
    assert "Better" in hf("list", repo, "--status", "draft", "--kind", "pull_request")
    assert "+new\n" in hf("diff", repo, "1")
    hf("close", repo, "1", "--comment", "no", "--yes")
    hf("reopen", repo, "1", "--yes")
    hf("merge", repo, "1", "--comment", "yes", "--yes")
    assert "Better" in hf("list", repo, "--status", "merged")
    assert teacher.list_repo_commits(repo)[0].title == "Better (#1)"
