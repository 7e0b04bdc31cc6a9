"""hfnb-demo/digit-reader: draw a digit. Gradio, broken by a mistake in its code."""

from pathlib import Path

from hf_nb.offline.content import card, space_card
from hf_nb.offline.content.recipe import Context, Recipe, day

# The mistake is part of the demo: something must be in the state RUNTIME_ERROR, and be found by reading.
APP = """\
import gradio as gr
from transformers import pipeline

pipe = pipeline("image-clasification", model="hfnb-demo/digits-vit")


def read(drawing) -> dict[str, float]:
    return {answer["label"]: answer["score"] for answer in pipe(drawing["composite"])}


gr.Interface(read, gr.Sketchpad(type="pil"), gr.Label(num_top_classes=3)).launch()
"""
ERROR = (
    "Exit code: 1. Reason: Traceback (most recent call last):\n"
    '  File "/home/user/app/app.py", line 4, in <module>\n'
    '    pipe = pipeline("image-clasification", model="hfnb-demo/digits-vit")\n'
    'KeyError: "Unknown task image-clasification"\n'
)


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    front = space_card.front(
        "Digit reader",
        "✏️",
        "gradio",
        colours=("red", "pink"),
        sdk_version="6.31.0",
        app_file="app.py",
        license="bsd-3-clause",
        short_description="Draw a digit and have it read",
        models=["hfnb-demo/digits-vit"],
        datasets=["hfnb-demo/digits"],
        tags=["vision", "image-classification"],
    )
    card.write(
        folder, front, "# Digit reader\n\nDraw a digit and have it read. Down at the moment: see the logs."
    )
    (folder / "app.py").write_text(APP, "utf-8")
    (folder / "requirements.txt").write_text("torch\ntransformers>=5\npillow\n", "utf-8")
    return "gradio, broken on purpose"


RECIPE = Recipe(
    type="space",
    id="hfnb-demo/digit-reader",
    created_at=day("2026-01-20T12:00"),
    updated_at=day("2026-10-01T18:30"),
    build=build,
    shared=("space_card.py",),
    likes=11,
    runtime=space_card.runtime("RUNTIME_ERROR", error=ERROR),
)
