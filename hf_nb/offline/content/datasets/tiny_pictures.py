"""hfnb-demo/tiny-pictures: coloured shapes on paper, with where each of them is."""

import io
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content import card, parquet
from hf_nb.offline.content.recipe import Context, Recipe, Step, day

if TYPE_CHECKING:
    from PIL.Image import Image

ID = "hfnb-demo/tiny-pictures"
SIDE, FINER = 64, 4  # drawn four times as large, then made smaller: smooth edges
COUNTS = {"train": 1000, "test": 200}
SHAPES = ("circle", "square", "triangle")
COLOURS = {"red": "#c8402f", "green": "#3c8d4f", "blue": "#2f62b5", "yellow": "#dcae1d"}
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "language": ["en"],
    "task_categories": ["object-detection", "image-classification", "image-to-text"],
    "size_categories": ["1K<n<10K"],
    "pretty_name": "Tiny pictures of shapes",
    "source_datasets": ["original"],
    "annotations_creators": ["machine-generated"],
    "tags": ["shapes", "synthetic", "demo"],
    "dataset_info": {
        "features": [
            parquet.column("image", "image"),
            parquet.column("caption", "string"),
            {
                "name": "objects",
                "struct": [
                    {"name": "bbox", "list": {"list": "float32", "length": 4}},
                    {"name": "shape", "list": parquet.classes("", list(SHAPES))["dtype"]},
                    {"name": "colour", "list": parquet.classes("", list(COLOURS))["dtype"]},
                ],
            },
        ],
        "splits": [{"name": name, "num_examples": count} for name, count in COUNTS.items()],
    },
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    import pyarrow
    from datasets import ClassLabel, Features, List, Value  # type: ignore[import-untyped]
    from datasets import Image as Picture

    features = Features(
        {
            "image": Picture(),
            "caption": Value("string"),
            "objects": {
                "bbox": List(List(Value("float32"), length=4)),
                "shape": List(ClassLabel(names=list(SHAPES))),
                "colour": List(ClassLabel(names=list(COLOURS))),
            },
        }
    )
    dice = random.Random(17)  # noqa: S311 -- pictures, not secrets
    tables = {
        split: pyarrow.Table.from_pylist(
            [_row(dice, f"{split}-{number:04d}.png") for number in range(count)], schema=features.arrow_schema
        )
        for split, count in COUNTS.items()
    }
    described = parquet.write(folder, {"default": tables}, {"default": FRONT["dataset_info"]["features"]})
    card.write(
        folder,
        {**FRONT, **described},
        f"""
# Tiny pictures of shapes

{sum(COUNTS.values()):,} drawings of {SIDE} × {SIDE} pixels with one to three shapes that do not overlap
({", ".join(SHAPES)}; {", ".join(COLOURS)}), on grey paper with some grain. Each says what is in it in words
(`caption`) and in numbers: `objects` has the box of every shape (`bbox`: left, top, width, height in pixels), its
`shape` and its `colour`.

| split | pictures |
|---|---|
| train | {COUNTS["train"]:,} |
| test | {COUNTS["test"]:,} |

```python
from datasets import load_dataset

pictures = load_dataset("{ID}", split="train")
pictures[0]["image"], pictures[0]["objects"]
```

Drawn by a program with a fixed seed, so the labels are exact. What learns to read them has learned nothing about
photographs.
""",
    )
    return f"{sum(COUNTS.values()):,} pictures of shapes"


def _row(dice: random.Random, name: str) -> dict[str, Any]:
    boxes: list[list[int]] = []
    while len(boxes) < dice.choice((1, 2, 2, 3, 3)):
        side = dice.randint(12, 26)
        box = [dice.randint(1, SIDE - side - 1), dice.randint(1, SIDE - side - 1), side, side]
        if all(_apart(box, other) for other in boxes):
            boxes.append(box)
    shapes = [dice.choice(SHAPES) for _ in boxes]
    colours = [dice.choice(list(COLOURS)) for _ in boxes]
    picture = _draw(dice, list(zip(boxes, shapes, colours, strict=True)))
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return {
        "image": {"bytes": kept.getvalue(), "path": name},
        "caption": " and ".join(f"a {colour} {shape}" for colour, shape in zip(colours, shapes, strict=True)),
        "objects": {
            "bbox": boxes,
            "shape": [SHAPES.index(shape) for shape in shapes],
            "colour": [list(COLOURS).index(colour) for colour in colours],
        },
    }


def _apart(one: list[int], other: list[int]) -> bool:
    return any(
        one[axis] + one[axis + 2] < other[axis] or other[axis] + other[axis + 2] < one[axis]
        for axis in (0, 1)
    )


def _draw(dice: random.Random, things: list[tuple[list[int], str, str]]) -> "Image":
    from PIL import Image, ImageDraw

    grey = dice.randint(215, 245)
    picture = Image.new("RGB", (SIDE * FINER, SIDE * FINER), (grey, grey, grey - 6))
    pen = ImageDraw.Draw(picture)
    for (left, top, width, height), shape, colour in things:
        edges = [FINER * place for place in (left, top, left + width, top + height)]
        match shape:
            case "circle":
                pen.ellipse(edges, fill=COLOURS[colour])
            case "square":
                pen.rectangle(edges, fill=COLOURS[colour])
            case _:
                middle = (edges[0] + edges[2]) / 2
                pen.polygon(
                    [(middle, edges[1]), (edges[2], edges[3]), (edges[0], edges[3])], fill=COLOURS[colour]
                )
    small = picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    grain = Image.frombytes("L", small.size, bytes(dice.choices(range(256), k=SIDE * SIDE)))
    return Image.blend(small, grain.convert("RGB"), 0.03)


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them, and whether the middle of every box has the colour it should have."""
    from datasets import load_dataset
    from PIL import ImageColor

    found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
    right = total = 0
    for row in found["test"]:
        for (left, top, width, height), colour in zip(
            row["objects"]["bbox"], row["objects"]["colour"], strict=True
        ):
            middle = row["image"].getpixel((round(left + width / 2), round(top + height * 0.6)))
            wanted = ImageColor.getrgb(COLOURS[list(COLOURS)[colour]])
            right += all(abs(a - b) < 24 for a, b in zip(middle, wanted, strict=True))
            total += 1
    return {**{f"{name}_rows": float(len(found[name])) for name in found}, "boxes_right": right / total}


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-05-08T10:11"),
    updated_at=day("2026-05-09T17:20"),
    build=build,
    shared=("parquet.py",),
    needs=("datasets", "pyarrow", "PIL"),
    seconds=5,
    later=True,
    front=FRONT,
    files=("default/train-00000-of-00001.parquet",),
    downloads=2210,
    likes=15,
    trending=1.8,
    history=(
        Step("Upload pictures", day("2026-05-08T10:15"), ("*.parquet",)),
        Step("Add dataset card", day("2026-05-09T17:20"), ("README.md",)),
    ),
    check=check,
    floor={"train_rows": 1000, "test_rows": 200, "boxes_right": 1.0},
)
