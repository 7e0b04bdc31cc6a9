"""Every demo dataset has a viewer, and it shows what `datasets` loads."""

from __future__ import annotations

import gc
import warnings
from typing import Any

import pytest

from hf_nb.offline.content import build, catalogue
from hf_nb.offline.people import LEARNER
from hf_nb.offline.running import Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
TEACHER = "hf_teacher_offline"
EVERY = [one.id for one in catalogue.recipes().values() if one.type == "dataset" and not one.by_name]


@pytest.fixture
def ask(hub: Running) -> Any:
    from huggingface_hub.utils import httpx

    def send(what: str, *, token: str = TEACHER, **params: Any) -> Any:
        address = f"{hub.url}/datasets-server/{what}"
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.get(address, params=params, headers=headers, timeout=200, trust_env=False)

    return send


@pytest.mark.parametrize("id", EVERY)
def test_every_demo_dataset_is_shown_as_datasets_loads_it(ask: Any, id: str, tmp_path: Any) -> None:
    import datasets  # type: ignore[import-untyped]

    recipe = catalogue.of_id(id)
    if recipe in catalogue.possible()[0]:
        build.provide([recipe])
    else:
        pytest.skip(f"{id} cannot be built here")
    folder = str(build.built_folder(recipe))
    told = ask("splits", dataset=id).json()["splits"]
    configs = datasets.get_dataset_config_names(folder)
    assert {one["config"] for one in told} == set(configs)
    for config in configs[:2]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # the library leaves metadata.csv open
            loaded = datasets.load_dataset(folder, config, cache_dir=str(tmp_path))
            gc.collect()
        assert {one["split"] for one in told if one["config"] == config} == set(loaded)
        for split, table in loaded.items():
            where = {"dataset": id, "config": config, "split": split}
            found = ask("rows", **where, offset=max(0, len(table) - 3), length=3).json()
            assert found["num_rows_total"] == len(table)
            assert [one["name"] for one in found["features"]] == table.column_names
            assert "hf-nb-engine" not in str(found), "no file of this machine is named"
            plain = [name for name, kind in table.features.items() if _is_plain(kind) and name != "__url__"]
            last = table.select_columns(plain)[len(table) - 1] if plain else {}
            assert {name: found["rows"][-1]["row"][name] for name in plain} == last
            assert ask("first-rows", **where).status_code == 200


def _is_plain(kind: Any) -> bool:
    return getattr(kind, "dtype", "") in ("string", "large_string", "int64", "int32", "int8", "bool")


@pytest.mark.parametrize("id", ["hfnb-lab/tickets", "hfnb-lab/shapes-webdataset", "hfnb-demo/sklearn-tables"])
def test_their_columns_can_be_counted_and_searched(ask: Any, id: str) -> None:
    one = ask("splits", dataset=id).json()["splits"][0]
    assert ask("statistics", **one).json()["statistics"]
    said = ask("is-valid", dataset=id).json()
    search = ask("search", **one, query="parcel or circle")
    assert (search.status_code == 200 and search.json()["num_rows_total"] > 0) == said["search"]


def test_a_gated_dataset_opens_when_its_condition_is_agreed_to(ask: Any, hub: Running) -> None:
    from huggingface_hub.utils import httpx

    where = {"dataset": "hfnb-lab/interviews", "config": "default", "split": "train"}
    assert ask("rows", **where, token="").status_code == 401
    assert ask("rows", **where, token=LEARNER).status_code == 404
    agreed = httpx.post(
        f"{hub.url}/datasets/hfnb-lab/interviews/ask-access",
        headers={"authorization": f"Bearer {LEARNER}"},
        trust_env=False,
    )
    assert agreed.status_code < 400
    assert ask("rows", **where, token=LEARNER).json()["num_rows_total"] == 120


def test_a_private_dataset_is_its_organisations(ask: Any) -> None:
    where = {"dataset": "hfnb-lab/wages-draft", "config": "default", "split": "train"}
    assert ask("rows", **where, token=LEARNER).status_code == 404
    assert ask("rows", **where).json()["num_rows_total"] == 300
