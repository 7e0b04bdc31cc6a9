"""hfnb-lab/orders: CSV with the habits of CSV: lines inside quotes, a column of numbers that ends as text."""

import csv
import io
import random
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card, measured, parquet
from hf_nb.offline.content.recipe import Context, Recipe, day

ID = "hfnb-lab/orders"
COUNTS = {"train": 12_000, "test": 1_500}
TURN = 11_000  # from this row of `train` on some postcodes have letters
GOODS = ("kettle", "lamp", "rug", "mirror", "chair", "shelf", "clock", "vase", "stool", "frame")
NOTES = (
    "",
    "",
    "",
    "Ring twice.",
    'Please write "Happy birthday" on the card.',
    "Leave it with the neighbour,\nsecond floor.",
    "Grüße aus Köln; danke!",
    "Fragile, handle with care",
)
COLUMNS = {
    "order": "int64",
    "date": "string",
    "item": "string",
    "count": "int64",
    "price": "float64",
    "postcode": "string",
    "note": "string",
}
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "language": ["en"],
    "task_categories": ["tabular-classification"],
    "size_categories": ["10K<n<100K"],
    "pretty_name": "Orders, as CSV",
    "source_datasets": ["original"],
    "tags": ["csv", "synthetic", "demo"],
    "configs": [
        {
            "config_name": "default",
            "data_files": [{"split": split, "path": f"{split}.csv"} for split in COUNTS],
        }
    ],
    "dataset_info": {
        "features": [parquet.column(name, dtype) for name, dtype in COLUMNS.items()],
        "splits": [{"name": name, "num_examples": count} for name, count in COUNTS.items()],
    },
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    dice, number = random.Random(5), 100_000  # noqa: S311 -- orders, not secrets
    for split, count in COUNTS.items():
        kept = io.StringIO(newline="")
        lines = csv.writer(kept, lineterminator="\n")
        lines.writerow(COLUMNS)
        for place in range(count):
            lines.writerow(_order(dice, number, late=split == "train" and place >= TURN))
            number += 1
        (folder / f"{split}.csv").write_text(kept.getvalue(), "utf-8", newline="")
    sizes = {("default", split): measured.csv_bytes(folder / f"{split}.csv", COLUMNS) for split in COUNTS}
    card.write(
        folder,
        measured.front(FRONT, folder, sizes),
        f"""
# Orders, as CSV

{sum(COUNTS.values()):,} made-up orders with what makes CSV hard to read: a `note` may hold commas, quotes and line
ends inside its quotes, and `postcode` looks like a number until row {TURN:,}, where the first ones with letters come
(`SW1A 2AA`). A reader that guesses types from the first rows is wrong; the card says the type, so `datasets` is not.

```python
from datasets import load_dataset

load_dataset("{ID}", split="train")[{TURN}]["postcode"]
```
""",
    )
    return f"{sum(COUNTS.values()):,} orders"


def _order(dice: random.Random, number: int, *, late: bool) -> list[Any]:
    code = str(dice.randint(10_000, 99_999))
    if late and dice.random() < 0.3:
        code = f"{dice.choice('NSEW')}{dice.randint(1, 9)}{dice.choice('AB')} {dice.randint(1, 9)}XY"
    return [
        number,
        f"2026-{dice.randint(1, 8):02d}-{dice.randint(1, 28):02d}",
        dice.choice(GOODS),
        dice.choice((1, 1, 1, 2, 2, 3, 6)),
        f"{dice.uniform(4, 240):.2f}",
        code,
        dice.choice(NOTES),
    ]


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them, those with letters in their code, those with a line end in their note."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
    codes, notes = found["train"]["postcode"][:], found["train"]["note"][:]
    return {
        **{f"{name}_rows": float(len(found[name])) for name in found},
        "first_letters": float(next(at for at, code in enumerate(codes) if not code.isdecimal())),
        "line_ends": float(sum("\n" in (note or "") for note in notes)),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-13T10:00"),
    updated_at=day("2026-08-13T10:20"),
    build=build,
    shared=("parquet.py", "measured.py"),
    needs=("pyarrow",),
    seconds=0.5,
    later=True,
    front=FRONT,
    files=("train.csv", "test.csv"),
    downloads=35,
    likes=1,
    trending=0.2,
    check=check,
    floor={"train_rows": 12_000, "test_rows": 1_500, "first_letters": TURN, "line_ends": 1_000},
    ceiling={"train_rows": 12_000, "test_rows": 1_500, "first_letters": TURN + 30},
)
