"""Things in memory: rows as their owners have them, and nothing copied that is not shown."""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import Any

import numpy
import pytest

from hf_nb.data import finding
from hf_nb.errors import BadInput, NotFound


def rows(thing: Any, start: int = 0, count: int = 100) -> list[dict[str, Any]]:
    return list(finding.open(thing).read(start, count).to_pylist())


def test_a_dataframe_is_its_columns_and_an_index_that_says_something() -> None:
    import pandas

    frame = pandas.DataFrame({"n": [1, 2, 3], "t": ["a", None, "c"]})
    assert rows(frame, 1, 1) == [{"n": 2, "t": None}]
    assert rows(frame.set_index("t"), 2) == [{"t": "c", "n": 3}]
    assert rows(frame[frame.n > 1]) == [{"index": 1, "n": 2, "t": None}, {"index": 2, "n": 3, "t": "c"}]
    assert rows(frame.n, 1, 1) == [{"n": 2}]
    several = frame.set_index(["t", "n"])
    several["x"] = 0
    assert rows(several, 2) == [{"t": "c", "n": 3, "x": 0}]


@pytest.mark.parametrize(
    "dtype", ["datetime64[ns]", "category", "Int64", "boolean", "float32", "timedelta64[ns]", "str"]
)
def test_types_of_pandas_come_as_arrow_has_them(dtype: str) -> None:
    import pandas
    import pyarrow

    frame = pandas.DataFrame(
        {"x": pandas.Series([1, 0, None] if dtype in ("Int64", "boolean") else [1, 0, 1])}
    )
    frame["x"] = frame["x"].astype(dtype)
    wanted = pyarrow.Table.from_pandas(frame, preserve_index=False)
    assert rows(frame) == wanted.to_pylist()


def test_names_that_come_twice_and_names_that_are_no_text_are_told_apart() -> None:
    import pandas

    frame = pandas.DataFrame([[1, 2, 3, 4]], columns=["a", "a", 7, ("x", "y")])
    assert rows(frame) == [{"a": 1, "a.1": 2, "7": 3, "x.y": 4}]


def test_objects_of_several_types_are_text_and_it_is_said() -> None:
    import pandas

    values: list[Any] = [1] * 5_000
    values[3_000] = {"k": 1}
    found = finding.open(pandas.DataFrame({"x": pandas.Series(values, dtype=object)}))
    assert str(found.schema.field("x").type) == "int64"
    assert found.read(2_999, 3).column("x").to_pylist() == ["1", "{'k': 1}", "1"]
    assert found.read(0, 1).column("x").to_pylist() == ["1"]
    assert found.notes == ("Column 'x' is text rather than whole number: see after row 2,999.",)


def test_arrow_in_all_its_forms() -> None:
    import pyarrow
    import pyarrow.dataset

    table = pyarrow.table({"n": list(range(10)), "t": ["x"] * 10})
    for thing in (
        table,
        table.to_batches()[0],
        pyarrow.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=3)),
        pyarrow.dataset.dataset([table.slice(0, 4), table.slice(4)]),
    ):
        assert rows(thing, 3, 4) == table.slice(3, 4).to_pylist()
    assert rows(pyarrow.table([[1], [2]], names=["a", "a"])) == [{"a": 1, "a.1": 2}]
    assert rows(pyarrow.table({"a": pyarrow.array([], "int64")})) == []


def test_datasets_with_its_features_and_its_selections() -> None:
    from datasets import ClassLabel, Dataset, DatasetDict, Features, Value  # type: ignore[import-untyped]

    features = Features({"n": Value("int64"), "label": ClassLabel(names=["no", "yes"])})
    dataset = Dataset.from_dict({"n": list(range(100)), "label": [0, 1] * 50}, features=features)
    picked = dataset.shuffle(seed=3).select(range(50))
    assert rows(picked, 10, 5) == picked.to_list()[10:15]
    label = finding.open(picked).columns[1]
    assert (label.kind, label.labels) == ("label", ("no", "yes"))
    several = DatasetDict({"test": dataset.select(range(3)), "train": dataset})
    assert finding.open(several).rows == 100
    assert finding.open(several, split="test").rows == 3
    assert finding.layout(several).configs == {"default": {"test": 3, "train": 100}}
    with pytest.raises(NotFound):
        finding.open(several, split="tset")
    assert rows(dataset.to_iterable_dataset(), 2, 1) == [{"n": 2, "label": 0}]


def test_numpy_lists_and_dicts() -> None:
    assert rows(numpy.arange(6).reshape(3, 2), 2) == [{"0": 4, "1": 5}]
    assert rows(numpy.arange(3), 2) == [{"value": 2}]
    assert rows(numpy.zeros((2, 2, 2)), 1) == [{"value": [[0.0, 0.0], [0.0, 0.0]]}]
    assert rows(numpy.array([(1, 2.5)], dtype=[("a", int), ("b", float)])) == [{"a": 1, "b": 2.5}]
    assert rows([{"a": 1}, {"b": "x"}]) == [{"a": 1, "b": None}, {"a": None, "b": "x"}]
    assert rows(["x", "y"], 1) == [{"value": "y"}]
    assert rows({"a": [1, 2], "b": numpy.array([3, 4])}, 1) == [{"a": 2, "b": 4}]
    assert rows([]) == []


@pytest.mark.parametrize("thing", [3, object(), numpy.array(3), {"a": [1], "b": [1, 2]}, {"a": "xy"}])
def test_what_is_no_table_is_refused_with_what_is(thing: Any) -> None:
    with pytest.raises(BadInput):
        finding.open(thing).read(0, 1)


def test_wide_tables_are_read_by_the_columns_that_are_shown() -> None:
    import pandas

    frame = pandas.DataFrame(numpy.zeros((100, 2_000)), columns=[f"c{n}" for n in range(2_000)])
    table = finding.open(frame).read(10, 5, ["c1999", "c3"])
    assert table.schema.names == ["c1999", "c3"]


BROWSE = """
import resource, sys
import numpy, pandas, pyarrow
from hf_nb.data import finding
n = 3_000_000
words = pandas.array(numpy.array(["alpha", "beta", "gamma"])[numpy.arange(n) % 3], dtype="str")
frame = pandas.DataFrame({f"x{k}": numpy.arange(n) * 1.5 for k in range(8)})
frame["word"] = words
held = int(frame.memory_usage(deep=True).sum())
finding.open(frame.head(10)).read(0, 5)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
source = finding.open(frame)
for start in range(0, n, n // 50):
    source.read(start, 100)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print((after - before) / held)
"""


def test_browsing_a_large_dataframe_takes_next_to_no_memory() -> None:
    assert resource.getrusage(resource.RUSAGE_SELF)
    said = subprocess.run(
        [sys.executable, "-c", BROWSE], capture_output=True, text=True, check=True, timeout=100
    )
    assert float(said.stdout) <= 0.05
