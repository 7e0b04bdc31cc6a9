"""A folder of pictures, sounds or videos: a row each, with its folder's name as label, or what a metadata file says."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from hf_nb.data.files import meter
from hf_nb.data.files.file import Range
from hf_nb.data.formats import media
from hf_nb.data.parts import Block, Facts
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.files.file import File
    from hf_nb.data.parts import Part

Raw = bytes  # `bytes` is a property of the class below

METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
NAMED = "file_name"
COLUMNS = {"Image": "image", "Audio": "audio", "Video": "video"}
TOGETHER = 8
MOST_SAID = 2_000_000  # rows of a metadata file


class Folder:
    """`files`: by their path. `labelled`: all labels of the whole dataset, where folders are labels."""

    def __init__(
        self,
        name: str,
        files: Mapping[str, Callable[[], File]],
        kind: str,
        *,
        metadata: Mapping[str, Part] | None = None,
        labelled: Sequence[str] = (),
        sizes: Mapping[str, int | None] | None = None,
    ) -> None:
        self.name, self._kind, self._column = name, kind, COLUMNS[kind]
        self._labels, self._files, self._sizes = list(labelled), dict(files), dict(sizes or {})
        self._metadata = dict(metadata or {})
        self._paths = [path for path in files if media.called(path) == kind]
        self._said: pyarrow.Table | None = None
        self.remote = any(opened().remote for opened in list(files.values())[:1])

    @property
    def bytes(self) -> int | None:
        """All files together, where their sizes are known."""
        sizes = [self._sizes.get(path) for path in self._paths]
        return None if None in sizes else sum(size or 0 for size in sizes)

    @property
    def schema(self) -> pyarrow.Schema:
        """The picture, and what is said of it."""
        import pyarrow

        features: dict[str, Any] = {self._column: {"_type": self._kind}}
        shown = (self._column, media.cells([]).type)
        if self._metadata:  # the picture stands where its name stood
            fields = [shown if one.name == NAMED else (one.name, one.type) for one in self._table().schema]
        elif self._labels:
            fields = [shown, ("label", pyarrow.int64())]
            features["label"] = {"_type": "ClassLabel", "names": self._labels}
        else:
            fields = [shown]
        return pyarrow.schema(fields, metadata=media.note(features))

    @property
    def rows(self) -> int:
        """As many as there are files, or as the metadata names."""
        return self._table().num_rows if self._metadata else len(self._paths)

    def count(self) -> int:
        """Known."""
        return self.rows

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from `start`; files are fetched only where their column is wanted."""
        import pyarrow

        schema = self.schema
        wanted = list(columns) if columns is not None else schema.names
        said = self._table().slice(start, count) if self._metadata else None
        paths = said.column(NAMED).to_pylist() if said is not None else self._paths[start : start + count]
        arrays = []
        for name in wanted:
            if name == self._column:
                arrays.append(media.cells(self._fetched(paths)))
            elif said is not None:
                arrays.append(said.column(name))
            else:
                arrays.append(pyarrow.array([self._label(path) for path in paths], pyarrow.int64()))
        fields = [schema.field(name) for name in wanted]
        return pyarrow.table(arrays, schema=pyarrow.schema(fields, metadata=schema.metadata))

    def cost(self, start: int, count: int, columns: Sequence[str] | None = None) -> int:
        """The files' sizes."""
        if not self.remote or (columns is not None and self._column not in columns):
            return 0
        paths = self._shown(start, count)
        return sum(
            opened().cost([Range(0, self._sizes.get(path) or 0)])
            for path in paths
            if (opened := self._files.get(path)) is not None
        )

    def blocks(self, columns: Sequence[str] | None = None) -> list[Block]:
        """A row each."""
        wanted = self.remote and (columns is None or self._column in columns)
        paths = self._shown(0, self.rows)
        return [Block(at, 1, (self._sizes.get(path) or 0) if wanted else 0) for at, path in enumerate(paths)]

    def facts(self) -> Mapping[str, Facts]:
        """Nothing is noted."""
        return {}

    def _shown(self, start: int, count: int) -> list[str]:
        if self._metadata:
            return [str(path) for path in self._table().column(NAMED).slice(start, count).to_pylist()]
        return self._paths[start : start + count]

    def _label(self, path: str) -> int | None:
        folder = posixpath.basename(posixpath.dirname(path))
        return self._labels.index(folder) if folder in self._labels else None

    def _fetched(self, paths: Sequence[str | None]) -> list[tuple[Raw | None, str] | None]:
        """Contents of several files at once. A name that leads out of the folder is nobody's."""
        with ThreadPoolExecutor(TOGETHER) as pool:
            asked = [pool.submit(copy_context().run, self._content, path) for path in paths]
            contents = [one.result() for one in asked]
        return [
            None if path is None else (content, posixpath.basename(path))
            for path, content in zip(paths, contents, strict=True)
        ]

    def _content(self, path: str | None) -> Raw | None:
        meter.look()
        opened = self._files.get(path) if path is not None else None
        if opened is None:
            return None
        file = opened()
        return file.read([Range(0, file.size)])[0]

    def _table(self) -> pyarrow.Table:
        """What the metadata files say, each of the files beside it."""
        import pyarrow

        if self._said is None:
            found = []
            for path, part in self._metadata.items():
                table = part.read(0, MOST_SAID)
                if NAMED not in table.schema.names:
                    raise BadInput(
                        f"{path} has no column {NAMED!r}.",
                        "It names the file each row belongs to, beside it.",
                    )
                folder = posixpath.dirname(path)
                names = [
                    None if one is None else _beside(folder, str(one))
                    for one in table.column(NAMED).to_pylist()
                ]
                at = table.schema.get_field_index(NAMED)
                found.append(table.set_column(at, NAMED, pyarrow.array(names, pyarrow.string())))
            self._said = pyarrow.concat_tables(found, promote_options="permissive")
        return self._said


def _beside(folder: str, name: str) -> str:
    """The file a metadata row means. What leads elsewhere stays a name that no file has."""
    return posixpath.normpath(posixpath.join(folder, name)) if not name.startswith("/") else name
