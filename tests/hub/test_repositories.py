"""Repositories made, named, shown, gated and copied."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.versions import repositories
from tests.hub.owning import Own


def test_a_repository_is_created_hidden_gated_and_renamed(own: Own) -> None:
    api = own.api("teacher")
    made = repositories.create("datasets/teacher/rows", private=True, session=own.session)
    assert (made.kind, made.id) == ("dataset", "teacher/rows")
    assert api.dataset_info("teacher/rows").private
    repositories.show("datasets/teacher/rows", private=False, session=own.session)
    assert not api.dataset_info("teacher/rows").private
    repositories.gate("datasets/teacher/rows", "manual", session=own.session)
    assert api.dataset_info("teacher/rows").gated == "manual"
    repositories.gate("datasets/teacher/rows", "off", session=own.session)
    assert not api.dataset_info("teacher/rows").gated
    renamed = repositories.rename("datasets/teacher/rows", "lines", session=own.session)
    assert renamed.id == "teacher/lines"
    assert api.dataset_info("teacher/rows").id == "teacher/lines"


def test_a_copy_is_private_unless_said_otherwise_and_keeps_the_history(own: Own) -> None:
    api = own.api("teacher")
    copied = repositories.duplicate("demo/tiny", "teacher/mine", session=own.session)
    assert (copied.id, api.model_info("teacher/mine").private) == ("teacher/mine", True)
    theirs, mine = (api.list_repo_commits(one) for one in ("demo/tiny", "teacher/mine"))
    assert [one.title for one in theirs][:2] == [one.title for one in mine][:2]


@pytest.mark.parametrize(
    ("call", "who", "kind", "words"),
    [
        (lambda s: repositories.create("spaces/teacher/app", session=s), "teacher", errors.BadInput, "sdk="),
        (lambda s: repositories.create("demo/tiny", session=s), "teacher", errors.BadInput, ""),
        (lambda s: repositories.create("learner/x", session=s), None, errors.Unauthorized, ""),
        (lambda s: repositories.rename("demo/tiny", "other", session=s), "learner", errors.Unauthorized, ""),
        (lambda s: repositories.gate("demo/tiny", "shut", session=s), "teacher", errors.BadInput, "auto"),
        (
            lambda s: repositories.show("demo/none-such", private=True, session=s),
            "teacher",
            errors.NotFound,
            "",
        ),
    ],
)
def test_what_is_wrong_is_said(
    own: Own, call: Any, who: str | None, kind: type[errors.HfNbError], words: str
) -> None:
    own.be(who)
    with pytest.raises(kind) as wrong:
        call(own.session)
    assert words in str(wrong.value)


def test_a_lost_answer_leads_to_a_look(own: Own) -> None:
    own.session.settings.read_timeout = 0.5
    with own.hub.fault("lost", match="POST /api/repos/create"), pytest.raises(errors.Passing) as wrong:
        repositories.create("teacher/once", session=own.session)
    assert "%hf info teacher/once" in str(wrong.value)
    assert own.api("teacher").repo_exists("teacher/once")
