"""A catalogue of light recipes for `later`, and the two programs that know it: a builder, and a Hub that serves it.

promised.py worker          as hf_nb.offline.content.worker
promised.py serve ROOT      until it is killed; the first line it prints is its address
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from hf_nb.offline.content import build, card, catalogue, worker
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from tests.offline.small import safetensors

FRONT = {
    "license": "mit",
    "language": ["eo"],
    "library_name": "transformers",
    "pipeline_tag": "text-classification",
    "tags": ["rare-tag"],
}
HERE = Path(__file__)
PROGRAM = (str(HERE), "worker")


def write(folder: Path, context: Context) -> str:
    card.write(folder, FRONT, "# Made when asked for")
    (folder / "model.safetensors").write_bytes(safetensors(3, 4))
    (folder / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    with log(folder).open("a", encoding="utf-8") as kept:
        kept.write(folder.name.split("--")[2].rsplit("-", 2)[0] + "\n")
    return "made"


def log(folder: Path) -> Path:
    """Who was built, a line each time."""
    return folder.parent.parent / "built.log"


def slowly(folder: Path, context: Context) -> str:
    time.sleep(1.5)
    return write(folder, context)


def very_slowly(folder: Path, context: Context) -> str:
    time.sleep(4)
    return write(folder, context)


def on_top(folder: Path, context: Context) -> str:
    assert (context.built["demo/slow"] / "config.json").exists()
    return write(folder, context)


def if_allowed(folder: Path, context: Context) -> str:
    if (folder.parent.parent / "forbidden").exists():
        (folder / "half.txt").write_text("half", encoding="utf-8")
        raise ValueError("the stars are wrong")
    return write(folder, context)


def recipe(name: str, made_by: Any, **more: Any) -> Recipe:
    return Recipe(
        "model",
        f"demo/{name}",
        day("2026-01-01"),
        day("2026-01-05"),
        made_by,
        later=True,
        front=FRONT,
        parameters=12,
        **more,
    )


HISTORY = (
    Step("Weights", day("2026-01-02"), ("*.safetensors", "*.json"), tag="v1"),
    Step("Card", day("2026-01-05"), ("README.md",)),
)
RECIPES = {
    one.slug: one
    for one in (
        recipe("quick", write, downloads=77, aliases=("demo/fast",), history=HISTORY),
        recipe("slow", slowly),
        recipe("also-slow", slowly),
        recipe("slowest", very_slowly),
        recipe("on-top", on_top, after=("demo/slow",)),
        recipe("moody", if_allowed),
        recipe("secret", write, private=True),
        recipe("huge", write, by_name=True, room=1 << 60),
    )
}


def found() -> dict[str, tuple[Recipe, Path]]:
    return {slug: (one, HERE) for slug, one in RECIPES.items()}


def main() -> None:
    catalogue._found = found  # type: ignore[assignment]
    if sys.argv[1] == "worker":
        worker.main()
        return
    from hf_nb.offline.server import process

    build.WORKER = PROGRAM
    process.serve(Path(sys.argv[2]), ready=lambda ready: print(ready.url, flush=True))


if __name__ == "__main__":
    main()
