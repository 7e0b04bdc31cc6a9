"""People, and what they make of repositories.

Nothing is compared with constants of the content: one answer is held against another, and against the bytes themselves.
"""

from __future__ import annotations

from tests.clients.demo import DIGITS, LEARNER, PUBLIC, TEACHER, TEXT
from tests.clients.reading.client import api


def people() -> None:
    assert api.get_organization_overview(PUBLIC).name == PUBLIC
    members = {user.username for user in api.list_organization_members(PUBLIC)}
    assert {TEACHER, LEARNER} <= members
    assert api.get_user_overview(LEARNER).username == LEARNER
    list(api.list_repo_likers(TEXT))
    api.list_liked_repos(LEARNER)


def collections() -> None:
    found = list(api.list_collections(owner=PUBLIC))
    assert found
    for short in found:
        whole = api.get_collection(short.slug)
        assert whole.title == short.title
        assert len(whole.items) >= len(short.items) > 0
    kinds = {"model": "models", "dataset": "datasets", "space": "spaces", "paper": "papers"}
    item = next(one for one in api.get_collection(found[0].slug).items if one.item_type in kinds)
    asked = f"{kinds[item.item_type]}/{item.item_id}"
    assert found[0].slug in {one.slug for one in api.list_collections(item=asked)}


def discussions() -> None:
    talked = 0
    for repo_id, kind in ((TEXT, "model"), (DIGITS, "dataset")):
        for short in api.get_repo_discussions(repo_id, repo_type=kind):
            talked += 1
            whole = api.get_discussion_details(repo_id, short.num, repo_type=kind)
            assert (whole.title, whole.status, whole.author) == (short.title, short.status, short.author)
            assert whole.events
            assert whole.events[0].type == "comment"
    assert talked


def papers() -> None:
    found = list(api.list_papers(query="", limit=50)) or list(api.list_daily_papers())
    assert found
    paper = api.paper_info(found[0].id)
    assert paper.title == found[0].title
    assert list(api.list_papers(query=str(paper.title).split()[0]))
    assert list(api.list_daily_papers(limit=1))


def space_runtime() -> None:
    for space in api.list_spaces(author=PUBLIC):
        assert api.get_space_runtime(space.id).stage
