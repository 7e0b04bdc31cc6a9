"""A card's `dataset_info` with the sizes that are known once the files are written; without them nobody reads it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Sizes = Mapping[tuple[str, str], int]  # (configuration, split) -> bytes in memory


def front(promised: Mapping[str, Any], folder: Path, sizes: Sizes) -> dict[str, Any]:
    """The front matter that was promised, with `num_bytes`, `dataset_size` and `download_size`."""
    told = promised["dataset_info"]
    if isinstance(told, list):
        found: Any = [_one(info, folder / info["config_name"], sizes) for info in told]
    else:
        found = _one(told, folder, sizes)
    return {**promised, "dataset_info": found}


def csv_bytes(path: Path, types: Mapping[str, str]) -> int:
    """What a CSV file takes once it is read."""
    import pyarrow.csv

    table = pyarrow.csv.read_csv(
        path,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict(types)),
    )
    return int(table.nbytes)


def _one(info: Mapping[str, Any], folder: Path, sizes: Sizes) -> dict[str, Any]:
    config = info.get("config_name", "default")
    splits = [{**split, "num_bytes": sizes[config, split["name"]]} for split in info["splits"]]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        **info,
        "splits": splits,
        "download_size": sum(path.stat().st_size for path in files),
        "dataset_size": sum(split["num_bytes"] for split in splits),
    }
