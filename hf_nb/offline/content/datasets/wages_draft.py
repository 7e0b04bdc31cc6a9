"""hfnb-lab/wages-draft: a private dataset, seen by its organisation alone."""

import random
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day

ID = "hfnb-lab/wages-draft"
COUNT = 300
ROLES = {"clerk": 2_700, "engineer": 4_300, "nurse": 3_600, "driver": 2_900}
FRONT: dict[str, Any] = {
    "task_categories": ["tabular-regression"],
    "size_categories": ["n<1K"],
    "pretty_name": "Wages, a draft",
    "tags": ["csv", "synthetic", "demo"],
}


def build(folder: Path, context: Context) -> str:
    """Write the file; one line about it."""
    dice = random.Random(8)  # noqa: S311 -- figures, not secrets
    lines = ["role,years,hours,wage"]
    for _ in range(COUNT):
        role, years, hours = dice.choice(list(ROLES)), dice.randint(0, 35), dice.choice((20, 30, 38))
        wage = ROLES[role] * hours / 38 * (1 + 0.012 * years) * dice.uniform(0.93, 1.07)
        lines.append(f"{role},{years},{hours},{wage:.2f}")
    (folder / "train.csv").write_text("\n".join(lines) + "\n", "utf-8")
    card.write(folder, FRONT, f"# Wages, a draft\n\n{COUNT} made-up wages, not for everybody yet.")
    return f"{COUNT} wages"


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    cache = str(folder.parent / f".cache-{folder.name}")
    return {"rows": float(len(load_dataset(str(folder), split="train", cache_dir=cache)))}


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-20T10:00"),
    updated_at=day("2026-08-20T10:05"),
    build=build,
    seconds=0.2,
    later=True,
    private=True,
    front=FRONT,
    files=("train.csv",),
    downloads=1,
    check=check,
    floor={"rows": COUNT},
    ceiling={"rows": COUNT},
)
