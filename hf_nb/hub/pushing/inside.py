"""Files that hold others, or texts that do not lie there as text: how the scan looks into each."""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from hf_nb.hub.pushing import patterns
from hf_nb.hub.pushing.windows import Place, Scan, is_text, lines, stream

Reader = Callable[[BinaryIO, str, Scan], None]

# An archive is read until one of these; what was left is said.
MOST_MEMBERS = 5_000
MOST_INSIDE = 256 << 20
NOTEBOOK_BOUND = 256 << 20
HEADER_BOUND = 100 << 20
CELL_TEXT_BOUND = 64 << 20  # bytes of a Parquet file's text

_COMPRESSED: tuple[tuple[bytes, Callable[[BinaryIO], Any]], ...] = (
    (b"\x1f\x8b", lambda handle: gzip.GzipFile(fileobj=handle)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ", lzma.LZMAFile),
)
# Formats that hold compressed texts and that nothing here opens.
_CLOSED = ((b"7z\xbc\xaf'\x1c", "7z"), (b"Rar!", "RAR"), (b"(\xb5/\xfd", "Zstandard"))
_BROKEN = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,
    NotImplementedError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


def reader(path: str, head: bytes) -> Reader | None:
    """How to look into this file, or None: its bytes are all there is."""
    if path.endswith(".ipynb"):
        return notebook
    if head.startswith(b"PK\x03\x04"):
        return zipped
    if head.startswith(b"PAR1"):
        return parquet
    if path.endswith(".safetensors") or head.startswith(b"GGUF"):
        return header
    if head[257:262] == b"ustar":
        return tarred
    for magic, _ in _COMPRESSED:
        if head.startswith(magic):
            return tarred if path.endswith((".tgz", ".tbz2", ".txz")) or ".tar." in path else compressed
    for magic, name in _CLOSED:
        if head.startswith(magic):
            return functools.partial(_closed, name)
    return None


def _closed(name: str, handle: BinaryIO, path: str, result: Scan) -> None:
    result.unread.append(f"{path}: {name} archives are not opened")


def notebook(handle: BinaryIO, path: str, result: Scan) -> None:
    """Cell by cell: source, outputs (hidden ones too), attachments, metadata."""
    raw = handle.read(NOTEBOOK_BOUND)
    try:
        told = json.loads(raw)
        cells = told["cells"]
        for number, cell in enumerate(cells, 1):
            _cell(cell, number, path, result)
        rest = {key: value for key, value in told.items() if key != "cells"}
        _said(rest, Place(path, "the notebook's metadata", ":metadata"), result)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        stream(io.BytesIO(raw), Place(path), result, text=True, bound=None)


def _cell(cell: dict[str, Any], number: int, path: str, result: Scan) -> None:
    lines(_joined(cell.get("source", "")), Place(path, f"cell {number}", f":cell{number}"), result)
    for output in cell.get("outputs", ()):
        where = Place(path, f"cell {number}, output", f":cell{number}.output")
        lines(_joined(output.get("text", "")), where, result)
        lines("\n".join(map(str, output.get("traceback", ()))), where, result)
        for kind, value in output.get("data", {}).items():
            if not kind.startswith("image/") or kind == "image/svg+xml":  # a picture in base64 is no text
                _said(value, where, result)
        shown = {"data", "text", "traceback"}
        _said({key: value for key, value in output.items() if key not in shown}, where, result)
    rest = {key: value for key, value in cell.items() if key not in {"source", "outputs", "attachments"}}
    rest["attachments"] = list(cell.get("attachments", {}))
    _said(rest, Place(path, f"cell {number}, metadata", f":cell{number}.metadata"), result)


def _said(value: Any, where: Place, result: Scan) -> None:
    lines("\n".join(_texts(value)), where, result)


def _texts(value: Any) -> Iterator[str]:
    """Every text of a nested value, names with what stands under them."""
    match value:
        case str():
            yield value
        case dict():
            for key, item in value.items():
                if isinstance(item, str):
                    yield f"{key}: {item}"
                else:
                    yield str(key)
                    yield from _texts(item)
        case list():
            if all(isinstance(item, str) for item in value):
                yield _joined(value)
            else:
                for item in value:
                    yield from _texts(item)
        case _:
            pass


def _joined(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


class Budget:
    """How much of one archive may still be read."""

    def __init__(self, path: str, result: Scan) -> None:
        self.path, self.result = path, result
        self.left, self.members = MOST_INSIDE, 0

    def member(self, opened: Any, name: str, size: int) -> bool:
        """Look into one; False when enough was read."""
        self.members += 1
        if self.members > MOST_MEMBERS or self.left <= 0:
            self.result.unread.append(
                f"{self.path}: looked into its first {self.members - 1:,} members ({MOST_INSIDE >> 20} MB at most)"
            )
            return False
        taken = opened.read(min(self.left, size) if size >= 0 else self.left)
        self.left -= max(len(taken), 1)
        where = Place(self.path, f"in {name}", f"!{name}")
        stream(io.BytesIO(taken), where, self.result, text=is_text(taken[:8192]), bound=None)
        if len(taken) < size:
            self.result.unread.append(f"{self.path}: of {name}, its first {len(taken) >> 20} MB")
        elif taken[:4] == b"PK\x03\x04" or taken[:2] == b"\x1f\x8b":
            self.result.unread.append(f"{self.path}: {name} is an archive inside an archive")
        return True


def zipped(handle: BinaryIO, path: str, result: Scan) -> None:
    """Zip and what is one: wheels, npz, torch's and Keras's files, office documents."""
    budget = Budget(path, result)
    try:
        with zipfile.ZipFile(handle) as archive:
            for one in archive.infolist():
                _member_name(path, one.filename, result)
                if one.is_dir():
                    continue
                if one.flag_bits & 1:
                    result.unread.append(f"{path}: {one.filename} is encrypted")
                    continue
                with archive.open(one) as opened:
                    if not budget.member(opened, one.filename, one.file_size):
                        return
    except _BROKEN:
        result.unread.append(f"{path}: this archive cannot be read to its end")


def tarred(handle: BinaryIO, path: str, result: Scan) -> None:
    """Tar, compressed or not."""
    budget = Budget(path, result)
    try:
        with tarfile.open(fileobj=handle, mode="r|*") as archive:
            for one in archive:
                _member_name(path, one.name, result)
                opened = archive.extractfile(one) if one.isfile() else None
                if opened is not None and not budget.member(opened, one.name, one.size):
                    return
    except _BROKEN:
        result.unread.append(f"{path}: this archive cannot be read to its end")


def compressed(handle: BinaryIO, path: str, result: Scan) -> None:
    """One file, compressed."""
    head = handle.read(6)
    handle.seek(0)
    opener = next(opener for magic, opener in _COMPRESSED if head.startswith(magic))
    try:
        with opener(handle) as opened:
            taken = opened.read(MOST_INSIDE)
            more = opened.read(1)
    except _BROKEN:
        result.unread.append(f"{path}: it cannot be decompressed to its end")
        return
    stream(io.BytesIO(taken), Place(path, "decompressed"), result, text=is_text(taken[:8192]), bound=None)
    if more:
        result.unread.append(f"{path}: its first {MOST_INSIDE >> 20} MB, decompressed")


def _member_name(path: str, name: str, result: Scan) -> None:
    for pattern, kind in patterns.NAMES:
        if pattern.search(name):
            result.add(Place(path), (f"in {name}, its name", f"{path}!{name}"), kind)
            return


def header(handle: BinaryIO, path: str, result: Scan) -> None:
    """Safetensors and GGUF: what stands before the numbers."""
    first = handle.read(8)
    size = int.from_bytes(first, "little") if not first.startswith(b"GGUF") else 16 << 20
    taken = handle.read(min(size, HEADER_BOUND))
    if size > HEADER_BOUND:
        result.unread.append(f"{path}: its header says it is larger than a header can be")
    stream(io.BytesIO(taken), Place(path, "header", ".header"), result, text=is_text(taken), bound=None)


def parquet(handle: BinaryIO, path: str, result: Scan) -> None:
    """The columns that hold text, from the first row on, to a bound."""
    try:
        import pyarrow
        from pyarrow import parquet as reading
    except ModuleNotFoundError:
        result.unread.append(f'{path}: its columns (needs %pip install "hf-nb[data]")')
        return
    try:
        opened = reading.ParquetFile(handle)
        _metadata(opened, path, result)
        left, row = CELL_TEXT_BOUND, 0
        for batch in opened.iter_batches(batch_size=2_000):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                left -= _column(column, name, row, path, result)
            row += batch.num_rows
            if left <= 0 and row < opened.metadata.num_rows:
                total = opened.metadata.num_rows
                result.unread.append(f"{path}: the text of its first {row:,} of {total:,} rows")
                return
    except (pyarrow.ArrowException, *_BROKEN):
        result.unread.append(f"{path}: this Parquet file cannot be read")


def _metadata(opened: Any, path: str, result: Scan) -> None:
    for key, value in (opened.schema_arrow.metadata or {}).items():
        text = f"{key.decode('utf-8', 'replace')}: {value.decode('utf-8', 'replace')}"
        lines(text, Place(path, "metadata", ".metadata"), result)


def _column(column: Any, name: str, first: int, path: str, result: Scan) -> int:
    """Bytes of text it holds. Joined, since a search in one long text is many times faster than in each cell."""
    flat, rows = _text_of(column, first)
    if not flat:
        return 0
    joined = "\0".join(flat)
    own = Scan(own=result.own)
    lines(joined, Place(path), own)
    if own.found:
        for row, cell in zip(rows, flat, strict=True):
            at = (f'column "{name}", row {row:,}', f"{path}:{name}:{row}")
            inner = Scan(own=result.own)
            lines(cell, Place(path), inner)
            for kind in {one.kind for one in inner.found}:
                result.add(Place(path), at, kind, always=kind.endswith(", live"))
    return len(joined)


def _text_of(column: Any, first: int) -> tuple[list[str], list[int]]:
    """Texts and their rows, out of lists and structs too."""
    from pyarrow import types

    kind = column.type
    if types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if not _holds_text(kind):
        return [], []
    flat, rows = [], []
    for row, value in enumerate(column.to_pylist(), first):
        for text in _texts(value):
            flat.append(text)
            rows.append(row)
    return flat, rows


def _holds_text(kind: Any) -> bool:
    from pyarrow import types

    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return True
    return any(_holds_text(kind.field(i).type) for i in range(kind.num_fields))
