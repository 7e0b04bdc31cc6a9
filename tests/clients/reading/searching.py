"""Searching: what comes, in which order, and with what.

Nothing is compared with constants of the content: one answer is held against another, and against the bytes themselves.
"""

from __future__ import annotations

import pytest
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from tests.clients.demo import DIGITS, DOCS, GATED, LAB, PRIVATE, PUBLIC, RENAMED, TABLES, TEACHER_TOKEN, TEXT
from tests.clients.reading.client import api, files


def list_models() -> None:
    everything = list(api.list_models())
    ids = {model.id for model in everything}
    assert {TEXT, GATED} <= ids
    assert PRIVATE not in ids
    assert RENAMED not in ids
    assert all(model.created_at and model.tags is not None and model.private is False for model in everything)
    assert [model.id for model in api.list_models(limit=2)] == [model.id for model in everything[:2]]
    assert PRIVATE in {model.id for model in api.list_models(author=LAB, token=TEACHER_TOKEN)}


def list_models_filtered() -> None:
    classifiers = {model.id for model in api.list_models(pipeline_tag="text-classification")}
    assert TEXT in classifiers
    assert classifiers == {
        model.id for model in api.list_models() if model.pipeline_tag == "text-classification"
    }
    assert classifiers <= {model.id for model in api.list_models(filter="text-classification")}
    assert TEXT in {model.id for model in api.list_models(filter=["text-classification", "transformers"])}
    assert TEXT in {model.id for model in api.list_models(search="sentiment")}
    assert all(model.id.startswith(f"{PUBLIC}/") for model in api.list_models(author=PUBLIC))
    assert {GATED} <= {model.id for model in api.list_models(gated=True)}
    assert GATED not in {model.id for model in api.list_models(gated=False)}
    assert TEXT in {model.id for model in api.list_models(num_parameters="max:1B")}
    assert TEXT not in {model.id for model in api.list_models(num_parameters="min:1B")}
    assert list(api.list_models(search="no-such-model-anywhere")) == []


def list_models_sorted() -> None:
    for sort, value in {
        "downloads": lambda model: model.downloads,
        "likes": lambda model: model.likes,
        "created_at": lambda model: model.created_at,
        "last_modified": lambda model: model.last_modified,
        "trending_score": lambda model: model.trending_score,
    }.items():
        found = [value(model) for model in api.list_models(sort=sort, full=True)]  # type: ignore[arg-type]
        assert len(found) > 2, sort
        assert found == sorted(found, reverse=True), sort


def list_models_expanded() -> None:
    (one,) = [
        model
        for model in api.list_models(expand=["sha", "safetensors", "lastModified", "author"])
        if model.id == TEXT
    ]
    assert one.sha == api.model_info(TEXT).sha
    assert one.safetensors is not None
    assert one.safetensors.total > 0
    assert one.author == PUBLIC
    assert one.likes is None  # not asked for
    (full,) = [
        model
        for model in api.list_models(full=True, cardData=True, fetch_config=True, search=TEXT)
        if model.id == TEXT
    ]
    assert full.siblings is not None
    assert {one.rfilename for one in full.siblings} == set(files(TEXT))
    assert full.card_data is not None
    assert full.config is not None
    with pytest.raises((BadRequestError, HfHubHTTPError)):
        list(api.list_models(expand=["no-such-property"]))  # type: ignore[list-item]


def list_datasets() -> None:
    everything = {one.id for one in api.list_datasets()}
    assert {DIGITS, TABLES, DOCS} <= everything
    assert {one.id for one in api.list_datasets(search="digits", author=PUBLIC)} >= {DIGITS}
    downloads = [one.downloads or 0 for one in api.list_datasets(sort="downloads")]
    assert downloads == sorted(downloads, reverse=True)
    full = next(one for one in api.list_datasets(full=True) if one.id == DIGITS)
    assert full.siblings is not None
    assert {one.rfilename for one in full.siblings} == set(files(DIGITS, "dataset"))
    (expanded,) = [one for one in api.list_datasets(expand=["sha", "tags"]) if one.id == DIGITS]
    assert expanded.sha == api.dataset_info(DIGITS).sha
    for tag in expanded.tags or []:
        assert DIGITS in {one.id for one in api.list_datasets(filter=tag)}, tag


def list_spaces() -> None:
    spaces = list(api.list_spaces(author=PUBLIC, full=True))
    assert spaces
    assert all(space.sdk for space in spaces)
    likes = [space.likes or 0 for space in api.list_spaces(sort="likes")]
    assert likes == sorted(likes, reverse=True)
    linked = [space for space in api.list_spaces(expand=["models", "runtime"]) if space.models]
    for space in linked:
        assert space.id in {one.id for one in api.list_spaces(models=(space.models or [])[0])}


def search_spaces() -> None:
    found = list(api.search_spaces("sentiment", include_non_running=True))
    assert found
    assert {one.id for one in found} <= {space.id for space in api.list_spaces()}


def tags_by_type() -> None:
    models, datasets = api.get_model_tags(), api.get_dataset_tags()
    assert "text-classification" in {tag["id"] for tag in models["pipeline_tag"]}
    assert datasets
