"""JSON: a value on each line, an array of values, or values over many lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from hf_nb.data.formats import widening
from hf_nb.data.formats.ends import LineEnds, ValueEnds
from hf_nb.data.formats.lined import Lined
from hf_nb.data.formats.lines import Lines
from hf_nb.data.formats.texts import HEAD
from hf_nb.errors import Broken

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.files.file import File
    from hf_nb.data.formats.texts import Text

BOM = b"\xef\xbb\xbf"
ALONE = "value"  # the column of rows that are no objects
MOST_KEYS = 5_000  # columns a file may come to have


class Json(Lined):
    """A row per value; what a row lacks is empty, and what holds several types is text."""

    def __init__(self, file: File) -> None:
        super().__init__(file)
        self._by_line = True
        self._mixed: set[str] = set()  # columns whose values are shown as JSON

    def begin(self, text: Text) -> Lines:
        head = text.at(0, HEAD)
        skip = len(BOM) if head.startswith(BOM) else 0
        start = head[skip:].lstrip()
        skip += len(head[skip:]) - len(start)
        array = start[:1] == b"[" and not _rows_are_lists(start)
        if array:
            self._by_line, skip = False, skip + 1
        else:
            self._by_line = start[:1] != b"{" or _whole(start.partition(b"\n")[0])
        ends = LineEnds() if self._by_line else ValueEnds(array=array)
        return Lines(text, ends, skip, HEAD if text.remote else 1_000_000)

    def parsed(self, rows: bytes, schema: pyarrow.Schema | None) -> pyarrow.Table:
        import pyarrow

        if not rows.strip():
            return schema.empty_table() if schema is not None else pyarrow.table({})
        if not self._mixed and self._by_line:
            try:
                return self._arrow(rows, schema)
            except _Wider as wider:
                raise pyarrow.ArrowInvalid("wider") from wider
            except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError, pyarrow.ArrowTypeError):
                pass  # several types in a column, a value that is no object: one by one
        return self._one_by_one(rows, schema)

    def _arrow(self, rows: bytes, schema: pyarrow.Schema | None) -> pyarrow.Table:
        """By pyarrow, which would cut 2.5 down to 2 where it is told of whole numbers: so it is told afterwards."""
        import pyarrow

        table = _parsed(rows, None)
        if len(set(table.schema.names)) != len(table.schema.names):
            raise pyarrow.ArrowInvalid("a key twice")
        if schema is None or table.schema.equals(schema):
            return table
        if not widening.merged(schema, table.schema, last=pyarrow.string()).equals(schema):
            raise _Wider
        return _parsed(rows, schema)

    def _one_by_one(self, rows: bytes, schema: pyarrow.Schema | None) -> pyarrow.Table:
        """Slower, and reads anything: a column whose values are of several types is their JSON."""
        import pyarrow

        values = [self._row(value) for value in _values(rows, by_line=self._by_line)]
        names = list(schema.names) if schema is not None else []
        names += [
            name for name in dict.fromkeys(key for value in values for key in value) if name not in set(names)
        ]
        columns = {}
        for name in names[:MOST_KEYS]:
            cells = [value.get(name) for value in values]
            type_ = schema.field(name).type if schema is not None and name in schema.names else None
            columns[name] = self._column(name, cells, type_)
        return pyarrow.table(columns)

    def _column(self, name: str, cells: list[Any], type_: pyarrow.DataType | None) -> pyarrow.Array:
        import pyarrow

        if name not in self._mixed:
            for wanted in dict.fromkeys((type_, None)):
                try:
                    found = pyarrow.array(cells, wanted)
                except (pyarrow.ArrowException, OverflowError, TypeError, ValueError):
                    continue
                if type_ is None or found.type.equals(type_) or widening.wider(type_, found.type) is not None:
                    return found
            self._mixed.add(name)
            self.note(f"Column {name!r} holds values of several types: they are shown as JSON.")
        return pyarrow.array([_said(cell) for cell in cells], pyarrow.string())

    @staticmethod
    def _row(value: Any) -> dict[str, Any]:
        return value if isinstance(value, dict) else {ALONE: value}


class _Wider(ValueError):
    """Rows that do not fit the types known so far."""


def _parsed(rows: bytes, schema: pyarrow.Schema | None) -> pyarrow.Table:
    import pyarrow
    import pyarrow.json

    return pyarrow.json.read_json(
        pyarrow.BufferReader(rows),
        pyarrow.json.ReadOptions(use_threads=False, block_size=len(rows) + 1),
        pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer"),
    )


def _said(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _values(rows: bytes, *, by_line: bool) -> Iterator[Any]:
    text = rows.decode("utf-8", "replace")
    if by_line:
        for number, line in enumerate(text.split("\n")):
            if line.strip():
                yield _read(json.loads, line, number)
        return
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        while at < len(text) and (text[at].isspace() or text[at] == ","):
            at += 1
        if at < len(text):
            value, at = _read(decoder.raw_decode, text, at, at)
            yield value


def _read(how: Callable[..., Any], text: str, number: int, *rest: int) -> Any:
    try:
        return how(text, *rest)
    except (ValueError, RecursionError):
        start = text[rest[0] :][:40] if rest else text[:40]
        raise Broken(f"A row is no JSON: {start!r}", "Is the file whole?") from None


def _whole(line: bytes) -> bool:
    """Whether a line is a value by itself. One that is longer than what was looked at is taken for one."""
    if len(line) >= HEAD - 10:
        return True
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _rows_are_lists(start: bytes) -> bool:
    """`[1, 2]` on each of several lines: rows that are lists, and no array of rows."""
    lines = start.split(b"\n")[:3]
    return len(lines) > 1 and bool(lines[1].strip()) and all(_whole(line.strip()) for line in lines[:-1])
