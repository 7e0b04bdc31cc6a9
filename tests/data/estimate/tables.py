"""Parquet files as sources, on the disk and behind an address, with the same rows as one Arrow table beside them."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hf_nb.data.files.disk import Disk
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet
from hf_nb.data.source import Source
from hf_nb.values.data import Origin
from hf_nb.values.estimates import Estimate
from tests.data.serving import Server, serving


def rows(count: int, seed: int = 0) -> pa.Table:
    """Numbers with and without gaps, labels, texts, and names that need quoting."""
    rng = np.random.default_rng(seed)
    filled = rng.random(count) < 0.9
    return pa.table(
        {
            "x": rng.normal(10, 3, count),
            "whole": rng.integers(0, 1000, count),
            "label": pa.array(np.array(["cat", "dog", "owl", None])[rng.integers(0, 4, count)]),
            "text": ["w" * int(length) for length in rng.poisson(20, count)],
            "flag": rng.random(count) < 0.3,
            "gaps": pa.array(rng.exponential(1, count), mask=~filled),
            "odd \"name'; é": rng.random(count),
            "same": np.full(count, 7),
        }
    )


def written(table: pa.Table, **how: Any) -> bytes:
    """As Parquet."""
    raw = io.BytesIO()
    pq.write_table(table, raw, **how)
    return raw.getvalue()


def on_disk(folder: Path, table: pa.Table, *, files: int = 1, **how: Any) -> Source:
    """A source over so many files."""
    each = -(-table.num_rows // files)
    parts = []
    for at in range(files):
        path = folder / f"{at:03}.parquet"
        path.write_bytes(written(table.slice(at * each, each), **how))
        parts.append(Parquet(Disk(path)))
    return Source(Origin("disk", folder.name), parts)


@contextlib.contextmanager
def served(table: pa.Table, *, files: int = 1, **how: Any) -> Iterator[tuple[Source, Server]]:
    """The same behind addresses, with its footers read."""
    each = -(-table.num_rows // files)
    contents = {f"/{at}.parquet": written(table.slice(at * each, each), **how) for at in range(files)}
    with serving(contents) as server:
        source = Source(Origin("url", "served"), [Parquet(Remote(server.url(path))) for path in contents])
        source.count()
        yield source, server


def numbers(estimate: Estimate, line: int = 0) -> list[Any]:
    """The bounds of one line."""
    return list(estimate.rows[line].values)


def said(query: str, table: pa.Table) -> list[tuple[Any, ...]]:
    """What DuckDB answers over the whole table."""
    with duckdb.connect() as duck:
        duck.register("t", table)
        return duck.execute(query).fetchall()
