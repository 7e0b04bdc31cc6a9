"""Every repository of the demo Hub keeps its promise when it is loaded the way a user would load it."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from hf_nb.offline.content import catalogue
from hf_nb.offline.content.build import built_folder, ensure
from hf_nb.offline.content.recipe import Recipe

RECIPES = catalogue.recipes()


@pytest.fixture(scope="module")
def store() -> Path:
    return ensure()


@pytest.fixture(params=RECIPES)
def recipe(request: pytest.FixtureRequest, store: Path) -> Recipe:
    found = RECIPES[request.param]
    usable, lacking = catalogue.possible()
    if found not in usable:
        pytest.skip(f"needs {lacking[found.id]}")
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)  # the first one builds everything, on a machine that may be busy
def test_it_keeps_its_promise(recipe: Recipe) -> None:
    folder = built_folder(recipe)
    front = _front(folder)
    assert front.get("license") or recipe.private
    assert not list(folder.rglob("*.bin"))
    assert not list(folder.rglob("*.pkl"))
    if recipe.check is None:
        assert recipe.type == "space"
        return
    measured = recipe.check(folder)
    assert {name: measured[name] for name in recipe.floor if measured[name] < recipe.floor[name]} == {}
    assert {name: measured[name] for name in recipe.ceiling if measured[name] > recipe.ceiling[name]} == {}
    for metric in _promised_metrics(front):
        assert measured[metric["type"]] == pytest.approx(metric["value"], rel=0.12), (
            "model-index is out of date"
        )


def _promised_metrics(front: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        metric
        for entry in front.get("model-index", ())
        for result in entry["results"]
        for metric in result["metrics"]
    ]


def _front(folder: Path) -> dict[str, Any]:
    head = (folder / "README.md").read_text("utf-8").split("---\n")[1]
    assert "*id0" not in head, "a Hub refuses YAML aliases"
    found = yaml.safe_load(head)
    return dict(found)


@pytest.mark.parametrize("name", ["sentiment_en", "sentiment_fr", "sentiment_de", "sentiment_en_draft"])
def test_the_number_of_parameters_is_the_same_on_every_machine(name: str, store: Path) -> None:
    # Ties make a tokenizer's training stop a few words earlier or later, unless its limit ends it.
    module = import_module(f"hf_nb.offline.content.models.{name}")
    config = json.loads((built_folder(module.RECIPE) / "config.json").read_text(encoding="utf-8"))
    assert config["vocab_size"] == module.PLAN.vocabulary
