"""A folder as configurations, splits and Parquet files, as the official library reads it.

What is Parquet already stays where it is; everything else is written anew by `datasets`, with its page index.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hf_nb.data.serving.asked import Asked, Wrong

MOST = 2 << 30  # bytes that are written anew; the real viewer stops at five gigabytes
MOST_CONFIGS = 3000
SHARD = "500MB"


def convert(asked: Asked) -> dict[str, Any]:
    """`{"configs": [...]}`; one that cannot be read says why and leaves the others alone."""
    import datasets  # type: ignore[import-untyped]

    folder = Path(asked["folder"])
    if not any(path.name not in ("README.md", ".gitattributes") for path in folder.rglob("*")):
        raise Wrong("EmptyDatasetError", "The dataset is empty.")
    try:
        names = datasets.get_dataset_config_names(str(folder))
        default = datasets.get_dataset_default_config_name(str(folder))
    except Exception as wrong:
        raise Wrong("ConfigNamesError", _words(wrong, folder)) from wrong
    if len(names) > MOST_CONFIGS:
        raise Wrong(
            "DatasetWithTooManyConfigsError",
            f"The maximum number of configs allowed is {MOST_CONFIGS}, dataset has {len(names)} configs.",
        )
    found = []
    for place, name in enumerate(names):
        asked.check()
        about = {"name": name, "default": name == default or len(names) == 1}
        try:
            found.append(about | _config(folder, name, Path(asked["out"]) / str(place), asked["origin"]))
        except Wrong as wrong:
            found.append(about | {"error": {"kind": wrong.kind, "problem": str(wrong)}})
        except Exception as wrong:  # noqa: BLE001 -- of the library, about a stranger's files
            found.append(about | {"error": {"kind": type(wrong).__name__, "problem": _words(wrong, folder)}})
    return {"configs": found}


def _config(folder: Path, name: str, out: Path, origin: str) -> dict[str, Any]:
    import datasets

    cache = Path(tempfile.mkdtemp(prefix="viewer-", dir=Path.cwd()))
    try:
        builder = datasets.load_dataset_builder(str(folder), name, cache_dir=str(cache))
        sources = {
            str(split): [Path(path) for path in paths] for split, paths in builder.config.data_files.items()
        }
        original = sum(path.stat().st_size for paths in sources.values() for path in paths)
        if builder.name == "parquet":
            splits = {split: [_file(path) for path in paths] for split, paths in sources.items()}
        else:
            if original > MOST:
                raise Wrong(
                    "DatasetTooBigError", f"The files hold {original:,} bytes, more than is converted."
                )
            _name_archives(builder, folder, origin)
            splits = dict(_written(builder, out))
        return {
            **_about(builder.info),
            "builder": builder.name,
            "original": original,
            "features": (builder.info.features or _features(splits)).to_dict(),
            "splits": [_split(split, files) for split, files in splits.items()],
        }
    finally:
        shutil.rmtree(cache, ignore_errors=True)


def _name_archives(builder: Any, folder: Path, origin: str) -> None:
    """A row of a WebDataset says which archive it is from: the one on the Hub, not a file of this machine."""
    pipeline = getattr(builder, "_get_pipeline_from_tar", None)
    if pipeline is not None:
        builder._get_pipeline_from_tar = lambda path, entries: pipeline(  # noqa: SLF001 -- there is no other way in
            str(path).replace(str(folder), origin), entries
        )


def _written(builder: Any, out: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    builder.download_and_prepare(output_dir=str(out), file_format="parquet", max_shard_size=SHARD)
    for split in builder.info.splits:
        # one file, or several with their number; no split is named like the beginning of another's file
        name = re.compile(rf"{re.escape(builder.dataset_name)}-{re.escape(split)}(-\d+-of-\d+)?\.parquet")
        yield split, [_file(path) for path in sorted(out.iterdir()) if name.fullmatch(path.name)]


def _file(path: Path) -> dict[str, Any]:
    import pyarrow.parquet

    footer = pyarrow.parquet.read_metadata(path)
    groups = (footer.row_group(place) for place in range(footer.num_row_groups))
    return {
        "path": str(path),
        "rows": footer.num_rows,
        "bytes": path.stat().st_size,
        "memory": sum(group.total_byte_size for group in groups),
    }


def _split(name: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "rows": sum(file["rows"] for file in files),
        "memory": sum(file["memory"] for file in files),
        "files": files,
    }


def _features(splits: Mapping[str, list[dict[str, Any]]]) -> Any:
    import pyarrow.parquet
    from datasets import Features

    first = next((file["path"] for files in splits.values() for file in files), None)
    if first is None:
        raise Wrong("EmptyDatasetError", "The dataset is empty.")
    return Features.from_arrow_schema(pyarrow.parquet.read_schema(first))


def _about(info: Any) -> dict[str, Any]:
    return {
        name: str(getattr(info, name) or "") for name in ("description", "citation", "homepage", "license")
    }


def _words(wrong: Exception, folder: Path) -> str:
    """What went wrong at the bottom of it, without this machine's folders."""
    while isinstance(wrong.__cause__, Exception):
        wrong = wrong.__cause__
    said = f"{type(wrong).__name__}: {wrong}".replace(str(folder), "").replace(str(Path.cwd()), "")
    return said[:500]
