"""Discussions and pull requests: listed, read, opened, answered; and what happens when the Hub does not answer."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb import errors, render
from hf_nb.hub.people import discuss
from tests.hub.owning import Own

TINY = "demo/tiny"
HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror="alert(1)"> [x](javascript:alert(1))\n\n**bold** `code`'
)


@pytest.fixture
def repo(own: Own) -> str:
    api = own.api("teacher")
    made = api.create_repo(f"teacher/{own.name('talk')}").repo_id
    api.upload_file(path_or_fileobj=b"one\n", path_in_repo="a.txt", repo_id=made)
    return made


def test_the_list_says_kind_status_author_and_how_much_was_said(own: Own) -> None:
    found = discuss.list(TINY, status="all", session=own.session)
    by_title = {one.title: one for one in found}
    question, fix = by_title["A question"], by_title["Fix"]
    assert (question.pull_request, question.status, question.author, question.comments) == (
        False,
        "open",
        "learner",
        2,
    )
    assert (fix.pull_request, fix.status) == (True, "closed")
    assert [one.title for one in discuss.list(TINY, session=own.session)] == ["A question"]
    assert "pull request" in str(found)
    assert found.brief() == [str(one.num) for one in found]
    assert list(found.to_pandas()["comments"]) == [one.comments for one in found]


def test_a_long_list_is_read_page_by_page(own: Own, repo: str) -> None:
    for number in range(53):
        own.api("learner").create_discussion(repo, f"Number {number}", description="x")
    few = discuss.list(repo, limit=3, session=own.session)
    assert [one.title for one in few] == ["Number 52", "Number 51", "Number 50"]
    assert few.more
    assert "--limit 6" in str(few)
    every = discuss.list(repo, limit=100, session=own.session)
    assert (len(every), every.more) == (53, False)


def test_nothing_said_yet_leads_to_saying_something(own: Own, repo: str) -> None:
    assert f'%%hf discuss {repo} --title "' in str(discuss.list(repo, session=own.session))


def test_a_discussion_is_opened_answered_and_read(own: Own, repo: str) -> None:
    own.be("learner")
    opened = discuss.open(repo, "Does it *work*?", "I tried `x`.", session=own.session)
    assert (opened.num, opened.author, opened.status, opened.pull_request) == (1, "learner", "open", False)
    own.be("teacher")
    answered = discuss.comment(repo, 1, "It does.", session=own.session)
    assert [(one.author, one.text) for one in answered.events] == [
        ("learner", "I tried `x`."),
        ("teacher", "It does."),
    ]
    assert discuss.read(repo, 1, session=own.session) == answered
    own.api("teacher").change_discussion_status(repo, 1, "closed")
    own.api("teacher").rename_discussion(repo, 1, "It works")
    ended = discuss.read(repo, 1, session=own.session)
    assert {one.sort for one in ended.events} == {"comment", "status", "title"}
    assert (ended.status, ended.title) == ("closed", "It works")


def test_what_people_write_is_markdown_that_cannot_act(own: Own, repo: str) -> None:
    opened = discuss.open(repo, HOSTILE.partition("\n")[0], HOSTILE, session=own.session)
    page = render.html(opened)
    assert "<script" not in page
    assert "onerror" not in page.replace("onerror=&quot;", "")
    assert "javascript:" not in page.replace("(javascript:", "")
    assert "<strong>bold</strong>" in page
    listed = render.html(discuss.list(repo, session=own.session))
    assert "<script" not in listed
    assert "<img" not in listed


def test_a_pull_request_shows_what_it_changes_though_main_has_moved_on(own: Own, repo: str) -> None:
    api = own.api("teacher")
    opened = discuss.open(repo, "Another line", "Here.", pull_request=True, session=own.session)
    assert opened.pull_request
    assert "It changes nothing yet" in (opened.note or "")
    api.upload_file(
        path_or_fileobj=b"one\ntwo\n", path_in_repo="a.txt", repo_id=repo, revision=f"refs/pr/{opened.num}"
    )
    api.upload_file(path_or_fileobj=b"elsewhere", path_in_repo="b.txt", repo_id=repo)
    seen = discuss.read(repo, opened.num, session=own.session)
    assert seen.diff is not None
    assert seen.diff.brief() == ["M a.txt"]
    assert seen.diff[0].lines == ("@@ -1 +1,2 @@", " one", "+two")
    assert seen.target == "main"
    assert "+two" in str(seen)
    assert 'class="row plus">+two' in render.html(seen)
    api.change_discussion_status(repo, opened.num, "open")
    api.merge_pull_request(repo, opened.num)
    merged = discuss.read(repo, opened.num, session=own.session)
    assert (merged.status, merged.diff and merged.diff.brief()) == ("merged", ["M a.txt"])


def test_a_reader_may_not_speak(own: Own, repo: str) -> None:
    own.be("stranger")
    with pytest.raises(errors.Unauthorized):
        discuss.open(repo, "Hello", session=own.session)
    own.be(None)
    with pytest.raises(errors.Unauthorized):
        discuss.comment(TINY, 1, "Hello", session=own.session)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda s: discuss.read(TINY, 99, session=s), errors.NotFound, "%hf discuss demo/tiny --status all"),
        (lambda s: discuss.comment(TINY, 99, "x", session=s), errors.NotFound, "no discussion 99"),
        (lambda s: discuss.read("demo/tinny", 1, session=s), errors.NotFound, "demo/tiny"),
        (lambda s: discuss.read(TINY, 0, session=s), errors.BadInput, "no number"),
        (lambda s: discuss.open(TINY, " ", session=s), errors.BadInput, "needs a title"),
        (lambda s: discuss.comment(TINY, 1, " \n", session=s), errors.BadInput, "nothing to say"),
        (lambda s: discuss.comment(TINY, 1, "x" * 70_000, session=s), errors.BadInput, "at most"),
        (lambda s: discuss.list(TINY, status="done", session=s), errors.BadInput, "open, closed, all"),
    ],
)
def test_what_is_wrong_is_said(own: Own, call: Any, kind: type[errors.HfNbError], words: str) -> None:
    with pytest.raises(kind) as wrong:
        call(own.session)
    assert words in str(wrong.value)
    assert len(wrong.value._render_traceback_()) <= 3


def test_a_token_is_not_said_aloud(own: Own) -> None:
    for title, text in (("Help", f"my token is hf_{'aB3' * 12}"), (f"hf_{'aB3' * 12}", "Help")):
        with pytest.raises(errors.Refused) as refused:
            discuss.open(TINY, title, text, session=own.session)
        assert "aB3" not in str(refused.value)
    with pytest.raises(errors.Refused):
        discuss.comment(TINY, 1, "hf_teacher_offline", session=own.session)
    assert not [one for one in own.hub.requests() if one["method"] == "POST"]


def test_a_lost_answer_does_not_make_anybody_say_it_twice(own: Own, repo: str) -> None:
    own.session.settings.read_timeout = 0.5
    with own.hub.fault("lost", match="POST *"), pytest.raises(errors.Passing) as wrong:
        discuss.open(repo, "Once", "only", session=own.session)
    assert "look before trying again" in str(wrong.value)
    own.session.settings.read_timeout = 10
    assert [one.title for one in discuss.list(repo, session=own.session)] == ["Once"]


def test_a_comment_that_arrived_is_no_error_though_the_thread_cannot_be_read(
    own: Own, repo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.plumbing.transports.retry.PATIENCE", 0.2, raising=False)
    discuss.open(repo, "A", "b", session=own.session)
    with own.hub.fault("status", status=404, match="GET */discussions/1"):
        said = discuss.comment(repo, 1, "There.", session=own.session)
    assert "Your comment is there" in (said.note or "")
    assert [one.text for one in said.events] == ["There."]


@pytest.mark.parametrize("status", [401, 403, 429, 503])
@pytest.mark.parametrize("verb", ["list", "read"])
def test_a_fault_is_typed(own: Own, verb: str, status: int) -> None:
    own.session.settings.deadline = 0.6
    kinds = {401: errors.Unauthorized, 403: errors.Unauthorized, 429: errors.RateLimited, 503: errors.Busy}
    calls: dict[str, Any] = {
        "list": lambda: discuss.list(TINY, session=own.session),
        "read": lambda: discuss.read(TINY, 1, session=own.session),
    }
    with own.hub.fault("status", status=status, match="*/discussions*"), pytest.raises(kinds[status]):
        calls[verb]()
