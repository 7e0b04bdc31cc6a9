"""So many rows from a place on, read batch by batch: whatever the size of a row group, few rows are held at once."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hf_nb.data.serving import cells, media
from hf_nb.data.serving.asked import Asked, Wrong

if TYPE_CHECKING:
    import pyarrow

PAGE = 100
BATCH = 256
# of /first-rows: bytes of a whole answer, of a cut cell, and rows there always are
MOST_BYTES, LEAST_CELL, LEAST_ROWS, MOST_COLUMNS = 1_000_000, 100, 10, 1000
MOST_CELL = 200 << 20
MOST_READ = 200 << 20  # bytes of the rows of one page, before they are written as JSON


def page(asked: Asked) -> dict[str, Any]:
    """`/rows`."""
    offset = int(asked["offset"])
    found = read(asked, offset, int(asked["length"]))
    numbers = range(offset, offset + found.num_rows)
    return {
        "features": cells.listed(asked.features),
        "rows": list(shown(asked, found, numbers)),
        "num_rows_total": asked.total,
        "num_rows_per_page": PAGE,
        "partial": False,
    }


def first(asked: Asked) -> dict[str, Any]:
    """`/first-rows`: as many as fit, long cells cut."""
    features = asked.features
    if len(features) > MOST_COLUMNS:
        raise Wrong("TooManyColumnsError", f"The number of columns ({len(features)}) exceeds {MOST_COLUMNS}.")
    found = read(asked, 0, PAGE)
    rows = list(shown(asked, found, range(found.num_rows)))
    kept, cut = _fitting(rows)
    return {
        "features": cells.listed(features),
        "rows": kept,
        "truncated": cut or len(kept) < asked.total,
    }


def cell(asked: Asked) -> dict[str, str]:
    """The bytes of one picture or sound, for the address that was given with its row."""
    steps = list(asked["steps"])
    found = read(asked, int(asked["row"]), 1, columns=[steps[0]])
    if not found.num_rows:
        raise Wrong("ResponseNotFound", "Not found.")
    value: Any = found.column(0)[0].as_py()
    try:
        for step in steps[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
    except (LookupError, TypeError, ValueError):
        value = None
    content = media.content(value)
    if content is None or len(content) > MOST_CELL:
        raise Wrong("ResponseNotFound", "Not found.")
    shown_as, kind = media.servable(content)
    return {"data": base64.b64encode(shown_as).decode(), "type": kind}


def read(asked: Asked, offset: int, length: int, columns: list[str] | None = None) -> pyarrow.Table:
    """Rows `offset` to `offset + length` of all files, one after another."""
    import pyarrow
    import pyarrow.parquet

    pieces: list[pyarrow.Table] = []
    held = 0
    for file in asked.files:
        if length <= 0:
            break
        if offset >= file["rows"]:
            offset -= file["rows"]
            continue
        with pyarrow.parquet.ParquetFile(file["path"], memory_map=True) as source:
            for batch in _batches(source, offset, length, columns):
                asked.check()
                pieces.append(pyarrow.Table.from_batches([batch]))
                length -= batch.num_rows
                held += batch.nbytes
                if held > MOST_READ:
                    raise Wrong(
                        "TooBigContentError",
                        f"Rows from parquet row groups are too big to be read: more than {MOST_READ >> 20} MiB.",
                    )
        offset = 0
    if not pieces:
        schema = asked.features.arrow_schema
        return (pyarrow.schema([schema.field(name) for name in columns]) if columns else schema).empty_table()
    return pyarrow.concat_tables(pieces, promote_options="permissive")


def _batches(
    source: Any, offset: int, length: int, columns: list[str] | None
) -> Iterator[pyarrow.RecordBatch]:
    footer = source.metadata
    for place in range(footer.num_row_groups):
        count = footer.row_group(place).num_rows
        if offset >= count:
            offset -= count
            continue
        each = footer.row_group(place).total_byte_size // max(1, count)
        size = max(1, min(BATCH, MOST_READ // max(1, each) // 4))
        for batch in source.iter_batches(batch_size=size, row_groups=[place], columns=columns):
            if offset >= batch.num_rows:
                offset -= batch.num_rows
                continue
            some = batch.slice(offset, length)
            offset = 0
            length -= some.num_rows
            yield some
            if length <= 0:
                return


def shown(asked: Asked, table: pyarrow.Table, numbers: Any) -> Iterator[dict[str, Any]]:
    """Rows as the API writes them; a picture or a sound is an address where it can be had for a while."""
    features = asked.features
    names = [name for name in features if name in table.column_names]
    links = media.Links(asked["assets"])
    for place, number in enumerate(numbers):
        row: dict[str, Any] = dict.fromkeys(features)
        for name in names:
            value = table.column(name)[place].as_py()
            row[name] = cells.shown(value, features[name], links.at(int(number), name))
        yield {"row_idx": int(number), "row": row, "truncated_cells": []}


def _fitting(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Those that fit into an answer; where even the first few do not, their longest cells are cut."""
    kept: list[dict[str, Any]] = []
    room = MOST_BYTES
    for row in rows:
        size = len(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
        if size > room and len(kept) >= LEAST_ROWS:
            break
        room -= size
        kept.append(row)
    if room >= 0:
        return kept, len(kept) < len(rows)
    most = max(LEAST_CELL, MOST_BYTES // max(1, len(kept) * max(1, len(kept[0]["row"]))))
    return [_cut(row, most) for row in kept], True


def _cut(row: Mapping[str, Any], most: int) -> dict[str, Any]:
    found, cut = dict(row["row"]), []
    for name, value in found.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        content = text.encode("utf-8", "replace")
        if len(content) > most:
            found[name] = content[:most].decode("utf-8", "ignore")
            cut.append(name)
    return {**row, "row": found, "truncated_cells": cut}
