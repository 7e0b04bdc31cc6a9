"""What the end of a Parquet file says: its columns, its row groups, and where each column's bytes lie.

pyarrow reads the schema and checks the whole; where a column's page index lies it does not tell, so that is read here.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.data.files import meter
from hf_nb.data.files.file import File, Range
from hf_nb.data.parquet import thrift
from hf_nb.data.parquet.thrift import Fields
from hf_nb.errors import BadInput, Broken, TooLarge

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

# Of the end of a file is asked for at once: the footer and, in files of usual size, the page index before it.
GUESS = 128 * 1024
# A footer larger than this is no footer to look at a table with.
MOST = 64_000_000
DEEPEST = 100
# Descriptions of chunks that are remembered, of a file with many row groups.
MOST_CHUNKS = 20_000
_END = 8


@dataclass(frozen=True)
class Leaf:
    """A column as stored: `field` is the number of the column it belongs to, as people see it."""

    number: int
    field: int
    path: tuple[bytes, ...]
    element: Fields
    definition: int
    repetition: int

    @property
    def stored(self) -> int:
        """The physical type's number."""
        found = self.element.get(1)
        return found if isinstance(found, int) else -1


@dataclass(frozen=True)
class Chunk:
    """One leaf's bytes in one row group."""

    leaf: Leaf
    codec: int
    encodings: tuple[int, ...]
    values: int
    span: Range
    raw: int  # unpacked
    index: Range | None
    coded: int | None  # so many of its data pages, the first ones, need the dictionary; None: it does not say
    begins: int  # its first data page, as it says
    stats: Fields
    ends: Range | None = None  # the column index: the lowest and highest value of each page


class Footer:
    """Read once, shared by all threads."""

    def __init__(self, name: str, raw: bytes, size: int) -> None:
        self.name, self.raw, self.size = name, raw, size
        self.metadata, self.schema = _checked(name, raw)
        self._known: dict[int, tuple[Chunk, ...]] = {}
        try:
            self._places = {number: (kind, at) for number, kind, at in thrift.fields(raw)}
            self.elements = self._elements()
            self.leaves = tuple(_leaves(self.elements))
            self._groups, self.counts = self._row_groups(*self._places.get(4, (0, 0)))
            self.rows = sum(self.counts)
            if self.rows != self.metadata.num_rows:
                raise thrift.Malformed("its row counts do not add up")  # noqa: TRY301 -- said in one place
        except thrift.Malformed as wrong:
            raise broken(name, str(wrong)) from None
        if len(self.leaves) != self.metadata.num_columns or 8 in self._places:
            raise (
                broken(name, "its columns do not fit together") if 8 not in self._places else encrypted(name)
            )
        self.starts = [0, *itertools.accumulate(self.counts)]
        self.fields: list[list[Leaf]] = [[] for _ in self.schema.names]
        for leaf in self.leaves:
            if leaf.field >= len(self.fields):
                raise broken(name, "its columns do not fit together")
            self.fields[leaf.field].append(leaf)

    def key(self, name: bytes) -> bytes | None:
        """What the file's own metadata says under a name."""
        found = (self.metadata.metadata or {}).get(name)
        return bytes(found) if found is not None else None

    def chunks(self, group: int) -> tuple[Chunk, ...]:
        """Where the leaves of a row group lie."""
        found = self._known.get(group)
        if found is None:
            try:
                found = tuple(self._chunks(group))
            except thrift.Malformed as wrong:
                raise broken(self.name, str(wrong)) from None
            if sum(map(len, [*self._known.values()])) > MOST_CHUNKS:
                self._known.clear()
            self._known[group] = found
        return found

    @functools.cached_property
    def made_by(self) -> bytes | None:
        """The software that wrote it, as it says; in what letters nobody knows."""
        kind, at = self._places.get(6, (0, 0))
        return thrift.text(self.raw, at) if kind == thrift.BINARY else None

    @functools.cached_property
    def stored_schema(self) -> pyarrow.Schema | None:
        """The types its writer had, where it was Arrow."""
        import base64
        import binascii

        import pyarrow

        raw = self.key(b"ARROW:schema")
        try:
            found = None if raw is None else pyarrow.ipc.read_schema(pyarrow.py_buffer(base64.b64decode(raw)))
        except (pyarrow.ArrowException, OSError, ValueError, binascii.Error):
            return None
        return found if found is not None and len(found) == len(self.fields) else None

    def subtree(self, field: int) -> list[bytes]:
        """A column's elements of the schema, as written."""
        begin, end = self._subtrees[field]
        return [raw for _, raw in self.elements[begin:end]]

    @functools.cached_property
    def _subtrees(self) -> list[tuple[int, int]]:
        found, at = [], 1
        for _ in self.fields:
            begin, left = at, 1
            while left:
                left += _children(self.elements[at][0]) - 1
                at += 1
            found.append((begin, at))
        return found

    def _chunks(self, group: int) -> Iterator[Chunk]:
        columns = next(
            (at for number, _, at in thrift.fields(self.raw, self._groups[group]) if number == 1), None
        )
        if columns is None:
            raise thrift.Malformed("a row group has no columns")
        count, kind, at = thrift.items(self.raw, columns)
        if count != len(self.leaves) or kind != thrift.STRUCT:
            raise thrift.Malformed("a row group has other columns than the file")
        for leaf in self.leaves:
            found, at = thrift.read(self.raw, at)
            yield self._chunk(leaf, found)

    def _chunk(self, leaf: Leaf, found: Fields) -> Chunk:
        meta = found.get(3)
        if found.get(8) or found.get(9) or not isinstance(meta, dict):
            raise encrypted(self.name)
        if found.get(1):
            raise BadInput(f"{self.name} keeps its columns in other files, which are not looked for.")
        data, dictionary, length = _whole(meta, 9), meta.get(11), _whole(meta, 7)
        begin = dictionary if isinstance(dictionary, int) and 0 < dictionary < data else data
        if begin < 4 or begin + length > self.size:
            raise thrift.Malformed("a column lies outside the file")
        listed = meta.get(2)
        return Chunk(
            leaf,
            _whole(meta, 4),
            tuple(one for one in listed if isinstance(one, int)) if isinstance(listed, list) else (),
            _whole(meta, 5),
            Range(begin, begin + length),
            max(0, _whole(meta, 6)),
            self._beside(found.get(4), found.get(5)),
            _coded(meta),
            data,
            stats if isinstance(stats := meta.get(12), dict) else {},
            self._beside(found.get(6), found.get(7)),
        )

    def _beside(self, begin: object, length: object) -> Range | None:
        """Where something lies that a chunk can be read without; None where it cannot lie there."""
        if not isinstance(begin, int) or not isinstance(length, int) or length <= 0:
            return None
        return Range(begin, begin + length) if begin >= 4 and begin + length <= self.size else None

    def _elements(self) -> list[tuple[Fields, bytes]]:
        """The schema's elements, each as read and as written."""
        form, at = self._places.get(2, (0, 0))
        count, kind, at = thrift.items(self.raw, at) if form == thrift.LIST else (0, 0, 0)
        if kind != thrift.STRUCT or not count:
            raise thrift.Malformed("it has no schema")
        found = []
        for _ in range(count):
            element, end = thrift.read(self.raw, at)
            found.append((element, self.raw[at:end]))
            at = end
        return found

    def _row_groups(self, form: int, at: int) -> tuple[list[int], list[int]]:
        """Where each row group begins in the footer, and how many rows it has."""
        starts: list[int] = []
        counts: list[int] = []
        count, kind, at = thrift.items(self.raw, at) if form == thrift.LIST else (0, 0, 0)
        if count and kind != thrift.STRUCT:
            raise thrift.Malformed("it has no row groups")
        for _ in range(count):
            starts.append(at)
            rows = None
            for number, held, where in thrift.fields(self.raw, at):
                if number == 3 and held == thrift.I64:
                    rows = thrift.number(self.raw, where)
                at = where
            if rows is None or rows < 0:
                raise thrift.Malformed("its row counts do not add up")
            counts.append(rows)
        return starts, counts


def read(file: File, guess: int = GUESS) -> Footer:
    """By one request; by two where it is larger than expected."""
    end = file.tail(guess)
    size = file.size
    if size < 12 or len(end) < 12:
        raise broken(file.name, "it is too short")
    if end[-4:] == b"PARE":
        raise encrypted(file.name)
    if end[-4:] != b"PAR1":
        raise broken(file.name, "its end is not that of a Parquet file")
    length = int.from_bytes(end[-_END:-4], "little")
    if length > size - 12:
        raise broken(file.name, "its end is not that of a Parquet file")
    if length > MOST:
        raise TooLarge(f"The footer of {file.name} is larger than {MOST // 1_000_000} MB.")
    if length + _END > len(end):
        missing = Range(size - length - _END, size - len(end))
        if file.remote:
            meter.may(file.cost([missing]), f"The footer of {file.name}")
        end = file.read([missing])[0] + end
    if len(end) < length + _END:
        raise broken(file.name, "it is cut off")
    return Footer(file.name, end[len(end) - length - _END : -_END], size)


def broken(name: str, why: str) -> Broken:
    """A file that is none, or no longer one."""
    return Broken(f"{name} cannot be read as Parquet: {why}.", "Fetch it again, or ask its owner.")


def encrypted(name: str) -> BadInput:
    """A file that nobody without its key can read."""
    return BadInput(f"{name} is encrypted.", "Read it with pyarrow.parquet and its keys.")


def _checked(name: str, raw: bytes) -> tuple[pyarrow.parquet.FileMetaData, pyarrow.Schema]:
    import pyarrow
    from pyarrow import parquet

    whole = b"".join((b"PAR1", raw, len(raw).to_bytes(4, "little"), b"PAR1"))
    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(whole))
        schema = file.schema_arrow
        str(schema.names)  # in letters that are none
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, RecursionError) as wrong:
        raise broken(name, _said(wrong)) from None
    return file.metadata, schema


def _said(wrong: BaseException) -> str:
    lines = str(wrong).strip().splitlines()
    return lines[0][:150].rstrip(".") if lines else "it makes no sense"


def _coded(meta: Fields) -> int | None:
    """Data pages that are written with the dictionary. Writers give it up when it is full, and never go back."""
    stats = meta.get(13)
    if not isinstance(stats, list) or not all(isinstance(one, dict) for one in stats):
        return None
    counts = [one.get(3) for one in stats if one.get(1) in (0, 3) and one.get(2) in (2, 8)]
    return sum(counts) if all(isinstance(count, int) for count in counts) else None


def _whole(fields: Fields, number: int) -> int:
    value = fields.get(number)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise thrift.Malformed("a column does not say where it lies")
    return value


def _leaves(elements: list[tuple[Fields, bytes]]) -> Iterator[Leaf]:
    """The tree's leaves, in the order in which they are stored."""
    number, at = 0, 1
    fields = _children(elements[0][0])
    # (children still to come, definition, repetition, path, field)
    open_: list[list[Any]] = [[fields, 0, 0, (), -1]]
    field = -1
    while open_:
        if not open_[-1][0]:
            open_.pop()
            continue
        open_[-1][0] -= 1
        if at >= len(elements) or len(open_) > DEEPEST:
            raise thrift.Malformed("its schema does not add up")
        element = elements[at][0]
        at += 1
        _, definition, repetition, path, _ = open_[-1]
        if len(open_) == 1:
            field += 1
        definition += element.get(3, 0) != 0
        repetition += element.get(3, 0) == 2
        path = (*path, _name(element))
        children = _children(element)
        if children:
            open_.append([children, definition, repetition, path, field])
        else:
            yield Leaf(number, field, path, element, definition, repetition)
            number += 1
    if at != len(elements):
        raise thrift.Malformed("its schema does not add up")


def _children(element: Fields) -> int:
    count = element.get(5, 0)
    if not isinstance(count, int) or count < 0:
        raise thrift.Malformed("its schema does not add up")
    return count


def _name(element: Fields) -> bytes:
    name = element.get(4, b"")
    if not isinstance(name, bytes):
        raise thrift.Malformed("a column has no name")
    return name
