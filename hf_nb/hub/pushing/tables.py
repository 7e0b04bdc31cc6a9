"""Tables and datasets as Parquet, with the entries `load_dataset` reads in the card."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.hub.pushing.parcel import How, Parcel, comes_from
from hf_nb.plumbing.extras import require

SHARD = 500_000_000
_WHY = "Pushing a table"
_NAME = re.compile(r"[\w-]+(\.[\w-]+)*")


@dataclass(frozen=True)
class Written:
    """One config: its card entries, and which of the repository's files it replaces."""

    config: str
    entry: dict[str, Any]  # of `configs`
    info: dict[str, Any]  # of `dataset_info`
    replaces: re.Pattern[str]


def is_one(value: Any) -> bool:
    """A DataFrame (pandas, polars), a pyarrow Table, a Dataset, or a DatasetDict."""
    return (
        comes_from(value, "pandas", "DataFrame")
        or comes_from(value, "polars", "DataFrame")
        or comes_from(value, "pyarrow", "Table")
        or any(comes_from(value, "datasets", name) for name in ("Dataset", "DatasetDict", "IterableDataset"))
    )


def pack(value: Any, folder: Path, how: How) -> Parcel:
    """A parcel of Parquet files, one set of shards a split."""
    with _silent():
        return _packed(value, folder, how)


def _packed(value: Any, folder: Path, how: How) -> Parcel:
    splits = _splits(value, how)
    for word in (how.config, *splits):
        if not _NAME.fullmatch(word):
            raise BadInput(f"{word!r} cannot name a config or a split.", "Use letters, digits, - and _.")
    room = (
        how.path_in_repo.strip("/") if how.path_in_repo else "data" if how.config == "default" else how.config
    )
    parcel = Parcel(_described(value, splits), "dataset", library="datasets")
    for split, table in splits.items():
        parcel.files |= _shards(table, split, room, folder)
    parcel.data = Written(
        how.config,
        {
            "config_name": how.config,
            "data_files": [{"split": one, "path": f"{room}/{one}-*"} for one in splits],
        },
        _info(splits, how.config, parcel.files),
        re.compile(rf"{re.escape(room)}/(?:{'|'.join(map(re.escape, splits))})-\d{{5}}-of-\d{{5}}\.parquet"),
    )
    config = "" if how.config == "default" else f', "{how.config}"'
    parcel.load = f'from datasets import load_dataset\n\ndata = load_dataset("{{repo}}"{config})'
    parcel.about = str(getattr(next(iter(splits.values())).info, "description", "") or "")
    parcel.tags = _sizes(sum(table.num_rows for table in splits.values()))
    return parcel


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Without the library's bars: this takes less time than they do to read."""
    datasets = require("datasets", "data", _WHY)
    shown = not datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        if shown:
            datasets.enable_progress_bars()


def _splits(value: Any, how: How) -> dict[str, Any]:
    datasets = require("datasets", "data", _WHY)
    if comes_from(value, "datasets", "IterableDataset"):
        raise BadInput(
            "A streamed dataset has no end that is known.",
            "Take a part of it: Dataset.from_list(list(data.take(1000)))",
        )
    if isinstance(value, Mapping):
        return {str(name): one for name, one in value.items()}
    if comes_from(value, "datasets", "Dataset"):
        return {how.split: value}
    try:
        if comes_from(value, "pandas"):
            return {how.split: datasets.Dataset.from_pandas(value, split=how.split)}
        if comes_from(value, "polars"):
            return {how.split: datasets.Dataset.from_polars(value, split=how.split)}
        return {how.split: datasets.Dataset(value, split=how.split)}
    except Exception as wrong:  # pyarrow's and datasets' own, of many classes
        if type(wrong).__module__.partition(".")[0] not in {"pyarrow", "datasets", "builtins"}:
            raise
        said = " ".join(str(wrong).split())[:160]
        raise BadInput(
            f"This table cannot be stored as Parquet: {said}",
            'Make the column one type: df["x"] = df["x"].astype("string")',
        ) from wrong


def _described(value: Any, splits: Mapping[str, Any]) -> str:
    first = next(iter(splits.values()))
    rows = sum(table.num_rows for table in splits.values())
    wide = "1 column" if first.num_columns == 1 else f"{first.num_columns} columns"
    return f"{type(value).__name__}, {rows:,} rows × {wide}"


def _shards(table: Any, split: str, room: str, folder: Path) -> dict[str, Path | bytes]:
    number = max(1, math.ceil((table.data.nbytes or 0) / SHARD))
    found: dict[str, Path | bytes] = {}
    for index in range(number):
        shard = table.shard(num_shards=number, index=index, contiguous=True) if number > 1 else table
        name = f"{split}-{index:05d}-of-{number:05d}.parquet"
        _embedded(shard).to_parquet(str(folder / name))
        found[f"{room}/{name}"] = folder / name
    return found


def _embedded(table: Any) -> Any:
    """Pictures and sounds go in, not the paths they have on this machine."""
    from datasets.table import embed_table_storage  # type: ignore[import-untyped]

    if not any(_has_files(one) for one in table.features.values()):
        return table
    shown = table.format
    mapped = table.with_format("arrow").map(
        embed_table_storage, batched=True, batch_size=1000, keep_in_memory=True
    )
    return mapped.with_format(**shown)


def _has_files(feature: Any) -> bool:
    if hasattr(feature, "decode_example"):
        return True
    inner = feature.values() if isinstance(feature, Mapping) else feature if isinstance(feature, list) else ()
    return any(_has_files(one) for one in inner) or (
        hasattr(feature, "feature") and _has_files(feature.feature)
    )


def _info(splits: Mapping[str, Any], config: str, files: Mapping[str, Path | bytes]) -> dict[str, Any]:
    """As `push_to_hub` writes it."""
    from datasets import DatasetInfo, SplitDict, SplitInfo  # type: ignore[import-untyped]

    told = SplitDict()
    for name, table in splits.items():
        told[name] = SplitInfo(name, num_bytes=int(table._estimate_nbytes()), num_examples=table.num_rows)  # noqa: SLF001 -- what push_to_hub states
    features = next(iter(splits.values())).features
    size = sum(path.stat().st_size for path in files.values() if isinstance(path, Path))
    made = DatasetInfo(
        features=features,
        splits=told,
        download_size=size,
        dataset_size=sum(one.num_bytes for one in told.values()),
    )
    return {"config_name": config, **made._to_yaml_dict()}  # noqa: SLF001 -- the only way to its card form


def _sizes(rows: int) -> tuple[str, ...]:
    """The Hub's size category."""
    names = ["n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "n>1B"]
    return (names[min(max(len(str(max(rows, 1))) - 3, 0), len(names) - 1)],)
