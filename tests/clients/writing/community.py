"""What people say to each other, ask for, collect and like."""

from __future__ import annotations

import tempfile
from pathlib import Path

from huggingface_hub import DiscussionComment
from huggingface_hub.errors import GatedRepoError
from huggingface_hub.utils import get_session, hf_raise_for_status

from tests.clients.people import LAB, ME, READER_TOKEN, YOU, YOU_TOKEN
from tests.clients.writing.client import api, read, refused, repository

# a PNG of one pixel
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
    "89993d1d0000000049454e44ae426082"
)


def posted(path: str, token: str, method: str = "POST") -> None:
    """What the website does and the client has no word for."""
    headers = {"authorization": f"Bearer {token}"}
    hf_raise_for_status(get_session().request(method, f"{api.endpoint}/{path}", headers=headers))


def discuss() -> None:
    repo = repository("discuss")
    opened = api.create_discussion(repo, "A question", description="Does it *work*?", token=YOU_TOKEN)
    assert (opened.author, opened.status, opened.is_pull_request) == (YOU, "open", False)
    said = api.comment_discussion(repo, opened.num, "It does.")
    assert (said.author, said.content) == (ME, "It does.")
    api.edit_discussion_comment(repo, opened.num, said.id, "It does not.")
    api.rename_discussion(repo, opened.num, "An answer")
    with refused(403):
        api.edit_discussion_comment(repo, opened.num, said.id, "Never said.", token=READER_TOKEN)
    with refused(403):
        api.comment_discussion(repo, opened.num, "I may only read.", token=READER_TOKEN)
    seen = api.get_discussion_details(repo, opened.num, token=False)
    assert seen.title == "An answer"
    comments = [event for event in seen.events if isinstance(event, DiscussionComment)]
    assert [(event.author, event.content, event.edited) for event in comments] == [
        (YOU, "Does it *work*?", False),
        (ME, "It does not.", True),
    ]
    assert "work" in comments[0].rendered
    hidden = api.hide_discussion_comment(repo, opened.num, said.id)
    assert hidden.hidden
    (last,) = [event for event in api.get_discussion_details(repo, opened.num).events if event.id == said.id]
    assert last._event["data"]["hidden"]
    assert [one.num for one in api.get_repo_discussions(repo)] == [opened.num]


def status() -> None:
    repo = repository("status")
    first, second = (api.create_discussion(repo, title) for title in ("First", "Second"))
    assert (first.num, second.num) == (1, 2)
    api.change_discussion_status(repo, 1, "closed", comment="done")
    assert {one.num for one in api.get_repo_discussions(repo, discussion_status="open")} == {2}
    assert {one.num for one in api.get_repo_discussions(repo, discussion_status="closed")} == {1}
    with refused(403):
        api.change_discussion_status(repo, 1, "open", token=YOU_TOKEN)
    api.change_discussion_status(repo, 1, "open")
    kinds = [event.type for event in api.get_discussion_details(repo, 1).events]
    assert kinds.count("status-change") == 2
    theirs = api.create_pull_request(repo, "Mine", token=YOU_TOKEN)
    api.change_discussion_status(repo, theirs.num, "closed", token=YOU_TOKEN)
    assert api.get_discussion_details(repo, theirs.num).status == "closed"
    assert {one.num for one in api.get_repo_discussions(repo, discussion_type="pull_request")} == {theirs.num}


def attach() -> None:
    picture = Path(tempfile.mkdtemp()) / "pixel.png"
    picture.write_bytes(PIXEL)
    address = api.upload_attachment(picture)
    assert get_session().get(address).content == PIXEL


def ask_for_access() -> None:
    repo = repository("gated")
    api.upload_file(path_or_fileobj=b"inside", path_in_repo="a.txt", repo_id=repo)
    api.update_repo_settings(repo, gated="manual")
    with refused(403, GatedRepoError):
        read(repo, "a.txt", token=YOU_TOKEN)
    posted(f"{repo}/ask-access", YOU_TOKEN)
    (asked,) = api.list_pending_access_requests(repo)
    assert (asked.username, asked.status) == (YOU, "pending")
    with refused(403, GatedRepoError):
        read(repo, "a.txt", token=YOU_TOKEN)
    with refused(403):
        list(api.list_pending_access_requests(repo, token=YOU_TOKEN))
    api.accept_access_request(repo, YOU)
    assert read(repo, "a.txt", token=YOU_TOKEN) == b"inside"
    assert [one.username for one in api.list_accepted_access_requests(repo)] == [YOU]
    api.reject_access_request(repo, YOU, rejection_reason="no longer")
    with refused(403, GatedRepoError):
        read(repo, "a.txt", token=YOU_TOKEN)
    assert [one.username for one in api.list_rejected_access_requests(repo)] == [YOU]


def grant_and_cancel() -> None:
    repo = repository("gated", "dataset")
    api.upload_file(path_or_fileobj=b"inside", path_in_repo="a.txt", repo_id=repo, repo_type="dataset")
    api.update_repo_settings(repo, gated="auto", repo_type="dataset")
    api.grant_access(repo, YOU, repo_type="dataset")
    assert read(repo, "a.txt", repo_type="dataset", token=YOU_TOKEN) == b"inside"
    api.cancel_access_request(repo, YOU, repo_type="dataset")
    with refused(403, GatedRepoError):
        read(repo, "a.txt", repo_type="dataset", token=YOU_TOKEN)
    assert [one.username for one in api.list_pending_access_requests(repo, repo_type="dataset")] == [YOU]
    with refused(404):
        api.grant_access(repo, "nobody-of-this-name", repo_type="dataset")


def collect() -> None:
    model, rows = repository("item"), repository("item", "dataset")
    title = f"Things {model[-8:]}"
    made = api.create_collection(title, namespace=LAB, description="of mine", private=True)
    assert made.slug.startswith(f"{LAB}/things-")
    with refused(409):
        api.create_collection(title, namespace=LAB)
    assert api.create_collection(title, namespace=LAB, exists_ok=True).slug == made.slug
    api.add_collection_item(made.slug, model, "model", note="good")
    found = api.add_collection_item(made.slug, rows, "dataset")
    assert [(one.item_id, one.item_type, one.note) for one in found.items] == [
        (model, "model", "good"),
        (rows, "dataset", None),
    ]
    with refused(409):
        api.add_collection_item(made.slug, model, "model")
    api.add_collection_item(made.slug, model, "model", exists_ok=True)
    first, second = found.items
    api.update_collection_item(made.slug, first.item_object_id, note="better", position=1)
    api.update_collection_metadata(made.slug, title="Other things", private=False, theme="green")
    seen = api.get_collection(made.slug, token=False)
    assert (seen.title, seen.private, seen.theme) == ("Other things", False, "green")
    assert [(one.item_id, one.note) for one in seen.items] == [(rows, None), (model, "better")]
    with refused(403):
        api.add_collection_item(made.slug, model, "model", token=READER_TOKEN)
    api.delete_collection_item(made.slug, second.item_object_id)
    api.delete_collection_item(made.slug, second.item_object_id, missing_ok=True)
    assert [one.item_id for one in api.get_collection(made.slug).items] == [model]
    api.delete_collection(made.slug)
    api.delete_collection(made.slug, missing_ok=True)
    with refused(404):
        api.get_collection(made.slug)


def like() -> None:
    repo = repository("like")
    for token in (YOU_TOKEN, YOU_TOKEN):
        posted(f"api/models/{repo}/like", token)
    assert api.model_info(repo).likes == 1
    assert [one.username for one in api.list_repo_likers(repo)] == [YOU]
    assert repo in api.list_liked_repos(YOU).models
    api.unlike(repo, token=YOU_TOKEN)
    api.unlike(repo, token=YOU_TOKEN)
    assert api.model_info(repo).likes == 0
    assert list(api.list_repo_likers(repo)) == []
    with refused(403):
        posted(f"api/models/{repo}/like", READER_TOKEN)
