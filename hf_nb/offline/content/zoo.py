"""What the demo repositories hold, measured: a line for each, as `hf-nb hub build --all --check` prints them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from hf_nb.offline.blobs import Blob
from hf_nb.offline.content import build, catalogue
from hf_nb.offline.content.recipe import Recipe
from hf_nb.offline.derive import Facts, Snapshot, derive

COLUMNS = ("repository", "task", "parameters", "size", "built in", "held out", "at least", "at most")


def built() -> list[Recipe]:
    """Everything that lies built on this machine, models first."""
    usable, _ = catalogue.possible()
    there = [recipe for recipe in usable if build.built_folder(recipe).exists()]
    return sorted(there, key=lambda recipe: (("model", "dataset", "space").index(recipe.type), recipe.id))


def table(recipes: Iterable[Recipe]) -> Iterator[str]:
    """Markdown, a line at a time: a check takes seconds."""
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|---|---" + "|---:" * 3 + "|---" * 3 + "|"
    for recipe in recipes:
        yield f"| {' | '.join(_line(recipe))} |"


def facts(recipe: Recipe, folder: Path) -> Facts:
    """What the Hub says about a built folder."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    blobs = {name: Blob(name, path.stat().st_size) for name, path in paths.items()}
    return derive(
        recipe.type, recipe.id, Snapshot(blobs, lambda blob, most: _beginning(paths[blob.oid], most))
    )


def _beginning(path: Path, most: int) -> bytes:
    with path.open("rb") as source:
        return source.read(most)


def _line(recipe: Recipe) -> Iterator[str]:
    folder = build.built_folder(recipe)
    found = facts(recipe, folder)
    yield recipe.id
    yield found.pipeline or recipe.type
    yield f"{found.parameters:,}" if found.parameters else ""
    yield _size(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
    yield f"{build.note(recipe)['seconds']:.1f} s"
    yield _figures(recipe.check(folder) if recipe.check else {})
    yield _figures(recipe.floor)
    yield _figures(recipe.ceiling)


def _figures(named: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in named.items())


def _size(count: float) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
