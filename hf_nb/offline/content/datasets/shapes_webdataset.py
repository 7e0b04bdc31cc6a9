"""hfnb-lab/shapes-webdataset: pictures and what is in them in tar files, as large image collections are kept."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day

ID = "hfnb-lab/shapes-webdataset"
SOURCE = "hfnb-demo/tiny-pictures"
EACH = 60  # pictures in a file
FILES = {"train": 3, "test": 1}
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "language": ["en"],
    "task_categories": ["object-detection"],
    "size_categories": ["n<1K"],
    "pretty_name": "Shapes in tar files",
    "source_datasets": ["original"],
    "annotations_creators": ["machine-generated"],
    "tags": ["shapes", "webdataset", "synthetic", "demo"],
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    import pyarrow.parquet

    for split, count in FILES.items():
        source = context.built[SOURCE] / "default" / f"{split}-00000-of-00001.parquet"
        rows = pyarrow.parquet.read_table(source).slice(0, count * EACH).to_pylist()
        for file in range(count):
            with tarfile.open(folder / f"{split}-{file:04d}.tar", "w") as kept:
                for number, row in enumerate(rows[file * EACH : (file + 1) * EACH], file * EACH):
                    about = {"caption": row["caption"], "objects": row["objects"]}
                    _add(kept, f"{number:06d}.png", row["image"]["bytes"])
                    _add(kept, f"{number:06d}.json", json.dumps(about).encode())
    total = EACH * sum(FILES.values())
    card.write(
        folder,
        FRONT,
        f"""
# Shapes in tar files

{total} pictures of `{SOURCE}` in {sum(FILES.values())} tar files of {EACH}: each picture is followed by a JSON file of
the same name that says what is in it, the form that is called WebDataset.

```python
from datasets import load_dataset

next(iter(load_dataset("{ID}", split="test", streaming=True)))
```
""",
    )
    return f"{total} pictures in {sum(FILES.values())} tar files"


def _add(kept: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    kept.addfile(entry, io.BytesIO(content))


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them, and whether each picture came with its own description."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
    right = [
        row["json"]["caption"].count(" and ") + 1 == len(row["json"]["objects"]["shape"])
        for row in found["train"]
    ]
    return {
        **{f"{name}_rows": float(len(found[name])) for name in found},
        "captions_right": sum(right) / len(right),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-17T11:00"),
    updated_at=day("2026-08-17T11:10"),
    build=build,
    needs=("pyarrow",),
    after=(SOURCE,),
    seconds=1,
    later=True,
    front=FRONT,
    files=("train-0000.tar", "test-0000.tar"),
    downloads=17,
    likes=1,
    trending=0.1,
    check=check,
    floor={"train_rows": 180, "test_rows": 60, "captions_right": 1.0},
    ceiling={"train_rows": 180, "test_rows": 60},
)
