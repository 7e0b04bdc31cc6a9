"""Put built folders into a Store: repositories, their history, tags and other names."""

import contextlib
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from hf_nb.offline import lfs, repos
from hf_nb.offline.blobs import Blobs
from hf_nb.offline.content import catalogue, promise, records
from hf_nb.offline.content.recipe import Recipe, Step
from hf_nb.offline.store import Store

Folders = Callable[[Recipe], Path]


def seed(root: Path, recipes: Iterable[Recipe], folder_of: Folders) -> None:
    """A whole store of the demo content under `root`; those for `later` are promised."""
    store = Store.open(root)
    try:
        with store.database.writing():  # one transaction: the disk is waited for once
            records.people(store)
            there = set()
            for recipe in sorted(recipes, key=lambda recipe: recipe.created_at):
                _create(store, recipe)
                (_promise if recipe.later else _write)(store, recipe, folder_of)
                there.add((recipe.type, recipe.id))
            records.conversations(store, there)
    finally:
        store.close()


def keep(store: Store, slug: str, folder_of: Folders) -> None:
    """Give a promised repository its files and its history, all at once. It may have another name by now."""
    row = store.database.one("SELECT rid, id FROM repos WHERE promised = ?", slug)
    if row is None:
        return
    recipe = catalogue.recipes()[slug]
    for step in recipe.steps:
        for path in _files(_source(recipe, step, folder_of), step.files).values():
            _lend(store.blobs, path)
    with store.database.writing() as sql:
        _write(store, recipe, folder_of, row["id"])
        sql.execute("UPDATE repos SET promised = NULL WHERE rid = ?", (row["rid"],))


def _create(store: Store, recipe: Recipe) -> None:
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
    for old in recipe.aliases:
        store.alias(recipe.type, old, recipe.id)


def _promise(store: Store, recipe: Recipe, folder_of: Folders) -> None:
    rid = repos.rid_of(store.database, recipe.type, recipe.id)
    with store.database.writing() as sql:
        repos.describe(sql, rid, promise.facts(recipe))
        when = repos.stamp(recipe.updated_at)
        sql.execute("UPDATE repos SET promised = ?, modified = ? WHERE rid = ?", (recipe.slug, when, rid))


def _write(store: Store, recipe: Recipe, folder_of: Folders, id: str = "") -> None:
    for step in recipe.steps:
        _commit(store, recipe, id or recipe.id, step, _source(recipe, step, folder_of))


def _source(recipe: Recipe, step: Step, folder_of: Folders) -> Path:
    return folder_of(catalogue.of_id(step.of) if step.of else recipe)


def _lend(blobs: Blobs, path: Path) -> None:
    """Let a large file lie where it was built; a copy for every Hub that serves it would fill the disk."""
    if path.stat().st_size <= lfs.LARGE:
        return
    with path.open("rb") as source:
        place = blobs.path("sha256", hashlib.file_digest(source, "sha256").hexdigest())
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # where links are not allowed it is copied after all
            place.symlink_to(path)


def _commit(store: Store, recipe: Recipe, id: str, step: Step, folder: Path) -> None:
    if step.branch:
        store.branch(recipe.type, id, step.branch)
    made = store.commit(
        recipe.type,
        id,
        _files(folder, step.files),
        title=step.title,
        author=step.author or recipe.id.partition("/")[0],
        date=step.date,
        revision=step.branch or "main",
        oid=_oid(recipe, step),
    )
    if step.tag:
        store.tag(recipe.type, id, step.tag, made)


def _files(folder: Path, patterns: Iterable[str]) -> dict[str, Path]:
    found = {path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()}
    return {path.relative_to(folder).as_posix(): path for path in sorted(found)}


def _oid(recipe: Recipe, step: Step) -> str:
    """The same commit id on every machine, although weights differ in their last digits."""
    words = f"{catalogue.fingerprint(recipe.slug)}\0{step.title}\0{step.date.isoformat()}"
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()
