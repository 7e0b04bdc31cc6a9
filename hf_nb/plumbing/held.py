"""What the libraries load from a cache without a question is held to the lock file as well, and noted as used.

Each function changes one module of theirs, right after it was imported (see arrival.py): a commit in the cache is
taken without asking the Hub, and after any error at all `transformers` and `datasets` take what is cached.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hf_nb.plumbing.ledger import MAIN, digest_of
from hf_nb.plumbing.lockfile import COMMIT, Mark
from hf_nb.plumbing.session import current

_HELD = "held_by_hf_nb"
_KINDS = {"models": "model", "datasets": "dataset", "spaces": "space"}


def downloads(module: Any) -> None:
    """`huggingface_hub.file_download`: where every cached file is looked up."""
    lookups(module)
    place = getattr(module, "_get_pointer_path", None)
    if place is None or hasattr(place, _HELD):
        return

    def _get_pointer_path(storage_folder: str, revision: str, relative_filename: str) -> Any:
        path = place(storage_folder, revision, relative_filename)
        kind, _, rest = Path(storage_folder).name.partition("--")
        if kind in _KINDS and COMMIT.fullmatch(revision):
            _take(_KINDS[kind], rest.replace("--", "/", 1), revision, relative_filename, Path(path))
        return path

    setattr(_get_pointer_path, _HELD, True)
    module._get_pointer_path = _get_pointer_path  # noqa: SLF001 -- no public function stands in this place


def lookups(module: Any) -> None:
    """Any module that holds `try_to_load_from_cache`: a moving name is the locked commit here, too."""
    look = getattr(module, "try_to_load_from_cache", None)
    if look is None or hasattr(look, _HELD):
        return

    def try_to_load_from_cache(
        repo_id: str,
        filename: str,
        cache_dir: Any = None,
        revision: str | None = None,
        repo_type: str | None = None,
    ) -> Any:
        kind = repo_type or "model"
        pinned = current().ledger.pinned(kind, repo_id, revision)
        found = look(repo_id, filename, cache_dir=cache_dir, revision=pinned or revision, repo_type=repo_type)
        if isinstance(found, str):
            path = Path(found)
            commit = path.parts[-1 - len(Path(filename).parts)]
            _take(kind, repo_id, commit, filename, path, asked=revision or MAIN)
        return found

    setattr(try_to_load_from_cache, _HELD, True)
    module.try_to_load_from_cache = try_to_load_from_cache


def datasets(module: Any) -> None:
    """`datasets.load`: a prepared copy may stand in for a locked dataset only if there is none but the locked one's."""
    factory = getattr(module, "CachedDatasetModuleFactory", None)
    if factory is None or hasattr(factory, _HELD):
        return
    load = factory.get_module

    def get_module(self: Any) -> Any:
        locked = current().ledger.revisions("dataset", self.name)
        prepared = {folder.name for folder in _prepared(module, self)}
        if locked and not prepared <= locked:
            raise FileNotFoundError(f"What is prepared of {self.name} is not only the locked commit")
        return load(self)

    factory.get_module = get_module
    setattr(factory, _HELD, True)


def _take(kind: str, repo_id: str, commit: str, name: str, path: Path, asked: str | None = None) -> None:
    """A file of the cache is about to be loaded, if it is there."""
    ledger = current().ledger
    ledger.confirm(kind, repo_id, commit)
    if not path.is_file():
        return
    digest = digest_of(path.resolve().name) if path.is_symlink() else None
    mark = Mark(digest, path.stat().st_size)
    ledger.verify(kind, repo_id, commit, name, mark)
    ledger.saw(kind, repo_id, commit, asked, name, mark)


def _prepared(module: Any, factory: Any) -> list[Path]:
    """The folders `datasets` would choose from."""
    owner, _, name = factory.name.rpartition("/")
    root = Path(factory.cache_dir or module.config.HF_DATASETS_CACHE).expanduser()
    own = "___".join(filter(None, (owner, module.camelcase_to_snakecase(name))))
    return [folder for folder in (root / own).glob("*/*/*") if folder.is_dir()]
