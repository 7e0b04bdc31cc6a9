"""Parquet: any rows of a file, by its pages.

thrift     the compact protocol, as far as Parquet uses it
footer     what the end of a file says: schema, row groups, where their columns lie
pages      where the pages of a column lie: from its index, or by walking from header to header
levels     how many rows a page without that information holds
plan       which bytes hold the wanted rows
fetch      those bytes, asked for together
wrapped    a few pages as a small Parquet file of their own, which pyarrow decodes
decode     rows out of such files
leaves     a nested column, put together from leaves that were decoded apart
facts      what the statistics of the row groups say
"""

from __future__ import annotations

from hf_nb.data.parquet.part import Parquet

__all__ = ["Parquet"]
