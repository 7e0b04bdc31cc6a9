"""One repository; and the nearest real ids when there is none."""

from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.info import info, nearest
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session

TEACHER = "hf_teacher_offline"


@pytest.fixture
def session(hub: Any) -> Session:
    return Session()


def test_a_model_tells_its_card_files_parameters_and_results(session: Session) -> None:
    repo = info("hfnb-demo/sentiment-en", session=session)
    assert (repo.kind, repo.task, repo.licence, repo.languages) == (
        "model",
        "text-classification",
        "apache-2.0",
        ("en",),
    )
    assert {"README.md", "config.json", "model.safetensors"} <= {file.path for file in repo.files}
    assert repo.bytes > 10_000
    assert sum(repo.parameters.values()) > 1_000
    assert repo.scores
    assert repo.commit is not None
    assert len(repo.commit) == 40
    assert not repo.card.startswith("---"), "the YAML is not the card's text"
    assert "trained" in repo.card.lower()


@pytest.mark.parametrize("name", ["datasets/hfnb-demo/sklearn-tables", "hfnb-demo/sklearn-tables"])
def test_a_dataset_is_found_with_or_without_its_prefix(name: str, session: Session) -> None:
    assert info(name, session=session).kind == "dataset"


def test_a_space_tells_its_sdk_and_state(session: Session) -> None:
    from hf_nb.hub.search import search

    found = search(kind="spaces", sdk="gradio", session=session)[0]
    repo = info(f"spaces/{found.id}", session=session)
    assert (repo.sdk, bool(repo.stage)) == ("gradio", True)


def test_a_renamed_model_is_found_under_its_old_name(session: Session) -> None:
    assert info("hfnb-demo/sentiment-english", session=session).id == "hfnb-demo/sentiment-en"


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("hfnb-demo/sentimant-en", "hfnb-demo/sentiment-en"),
        ("hfnb-dmeo/sentiment-en", "hfnb-demo/sentiment-en"),
        ("sentiment-en", "hfnb-demo/sentiment-en"),
        ("hfnb-demo/digit-vit", "hfnb-demo/digits-vit"),
        ("datasets/hfnb-demo/sklern-tables", "datasets/hfnb-demo/sklearn-tables"),
    ],
)
def test_a_wrong_id_offers_the_nearest_real_ids(typo: str, meant: str, session: Session) -> None:
    with pytest.raises(errors.NotFound) as missing:
        info(typo, session=session)
    assert missing.value.nearest[0] == meant
    assert f"Try: %hf info {meant}" in str(missing.value)
    assert len(missing.value._render_traceback_()) <= 3


def test_a_wrong_id_like_nothing_here_says_how_to_search(session: Session) -> None:
    with pytest.raises(errors.NotFound, match="%hf search") as missing:
        info("zzzz/qqqqqqqq", session=session)
    assert missing.value.nearest == ()


@pytest.mark.parametrize("wrong", ["", "   ", "a/b/c", "owner/na me", "owner/../../etc", "--x"])
def test_what_cannot_be_an_id_is_refused(wrong: str, session: Session) -> None:
    with pytest.raises(errors.Lasting):
        info(wrong, session=session)


def test_an_unknown_revision_is_not_an_unknown_model(session: Session) -> None:
    with pytest.raises(errors.NotFound, match="revision"):
        info("hfnb-demo/sentiment-en", revision="no-such-branch", session=session)


def test_a_private_model_is_invisible_until_one_may_see_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(errors.NotFound):
        info("hfnb-lab/sentiment-en-draft", session=session)
    assert "hfnb-lab/sentiment-en-draft" not in nearest("hfnb-lab/sentiment-en-drat", session=session)
    monkeypatch.setattr("huggingface_hub.utils._headers.get_token", lambda: TEACHER)
    assert info("hfnb-lab/sentiment-en-draft", session=session).private


def test_a_gated_model_can_be_read_about(session: Session) -> None:
    repo = info("hfnb-lab/sentiment-de", session=session)
    assert repo.gated == "manual"
    assert "the owner lets people in" in str(repo)


def test_a_card_that_cannot_be_had_does_not_spoil_the_rest(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with http.fault("status", session, match="*/resolve/*", status=503):
        repo = info("hfnb-demo/digits-vit", session=session)
    assert repo.files
    assert "could not be read" in str(repo.note)


def test_without_a_hub_the_next_step_says_how_to_start_one(session: Session) -> None:
    with http.fault("connect", session), pytest.raises(errors.Unreachable, match="hf-nb hub run"):
        info("hfnb-demo/sentiment-en", session=session)
