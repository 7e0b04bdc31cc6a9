"""Arrow's own files: with a list of its batches at the end (IPC file, Feather), or one batch after another (stream).

Only headers are read to know the rows; a batch is read whole, with the columns that were asked for taken from it.
"""

from __future__ import annotations

import io
import struct
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.data.files import meter
from hf_nb.data.files.file import Range
from hf_nb.data.formats import flat
from hf_nb.data.parts import Block, Facts
from hf_nb.errors import Broken

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.files.file import File

Raw = bytes  # `bytes` is a property of the class below

MAGIC = b"ARROW1"
TAIL = 64_000
WINDOW = 64_000  # read at a batch's header
LARGEST_HEADER = 64_000_000
KEPT = 64_000_000  # bytes of batches that stay in memory
MAPPED = 1_000_000  # batches from there on are not copied from this disk
SCHEMA, DICTIONARY, RECORDS = 1, 2, 3
UNREADABLE = (
    ValueError,
    OSError,
    KeyError,
    TypeError,
    NotImplementedError,
    MemoryError,
)  # Arrow's own are among them
END = b"\xff\xff\xff\xff\0\0\0\0"


@dataclass(frozen=True)
class Message:
    """One message: what it is, where it lies, how many rows it has."""

    kind: int
    begin: int
    end: int
    rows: int = 0


class Arrow:
    """Batches of rows. Those of a stream are found one after another."""

    streams = True  # its rows are found by reading on

    def __init__(self, file: File) -> None:
        self.file, self.name = file, file.name
        self._lock = threading.RLock()
        self._windows: tuple[int, Raw] = (0, b"")
        self._first: Raw | None = None  # the schema's message
        self._dictionaries: list[Message] = []
        self._batches: list[Message] = []
        self._starts = [0]
        self._next = 0  # where the next message of a stream begins
        self._whole = self._listing = False  # every batch is known; a list of them stands at the end
        self._kept: OrderedDict[int, pyarrow.Table] = OrderedDict()
        self._schema: pyarrow.Schema | None = None

    @property
    def bytes(self) -> int:
        """As stored."""
        return self.file.size

    @property
    def schema(self) -> pyarrow.Schema:
        """Its columns."""
        self._open()
        assert self._schema is not None
        return self._schema

    @property
    def rows(self) -> int | None:
        """Known once every header was seen."""
        return self._starts[-1] if self._whole else None

    def count(self) -> int:
        """Reads every header."""
        self._open()
        if self.file.remote and not self._whole and self._batches:
            average = self._next / len(self._batches)
            rest = (self.file.size - self._next) / average
            meter.may(int(rest * min(WINDOW, average)), f"Counting the rows of {self.name}")
        self._find(None)
        return self._starts[-1]

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from `start`."""
        import pyarrow

        schema = self.schema
        self._find(start + count)
        pieces = []
        for at in self._between(start, count):
            table, first = self._batch(at), self._starts[at]
            begin = max(start, first)
            piece = self._sound(table.slice(begin - first, start + count - begin))
            pieces.append(piece if columns is None else piece.select(list(columns)))
        wanted = schema if columns is None else pyarrow.schema([schema.field(name) for name in columns])
        return pyarrow.concat_tables(pieces) if pieces else wanted.empty_table()

    def cost(self, start: int, count: int, columns: Sequence[str] | None = None) -> int:
        """Batches are read whole; a stream's headers up to there."""
        if not self.file.remote:
            return 0
        self._open()
        kept = set(self._kept)
        ranges = [
            Range(self._batches[at].begin, self._batches[at].end)
            for at in self._between(start, count)
            if at not in kept
        ]
        return self.file.cost(ranges) if ranges else 0

    def blocks(self, columns: Sequence[str] | None = None) -> list[Block]:
        """One a batch."""
        self.count()
        return [
            Block(first, one.rows, self.file.cost([Range(one.begin, one.end)]))
            for first, one in zip(self._starts, self._batches, strict=False)
            if one.rows
        ]

    def facts(self) -> Mapping[str, Facts]:
        """Arrow files say nothing of their columns."""
        return {}

    def _between(self, start: int, count: int) -> range:
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_right(self._starts, start + count - 1) if count > 0 else first
        return range(first, min(last, len(self._batches)))

    def _open(self) -> None:
        import pyarrow

        with self._lock:
            if self._schema is not None:
                return
            listed = self._listing = self._at(0, len(MAGIC)) == MAGIC
            self._next = 8 if listed else 0
            message, _ = self._message(self._next)
            if message is None or message.kind != SCHEMA:
                raise Broken(f"{self.name} is no Arrow file.", "Is the file whole?")
            self._first, self._next = self._at(message.begin, message.end - message.begin), message.end
            if listed:
                self._footer()
            try:
                schema = pyarrow.ipc.open_stream(io.BytesIO(self._first + END)).schema
                schema.to_string()  # names that are no text fail here
                self._schema = schema
            except UNREADABLE as wrong:
                raise Broken(f"{self.name} has columns that cannot be read.", "Is the file whole?") from wrong

    def _footer(self) -> None:
        """The list of batches at the end of a file."""
        size = self.file.size
        end = self.file.tail(min(size, TAIL))
        if end[-len(MAGIC) :] != MAGIC:
            raise Broken(f"{self.name} ends too early: its list of batches is missing.", "Download it again.")
        (length,) = struct.unpack("<i", end[-10:-6])
        if not 0 < length <= min(size - 18, LARGEST_HEADER):
            raise Broken(f"{self.name} ends in something that makes no sense.", "Download it again.")
        if length + 10 > len(end):
            end = self.file.read([Range(size - length - 10, size)])[0]
        footer = flat.root(end[-10 - length : -10])
        self._dictionaries = self._listed(footer, 2, DICTIONARY)
        self._rows_of(self._listed(footer, 3, RECORDS))
        self._whole = True

    def _listed(self, footer: flat.Table, field: int, kind: int) -> list[Message]:
        at, count = footer.vector(field)
        raw = footer.buffer[at : at + 24 * count]
        if len(raw) < 24 * count:
            raise Broken(f"{self.name} lists batches that are not there.", "Download it again.")
        places = struct.iter_unpack("<qi4xq", raw)
        return [Message(kind, begin, begin + header + body) for begin, header, body in places]

    def _rows_of(self, listed: list[Message]) -> None:
        """How many rows each batch has stands in its own header: all of them asked for together."""
        for one in listed:
            if not 0 <= one.begin < one.end <= self.file.size:
                raise Broken(f"{self.name} lists batches that are not there.", "Download it again.")
        starts = (
            self.file.read([Range(one.begin, min(one.end, one.begin + 8)) for one in listed])
            if listed
            else []
        )
        lengths = [_header_length(start) for start in starts]
        ranges = [
            Range(one.begin + skip, min(one.end, one.begin + skip + length))
            for one, (skip, length) in zip(listed, lengths, strict=True)
        ]
        headers = self.file.read(ranges) if ranges else []
        for one, header in zip(listed, headers, strict=True):
            self._add(Message(RECORDS, one.begin, one.end, _rows(header)))

    def _find(self, row: int | None) -> None:
        """Go on through a stream, up to the batch that holds `row`."""
        with self._lock:
            while not self._whole and (row is None or self._starts[-1] < row):
                meter.look()
                message, _ = self._message(self._next)
                if message is None:
                    self._whole = True
                    return
                self._next = message.end
                if message.kind == RECORDS:
                    self._add(message)
                elif message.kind == DICTIONARY:
                    self._dictionaries.append(message)

    def _add(self, batch: Message) -> None:
        self._batches.append(batch)
        self._starts.append(self._starts[-1] + batch.rows)

    def _message(self, at: int) -> tuple[Message | None, Raw]:
        """The message that begins here; None at the end."""
        start = self._at(at, 8)
        skip, length = _header_length(start)
        if not length:
            return None, b""
        if length > LARGEST_HEADER:
            raise Broken(f"{self.name} has a header that makes no sense.", "Is the file whole?")
        header = self._at(at + skip, length)
        if len(header) < length:
            raise Broken(f"{self.name} ends in the middle of a batch.", "Download it again.")
        message = flat.root(header)
        kind = message.number(1, "<B")
        end = at + skip + length + message.number(3, "<q")
        if end > self.file.size or end <= at:
            raise Broken(f"{self.name} ends in the middle of a batch.", "Download it again.")
        return Message(kind, at, end, _rows(header) if kind == RECORDS else 0), header

    def _at(self, begin: int, count: int) -> Raw:
        """A few bytes, and those behind them: the next header is often among them."""
        with self._lock:
            first, window = self._windows
            if not (first <= begin and begin + count <= first + len(window)):
                end = min(self.file.size, begin + max(count, WINDOW))
                window = self.file.read([Range(begin, end)])[0] if end > begin else b""
                first, self._windows = begin, (begin, window)
            return window[begin - first : begin - first + count]

    def _batch(self, at: int) -> pyarrow.Table:
        import pyarrow

        with self._lock:
            if at in self._kept:
                self._kept.move_to_end(at)
                return self._kept[at]
        one = self._batches[at]
        # A stream's dictionaries may be replaced on the way: those before the batch count.
        before = [Range(d.begin, d.end) for d in self._dictionaries if self._listing or d.begin < one.begin]
        try:
            if before:
                *words, body = self.file.read([*before, Range(one.begin, one.end)])
                stream = b"".join([self._first or b"", *words, body, END])
                table = pyarrow.ipc.open_stream(pyarrow.BufferReader(stream)).read_all()
            else:
                table = self._records(one)
            table.validate()
        except UNREADABLE as wrong:
            raise Broken(f"A batch of {self.name} cannot be read.", "Is the file whole?") from wrong
        with self._lock:
            self._kept[at] = table
            while len(self._kept) > 1 and sum(kept.nbytes for kept in self._kept.values()) > KEPT:
                self._kept.popitem(last=False)
        return table

    def _sound(self, piece: pyarrow.Table) -> pyarrow.Table:
        """What says that a text ends behind the file's end would be believed by whoever reads the cell."""
        try:
            piece.validate(full=True)
        except UNREADABLE as wrong:
            raise Broken(f"Rows of {self.name} cannot be read.", "Is the file whole?") from wrong
        return piece

    def _records(self, one: Message) -> pyarrow.Table:
        """A batch by itself; from this disk without copying it."""
        import pyarrow

        path = getattr(self.file, "path", None)
        if path is None or one.end - one.begin < MAPPED:
            (body,) = self.file.read([Range(one.begin, one.end)])
            buffer = pyarrow.py_buffer(body)
        else:
            with pyarrow.memory_map(str(path)) as mapped:
                mapped.seek(one.begin)
                buffer = mapped.read_buffer(one.end - one.begin)
        batch = pyarrow.ipc.read_record_batch(pyarrow.ipc.read_message(buffer), self.schema)
        return pyarrow.Table.from_batches([batch])


def _header_length(start: Raw) -> tuple[int, int]:
    """How far the header is from the message's beginning, and its length: older files have no mark before it."""
    if len(start) >= 8 and start[:4] == b"\xff\xff\xff\xff":
        return 8, struct.unpack("<I", start[4:8])[0]
    return (4, struct.unpack("<I", start[:4])[0]) if len(start) >= 4 else (0, 0)


def _rows(header: Raw) -> int:
    message = flat.root(header)
    batch = message.table(2)
    rows = batch.number(0, "<q") if batch is not None else 0
    if rows < 0:
        raise Broken("An Arrow batch says it has fewer than no rows.", "Is the file whole?")
    return rows
