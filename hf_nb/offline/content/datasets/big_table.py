"""hfnb-lab/big-table: a gigabyte of made-up measurements, for what must not be read at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content import card, parquet
from hf_nb.offline.content.recipe import Context, Recipe, Step, day

if TYPE_CHECKING:
    from pyarrow import Schema, Table

ID = "hfnb-lab/big-table"
FILES, GROUPS, ROWS = 10, 5, 100_000  # files, row groups in each, rows in those
TOTAL = FILES * GROUPS * ROWS
SENSORS = [f"sensor_{number:02d}" for number in range(1, 15)]
STATIONS = 240
START, STEP = 1_767_225_600_000, 6_000  # 2026-01-01 in milliseconds, and six seconds from row to row
BYTES = 1_000_000_000
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "task_categories": ["tabular-regression", "time-series-forecasting"],
    "size_categories": ["1M<n<10M"],
    "pretty_name": "A table of a gigabyte",
    "source_datasets": ["original"],
    "tags": ["large", "parquet", "synthetic", "demo"],
    "configs": [
        {
            "config_name": "default",
            "data_files": [{"split": "train", "path": "data/*.parquet"}],
            "default": True,
        }
    ],
    "dataset_info": {
        "config_name": "default",
        "features": [
            parquet.column("row", "int64"),
            parquet.column("when", "timestamp[ms, tz=UTC]"),
            parquet.column("station", "string"),
            *(parquet.column(name, "float64") for name in SENSORS),
            parquet.column("seal", "string"),
        ],
        "splits": [{"name": "train", "num_examples": TOTAL}],
    },
}


def build(folder: Path, context: Context) -> str:
    """Write the files, a row group at a time; one line about them."""
    import pyarrow.parquet

    (folder / "data").mkdir()
    schema, held = _schema(), 0
    for number in range(FILES):
        path = folder / "data" / f"train-{number:05d}-of-{FILES:05d}.parquet"
        with pyarrow.parquet.ParquetWriter(path, schema, compression="snappy", write_page_index=True) as file:
            for table in _groups(number, schema):
                file.write_table(table, row_group_size=ROWS)
                held += table.nbytes
    size = sum(path.stat().st_size for path in (folder / "data").iterdir())
    measured = {
        **FRONT["dataset_info"],
        "splits": [{"name": "train", "num_bytes": held, "num_examples": TOTAL}],
        "download_size": size,
        "dataset_size": held,
    }
    card.write(
        folder,
        {**FRONT, "dataset_info": measured},
        f"""
# A table of a gigabyte

{TOTAL:,} rows, {len(SENSORS) + 4} columns, {size / 1e9:.2f} GB of Parquet in {FILES} files:
too much to look at by loading it, which is what it is for. Made up from a fixed seed: {STATIONS} stations, a row every
six seconds, {len(SENSORS)} sensors of noise that does not compress, and a `seal` of 64 hexadecimal digits.

```python
import pyarrow.parquet
from huggingface_hub import HfFileSystem

with HfFileSystem().open("datasets/{ID}/data/train-00002-of-{FILES:05d}.parquet") as file:
    table = pyarrow.parquet.ParquetFile(file).read_row_group(3, columns=["when", "sensor_01"])
table.slice(0, 5).to_pandas()
```

That fetches two columns of {ROWS:,} rows, a few megabytes. `load_dataset("{ID}", streaming=True)` works
too; in a script let the stream run to its end, because pyarrow reads ahead and may not let Python exit from the middle
of a file.

The rows are in the order of time, in row groups of {ROWS:,} with a page index, so a reader that knows how fetches only
the pages it needs.

It is made when somebody first asks for it, or by `hf-nb hub build {ID}`, and then takes this much room on your
disk once, however many Hubs serve it.
""",
    )
    return f"{TOTAL:,} rows, {size / 1e9:.2f} GB"


def _schema() -> "Schema":
    import pyarrow

    return pyarrow.schema(
        [
            ("row", pyarrow.int64()),
            ("when", pyarrow.timestamp("ms", "UTC")),
            ("station", pyarrow.string()),
            *((name, pyarrow.float64()) for name in SENSORS),
            ("seal", pyarrow.string()),
        ]
    )


def _groups(file: int, schema: "Schema") -> Iterator["Table"]:
    import numpy
    import pyarrow

    dice = numpy.random.default_rng(file)
    names = numpy.array([f"station-{number:03d}" for number in range(STATIONS)])
    for group in range(GROUPS):
        rows = numpy.arange(ROWS) + (file * GROUPS + group) * ROWS
        day_and_year = numpy.sin(rows * STEP / 86_400_000 * 2 * numpy.pi)
        columns: dict[str, Any] = {
            "row": rows,
            "when": pyarrow.array(START + rows * STEP, pyarrow.timestamp("ms", "UTC")),
            "station": names[dice.integers(0, STATIONS, ROWS)],
        }
        for number, name in enumerate(SENSORS):
            columns[name] = day_and_year * number + dice.normal(0, 1, ROWS)
        digits = dice.bytes(32 * ROWS).hex()
        columns["seal"] = [digits[at : at + 64] for at in range(0, len(digits), 64)]
        yield pyarrow.table(columns, schema=schema)


def check(folder: Path) -> dict[str, float]:
    """What the footers say; nothing else is read."""
    import pyarrow.parquet

    paths = sorted((folder / "data").glob("*.parquet"))
    footers = [pyarrow.parquet.read_metadata(path) for path in paths]
    indexed = [footer.row_group(0).column(0).has_offset_index for footer in footers]
    return {
        "rows": float(sum(footer.num_rows for footer in footers)),
        "bytes": float(sum(path.stat().st_size for path in paths)),
        "files": float(len(paths)),
        "page_indexes": sum(indexed) / len(indexed),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-01T07:30"),
    updated_at=day("2026-08-02T10:05"),
    build=build,
    shared=("parquet.py",),
    needs=("pyarrow", "numpy"),
    seconds=50,
    later=True,
    by_name=True,
    room=int(BYTES * 1.3),
    front=FRONT,
    files=("data/train-00000-of-00010.parquet",),
    downloads=310,
    likes=6,
    trending=0.9,
    history=(
        Step("Upload data", day("2026-08-01T08:02"), ("*.parquet",)),
        Step("Describe it", day("2026-08-02T10:05"), ("README.md",)),
    ),
    check=check,
    floor={"rows": TOTAL, "bytes": BYTES, "files": FILES, "page_indexes": 1.0},
)
