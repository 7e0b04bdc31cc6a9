"""A file of 10 GB that does not exist: one row group, repeated, and a footer that says where each copy lies."""

from __future__ import annotations

from dataclasses import dataclass

from hf_nb.data.files.file import Range
from hf_nb.data.files.memory import Memory
from hf_nb.data.parquet import Parquet
from hf_nb.data.parquet.footer import Chunk, Footer
from hf_nb.data.parquet.pages import indexed
from hf_nb.data.parquet.thrift import BINARY, I32, I64, LIST, STRUCT, list_of, struct_of


@dataclass
class Tiled:
    """What a server sends of it (`tests.data.serving.Content`)."""

    group: bytes
    times: int
    end: bytes

    @property
    def size(self) -> int:
        return 4 + len(self.group) * self.times + len(self.end)

    def part(self, begin: int, end: int) -> bytes:
        out, at = bytearray(), begin
        body = 4 + len(self.group) * self.times
        while at < end:
            if at < 4:
                piece = b"PAR1"[at:end]
            elif at < body:
                inside = (at - 4) % len(self.group)
                piece = self.group[inside : inside + end - at]
                piece = piece[: body - at]
            else:
                piece = self.end[at - body : end - body]
            out += piece
            at += len(piece)
        return bytes(out)


def tiled(raw: bytes, times: int) -> Tiled:
    """The first row group of a file, so many times; with its offset index, where it has one."""
    footer = Parquet(Memory(raw)).footer
    chunks = footer.chunks(0)
    begin, stop = min(one.span.begin for one in chunks), max(one.span.end for one in chunks)
    length = stop - begin
    end = bytearray()
    places: list[list[Range | None]] = []
    for copy in range(times):
        shift = 4 + copy * length - begin
        places.append([])
        for chunk in chunks:
            index = _index(footer, raw, chunk, shift)
            at = 4 + times * length + len(end)
            places[-1].append(Range(at, at + len(index)) if index else None)
            end += index
    groups = [
        _group(footer, list(zip(chunks, places[copy], strict=True)), 4 + copy * length - begin)
        for copy in range(times)
    ]
    schema = [element for _, element in footer.elements]
    stored = footer.key(b"ARROW:schema") or b""
    tail = struct_of(
        (1, I32, 2),
        (2, LIST, list_of(STRUCT, schema)),
        (3, I64, footer.counts[0] * times),
        (4, LIST, list_of(STRUCT, groups)),
        (5, LIST, list_of(STRUCT, [struct_of((1, BINARY, b"ARROW:schema"), (2, BINARY, stored))])),
        (6, BINARY, footer.made_by),
    )
    end += tail + len(tail).to_bytes(4, "little") + b"PAR1"
    return Tiled(raw[begin:stop], times, bytes(end))


def _index(footer: Footer, raw: bytes, chunk: Chunk, shift: int) -> bytes:
    if chunk.index is None:
        return b""
    pages = indexed(chunk, raw[chunk.index.begin : chunk.index.end], footer.counts[0]).pages
    places = [
        struct_of((1, I64, one.span.begin + shift), (2, I32, len(one.span)), (3, I64, one.row))
        for one in pages
    ]
    return struct_of((1, LIST, list_of(STRUCT, places)))


def _group(footer: Footer, chunks: list[tuple[Chunk, Range | None]], shift: int) -> bytes:
    columns = [
        struct_of(
            (2, I64, 0),
            (3, STRUCT, _meta(chunk, shift)),
            (4, I64, index.begin if index else None),
            (5, I32, len(index) if index else None),
        )
        for chunk, index in chunks
    ]
    size = sum(len(chunk.span) for chunk, _ in chunks)
    return struct_of((1, LIST, list_of(STRUCT, columns)), (2, I64, size), (3, I64, footer.counts[0]))


def _meta(chunk: Chunk, shift: int) -> bytes:
    leaf, dictionary = chunk.leaf, chunk.begins != chunk.span.begin
    return struct_of(
        (1, I32, leaf.stored),
        (2, LIST, list_of(I32, chunk.encodings)),
        (3, LIST, list_of(BINARY, leaf.path)),
        (4, I32, chunk.codec),
        (5, I64, chunk.values),
        (6, I64, chunk.raw),
        (7, I64, len(chunk.span)),
        (9, I64, chunk.begins + shift),
        (11, I64, chunk.span.begin + shift if dictionary else None),
    )
