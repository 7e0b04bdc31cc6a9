"""Search and lists, over a few real repositories and a few thousand made-up ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from huggingface_hub import HfApi

from hf_nb.errors import BadInput
from hf_nb.offline.people import Caller
from hf_nb.offline.repos import Record
from hf_nb.offline.search import SORTS, Query, page
from hf_nb.offline.store import Store
from tests.offline.small import DAY

MANY = 9_000


def ids(found) -> list[str]:
    return [one.id for one in found]


def test_models_are_found_by_every_filter(api):
    assert ids(api.list_models()) == ["demo/tiny", "demo/base", "lab/auto", "lab/manual"]
    assert ids(api.list_models(search="TIN")) == ["demo/tiny"]
    assert ids(api.list_models(search="demo ba")) == ["demo/base"]
    assert ids(api.list_models(author="lab", gated=True)) == ["lab/auto", "lab/manual"]
    assert ids(api.list_models(gated=False)) == ["demo/tiny", "demo/base"]
    assert ids(api.list_models(filter=["en", "license:mit", "dataset:demo/rows"])) == ["demo/tiny"]
    assert ids(api.list_models(filter=["en", "no-such-tag"])) == []
    assert ids(api.list_models(pipeline_tag="text-classification", sort="downloads")) == [
        "demo/tiny",
        "demo/base",
    ]
    assert ids(api.list_models(inference="warm")) == ["demo/tiny", "demo/base"]
    assert ids(api.list_models(inference_provider=["hf-inference"])) == ["demo/tiny", "demo/base"]
    assert ids(api.list_models(inference_provider="all", limit=1)) == ["demo/tiny"]
    assert ids(api.list_models(inference_provider="groq")) == []
    assert ids(api.list_models(num_parameters="min:100K,max:1M")) == ["demo/tiny"]
    assert ids(api.list_models(num_parameters="max:100")) == ["demo/base"]
    assert ids(api.list_models(apps=["vllm"])) == ["demo/tiny", "demo/base"]
    assert ids(api.list_models(apps="ollama")) == []


def test_lists_show_what_is_asked_for_and_no_more(api, raw):
    bare = raw.get("/api/models?limit=1").json()[0]
    assert set(bare) == {
        "_id",
        "id",
        "likes",
        "trendingScore",
        "private",
        "downloads",
        "tags",
        "pipeline_tag",
        "createdAt",
        "modelId",
    } | {"library_name"}
    full = next(iter(api.list_models(full=True, fetch_config=True, cardData=True, limit=1)))
    assert full.sha
    assert full.config["model_type"] == "bert"
    assert full.card_data.license == "mit"
    assert "config.json" in {one.rfilename for one in full.siblings}
    some = raw.get("/api/models?expand=downloads&expand[]=gated&limit=1").json()[0]
    assert some == {"_id": bare["_id"], "id": "demo/tiny", "downloads": 100, "gated": False}


@pytest.mark.parametrize(
    "asked",
    [
        "expand=nonsense",
        "expand=downloads&full=true",
        "sort=nonsense",
        "limit=0",
        "limit=x",
        "limit=-1",
        "num_parameters=big",
        "cursor=x",
        "gated=maybe",
    ],
)
def test_a_wrong_question_is_refused_with_400(raw, asked):
    answer = raw.get(f"/api/models?{asked}")
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_every_field_of_the_official_client_can_be_expanded(api):
    from typing import get_args

    from huggingface_hub import hf_api

    for kind, call, id in (
        ("Model", api.model_info, "demo/tiny"),
        ("Dataset", api.dataset_info, "demo/rows"),
        ("Space", api.space_info, "demo/app"),
    ):
        fields = list(get_args(getattr(hf_api, f"Expand{kind}Property_T")))
        assert call(id, expand=fields).id == id
    assert (
        next(iter(api.list_models(expand=["inferenceProviderMapping"])))
        .inference_provider_mapping[0]
        .provider
        == "hf-inference"
    )
    model = api.model_info("demo/base", expand=["childrenModelCount", "spaces"])
    assert (
        model.child_models_count
        if hasattr(model, "child_models_count")
        else model.children_model_count == {"finetune": 1, "adapter": 0, "merge": 0, "quantized": 0}
    )


def test_datasets_and_spaces_are_found(api):
    assert ids(api.list_datasets(filter=["license:cc0-1.0", "language:en"])) == ["demo/rows"]
    assert ids(api.list_datasets(search="row", author="demo")) == ["demo/rows"]
    assert ids(api.list_datasets(filter="task_categories:translation")) == []
    assert ids(api.list_spaces(filter="gradio")) == ["demo/app"]
    assert ids(api.list_spaces(models="demo/tiny", linked=True)) == ["demo/app"]
    assert ids(api.list_spaces(datasets="demo/rows")) == ["demo/app"]
    assert ids(api.list_spaces(datasets="demo/none")) == []
    space = next(iter(api.list_spaces(expand=["models", "datasets", "subdomain"])))
    assert (space.models, space.datasets, space.subdomain) == (["demo/tiny"], ["demo/rows"], "demo-app")
    assert [one.id for one in api.search_spaces("mood of texts")] == ["demo/app"]


def test_pages_follow_absolute_links_of_the_same_hub(api, raw, box):
    first = raw.get("/api/models?limit=2&sort=downloads&full=true")
    link = first.headers["link"]
    assert link.startswith(f"<{box.url}/api/models?")
    assert link.endswith('>; rel="next"')
    second = raw.get(link[1:].partition(">")[0])
    assert [one["id"] for one in first.json() + second.json()] == [
        "demo/tiny",
        "demo/base",
        "lab/auto",
        "lab/manual",
    ] or len(second.json()) == 2
    assert "link" not in second.headers
    assert "siblings" in second.json()[0]


def test_trending_quick_search_and_tags(raw, bearer):
    trending = raw.get("/api/trending?limit=3").json()["recentlyTrending"]
    assert [one["repoData"]["id"] for one in trending] == ["demo/tiny", "demo/app", "demo/base"]
    assert "_id" not in trending[0]["repoData"]
    quick = raw.get("/api/quicksearch?q=demo").json()
    assert {one["id"] for one in quick["models"]} == {"demo/tiny", "demo/base"}
    assert [one["name"] for one in quick["orgs"]] == ["demo"]
    tags = raw.get("/api/models-tags-by-type").json()
    assert {"id": "en", "label": "English", "type": "language"} in tags["language"]
    assert {"id": "fill-mask", "label": "Fill-Mask", "type": "pipeline_tag", "subType": "nlp"} in tags[
        "pipeline_tag"
    ]
    assert {"id": "dataset:demo/rows", "label": "demo/rows", "type": "dataset"} in tags["dataset"]
    assert raw.get("/api/datasets-tags-by-type").json()["license"] == [
        {"id": "license:cc0-1.0", "label": "cc0-1.0", "type": "license"}
    ]
    assert raw.get("/api/tasks").json()["text-classification"]["widgetModels"] == ["demo/base", "demo/tiny"]


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Iterator[Store]:
    """Thousands of repositories whose popular tags overlap and exclude each other."""
    chance = random.Random(7)  # noqa: S311 -- the same on every run
    store = Store.open(tmp_path_factory.mktemp("many"))
    store.create_many(
        Record(
            "model",
            f"org{number % 40}/{chance.choice(['bert', 'llama'])}-{number}",
            DAY + timedelta(seconds=number % 500),
            tags=("all", "en" if number % 2 else "fr", f"x{number % 90}", chance.choice(["mit", "apache"])),
            pipeline_tag=chance.choice(["fill-mask", "translation"]),
            downloads=number % 7,
            trending=chance.random(),
            parameters=number,
            private=number % 50 == 0,
        )
        for number in range(MANY)
    )
    yield store
    store.close()


def everything(store: Store, **how) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        some = page(store.database, Query("model", cursor=cursor, limit=171, **how))
        found += [row["id"] for row in some.rows]
        cursor = some.next
        if cursor is None:
            return found


@pytest.mark.parametrize("sort", SORTS)
def test_paging_lists_everything_once_in_every_order(many, sort):
    found = everything(many, sort=sort)
    assert len(found) == len(set(found)) == MANY - MANY // 50


@pytest.mark.parametrize(
    "how",
    [
        {"tags": ("en",)},
        {"tags": ("en", "fr")},
        {"tags": ("en", "mit", "all")},
        {"tags": ("en", "x7")},
        {"tags": ("all",), "words": ("ber",)},
        {"words": ("99", "llama")},
        {"words": ("-12",)},
        {"pipeline": "fill-mask", "tags": ("fr",), "author": "ORG3"},
        {"parameters": (100, 7000), "tags": ("mit",)},
        {"gated": True},
    ],
    ids=str,
)
def test_every_plan_finds_what_reading_every_row_finds(many, how):
    def wanted(row) -> bool:
        tags = set(many_tags(row))
        low, high = how.get("parameters", (0, MANY))
        return (
            set(how.get("tags", ())) <= tags
            and all(word in row["id"] for word in how.get("words", ()))
            and how.get("author", row["namespace"]).lower() == row["namespace"]
            and how.get("pipeline", row["pipeline"]) == row["pipeline"]
            and low <= row["parameters"] <= high
            and (not how.get("gated") or row["gated"] is not None)
        )

    def many_tags(row):
        import json

        return json.loads(row["tags"])

    rows = many.database.all("SELECT * FROM repos WHERE private = 0")
    assert sorted(everything(many, **how)) == sorted(row["id"] for row in rows if wanted(row))


def test_new_repositories_between_two_pages_shift_nothing(tmp_path):
    store = Store.open(tmp_path)
    store.create_many(
        Record("model", f"a/m{number}", DAY, tags=("t",), trending=number) for number in range(20)
    )
    first = page(store.database, Query("model", tags=("t",), limit=5))
    store.create_many(
        Record("model", f"b/m{number}", DAY, tags=("t",), trending=100 + number) for number in range(20)
    )
    rest = page(store.database, Query("model", tags=("t",), limit=100, cursor=first.next))
    assert [row["id"] for row in [*first.rows, *rest.rows]] == [
        f"a/m{number}" for number in reversed(range(20))
    ]
    store.close()


def test_what_is_private_is_listed_for_its_own_people_only(many):
    assert len(everything(many, who=Caller("me", orgs={"ORG0": "read"}))) > len(everything(many))
    assert not [one for one in everything(many) if int(one.rpartition("-")[2]) % 50 == 0]


def test_a_cursor_of_another_question_is_refused(many):
    cursor = page(many.database, Query("model", limit=1)).next
    with pytest.raises(BadInput):
        page(many.database, Query("model", sort="likes", cursor=cursor))


def test_the_official_client_walks_all_pages(box):
    found = [one.id for one in HfApi(endpoint=box.url, token=False).list_models(sort="likes")]
    assert len(found) == len(set(found)) == 4
