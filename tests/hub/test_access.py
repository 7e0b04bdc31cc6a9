"""Gated repositories from both sides of the gate."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb import errors, render
from hf_nb.hub.people import access
from tests.hub.owning import Own


@pytest.fixture
def gated(own: Own) -> str:
    api = own.api("teacher")
    repo = api.create_repo(f"lab/{own.name('gate')}").repo_id
    api.update_repo_settings(repo, gated="manual")
    return repo


def enters(own: Own, name: str, repo: str) -> bool:
    from huggingface_hub.errors import GatedRepoError

    try:
        own.api(name).auth_check(repo)
    except GatedRepoError:
        return False
    return True


def test_somebody_asks_is_let_in_and_turned_out_again(own: Own, gated: str) -> None:
    own.be("learner")
    asked = access.ask(gated, session=own.session, reason="a course")
    assert asked.status == "pending"
    assert not enters(own, "learner", gated)
    own.be("teacher")
    (request,) = access.requests(gated, session=own.session)
    assert (request.user, request.status, request.fields) == ("learner", "pending", {"reason": "a course"})
    assert f"%hf access {gated} --accept learner" in str(access.requests(gated, session=own.session))
    let_in = access.accept(gated, "learner", session=own.session)
    assert (let_in.done, let_in[0].status) == ("learner: accepted", "accepted")
    assert enters(own, "learner", gated)
    out = access.reject(gated, "learner", reason="the course is over", session=own.session)
    assert [(one.user, one.status) for one in out] == [("learner", "rejected")]
    assert not enters(own, "learner", gated)


def test_somebody_who_did_not_ask_is_let_in(own: Own, gated: str) -> None:
    assert access.grant(gated, "stranger", session=own.session).brief() == ["stranger"]
    assert enters(own, "stranger", gated)
    assert access.requests(gated, status="pending", session=own.session).requests == ()


def test_what_people_answer_is_text_on_a_page(own: Own, gated: str) -> None:
    own.be("learner")
    access.ask(gated, session=own.session, why="<script>alert(1)</script>")
    own.be("teacher")
    page = render.html(access.requests(gated, session=own.session))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("call", "who", "kind", "words"),
    [
        (lambda _, s: access.requests("demo/tiny", session=s), "teacher", errors.BadInput, "--gated manual"),
        (lambda r, s: access.requests(r, session=s), "learner", errors.Unauthorized, ""),
        (lambda r, s: access.requests(r, session=s), None, errors.Unauthorized, ""),
        (
            lambda r, s: access.accept(r, "nobody-here", session=s),
            "teacher",
            errors.NotFound,
            "%hf access lab/",
        ),
        (lambda r, s: access.ask(r, session=s), None, errors.Unauthorized, "login"),
        (lambda r, s: access.requests(r, status="lost", session=s), "teacher", errors.BadInput, "pending"),
        (lambda _, s: access.requests("lab/no-such", session=s), "teacher", errors.NotFound, ""),
    ],
)
def test_what_is_wrong_is_said(
    own: Own, gated: str, call: Any, who: str | None, kind: type[errors.HfNbError], words: str
) -> None:
    own.be(who)
    with pytest.raises(kind) as wrong:
        call(gated, own.session)
    assert words in str(wrong.value)
    assert len(wrong.value._render_traceback_()) <= 3
