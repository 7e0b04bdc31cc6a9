"""hfnb-lab/interviews: a gated dataset; whoever agrees is let in at once."""

import json
import random
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day

ID = "hfnb-lab/interviews"
COUNT = 120
QUESTIONS = ("What do you bake?", "Who taught you?", "What goes wrong?", "What would you never sell?")
ANSWERS = (
    "Rye, mostly, and a wheat loaf on Fridays.",
    "My grandmother, and after her a lot of burnt crusts.",
    "The oven. It is always the oven.",
    "Anything I would not eat myself.",
    "That depends on the weather.",
)
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "language": ["en"],
    "task_categories": ["question-answering"],
    "size_categories": ["n<1K"],
    "pretty_name": "Interviews with bakers",
    "source_datasets": ["original"],
    "tags": ["json", "gated", "synthetic", "demo"],
    "extra_gated_prompt": "I will not try to find out who these people are.",
    "extra_gated_button_content": "Agree",
}


def build(folder: Path, context: Context) -> str:
    """Write the file; one line about it."""
    dice = random.Random(3)  # noqa: S311 -- talk, not secrets
    lines = [
        json.dumps(
            {
                "id": number,
                "town": f"Town {dice.randint(1, 30)}",
                "turns": [
                    {"question": question, "answer": dice.choice(ANSWERS)}
                    for question in dice.sample(QUESTIONS, dice.randint(2, 4))
                ],
            }
        )
        for number in range(COUNT)
    ]
    (folder / "train.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    card.write(
        folder,
        FRONT,
        f"""
# Interviews with bakers

{COUNT} conversations with bakers who do not exist. Everybody may see that this is here; to read it one logs in, agrees
to one sentence on its page, and is let in at once.
""",
    )
    return f"{COUNT} interviews"


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    cache = str(folder.parent / f".cache-{folder.name}")
    return {"rows": float(len(load_dataset(str(folder), split="train", cache_dir=cache)))}


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-19T10:00"),
    updated_at=day("2026-08-19T10:15"),
    build=build,
    seconds=0.2,
    later=True,
    gated="auto",
    front=FRONT,
    files=("train.jsonl",),
    downloads=12,
    likes=1,
    trending=0.05,
    check=check,
    floor={"rows": COUNT},
    ceiling={"rows": COUNT},
)
