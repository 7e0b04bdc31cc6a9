"""A split's files as the parts of a table."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from hf_nb.data import formats
from hf_nb.data.formats import folder, media

if TYPE_CHECKING:
    from hf_nb.data.files.file import File
    from hf_nb.data.finding.configs import Config
    from hf_nb.data.parts import Part

KINDS = {family: kind for kind, family in formats.FOLDERS.items()}


def parts(
    config: Config, split: str, opened: Callable[[str], File], sizes: Mapping[str, int | None] | None = None
) -> list[Part]:
    """One for each file; of a folder of pictures, one for all."""
    paths = config.splits[split]
    if config.family not in KINDS:
        # A file without rows has nothing to say, and reading it would say so with an error.
        filled = [path for path in paths if (sizes or {}).get(path) != 0] or list(paths)
        return [formats.part(opened(path), how=config.how, family_=config.family) for path in filled]
    kind = KINDS[config.family]
    said = {path: formats.part(opened(path)) for path in paths if posixpath.basename(path) in folder.METADATA}
    return [
        folder.Folder(
            split,
            {path: (lambda path=path: opened(path)) for path in paths},  # type: ignore[misc]
            kind,
            metadata=said,
            labelled=_labels(config, kind),
            sizes=sizes,
        )
    ]


def _labels(config: Config, kind: str) -> Sequence[str]:
    """Names of the folders, where all files lie equally deep and there are several: of all splits together."""
    paths = [path for files in config.splits.values() for path in files]
    if any(posixpath.basename(path) in folder.METADATA for path in paths):
        return ()
    found = [path for path in paths if media.called(path) == kind]
    names = {posixpath.basename(posixpath.dirname(path)) for path in found}
    return sorted(names) if len(names) > 1 and len({path.count("/") for path in found}) == 1 else ()
