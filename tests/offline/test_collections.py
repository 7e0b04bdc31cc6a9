"""Collections: made, filled, ordered, and seen by whom."""

from __future__ import annotations

from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.offline.small import LEARNER, STRANGER, TEACHER


@pytest.fixture
def teacher(mine) -> HfApi:
    return HfApi(endpoint=mine.url, token=TEACHER)


@pytest.fixture
def learner(mine) -> HfApi:
    return HfApi(endpoint=mine.url, token=LEARNER)


def refusal(call: Any, *args: Any, **named: Any) -> int:
    with pytest.raises(HfHubHTTPError) as refused:
        call(*args, **named)
    return int(refused.value.response.status_code)


def test_a_collection_is_made_once(learner, mine):
    made = learner.create_collection("My cool stuff!", description="Cool")
    assert made.slug.startswith("learner/my-cool-stuff-")
    assert (made.owner["name"], made.items, made.private, made.description) == ("learner", [], False, "Cool")
    assert made.url == f"{mine.url}/collections/{made.slug}"
    assert refusal(learner.create_collection, "My cool stuff!") == 409
    again = learner.create_collection("My cool stuff!", description="other", exists_ok=True)
    assert (again.slug, again.description) == (made.slug, "Cool")
    learner.delete_collection(made.slug)
    assert refusal(learner.delete_collection, made.slug) == 404
    learner.delete_collection(made.slug, missing_ok=True)


def test_another_title_is_another_slug_of_the_same_collection(learner):
    made = learner.create_collection("First")
    outer = learner.create_collection("Outer")
    learner.add_collection_item(outer.slug, made.slug, "collection")
    later = learner.update_collection_metadata(
        made.slug, title="Second", description="d", theme="pink", private=True, position=3
    )
    assert (later.title, later.description, later.theme, later.private, later.position) == (
        "Second",
        "d",
        "pink",
        True,
        3,
    )
    assert later.slug == made.slug.replace("first", "second")
    assert learner.get_collection(made.slug).slug == learner.get_collection(later.slug).slug == later.slug
    assert [item.item_id for item in learner.get_collection(outer.slug).items] == [later.slug]
    assert refusal(learner.update_collection_metadata, later.slug, theme="plaid") == 400
    learner.delete_collection(made.slug)
    assert learner.get_collection(outer.slug).items == []
    learner.delete_collection(outer.slug)


def test_items_are_added_noted_moved_and_removed(learner):
    slug = learner.create_collection("Items").slug
    learner.add_collection_item(slug, "demo/tiny", "model", note="small <b>")
    learner.add_collection_item(slug, "demo/rows", "dataset")
    learner.add_collection_item(slug, "demo/app", "space")
    whole = learner.add_collection_item(slug, "1810.04805", "paper")
    assert [(item.item_type, item.item_id, item.position) for item in whole.items] == [
        ("model", "demo/tiny", 0),
        ("dataset", "demo/rows", 1),
        ("space", "demo/app", 2),
        ("paper", "1810.04805", 3),
    ]
    assert whole.items[0].note == "small <b>"
    assert refusal(learner.add_collection_item, slug, "Demo/Tiny", "model") == 409
    assert len(learner.add_collection_item(slug, "demo/tiny", "model", exists_ok=True).items) == 4
    for id, kind in (
        ("demo/tiny", "dataset"),
        ("lab/secret", "model"),
        ("0", "paper"),
        ("a/b-c", "collection"),
    ):
        assert refusal(learner.add_collection_item, slug, id, kind) == 404
    assert refusal(learner.add_collection_item, slug, slug, "collection") == 400
    first = whole.items[0].item_object_id
    learner.update_collection_item(slug, first, note="new", position=2)
    moved = learner.get_collection(slug).items
    assert [item.item_id for item in moved] == ["demo/rows", "demo/app", "demo/tiny", "1810.04805"]
    assert (moved[2].note, moved[2].item_object_id) == ("new", first)
    learner.delete_collection_item(slug, first)
    learner.delete_collection_item(slug, first, missing_ok=True)
    assert refusal(learner.delete_collection_item, slug, first) == 404
    assert refusal(learner.update_collection_item, slug, first, note="x") == 404
    assert [item.position for item in learner.get_collection(slug).items] == [0, 1, 2]
    learner.delete_collection(slug)


def test_a_renamed_repository_stays_in_its_collections(learner):
    learner.create_repo("before")
    slug = learner.create_collection("Renamed").slug
    learner.add_collection_item(slug, "learner/before", "model")
    learner.move_repo("learner/before", "learner/after")
    assert [item.item_id for item in learner.get_collection(slug).items] == ["learner/after"]
    learner.delete_repo("learner/after")
    assert learner.get_collection(slug).items == []
    learner.delete_collection(slug)


def test_a_batch_is_done_whole_or_not_at_all(learner, raw_mine, bearer):
    slug = learner.create_collection("Batch").slug
    for id in ("demo/tiny", "demo/base"):
        held = learner.add_collection_item(slug, id, "model").items
    steps = [
        {"action": "update", "_id": held[0].item_object_id, "data": {"note": "n", "position": 1}},
        {"action": "delete", "_id": held[1].item_object_id},
    ]
    address = f"/api/collections/{slug}/items/batch"
    broken = [*steps, {"action": "delete", "_id": "f" * 24}]
    assert raw_mine.post(address, json=broken, headers=bearer["learner"]).status_code == 404
    assert [item.item_id for item in learner.get_collection(slug).items] == ["demo/tiny", "demo/base"]
    assert raw_mine.post(address, json=steps, headers=bearer["learner"]).status_code == 200
    assert [(item.item_id, item.note) for item in learner.get_collection(slug).items] == [("demo/tiny", "n")]
    assert raw_mine.post(address, json={"a": 1}, headers=bearer["learner"]).status_code == 400
    learner.delete_collection(slug)


def test_a_private_collection_is_for_its_own_people(teacher, learner, mine):
    slug = teacher.create_collection("Ours", namespace="lab", private=True).slug
    outer = teacher.create_collection("Around", namespace="demo").slug
    teacher.add_collection_item(outer, slug, "collection")
    nobody = HfApi(endpoint=mine.url, token=False)
    assert teacher.get_collection(slug).private
    assert refusal(learner.get_collection, slug) == 404
    assert refusal(nobody.get_collection, slug) == 401
    assert refusal(learner.delete_collection, slug) == 404
    assert [len(api.get_collection(outer).items) for api in (teacher, learner, nobody)] == [1, 0, 0]
    assert slug not in [one.slug for one in learner.list_collections(owner="lab", limit=100)]
    teacher.update_collection_metadata(slug, private=False)
    assert nobody.get_collection(slug).title == "Ours"
    teacher.delete_collection(slug)
    teacher.delete_collection(outer)


def test_who_may_change_one(teacher, learner, mine):
    slug = teacher.create_collection("Roles", namespace="demo").slug
    item = teacher.add_collection_item(slug, "demo/tiny", "model").items[0].item_object_id
    for api, status in (
        (learner, 403),  # reads in demo
        (HfApi(endpoint=mine.url, token=STRANGER), 403),
        (HfApi(endpoint=mine.url, token=False), 401),
    ):
        assert refusal(api.create_collection, "x", namespace="demo") == status
        assert refusal(api.update_collection_metadata, slug, title="x") == status
        assert refusal(api.add_collection_item, slug, "demo/base", "model") == status
        assert refusal(api.update_collection_item, slug, item, note="x") == status
        assert refusal(api.delete_collection_item, slug, item) == status
        assert refusal(api.delete_collection, slug) == status
    assert refusal(teacher.create_collection, " ") == 400
    teacher.update_collection_resource_group(slug, None)
    assert refusal(teacher.update_collection_resource_group, slug, "f" * 24) == 404
    teacher.delete_collection(slug)
