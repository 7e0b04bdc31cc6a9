"""Branches, tags and commits: what the Hub has, in the words that can be typed."""

from itertools import pairwise
from typing import Any

import pytest

from hf_nb import errors, render
from hf_nb.hub.versions.history import log, refs
from tests.hub.owning import Own

TINY = "demo/tiny"


@pytest.fixture(scope="module")
def long(own_hub: Any) -> str:
    """A repository of 105 commits, which is more than a page."""
    from huggingface_hub import CommitOperationAdd, HfApi

    api = HfApi(endpoint=own_hub.url, token="hf_teacher_offline")
    repo = api.create_repo("teacher/long").repo_id
    for number in range(104):
        added = CommitOperationAdd("n.txt", str(number).encode())
        api.create_commit(repo, [added], commit_message=f"Number {number}")
    return repo


def test_refs_are_branches_tags_and_pull_requests_with_their_commits(own: Own) -> None:
    found = refs(TINY, session=own.session)
    by_name = {one.ref: one for one in found}
    assert {"main", "feature/x", "v1.0", "refs/pr/2"} <= set(by_name)
    assert by_name["v1.0"].sort == "tag"
    assert by_name["main"].commit == own.api("teacher").model_info(TINY).sha
    assert "%hf diff demo/tiny v1.0..main" in str(found)


def test_a_dataset_is_found_without_saying_that_it_is_one(own: Own) -> None:
    found = log("demo/rows", session=own.session)
    assert (found.kind, found[0].title, found[0].authors) == ("dataset", "rows", ("teacher",))
    assert log("datasets/demo/rows", session=own.session) == found


def test_a_log_asks_for_as_many_pages_as_it_needs_and_says_where_the_rest_begins(own: Own, long: str) -> None:
    own.hub.clear_requests()
    first = log(long, limit=5, session=own.session)
    assert [one.title for one in first] == [f"Number {n}" for n in range(103, 98, -1)]
    assert sum("/commits/" in one["path"] for one in own.hub.requests()) == 1
    assert all(one.date and other.date and one.date >= other.date for one, other in pairwise(first))
    second = log(long, first.older, limit=5, session=own.session)
    assert second[0].title == "Number 98"
    whole = log(long, limit=500, session=own.session)
    assert (len(whole), whole.older) == (105, None)


@pytest.mark.parametrize(
    ("revision", "title"),
    [("main~1", "Number 102"), ("main^", "Number 102"), ("~103", "Number 0"), ("main~104", "initial commit")],
)
def test_a_revision_may_count_back(own: Own, long: str, revision: str, title: str) -> None:
    assert log(long, revision, limit=1, session=own.session)[0].title == title


def test_a_day_means_the_last_commit_of_it(own: Own) -> None:
    assert log(TINY, "2025-03-02", limit=1, session=own.session)[0].title == "Add model"
    assert log(TINY, "2025-03-03", limit=1, session=own.session)[0].title == "Change <one> file"
    with pytest.raises(errors.NotFound, match="no commit at 2020-01-01"):
        log(TINY, "2020-01-01", session=own.session)
    with pytest.raises(errors.BadInput, match="no date"):
        log(TINY, "2020-99-01", session=own.session)


@pytest.mark.parametrize(
    ("repo", "revision", "kind", "step"),
    [
        (TINY, "no-such-branch", errors.NotFound, "%hf refs demo/tiny"),
        (TINY, "main~400", errors.NotFound, "%hf log demo/tiny"),
        ("demo/tinny", None, errors.NotFound, "demo/tiny"),
        ("", None, errors.BadInput, ""),
        ("a/../b", None, errors.HfNbError, ""),
    ],
)
def test_what_is_wrong_is_said_with_the_next_step(
    own: Own,
    repo: str,
    revision: str | None,
    kind: type[errors.HfNbError],
    step: str,
) -> None:
    with pytest.raises(kind) as wrong:
        log(repo, revision, session=own.session)
    assert step in str(wrong.value)
    assert len(wrong.value._render_traceback_()) <= 3


def test_what_people_wrote_is_text_on_a_page(own: Own) -> None:
    found = log(TINY, session=own.session)
    assert "Change &lt;one&gt; file" in render.html(found)
    assert "Change <one> file" in render.text(found)


def test_values_are_rows_ids_and_json(own: Own) -> None:
    found = log(TINY, session=own.session)
    assert found.brief() == [one.id for one in found]
    assert list(found.to_pandas()["title"]) == [one.title for one in found]
    assert found.to_dict()["commits"][0]["title"] == "Change <one> file"
    assert "v1.0" in list(refs(TINY, session=own.session).to_pandas()["name"])


def test_reading_about_a_repository_is_no_use_of_it(own: Own) -> None:
    log(TINY, session=own.session)
    refs(TINY, session=own.session)
    assert own.session.ledger.uses() == ()
