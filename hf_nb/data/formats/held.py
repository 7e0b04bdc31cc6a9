"""What may be in memory: Arrow, pandas, polars, datasets, numpy, lists. Each gives the rows that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.formats.memory import ROWS, Memory, array
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    import pyarrow

GATHERED = 5_000_000  # rows of something that can be read once only


def part(thing: Any, name: str = "memory") -> Memory:
    """An object as rows, or a refusal that says what is read."""
    kind = f"{type(thing).__module__.partition('.')[0]}.{type(thing).__name__}"
    match kind:
        case "pandas.DataFrame":
            return Memory(_Pandas(thing), name)
        case "pandas.Series":
            return Memory(_Pandas(thing.to_frame(thing.name if thing.name is not None else ROWS)), name)
        case "polars.DataFrame":
            return Memory(_Polars(thing), name)
        case "polars.LazyFrame":
            raise BadInput("A LazyFrame has no rows yet.", "Collect it first: frame.collect()")
        case "polars.Series":
            return Memory(_Polars(thing.to_frame()), name)
        case "datasets.Dataset":
            return _dataset(thing, name)
        case "datasets.IterableDataset":
            return Memory(_Listed(_few(thing)), name)
        case "datasets.DatasetDict" | "datasets.IterableDatasetDict":
            raise BadInput("That is several splits.", f"One of them: {', '.join(map(str, thing))}")
        case "pyarrow.Table":
            return _table(thing, name)
        case "pyarrow.RecordBatch":
            return _table(_arrow().Table.from_batches([thing]), name)
        case "pyarrow.RecordBatchReader":
            return _table(_once(thing), name)
        case "numpy.ndarray":
            return Memory(_Numpy(thing), name)
    if _is(thing, "pyarrow.dataset", "Dataset"):
        return Memory(_Arrows(thing), name, metadata=thing.schema.metadata)
    if hasattr(thing, "__arrow_c_stream__"):
        return _table(_arrow().table(thing), name)
    if isinstance(thing, Mapping):
        return Memory(_Columns(thing), name)
    if isinstance(thing, (list, tuple)):
        return Memory(_Listed(thing), name)
    raise BadInput(
        f"{type(thing).__name__} is no kind of table.",
        "What is read: DataFrames of pandas and polars, Arrow, datasets, numpy, lists of dicts, paths and ids",
    )


def _is(thing: Any, module: str, name: str) -> bool:
    import sys

    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(thing, getattr(loaded, name))


def _arrow() -> Any:
    from hf_nb.plumbing.extras import require

    return require("pyarrow", "data", "Looking at tables")


class _Pandas:
    """Rows of a DataFrame, and its index where that says something."""

    def __init__(self, frame: Any) -> None:
        _arrow()
        self._frame = frame
        index = frame.index
        if type(index).__name__ == "MultiIndex":
            heads = [str(name) if name is not None else f"level_{at}" for at, name in enumerate(index.names)]
        elif (
            type(index).__name__ == "RangeIndex"
            and index.name is None
            and (index.start, index.step) == (0, 1)
        ):
            heads = []
        else:
            heads = [str(index.name) if index.name is not None else "index"]
        self._heads = len(heads)
        self.names = heads + [_named(name) for name in frame.columns]

    def __len__(self) -> int:
        return len(self._frame)

    def page(self, start: int, stop: int, columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """Only these rows of these columns are turned into Arrow."""
        return [array(self._column(at, start, stop), type_) for at, type_ in zip(columns, types, strict=True)]

    def some(self, rows: Sequence[int], columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """Rows from anywhere."""
        index = self._frame.index.take(rows)
        return [
            array(
                self._frame.iloc[:, at - self._heads].take(rows)
                if at >= self._heads
                else (index.get_level_values(at) if self._heads > 1 else index).to_series(range(len(index))),
                type_,
            )
            for at, type_ in zip(columns, types, strict=True)
        ]

    def _column(self, at: int, start: int, stop: int) -> Any:
        if at >= self._heads:
            return self._frame.iloc[start:stop, at - self._heads]
        index = self._frame.index[start:stop]
        return (index.get_level_values(at) if self._heads > 1 else index).to_series(range(stop - start))


class _Polars:
    """Rows of a polars DataFrame."""

    def __init__(self, frame: Any) -> None:
        _arrow()
        self._frame, self.names = frame, [str(name) for name in frame.columns]

    def __len__(self) -> int:
        return int(self._frame.height)

    def page(self, start: int, stop: int, columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """Polars keeps texts in another form than Arrow's, so only what is asked for is turned."""
        part = self._frame.slice(start, stop - start)
        return [part[:, at].to_arrow() for at in columns]


class _Table:
    """Rows of an Arrow table, or those that `picked` names."""

    def __init__(self, table: pyarrow.Table, picked: pyarrow.Array | None = None) -> None:
        self._table, self._picked, self.names = table, picked, list(table.schema.names)

    def __len__(self) -> int:
        return len(self._picked) if self._picked is not None else int(self._table.num_rows)

    def page(self, start: int, stop: int, columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """Slices, which copy nothing."""
        import pyarrow

        if self._picked is None:
            return [self._table.column(at).slice(start, stop - start) for at in columns]
        rows = pyarrow.array(self._picked.slice(start, stop - start))
        return [self._table.column(at).take(rows) for at in columns]


def _table(table: pyarrow.Table, name: str) -> Memory:
    return Memory(_Table(table), name, metadata=table.schema.metadata)


def _dataset(dataset: Any, name: str) -> Memory:
    """A `datasets.Dataset`: its table lies on a disk or in memory; a selection of its rows is a list of numbers."""
    import json

    table = dataset.data.table
    indices = dataset._indices  # noqa: SLF001 -- no public name says which rows were selected
    picked = indices.column(0).combine_chunks() if indices is not None else None
    note = json.dumps({"info": {"features": _features(dataset)}}).encode()
    metadata = {**(table.schema.metadata or {}), b"huggingface": note}
    return Memory(_Table(table, picked), name, metadata=metadata)


def _features(dataset: Any) -> Any:
    return dataset.features.to_dict() if dataset.features is not None else {}


def _few(dataset: Any) -> list[Any]:
    """A stream's rows: no more than can be looked at."""
    rows = list(dataset.take(1_000 + 1))
    if len(rows) > 1_000:
        raise BadInput(
            "An IterableDataset can only be read from its start.",
            "Name the dataset instead, or keep some: .take(1000)",
        )
    return rows


def _once(reader: pyarrow.RecordBatchReader) -> pyarrow.Table:
    """A reader gives its rows once, so they are kept."""
    import pyarrow

    batches, rows = [], 0
    for batch in reader:
        batches.append(batch)
        rows += batch.num_rows
        if rows > GATHERED:
            raise BadInput(
                f"The reader holds more than {GATHERED:,} rows, and can be read once only.",
                "Write them to a file: pyarrow.dataset.write_dataset(reader, 'folder', format='parquet')",
            )
    return pyarrow.Table.from_batches(batches, reader.schema)


class _Arrows:
    """Rows of a `pyarrow.dataset`: fragment after fragment."""

    def __init__(self, dataset: Any) -> None:
        self._dataset, self.names = dataset, list(dataset.schema.names)
        self._rows = int(dataset.count_rows())

    def __len__(self) -> int:
        return self._rows

    def page(self, start: int, stop: int, columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """The fragments that hold these rows are asked, and no others."""
        import pyarrow

        names = [self.names[at] for at in columns]
        pieces = list(self._pieces(start, stop, names))
        table = pyarrow.concat_tables(pieces) if pieces else self._dataset.schema.empty_table().select(names)
        return list(table.columns)

    def _pieces(self, start: int, stop: int, names: list[str]) -> Iterator[pyarrow.Table]:
        first = 0
        for fragment in self._dataset.get_fragments():
            rows = fragment.count_rows()
            begin, end = max(start - first, 0), min(stop - first, rows)
            if begin < end:
                head = fragment.scanner(columns=names, schema=self._dataset.schema).head(end)
                yield head.slice(begin).select(names)
            first += rows
            if first >= stop:
                return


class _Numpy:
    """Rows of an array: one column, one for each number across, or one for each named field."""

    def __init__(self, values: Any) -> None:
        _arrow()
        if values.ndim == 0:
            raise BadInput("That is a single number.")
        self._values = values
        if values.dtype.names:
            self.names = list(values.dtype.names)
        else:
            self.names = [str(at) for at in range(values.shape[1])] if values.ndim == 2 else [ROWS]

    def __len__(self) -> int:
        return int(self._values.shape[0])

    def page(self, start: int, stop: int, columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """A slice of each column."""
        rows = self._values[start:stop]
        if rows.dtype.names:
            return [array(rows[self.names[at]], type_) for at, type_ in zip(columns, types, strict=True)]
        if rows.ndim == 2:
            return [array(rows[:, at], type_) for at, type_ in zip(columns, types, strict=True)]
        if rows.ndim == 1:
            return [array(rows, type_) for type_ in types]
        return [array(rows.tolist(), type_) for type_ in types]


class _Columns:
    """A dict of columns of the same length."""

    def __init__(self, columns: Mapping[Any, Any]) -> None:
        _arrow()
        self._columns = [
            column
            if hasattr(column, "__getitem__")
            else list(column)
            if hasattr(column, "__iter__")
            else [column]
            for column in columns.values()
        ]
        self.names = [_named(name) for name in columns]
        lengths = {len(column) for column in self._columns}
        if len(lengths) > 1 or any(isinstance(column, (str, bytes)) for column in self._columns):
            raise BadInput(
                "The columns are not equally long.", "A table is a dict of lists of the same length."
            )
        self._rows = lengths.pop() if lengths else 0

    def __len__(self) -> int:
        return self._rows

    def page(self, start: int, stop: int, columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """A slice of each column."""
        return [array(self._columns[at][start:stop], type_) for at, type_ in zip(columns, types, strict=True)]


class _Listed:
    """A list of dicts; or of anything, in one column."""

    def __init__(self, rows: Sequence[Any]) -> None:
        _arrow()
        self._rows = rows
        self._dicts = bool(rows) and all(isinstance(row, Mapping) for row in rows)
        keys = dict.fromkeys(key for row in rows for key in row) if self._dicts else {ROWS: None}
        self._keys = list(keys)
        self.names = [_named(key) for key in self._keys]

    def __len__(self) -> int:
        return len(self._rows)

    def page(self, start: int, stop: int, columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """A row that lacks a key has nothing there."""
        rows = self._rows[start:stop]
        if not self._dicts:
            return [array(list(rows), type_) for type_ in types]
        return [
            array([row.get(self._keys[at]) for row in rows], type_)
            for at, type_ in zip(columns, types, strict=True)
        ]


def _named(name: Any) -> str:
    """A column's name as text; several levels joined."""
    return ".".join(map(str, name)) if isinstance(name, tuple) else str(name)
