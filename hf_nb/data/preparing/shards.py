"""The files of a table made ready: one per block and split, whole or not there, all with the same columns."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.data.preparing.journal import DATA
from hf_nb.data.saving.file import room
from hf_nb.data.saving.formats import Parquet
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    import pyarrow

File = tuple[str, str, int, int]


def named(split: str, block: int, blocks: int) -> str:
    """As `datasets` looks for them."""
    return f"{split}-{block:05}-of-{blocks:05}.parquet"


def write(folder: Path, split: str, block: int, blocks: int, table: pyarrow.Table) -> File:
    """Its name, split, rows and bytes."""
    name = named(split, block, blocks)
    target = folder / DATA / name
    part = target.with_name(f"{name}.part")
    try:
        with room(target):
            target.parent.mkdir(exist_ok=True)
            with part.open("wb") as into:
                writer = Parquet(into, table.schema)
                writer.write(table)
                writer.close()
                into.flush()
                os.fsync(into.fileno())
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)  # half a file on a full disk is only in the way
    return name, split, table.num_rows, target.stat().st_size


def settled(schema: pyarrow.Schema) -> pyarrow.Schema:
    """A column of which nothing but gaps was seen holds texts: a file must say something."""
    import pyarrow
    from pyarrow import types

    fields = [one.with_type(pyarrow.string()) if types.is_null(one.type) else one for one in schema]
    return pyarrow.schema(fields, metadata=schema.metadata)


def noted(schema: pyarrow.Schema, source: pyarrow.Schema, made: Collection[str]) -> pyarrow.Schema:
    """With what the table said of its columns (this number is a label), but for those that were `made` anew."""
    said = (source.metadata or {}).get(b"huggingface")
    try:
        features = json.loads(said)["info"]["features"] if said else {}
        kept = {name: one for name, one in features.items() if name in schema.names and name not in made}
    except (ValueError, KeyError, TypeError, AttributeError):
        kept = {}
    about = {b"huggingface": json.dumps({"info": {"features": kept}}).encode()} if kept else None
    return schema.with_metadata(about)


def fitting(table: pyarrow.Table, schema: pyarrow.Schema, row: int) -> pyarrow.Table:
    """With the columns of the files before."""
    import pyarrow

    if table.schema.equals(schema, check_metadata=True):
        return table
    missing = [name for name in schema.names if name not in table.schema.names]
    if missing:
        table = _filled(table, schema, missing)
    if more := [name for name in table.schema.names if name not in schema.names]:
        raise BadInput(
            f"From row {row:,} on there is a column {more[0]!r} that the rows before lack.",
            "Make it for every row.",
        )
    try:
        return table.select(schema.names).cast(schema)
    except (pyarrow.ArrowException, ValueError) as wrong:
        said = " ".join(str(wrong).split())[:160]
        raise BadInput(
            f"From row {row:,} on a column is of another type: {said}", "One type per column."
        ) from None


def _filled(table: pyarrow.Table, schema: pyarrow.Schema, missing: list[str]) -> pyarrow.Table:
    import pyarrow

    for name in missing:
        table = table.append_column(name, pyarrow.nulls(table.num_rows, schema.field(name).type))
    return table


def packed(schema: pyarrow.Schema) -> str:
    """For the journal."""
    return base64.b64encode(schema.serialize().to_pybytes()).decode("ascii")


def unpacked(said: str) -> pyarrow.Schema:
    """From the journal."""
    import pyarrow

    return pyarrow.ipc.read_schema(pyarrow.py_buffer(base64.b64decode(said)))
