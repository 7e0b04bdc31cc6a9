"""Which repository is meant, and the nearest real ids when there is none."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub import ids
from hf_nb.hub.reading.info import info
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session

TYPOS = {
    "hfnb-demo/sentimant-en": "hfnb-demo/sentiment-en",
    "hfnb-dmeo/sentiment-en": "hfnb-demo/sentiment-en",
    "sentiment-en": "hfnb-demo/sentiment-en",
    "sentiment_en": "hfnb-demo/sentiment-en",
    "hfnb-demo/setniment-fr": "hfnb-demo/sentiment-fr",
    "hfnb-demo/sentiment-en-slang-olra": "hfnb-demo/sentiment-en-slang-lora",
    "hfnb-demo/digit-vit": "hfnb-demo/digits-vit",
    "hfnb-demo/minilm-embedings": "hfnb-demo/minilm-embeddings",
    "hfnb_demo/MiniLM_embeddings": "hfnb-demo/minilm-embeddings",
    "hfnb-demo/pydocgpt": "hfnb-demo/pydoc-gpt",
    "hfnb-demo/pydoc-gpt-gugf": "hfnb-demo/pydoc-gpt-gguf",
    "hfnb-demo/sumarize-en": "hfnb-demo/summarize-en",
    "hfnb-demo/nre-en": "hfnb-demo/ner-en",
    "hfnb-demo/nli-em": "hfnb-demo/nli-en",
    "hfnb-demo/translate-en-rf": "hfnb-demo/translate-en-fr",
    "hfnb-demo/irislogreg": "hfnb-demo/iris-logreg",
    "hfnb-lab/sentimen-de": "hfnb-lab/sentiment-de",
    "datasets/hfnb-demo/sklern-tables": "datasets/hfnb-demo/sklearn-tables",
    "hfnb-demo/pyhton-docs": "datasets/hfnb-demo/python-docs",
    "hfnb-demo/tiny-picture": "datasets/hfnb-demo/tiny-pictures",
    "datasets/hfnb-demo/chat": "datasets/hfnb-demo/chats",
    "hfnb-lab/bigtable": "datasets/hfnb-lab/big-table",
    "hfnb-demo/digit-raeder": "spaces/hfnb-demo/digit-reader",
    "spaces/hfnb-demo/sentiment-dmeo": "spaces/hfnb-demo/sentiment-demo",
}


@pytest.fixture
def session(hub: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Session:
    """Nothing was downloaded before."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    return Session()


def test_wrong_ids_offer_the_right_one_first_for_three_requests_each(session: Session, hub: Any) -> None:
    right = []
    for typo, meant in TYPOS.items():
        which = ids.which(typo, session=session)
        hub.clear_requests()
        near = ids.nearest(which.id, which.kind, session)
        assert len([one for one in hub.requests() if "agent-harnesses" not in one["path"]]) <= ids.MOST_ASKED
        right += [typo] if near[:1] == [meant] else []
    wrong = set(TYPOS) - set(right)
    assert len(right) >= len(TYPOS) * 0.95, wrong


@pytest.mark.parametrize(
    "typo", ["hfnb-demo/sentimant-en", "datasets/hfnb-demo/sklern-tables", "hfnb-demo/digit-raeder"]
)
def test_the_error_names_them_and_the_line_to_try(typo: str, session: Session) -> None:
    with pytest.raises(errors.NotFound) as missing:
        info(typo, session=session)
    assert missing.value.nearest[0] == TYPOS[typo]
    assert f"Try: %hf info {TYPOS[typo]}" in str(missing.value)
    assert len(missing.value._render_traceback_()) <= 3


def test_a_wrong_id_costs_six_requests_in_all(session: Session, hub: Any) -> None:
    with pytest.raises(errors.NotFound):
        info("hfnb-demo/sentimant-en", session=session)
    assert len([one for one in hub.requests() if "agent-harnesses" not in one["path"]]) <= 6


def test_a_wrong_id_like_nothing_here_says_how_to_search(session: Session) -> None:
    with pytest.raises(errors.NotFound, match="%hf search") as missing:
        info("zzzz/qqqqqqqq", session=session)
    assert missing.value.nearest == ()


def test_who_names_an_owner_is_told_what_is_theirs(session: Session) -> None:
    with pytest.raises(errors.NotFound, match="owns repositories") as missing:
        info("hfnb-demo", session=session)
    assert missing.value.next_step.splitlines()[1] == "All of them: %hf search models --author hfnb-demo"
    assert all("hfnb-demo/" in id for id in missing.value.nearest)


def test_a_private_one_is_offered_to_nobody_who_may_not_see_it(session: Session) -> None:
    assert "hfnb-lab/sentiment-en-draft" not in ids.nearest("hfnb-lab/sentiment-en-drat", session=session)


@pytest.mark.parametrize("kind", ["status", "corrupt", "cut"])
def test_a_hub_that_cannot_search_still_says_that_there_is_no_such_id(
    kind: str, session: Session, hub: Any
) -> None:
    how = {"status": 503} if kind == "status" else {}
    with (
        hub.fault(kind, match="/api/quicksearch*", **how),
        pytest.raises(errors.NotFound, match="%hf search"),
    ):
        info("hfnb-demo/sentimant-en", session=session)


def test_a_hub_that_hangs_costs_two_seconds(session: Session, hub: Any) -> None:
    began = time.monotonic()
    with hub.fault("stall", seconds=30, match="/api/quicksearch*"), pytest.raises(errors.NotFound):
        info("hfnb-demo/sentimant-en", session=session)
    assert time.monotonic() - began < 2 * ids.SECONDS + 1


def test_without_a_network_nothing_is_nearest(session: Session) -> None:
    with http.fault("connect", session):
        assert ids.nearest("hfnb-demo/sentimant-en", session=session) == []


def test_what_was_downloaded_before_is_known_where_the_hub_finds_nothing(
    session: Session, tmp_path: Path
) -> None:
    (tmp_path / "models--somebody--very-special-model").mkdir()
    assert ids.nearest("somebody/very-special-modle", session=session)[:1] == ["somebody/very-special-model"]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("owner/name", ("owner/name", None, None)),
        (" owner/name/ ", ("owner/name", None, None)),
        ("gpt2", ("gpt2", None, None)),
        ("models/owner/name", ("owner/name", "model", None)),
        ("datasets/owner/name", ("owner/name", "dataset", None)),
        ("spaces/owner/name@v1", ("owner/name", "space", "v1")),
        ("owner/name@refs/pr/3", ("owner/name", None, "refs/pr/3")),
        ("https://huggingface.co/owner/name", ("owner/name", None, None)),
        ("https://huggingface.co/gpt2", ("gpt2", None, None)),
        ("https://huggingface.co/gpt2/tree/v1", ("gpt2", None, "v1")),
        ("https://hf.co/datasets/owner/name/tree/v1.0/data/x", ("owner/name", "dataset", "v1.0")),
        ("https://huggingface.co/owner/name/blob/main/README.md?x=1#y", ("owner/name", None, "main")),
        ("https://huggingface.co/spaces/owner/name/discussions/3", ("owner/name", "space", None)),
        ("https://huggingface.co/owner/name/tree/refs%2Fpr%2F3", ("owner/name", None, "refs/pr/3")),
        ("https://huggingface.co/owner/name/commit/0123abc", ("owner/name", None, "0123abc")),
        ("hf://datasets/owner/name@v2/data/x.parquet", ("owner/name", "dataset", "v2")),
        ("hf://owner/name", ("owner/name", None, None)),
    ],
)
def test_an_id_an_address_or_a_uri_says_which_repository_is_meant(
    words: str, meant: tuple[str, str | None, str | None], session: Session
) -> None:
    assert ids.which(words, session=session) == meant
    if words.startswith("https://huggingface.co/"):
        here = words.replace("https://huggingface.co", session.settings.endpoint)
        assert ids.which(here, session=session) == meant


@pytest.mark.parametrize(
    ("words", "kind", "revision", "said"),
    [
        ("", None, None, "Which repository"),
        ("https://example.org/owner/name", None, None, "not the Hub in use"),
        ("https://huggingface.co/collections/owner/best-1", None, None, "%hf collections info owner/best-1"),
        ("https://huggingface.co/papers/1810.04805", None, None, "%hf papers info 1810.04805"),
        ("datasets/owner/name", "model", None, "is a dataset"),
        ("owner/name@v1", None, "v2", "Two revisions"),
        ("owner/name", "thing", None, "no kind"),
    ],
)
def test_what_makes_no_sense_is_said(
    words: str, kind: str | None, revision: str | None, said: str, session: Session
) -> None:
    with pytest.raises(errors.BadInput, match=said):
        ids.which(words, kind, revision, session)


@pytest.mark.parametrize(
    ("id", "asked", "is_", "step"),
    [
        ("hfnb-demo/sentiment-en", "dataset", "a model, not a dataset", "%hf info hfnb-demo/sentiment-en"),
        ("hfnb-demo/digits", "model", "a dataset, not a model", "%hf info datasets/hfnb-demo/digits"),
    ],
)
def test_an_id_of_another_kind_is_said_to_be_one(
    id: str, asked: str, is_: str, step: str, session: Session
) -> None:
    wrong = ids.missing(id, asked, session)  # type: ignore[arg-type]
    assert wrong.problem == f"{id} is {is_}."
    assert step in wrong.next_step
