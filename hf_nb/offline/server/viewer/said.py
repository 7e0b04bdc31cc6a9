"""What is told from a conversion alone: /splits, /parquet, /size, /info and /is-valid."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from hf_nb.offline.server.viewer.conversion import REF, Config, Conversion

Json = dict[str, Any]


def splits(found: Conversion, configs: Iterable[Config]) -> Json:
    """`/splits`."""
    some = list(configs)
    return {
        "splits": [
            {"dataset": found.id, "config": config.name, "split": split.name}
            for config in some
            for split in config.splits
        ],
        **_rest(found, some),
    }


def parquet(found: Conversion, configs: Iterable[Config], url: str) -> Json:
    """`/parquet`."""
    some = list(configs)
    return {
        "parquet_files": [
            {
                "dataset": found.id,
                "config": config.name,
                "split": split.name,
                "url": address(url, found.id, file.path),
                "filename": file.path.rpartition("/")[2],
                "size": file.bytes,
            }
            for config in some
            for split in config.splits
            for file in split.files
        ],
        **_rest(found, some),
        "partial": False,
    }


def address(url: str, id: str, path: str) -> str:
    """Where a converted file is."""
    return f"{url}/datasets/{quote(id)}/resolve/{quote(REF, safe='')}/{quote(path)}"


def size(found: Conversion, configs: Iterable[Config], *, one: bool) -> Json:
    """`/size`, of the whole dataset or of one configuration."""
    some = list(configs)
    by_split = [
        {
            "dataset": found.id,
            "config": config.name,
            "split": split.name,
            "num_bytes_parquet_files": split.bytes,
            "num_bytes_memory": split.memory,
            "num_rows": split.rows,
            "num_columns": len(config.features),
            "estimated_num_rows": None,
        }
        for config in some
        for split in config.splits
    ]
    by_config = [_config_size(found, config) for config in some if config.wrong is None]
    if one:
        return {"size": {"config": (by_config or [{}])[0], "splits": by_split}, "partial": False}
    whole = {
        "dataset": found.id,
        **{
            name: sum(config[name] for config in by_config)
            for name in (
                "num_bytes_original_files",
                "num_bytes_parquet_files",
                "num_bytes_memory",
                "num_rows",
            )
        },
        "estimated_num_rows": None,
    }
    return {
        "size": {"dataset": whole, "configs": by_config, "splits": by_split},
        **_rest(found, some),
        "partial": False,
    }


def _config_size(found: Conversion, config: Config) -> Json:
    return {
        "dataset": found.id,
        "config": config.name,
        "num_bytes_original_files": config.original,
        "num_bytes_parquet_files": sum(split.bytes for split in config.splits),
        "num_bytes_memory": sum(split.memory for split in config.splits),
        "num_rows": sum(split.rows for split in config.splits),
        "num_columns": len(config.features),
        "estimated_num_rows": None,
    }


def info(found: Conversion, configs: Iterable[Config], *, one: bool) -> Json:
    """`/info`."""
    some = list(configs)
    told = {config.name: _config_info(found, config) for config in some if config.wrong is None}
    if one:
        return {"dataset_info": next(iter(told.values()), {}), "partial": False}
    return {"dataset_info": told, **_rest(found, some), "partial": False}


def _config_info(found: Conversion, config: Config) -> Json:
    return {
        **config.about,
        "features": config.features,
        "builder_name": config.builder,
        "dataset_name": found.id.partition("/")[2],
        "config_name": config.name,
        "splits": {
            split.name: {
                "name": split.name,
                "num_bytes": split.memory,
                "num_examples": split.rows,
                "dataset_name": found.id.partition("/")[2],
            }
            for split in config.splits
        },
        "download_size": sum(split.bytes for split in config.splits),
        "dataset_size": sum(split.memory for split in config.splits),
    }


def valid(configs: Iterable[Config]) -> Json:
    """`/is-valid`: what can be asked about it at all."""
    there = [config for config in configs if config.splits]
    words = any('string"' in json.dumps(one.features) for one in there)
    can = bool(there)
    return {"preview": can, "viewer": can, "search": can and words, "filter": can, "statistics": can}


def _rest(found: Conversion, configs: Iterable[Config]) -> Json:
    """What is not there: nothing is ever pending, because whoever asks waits."""
    failed = [
        {"dataset": found.id, "config": config.name, "error": {"error": config.wrong[1]}}
        for config in configs
        if config.wrong
    ]
    return {"pending": [], "failed": failed}
