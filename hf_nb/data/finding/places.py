"""Where tables are found: on the Hub, on this disk, behind an address. Each knows its configurations and opens them."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, unquote, urlsplit

from hf_nb.data import formats
from hf_nb.data.finding import configs, repo, viewer
from hf_nb.data.finding.configs import ALONE, Config, Configs
from hf_nb.data.finding.gate import Gated
from hf_nb.data.formats import media
from hf_nb.errors import BadInput, NotFound, TooLarge
from hf_nb.hub.versions import contents
from hf_nb.values.data import Origin

if TYPE_CHECKING:
    from hf_nb.data.files.file import File
    from hf_nb.data.finding import meant
    from hf_nb.plumbing.session import Session

MOST_FILES = 200_000
MANY = 4  # files whose footers are worth one question to the viewer
CARD_BYTES = 1_000_000


class Place(Protocol):
    """Somewhere tables are."""

    name: str
    configs: Configs
    sizes: Mapping[str, int | None]
    notes: tuple[str, ...]

    def file(self, path: str) -> File:
        """One of its files."""

    def origin(self, config: Config, split: str) -> Origin:
        """Where a split comes from."""

    def rows(self, config: Config, split: str) -> int | None:
        """Rows, as far as somebody says."""


class OnHub:
    """A dataset of the Hub at a commit; the Hub's Parquet copies where its own files are not read here."""

    def __init__(self, what: meant.Hub, session: Session) -> None:
        self.session = session
        found = repo.look(what.id, what.revision, session)
        self.name, self.commit, self._files_at, self.sizes = found.id, found.commit, found.commit, found.files
        self.notes: tuple[str, ...] = (found.note,) if found.note else ()
        self._gated = found.gated
        self._counted: dict[str, dict[str, int]] | None = None
        self._path = (what.path or "").strip("/") or None
        if self._path is not None:
            self.configs = self._of_path(self._path)
        else:
            self.configs = configs.found(list(found.files), found.card)
            if not any(one.splits for one in self.configs.all.values()):
                self._converted(what)
        self.notes += self.configs.notes

    @property
    def whole(self) -> bool:
        """Whether it is the dataset as its owner laid it out, and not one of its files."""
        return self._path is None

    def file(self, path: str) -> File:
        return self.opened(path, self._files_at, self.sizes.get(path))

    def opened(self, path: str, commit: str, size: int | None) -> File:
        """One of its files at any of its commits."""
        from hf_nb.data.files.place import HubFile
        from hf_nb.data.files.remote import Remote

        hub_file = HubFile(self.name, path, commit, size=size)
        file = Remote(hub_file, self.session)
        page = f"{self.session.settings.endpoint}/datasets/{self.name}"
        return Gated(file, self.name, page) if self._gated else file

    def origin(self, config: Config, split: str) -> Origin:
        url = f"{self.session.settings.endpoint}/datasets/{self.name}"
        if self._path is not None:
            url += f"/blob/{self.commit}/{quote(self._path)}"
        else:
            url += f"/viewer/{quote(config.name, safe='')}/{quote(split, safe='')}"
        return Origin("hub", self.name, self.commit, config.name, split, url, len(config.splits[split]),
                      formats.form(config.family or ""))  # fmt: skip

    def rows(self, config: Config, split: str) -> int | None:
        """By its card; of many files nobody counted, by the viewer."""
        if split in config.rows:
            return config.rows[split]
        if len(config.splits[split]) < MANY:
            return None
        if self._counted is None:
            self._counted = viewer.sizes(self.name, self.commit, self.session)
        return self._counted.get(config.name, {}).get(split)

    def _of_path(self, path: str) -> Configs:
        """One file, or a folder, of the repository."""
        if path in self.sizes:
            return _one(path)
        under = [one for one in self.sizes if one.startswith(f"{path}/")]
        if not under:
            near = [one for one in self.sizes if formats.family(one)][:3]
            raise NotFound(
                f"dataset {self.name} has no file {path!r}.",
                f"For example: {', '.join(near)}" if near else "",
                nearest=near,
            )
        found = configs.found([one[len(path) + 1 :] for one in under], {})
        return _below(found, path)

    def _converted(self, what: meant.Hub) -> None:
        """The Hub's own copies, where no file is read here: `config/split/0000.parquet`."""
        kinds = {Path(path).suffix for path in self.sizes if not path.startswith(".")} - {".md", ""}
        seen = f"its files are {', '.join(sorted(kinds)[:5])}" if kinds else "it has no files with rows"
        problem = next((one.problem for one in self.configs.all.values() if one.problem), None)
        try:
            copies = repo.look(what.id, repo.CONVERTED, self.session)
        except NotFound:
            raise NotFound(
                f"No table was found in dataset {self.name}: {seen}.",
                problem or f"What is read: {formats.READ}",
            ) from None
        splits: dict[str, dict[str, list[str]]] = {}
        for path in copies.files:
            config, _, rest = path.partition("/")
            split, _, name = rest.partition("/")
            if name.endswith(".parquet"):
                splits.setdefault(config, {}).setdefault(split.removeprefix("partial-"), []).append(path)
        if not splits:
            raise NotFound(
                f"No table was found in dataset {self.name}: {seen}.", f"What is read: {formats.READ}"
            )
        found = {name: Config(name, held, "parquet") for name, held in sorted(splits.items())}
        self.configs = Configs(found, ALONE if ALONE in found else next(iter(found)))
        self._files_at, self.sizes = copies.commit, copies.files
        self.notes += (
            "Shows the Hub's Parquet copy: the dataset's own files are in a form that is not read here.",
        )
        if any("/partial-" in path for path in copies.files):
            self.notes += ("The copy holds the first part of the dataset only.",)


class OnDisk:
    """A file, a folder, a pattern, a folder that `save_to_disk` wrote."""

    def __init__(self, what: meant.Disk) -> None:
        self.name = what.path
        self.notes: tuple[str, ...] = ()
        given = Path(what.path).expanduser()
        self._root = given
        if given.is_file():
            self._root = given.parent
            self.configs = _one(given.name)
        elif given.is_dir():
            self.configs = _saved(given) or configs.found(_listed(given), _card(given))
        elif any(mark in what.path for mark in "*?["):
            self._root = Path()
            hits = sorted(path for path in glob.glob(str(given), recursive=True) if Path(path).is_file())  # noqa: PTH207 -- a pattern may begin anywhere
            if not hits:
                raise NotFound(f"No file is called like {what.path}.")
            kind = configs.family(hits)
            chosen = [path for path in hits if formats.family(path) == kind]
            self.configs = Configs({ALONE: Config(ALONE, {"train": chosen}, kind)}, ALONE)
        else:
            raise _no_file(given)
        self.sizes: Mapping[str, int | None] = {}
        self.notes += self.configs.notes

    def file(self, path: str) -> File:
        from hf_nb.data.files.disk import Disk

        return Disk(self._root / path)

    def origin(self, config: Config, split: str) -> Origin:
        return Origin("disk", self.name, None, config.name, split, None, len(config.splits[split]),
                      formats.form(config.family or ""))  # fmt: skip

    def rows(self, config: Config, split: str) -> int | None:
        return config.rows.get(split)


class AtUrl:
    """One file behind an address."""

    def __init__(self, what: meant.Url, session: Session) -> None:
        from hf_nb.data.files.place import named

        self._url, self._session = what.url, session
        self.name = named(what.url)
        self.notes: tuple[str, ...] = ()
        self.sizes: Mapping[str, int | None] = {}
        path = unquote(urlsplit(what.url).path).rpartition("/")[2]
        self.configs = _one(path or "table")

    def file(self, path: str) -> File:
        from hf_nb.data.files.remote import Remote

        return Remote(self._url, self._session)

    def origin(self, config: Config, split: str) -> Origin:
        return Origin("url", self.name, None, None, None, self.name, 1, formats.form(config.family or ""))

    def rows(self, config: Config, split: str) -> int | None:
        return None


def _one(path: str) -> Configs:
    return Configs({ALONE: Config(ALONE, {"train": [path]}, formats.family(path))}, ALONE)


def _below(found: Configs, folder: str) -> Configs:
    """The same configurations, their files under a folder."""
    moved = {
        name: Config(
            name,
            {split: [f"{folder}/{path}" for path in files] for split, files in one.splits.items()},
            one.family,
        )
        for name, one in found.all.items()
    }
    return Configs(moved, found.default, found.notes)


def _listed(root: Path) -> list[str]:
    """Files under a folder, hidden folders left out."""
    found: list[str] = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in files]
        if len(found) > MOST_FILES:
            raise TooLarge(f"{root} holds more than {MOST_FILES:,} files.", "Name one of its folders.")
    return sorted(found)


def _card(root: Path) -> Mapping[str, Any]:
    path = root / "README.md"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", errors="replace") as file:
        return contents.card(file.read(CARD_BYTES))[0]


def _saved(root: Path) -> Configs | None:
    """What `save_to_disk` wrote: a dataset, or a folder for each split."""
    splits = _json(root / "dataset_dict.json").get("splits")
    if isinstance(splits, list):
        named = [str(split) for split in splits if Path(str(split)).name == str(split)]
        every = {split: _saved_files(root / split, f"{split}/") for split in named}
    elif (root / "state.json").is_file() and (root / "dataset_info.json").is_file():
        every = {"train": _saved_files(root, "")}
    else:
        return None
    kept = {split: files for split, files in every.items() if files}
    return Configs({ALONE: Config(ALONE, kept, "arrow")}, ALONE)


def _saved_files(folder: Path, prefix: str) -> list[str]:
    state = _json(folder / "state.json")
    if state.get("_indices_data_files"):
        raise BadInput(
            f"{folder} holds a selection of rows that only `datasets` can put together.",
            f"datasets.load_from_disk({str(folder)!r}), and give that to preview",
        )
    listed = state.get("_data_files")
    names = (
        [one.get("filename") for one in listed if isinstance(one, Mapping)]
        if isinstance(listed, list)
        else []
    )
    return [f"{prefix}{name}" for name in names if isinstance(name, str) and Path(name).name == name]


def _json(path: Path) -> Mapping[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            found = json.loads(file.read(10_000_000))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _no_file(path: Path) -> NotFound:
    import difflib

    there = [one.name for one in list(path.parent.iterdir())[:2_000]] if path.parent.is_dir() else []
    readable = [name for name in there if formats.family(name) and not media.called(name)]
    near = difflib.get_close_matches(path.name, readable, 3, 0.5)
    return NotFound(
        f"There is no file {path}.", f"Nearest: {', '.join(str(path.parent / name) for name in near)}" if near else "",
        nearest=near,
    )  # fmt: skip
