"""hfnb-lab/journeys: two million rows with a page index, in two row groups: too long to be read for a few."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content import card, measured, parquet
from hf_nb.offline.content.recipe import Context, Recipe, Step, day

if TYPE_CHECKING:
    from pyarrow import Table

ID = "hfnb-lab/journeys"
FILES, ROWS = 2, 1_000_000  # files, and rows in the one row group of each
LINES, STOPS = 24, 300
START, STEP = 1_735_689_600_000, 9_000  # 2025-01-01 in milliseconds, nine seconds from row to row
NOTES = ("wheelchair", "bicycle", "group of pupils", "lost ticket", "complained about the heat")
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "task_categories": ["tabular-regression"],
    "size_categories": ["1M<n<10M"],
    "pretty_name": "Two million journeys",
    "source_datasets": ["original"],
    "tags": ["large", "page-index", "synthetic", "demo"],
    "configs": [
        {
            "config_name": "default",
            "data_files": [{"split": "train", "path": "data/train-*"}],
            "default": True,
        }
    ],
    "dataset_info": {
        "features": [
            parquet.column("journey", "int64"),
            parquet.column("began", "timestamp[ms, tz=UTC]"),
            parquet.column("line", "string"),
            parquet.column("people", "int8"),
            parquet.column("fare", "float64"),
            {
                "name": "legs",
                "list": [parquet.column("stop", "string"), parquet.column("minutes", "float32")],
            },
            parquet.column("note", "string"),
        ],
        "splits": [{"name": "train", "num_examples": FILES * ROWS}],
    },
}


def build(folder: Path, context: Context) -> str:
    """Write the files as `datasets` writes its own; one line about them."""
    import pyarrow.parquet

    (folder / "data").mkdir()
    held = 0
    for number in range(FILES):
        table = _table(number)
        held += table.nbytes
        pyarrow.parquet.write_table(
            table,
            folder / "data" / f"train-{number:05d}-of-{FILES:05d}.parquet",
            row_group_size=ROWS,
            write_page_index=True,
            use_content_defined_chunking=True,
        )
    size = sum(path.stat().st_size for path in (folder / "data").iterdir())
    card.write(
        folder,
        measured.front(FRONT, folder, {("default", "train"): held}),
        f"""
# Two million journeys

{FILES * ROWS:,} rows in {FILES} Parquet files with one row group each, in the order of time, with a page index and
chunks that follow the content, as `datasets` writes them. A reader that knows no page index fetches a million rows for
one; a reader that does fetches a page of each column. `legs` is a list of objects, `note` is almost always missing.

```python
from datasets import load_dataset

next(iter(load_dataset("{ID}", split="train", streaming=True)))
```

Made up from a fixed seed: {LINES} lines, {STOPS} stops, more people at eight and at five.
""",
    )
    return f"{FILES * ROWS:,} rows, {size / 1e6:.0f} MB"


def _table(file: int) -> "Table":
    import numpy
    import pyarrow

    dice = numpy.random.default_rng(file)
    rows = numpy.arange(ROWS) + file * ROWS
    hour = rows * STEP / 3_600_000 % 24
    busy = numpy.exp(-((hour - 8) ** 2)) + numpy.exp(-((hour - 17) ** 2) / 2)
    lines = pyarrow.array([f"line {number:02d}" for number in range(1, LINES + 1)])
    stops = pyarrow.array([f"stop-{number:03d}" for number in range(STOPS)])
    ends = numpy.concatenate([[0], numpy.cumsum(dice.integers(1, 4, ROWS))]).astype("i4")
    legs = pyarrow.StructArray.from_arrays(
        [
            stops.take(pyarrow.array(dice.integers(0, STOPS, ends[-1]))),
            pyarrow.array(dice.gamma(3, 2, ends[-1]).round(1).astype("f4")),
        ],
        ["stop", "minutes"],
    )
    noted = dice.random(ROWS) < 0.001
    said = pyarrow.array(NOTES).take(pyarrow.array(dice.integers(0, len(NOTES), ROWS), mask=~noted))
    return pyarrow.table(
        {
            "journey": rows,
            "began": pyarrow.array(START + rows * STEP, pyarrow.timestamp("ms", "UTC")),
            "line": lines.take(pyarrow.array((dice.random(ROWS) ** 2 * LINES).astype("i8"))),
            "people": pyarrow.array((1 + dice.poisson(1 + 4 * busy)).clip(max=60).astype("i1")),
            "fare": (2.2 + 0.35 * numpy.diff(ends) + dice.exponential(0.8, ROWS)).round(2),
            "legs": pyarrow.ListArray.from_arrays(pyarrow.array(ends), legs),
            "note": said,
        }
    )


def check(folder: Path) -> dict[str, float]:
    """What the footers say; nothing else is read."""
    import pyarrow.parquet

    paths = sorted((folder / "data").glob("*.parquet"))
    footers = [pyarrow.parquet.read_metadata(path) for path in paths]
    columns = [footer.row_group(0).column(place) for footer in footers for place in range(footer.num_columns)]
    return {
        "rows": float(sum(footer.num_rows for footer in footers)),
        "groups": float(sum(footer.num_row_groups for footer in footers)),
        "page_indexes": sum(column.has_offset_index for column in columns) / len(columns),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-18T07:00"),
    updated_at=day("2026-08-18T08:00"),
    build=build,
    shared=("parquet.py", "measured.py"),
    needs=("pyarrow", "numpy"),
    seconds=6,
    later=True,
    room=200_000_000,
    front=FRONT,
    files=("data/train-00000-of-00002.parquet",),
    downloads=64,
    likes=4,
    trending=0.35,
    history=(
        Step("Upload data", day("2026-08-18T07:30"), ("*.parquet",)),
        Step("Describe it", day("2026-08-18T08:00"), ("README.md",)),
    ),
    check=check,
    floor={"rows": FILES * ROWS, "groups": FILES, "page_indexes": 1.0},
    ceiling={"rows": FILES * ROWS, "groups": FILES},
)
