"""What is switched off is refused before a request leaves, whoever asks; what is not stays usable."""

from __future__ import annotations

from typing import Any

import pytest

import hf_nb
from hf_nb.errors import Refused
from hf_nb.plumbing import http, session


@pytest.fixture
def theirs(hub: Any) -> Any:
    """The official client on our door to the network."""
    http.install(session.current())
    from huggingface_hub import HfApi

    return HfApi(endpoint=hub.url)


def test_datasets_and_spaces_can_be_switched_off_for_the_official_client_too(theirs: Any, hub: Any) -> None:
    hf_nb.settings().allow_datasets = False
    with pytest.raises(Refused, match="allow_datasets = false, from this notebook") as caught:
        theirs.dataset_info("hfnb-demo/digits")
    assert caught.value.next_step == "To allow it: %hf settings allow_datasets=true"
    with pytest.raises(Refused):
        theirs.hf_hub_download("hfnb-demo/digits", "README.md", repo_type="dataset", force_download=True)
    assert [one for one in hub.requests() if "datasets" in one["path"]] == []
    assert theirs.space_info("hfnb-demo/welcome").id
    hf_nb.settings().allow_spaces = False
    with pytest.raises(Refused, match="Spaces are off"):
        list(theirs.list_spaces(limit=1))
    assert theirs.model_info("hfnb-demo/sentiment-en").id


def test_without_uploads_nothing_is_changed_and_everything_can_be_read(theirs: Any, hub: Any) -> None:
    hf_nb.settings().allow_upload = False
    for change in (
        lambda: theirs.create_repo("a/b", token="x"),
        lambda: theirs.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="a/b", token="x"),
        lambda: theirs.create_discussion("a/b", title="x", token="x"),
        lambda: theirs.delete_repo("a/b", token="x"),
    ):
        with pytest.raises(Refused, match="Changing anything on the Hub is off"):
            change()
    assert {one["method"] for one in hub.requests()} <= {"GET", "HEAD"}
    assert theirs.get_paths_info("hfnb-demo/sentiment-en", ["README.md"])


def test_models_elsewhere_can_be_switched_off(theirs: Any) -> None:
    hf_nb.settings().allow_remote = False
    from huggingface_hub import get_session

    with pytest.raises(Refused, match="other machines"):
        get_session().get("https://router.huggingface.co/v1/models")


def test_inference_can_be_switched_off() -> None:
    hf_nb.settings().allow_inference = False
    with pytest.raises(Refused, match="Running models is off"):
        hf_nb.infer.run("x", model="a/b")


def test_a_copy_does_not_answer_for_what_is_switched_off(hub: Any) -> None:
    assert hf_nb.info("datasets/hfnb-demo/digits").id
    hf_nb.settings().allow_datasets = False
    with pytest.raises(Refused):
        hf_nb.info("datasets/hfnb-demo/digits")


def test_your_own_default_model_is_used(hub: Any) -> None:
    from hf_nb.infer.choose import Wish, choose

    hf_nb.settings().default_models = {"text-classification": "hfnb-demo/topic-en"}
    choice = choose(Wish(task="text-classification", input="I love it"), session.current())
    assert (choice.targets[0].model, choice.reason) == (
        "hfnb-demo/topic-en",
        "your default for text-classification",
    )
