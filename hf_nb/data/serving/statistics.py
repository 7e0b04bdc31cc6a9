"""A split's columns in figures: counts, means, and histograms of ten bins, in the shape of the viewer's API."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from hf_nb.data.serving import media, table
from hf_nb.data.serving.asked import Asked
from hf_nb.data.serving.table import named

if TYPE_CHECKING:
    import duckdb

BINS, DECIMALS = 10, 5
# a text column is one of labels with at most so many, and so few among the rows; or with no more than there are bins
MOST_LABELS, MOST_SHARE = 1000, 0.2
NO_LABEL = -1
_EMPTY = dict.fromkeys(("min", "max", "mean", "median", "std", "histogram"))
Found = tuple[str, dict[str, Any]]


def statistics(asked: Asked) -> dict[str, Any]:
    """`/statistics`."""
    found = []
    with table.opened(asked) as sql:
        for name, feature in asked.features.items():
            asked.check()
            column = _Column(asked, sql, name, feature)
            if (figures := column.figures()) is not None:
                kind, said = figures
                found.append({"column_name": name, "column_type": kind, "column_statistics": said})
    found.sort(key=lambda one: str(one["column_name"]))
    return {"num_examples": asked.total, "statistics": found, "partial": False}


class _Column:
    """One column being counted."""

    def __init__(self, asked: Asked, sql: duckdb.DuckDBPyConnection, name: str, feature: Any) -> None:
        self.asked, self.sql, self.feature = asked, sql, feature
        self.name, self.word, self.rows = name, named(name), asked.total

    def figures(self) -> Found | None:
        """Its kind and what is counted of it; None of what is not."""
        from datasets import (  # type: ignore[import-untyped]
            Audio,
            ClassLabel,
            Image,
            LargeList,
            List,
            Value,
        )

        if self.rows == 0:
            return None
        match self.feature:
            case ClassLabel():
                return "class_label", self._classes()
            case Image():
                return "image", self._media(lambda data: media.size(data)[0], whole=True)
            case Audio():
                return "audio", self._media(media.seconds, whole=False)
            case List() | LargeList():
                return "list", self._numbers(f"len({self.word})", whole=True)
            case Value():
                return self._value(str(self.feature.dtype))
        return None

    def _value(self, dtype: str) -> Found | None:
        if dtype == "bool":
            return "bool", {**self._missing(), "frequencies": dict(sorted(self._counted().items()))}
        if dtype in ("string", "large_string"):
            return self._texts()
        if dtype.startswith(("int", "uint")):
            return "int", self._numbers(self.word, whole=True)
        if dtype.startswith("float"):
            return "float", self._numbers(self.word, whole=False)
        if dtype.startswith(("timestamp", "date")):
            return "datetime", self._times()
        return None

    def _one(self, what: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self.sql.execute(f"SELECT {what} FROM data").fetchall()[0]  # noqa: S608 -- our words, a quoted name
        return row

    def _missing(self, count: int | None = None) -> dict[str, Any]:
        if count is None:
            count = int(self._one(f"count(*) FILTER ({self.word} IS NULL)")[0])
        return {"nan_count": count, "nan_proportion": _share(count, self.rows)}

    def _counted(self) -> dict[str, int]:
        counted = self.sql.execute(
            f"SELECT {self.word}, count(*) FROM data WHERE {self.word} IS NOT NULL GROUP BY ALL"  # noqa: S608 -- the same
        )
        return {str(value): int(count) for value, count in counted.fetchall()}

    def _classes(self) -> dict[str, Any]:
        counted = {int(value): count for value, count in self._counted().items()}
        without = counted.pop(NO_LABEL, 0)
        names = list(self.feature.names)
        return {
            **self._missing(),
            "no_label_count": without,
            "no_label_proportion": _share(without, self.rows),
            "n_unique": len(names),
            "frequencies": {name: counted.get(number, 0) for number, name in enumerate(names)},
        }

    def _texts(self) -> Found:
        unique, missing = self._one(f"count(DISTINCT {self.word}), count(*) FILTER ({self.word} IS NULL)")
        unique += bool(missing)  # nothing counts as a value where kinds are counted
        labels = unique <= BINS or (unique <= MOST_LABELS and unique / self.rows <= MOST_SHARE)
        if not labels:
            return "string_text", self._numbers(f"len({self.word})", whole=True)
        counted = self._counted()
        none = {"no_label_count": 0, "no_label_proportion": 0.0}
        return "string_label", {
            **self._missing(),
            **none,
            "n_unique": len(counted),
            "frequencies": counted,
        }

    def _numbers(self, what: str, *, whole: bool) -> dict[str, Any]:
        value = f"(CASE WHEN isnan(CAST({what} AS DOUBLE)) THEN NULL ELSE {what} END)" if not whole else what
        return self._measured("data", value, whole=whole)

    def _measured(self, source: str, value: str, *, whole: bool) -> dict[str, Any]:
        """Figures over an expression in DuckDB."""
        least, most, mean, median, spread, there = self.sql.execute(
            f"SELECT min({value}), max({value}), avg({value}), median({value}), stddev_samp({value}), count({value})"  # noqa: S608 -- the same
            f" FROM {source}"
        ).fetchall()[0]
        missing = self._missing(self.rows - there)
        if not there:
            return {**missing, **_EMPTY}
        edges = list(_edges(least, most, whole=whole))
        return {
            **missing,
            "min": _rounded(least, whole=whole),
            "max": _rounded(most, whole=whole),
            "mean": _rounded(mean),
            "median": _rounded(median),
            "std": _rounded(spread or 0.0),
            "histogram": {
                "hist": self._counts(source, value, edges),
                "bin_edges": [_rounded(edge, whole=whole) for edge in edges],
            },
        }

    def _counts(self, source: str, value: str, edges: list[Any]) -> list[int]:
        """Values in each bin: from its edge to before the next, the last one's included."""
        inner = ", ".join(str(edge) for edge in edges[1:-1])
        if not inner:
            return [int(self.sql.execute(f"SELECT count({value}) FROM {source}").fetchall()[0][0])]  # noqa: S608 -- the same
        counted = dict(
            self.sql.execute(
                f"SELECT len(list_filter([{inner}], lambda edge: edge <= {value})) AS bin, count(*)"  # noqa: S608 -- the same
                f" FROM {source} WHERE {value} IS NOT NULL GROUP BY bin"
            ).fetchall()
        )
        return [int(counted.get(place, 0)) for place in range(len(edges) - 1)]

    def _times(self) -> dict[str, Any]:
        moment = f"CAST({self.word} AS TIMESTAMP)"
        least = self._one(f"min({moment})")[0]
        if least is None:
            return self._numbers(self.word, whole=True)
        seconds = f"date_diff('second', TIMESTAMP '{least}', {moment})"
        found = self._numbers(seconds, whole=True)
        zone = datetime.UTC if "tz=" in str(self.feature.dtype) else None

        def when(after: float) -> str:
            moment = least.replace(tzinfo=zone) + datetime.timedelta(seconds=after)
            return str(moment.strftime("%Y-%m-%d %H:%M:%S%z"))

        histogram = found["histogram"]
        return {
            **found,
            **{name: when(found[name]) for name in ("min", "max", "mean", "median")},
            "std": str(datetime.timedelta(seconds=found["std"])),
            "histogram": {
                "hist": histogram["hist"],
                "bin_edges": [when(edge) for edge in histogram["bin_edges"]],
            },
        }

    def _media(self, measure: Callable[[bytes], float | None], *, whole: bool) -> dict[str, Any]:
        import pyarrow

        kind = pyarrow.int64() if whole else pyarrow.float64()
        sizes = pyarrow.table({"size": pyarrow.array(list(self._sizes(measure)), kind)})
        self.sql.register("sizes", sizes)
        try:
            return self._measured("sizes", "size", whole=whole)
        finally:
            self.sql.unregister("sizes")

    def _sizes(self, measure: Callable[[bytes], float | None]) -> Iterator[float | None]:
        """One figure per row; the pictures themselves are let go again batch by batch."""
        import pyarrow.parquet

        for file in self.asked.files:
            with pyarrow.parquet.ParquetFile(file["path"], memory_map=True) as source:
                for batch in source.iter_batches(batch_size=64, columns=[self.name]):
                    self.asked.check()
                    for value in batch.column(0).to_pylist():
                        data = media.content(value)
                        yield None if data is None else measure(data)


def _edges(least: Any, most: Any, *, whole: bool) -> Iterator[Any]:
    """The edges of at most ten bins of one width."""
    if least == most:
        yield from (least, most)
        return
    if whole:
        width = math.ceil((most - least + 1) / BINS)
        yield from range(least, most + 1, width)
    else:
        width = (most - least) / BINS
        yield from (least + width * place for place in range(BINS))
    yield most


def _rounded(value: Any, *, whole: bool = False) -> Any:
    if whole:
        return int(value)
    found = float(value)
    return round(found, DECIMALS) if math.isfinite(found) else None


def _share(count: int, rows: int) -> float:
    return round(count / rows, DECIMALS) if count else 0.0
