"""hfnb-lab/weather-stations: three configurations, three splits each, several Parquet files to a split."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content import card, measured, parquet
from hf_nb.offline.content.recipe import Context, Recipe, Step, day

if TYPE_CHECKING:
    from pyarrow import Table

ID = "hfnb-lab/weather-stations"
REGIONS = {"coast": (11.0, 4.0), "hills": (7.0, 9.0), "plain": (10.0, 12.0)}  # mean of a year, half its range
FILES = {"train": 4, "validation": 1, "test": 2}
ROWS = 1_500  # in each file, an hour apart
STATIONS = ["North Pier", "Old Mill", "Ridge", "Airfield", "Lighthouse", "Orchard"]
SKIES = ("clear", "cloudy", "rain", "fog", "snow")
START = 1_704_067_200  # 2024-01-01
COLUMNS = [
    parquet.classes("station", STATIONS),
    parquet.column("when", "timestamp[s, tz=UTC]"),
    parquet.column("temperature", "float32"),
    parquet.column("rain", "float32"),
    {
        "name": "wind",
        "struct": [parquet.column("speed", "float32"), parquet.column("from", "int16")],
    },
    parquet.column("sky", "string"),
]
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "task_categories": ["tabular-regression"],
    "size_categories": ["10K<n<100K"],
    "pretty_name": "Weather of three regions that do not exist",
    "source_datasets": ["original"],
    "tags": ["weather", "synthetic", "demo"],
    "configs": [
        {
            "config_name": region,
            "data_files": [{"split": split, "path": f"{region}/{split}-*"} for split in FILES],
            **({"default": True} if region == "coast" else {}),
        }
        for region in REGIONS
    ],
    "dataset_info": [
        {
            "config_name": region,
            "features": COLUMNS,
            "splits": [{"name": split, "num_examples": count * ROWS} for split, count in FILES.items()],
        }
        for region in REGIONS
    ],
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    import pyarrow.parquet

    sizes = {(region, split): 0 for region in REGIONS for split in FILES}
    for place, region in enumerate(REGIONS):
        (folder / region).mkdir()
        number = 0
        for split, count in FILES.items():
            for file in range(count):
                table = _table(region, seed=place * 100 + number, first=number * ROWS)
                path = folder / region / f"{split}-{file:05d}-of-{count:05d}.parquet"
                pyarrow.parquet.write_table(table, path, row_group_size=500, write_page_index=True)
                sizes[region, split] += table.nbytes
                number += 1
    total = len(REGIONS) * sum(FILES.values()) * ROWS
    card.write(
        folder,
        measured.front(FRONT, folder, sizes),
        f"""
# Weather of three regions that do not exist

{total:,} hourly reports in three configurations ({", ".join(f"`{region}`" for region in REGIONS)}), each with a
training, a validation and a test split, each split in files of {ROWS:,} rows: {FILES["train"]}, {FILES["validation"]}
and {FILES["test"]} of them. Later hours are in later splits. Some temperatures are missing; `wind` is a struct.

```python
from datasets import load_dataset

load_dataset("{ID}", "hills", split="test")[0]
```

Computed from a yearly and a daily wave with noise; nobody ever measured it.
""",
    )
    return f"{total:,} rows in {len(REGIONS) * sum(FILES.values())} files"


def _table(region: str, *, seed: int, first: int) -> "Table":
    import numpy
    import pyarrow

    dice, hours = numpy.random.default_rng(seed), numpy.arange(first, first + ROWS)
    mean, swing = REGIONS[region]
    year, hour = (
        numpy.sin((hours / 24 - 105) / 365 * 2 * numpy.pi),
        numpy.sin((hours - 9) / 24 * 2 * numpy.pi),
    )
    warm = (mean + swing * year + 3 * hour + dice.normal(0, 2, ROWS)).astype("f4")
    wet = dice.random(ROWS) < 0.2
    sky = numpy.select(
        [wet & (warm < 0), wet, dice.random(ROWS) < 0.05, dice.random(ROWS) < 0.5],
        [SKIES[4], SKIES[2], SKIES[3], SKIES[1]],
        SKIES[0],
    )
    wind = pyarrow.StructArray.from_arrays(
        [
            pyarrow.array(dice.gamma(2, 2, ROWS).astype("f4")),
            pyarrow.array(dice.integers(0, 360, ROWS).astype("i2")),
        ],
        ["speed", "from"],
    )
    found = pyarrow.table(
        {
            "station": pyarrow.array(dice.integers(0, len(STATIONS), ROWS), pyarrow.int64()),
            "when": pyarrow.array(START + hours * 3600, pyarrow.timestamp("s", "UTC")),
            "temperature": pyarrow.array(warm, mask=dice.random(ROWS) < 0.03),
            "rain": pyarrow.array(numpy.where(wet, dice.gamma(1, 2, ROWS), 0).astype("f4")),
            "wind": wind,
            "sky": pyarrow.array(sky.tolist()),
        }
    )
    value = {
        name: {"dtype": dtype, "_type": "Value"}
        for name, dtype in (("when", "timestamp[s, tz=UTC]"), ("temperature", "float32"), ("rain", "float32"))
    }
    inside = {
        "speed": {"dtype": "float32", "_type": "Value"},
        "from": {"dtype": "int16", "_type": "Value"},
    }
    features = {"station": {"names": STATIONS, "_type": "ClassLabel"}, **value, "wind": inside}
    return parquet.with_features(found, {**features, "sky": {"dtype": "string", "_type": "Value"}})


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them, and whether every split is of its region."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    cache = str(folder.parent / f".cache-{folder.name}")
    found = {name: load_dataset(str(folder), name, cache_dir=cache) for name in REGIONS}
    return {f"{name}_{split}": float(len(found[name][split])) for name in REGIONS for split in FILES}


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-11T08:00"),
    updated_at=day("2026-08-12T09:30"),
    build=build,
    shared=("parquet.py", "measured.py"),
    needs=("pyarrow", "numpy"),
    seconds=2,
    later=True,
    front=FRONT,
    files=("coast/train-00000-of-00004.parquet",),
    downloads=42,
    likes=2,
    trending=0.3,
    history=(
        Step("Upload data", day("2026-08-11T08:05"), ("*.parquet",)),
        Step("Describe it", day("2026-08-12T09:30"), ("README.md",)),
    ),
    check=check,
    floor={f"{name}_{split}": count * ROWS for name in REGIONS for split, count in FILES.items()},
    ceiling={f"{name}_{split}": count * ROWS for name in REGIONS for split, count in FILES.items()},
)
