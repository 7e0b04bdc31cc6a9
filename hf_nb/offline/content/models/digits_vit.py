"""hfnb-demo/digits-vit: reads a handwritten digit."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import vision

ID = "hfnb-demo/digits-vit"
PLAN = vision.Plan()
REPORTED = {"accuracy": 0.95}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = vision.train(PLAN, folder)
    front = {
        "license": "bsd-3-clause",
        "library_name": "transformers",
        "pipeline_tag": "image-classification",
        "tags": ["vision", "digits", "demo", "tiny"],
        "datasets": ["hfnb-demo/digits"],
        "metrics": ["accuracy"],
        "model-index": card.results(
            "digits-vit", "image-classification", "digits", REPORTED, kind="hfnb-demo/digits"
        ),
    }
    card.write(
        folder,
        front,
        f"""
# digits-vit

Reads one handwritten digit, light on dark. A Vision Transformer of {outcome.parameters:,} parameters: pictures
of any size are brought to {PLAN.image} × {PLAN.image} and cut into {(PLAN.image // PLAN.patch) ** 2} patches.

```python
from datasets import load_dataset
from transformers import pipeline

pipe = pipeline("image-classification", model="{ID}")
pipe(load_dataset("hfnb-demo/digits", split="test")[0]["image"])
```

## How it was made

{PLAN.steps} steps of {PLAN.batch} pictures on the {outcome.trained_on:,} training pictures of `hfnb-demo/digits`
(8 × 8 pixels, from
scikit-learn and before that the UCI repository), each moved about by a pixel. Nothing was pretrained.

## Results

≈ {outcome.accuracy:.2f} of the {outcome.tested_on} test pictures are read correctly.
Some writers have digits in both splits, so
expect less from a new hand.

## Limits

It answers with a digit whatever it is shown; dark ink on white paper should be inverted first. Several digits in one
picture are beyond it.
""",
    )
    return f"trained on {outcome.trained_on:,} digits · {outcome.accuracy:.2f} on {outcome.tested_on} unseen ones"


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2025-12-05T10:00"),
    updated_at=day("2026-01-19T12:30"),
    build=build,
    shared=tuple(f"trainers/{name}.py" for name in ("vision", "digits", "networks", "loop")),
    needs=("torch", "safetensors", "sklearn", "PIL"),
    seconds=10,
    downloads=9034,
    likes=41,
    trending=4.0,
    history=(
        Step("Upload ViTForImageClassification", day("2025-12-05T10:06"), ("*.json", "*.safetensors")),
        Step("Add model card", day("2026-01-19T12:30"), ("README.md",)),
    ),
    check=lambda folder: vision.check(PLAN, folder),
    floor={"accuracy": 0.92},
)
