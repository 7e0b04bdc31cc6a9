"""hfnb-lab/shapes-folder: pictures as files, with a table beside them, as people keep them on a disk."""

import csv
import gc
import warnings
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day

ID = "hfnb-lab/shapes-folder"
SOURCE = "hfnb-demo/tiny-pictures"
COUNTS = {"train": 160, "test": 40}
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "language": ["en"],
    "task_categories": ["image-to-text"],
    "size_categories": ["n<1K"],
    "pretty_name": "Shapes as files",
    "source_datasets": ["original"],
    "annotations_creators": ["machine-generated"],
    "tags": ["shapes", "imagefolder", "synthetic", "demo"],
}


def build(folder: Path, context: Context) -> str:
    """Write the pictures and their tables; one line about them."""
    import pyarrow.parquet

    for split, count in COUNTS.items():
        (folder / split).mkdir()
        source = context.built[SOURCE] / "default" / f"{split}-00000-of-00001.parquet"
        rows = pyarrow.parquet.read_table(source).slice(0, count).to_pylist()
        with (folder / split / "metadata.csv").open("w", encoding="utf-8", newline="") as kept:
            lines = csv.writer(kept, lineterminator="\n")
            lines.writerow(("file_name", "caption", "shapes"))
            for number, row in enumerate(rows):
                name = f"{number:04d}.png"
                (folder / split / name).write_bytes(row["image"]["bytes"])
                lines.writerow((name, row["caption"], len(row["objects"]["shape"])))
    card.write(
        folder,
        FRONT,
        f"""
# Shapes as files

{sum(COUNTS.values())} PNG files of `{SOURCE}` in a folder for each split, with a `metadata.csv` that says what is in
them: the layout `datasets` calls an image folder.

```python
from datasets import load_dataset

load_dataset("{ID}", split="test")[0]
```
""",
    )
    return f"{sum(COUNTS.values())} pictures as files"


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them, and whether each has its own caption."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves metadata.csv open
        found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
        gc.collect()
    said = [row["caption"].count(" and ") + 1 == row["shapes"] for row in found["train"]]
    sizes = {row["image"].size for row in found["test"]}
    return {
        **{f"{name}_rows": float(len(found[name])) for name in found},
        "captions_right": sum(said) / len(said),
        "sizes": float(len(sizes)),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-16T15:00"),
    updated_at=day("2026-08-16T15:10"),
    build=build,
    needs=("pyarrow",),
    after=(SOURCE,),
    seconds=1,
    later=True,
    front=FRONT,
    files=("train/0000.png",),
    downloads=19,
    likes=1,
    trending=0.1,
    check=check,
    floor={"train_rows": 160, "test_rows": 40, "captions_right": 1.0},
    ceiling={"train_rows": 160, "test_rows": 40, "sizes": 1},
)
