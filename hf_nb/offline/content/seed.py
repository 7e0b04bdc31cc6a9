"""Put built folders into a Store: repositories, their history, tags and other names."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from hf_nb.offline.content import catalogue, records
from hf_nb.offline.content.recipe import Recipe, Step
from hf_nb.offline.store import Store


def seed(root: Path, built: Iterable[tuple[Recipe, Path]], folder_of: Callable[[str], Path]) -> None:
    """A whole store of the demo content under `root`."""
    store = Store.open(root)
    try:
        records.people(store)
        there = set()
        for recipe, folder in sorted(built, key=lambda pair: pair[0].created_at):
            _repository(store, recipe, folder, folder_of)
            there.add((recipe.type, recipe.id))
        records.conversations(store, there)
    finally:
        store.close()


def _repository(store: Store, recipe: Recipe, folder: Path, folder_of: Callable[[str], Path]) -> None:
    store.create_repo(
        recipe.type,
        recipe.id,
        private=recipe.private,
        gated=recipe.gated,
        created_at=recipe.created_at,
        downloads=recipe.downloads,
        likes=recipe.likes,
        trending=recipe.trending,
        runtime=recipe.runtime,
    )
    for step in recipe.steps:
        _commit(store, recipe, step, folder_of(step.of) if step.of else folder)
    for old in recipe.aliases:
        store.alias(recipe.type, old, recipe.id)


def _commit(store: Store, recipe: Recipe, step: Step, folder: Path) -> None:
    if step.branch:
        store.branch(recipe.type, recipe.id, step.branch)
    files = _files(folder, step.files)
    made = store.commit(
        recipe.type,
        recipe.id,
        files,
        title=step.title,
        author=step.author or recipe.id.partition("/")[0],
        date=step.date,
        revision=step.branch or "main",
        oid=_oid(recipe, step),
    )
    if step.tag:
        store.tag(recipe.type, recipe.id, step.tag, made)


def _files(folder: Path, patterns: Iterable[str]) -> dict[str, Path]:
    found = {path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()}
    return {path.relative_to(folder).as_posix(): path for path in sorted(found)}


def _oid(recipe: Recipe, step: Step) -> str:
    """The same commit id on every machine, although weights differ in their last digits."""
    words = f"{catalogue.fingerprint(recipe.slug)}\0{step.title}\0{step.date.isoformat()}"
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()
