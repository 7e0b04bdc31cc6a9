"""hfnb-lab/reviews-with-leaks: planted duplicates, near duplicates, and test rows that are training rows."""

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card, measured, parquet
from hf_nb.offline.content.recipe import Context, Recipe, day

ID = "hfnb-lab/reviews-with-leaks"
OWN = {"train": 2_000, "validation": 300, "test": 400}  # rows nothing else is like
TWICE, LEAKED, NEARLY = 60, 40, 50  # train rows again in train; again in test; in test with a small change
COUNTS = {
    "train": OWN["train"] + TWICE,
    "validation": OWN["validation"],
    "test": OWN["test"] + LEAKED + NEARLY,
}
STARS = (1, 2, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5)  # far more fives than ones
THINGS = (
    "kettle lamp rug mirror chair shelf clock vase stool frame table drawer curtain blanket pillow basket tray mug "
    "bowl spoon ladle jar bottle candle mat hook hanger bench cabinet"
).split()
DOES = "works|wobbles|shines|squeaks|lasts|fades|folds|fits|leans|arrived|broke|slides|hums|sits|looks|feels".split(
    "|"
)
HOW = (
    "quietly|badly|every morning|after a week|without a sound|just as promised|a little too well|in the rain|"
    "under load|better than the old one|for a month now|like new|as if by magic|on the second try|against all odds"
).split("|")
WHERE = (
    "in the hallway|beside the window|at my aunt's|on the balcony|in a rented room|under the stairs|by the bed|"
    "in our kitchen|at the office|behind the sofa|in the garden shed|on a narrow shelf"
).split("|")
AND = (
    "The box was {}.|My {} loves it.|I paid {} for it.|It took {} to build.|The manual has {} pages.|The colour is {}."
).split("|")
WITH = (
    "torn|enormous|spotless|green|dented|daughter|neighbour|cat|brother|tenant|eleven|thirty|too much|nothing|an hour|"
    "two days|ten minutes|forty|six|hundreds of|mustard|slate|off|perfect|unlike the picture"
).split("|")
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "language": ["en"],
    "task_categories": ["text-classification"],
    "size_categories": ["1K<n<10K"],
    "pretty_name": "Reviews with leaks",
    "source_datasets": ["original"],
    "annotations_creators": ["machine-generated"],
    "tags": ["csv", "duplicates", "leakage", "synthetic", "demo"],
    "configs": [
        {
            "config_name": "default",
            "data_files": [{"split": split, "path": f"{split}.csv"} for split in COUNTS],
        }
    ],
    "dataset_info": {
        "features": [
            parquet.column("id", "string"),
            parquet.column("text", "string"),
            parquet.column("stars", "int64"),
        ],
        "splits": [{"name": name, "num_examples": count} for name, count in COUNTS.items()],
    },
}


def build(folder: Path, context: Context) -> str:
    """Write the files and what was planted; one line about them."""
    dice = random.Random(29)  # noqa: S311 -- reviews, not secrets
    splits, planted = _planted(dice)
    for split, rows in splits.items():
        kept = io.StringIO(newline="")
        lines = csv.writer(kept, lineterminator="\n")
        lines.writerow(("id", "text", "stars"))
        lines.writerows((f"{split}-{number:04d}", *row) for number, row in enumerate(rows))
        (folder / f"{split}.csv").write_text(kept.getvalue(), "utf-8", newline="")
    (folder / "planted.json").write_text(json.dumps(planted, indent=0), "utf-8")
    sizes = {
        ("default", split): measured.csv_bytes(
            folder / f"{split}.csv", {"id": "string", "text": "string", "stars": "int64"}
        )
        for split in COUNTS
    }
    card.write(
        folder,
        measured.front(FRONT, folder, sizes),
        f"""
# Reviews with leaks

{sum(COUNTS.values()):,} made-up reviews with faults to be found, and `planted.json` to see whether all were:

- {TWICE} reviews stand in `train` twice (`twice`: pairs of ids);
- {LEAKED} reviews of `train` are in `test` too, word for word (`leaked`);
- {NEARLY} more are in `test` with a small change: a word, a full stop, capitals (`nearly`);
- more than half have five stars.

Every other review was put together for itself, and no two of them are alike.

```python
from datasets import load_dataset

load_dataset("{ID}", split="test").to_pandas()
```
""",
    )
    return f"{sum(COUNTS.values()):,} reviews, {TWICE + LEAKED + NEARLY} planted"


Review = tuple[str, int]


def _planted(dice: random.Random) -> tuple[dict[str, list[Review]], dict[str, list[list[str]]]]:
    """The splits in a mixed order, and pairs of ids of what is not the only one of its kind."""
    own = {split: [(_review(dice), dice.choice(STARS)) for _ in range(count)] for split, count in OWN.items()}
    chosen = dice.sample(range(OWN["train"]), TWICE + LEAKED + NEARLY)
    groups = {
        "twice": chosen[:TWICE],
        "leaked": chosen[TWICE : TWICE + LEAKED],
        "nearly": chosen[TWICE + LEAKED :],
    }
    splits: dict[str, list[tuple[Review, str, int]]] = {
        split: [(row, "", number) for number, row in enumerate(rows)] for split, rows in own.items()
    }
    for kind, numbers in groups.items():
        target = "train" if kind == "twice" else "test"
        for number in numbers:
            text, stars = own["train"][number]
            changed = _changed(dice, text) if kind == "nearly" else text
            splits[target].append(((changed, stars), kind, number))
    for rows in splits.values():
        dice.shuffle(rows)
    place = {number: at for at, (_, kind, number) in enumerate(splits["train"]) if not kind}
    pairs: dict[str, list[list[str]]] = {kind: [] for kind in groups}
    for split, rows in splits.items():
        for at, (_, kind, number) in enumerate(rows):
            if kind:
                pairs[kind].append([f"train-{place[number]:04d}", f"{split}-{at:04d}"])
    return {split: [row for row, _, _ in rows] for split, rows in splits.items()}, pairs


def _review(dice: random.Random) -> str:
    said = [
        f"The {dice.choice(THINGS)} {dice.choice(DOES)} {dice.choice(HOW)} {dice.choice(WHERE)}."
        for _ in range(3)
    ]
    said.insert(dice.randint(0, 3), dice.choice(AND).format(dice.choice(WITH)))
    return " ".join([*said, f"Order {dice.randint(10_000, 99_999)}."])


def _changed(dice: random.Random, text: str) -> str:
    """The same review to anybody who reads it."""
    match dice.randint(0, 3):
        case 0:
            return text.upper()
        case 1:
            return text.replace(".", "!", 1)
        case 2:
            return text.replace("The ", "This ", 1)
        case _:
            return f"{text} Really."


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them, and how many texts stand in both of two splits, or twice in one."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
    train, test = found["train"]["text"][:], found["test"]["text"][:]
    return {
        **{f"{name}_rows": float(len(found[name])) for name in found},
        "twice": float(len(train) - len(set(train))),
        "leaked": float(len(set(train) & set(test))),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-15T09:00"),
    updated_at=day("2026-08-15T09:40"),
    build=build,
    shared=("parquet.py", "measured.py"),
    needs=("pyarrow",),
    seconds=0.5,
    later=True,
    front=FRONT,
    files=("train.csv", "validation.csv", "test.csv"),
    downloads=38,
    likes=2,
    trending=0.22,
    check=check,
    floor={**{f"{name}_rows": count for name, count in COUNTS.items()}, "twice": TWICE, "leaked": LEAKED},
    ceiling={**{f"{name}_rows": count for name, count in COUNTS.items()}, "twice": TWICE, "leaked": LEAKED},
)
