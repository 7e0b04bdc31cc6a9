"""hfnb-demo/digits: 1,797 handwritten digits as pictures."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.offline.content import card, parquet
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers.digits import images, split

if TYPE_CHECKING:
    from PIL.Image import Image
    from pyarrow import Table

ID = "hfnb-demo/digits"
NAMES = [str(number) for number in range(10)]


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    splits = {name: _table(split(name)) for name in ("train", "test")}
    features = [parquet.column("image", "image"), parquet.classes("label", NAMES)]
    described = parquet.write(folder, {"default": splits}, {"default": features})
    card.write(
        folder,
        {
            "license": "cc-by-4.0",
            "task_categories": ["image-classification"],
            "size_categories": ["1K<n<10K"],
            "pretty_name": "Handwritten digits, 8 × 8",
            "source_datasets": ["original"],
            "annotations_creators": ["expert-generated"],
            "tags": ["digits", "demo"],
            **described,
        },
        f"""
# Handwritten digits, 8 × 8

1,797 digits written by 43 people, as grey pictures of 8 × 8 pixels, light ink on dark ground: the set that comes with
scikit-learn, made by E. Alpaydin and C. Kaynak (UCI Machine Learning Repository, CC BY 4.0).

| split | pictures |
|---|---|
| train | {splits["train"].num_rows:,} |
| test | {splits["test"].num_rows:,} |

```python
from datasets import load_dataset

digits = load_dataset("{ID}", split="train")
digits[0]["image"].resize((160, 160))
```

The split is random over pictures, not over writers, so results on `test` flatter a model a little.
""",
    )
    return f"{sum(table.num_rows for table in splits.values()):,} pictures"


def _table(chosen: list[int]) -> "Table":
    import pyarrow

    pictures = [{"bytes": _png(images()[i][0]), "path": f"{i:04d}.png"} for i in chosen]
    table = pyarrow.table(
        {
            "image": pyarrow.array(
                pictures, pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()})
            ),
            "label": pyarrow.array([images()[i][1] for i in chosen], pyarrow.int64()),
        }
    )
    return parquet.with_features(
        table, {"image": {"_type": "Image"}, "label": {"names": NAMES, "_type": "ClassLabel"}}
    )


def _png(picture: "Image") -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
    assert found["train"][0]["image"].size == (8, 8)
    return {f"{name}_rows": float(len(found[name])) for name in found}


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2025-09-15T09:00"),
    updated_at=day("2026-01-19T12:10"),
    build=build,
    shared=("parquet.py", "trainers/digits.py"),
    needs=("sklearn", "PIL", "pyarrow"),
    seconds=4,
    downloads=15400,
    likes=33,
    trending=2.0,
    history=(
        Step("Upload the pictures", day("2025-09-15T09:12"), ("*.parquet",)),
        Step("Say what they are", day("2026-01-19T12:10"), ("README.md",)),
    ),
    check=check,
    floor={"train_rows": 1437, "test_rows": 360},
    ceiling={"train_rows": 1437, "test_rows": 360},
)
