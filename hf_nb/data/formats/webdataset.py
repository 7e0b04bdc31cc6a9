"""WebDataset: a tar whose neighbours with the same name, up to the first dot, are one row.

Only headers are read to know the rows; the files between them are fetched where a shown column needs them.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.data.files import meter
from hf_nb.data.files.file import Range
from hf_nb.data.formats import media
from hf_nb.data.formats.memory import array
from hf_nb.data.parts import Block, Facts
from hf_nb.errors import Broken

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.files.file import File

Raw = bytes  # `bytes` is a property of the class below

BLOCK = 512
WINDOW = 64_000  # read at a header: small files' headers lie in it together
INFERRED = 5  # rows that say what the columns are, as in `datasets`
LONGEST_NAME = 100_000
KEY, ADDRESS = "__key__", "__url__"
_SPLIT = re.compile(r"((?:.*/|)[^.]+)[.]([^/]*)\Z", re.DOTALL)
_TEXTS = frozenset({"txt", "text", "transcript"})
_NUMBERS = frozenset({"cls", "cls2", "class", "count", "index", "inx", "id"})


@dataclass(frozen=True)
class Member:
    """One file of the tar."""

    name: str
    begin: int
    size: int


class WebDataset:
    """Rows of a tar."""

    streams = True  # its rows are found by reading on
    guessed = True  # its types are what the rows look like

    def __init__(self, file: File) -> None:
        self.file, self.name = file, file.name
        self._lock = threading.RLock()
        self._rows: list[tuple[str, dict[str, Member]]] = []  # whole ones
        self._open: tuple[str, dict[str, Member]] | None = None  # the one that may go on
        self._next = 0
        self._whole = False
        self._long: str | None = None  # a name too long for its header, said before it
        self._window: tuple[int, Raw] = (0, b"")
        self._schema: pyarrow.Schema | None = None

    @property
    def bytes(self) -> int:
        """As stored."""
        return self.file.size

    @property
    def schema(self) -> pyarrow.Schema:
        """By its first rows."""
        import pyarrow

        with self._lock:
            if self._schema is None:
                self._find(INFERRED)
                rows = self._rows[:INFERRED]
                names = list(dict.fromkeys(name for _, members in rows for name in members))
                features = {name: {"_type": kind} for name in names if (kind := media.called(name))}
                columns = [
                    array(self._cells(rows, name), None) if name not in features else media.cells([])
                    for name in names
                ]
                fields = [(name, column.type) for name, column in zip(names, columns, strict=True)]
                fields += [(KEY, pyarrow.string()), (ADDRESS, pyarrow.string())]
                self._schema = pyarrow.schema(fields, metadata=media.note(features))
            return self._schema

    @property
    def rows(self) -> int | None:
        """Known once every header was seen."""
        return len(self._rows) if self._whole else None

    def count(self) -> int:
        """Reads every header, and none of what lies between them where that is long."""
        if not self._whole and self.file.remote:
            meter.may(self._far(None), f"Counting the rows of {self.name}")
        self._find(None)
        return len(self._rows)

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from `start`: only files of these columns are fetched."""
        import pyarrow

        schema = self.schema
        wanted = list(columns) if columns is not None else schema.names
        if self.file.remote and start > len(self._rows) + 1_000:
            meter.may(self._far(start), f"Finding row {start:,} of {self.name}")
        self._find(start + count)
        rows = self._rows[start : start + count]
        fetched = self._fetched(rows, wanted)
        arrays = [self._column(rows, name, schema.field(name).type, fetched) for name in wanted]
        fields = [pyarrow.field(name, one.type) for name, one in zip(wanted, arrays, strict=True)]
        return pyarrow.table(arrays, schema=pyarrow.schema(fields, metadata=schema.metadata))

    def cost(self, start: int, count: int, columns: Sequence[str] | None = None) -> int:
        """Exact where the rows were found already."""
        if not self.file.remote:
            return 0
        rows = self._rows[start : start + count]
        ranges = [
            Range(member.begin, member.begin + member.size)
            for _, members in rows
            for name, member in members.items()
            if columns is None or name in columns
        ]
        known = self.file.cost(ranges) if ranges else 0
        return known if self._whole or len(rows) == count else known + self._far(start + count)

    def blocks(self, columns: Sequence[str] | None = None) -> list[Block]:
        """Every row can be read by itself."""
        self.count()
        found = []
        for at, (_, members) in enumerate(self._rows):
            sizes = [one.size for name, one in members.items() if columns is None or name in columns]
            found.append(Block(at, 1, sum(sizes) if self.file.remote else 0))
        return found

    def facts(self) -> Mapping[str, Facts]:
        """A tar says nothing of its columns."""
        return {}

    def _far(self, row: int | None) -> int:
        """Bytes that finding a row takes: of the files seen so far, how much lay in the windows."""
        size = self.file.size - self._next
        if not self._rows:
            return min(size, WINDOW)
        average = max(1.0, self._next / len(self._rows))
        rows = size / average if row is None else max(0, row - len(self._rows))
        members = max(1, len(self._rows[0][1]))
        return int(min(size, rows * min(average, members * WINDOW)))

    def _find(self, rows: int | None) -> None:
        with self._lock:
            while not self._whole and (rows is None or len(self._rows) < rows):
                member = self._member()
                if member is None:
                    self._whole = True
                    self._close()
                elif found := _SPLIT.match(member.name):
                    key, name = found[1], found[2]
                    if self._open is None or self._open[0] != key:
                        self._close()
                        self._open = (key, {})
                    self._open[1][name] = member

    def _close(self) -> None:
        if self._open is not None:
            self._rows.append(self._open)
            self._open = None

    def _member(self) -> Member | None:
        """The next file; None at the end."""
        while True:
            meter.look()
            header = self._at(self._next, BLOCK)
            if len(header) < BLOCK or not any(header):
                if 0 < len(header) < BLOCK:
                    raise Broken(f"{self.name} ends in the middle of a header.", "Download it again.")
                return None
            size = _number(header[124:136])
            if size < 0 or not _sound(header):
                raise Broken(f"{self.name} is no tar from byte {self._next:,} on.", "Is the file whole?")
            begin, kind = self._next + BLOCK, header[156:157]
            if begin + size > self.file.size:
                raise Broken(f"{self.name} ends in the middle of a file.", "Download it again.")
            self._next = begin + -(-size // BLOCK) * BLOCK
            if kind in (b"L", b"x") and size <= LONGEST_NAME:
                said = self._at(begin, size)
                self._long = _text(said.rstrip(b"\0")) if kind == b"L" else _path(said) or self._long
            elif kind in (b"0", b"\0"):
                name, self._long = self._long or _name(header), None
                return Member(name, begin, size)
            else:
                self._long = None

    def _at(self, begin: int, count: int) -> Raw:
        first, window = self._window
        if not (first <= begin and begin + count <= first + len(window)):
            end = min(self.file.size, begin + max(count, WINDOW))
            window = self.file.read([Range(begin, end)])[0] if end > begin else b""
            first, self._window = begin, (begin, window)
        return window[begin - first : begin - first + count]

    def _fetched(
        self, rows: Sequence[tuple[str, dict[str, Member]]], names: Sequence[str]
    ) -> dict[Member, Raw]:
        members = [members[name] for _, members in rows for name in names if name in members]
        contents = (
            self.file.read([Range(one.begin, one.begin + one.size) for one in members]) if members else []
        )
        return dict(zip(members, contents, strict=True))

    def _cells(self, rows: Sequence[tuple[str, dict[str, Member]]], name: str) -> list[Any]:
        fetched = self._fetched(rows, [name])
        return [_decoded(name, fetched[members[name]]) if name in members else None for _, members in rows]

    def _column(
        self,
        rows: Sequence[tuple[str, dict[str, Member]]],
        name: str,
        type_: Any,
        fetched: Mapping[Member, Raw],
    ) -> Any:
        if name == KEY:
            return array([key for key, _ in rows], type_)
        if name == ADDRESS:
            return array([self.name for _ in rows], type_)
        contents = [fetched.get(members[name]) if name in members else None for _, members in rows]
        if media.called(name):
            return media.cells(
                [
                    (content, f"{key}.{name}") if content is not None else None
                    for content, (key, _) in zip(contents, rows, strict=True)
                ]
            )
        return array([None if one is None else _decoded(name, one) for one in contents], type_)


def _decoded(name: str, content: Raw) -> Any:
    """What a file's ending says of its content; bytes where it says nothing, or something untrue."""
    ending = name.rpartition(".")[2].lower()
    try:
        if ending in ("json", "jsn"):
            return json.loads(content)
        if ending in _TEXTS:
            return content.decode("utf-8")
        if ending in _NUMBERS:
            return int(content)
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")
    return content


def _number(field: Raw) -> int:
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return -1


def _sound(header: Raw) -> bool:
    """Whether the header's sum is right."""
    return _number(header[148:156]) == sum(header[:148]) + sum(header[156:]) + 8 * 32


def _name(header: Raw) -> str:
    name = header[:100].split(b"\0")[0]
    prefix = header[345:500].split(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return _text(prefix + b"/" + name if prefix else name)


def _path(record: Raw) -> str | None:
    """The path in a pax record: `30 path=…`."""
    at = 0
    while at < len(record):
        length, _, _ = record[at : at + 20].partition(b" ")
        if not length.isdigit() or int(length) <= len(length):
            return None
        key, _, value = record[at + len(length) + 1 : at + int(length) - 1].partition(b"=")
        if key == b"path":
            return _text(value)
        at += int(length)
    return None


def _text(name: Raw) -> str:
    return name.decode("utf-8", "replace")
