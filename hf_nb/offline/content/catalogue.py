"""Which recipes there are, which can be built here, and what each was made from."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from hf_nb.offline.content.recipe import Recipe

HERE = Path(__file__).parent
FOLDERS = ("models", "datasets", "spaces")
EVERY_RECIPE = ("recipe.py", "card.py")  # what all of them are written with
TRAINED = ("rounding.py",)


@cache
def _found() -> dict[str, tuple[Recipe, Path]]:
    found = {}
    for folder in FOLDERS:
        for path in sorted((HERE / folder).glob("[!_]*.py")):
            recipe: Recipe = import_module(f"hf_nb.offline.content.{folder}.{path.stem}").RECIPE
            found[recipe.slug] = (recipe, path)
    return found


def recipes() -> dict[str, Recipe]:
    """All recipes by "type--owner--name", from the files that are there."""
    return {slug: recipe for slug, (recipe, _) in _found().items()}


def of_id(id: str) -> Recipe:
    """The recipe of "owner/name" that others may build on."""
    return next(recipe for recipe in recipes().values() if recipe.id == id)


def lineage(recipe: Recipe) -> list[Recipe]:
    """A recipe and everything it is built on, which comes first."""
    found = {one.slug: one for id in recipe.after for one in lineage(of_id(id))}
    return [*found.values(), recipe]


def possible() -> tuple[list[Recipe], dict[str, list[str]]]:
    """The recipes that can be built here, and for the others what they lack, by id."""
    installed = cache(lambda name: find_spec(name) is not None)
    usable: list[Recipe] = []
    lacking: dict[str, list[str]] = {}
    for recipe in recipes().values():
        wanted = [name for one in lineage(recipe) for name in one.needs]
        if lacks := [name for name in dict.fromkeys(wanted) if not installed(name)]:
            lacking[recipe.id] = lacks
        else:
            usable.append(recipe)
    return usable, lacking


@cache
def fingerprint(slug: str) -> str:
    """Changes with the recipe's source and everything it names as shared or built before."""
    recipe, source = _found()[slug]
    trained = TRAINED if "torch" in recipe.needs else ()
    shared = (HERE / name for name in (*EVERY_RECIPE, *trained, *recipe.shared))
    return digest([source, *shared], [fingerprint(of_id(id).slug) for id in recipe.after])


def digest(paths: Iterable[Path], further: Iterable[str] = ()) -> str:
    """Twelve hex digits over the text of some files (line endings aside) and some words."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    for word in further:
        total.update(word.encode() + b"\0")
    return total.hexdigest()[:12]
