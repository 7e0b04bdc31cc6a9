"""Every repository of the demo Hub keeps its promise when it is loaded the way a user would load it."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from hf_nb.offline.content import build, catalogue, promise, zoo
from hf_nb.offline.content.build import built_folder
from hf_nb.offline.content.recipe import Recipe

RECIPES = catalogue.recipes()
PICKLES = {"hfnb-lab/pickled-weights"}  # the one that shows what is refused


@pytest.fixture(scope="module")
def store() -> Path:
    return build.ensure()


@pytest.fixture(params=RECIPES)
def recipe(request: pytest.FixtureRequest, store: Path) -> Recipe:
    found = RECIPES[request.param]
    usable, lacking = catalogue.possible()
    if found not in usable:
        pytest.skip(f"needs {lacking[found.id]}")
    if found.by_name and not built_folder(found).exists():
        pytest.skip(f"large: try it with `hf-nb hub build {found.id}`")
    build.provide([found])
    return found


@pytest.mark.slow
@pytest.mark.timeout(600)  # the first ones build, on a machine that may be busy
def test_it_keeps_its_promise(recipe: Recipe) -> None:
    folder = built_folder(recipe)
    front = _front(folder)
    assert front.get("license") or recipe.private
    if recipe.id not in PICKLES:
        assert not list(folder.rglob("*.bin"))
        assert not list(folder.rglob("*.pkl"))
    if recipe.check is None:
        assert recipe.type == "space"
        return
    measured = recipe.check(folder)
    assert {name: measured[name] for name in recipe.floor if measured[name] < recipe.floor[name]} == {}
    assert {name: measured[name] for name in recipe.ceiling if measured[name] > recipe.ceiling[name]} == {}
    for metric in _promised_metrics(front):
        assert measured[metric["type"]] == pytest.approx(metric["value"], rel=0.2), (
            "model-index is out of date"
        )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_search_knew_the_truth_before_it_was_built(recipe: Recipe) -> None:
    if not recipe.later:
        pytest.skip("built before the Hub serves")
    told, found = promise.facts(recipe), zoo.facts(recipe, built_folder(recipe))
    assert recipe.front
    assert _says(_front(built_folder(recipe)), recipe.front)
    assert set(told.tags) <= set(found.tags)
    assert (told.pipeline, told.library, told.sdk) == (found.pipeline, found.library, found.sdk)
    assert told.parameters == found.parameters
    assert set(told.links) <= set(found.links)


def _says(whole: Any, part: Any) -> bool:
    """Whether everything of `part` stands in `whole`; measured sizes may be there beside it."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and _says(whole[key], value) for key, value in part.items()
        )
    if isinstance(part, list | tuple):
        return len(whole) == len(part) and all(_says(*pair) for pair in zip(whole, part, strict=True))
    return bool(whole == part)


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
