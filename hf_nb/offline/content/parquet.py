"""Write a dataset's Parquet files, and the YAML that says what is in them."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyarrow import Table

Splits = Mapping[str, "Table"]


def write(
    folder: Path, configs: Mapping[str, Splits], features: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """One file per config and split; `configs:` and `dataset_info:` for the card's front matter."""
    import pyarrow.parquet

    described: list[dict[str, Any]] = []
    listed: list[dict[str, Any]] = []
    for config, splits in configs.items():
        counted = []
        for split, table in splits.items():
            path = folder / config / f"{split}-00000-of-00001.parquet"
            path.parent.mkdir(exist_ok=True)
            pyarrow.parquet.write_table(table, path, compression="snappy")
            counted.append({"name": split, "num_bytes": table.nbytes, "num_examples": table.num_rows})
        described.append({"config_name": config, "features": features[config], "splits": counted})
        described[-1]["download_size"] = sum(path.stat().st_size for path in (folder / config).iterdir())
        described[-1]["dataset_size"] = sum(table.nbytes for table in splits.values())
        files = [{"split": split, "path": f"{config}/{split}-*"} for split in splits]
        listed.append({"config_name": config, "data_files": files})
    listed[0]["default"] = True
    return {"configs": listed, "dataset_info": described if len(described) > 1 else described[0]}


def column(name: str, dtype: str) -> dict[str, Any]:
    """A plain column."""
    return {"name": name, "dtype": dtype}


def classes(name: str, names: list[str]) -> dict[str, Any]:
    """A ClassLabel: numbers in the file, these names beside it."""
    return {"name": name, "dtype": {"class_label": {"names": {str(i): word for i, word in enumerate(names)}}}}


def with_features(table: "Table", features: Mapping[str, Any]) -> "Table":
    """The note `datasets` leaves in a file's schema, so that pictures stay pictures wherever the file is read."""
    import json

    note = json.dumps({"info": {"features": features}})
    return table.replace_schema_metadata({"huggingface": note})
